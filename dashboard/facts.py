"""What is known of how it goes? Each fact read from the store, the disk or Chatwoot; dashboard/alarms.py judges."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from clients import Chatwoot
from clients.installation import api_root
from config.accounts import Home
from config.settings import Settings
from dashboard import alarms
from dashboard.alarms import Alarm
from dashboard.books import Books
from hubcrew import HubCrew
from hubcrew.opening import open_seconds
from hubcrew.undelivered import UNDELIVERED
from relay.store import State, Store, watch

# When each source was last heard, by source and account: for what is too far back to be looked for after a restart.
HEARD = "sources heard"
HEARD_ANEW_MS = 10 * 60_000
MB = 1024 * 1024

On = Collection[str]
Look = Callable[[int, On], Awaitable[list[Alarm]]]


class Facts:
    """What there is to be looked at. Each look may fail alone; `on` are the ids of the alarms that are on."""

    def __init__(self, settings: Settings, store: Store, chatwoot: Chatwoot, crew: HubCrew, books: Books) -> None:
        self._settings = settings
        self._limits = settings.alarms
        self._store = store
        self._state = State(store)
        self._chatwoot = chatwoot
        self._crew = crew
        self._books = books
        self._backlog: alarms.Backlog | None = None
        self._heard: dict[str, dict[str, int]] | None = None
        self._written: dict[str, dict[str, int]] = {}
        self._upto = 0

    @property
    def looks(self) -> dict[str, Look]:
        """By the code of what each finds."""
        limits = self._limits
        looks: dict[str, tuple[Look, object]] = {
            alarms.DEAD: (self._dead, True),
            alarms.PARKED: (self._parked, True),
            alarms.ROUND: (self._went_round, True),
            alarms.WAITING: (self._waiting, limits.waiting_minutes),
            alarms.SILENT: (self._silent, limits.silent_minutes),
            alarms.REFUSED: (self._refused, limits.refused),
            alarms.UNREACHABLE: (self._unreachable, True),
            alarms.NOT_DELIVERED: (self._undelivered, True),
            alarms.DISK: (self._disk, limits.disk_mb),
            alarms.BOOKS: (self._unbalanced, True),
            alarms.STANDS_BY: (self._stands_by, True),
        }
        return {code: look for code, (look, wanted) in looks.items() if wanted}

    def go_on(self, known: Collection[Alarm], now: int) -> None:
        """Begin where the process before this one was: what was waiting too long has waited since then."""
        since = min((each.since for each in known if each.code == alarms.WAITING), default=now)
        self._backlog = alarms.backlog_at(now)._replace(returned=since)

    async def _dead(self, _now: int, _on: On) -> list[Alarm]:
        return alarms.ended_badly(alarms.DEAD, await self._store.read(watch.ended_badly, "dead"))

    async def _parked(self, _now: int, _on: On) -> list[Alarm]:
        return alarms.ended_badly(alarms.PARKED, await self._store.read(watch.ended_badly, "parked"))

    async def _went_round(self, _now: int, _on: On) -> list[Alarm]:
        return alarms.went_round(await self._store.read(watch.went_round))

    async def _waiting(self, now: int, _on: On) -> list[Alarm]:
        oldest = await self._store.read(watch.oldest_waiting)
        retry = await self._store.read(watch.oldest_retry, now)
        backlog = self._backlog or alarms.backlog_at(now)
        self._backlog = alarms.follow(backlog, oldest, now)
        # As of a replay: what a process left that was down for an hour has waited since this one could take it up.
        since = [self._backlog.waiting_since(oldest)] if oldest is not None else []
        since += [self._backlog.waiting_since(retry)] if retry is not None else []
        return alarms.waiting_long(min(since, default=None), now, self._limits.waiting_minutes)

    async def _silent(self, now: int, _on: On) -> list[Alarm]:
        heard = await self._hear()
        found: list[Alarm] = []
        for source, limit in self._limits.silent_minutes.items():
            for account in self._settings.accounts:
                last = heard.get(source, {}).get(account.id)
                if last is not None and now - last >= limit * alarms.MINUTE_MS:
                    opening = await self._crew.opening(account.id)
                    start, end = (datetime.fromtimestamp(each / 1000, account.zone) for each in (last, now))
                    minutes = open_seconds(opening, start, end) / 60
                    found += alarms.source_silent(source, account.id, last, minutes, limit)
        return found

    async def _hear(self) -> dict[str, dict[str, int]]:
        """When each source was last heard, with what has come since the last look."""
        if self._heard is None:
            self._written = await self._state.get("", HEARD) or {}
            self._heard = {source: dict(own) for source, own in self._written.items()}
        heard = self._heard
        for source, account, event_id in await self._store.read(watch.last_events, self._upto):
            heard.setdefault(source, {})[account] = max(event_id >> 21, heard.get(source, {}).get(account, 0))
            self._upto = max(self._upto, event_id)
        if _is_newer(heard, self._written):
            self._written = {source: dict(own) for source, own in heard.items()}
            await self._state.put("", HEARD, self._written)
        return heard

    async def _refused(self, now: int, on: On) -> list[Alarm]:
        rows = await self._store.read(watch.refused, now - alarms.REFUSED_WITHIN_MS)
        return alarms.requests_refused(rows, self._limits.refused, was_on=alarms.REFUSED in on)

    async def _unreachable(self, now: int, on: On) -> list[Alarm]:
        """It is asked where it was failing whoever asked it: nobody may have asked since."""
        by_address: dict[str, list[Home]] = {}
        for account, place in self._settings.accounts.homes():
            if place.base_url:
                by_address.setdefault(api_root(place.base_url), []).append((account, place))
        found: list[Alarm] = []
        for root, homes in by_address.items():
            account, place = homes[0]
            names = sorted({each.id for each, _place in homes})
            failing = alarms.chatwoot_unreachable(_shown(root), names, now)
            suspected = self._chatwoot.fails(place.base_url) or failing[0].id in on
            if suspected and not await self._chatwoot.answers(account.id, place.name):
                found += failing
        return found

    async def _undelivered(self, now: int, _on: On) -> list[Alarm]:
        found: list[Alarm] = []
        for account in self._settings.accounts:
            known = await self._state.get(account.id, UNDELIVERED) or {}
            found += alarms.reply_undelivered(account.id, known, now)
        return found

    async def _stands_by(self, now: int, _on: On) -> list[Alarm]:
        names = [account.id for account in self._settings.accounts]
        standing = {name: await self._chatwoot.living.standing(name) for name in names}
        return alarms.stands_by({name: each for name, each in standing.items() if each is not None}, now)

    async def _disk(self, now: int, on: On) -> list[Alarm]:
        folders = [self._settings.log_dir, Path(make_url(self._settings.database_url).database or ".").parent]
        free = await asyncio.to_thread(lambda: min(shutil.disk_usage(each).free for each in folders))
        return alarms.disk_nearly_full(free / MB, self._limits.disk_mb, now, was_on=alarms.DISK in on)

    async def _unbalanced(self, now: int, on: On) -> list[Alarm]:
        if alarms.BOOKS in on and not self._books.is_counted:  # what a process before this one found only by counting
            await self._books.count()
        return alarms.books_unbalanced(await self._books.lines(), now)


def _shown(root: str) -> str:
    """An address without a password that stands in it."""
    scheme, _sign, rest = root.removesuffix("/api/v1").partition("//")
    return f"{scheme}//{rest.rpartition('@')[2]}"


def _is_newer(heard: dict[str, dict[str, int]], written: dict[str, dict[str, int]]) -> bool:
    return any(
        moment >= written.get(source, {}).get(account, 0) + HEARD_ANEW_MS
        for source, own in heard.items()
        for account, moment in own.items()
    )
