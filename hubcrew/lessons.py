"""What has a shop to write down or to correct? Questions that nothing answered, and answers that were wrong. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from hubcrew.words import words

# Where the list of wrong answers is kept, by account: a conversation's key → since when (epoch seconds).
WRONG_ANSWERS = "wrong answers"
MOST_LISTED = 200
# Why a question was not answered that the shop could have an answer to.
UNANSWERED = ("not known", "outside", "the model failed", "the model knows no answer", "the crew hands over")


class Unanswered(NamedTuple):
    """A question, how often it was asked in other or the same words, when last, why nobody answered, what came near."""

    question: str
    times: int
    last: int  # epoch milliseconds
    event: str
    reason: str
    nearest: str


def unanswered(records: Sequence[Mapping[str, Any]]) -> list[Unanswered]:
    """The questions of these records (newest first), the most frequent before the others."""
    open_ones = [each for each in records if each.get("reason") in UNANSWERED and each.get("question")]
    grouped: dict[frozenset[str], list[Mapping[str, Any]]] = {}
    for each in open_ones:
        grouped.setdefault(frozenset(words(each["question"])) or frozenset({each["question"]}), []).append(each)
    found = [_question(own) for own in grouped.values()]
    return sorted(found, key=lambda each: (-each.times, -each.last))


def _question(own: Sequence[Mapping[str, Any]]) -> Unanswered:
    newest = own[0]
    nearest = next((each.get("name", "") for each in newest.get("nearest", ())), "")
    return Unanswered(newest["question"], len(own), newest["at"], newest["event"], newest["reason"], nearest)


def listed(known: Mapping[str, float] | None, key: str, since: float | None) -> dict[str, float]:
    """The list of wrong answers with this conversation, or (None) without it; the newest stay."""
    others = [(each, moment) for each, moment in (known or {}).items() if each != key]
    return dict([*others, *(() if since is None else ((key, since),))][-MOST_LISTED:])


def corrections(known: Mapping[str, float], said: Iterable[Mapping[str, Any] | None]) -> list[dict[str, Any]]:
    """The conversations of the list, newest first, each with what was asked and said last, where it is still kept."""
    rows = [
        {
            "conversation": key,
            "since": int(since * 1000),
            "event": (record or {}).get("event"),
            "question": (record or {}).get("question"),
            "answer": (record or {}).get("text"),
            "rules": [each.get("name") for each in (record or {}).get("rules", ())],
        }
        for (key, since), record in zip(known.items(), said, strict=True)
    ]
    return sorted(rows, key=lambda each: -each["since"])
