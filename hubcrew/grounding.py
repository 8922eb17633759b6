"""Is what a model wrote grounded in the passages that it names? Each statement is held against them. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from hubcrew.facts import Fact, facts_of, stands_among, taken_apart
from hubcrew.masking import MASK
from hubcrew.meanings import OF_A_TRADE
from hubcrew.words import Term, plain, stem, terms

LONGEST_REPLY = 1500
# More than so much of what a statement says must stand in its passages: the rest is how one says it.
LEAST_SHARED = 0.5
# Of a text and a passage in two languages, only names and some meanings are the same.
LEAST_SHARED_ABROAD = 0.1
# What a shop must have said itself before it is said for it.
OFFERS = {"free", "promotion", "gift", "warranty", "refund", "loyalty"}
# Groups whose words are things rather than ways to say one: who takes Pix need not take cheques, and who delivers in
# Curitiba need not deliver in all of Brazil.
THINGS = OF_A_TRADE | frozenset(
    """
    payment card credit contact pet far days brand garment shoes furniture medicine vaccine test physician glasses car
    oil film bread cake savoury sweets room linen book phone computer screen television charger printer flowers plush
    party access documents insurance urgent
    """.split()
)
_SAY_ONE = frozenset(stem(word) for word in "pagar pagamento pago pagos pagando contato payment pay contact".split())
# What claims nothing by itself: courtesies, and the verbs that go with hours, which are held against the passages.
_WAYS_TO_SAY = frozenset(
    stem(word)
    for word in """
    claro infelizmente prazer disposicao alegria feliz felizes contar conte bem-vindo desculpe desculpa espero
    esperamos receber atender precisar precise contigo fique certeza perfeito otimo otima maravilha tranquilo
    abrimos fechamos estaremos estamos aberta aberto sure unfortunately sorry glad happy welcome from until open
    lamentablemente gusto abrimos cerramos abierto abierta desde hasta
    """.split()
)
_CLAUSE = re.compile(r"[.;,\n()]")
# Not "no": that is "in the" in Portuguese. Not "fecha às 18h": then it was open.
_NO = re.compile(
    r"\b(?:nao|nunca|nem|fechad\w*|fecha(?:m|mos)?\b(?! (?:as )?\d)|exceto|menos|sem (?:atendimento|expediente)"
    r"|not|never|closed|except|no (?:abr|aten|hay|trabaj)\w*|cerrad\w*|salvo)\b|n['\u2019]t\b"
)

_DAY_ASKED_FOR = re.compile(
    r"\b(?:hoje|amanha|ontem|agora|ainda|semana|valendo|today|tomorrow|yesterday|now|still|week|hoy|manana|ayer|ahora|aun"
    r"|todavia)\b"
)
_OF_ITSELF = re.compile(
    r"\b(?:prompts?|instruc(?:ao|oes|ciones|tions?)|mensagem (?:do|de) sistema|system (?:message|prompt)|trechos?"
    r"|passagens|passages?|pasajes?|fontes?|sources?|fuentes?|json|modelo de (?:linguagem|lenguaje)|language model"
    r"|inteligencia artificial|artificial intelligence|as an ai|chatgpt|openai|minhas regras|my rules|mis reglas)\b"
)
_TABLE = re.compile(r"^\s*\|.*\||^[\s|:]*-{3,}[\s:]*\|", re.MULTILINE)


class Statement(NamedTuple):
    """A piece of what a model wrote, and the keys of the sources that it names for it."""

    text: str
    sources: tuple[str, ...]


def asks_for_the_day(question: str) -> bool:
    """Whether the answer may depend on which day it is."""
    return _DAY_ASKED_FOR.search(plain(question)) is not None


def objection(
    statements: Sequence[Statement], sources: Mapping[str, str], *, today: date | None = None, language: str = "pt"
) -> str | None:
    """The first check that the reply does not pass, in words; None where it is grounded.

    `sources` are the passages by their keys, `today` is a day of which it may speak besides.
    """
    whole = "\n".join(each.text for each in statements)
    of_form = _objection_to_form(whole, sources)
    if of_form:
        return of_form
    for each in statements:
        if not each.sources or not set(each.sources) <= sources.keys():
            return "no source"
        passage = "\n".join(sources[key] for key in each.sources)
        found = _objection_to(each.text, passage, today, abroad=language != "pt")
        if found:
            return found
    return None


def _objection_to_form(whole: str, sources: Mapping[str, str]) -> str | None:
    if not whole.strip():
        return "empty"
    if len(whole) > LONGEST_REPLY:
        return "too long"
    if _TABLE.search(whole):
        return "a table"
    if MASK.search(whole):
        return "a mask"
    seen, known = plain(whole), plain("\n".join(sources.values()))
    speaks = [match[0] for match in _OF_ITSELF.finditer(seen) if match[0] not in known]
    keys = "|".join(re.escape(plain(key)) for key in sources)
    if speaks or re.search(rf"(?<!\w)(?:{keys})(?!\w)", seen):
        return "speaks of itself"
    return None


def _objection_to(text: str, passage: str, today: date | None, *, abroad: bool) -> str | None:
    known = [*facts_of(passage), *(_facts_of_day(today) if today else [])]
    stated, between = taken_apart(text)
    invented = next((each for each in stated if not stands_among(each, known)), None)
    if invented:
        return f"{invented.kind} in no passage"
    on_days = _days_of(stated, today)
    if on_days and not _NO.search(plain(text)) and on_days & _closed(passage):
        return "open on a closed day"
    said, there = terms(text), terms(passage)
    offered = (_groups(said) - _groups(there)) & OFFERS
    if offered:
        return f"{min(offered)} in no passage"
    least = LEAST_SHARED_ABROAD if abroad else LEAST_SHARED
    return None if _shared(terms(between), there, abroad=abroad) > least else "too little of it in the passages"


def _days_of(stated: Sequence[Fact], today: date | None) -> set[Fact]:
    """The days of the week that are spoken of; "hoje" is one where it is known which."""
    days = {each for each in stated if each.kind == "day"}
    if today:
        away = [each.value for each in stated if each.kind == "relative day"]
        days |= {Fact("day", (today + timedelta(days=each)).weekday()) for each in away}
    return days


def _closed(passage: str) -> set[Fact]:
    """The days of which a passage that speaks of days says nothing, or only no: "domingos e feriados fechado"."""
    clauses = [(_NO.search(plain(clause)), _days_of(facts_of(clause), None)) for clause in _CLAUSE.split(passage)]
    closed = {day for negated, days in clauses if negated for day in days}
    told = {day for negated, days in clauses if not negated for day in days}
    week = {Fact("day", each) for each in range(7)}
    return (closed | week if told & week else closed) - told


def _facts_of_day(today: date) -> list[Fact]:
    """What may be said of today, yesterday and tomorrow."""
    facts = [Fact("relative day", away) for away in (-1, 0, 1)]
    days = [today + timedelta(days=away) for away in (-1, 0, 1)]
    dates = [Fact("date", (day.day, day.month), day.year) for day in days]
    return [*facts, *dates, *(Fact("day", day.weekday()) for day in days)]


def _groups(said: Sequence[Term]) -> set[str]:
    return {group for term in said for group in term.groups}


def _shared(said: Sequence[Term], there: Sequence[Term], *, abroad: bool) -> float:
    """Which part of the words that tell something the passage has too; 1 where none tells anything."""
    telling = [term for term in said if _tells(term)]
    found = [term for term in telling if _is_there(term, there, abroad=abroad)]
    return len(found) / len(telling) if telling else 1.0


def _tells(term: Term) -> bool:
    """Whether a word claims something; what is left of "D23" or "13h" without its figure does not."""
    return not (term.common or term.word.isdigit() or len(term.word) == 1 or term.stem in _WAYS_TO_SAY)


def _is_there(term: Term, there: Sequence[Term], *, abroad: bool) -> bool:
    """Whether a passage has this word in any form, or another word of its meaning."""
    groups = term.groups if abroad or term.stem in _SAY_ONE else term.groups - THINGS
    return any(term.stem == each.stem or groups & each.groups for each in there)
