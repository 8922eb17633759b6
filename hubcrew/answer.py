"""What is an answer made of? A rule's own text, two where they belong together, and what it rests on. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from hubcrew.items import Found, Item
from hubcrew.tongue import said as _
from hubcrew.words import tokens

# A second rule of the same subject belongs to the answer when it covers nearly as much.
NEARLY = 0.92
_ASKS_FOR_THE_END = re.compile(
    r"\b(?:ate quando|ate que dia|ate qual dia|vai ate|dura ate|(?:quando|que dia) (?:acaba|termina)|prazo)\b"
)


class Used(NamedTuple):
    """A rule that an answer rests on, the chance that it is the answer, and what it said then."""

    kind: str
    id: str
    name: str
    score: float
    text: str = ""


class Answer(NamedTuple):
    """What is said, which rules say so, which crew says it, and whose words it are.

    `worded_by` is "rule" (its own text), "us" (computed, or a courtesy), "llm", or "outside" (a crew of its own).
    """

    text: str
    rules: list[Used]
    crew: str = ""
    worded_by: str = "us"


class HandOver(NamedTuple):
    """That a person must answer: why, what comes nearest, if anything does, and which crew could not.

    `details` are for the person, in a crew's own words; the reason is one of few, for logs and figures.
    """

    reason: str
    nearest: tuple[Used, ...] = ()
    crew: str = ""
    details: str = ""


class Considered(NamedTuple):
    """What may answer, each with its score, best first; and the chance (0 to 1) that the first does."""

    found: list[tuple[Found, float]]
    chance: float


def used(found: Found, chance: float) -> Used:
    """A rule as the record of an answer names it."""
    return Used(found.kind, found.item.id, found.item.name, round(chance, 3), found.item.text)


def told_by(considered: Considered, question: str) -> Answer:
    """The text of the best rule, and of the second where the two belong together; until when, where that is asked."""
    least = considered.found[0][1] * NEARLY
    best = [found for found, score in considered.found[:2] if score >= least]
    if len(best) == 2 and not _belong_together(*best):
        best.pop()
    text = "\n\n".join([*(each.item.text for each in best), *_until(best[0].item, question)])
    return Answer(text, [used(each, considered.chance) for each in best], worded_by="rule")


def _belong_together(first: Found, second: Found) -> bool:
    return bool(first.item.type) and first.item.type == second.item.type and first.item.text != second.item.text


def _until(item: Item, question: str) -> Sequence[str]:
    """The day until which it holds, where that is asked for."""
    if item.ends is None or not _ASKS_FOR_THE_END.search(" ".join(tokens(question))):
        return ()
    return (_("Valid until {date}.").format(date=_shown(item.ends)),)


def ended(item: Item, chance: float) -> Answer:
    """That an offer has ended, and when; never its text."""
    text = _("That offer ended on {date}.").format(date=_shown(item.ends or ""))
    return Answer(text, [Used("ended", item.id, item.name, round(chance, 3), item.text)])


def _shown(day: str) -> str:
    return date.fromisoformat(day).strftime("%d/%m/%Y")
