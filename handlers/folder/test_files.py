"""What a shop's own files say: Markdown by its headings, tables as Excel writes them in Brazil."""

from pathlib import Path

import pytest

from handlers.folder.files import Unreadable, read_file

UTF8 = "nome;texto;tipo;início;fim\nNatal;Fechamos cedo.;feriado;24/12/2026;2026-12-25\n;Só texto.;;;\n;;;;\n"


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_table_is_one_rule_per_row_that_has_a_text(tmp_path: Path):
    first, second = read_file(written(tmp_path, "regras.csv", UTF8))

    assert first[:6] == ("2", "Natal", "Fechamos cedo.", "feriado", "2026-12-24", "2026-12-25")
    assert (second.name, second.text, second.starts) == ("Só texto.", "Só texto.", None)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(UTF8.encode("utf-8-sig"), id="with a mark at the beginning"),
        pytest.param(UTF8.encode("cp1252"), id="in the code page of Windows"),
        pytest.param(UTF8.replace(";", ",").encode(), id="with commas"),
        pytest.param(UTF8.replace("nome;texto;tipo", "Name; TEXT ;type").encode(), id="with English columns"),
    ],
)
def test_a_table_may_be_written_as_people_write_it(tmp_path: Path, content: bytes):
    assert [each.text for each in read_file(written(tmp_path, "a.csv", content))] == ["Fechamos cedo.", "Só texto."]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("nome;resumo\na;b\n", "texto"),
        ("", "texto"),
        ("texto;fim\na;amanhã\n", "line 2"),
        ("texto;fim\na;31/02/2026\n", "line 2"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(tmp_path: Path, content: str, said: str):
    with pytest.raises(Unreadable, match=said):
        read_file(written(tmp_path, "a.csv", content))


def test_markdown_becomes_passages_under_their_headings(tmp_path: Path):
    text = "# Entrega\n\nEntregamos em Curitiba em um dia.\n\n## Interior\n\nNo interior, em três dias.\n"
    items = read_file(written(tmp_path, "como_entregamos.md", text))

    assert [(each.name, each.text) for each in items] == [
        ("Como entregamos \u203a Entrega", "Entregamos em Curitiba em um dia."),
        ("Como entregamos \u203a Entrega \u203a Interior", "No interior, em três dias."),
    ]


def test_a_file_that_is_far_too_large_is_left(tmp_path: Path):
    path = tmp_path / "a.md"
    with path.open("wb") as file:
        file.truncate(11 * 1024 * 1024)

    with pytest.raises(Unreadable, match="10 MB"):
        read_file(path)
