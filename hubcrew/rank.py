"""Which rule answers a question, and how surely? One formula over the candidates that the database finds. Pure.

A candidate is known by its index terms alone (see `words.search_terms`), so that nothing is taken apart twice.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from hubcrew.words import APART, Term, grams, indexed, stem, terms, tokens

# What a question's word is worth where a candidate has it: by its stem, by a longer form ("pagar", "pagamento"), by
# a word of the same meaning, or only by likeness. In the title it is worth more, a word of the same meaning above all.
STEM, GROWN, MEANING = 1.0, 0.75, 0.7
IN_TITLE, MEANING_IN_TITLE = 1.35, 1.5
FURTHER = 0.1  # for each further meaning of a word that a candidate has
BOTH = 0.3  # the word itself, where a title has its meaning: "dinheiro" in "Formas de pagamento"
LIKE_ENOUGH = 0.55
# How many rules have a word, were the shop one among others: so much is added to what its own rules say, so that a shop
# of two rules is judged as one of fifty. Shares of the passages of the tables of questions.
BACKGROUND = 30
WORD, MEANT = 0.015, 0.03
OFTEN = {"duration": 0.39, "price": 0.36, "delivery": 0.21, "payment": 0.18, "booking": 0.12, "hours": 0.12}
# Words of every story and numbers less than others.
COMMON, NUMBER = 0.3, 0.5
# The chance that the best candidate is the answer, by what speaks for it and against it: a logistic regression, fitted
# to the tables of questions in tests/questions except petshop, informatica and restaurante, each asked also of shops
# that had lost the answer, or all but two to five rules (with little weight). What `no_figure` and `asks_you` cost is
# set by hand: the tables have few of these, and nearly all of them speak against.
CHANCE = {
    "always": -3.53,
    "score": 1.87,  # as for the order
    "covered": 1.5,  # the weight of what the candidate has of the question
    "weakest": 0.88,  # the credit of the word that it has least of
    "last": 0.62,  # the credit of the question's last word
    "titled": 1.12,  # how much of the question's weight its title has
    "untitled": -1.09,  # its title has nothing of the question
    "same_word_in_title": -0.82,  # a title met by a word is surer by what it means
    "short_lacks": -0.83,  # a short question means something that it lacks
    "which_lacks": -0.77,  # "which" or "who" is asked, and it lacks something
    "no_figure": -1.8,  # a price or a time of the day is asked for, and it has none
    "rivals": -0.38,  # how many come near it
    "asks_you": -2.5,  # what the shop does is asked for, and a document tells how things are done
}
RARE = 3.4  # about the weight of a rare word
SHORT = 4
RIVAL, MOST_RIVALS = 0.85, 10
WHICH = frozenset({"qual", "quais", "quem"})
# What every offer says, whatever its words.
OFFERED = ("mpromotion", "mbonus", "mvalidity")
PRICED = frozenset({f"s{stem('reais')}", "mfree", "mincluded", "mpromotion"})


class Candidate(NamedTuple):
    """What may answer, by its index terms; passages of the same subject do not compete."""

    terms: frozenset[str]
    title: tuple[str, ...]
    length: int
    subject: str = ""
    is_document: bool = False


def candidate(index_terms: str, subject: str, *, is_document: bool = False, is_offer: bool = False) -> Candidate:
    """Made of an item's terms as `search_terms` gives them. An offer is a discount, whatever it says."""
    titled = index_terms.find(" tm") if " tm" in index_terms else index_terms.find(" ts")
    title = tuple(term[1:] for term in index_terms[titled:].split()) if titled >= 0 else ()
    found = frozenset([*index_terms.split(), *OFFERED] if is_offer else index_terms.split())
    return Candidate(found, title, index_terms.count(" s"), subject, is_document)


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


class _Question(NamedTuple):
    """What is asked: every word, the terms with what the candidates have of them, the weight of all, and as indexed."""

    said: frozenset[str]
    asked: list[_Asked]
    total: float
    named: frozenset[str]


def rank(question: str, candidates: Sequence[Candidate]) -> Ranking:
    """Order the candidates by how much of the question they cover; words that few of them have count more."""
    asked_terms = terms(question)
    if not asked_terms or not candidates:
        return Ranking([], 0.0)
    near = _Near(candidates)
    asked = [_asked(term, near.to(term), candidates) for term in asked_terms]
    named = frozenset(name for each in asked_terms for name in indexed(each))
    whole = _Question(frozenset(tokens(question)), asked, sum(each.weight for each in asked), named)
    ranked = [_ranked(place, candidate, whole) for place, candidate in enumerate(candidates)]
    ranked.sort(key=lambda each: -each.score)
    return Ranking(ranked, _chance(_facts(whole, ranked, candidates)))


def _asked(term: Term, near: dict[str, float], candidates: Sequence[Candidate]) -> _Asked:
    both = [_credit(term, near, candidate.terms) for candidate in candidates]
    earned, plain = [credit for credit, _ in both], [credit for _, credit in both]
    having = sum(min(1.0, credit) ** 2 for credit in plain)
    often = max((OFTEN.get(group, MEANT) for group in term.groups), default=WORD)
    weight = math.log((len(candidates) + BACKGROUND + 1) / (0.5 + having + BACKGROUND * often))
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
    for other, shared in near.items():
        if f"s{other}" in has:
            credit = max(credit, shared * (IN_TITLE if f"ts{other}" in has else 1.0))
            plain = max(plain, shared)
    meant = sum(f"m{group}" in has for group in term.groups)
    if meant:
        meaning = MEANING + FURTHER * (meant - 1)
        in_title = any(f"tm{group}" in has for group in term.groups)
        credit = max(credit, meaning * MEANING_IN_TITLE) + BOTH * credit if in_title else max(credit, meaning)
        plain = max(plain, meaning)
    return credit, plain


class _Near:
    """The candidates' stems, to find those that a question's word may have meant."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        every = frozenset().union(*(each.terms for each in candidates))
        self._known = {term[1:] for term in every if term[0] == "s"}
        self._sorted = sorted(self._known)

    def to(self, term: Term) -> dict[str, float]:
        """Stems that grow from this one; where it is in no candidate, also those that it grows from or is like."""
        if len(term.stem) < 3 or term.word.isdigit() or term.word in APART:
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
        alike = {each: likeness(term, each) for each in self._sorted[start:end]}
        return {each: 0.9 * shared for each, shared in alike.items() if shared >= LIKE_ENOUGH}


def likeness(term: Term, stem: str) -> float:
    """How much of its runs of letters a word shares with a stem, 0 to 1."""
    if len(stem) < 3 or stem.isdigit() or abs(len(stem) - len(term.stem)) > 4:
        return 0.0
    return max(_shared(term.word, stem), _shared(term.stem, stem))


def _shared(one: str, other: str) -> float:
    mine, theirs = grams(one), grams(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def _ranked(place: int, candidate: Candidate, question: _Question) -> Ranked:
    """More for a title that the question names wholly, a little less for a long text and for a document."""
    credited = sum(each.credits[place] * each.weight for each in question.asked) / question.total
    covered = sum(each.plain[place] * each.weight for each in question.asked) / question.total
    whole_title = len(question.named.intersection(candidate.title)) / max(1, len(candidate.title))
    score = credited + 0.5 * covered + 0.25 * whole_title
    score -= 0.03 * math.log(1 + candidate.length) + 0.05 * candidate.is_document
    return Ranked(place, score, covered)


def _facts(question: _Question, ranked: Sequence[Ranked], candidates: Sequence[Candidate]) -> dict[str, float]:
    """What speaks for the first candidate being the answer, and what against it; by the names of CHANCE."""
    best, own = ranked[0], candidates[ranked[0].place]
    others = (each for each in ranked if candidates[each.place].subject != own.subject)
    lacks = [each.weight * (1 - each.plain[best.place]) for each in question.asked]
    no_price = "mprice" in question.named and own.terms.isdisjoint(PRICED)
    no_clock = "mclock" in question.named and "mclock" not in own.terms
    return {
        **_of_words(question.asked, best.place, own),
        "always": 1.0,
        "score": best.score,
        "covered": (question.total - sum(lacks)) / RARE,
        "titled": sum(each.weight for each in question.asked if _in_title(each.term, own)) / question.total,
        "which_lacks": max(lacks) / question.total if question.said & WHICH else 0.0,
        "no_figure": float(no_price or no_clock),
        "rivals": min(MOST_RIVALS, sum(each.score > RIVAL * best.score for each in others)) / MOST_RIVALS,
        "asks_you": float(own.is_document and "voces" in question.said),
    }


def _of_words(asked: Sequence[_Asked], place: int, own: Candidate) -> dict[str, float]:
    """What the words that are neither numbers nor in every story say for and against a candidate."""
    telling = [each for each in asked if not each.term.common and not each.term.word.isdigit()]
    had = [each.plain[place] for each in telling] or [0.5]
    meant = [each.weight * (1 - each.plain[place]) for each in telling if each.term.groups]
    return {
        "weakest": min(had),
        "last": had[-1],
        "untitled": float(not any(_in_title(each.term, own) for each in telling)),
        "same_word_in_title": float(any(f"ts{each.term.stem}" in own.terms for each in telling)),
        "short_lacks": max(meant, default=0.0) / RARE if len(telling) <= SHORT else 0.0,
    }


def _in_title(term: Term, candidate: Candidate) -> bool:
    return f"ts{term.stem}" in candidate.terms or any(f"tm{group}" in candidate.terms for group in term.groups)


def _chance(facts: dict[str, float]) -> float:
    return 1 / (1 + math.exp(-sum(weight * facts[name] for name, weight in CHANCE.items())))
