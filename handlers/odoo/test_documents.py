"""What the shop's support documents say: both modules' calls, made into passages."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.odoo.documents import Document, read_documents
from handlers.odoo.values import text_of
from hubcrew import Item
from hubcrew.passages import MOST, passages_of
from relay import Rejected

SAMPLES = Path(__file__).parent / "samples"
SENTENCE = "Trocamos em até 7 dias, com a nota fiscal, e o frete de volta é por nossa conta. "
SHAPES = {
    "plain": f"Trocas\n{SENTENCE * 3}\n{SENTENCE}\n\nPosso trocar?\nSim, pode.\n\nPix\n\nCartão\n\n",
    "pdf": "O produto não pode ter sido usado, e a emba-\nlagem    deve estar inteira.\n\f",
    "html": f"<h2>Trocas</h2><p>{SENTENCE}<b>Guarde&nbsp;a nota.</b></p><ul><li>Pix</li><li>Cartão</li></ul>\n",
}


def sample(name: str) -> dict[str, Any]:
    return dict(json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8")))


def read(content: Any, **more: Any) -> Document:
    return read_documents({"documents": [{"id": 7, "name": "Guia", "content": content, **more}]})[0]


def name_of(item: Item) -> str:
    return item.name.replace("\u203a", ">")


def passages(content: str) -> list[tuple[str, str]]:
    """Each passage's headings, without the document's name, and its text."""
    return [(" > ".join(headings), text) for headings, text in passages_of(content)]


# Both dialects


def test_the_old_modules_documents_are_read():
    orchid, hidden, inactive = read_documents(sample("support_documents.sync__v1"))

    assert (orchid.id, orchid.name, orchid.wanted) == ("21", "Como cuidar da sua orquídea", True)
    assert [(each.id, name_of(each), each.type) for each in orchid.passages] == [
        ("1", "Como cuidar da sua orquídea > Rega", "support"),
        ("2", "Como cuidar da sua orquídea > Luz", "support"),
        ("3", "Como cuidar da sua orquídea > Posso usar adubo?", "support"),
    ]
    assert orchid.passages[0].text == (
        "Rega\nRegue uma vez por semana, sempre pela manhã. Nunca deixe água no pratinho."
    )
    assert hidden == Document("20", "Sugestões da equipe", [], False)
    assert inactive == Document("19", "Catálogo antigo", [], False)


def test_the_new_modules_documents_are_read():
    returns, questions = read_documents(sample("support_documents.sync__v2"))

    assert (returns.id, returns.wanted, questions.id, questions.wanted) == ("31", True, "32", True)
    assert [(name_of(each), each.text) for each in returns.passages] == [
        ("Trocas e devoluções > Prazo", "Trocamos em até 7 dias, com a nota fiscal. 😊"),
        (
            "Trocas e devoluções > Frete da troca",
            "Curitiba | grátis\nLitoral | R$ 25,00\nVeja o formulário (https://jacaranda.example.com/trocas).",
        ),
    ]
    assert [each.text for each in questions.passages] == [
        "Vocês entregam aos sábados?\nSim, até as 13h.",
        "O sabonete tem glúten?\nNão.",
    ]


def test_the_original_is_kept_once():
    payload = sample("support_documents.sync__v2")
    first, second = read_documents(payload)[0].passages

    assert (first.original, second.original) == (payload["documents"][0], None)


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        ({}, True),
        ({"active": True, "visible_in_ai": True}, True),
        ({"active": False, "visible_in_ai": True}, False),
        ({"active": True, "visible_in_ai": False}, False),
        ({"active": None}, True),
    ],
)
def test_whether_a_document_is_wanted(flags: dict[str, Any], wanted: bool):
    document = read("Aceitamos Pix.", **flags)

    assert (document.wanted, bool(document.passages)) == (wanted, wanted)


def test_a_document_that_is_sent_twice_is_one_and_the_last_counts():
    found = read_documents({"documents": [{"id": 1, "name": "a"}, {"id": 2}, {"id": "1", "name": "b"}]})

    assert [(each.id, each.name) for each in found] == [("1", "b"), ("2", "")]


@pytest.mark.parametrize("content", [False, None, "", " \n ", "<p><br></p>", 7, ["x"]])
def test_a_document_that_says_nothing_has_no_passages(content: Any):
    assert read(content).passages == []


def test_a_kind_of_document_that_nobody_knows_is_kept():
    assert read("Aceitamos Pix.", document_type="manual").passages[0].type == "manual"


def test_a_document_without_a_name_is_called_by_its_headings():
    assert read("# Trocas\nEm até 7 dias.", name=False).passages[0].name == "Trocas"


# Passages


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("Aceitamos Pix.", [("", "Aceitamos Pix.")], id="a sentence"),
        pytest.param("Um parágrafo.\n\nOutro.", [("", "Um parágrafo."), ("", "Outro.")], id="blank lines"),
        pytest.param("# Trocas\nEm 7 dias.", [("Trocas", "Em 7 dias.")], id="a heading of Markdown"),
        pytest.param("<h3>Trocas</h3>Em 7 dias.", [("Trocas", "Em 7 dias.")], id="a heading of HTML"),
        pytest.param(
            "<h1>Loja</h1><h2>Trocas</h2><p>Em 7 dias.</p><h2>Frete</h2><p>Grátis.</p><h1>Casa</h1><p>Rua 7.</p>",
            [("Loja > Trocas", "Em 7 dias."), ("Loja > Frete", "Grátis."), ("Casa", "Rua 7.")],
            id="headings under headings",
        ),
        pytest.param(
            "<h2>Aceitamos Pix</h2><h2>Frete grátis</h2>",
            [("Aceitamos Pix", "Aceitamos Pix"), ("Frete grátis", "Frete grátis")],
            id="headings with nothing under them are what is said",
        ),
        pytest.param("<h2><br></h2>Em 7 dias.", [("", "Em 7 dias.")], id="a heading without words"),
        pytest.param(f"<h2>{'x' * 200}</h2>", [("", "x" * 200)], id="a heading that is none"),
        pytest.param(
            "Trocas\nEm até 7 dias.\n\nFrete\n\nÉ grátis na cidade.",
            [("Trocas", "Trocas\nEm até 7 dias."), ("Frete", "Frete\n\nÉ grátis na cidade.")],
            id="a line that looks like a heading",
        ),
        pytest.param(
            "<p>Bem-vindo.</p><p><strong>Trocas</strong></p><p>Em até 7 dias.</p>",
            [("", "Bem-vindo."), ("Trocas", "Trocas\nEm até 7 dias.")],
            id="a line that is all bold",
        ),
        pytest.param(
            "Aceita Pix?\nSim.\nE cartão?\nTambém.",
            [("Aceita Pix?", "Aceita Pix?\nSim."), ("E cartão?", "E cartão?\nTambém.")],
            id="questions and answers",
        ),
        pytest.param(
            "Rua das Flores, 12\nCentro\nCuritiba", [("", "Rua das Flores, 12\nCentro\nCuritiba")], id="an address"
        ),
        pytest.param(
            "Aceitamos:\n\nPix\n\nCartão\n\nA entrega é grátis.",
            [("", "Aceitamos:\n\nPix\n\nCartão\n\nA entrega é grátis.")],
            id="fragments stay with what comes after",
        ),
        pytest.param(
            "<p>Fretes:</p><table><tr><td>Centro</td><td>R$ 8</td></tr><tr><td>Litoral</td><td>R$ 25</td></tr></table>",
            [("", "Fretes:\nCentro | R$ 8\nLitoral | R$ 25")],
            id="a table",
        ),
        pytest.param(
            "MANUAL DA LOJA\n\nEntrega\nEm até 3 dias úteis.",
            [("", "MANUAL DA LOJA"), ("Entrega", "Entrega\nEm até 3 dias úteis.")],
            id="a title above a title",
        ),
        pytest.param(
            "Venha nos ver\nRua das Flores\nAbrimos às 8h.",
            [("", "Venha nos ver\nRua das Flores\nAbrimos às 8h.")],
            id="a short line within a paragraph",
        ),
        pytest.param("#1 em flores: #ipê", [("", "#1 em flores: #ipê")], id="a hash that marks nothing"),
    ],
)
def test_a_document_is_cut_where_its_author_parted_it(content: str, expected: list[tuple[str, str]]):
    assert passages(content) == expected


def test_a_long_paragraph_is_cut_at_the_end_of_sentences():
    found = [text for _, text in passages(SENTENCE * 30)]

    assert all(text.startswith("Trocamos") and text.endswith("conta.") for text in found)
    assert all(MOST // 2 < len(text) <= MOST for text in found[:-1])


def test_a_cut_is_rather_made_where_a_line_ends_too():
    found = [text for _, text in passages(f"{SENTENCE * 5}\n{SENTENCE * 8}")]

    assert found[0] == (SENTENCE * 5).strip()


def test_a_long_list_is_cut_between_its_lines():
    found = [text for _, text in passages("\n".join(f"Bairro {number} | R$ 8" for number in range(200)))]

    assert [line for text in found for line in text.split("\n")] == [f"Bairro {n} | R$ 8" for n in range(200)]


def test_a_sentence_that_is_too_long_is_cut_between_words():
    words = [f"palavra{number}" for number in range(500)]
    found = [text for _, text in passages(" ".join(words))]

    assert max(map(len, found)) <= MOST
    assert " ".join(found).split() == words


def test_the_pieces_of_a_section_all_keep_its_heading():
    assert {heading for heading, _ in passages(f"# Trocas\n{SENTENCE * 30}")} == {"Trocas"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["Troca", "a", "# ", "?", ":", ".", "\n", "\n\n", " ", "x" * 300, "7 dias. "])))
def test_nothing_of_a_plain_text_is_lost(pieces: list[str]):
    content = "".join(pieces)
    found = list(passages_of(content))

    said = {word for headings, text in found for word in f"{' '.join(headings)} {text}".split()}
    assert {word for word in text_of(content).split() if word.strip("#") and len(word) < MOST} - said == set()
    assert all(0 < len(text) <= MOST for _, text in found)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_small_document_is_read_at_once(shape: str):
    content = (SHAPES[shape] * 100)[:10_000]
    fastest = min(_seconds(content) for _ in range(5))

    assert fastest < 0.01  # 0.001 on an idle machine


@pytest.mark.alone
@pytest.mark.parametrize("shape", [*SHAPES, "# a\n", "Qual?\nSim\n", "a:\n\n", "<h1>", "A\n\n", "x", "# #", "# ##"])
def test_a_large_document_takes_time_by_its_length(shape: str):
    piece = SHAPES.get(shape, shape)

    assert _seconds(piece * (500_000 // len(piece))) < 4  # 5 MB of a real text in 1.5 on an idle machine


def _seconds(content: str) -> float:
    started = time.thread_time()
    read(content)
    return time.thread_time() - started


# What is wrong changes nothing


def test_an_empty_list_empties():
    assert read_documents({"documents": []}) == []


@pytest.mark.parametrize(
    ("payload", "place"),
    [
        pytest.param({}, "documents", id="missing"),
        pytest.param({"documents": False}, "documents", id="false"),
        pytest.param({"documents": {"id": 1}}, "documents", id="an object"),
        pytest.param({"documents": [{"id": 1}, "x"]}, "documents[1]", id="a document that is a text"),
        pytest.param({"documents": [{"id": 1}, {"id": 2}, {"id": 3}, {"name": "x"}]}, "documents[3]", id="no id"),
        pytest.param({"documents": [{"id": False}]}, "documents[0]", id="an id of false"),
        pytest.param({"documents": [{"id": ""}]}, "documents[0]", id="an empty id"),
    ],
)
def test_what_cannot_be_understood_is_rejected_with_its_place(payload: dict[str, Any], place: str):
    with pytest.raises(Rejected) as caught:
        read_documents(payload)

    assert place in str(caught.value)
