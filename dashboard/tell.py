"""Who is told of an alarm, and when is it tried again? Each telling, to each that is to be told, until it succeeds.

A telling is on disk before it is tried, and taken from there when it has succeeded: after a kill in between, or where
the answer is lost, it is told once more. It bears the same number then.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from gettext import gettext as _
from typing import Any

import msgspec
from loguru import logger

from clients import Chatwoot, Failed
from clients.receiver import Receiver
from config.settings import Settings
from dashboard.alarms import Alarm
from relay.event import now_ms

log = logger.bind(component="server")
# What nobody takes for a day is no news any more.
GIVE_UP_MS = 86_400_000
LONGEST_WAIT_SECONDS = 900.0


class Telling(msgspec.Struct, frozen=True):
    """That an alarm has begun ("on") or is over, to be told to one of those that are told."""

    to: str
    state: str
    alarm: Alarm
    at: int

    @property
    def number(self) -> str:
        """The same whenever it is told again."""
        named = f"{self.alarm.id} {self.state} {self.alarm.since} {self.at}"
        return f"alarm_{hashlib.blake2b(named.encode(), digest_size=12).hexdigest()}"

    @property
    def text(self) -> str:
        """The sentence for people."""
        return self.alarm.text if self.state == "on" else _("Over: {text}").format(text=self.alarm.text)


class Teller:
    """Those that are to be told: a web address, a conversation in the first account's Chatwoot, both, or nobody."""

    def __init__(self, settings: Settings, chatwoot: Chatwoot) -> None:
        alarms = settings.alarms
        self._settings = settings
        self._chatwoot = chatwoot
        self._receiver = Receiver(alarms.webhook_url, alarms.webhook_secret)
        self._ways: dict[str, Callable[[Telling], Awaitable[Any]]] = {
            **({"webhook": self._post} if alarms.webhook_url else {}),
            **({"conversation": self._note} if alarms.conversation else {}),
        }
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, float] = {}

    def tellings(self, begun: Sequence[Alarm], over: Sequence[Alarm], now: int) -> list[Telling]:
        """What is to be told of a change, each to everybody."""
        said = [("on", each) for each in begun] + [("over", each) for each in over]
        return [Telling(to, state, alarm, now) for state, alarm in said for to in self._ways]

    async def tell(self, untold: Sequence[Telling], done: Callable[[Telling], Awaitable[None]]) -> None:
        """Tell what is to be told, in order, to each until it fails there; `done` remembers each that was."""
        for each in untold:
            if each.to not in self._ways or each.at < now_ms() - GIVE_UP_MS:
                log.warning("nobody could be told of the alarm {} ({}, to {})", each.alarm.id, each.state, each.to)
                await done(each)
        own = {to: [each for each in untold if each.to == to] for to in self._ways}
        await asyncio.gather(*(self._tell_one(to, tellings, done) for to, tellings in own.items()))

    async def _tell_one(self, to: str, own: list[Telling], done: Callable[[Telling], Awaitable[None]]) -> None:
        clock = asyncio.get_running_loop().time
        for each in own:
            if each.at < now_ms() - GIVE_UP_MS:
                continue
            if clock() < self._not_before.get(to, 0.0):
                return
            try:
                await self._ways[to](each)
            except Failed as error:
                failures = self._failures[to] = self._failures.get(to, 0) + 1
                self._not_before[to] = clock() + min(2.0**failures, LONGEST_WAIT_SECONDS)
                if failures == 1:
                    log.warning("an alarm could not be told ({}), it is tried again: {}", to, error)
                return
            self._failures[to] = 0
            await done(each)

    async def _post(self, telling: Telling) -> None:
        alarm, text = telling.alarm, telling.text
        told = {"alarm": alarm.code, "id": alarm.id, "state": telling.state, "since": alarm.since}
        about = {"account": alarm.account, "where": alarm.where}
        await self._receiver.tell(telling.number, {**told, **about, "text": text, "content": text})

    async def _note(self, telling: Telling) -> None:
        number = self._settings.alarms.conversation or 0
        account = self._settings.accounts.first.id
        conversation = self._chatwoot.conversation(None, number, account=account, test=False)
        await conversation.say(telling.text, {"event": telling.number, "kind": "alarm"}, private=True)
