"""Which rule answers a question, and how surely? One formula over the candidates that the database finds."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from hubcrew.words import grams, plain, stems, words

# Two words count as the same when they share this much of their four-letter runs (typing mistakes).
LIKE_ENOUGH = 0.5
IN_TITLE = 1.35
# "pagar" and "pagamento": one stem begins with the other.
GROWN = 0.8


class Ranked(NamedTuple):
    """A candidate's place in the list, and how much of the question it covers (0 to 1)."""

    place: int
    score: float


class Passage:
    """A candidate's words, prepared once per question."""

    def __init__(self, title: str, text: str) -> None:
        self.title = {stem for word in words(title) for stem in stems(word)}
        self.body = {stem for word in words(text) for stem in stems(word)}
        self._grams = [grams(word) for word in {*words(title), *words(text)}]

    def credit(self, word: str) -> float:
        """How much a question's word is found here: 1 by its stem, more in the title, less by likeness alone."""
        own = set(stems(word))
        if own & self.title:
            return IN_TITLE
        if own & self.body:
            return 1.0
        if any(_one_grows_from_other(mine, theirs) for mine in own for theirs in self.title | self.body):
            return GROWN
        if len(plain(word)) < 4:
            return 0.0
        mine = grams(word)
        likest = max((2 * len(mine & theirs) / (len(mine) + len(theirs)) for theirs in self._grams), default=0.0)
        return likest if likest >= LIKE_ENOUGH else 0.0


def _one_grows_from_other(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 3 and longer.startswith(shorter)


def rank(question: str, passages: Sequence[Passage]) -> list[Ranked]:
    """The passages by how much of the question they cover, best first; words that few passages have count more."""
    asked = list(dict.fromkeys(words(question)))
    if not asked or not passages:
        return []
    credited = [[passage.credit(word) for word in asked] for passage in passages]
    weights = [
        math.log(1 + (len(passages) + 1) / (0.5 + sum(row[column] > 0 for row in credited)))
        for column in range(len(asked))
    ]
    total = sum(weights)
    scored = [
        Ranked(place, min(1.0, sum(weight * credit for weight, credit in zip(weights, row, strict=True)) / total))
        for place, row in enumerate(credited)
    ]
    return sorted(scored, key=lambda each: -each.score)
