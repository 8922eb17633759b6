"""Is it this copy of the server that Chatwoot sends to? Asked of Chatwoot itself, before anything is done there.

An old laptop that wakes up, or a backup that is tried out elsewhere, has the tokens to answer customers too. So a copy
stands by while Chatwoot's registered addresses lead to another one, and while somebody has paused it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import NamedTuple

from loguru import logger

from clients.addresses import is_at, looks_like_ours, shown
from clients.chatwoot_setup import AgentBot, ChatwootSetup, Inbox, Webhook
from clients.http import Refused, Unavailable

log = logger.bind(component="server")
Sender = Webhook | AgentBot | Inbox

# It is asked anew after so long; sooner where this copy stands by, or could not find it out.
ASK_SECONDS, ASK_SOON_SECONDS = 60.0, 5.0
# What is older tells nothing any more: the machine has slept.
STALE_SECONDS = 180.0
TICK_SECONDS = 1.0
# What waits meanwhile is tried again after a tenth of the time that it has stood by, within these bounds.
LEAST_WAIT_SECONDS, MOST_WAIT_SECONDS = 1.0, 120.0

PAUSED, ELSEWHERE, NOT_ASKED = "paused", "elsewhere", "not asked"


class Standing(NamedTuple):
    """Why this copy stands by. `about` is what was said when it was paused, or the address that Chatwoot sends to."""

    why: str
    about: str = ""


class StandsBy(Unavailable):
    """Nothing is sent from this copy now."""

    def __init__(self, standing: Standing, stood_seconds: float) -> None:
        about = f": {standing.about}" if standing.about else ""
        wait = min(max(stood_seconds / 10, LEAST_WAIT_SECONDS), MOST_WAIT_SECONDS)
        super().__init__(f"this server stands by ({standing.why}{about})", wait)


class Registry(NamedTuple):
    """Where an account's addresses are registered: a Chatwoot, a user's token, and the account's number there."""

    base_url: str
    token: str
    number: int


class Copy(NamedTuple):
    """An account as this copy serves it: by which addresses that is reached, and where one is registered."""

    addresses: tuple[str, ...]
    registries: tuple[Registry, ...]


class Registered(NamedTuple):
    """The addresses that Chatwoot sends to; `is_all`: the token may see every kind of them."""

    urls: tuple[str, ...]
    is_all: bool


async def _not_paused() -> str:
    return ""


class Living:
    """Who may act in Chatwoot: this copy, or another. `copies` tells of every account as it is set up now."""

    def __init__(
        self,
        copies: Callable[[], dict[str, Copy]] = dict,
        paused: Callable[[], Awaitable[str]] = _not_paused,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.started = now()
        self._copies = copies
        self._paused = paused
        self._now = now
        self._found: dict[str, tuple[float, Standing | None]] = {}
        self._next: dict[str, float] = {}
        self._since: dict[str, float] = {}

    async def standing(self, account: str) -> Standing | None:
        """Why this copy stands by for an account; None where it acts, or where nothing can be found out."""
        if paused := await self._paused():
            return Standing(PAUSED, paused)
        if not _can_ask(self._copies().get(account)):
            return None
        at, standing = self._found.get(account, (0.0, Standing(NOT_ASKED)))
        return standing if abs(self._now() - at) < STALE_SECONDS else Standing(NOT_ASKED)

    async def check(self, account: str) -> None:
        """Raise `StandsBy` where nothing may be sent for an account."""
        standing = await self.standing(account)
        if standing is None:
            self._since.pop(account, None)
            return
        raise StandsBy(standing, self._now() - self._since.setdefault(account, self._now()))

    async def run(self) -> None:
        """Ask for as long as the server runs."""
        while True:
            due = {name: copy for name, copy in self._copies().items() if _can_ask(copy) and self._is_due(name)}
            await asyncio.gather(*(self._ask(name, copy) for name, copy in due.items()))
            await asyncio.sleep(TICK_SECONDS)

    def _is_due(self, account: str) -> bool:
        """By the clock on the wall, which goes on while the machine sleeps; one that was set back delays nothing."""
        return not 0 < self._next.get(account, 0.0) - self._now() <= ASK_SECONDS

    async def _ask(self, account: str, copy: Copy) -> None:
        try:
            told = [await registered(each) for each in copy.registries]
        except Unavailable as failed:  # nothing can be sent there either: it is known later
            log.debug("{}: which addresses are registered is not known yet: {}", account, failed)
            self._next[account] = self._now() + ASK_SOON_SECONDS
            return
        except Exception as failed:  # noqa: BLE001  # whatever it was: where nothing can be found out it goes on
            log.debug("{}: which addresses are registered cannot be read: {}", account, failed)
            told = [Registered((), is_all=False)]
        self._take(account, judge(told, copy))

    def _take(self, account: str, standing: Standing | None) -> None:
        before = self._found.get(account, (0.0, None))[1]
        self._found[account] = (self._now(), standing)
        self._next[account] = self._now() + (ASK_SECONDS if standing is None else ASK_SOON_SECONDS)
        if standing is not None and standing != before:
            log.warning("{}: Chatwoot sends to {}, not here: this server stands by", account, standing.about)
        elif standing is None and before is not None:
            log.info("{}: Chatwoot sends here again: this server goes on", account)


def _can_ask(copy: Copy | None) -> bool:
    return copy is not None and bool(copy.addresses and copy.registries)


def judge(told: Sequence[Registered], copy: Copy) -> Standing | None:
    """Whether another copy of this server is the registered one. Pure.

    Any address that leads here counts. Where none that is registered could be such a server's, there is no other copy.
    """
    urls = [url for each in told for url in each.urls]
    if any(is_at(url, here) for url in urls for here in copy.addresses):
        return None
    others = [url for url in urls if looks_like_ours(url)]
    if not others or not all(each.is_all for each in told):
        return None
    return Standing(ELSEWHERE, shown(others[0]))


async def registered(registry: Registry) -> Registered:
    """The addresses of the account's webhooks, bots and API inboxes; raises `Failed`, but for what it may not see."""
    async with aclosing(ChatwootSetup(registry.base_url, registry.token, registry.number)) as setup:
        asked: list[Awaitable[Sequence[Sender]]] = [setup.webhooks(), setup.bots(), setup.inboxes()]
        told = await asyncio.gather(*(_if_seen(each) for each in asked))
    urls = [each.url for senders in told for each in senders or () if each.url]
    return Registered(tuple(urls), is_all=None not in told)


async def _if_seen(asked: Awaitable[Sequence[Sender]]) -> Sequence[Sender] | None:
    try:
        return await asked
    except Refused:
        return None
