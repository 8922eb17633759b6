"""What do we say to this question? The text of the rule that answers it, or nothing: then a person must."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from loguru import logger

from clients import Failed, Order
from clients.phone import e164, spellings
from hubcrew import answer, prompt
from hubcrew.answer import Answer, Considered, HandOver, Used
from hubcrew.crews import Crew, choose, crews_with, meanings_of
from hubcrew.intent import courtesy_of, intent_of
from hubcrew.items import Found, Item
from hubcrew.knowledge import Knowledge
from hubcrew.manner import Manner, courtesy, dressed, passing_on
from hubcrew.opening import Opening, asks_for_hours, names_a_holiday, read_opening, tell, when_next
from hubcrew.orders import asks_for_own_order, asks_what_became, told
from hubcrew.outside import AskAt, asked_outside
from hubcrew.rank import Candidate, Ranking, candidate, rank
from hubcrew.shop import Shop, worded_otherwise
from hubcrew.tongue import language_of, speaking
from hubcrew.words import plain, words
from hubcrew.writer import NotWritten, Writer, Written

# The chance that the best rule is the answer. Below, "not known" is said rather than guessed.
SURE = 0.6
# A rule that answers it with at least this chance is named to the person who takes over.
NEAR = 0.05
# So many passages, the nearest, are what a reply may be worded from.
MOST_WORDED_FROM = 5
# For so long an offer that has ended is asked for.
STILL_ASKED_FOR = timedelta(days=60)

OrdersOf = Callable[[str, str], Awaitable[Sequence[Order]]]
ShopOf = Callable[[str], Shop]
Reply = Answer | HandOver


class Asked(NamedTuple):
    """A question, of whom, when by the shop's clock, and who is to answer it.

    `phone` is a number that the channel proves to be the customer's, or "".
    """

    account: str
    question: str
    now: datetime
    phone: str
    shop: Shop
    crew: Crew | None  # None: a special number's crew that nobody has declared


class HubCrew:
    """Answers questions from what an account's shop has synchronised."""

    def __init__(
        self,
        knowledge: Knowledge,
        orders_of: OrdersOf | None = None,
        shop_of: ShopOf = lambda _account: Shop(),
        *,
        writer: Writer | None = None,
        ask_outside: AskAt | None = None,
    ) -> None:
        self.knowledge = knowledge
        self._orders_of = orders_of
        self._shop_of = shop_of
        self._writer = writer
        self._ask_outside = ask_outside

    async def ask(self, account: str, question: str, now: datetime | None = None, *, phone: str = "") -> Reply:
        """The answer to a question from the rules in force, or that a person must, in the customer's language.

        Without `now` it is asked at this moment, by the shop's clock.
        """
        shop = self._shop_of(account)
        now = now or datetime.now(shop.zone)
        asked = Asked(account, question, now, phone, shop, _crew_for(shop, question, phone))
        steps = (self._urgent, self._own_order, self._lost, self._courtesy, self._hours, self._rules)
        with speaking(language_of(question)):
            for step in steps:
                reply = await step(asked)
                if reply is not None:
                    return reply._replace(crew=asked.crew.name if asked.crew else "")
        raise AssertionError("the last step always replies")

    # Step by step: each answers it, hands it over, or leaves it to the next

    async def _urgent(self, asked: Asked) -> Reply | None:
        """What a person must see at once, whatever else is said."""
        intent = intent_of(asked.question)
        if intent in ("danger", "person", "angry"):
            return HandOver(intent)
        return HandOver("special number") if asked.crew is None else None

    async def _own_order(self, asked: Asked) -> Reply | None:
        """A customer's own orders, told only to the number that they belong to."""
        if not asked.phone or self._orders_of is None or not asks_for_own_order(asked.question):
            return None
        try:
            orders = await self._orders_of(asked.account, asked.phone)
        except Failed as error:  # then it is not known, and a person has it at once
            logger.bind(component="hub").warning("Odoo could not be asked for {}'s orders: {}", asked.account, error)
            return None
        if not orders:
            return None
        return Answer(told(orders), [Used("order", each.name, each.name, 1.0) for each in orders])

    async def _lost(self, asked: Asked) -> Reply | None:
        """What became of one's own thing, or a wrong charge: no rule can know."""
        intent = intent_of(asked.question)
        if intent == "complaint" or asks_what_became(asked.question):
            return HandOver(intent or "own order")
        return None

    async def _courtesy(self, asked: Asked) -> Reply | None:
        """A greeting, thanks or a goodbye, and nothing else: returned in the shop's manner."""
        kind = "" if words(asked.question) else courtesy_of(asked.question)
        if not kind:
            return None
        manner = await self.knowledge.manner(asked.account)
        told_first = kind == "greeting" and manner.offers_first
        offers = await self.knowledge.offers(asked.account, asked.now.date()) if told_first else []
        return Answer(courtesy(kind, manner, offers), [])

    async def _hours(self, asked: Asked) -> Reply | None:
        """What the opening hours say of now, or of the days that are asked for; None where they do not."""
        if not asks_for_hours(asked.question):
            return None
        known = await self.knowledge.hours(asked.account)
        said = tell(read_opening(_hours_of(asked.shop, known)), asked.question, asked.now)
        if not said:
            return None
        rules = [Used("company", each.id, each.name, 1.0, each.text) for each in known[:1]]
        text = "\n\n".join([said, *(each.text for each in known[:1])])
        return await self._in_manner(asked, Answer(text, rules))

    async def _rules(self, asked: Asked) -> Reply:
        """The text of the rule that answers it, if one does surely enough and the crew may use it."""
        assert asked.crew is not None
        today = asked.now.date()
        considered, ended = await self._found(asked.account, asked.question, today, since=today - STILL_ASKED_FOR)
        nearest = tuple(answer.used(found, considered.chance) for found, _score in considered.found[:1])
        nearest = nearest if considered.chance >= NEAR else ()
        if asked.crew.hands_over & meanings_of(asked.question):
            return HandOver("for a person", nearest)
        if ended is not None:
            return ended
        if considered.chance < SURE or _misses_the_day(asked.question, today, considered.found[0][0]):
            return HandOver("not known", nearest)
        if not asked.crew.may_use(considered.found[0][0]):
            return HandOver("outside", nearest)
        return await self._in_manner(asked, answer.told_by(considered, asked.question))

    async def _in_manner(self, asked: Asked, reply: Answer) -> Answer:
        """The reply as this shop's customers get it, with what its crew says at the end."""
        closing = asked.crew.closing if asked.crew else ""
        text = dressed("\n\n".join(filter(None, [reply.text, closing])), await self.knowledge.manner(asked.account))
        return reply._replace(text=text)

    # In other words

    async def worded(
        self, account: str, question: str, reply: Reply, now: datetime, *, phone: str = "", before: Sequence[str] = ()
    ) -> Reply:
        """The reply as a model, or a crew in a process of its own, words it from what is known; else as it is.

        Asked once for a whole reply, and only where a rule answers it or nothing surely does: what is computed, a
        courtesy, and what a person must see stay as they are.
        """
        is_open = reply.worded_by == "rule" if isinstance(reply, Answer) else reply.reason == "not known"
        shop = self._shop_of(account)
        crew = _crew_for(shop, question, phone)
        if not is_open or crew is None or not (crew.address or (shop.llm and self._writer is not None)):
            return reply
        today = now.date()
        considered = await self.consider(account, question, today)
        usable = (each for each, _score in considered.found[:MOST_WORDED_FROM] if crew.may_use(each))
        # The usual hours are no answer to a holiday, however they are worded.
        found = [each for each in usable if not _misses_the_day(question, today, each)]
        if not (found or crew.address):
            return reply
        manner = await self.knowledge.manner(account)
        written = await self._written(crew, _to_word(account, question, before, found, manner, now), now)
        if isinstance(written, NotWritten):
            return _not_written(reply, written)
        text = dressed("\n\n".join(filter(None, [written.text, crew.closing])), manner)
        rules = [answer.used(each, considered.chance) for each in found if _key(each) in written.sources]
        return Answer(text, rules, crew.name, "outside" if crew.address else "llm")

    async def _written(self, crew: Crew, asked: prompt.Asked, now: datetime) -> Written | NotWritten:
        if crew.address:
            assert self._ask_outside is not None
            return await asked_outside(self._ask_outside, crew, asked)
        assert self._writer is not None
        return await self._writer.write(asked, now)

    # What others ask for

    async def passing_on(self, account: str, question: str, now: datetime, reason: str) -> str:
        """What a customer is told, in their language, when a person takes over; with when somebody will be there."""
        manner = await self.knowledge.manner(account)
        hours = _hours_of(self._shop_of(account), await self.knowledge.hours(account))
        with speaking(language_of(question)):
            return passing_on(manner, when_next(hours, now), in_danger=reason == "danger")

    async def opening(self, account: str) -> Opening:
        """An account's opening hours, as far as they are known."""
        return read_opening(_hours_of(self._shop_of(account), await self.knowledge.hours(account)))

    async def consider(self, account: str, question: str, today: date) -> Considered:
        """What may answer the question, best first, and the chance that the first does."""
        considered, _ended = await self._found(account, question, today, since=today)
        return considered

    async def _found(
        self, account: str, question: str, today: date, *, since: date
    ) -> tuple[Considered, Answer | None]:
        """What is in force, as the wording of the question finds it that finds the surest; and the offer that ended."""
        found_by = []
        for wording in worded_otherwise(question, self._shop_of(account).synonyms):
            found = await self.knowledge.candidates(account, wording, today, since=since)
            considered = _considered(wording, [each for each in found if not _has_ended(each, today)])
            found_by.append((considered, _ended(wording, found, today, considered.chance)))
        return max(found_by, key=lambda each: (each[1] is not None, each[0].chance))


def _considered(question: str, found: Sequence[Found]) -> Considered:
    ranking = ranking_of(question, found)
    return Considered([(found[each.place], each.score) for each in ranking.ranked], ranking.chance)


def _has_ended(found: Found, today: date) -> bool:
    return found.item.ends is not None and found.item.ends < today.isoformat()


def _ended(question: str, found: Sequence[Found], today: date, least: float) -> Answer | None:
    """That an offer has ended, if one is as sure an answer as all that is in force is (`least`); never its text."""
    if not any(_has_ended(each, today) for each in found):
        return None
    considered = _considered(question, found)
    best = considered.found[0][0] if considered.chance >= max(SURE, least) else None
    if best is None or best.kind != "temporary" or not _has_ended(best, today):
        return None
    return answer.ended(best.item, considered.chance)


def _to_word(
    account: str, question: str, before: Sequence[str], found: Sequence[Found], manner: Manner, now: datetime
) -> prompt.Asked:
    passages = [prompt.Excerpt(_key(each), each.item.name, each.item.text) for each in found]
    style = {"communication_style": manner.style, "emoji_usage": manner.emojis}
    return prompt.Asked(account, question, before, passages, style, now.date(), language_of(question) or "pt")


def _key(found: Found) -> str:
    return f"{found.kind}:{found.item.id}"


def _not_written(reply: Reply, why: NotWritten) -> Reply:
    """What is said where nobody worded it: the rule's own text, unless it was read and found not to answer."""
    nearest = tuple(reply.rules) if isinstance(reply, Answer) else reply.nearest
    if why.reason == "unknown":
        return HandOver("the model knows no answer", nearest, reply.crew)
    if why.reason == "handed over":
        return HandOver("the crew hands over", nearest, reply.crew, why.details)
    if isinstance(reply, HandOver) and why.reason.startswith("failed"):
        return reply._replace(reason="the model failed")
    return reply


def _crew_for(shop: Shop, question: str, phone: str) -> Crew | None:
    """A special number's own crew (None where it is not declared), else the one that the question is for."""
    crews = crews_with(shop.crews)
    numbers = spellings(e164(phone) or phone) if phone else set()
    special = [crew for number, crew in shop.special_numbers.items() if (e164(number) or number) in numbers]
    return crews.get(special[0]) if special else choose(crews, question)


def _hours_of(shop: Shop, known: Sequence[Item]) -> list[str]:
    """What is said of the hours: an account's exceptions go before its texts."""
    return [*shop.opening, *(each.text for each in known)]


def _misses_the_day(question: str, today: date, found: Found) -> bool:
    """Whether a holiday or a date is asked for, and what was found does not speak of one."""
    is_of_hours = found.item.type == "hours" or "tmhours" in found.terms.split()
    is_unusual = is_of_hours and names_a_holiday(question, today)
    return is_unusual and "feriado" not in plain(found.item.text)


def ranking_of(question: str, found: Sequence[Found]) -> Ranking:
    """What was found, in the order in which it may answer, and the chance that the first does."""
    return rank(question, [_candidate(each) for each in found])


def _candidate(found: Found) -> Candidate:
    is_document = found.kind == "document"
    subject = found.item.name.partition(" \u203a ")[0] if is_document else f"{found.kind} {found.item.id}"
    return candidate(found.terms, subject, is_document=is_document, is_offer=found.kind == "temporary")
