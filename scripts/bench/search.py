"""How long does a search take where much is known? Candidates and ranking apart, over passages made of the tables'."""

import asyncio
import random
import re
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import tomlkit

from hubcrew import HubCrew, Item, Knowledge
from hubcrew.crew import ranking_of
from hubcrew.items import Scope
from hubcrew.passages import passages_of
from relay.store import Store

SHOP = "shop"
PASSAGES, QUESTIONS = 10_000, 400
TRIES = 5
DAY = date(2026, 5, 26)
SYLLABLES = "ba be bo ca co da di fa fi ga go la le li lo ma mi mo na no pa pi ra re ri sa so ta te ti va vi za".split()
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


class Took(NamedTuple):
    """Milliseconds of one question."""

    candidates: float
    ranking: float


def read(paths: Sequence[Path]) -> tuple[list[Item], list[str]]:
    """The items of tables of questions, a document as its passages, and the questions."""
    tables = [tomlkit.parse(path.read_text(encoding="utf-8")).unwrap() for path in paths]
    items = [item for each in tables for given in each["item"] for item in _items(given)]
    return items, [each["text"] for given in tables for each in given["question"]]


def _items(given: dict[str, Any]) -> list[Item]:
    pieces = [each.text for each in passages_of(given["text"])] if given["kind"] == "document" else [given["text"]]
    return [Item("", given["name"], each) for each in pieces]


def varied(items: Sequence[Item], number: int) -> list[Item]:
    """As many passages: each of one item's title and sentences of three, about something of a made-up name."""
    chance = random.Random(7)  # noqa: S311  # the same passages in every run
    return [_varied(chance, str(each), items) for each in range(number)]


def _varied(chance: random.Random, id: str, items: Sequence[Item]) -> Item:
    of = chance.sample(items, 3)
    sentences = [sentence for item in of for sentence in _SENTENCE_END.split(item.text)]
    name = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))
    chosen = " ".join(chance.sample(sentences, min(len(sentences), chance.randint(2, 8))))
    return Item(id, f"{of[0].name} {name}", f"{chosen} {name} {chance.randint(1, 999)}.")


def measure(paths: Sequence[Path]) -> list[Took]:
    """Ask the tables' questions of an account that knows 10 000 passages."""
    items, asked = read(paths)
    random.Random(7).shuffle(asked)  # noqa: S311  # the same questions in every run
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(varied(items, PASSAGES), asked[:QUESTIONS], folder))


async def _measure(items: Sequence[Item], questions: Sequence[str], folder: str) -> list[Took]:
    """The best of some tries of each question: others use the machine too."""
    store = Store(f"sqlite:///{folder}/server.db")
    try:
        crew = HubCrew(Knowledge(store))
        await crew.knowledge.replace([(Scope(SHOP, "permanent"), items)])
        took = [await _timed(crew, each) for _try in range(TRIES) for each in questions]
        return [min(took[number :: len(questions)], key=sum) for number in range(len(questions))]
    finally:
        store.close()


async def _timed(crew: HubCrew, question: str) -> Took:
    start = time.perf_counter()
    found = await crew.knowledge.candidates(SHOP, question, DAY)
    between = time.perf_counter()
    ranking_of(question, found)
    return Took((between - start) * 1000, (time.perf_counter() - between) * 1000)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]
