"""What do we say to this question? The text of the rule that answers it, or nothing: then a person must."""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from gettext import gettext as _
from typing import NamedTuple

from loguru import logger

from clients import Failed, Order
from hubcrew.intent import courtesy_of, intent_of
from hubcrew.items import Found, Item
from hubcrew.knowledge import Knowledge
from hubcrew.opening import asks_for_hours, names_a_holiday, read_week, tell, when_next
from hubcrew.orders import asks_for_own_order, asks_what_became, told
from hubcrew.rank import Candidate, candidate, rank
from hubcrew.words import plain, tokens, words

# The chance that the best rule is the answer. Below, "not known" is said rather than guessed.
SURE = 0.6
# A rule that answers it with at least this chance is named to the person who takes over.
NEAR = 0.2
# A second rule of the same subject belongs to the answer when it covers nearly as much.
NEARLY = 0.92
# For so long an offer that has ended is asked for.
STILL_ASKED_FOR = timedelta(days=60)
_ASKS_FOR_THE_END = re.compile(
    r"\b(?:ate quando|ate que dia|ate qual dia|vai ate|dura ate|(?:quando|que dia) (?:acaba|termina)|prazo)\b"
)


OrdersOf = Callable[[str, str], Awaitable[Sequence[Order]]]


class Used(NamedTuple):
    """A rule that an answer rests on, and the chance that it is the answer."""

    kind: str
    id: str
    name: str
    score: float


class Answer(NamedTuple):
    """What is said, and which rules say so."""

    text: str
    rules: list[Used]


class HandOver(NamedTuple):
    """That a person must answer: why, and what comes nearest, if anything does."""

    reason: str
    nearest: tuple[Used, ...] = ()


class Considered(NamedTuple):
    """What may answer, each with its score, best first; and the chance (0 to 1) that the first does."""

    found: list[tuple[Found, float]]
    chance: float


class HubCrew:
    """Answers questions from what an account's shop has synchronised."""

    def __init__(self, knowledge: Knowledge, orders_of: OrdersOf | None = None) -> None:
        self.knowledge = knowledge
        self._orders_of = orders_of

    async def ask(self, account: str, question: str, now: datetime, *, phone: str = "") -> "Answer | HandOver":
        """The answer to a question from the rules in force, or that a person must. `now` is by the shop's clock.

        With `phone`, a number that the channel proves to be the customer's, their own orders are told as well.
        """
        intent = intent_of(question)
        if intent in ("danger", "person", "angry"):
            return HandOver(intent)
        orders = await self._own_orders(account, phone) if phone and asks_for_own_order(question) else []
        if orders:
            return Answer(told(orders), [Used("order", each.name, each.name, 1.0) for each in orders])
        if intent == "complaint" or asks_what_became(question):
            return HandOver(intent or "own order")
        if not words(question) and (courtesy := courtesy_of(question)):
            return Answer(await self._courtesy(account, courtesy), [])
        hours = await self._hours(account, question, now) if asks_for_hours(question) else None
        return hours or await self._from_rules(account, question, now)

    async def _from_rules(self, account: str, question: str, now: datetime) -> "Answer | HandOver":
        considered = await self.consider(account, question, now.date())
        if considered.chance >= SURE and not _misses_the_day(question, considered.found[0][0]):
            return _with_end(_answer(considered), considered.found[0][0].item, question)
        ended = await self._ended(account, question, now.date())
        if ended:
            return ended
        nearest = (_used(considered.found[0][0], considered.chance),) if considered.chance >= NEAR else ()
        return HandOver("not known", nearest)

    async def _ended(self, account: str, question: str, today: date) -> Answer | None:
        """That an offer has ended, if one answers the question better than all that is in force; never its text."""
        found = await self.knowledge.candidates(account, question, today, since=today - STILL_ASKED_FOR)
        ranking = rank(question, [_candidate(each) for each in found])
        best = found[ranking.ranked[0].place] if ranking.chance >= SURE else None
        if best is None or best.kind != "temporary" or best.item.ends is None or best.item.ends >= today.isoformat():
            return None
        text = _("That offer ended on {date}.").format(date=_shown(best.item.ends))
        return Answer(text, [Used("ended", best.item.id, best.item.name, round(ranking.chance, 3))])

    async def when(self, account: str, now: datetime) -> str:
        """When somebody will be there, by the opening hours; "" while somebody should be, or where they say nothing."""
        return when_next([each.text for each in await self.knowledge.hours(account)], now)

    async def _courtesy(self, account: str, courtesy: str) -> str:
        """What is said to a greeting (the shop's own words, where it has some), to thanks, to a goodbye."""
        own = await self.knowledge.manner(account)
        return {
            "greeting": str(own.get("greeting_message") or "").strip() or _("Hello! How can I help you?"),
            "thanks": _("You are welcome! If you need anything else, just write."),
            "goodbye": _("Goodbye! If you need anything else, just write."),
        }[courtesy]

    async def _hours(self, account: str, question: str, now: datetime) -> Answer | None:
        """What the opening hours say of now, or of the day that is asked for; None where they do not."""
        if names_a_holiday(question):
            return None
        for item in await self.knowledge.hours(account):
            said = tell(read_week(item.text), question, now)
            if said:
                return Answer(f"{said}\n\n{item.text}", [Used("company", item.id, item.name, 1.0)])
        return None

    async def consider(self, account: str, question: str, today: date) -> Considered:
        """What may answer the question, best first, and the chance that the first does."""
        found = await self.knowledge.candidates(account, question, today)
        ranking = rank(question, [_candidate(each) for each in found])
        return Considered([(found[each.place], each.score) for each in ranking.ranked], ranking.chance)

    async def _own_orders(self, account: str, phone: str) -> Sequence[Order]:
        try:
            return await self._orders_of(account, phone) if self._orders_of is not None else []
        except Failed as error:  # then it is not known, and a person has it at once
            logger.bind(component="hub").warning("Odoo could not be asked for {}'s orders: {}", account, error)
            return []


def _with_end(answer: Answer, item: Item, question: str) -> Answer:
    """With the day until which it holds, where that is asked for."""
    if item.ends is None or not _ASKS_FOR_THE_END.search(" ".join(tokens(question))):
        return answer
    until = _("Valid until {date}.").format(date=_shown(item.ends))
    return answer._replace(text=f"{answer.text}\n\n{until}")


def _shown(day: str) -> str:
    return date.fromisoformat(day).strftime("%d/%m/%Y")


def _misses_the_day(question: str, found: Found) -> bool:
    """Whether a holiday or a date is asked for, and what was found does not speak of one."""
    return names_a_holiday(question) and found.item.type == "hours" and "feriado" not in plain(found.item.text)


def _candidate(found: Found) -> Candidate:
    is_document = found.kind == "document"
    subject = found.item.name.partition(" \u203a ")[0] if is_document else f"{found.kind} {found.item.id}"
    return candidate(found.terms, subject, is_document=is_document)


def _answer(considered: Considered) -> Answer:
    least = considered.found[0][1] * NEARLY
    best = [found for found, score in considered.found[:2] if score >= least]
    if len(best) == 2 and not _belong_together(*best):
        best.pop()
    text = "\n\n".join(each.item.text for each in best)
    return Answer(text, [_used(each, considered.chance) for each in best])


def _belong_together(first: Found, second: Found) -> bool:
    return bool(first.item.type) and first.item.type == second.item.type and first.item.text != second.item.text


def _used(found: Found, chance: float) -> Used:
    return Used(found.kind, found.item.id, found.item.name, round(chance, 3))
