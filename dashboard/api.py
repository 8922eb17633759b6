"""JSON over the store for the person in charge, under /admin/api, with the admin's token."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from gettext import gettext as _
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from config.accounts import Account
from config.settings import Settings
from dashboard import accounts, knowledge, lessons
from hubcrew import HubCrew
from hubcrew.items import space_of
from relay.deliver import Deliver
from relay.event import Incoming, now_ms
from relay.signals import Signals
from relay.source import bearer_token, same
from relay.store import Store, look, replay
from relay.store.tables import STATES

DEFAULT_LIMIT, MOST = 50, 500
STATUSES = (*STATES, "unhandled", "unmapped")


class WrongQuestion(Exception):
    """A parameter that cannot be used; the text says which and why."""


class ReplayRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which events are dealt with once more: by id, or by filter; `dry_run` only counts."""

    id: str | None = None
    ids: list[str] = []
    signal: str | None = None
    account: str | None = None
    status: str | None = None
    since: int | str | None = None
    until: int | str | None = None
    q: str | None = None
    dry_run: bool = False


class Api:
    """The answers of /admin/api."""

    def __init__(self, settings: Settings, store: Store, deliver: Deliver, signals: Signals, crew: HubCrew) -> None:
        self._settings = settings
        self._crew = crew
        self._known = crew.knowledge
        self._store = store
        self._deliver = deliver
        self._signals = signals

    def routes(self) -> list[BaseRoute]:
        """Every route, closed to whoever has no admin token."""
        base = "/admin/api"
        return [
            Route(f"{base}/events", self._guarded(self.events)),
            Route(f"{base}/events/{{id}}", self._guarded(self.event)),
            Route(f"{base}/rejections", self._guarded(self.rejections)),
            Route(f"{base}/outbox", self._guarded(self.outbox)),
            Route(f"{base}/accounts", self._guarded(self.accounts)),
            Route(f"{base}/knowledge", self._guarded(self.knowledge)),
            Route(f"{base}/knowledge/restore", self._guarded(self.restore), methods=["POST"]),
            Route(f"{base}/ask", self._guarded(self.ask)),
            Route(f"{base}/unanswered", self._guarded(self.unanswered)),
            Route(f"{base}/wrong", self._guarded(self.wrong)),
            Route(f"{base}/stats", self._guarded(self.stats)),
            Route(f"{base}/reasons", self._guarded(self.reasons)),
            Route(f"{base}/replay", self._guarded(self.replay), methods=["POST"]),
        ]

    def _guarded(self, answer: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            headers = {"authorization": request.headers.get("authorization", "")}
            token = bearer_token(Incoming("GET", "", "", headers, b"", 0))
            if not same(token, self._settings.admin_token):
                text = _("Send the header Authorization: Bearer with this server's ADMIN_TOKEN.")
                return PlainTextResponse(text, 401, headers={"WWW-Authenticate": "Bearer"})
            try:
                found = await answer(request)
            except WrongQuestion as wrong:
                return PlainTextResponse(str(wrong), 422)
            return found if isinstance(found, Response) else JSONResponse(found)

        return guarded

    async def events(self, request: Request) -> dict[str, Any]:
        """Events, newest first, by signal, account, status, time and text in the body."""
        parameters = request.query_params
        which = _filter({**parameters, "text": parameters.get("q")})
        limit, before = _limit(parameters.get("limit")), _event_id(parameters.get("next"))
        items = await self._store.read(look.list_events, which, limit, before)
        return {"items": items, "next": items[-1]["id"] if len(items) == limit else None}

    async def event(self, request: Request) -> Any:
        """One event with body, deliveries, attempts and effects."""
        event_id = _event_id(request.path_params["id"])
        found = await self._store.read(look.one_event, event_id)
        return found or PlainTextResponse(_("There is no event {id}.").format(id=event_id), 404)

    async def rejections(self, request: Request) -> dict[str, Any]:
        """Refused requests, newest first."""
        return await self._listed(request, look.list_rejections)

    async def outbox(self, request: Request) -> dict[str, Any]:
        """Replies that were kept instead of sent, newest first."""
        return await self._listed(request, look.list_outbox)

    async def _listed(self, request: Request, rows: Callable[..., list[dict[str, Any]]]) -> dict[str, Any]:
        limit, before = _limit(request.query_params.get("limit")), request.query_params.get("next")
        if before is not None and not (before.isascii() and before.isdigit()):
            raise WrongQuestion(
                _("{name}: {value} is not what an earlier answer gave.").format(name="next", value=before)
            )
        items = await self._store.read(rows, limit, int(before) if before else None)
        return {"items": items, "next": str(items[-1]["id"]) if len(items) == limit else None}

    async def accounts(self, request: Request) -> dict[str, Any]:
        """The accounts as they are now, with what Odoo's mapping has added; all on one page."""
        return {"items": [accounts.shown(each) for each in self._settings.accounts], "next": None}

    async def knowledge(self, request: Request) -> dict[str, Any]:
        """The revisions of an account's knowledge, newest first, each with what it changed."""
        asked = request.query_params
        account = asked.get("account") or self._settings.accounts.first.id
        found = await self._known.revisions(account, asked.get("kind"), asked.get("business_rule"))
        return {"items": [knowledge.shown(each) for each in found], "next": None}

    async def ask(self, request: Request) -> dict[str, Any]:
        """What a customer of an account would be told, and why."""
        asked = request.query_params
        account = self._account(request)
        if not asked.get("q"):
            raise WrongQuestion(_("Give a question (q)."))
        space, now = space_of(account.id, asked.get("test") == "true"), datetime.now(account.zone)
        answer = await self._crew.ask(space, asked["q"], now)
        if asked.get("test") != "true":
            answer = await self._crew.worded(space, asked["q"], answer, now)
        return knowledge.told(answer, await self._crew.consider(space, asked["q"], now.date()))

    async def unanswered(self, request: Request) -> dict[str, Any]:
        """What customers of an account asked in the last days (7) and nothing answered, the most frequent first."""
        days = _whole("days", request.query_params.get("days"), 7, 365)
        items = await lessons.unanswered_of(self._store, self._account(request).id, days)
        return {"items": items, "next": None}

    async def wrong(self, request: Request) -> dict[str, Any]:
        """The conversations whose answer an agent has marked as wrong, newest first."""
        return {"items": await lessons.wrong_of(self._store, self._account(request).id), "next": None}

    def _account(self, request: Request) -> Account:
        """The account that is asked for, or the first."""
        name = request.query_params.get("account") or self._settings.accounts.first.id
        account = self._settings.accounts.get(name)
        if account is None:
            raise WrongQuestion(_("There is no account {name}.").format(name=name))
        return account

    async def restore(self, request: Request) -> Any:
        """Make an earlier revision the current one again."""
        try:
            asked = knowledge.read_restore(await request.body())
        except ValueError as error:
            raise WrongQuestion(str(error)) from error
        if not await self._known.restore(asked.account, asked.revision):
            text = _("There is no revision {revision} of {account}.")
            return PlainTextResponse(text.format(revision=asked.revision, account=asked.account), 404)
        return {"restored": asked.revision}

    async def stats(self, request: Request) -> Any:
        """The balanced books."""
        return await self._store.read(look.books)

    async def reasons(self, request: Request) -> dict[str, Any]:
        """What handlers concluded in the last week, and how often."""
        return {"items": await self._store.read(look.reasons, now_ms() - 7 * 86_400_000)}

    async def replay(self, request: Request) -> Any:
        """Let ended deliveries run once more; effects that were done are not done again."""
        try:
            asked = msgspec.json.decode(await request.body() or b"{}", type=ReplayRequest)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise WrongQuestion(_("The body cannot be used: {error}").format(error=error)) from error
        ids = [_event_id(each) or "" for each in (*asked.ids, *([asked.id] if asked.id else []))]
        which = _filter({**msgspec.to_builtins(asked), "text": asked.q})
        if not ids and not any(which):
            raise WrongQuestion(_("Say which events: id, ids, or a filter (signal, account, status, since, until, q)."))
        reacting, answering = self._handler_ids(answering=False), self._handler_ids(answering=True)
        counted = await self._store.read(replay.count, which, ids, reacting, answering)
        if asked.dry_run:
            return {"dry_run": True, **counted._asdict()}
        return {"dry_run": False, **counted._asdict(), "replayed": await self._replay(which, ids)}

    def _handler_ids(self, *, answering: bool) -> list[int]:
        """The ids of the loaded handlers that answer requests, or of the others."""
        handlers = [each for each in self._signals.all_handlers() if each.keep and each.answers is answering]
        return [self._store.handler_ids[each.name] for each in handlers]

    async def _replay(self, which: look.Filter, ids: list[str]) -> int:
        handler_ids, reacting = self._store.handler_ids, self._handler_ids(answering=False)
        chosen = await self._store.read(replay.chosen_ids, which, ids)
        names = await self._store.read(replay.signals_of, chosen)
        wanted = [(handler_ids[each.name], name) for name in names for each in self._signals.reacting(name)]
        replayed = 0
        for start in range(0, len(chosen), replay.BATCH):
            batch = chosen[start : start + replay.BATCH]
            try:
                replayed += await self._store.write(replay.replay, batch, reacting, wanted)
            finally:
                self._deliver.look_again()  # also after an error: it may be on the disk all the same
            await asyncio.sleep(0)  # live traffic first
        return replayed


def _filter(given: dict[str, Any]) -> look.Filter:
    status = given.get("status")
    if status and status not in STATUSES:
        wanted = ", ".join(STATUSES)
        raise WrongQuestion(_("status: {value} is none of {wanted}.").format(value=status, wanted=wanted))
    return look.Filter(
        signal=given.get("signal") or None,
        account=given.get("account") or None,
        status=status or None,
        since=_moment("since", given.get("since")),
        until=_moment("until", given.get("until")),
        text=given.get("text") or None,
    )


def _moment(name: str, value: Any) -> int | None:
    """A time as epoch seconds or milliseconds, or in ISO form."""
    if value is None or value == "":
        return None
    text = str(value)
    try:
        if text.replace(".", "", 1).isdigit():
            number = float(text)
            return int(number if number > 1e11 else number * 1000)
        return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        wanted = _("{name}: {value} is no time (2026-11-22T08:00:00-03:00, or epoch seconds).")
        raise WrongQuestion(wanted.format(name=name, value=text)) from error


def _limit(value: str | None) -> int:
    return _whole("limit", value, DEFAULT_LIMIT, MOST)


def _whole(name: str, value: str | None, default: int, most: int) -> int:
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= most):
        raise WrongQuestion(_("{name}: a number from 1 to {most}.").format(name=name, most=most))
    return int(value)


def _event_id(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        number = int(value, 16)
    except ValueError:
        number = -1
    if not 0 <= number < 2**63:
        raise WrongQuestion(_("{value} is no event's id (16 hexadecimal digits).").format(value=value))
    return f"{number:016x}"
