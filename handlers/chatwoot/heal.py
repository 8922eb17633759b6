"""What never came? After a time down, and every few minutes, Chatwoot is asked, and the missing events are made."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import msgspec
from loguru import logger
from msgspec.structs import replace

from clients.chatwoot import Chatwoot
from clients.http import Failed, Refused
from clients.installation import api_root
from clients.missed import Missed, Told, active_at, as_webhook, written_at
from config.accounts import Home
from config.settings import Settings
from handlers.chatwoot.message import Message, read_message
from handlers.chatwoot.reply import ANSWERED
from handlers.chatwoot.source import describe, scrub
from hubcrew.healed import HEALED, Progress, due_at, read_all, with_progress
from relay import Incoming, Named, Reconcile, State, meanwhile
from relay.event import now_ms
from relay.store import Store
from relay.store.handled import last_by_source

log = logger.bind(component="hub")

TICK_SECONDS = 1.0
# Each look begins so long before the one before it: clocks differ, and Chatwoot writes several messages at once.
OVERLAP_SECONDS = 600.0
# The webhook of a message that is younger may be on its way, unless it was written before this server ran.
ON_ITS_WAY_SECONDS = 15.0
# So many conversations are read at one turn; the rest at the next.
MOST_CONVERSATIONS = 200


class Spot(NamedTuple):
    """One account of a Chatwoot that an account of ours has a user's token for."""

    account: str
    place: str
    base_url: str
    number: int

    @property
    def name(self) -> str:
        """What its progress is kept under."""
        return f"{api_root(self.base_url)}/accounts/{self.number}"


class Missing(NamedTuple):
    """A message that never came, named as its webhook would have been."""

    number: int
    written: float
    named: Named
    body: bytes
    remark: str


@meanwhile(TICK_SECONDS)
async def heal(settings: Settings, chatwoot: Chatwoot, state: State, store: Store, reconcile: Reconcile) -> None:
    """Look wherever it is time to; never while another copy of this server is the one that Chatwoot sends to."""
    every = settings.heal_every_minutes * 60
    for spot in spots(settings.accounts.homes()) if every else ():
        progress = read_all(await state.get(spot.account, HEALED)).get(spot.name)
        is_due = due_at(progress, chatwoot.living.started, every, time.time()) <= time.time()
        if is_due and await chatwoot.living.standing(spot.account) is None:
            progress = progress or await _begin(store, spot.account)
            after = await Look(spot, settings, chatwoot, reconcile).take(progress)
            await state.change(spot.account, HEALED, partial(with_progress, spot=spot.name, progress=after))


def spots(homes: Iterable[Home]) -> Iterator[Spot]:
    """Where there is something to be asked, each account of a Chatwoot once."""
    known = set()
    for account, place in homes:
        if place.base_url and place.api_key and place.number is not None:
            spot = Spot(account.id, place.name, place.base_url, place.number)
            if (account.id, spot.name) not in known:
                known.add((account.id, spot.name))
                yield spot


async def _begin(store: Store, account: str) -> Progress:
    """Where it was never looked, what was there before anything of the account came here is not ours."""
    last = (await store.read(last_by_source)).get(("chatwoot", account))
    since = time.time() if last is None else last / 1000 - OVERLAP_SECONDS
    return Progress(since=since, first=since)


@dataclass
class Look:
    """One look through an account of a Chatwoot."""

    spot: Spot
    settings: Settings
    chatwoot: Chatwoot
    reconcile: Reconcile
    seen_upto: float = 0.0
    waits: bool = False

    async def take(self, progress: Progress) -> Progress:
        """Read, and make what is missing, the oldest first; how far it is looked now."""
        begun = time.time()
        since = max(progress.since, begun - self.settings.retention_days * 86400)
        missing: list[Missing] = []
        problem, rest = "", True
        self.seen_upto = progress.upto
        try:
            rest = await self._read(since, missing)
        except Failed as failed:
            problem = "refused" if isinstance(failed, Refused) else "unreachable"
            if problem != progress.problem:
                log.warning("{}: what never came cannot be asked for: {}", self.spot.account, failed)
        made = sum([await self._make(each) for each in sorted(missing, key=_number)])
        after = replace(progress, looked=time.time(), problem=problem, goes_on=(rest and not problem) or self.waits)
        if rest:
            after = replace(after, upto=self.seen_upto)
        else:
            after = replace(after, since=max(after.first, begun - OVERLAP_SECONDS), upto=0.0)
        if not made:
            return after
        log.warning("{}: {} messages had never come and were fetched from Chatwoot", self.spot.account, made)
        return replace(after, made=progress.made + made, last_made=made, last_found_at=after.looked)

    async def _read(self, since: float, missing: list[Missing]) -> bool:
        """Collect what is missing; whether there are more conversations than are read at one turn."""
        installation, root = self.chatwoot.account(
            self.spot.account, self.spot.place, account_number=self.spot.number, test=False
        )
        reading = Missed(installation, root or "")
        listed = await reading.conversations(max(since, self.seen_upto))
        active = [each for each in listed if active_at(each) > self.seen_upto]
        last = active_at(active[:MOST_CONVERSATIONS][-1]) if active else self.seen_upto
        before = self.seen_upto
        for conversation in (each for each in active if active_at(each) <= last):
            if active_at(conversation) > before:  # all that were active before it are read
                self.seen_upto, before = before, active_at(conversation)
            missing += await self._missing_in(reading, conversation, since)
        self.seen_upto = last
        return bool(active) and active_at(active[-1]) > last

    async def _missing_in(self, reading: Missed, conversation: Told, since: float) -> list[Missing]:
        try:
            messages = await reading.messages(conversation["id"], since)
        except Refused as refused:  # it is gone, or in an inbox that is not the user's
            log.info("{}: a conversation cannot be read: {}", self.spot.account, refused)
            return []
        found = list(self._named(messages, conversation))
        facts = [each.named.fact_id for each in found if each.named.fact_id is not None]
        known = await self.reconcile.known("chatwoot", facts)
        missing = [each for each in found if each.named.fact_id not in known]
        old = [each for each in missing if not self._may_be_on_its_way(each.written)]
        self.waits = self.waits or len(old) < len(missing)
        return old

    def _named(self, messages: list[Told], conversation: Told) -> Iterator[Missing]:
        """Those that may be ours and should have come, named as they would have been."""
        remark = "true"
        for message in reversed(messages):
            payload = as_webhook(message, conversation, self.spot.number)
            if payload is None:
                continue
            body = msgspec.json.encode(payload)
            named = self._name(body)
            if named.account == self.spot.account and named.fact_id is not None:
                yield Missing(message["id"], written_at(message), named, scrub(body, named), remark)
            if speaks(read_message(payload)):
                remark = ANSWERED

    def _may_be_on_its_way(self, written: float) -> bool:
        return written > time.time() - ON_ITS_WAY_SECONDS and written >= self.chatwoot.living.started

    def _name(self, body: bytes) -> Named:
        """Whose it is: of all that have this account of this Chatwoot, the one that its inbox is for."""
        homes = [
            (account, place)
            for account, place in self.settings.accounts.homes()
            if api_root(place.base_url) == api_root(self.spot.base_url)
        ]
        return describe(Incoming("POST", "/webhook", "", {}, body, now_ms(), sender=homes))

    async def _make(self, missing: Missing) -> bool:
        return await self.reconcile("chatwoot", missing.named, missing.body, remark=missing.remark)


def _number(missing: Missing) -> int:
    return missing.number


def speaks(message: Message) -> bool:
    """Whether somebody says it to the customer: a person, a bot, the shop's own phone; no greeting, no campaign."""
    if message.type != "outgoing" or message.private or message.of_campaign:
        return False
    from_phone = message.attributes.get("external_echo") is True or message.source_id.startswith("WAID:")
    return message.sender is not None or from_phone
