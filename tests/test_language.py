"""Is everything that people read there in Portuguese, and in English where that is set?"""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path
from string import Formatter

import jinja2
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.rig import ROOT, Server

LOCALE = ROOT / "config" / "locale"
PORTUGUESE, SPANISH = (LOCALE / name / "LC_MESSAGES" for name in ("pt_BR", "es"))
ROOMS = ("relay", "hubcrew", "clients", "handlers", "config", "dashboard", "scripts")
TEMPLATES = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
# What a Brazilian's machine says of itself; SERVER_LANGUAGE=en overrules it.
BRAZILIAN = {"LANG": "pt_BR.UTF-8", "LC_ALL": "pt_BR.UTF-8", "LANGUAGE": "pt_BR"}


def in_code(rooms: tuple[str, ...] = ROOMS) -> set[str]:
    """Every text given to `_`. Read from the syntax tree: before Python 3.12 pybabel does not see into f-strings."""
    files = [ROOT / "app.py", *(file for room in rooms for file in (ROOT / room).rglob("*.py"))]
    pages = [page for room in rooms for page in (ROOT / room).rglob("templates/*.html")]
    in_pages = {
        text
        for page in pages
        for _line, _name, text in TEMPLATES.extract_translations(page.read_text(encoding="utf-8"))
        if isinstance(text, str)
    }
    return in_pages | {
        ast.literal_eval(node.args[0])
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
    }


def catalogue(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_mo(opened) if file.suffix == ".mo" else read_po(opened)


def texts(file: Path) -> dict[str, str]:
    """A catalogue's translations, without its header."""
    return {each.id: each.string for each in catalogue(file) if each.id}


def placeholders(text: str) -> Counter[tuple[str, str | None, str | None]]:
    return Counter(field[1:] for field in Formatter().parse(text) if field[1] is not None)


def wrong_start(folder: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """What is said where a setting is wrong."""
    return subprocess.run(
        [sys.executable, *words],
        env={**Server(folder).environment, "SERVER_PORT": "many", **settings},
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("file", [LOCALE / "server.pot", PORTUGUESE / "server.po"], ids=lambda file: file.name)
def test_the_catalogue_has_exactly_the_texts_of_the_code(file: Path):
    known, needed = set(texts(file)), in_code()

    assert (needed - known, known - needed) == (set(), set()), "see config/locale/README.md"
    assert not catalogue(file).obsolete


def test_every_text_is_translated():
    entries = [each for each in catalogue(PORTUGUESE / "server.po") if each.id]

    assert [each.id for each in entries if not each.string or each.fuzzy] == []


def test_whatever_a_customer_is_told_is_there_in_spanish():
    """All that hubcrew says, and nothing else: agents and administrators read Portuguese or English."""
    spanish = texts(SPANISH / "server.po")

    assert set(spanish) == in_code(("hubcrew",)) - in_code(())
    assert [own for own, said in spanish.items() if not said or placeholders(own) != placeholders(said)] == []
    assert texts(SPANISH / "server.mo") == spanish


def test_no_text_of_hubcrew_is_said_past_the_customers_language():
    files = [file for file in (ROOT / "hubcrew").rglob("*.py") if file.name != "tongue.py"]

    assert [file.name for file in files if "gettext" in file.read_text(encoding="utf-8")] == []


def test_every_translation_has_the_placeholders_of_its_text():
    pairs = texts(PORTUGUESE / "server.po").items()

    assert [own for own, translated in pairs if placeholders(own) != placeholders(translated)] == []


def test_the_compiled_catalogue_is_the_one_that_is_read():
    assert texts(PORTUGUESE / "server.mo") == texts(PORTUGUESE / "server.po")


@pytest.mark.parametrize(
    ("settings", "said"),
    [({}, "Não autorizado."), ({"SERVER_LANGUAGE": "en", **BRAZILIAN}, "Not authorized.")],
    ids=["portuguese_by_default", "english_where_set"],
)
def test_a_refusal_is_told_in_the_language_that_is_set(tmp_path: Path, settings: dict[str, str], said: str):
    server = Server(tmp_path, **settings).start()
    try:
        refused = server.http.post("/webhook", json={"event": "message_created"}, headers={"Authorization": ""})
    finally:
        server.stop()

    assert (refused.status_code, refused.text) == (401, said)
    assert refused.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "words", [("scripts/start_unified_server.py",), ("-m", "scripts.addresses")], ids=["server", "command"]
)
@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            {"LANG": "en_US.UTF-8"},
            ("Estas configurações não podem ser usadas", "'many': o esperado é um número de 0"),
        ),
        ({"SERVER_LANGUAGE": "en", **BRAZILIAN}, ("These settings cannot be used", "'many': expected a number from 0")),
    ],
    ids=["portuguese_by_default", "english_where_set"],
)
def test_wrong_settings_are_told_in_the_language_that_is_set(
    tmp_path: Path, words: tuple[str, ...], settings: dict[str, str], told: tuple[str, ...]
):
    ended = wrong_start(tmp_path, *words, **settings)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert [text for text in told if text not in ended.stderr] == []


def test_a_commands_help_is_portuguese_by_default(tmp_path: Path):
    shown = wrong_start(tmp_path, "-m", "scripts.events", "--help")

    assert "quantos, no máximo" in shown.stdout
