"""Does every example of the documents that concerns plugins do what its page says? Each is run, as it stands there.

A fence says what its block is: "```python greet.py" is a file of `plugins/`, "```ini .env" lines of `.env`; "```sh" is
run from the top of the page to its end, where `scripts/start` starts the real server. "not-run" is for what cannot be.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from scripts.signals import COMMAND, PAGE, page
from tests.rig import ROOT, Server, eventually

PAGES = [ROOT / "README.md", ROOT / "README.pt-BR.md", ROOT / "plugins" / "README.md", *sorted(ROOT.glob("docs/*.md"))]
GUIDE = ROOT / "docs" / "plugins.md"
FENCE = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """An example: its language, what its fence says further, and its text."""

    page: Path
    language: str
    about: str
    text: str


def blocks_of(page: Path) -> list[Block]:
    return [Block(page, *found) for found in FENCE.findall(page.read_text(encoding="utf-8"))]


BLOCKS = [block for page in PAGES for block in blocks_of(page)]
PYTHON = [each for each in BLOCKS if each.language == "python" and "from relay" in each.text]
OF_GUIDE = [each for each in BLOCKS if each.page == GUIDE]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Everything that the pages tell to write is written; nothing runs yet."""
    made = Server(tmp_path_factory.mktemp("documents"), SERVER_LANGUAGE="en")
    for number, block in enumerate(PYTHON):
        name = block.about or f"{re.sub('[^a-z]', '_', block.page.stem.lower())}_{number}.py"
        (made.folder / "plugins" / name).write_text(block.text)
    (made.folder / ".env").write_text("\n".join(each.text for each in OF_GUIDE if each.about == ".env"))
    yield made
    made.stop()


def run(server: Server, lines: str) -> None:
    """What a person types, at the project's root; the paths and the port are this server's."""
    lines = re.sub(r"(?<= )plugins\b", server.environment["PLUGINS_DIR"], lines).replace("localhost:8000", server.url)
    ran = subprocess.run(
        ["sh", "-euxc", lines],
        cwd=ROOT,
        env=server.environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, f"{lines}\n{ran.stdout}\n{ran.stderr}"


def test_the_guide_to_plugins_is_walked_from_its_top_to_its_end(server: Server):
    for block in OF_GUIDE:
        if block.language == "sh" and block.text.strip() == "scripts/start":
            server.start()
        elif block.language == "sh" and block.about != "not-run":
            run(server, block.text.replace("scripts/install --dev\n", ""))  # what runs here is installed
    eventually(server.is_quiet)

    events = server.events()

    assert {each["status"] for each in events} == {"done"}
    assert {each["signal"] for each in events} >= {"estoque.created", "stock.changed"}


def test_every_plugin_that_a_page_shows_is_loaded(server: Server):
    shown = server.admin("handlers")
    loaded = {each["handler"].partition(":")[0] for each in shown["items"] if not each["shipped"]}
    written = {path.stem for path in (server.folder / "plugins").glob("*.py") if not path.stem.startswith("test_")}

    assert shown["broken"] == []
    assert loaded >= {
        f"plugins.{each}" for each in written - {"tick"}
    }  # what is only called now and then handles nothing


@pytest.mark.parametrize(
    "block", [each for each in OF_GUIDE if each.language in ("python", "ini")], ids=lambda each: each.about
)
def test_every_block_of_the_guide_says_which_file_it_is(block: Block):
    assert re.fullmatch(r"\w+\.py|\.env", block.about)


def test_hardly_a_block_is_not_run():
    assert len([each for each in BLOCKS if each.about == "not-run"]) <= 2


def test_the_list_of_signals_is_what_the_code_makes():
    assert PAGE.read_text(encoding="utf-8") == page(), f"run: {COMMAND}"
