"""What do we say to this question? The text of the rule that answers it, or nothing: then a person must."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import NamedTuple

from loguru import logger

from clients import Failed, Order
from hubcrew.items import Found
from hubcrew.knowledge import Knowledge
from hubcrew.orders import asks_for_own_order, told
from hubcrew.rank import Passage, rank

# How much of the question the best rule must cover. Below, "not known" is said rather than guessed.
SURE = 0.55
# A second rule belongs to the answer when it covers nearly as much, and something of its own.
NEARLY = 0.92


OrdersOf = Callable[[str, str], Awaitable[Sequence[Order]]]


class Used(NamedTuple):
    """A rule that an answer rests on, and its score."""

    kind: str
    id: str
    name: str
    score: float


class Answer(NamedTuple):
    """What is said, and which rules say so."""

    text: str
    rules: list[Used]


class HubCrew:
    """Answers questions from what an account's shop has synchronised."""

    def __init__(self, knowledge: Knowledge, orders_of: OrdersOf | None = None) -> None:
        self.knowledge = knowledge
        self._orders_of = orders_of

    async def ask(self, account: str, question: str, today: date, *, phone: str = "") -> Answer | None:
        """The answer to a question from the rules in force on that day, or None: not known.

        With `phone`, a number that the channel proves to be the customer's, their own orders are told as well.
        """
        orders = await self._own_orders(account, phone) if phone and asks_for_own_order(question) else []
        if orders:
            return Answer(told(orders), [Used("order", each.name, each.name, 1.0) for each in orders])
        found = await self.knowledge.candidates(account, question, today)
        ranked = rank(question, [Passage(each.item.name, each.item.text) for each in found])
        if not ranked or ranked[0].score < SURE:
            return None
        best = [(found[each.place], each.score) for each in ranked[:2]]
        if len(best) == 2 and not _belong_together(best[0], best[1]):
            best.pop()
        return Answer("\n\n".join(each.item.text for each, _ in best), [_used(each, score) for each, score in best])

    async def _own_orders(self, account: str, phone: str) -> Sequence[Order]:
        try:
            return await self._orders_of(account, phone) if self._orders_of is not None else []
        except Failed as error:  # then it is not known, and a person has it at once
            logger.bind(component="hub").warning("Odoo could not be asked for {}'s orders: {}", account, error)
            return []


def _belong_together(first: tuple[Found, float], second: tuple[Found, float]) -> bool:
    same_subject = first[0].item.type and first[0].item.type == second[0].item.type
    return (
        bool(same_subject) and second[1] >= max(SURE, first[1] * NEARLY) and first[0].item.text != second[0].item.text
    )


def _used(found: Found, score: float) -> Used:
    return Used(found.kind, found.item.id, found.item.name, round(score, 3))
