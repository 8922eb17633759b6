"""How good are the answers? Tables of questions, each with the rules that answer it, asked and counted."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
import tomlkit
from tomlkit.exceptions import TOMLKitError

from hubcrew import Answer, HandOver, HubCrew, Item, Knowledge
from hubcrew.items import Scope
from hubcrew.passages import passages_of, titled
from relay.store import Store
from scripts.ask_server import Failed
from scripts.bench import reply, search
from scripts.on_screen import screen, table
from scripts.own_settings import speak_as_set

# Questions as customers ask them; most of the other tables' were written to be hard.
ORDINARY = ("academia", "autopecas", "farmacia", "moda", "moveis")
TABLES = Path(__file__).resolve().parent.parent / "tests" / "questions"
SHOP = search.SHOP

speak_as_set()


class Asked(NamedTuple):
    """A question of a table, the items that answer it (none: it cannot be answered), what was found, if it was said."""

    text: str
    answers: list[str]
    found: list[str]
    chance: float
    said: bool

    @property
    def hit(self) -> bool:
        """Whether the first of what was found is right."""
        return bool(self.found) and self.found[0] in self.answers


class Score(NamedTuple):
    """Shares: of the answerable questions the first found right, one of three, and rightly said; of the others said."""

    questions: int
    first: float
    among_three: float
    right: float
    wrong: float
    false: float


def score(asked: Sequence[Asked]) -> Score:
    """Count a table's questions."""
    answerable, others = [each for each in asked if each.answers], [each for each in asked if not each.answers]
    return Score(
        len(asked),
        _share(each.hit for each in answerable),
        _share(any(found in each.answers for found in each.found[:3]) for each in answerable),
        _share(each.hit and each.said for each in answerable),
        _share(not each.hit and each.said for each in answerable),
        _share(each.said for each in others),
    )


def _share(which: Iterator[bool]) -> float:
    every = list(which)
    return sum(every) / max(1, len(every))


async def ask_all(path: Path, most: int | None = None) -> list[Asked]:
    """Ask a table's questions of a database that knows the table's items, or so many of them, the first."""
    try:
        given = tomlkit.parse(await asyncio.to_thread(path.read_text, encoding="utf-8")).unwrap()
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise Failed(_("{path} cannot be read: {error}").format(path=path, error=error)) from error
    items = given["item"][:most]
    known = {each["id"] for each in items}
    questions = [{**each, "answer": [item for item in each["answer"] if item in known]} for each in given["question"]]
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/server.db")
        crew = HubCrew(Knowledge(store))
        try:
            await crew.knowledge.replace([_known(each) for each in items])
            return [await _asked(crew, each, given["today"]) for each in questions]
        finally:
            store.close()


def _known(given: dict[str, Any]) -> tuple[Scope, list[Item]]:
    """An item of a table as what is known: a document as its passages, each scope named by the item's id."""
    scope = Scope(SHOP, given["kind"], given["id"])
    if given["kind"] == "document":
        passages = enumerate(passages_of(given["text"]), 1)
        return scope, [Item(f"{given['id']}/{n}", titled(given["name"], each), each.text) for n, each in passages]
    days = [str(given[end]) if end in given else None for end in ("starts", "ends")]
    return scope, [Item(given["id"], given["name"], given["text"], given.get("type", ""), *days)]


async def _asked(crew: HubCrew, given: dict[str, Any], now: datetime) -> Asked:
    answer = await crew.ask(SHOP, given["text"], now)
    considered = await crew.consider(SHOP, given["text"], now.date())
    said = answer.rules if isinstance(answer, Answer) else ()
    found = [*(each.id for each in said), *(each.item.id for each, _score in considered.found)]
    in_table = dict.fromkeys(each.partition("/")[0] for each in found)
    return Asked(given["text"], given["answer"], list(in_table), considered.chance, _says_something(answer))


def _says_something(answer: Answer | HandOver) -> bool:
    """Whether a rule's text is said; that an offer has ended is not one."""
    return isinstance(answer, Answer) and all(each.kind != "ended" for each in answer.rules)


@click.command(help=_("Ask the questions of tables, and count how many are answered rightly."))
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--misses", is_flag=True, help=_("Show each question that was not dealt with rightly."))
@click.option("--speed", is_flag=True, help=_("Also measure: searching 10 000 passages, and a message to its reply."))
def main(paths: tuple[Path, ...], misses: bool, speed: bool) -> None:
    """Score the tables, all that the project has if none is named."""
    tables = {path.stem: asyncio.run(ask_all(path)) for path in paths or sorted(TABLES.glob("*.toml"))}
    console = screen()
    headings = (_("Table"), _("Questions"), "hit@1", "hit@3", _("right"), _("wrong"), _("unanswerable, answered"))
    rows = [_row(name, asked) for name, asked in tables.items()]
    every = [each for asked in tables.values() for each in asked]
    ordinary = [each for name, asked in tables.items() if name in ORDINARY for each in asked]
    rows += [_row(_("ordinary"), ordinary)] if ordinary else []
    console.print(table(_("Answers"), headings, [*rows, _row(_("all"), every)]))
    if misses:
        missed = [each for each in every if (not (each.hit and each.said) if each.answers else each.said)]
        columns = (_("Question"), _("Expected"), _("Found"), _("Chance"))
        console.print(table(_("Misses"), columns, [_miss(each) for each in missed], unbroken=0))
    if speed:
        console.print(table(_("Milliseconds"), ("", "p50", "p90", "p99"), list(_speeds())))


def _speeds() -> Iterator[list[str]]:
    took = search.measure(sorted(TABLES.glob("*.toml")))
    yield _line(_("search: candidates"), [each.candidates for each in took])
    yield _line(_("search: ranking"), [each.ranking for each in took])
    yield _line(_("search: together"), [sum(each) for each in took])
    with tempfile.TemporaryDirectory() as folder:
        seconds = reply.measure(Path(folder), core=min(os.sched_getaffinity(0)))
    yield _line(_("a message to its reply"), [each * 1000 for each in seconds])


def _line(name: str, milliseconds: Sequence[float]) -> list[str]:
    return [name, *(f"{search.percentile(milliseconds, share):.1f}" for share in (0.5, 0.9, 0.99))]


def _row(name: str, asked: Sequence[Asked]) -> list[str]:
    figures = score(asked)
    return [name, str(figures.questions), *(f"{share:.3f}" for share in figures[1:])]


def _miss(asked: Asked) -> list[str]:
    return [asked.text, ", ".join(asked.answers) or "-", ", ".join(asked.found[:2]) or "-", f"{asked.chance:.2f}"]


if __name__ == "__main__":
    main()
