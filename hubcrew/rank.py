"""Which rule answers a question, and how surely? One formula over the candidates that the database finds. Pure.

A candidate is known by its index terms alone (see `words.search_terms`), so that nothing is taken apart twice.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import NamedTuple

from hubcrew.words import Term, grams, terms

# What a question's word is worth where a candidate has it: by its stem, by a longer form ("pagar", "pagamento"), by
# a word of the same meaning, or only by likeness. In the title it is worth more, a word of the same meaning above all.
STEM, GROWN, MEANING = 1.0, 0.75, 0.7
IN_TITLE, MEANING_IN_TITLE = 1.35, 1.5
LIKE_ENOUGH = 0.55
# A word that no candidate has weighs less than one that is rare, words of every story and numbers less than others.
STRANGE, COMMON, NUMBER = 0.75, 0.3, 0.5
# The chance that the best candidate is the answer: fitted to the tables of questions in tests/questions (logistic
# regression; `python -m scripts.score` measures it). What the question has that the candidate lacks speaks against it.
CHANCE = {
    "always": -1.76,
    "covered": 2.58,  # how much of the question's weight the candidate has
    "largest_lack": -1.62,  # the weight of the heaviest word that it does not have
    "lead": 2.5,  # how far it is before the next one
    "meaning_in_title": 0.91,
    "strange": -1.62,  # the weight of what no candidate has
    "no_price": -1.18,  # a price is asked for, and it has none
}
MOST_LEAD = 0.6


class Candidate(NamedTuple):
    """What may answer, by its index terms; passages of the same subject do not compete."""

    terms: frozenset[str]
    title: tuple[str, ...]
    length: int
    subject: str = ""
    is_document: bool = False


def candidate(index_terms: str, subject: str, *, is_document: bool = False) -> Candidate:
    """Made of an item's terms as `search_terms` gives them: sorted, so that those of a kind stand together."""
    start = max(
        0, min(place for place in (index_terms.find(" m"), index_terms.find(" s"), len(index_terms)) if place >= 0)
    )
    rest = index_terms[start:]
    found = frozenset(rest.split())
    title = tuple(term[2:] for term in rest[max(0, rest.find(" ts")) :].split() if term.startswith("ts"))
    return Candidate(found, title, rest.count(" s"), subject, is_document)


class Ranked(NamedTuple):
    """A candidate's place in the given list, its score for the order, and how much of the question it covers."""

    place: int
    score: float
    covered: float


class Ranking(NamedTuple):
    """The candidates, best first, and the chance (0 to 1) that the first is the answer."""

    ranked: list[Ranked]
    chance: float


class _Asked(NamedTuple):
    """One term of the question: its weight, and each candidate's credit for it (for the order, and without titles)."""

    term: Term
    weight: float
    credits: list[float]
    plain: list[float]


def rank(question: str, candidates: Sequence[Candidate]) -> Ranking:
    """Order the candidates by how much of the question they cover; words that few of them have count more."""
    asked_terms = terms(question)
    if not asked_terms or not candidates:
        return Ranking([], 0.0)
    near = _Near(candidates)
    asked = [_asked(term, near.to(term), candidates) for term in asked_terms]
    total = sum(each.weight for each in asked)
    ranked = sorted(
        (_ranked(place, candidate, asked, total) for place, candidate in enumerate(candidates)),
        key=lambda each: -each.score,
    )
    return Ranking(ranked, _chance(ranked, candidates, asked, total))


def _asked(term: Term, near: dict[str, float], candidates: Sequence[Candidate]) -> _Asked:
    both = [_credit(term, near, candidate.terms) for candidate in candidates]
    earned, plain = [credit for credit, _ in both], [credit for _, credit in both]
    having = sum(min(1.0, credit) ** 2 for credit in earned)
    weight = math.log(1 + (len(candidates) + 1) / (0.5 + having))
    if not having:
        weight = math.log(1 + (len(candidates) + 1) / 1.5) * STRANGE
    if term.common:
        weight *= (1 + COMMON) / 2 if term.groups else COMMON
    return _Asked(term, weight * NUMBER if term.word.isdigit() else weight, earned, plain)


def _credit(term: Term, near: dict[str, float], has: frozenset[str]) -> tuple[float, float]:
    """What a candidate is credited with for a term, with and without its title."""
    credit = plain = 0.0
    if f"ts{term.stem}" in has:
        credit, plain = IN_TITLE, STEM
    elif f"s{term.stem}" in has:
        credit, plain = STEM, STEM
    if any(f"tm{group}" in has for group in term.groups):
        credit, plain = max(credit, MEANING * MEANING_IN_TITLE), max(plain, MEANING)
    elif any(f"m{group}" in has for group in term.groups):
        credit, plain = max(credit, MEANING), max(plain, MEANING)
    for stem, likeness in near.items():
        if f"s{stem}" in has:
            credit = max(credit, likeness * (IN_TITLE if f"ts{stem}" in has else 1.0))
            plain = max(plain, likeness)
    return credit, plain


class _Near:
    """The candidates' stems, to find those that a question's word may have meant."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._known = {term[1:] for each in candidates for term in each.terms if term[0] == "s"}
        self._sorted = sorted(self._known)

    def to(self, term: Term) -> dict[str, float]:
        """Stems that grow from this one; where it is in no candidate, also those that it grows from or is like."""
        if len(term.stem) < 3 or term.word.isdigit():
            return {}
        found = dict.fromkeys(self._growing_from(term.stem), GROWN)
        if term.stem not in self._known:
            shorter = [term.stem[:size] for size in range(max(3, len(term.stem) - 5), len(term.stem))]
            found.update(dict.fromkeys((each for each in shorter if each in self._known), GROWN))
            if not found and len(term.word) >= 4:
                found.update(self._alike(term))
        return found

    def _growing_from(self, stem: str) -> list[str]:
        start = bisect_left(self._sorted, stem)
        end = bisect_left(self._sorted, stem + "\uffff")
        return [each for each in self._sorted[start:end] if 0 < len(each) - len(stem) <= 5]

    def _alike(self, term: Term) -> dict[str, float]:
        start, end = bisect_left(self._sorted, term.word[0]), bisect_left(self._sorted, term.word[0] + "\uffff")
        alike = {
            each: max(_likeness(term.word, each), _likeness(term.stem, each))
            for each in self._sorted[start:end]
            if len(each) >= 3 and not each.isdigit() and abs(len(each) - len(term.stem)) <= 4
        }
        return {each: 0.9 * likeness for each, likeness in alike.items() if likeness >= LIKE_ENOUGH}


def _likeness(one: str, other: str) -> float:
    mine, theirs = grams(one), grams(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def _ranked(place: int, candidate: Candidate, asked: Sequence[_Asked], total: float) -> Ranked:
    """More for a title that the question names wholly, a little less for a long text and for a document."""
    credited = sum(each.credits[place] * each.weight for each in asked) / total
    covered = sum(each.plain[place] * each.weight for each in asked) / total
    named = {each.term.stem for each in asked if each.credits[place] > 0}
    whole_title = sum(stem in named for stem in candidate.title) / max(1, len(candidate.title))
    score = credited + 0.5 * covered + 0.25 * whole_title
    score -= 0.03 * math.log(1 + candidate.length) + 0.05 * candidate.is_document
    return Ranked(place, score, covered)


def _chance(ranked: Sequence[Ranked], candidates: Sequence[Candidate], asked: Sequence[_Asked], total: float) -> float:
    best = ranked[0]
    own = candidates[best.place]
    rival = next((each.score for each in ranked if candidates[each.place].subject != own.subject), 0.0)
    has: Callable[[str], bool] = own.terms.__contains__
    seen = {
        "always": 1.0,
        "covered": best.covered,
        "largest_lack": max(each.weight * (1 - each.plain[best.place]) for each in asked) / total,
        "lead": min(MOST_LEAD, max(0.0, best.score - rival)),
        "meaning_in_title": float(any(has(f"tm{group}") for each in asked for group in each.term.groups)),
        "strange": sum(each.weight for each in asked if not any(each.plain) and not each.term.common) / total,
        "no_price": float(any("price" in each.term.groups for each in asked) and not has("mprice")),
    }
    return 1 / (1 + math.exp(-sum(weight * seen[name] for name, weight in CHANCE.items())))
