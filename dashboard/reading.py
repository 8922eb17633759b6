"""How is a day of an account read in Chatwoot's own list, and compared? In the background, with its progress; kept."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

import msgspec
from loguru import logger

from clients import Chatwoot
from clients.http import Failed, Refused
from clients.installation import api_root
from clients.missed import Missed, Told, as_webhook
from config.accounts import Account, Accounts, Place
from dashboard import proof
from dashboard.proof import Row
from relay import Incoming
from relay.event import now_ms
from relay.source import Source
from relay.store import State, Store, found

# Where what was found is kept, by account; and of which days, the oldest look first.
KEPT, DAYS = "audit {day}", "audits"
MOST_DAYS = 31


class Spot(NamedTuple):
    """One account of a Chatwoot, as it is read."""

    place: Place
    number: int
    reading: Missed


class Kept(msgspec.Struct):
    """What a look has found: when (epoch milliseconds), the rows, and how many conversations could not be read."""

    checked: int
    rows: list[Row] = []
    unreadable: int = 0


class Reading:
    """One look through a day of an account, conversation by conversation. `total` is None until they are listed."""

    def __init__(self, spots: list[Spot], account: Account, day: date, audits: "Audits") -> None:
        self.state, self.error = "running", ""
        self.total: int | None = None
        self.seen = 0
        self._spots = spots
        self._account = account
        self._day = day
        self._audits = audits
        self._start, self._end = proof.bounds(day, account.zone)
        self._kept = Kept(now_ms())
        self._looking = asyncio.create_task(self._look())

    def shown(self) -> dict[str, Any]:
        """How far it is."""
        return {name: getattr(self, name) for name in ("state", "error", "total", "seen")}

    async def _look(self) -> None:
        try:
            chosen = [(spot, each) for spot in self._spots for each in await self._conversations(spot)]
            self.total = len(chosen)
            for spot, conversation in chosen:
                self._kept.rows += await self._rows(spot, conversation)
                self.seen += 1
            self._kept.rows.sort(key=lambda each: (each.written, each.message))
            await self._audits.keep(self._account, self._day, self._kept)
            self.state = "done"
        except Exception as error:  # noqa: BLE001  # whatever it was, it is shown where the progress is
            self.state, self.error = "failed", str(error) or type(error).__name__
            log = logger.bind(component="server").opt(exception=None if isinstance(error, Failed) else error)
            log.error("{}: Chatwoot's list of {} was not read to its end", self._account.id, self._day)

    async def _conversations(self, spot: Spot) -> list[Told]:
        """All that may hold a message of this day."""
        listed = await spot.reading.conversations(self._start / 1000)
        return [each for each in listed if float(each.get("created_at") or 0) * 1000 < self._end]

    async def _rows(self, spot: Spot, conversation: Told) -> list[Row]:
        try:
            messages = await spot.reading.messages(conversation["id"], self._start / 1000)
        except Refused:  # it is gone, or in an inbox that is not the user's
            self._kept.unreadable += 1
            return []
        facts = {number: self._fact(spot, conversation, each) for number, each in enumerate(messages)}
        mine = {number: fact for number, fact in facts.items() if fact is not None}
        known = await self._audits.found(list(mine.values()))
        return [
            msgspec.structs.replace(
                proof.row_of(messages[number], messages[number + 1 :], known.get(fact), now_ms()),
                place=spot.place.name,
                conversation=conversation["id"],
            )
            for number, fact in mine.items()
        ]

    def _fact(self, spot: Spot, conversation: Told, message: Told) -> str | None:
        """What the webhook of a customer's message of this day told of; None where it would not have been ours."""
        if not (proof.is_a_customers(message) and self._start <= proof.written(message) < self._end):
            return None
        body = msgspec.json.encode(as_webhook(message, conversation, spot.number))
        return self._audits.fact(self._account, spot, body)


class Audits:
    """The looks of this process, and what they need: Chatwoot, the source that names its messages, the store."""

    def __init__(self, accounts: Accounts, store: Store, chatwoot: Chatwoot, sources: Iterable[Source]) -> None:
        self._accounts = accounts
        self._store = store
        self._state = State(store)
        self._chatwoot = chatwoot
        self._source = next(each for each in sources if each.name == "chatwoot")
        self._latest: dict[tuple[str, date], Reading] = {}

    def begin(self, account: Account, day: date) -> Reading | None:
        """Begin to look, unless somebody has just begun; None where no user's token can read the list."""
        going = self.latest(account, day)
        if going is not None and going.state == "running":
            return going
        spots = list(self._spots(account))
        if not spots:
            return None
        self._latest[account.id, day] = going = Reading(spots, account, day, self)
        return going

    def latest(self, account: Account, day: date) -> Reading | None:
        """The look that was begun last."""
        return self._latest.get((account.id, day))

    async def kept(self, account: Account, day: date) -> Kept | None:
        """What the last whole look has found."""
        known = await self._state.get(account.id, KEPT.format(day=day))
        return None if known is None else msgspec.convert(known, Kept)

    async def keep(self, account: Account, day: date, kept: Kept) -> None:
        """Keep what was found; of so many days, what was looked at before is forgotten."""
        await self._state.put(account.id, KEPT.format(day=day), msgspec.to_builtins(kept))
        forgotten: list[str] = []

        def with_day(days: list[str] | None) -> list[str]:
            looked = [*(each for each in days or () if each != str(day)), str(day)]
            forgotten[:] = looked[:-MOST_DAYS]
            return looked[-MOST_DAYS:]

        await self._state.change(account.id, DAYS, with_day)
        for each in forgotten:
            await self._state.put(account.id, KEPT.format(day=each), None)

    async def found(self, facts: list[str]) -> dict[str, found.Found]:
        """Our events of these facts."""
        return await self._store.read(found.by_facts, self._source.name, facts)

    def fact(self, account: Account, spot: Spot, body: bytes) -> str | None:
        """What a webhook with this body tells of; None where it would be another account's."""
        homes = [
            (owner, place)
            for owner, place in self._accounts.homes()
            if api_root(place.base_url) == api_root(spot.place.base_url)
        ]
        named = self._source.describe(Incoming("POST", "/webhook", "", {}, body, now_ms(), sender=homes))
        return named.fact_id if named.account == account.id else None

    def _spots(self, account: Account) -> Iterator[Spot]:
        """Each account of a Chatwoot that this account has a user's token for, once."""
        known = set()
        for place in account.chatwoot:
            name = (api_root(place.base_url), place.number)
            if place.base_url and place.api_key and place.number is not None and name not in known:
                known.add(name)
                installation, root = self._chatwoot.account(
                    account.id, place.name, account_number=place.number, test=False
                )
                yield Spot(place, place.number, Missed(installation, root or ""))
