"""What does looking in offer as JSON? Every operation under /admin/api, with the admin's token."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from gettext import gettext as _
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard import (
    accounts,
    audit,
    events,
    examining,
    forwarding,
    given_up,
    handlers,
    knowledge,
    known,
    lessons,
    log_files,
    now,
    pausing,
    playground,
    replaying,
    watching,
    wiring,
)
from dashboard.access import outside, without_token
from dashboard.asked import NotThere, WrongQuestion, body_of, read
from dashboard.inside import Inside
from dashboard.openapi import BASE, document
from dashboard.operation import Operation

OPERATIONS = (
    Operation("GET", "events", events.events),
    Operation("GET", "events/{id}", events.event),
    Operation("GET", "events/{id}/log", events.event_log),
    Operation("GET", "rejections", events.rejections),
    Operation("GET", "outbox", events.outbox),
    Operation("GET", "stats", events.stats),
    Operation("GET", "reasons", events.reasons),
    Operation("POST", "replay", replaying.replay_events),
    Operation("POST", "replay/begin", replaying.begin_replay),
    Operation("GET", "dead", given_up.dead),
    Operation("POST", "dead/run-again", given_up.run_again),
    Operation("POST", "dead/discard", given_up.discard),
    Operation("POST", "dead/settle", given_up.settle),
    Operation("GET", "runs", replaying.runs),
    Operation("GET", "runs/{id}", replaying.run),
    Operation("POST", "runs/{id}/stop", replaying.stop_run),
    Operation("GET", "now", now.now),
    Operation("GET", "pause", pausing.pause),
    Operation("PUT", "pause", pausing.set_pause),
    Operation("GET", "alarms", watching.alarms),
    Operation("POST", "alarms/acknowledge", watching.acknowledge),
    Operation("GET", "books", watching.books),
    Operation("GET", "handlers", handlers.handlers),
    Operation("POST", "handlers/switch", handlers.switch),
    Operation("GET", "setup", wiring.setup),
    Operation("GET", "doctor", examining.doctor),
    Operation("GET", "logs", log_files.logs),
    Operation("GET", "accounts", accounts.accounts),
    Operation("GET", "knowledge", knowledge.knowledge),
    Operation("POST", "knowledge/restore", knowledge.restore),
    Operation("GET", "knowledge/items", known.items),
    Operation("POST", "knowledge/write", known.write),
    Operation("POST", "knowledge/remove", known.remove),
    Operation("GET", "ask", knowledge.ask),
    Operation("GET", "audit", audit.audit),
    Operation("POST", "audit/begin", audit.begin_audit),
    Operation("GET", "unanswered", lessons.unanswered_questions),
    Operation("GET", "wrong", lessons.wrong_answers),
    Operation("GET", "forward", forwarding.forward, from_outside=True),
    Operation("PUT", "forward", forwarding.change, from_outside=True),
    Operation("POST", "playground", playground.say),
    Operation("GET", "playground/{conversation}", playground.conversation),
)


def routes(inside: Inside) -> list[BaseRoute]:
    """Every route, closed to whoever has no admin token."""

    async def described(_request: Request) -> Any:
        return document(OPERATIONS, inside.sources)

    answers = [Route(f"{BASE}/{each.path}", _guarded(inside, each), methods=[each.method]) for each in OPERATIONS]
    return [*answers, Route("/openapi.json", guarded(inside, described))]


def _guarded(inside: Inside, each: Operation) -> Callable[[Request], Awaitable[Response]]:
    return guarded(inside, partial(_answered, inside, each), from_outside=each.from_outside)


def guarded(
    inside: Inside, answer: Callable[[Request], Awaitable[Any]], *, from_outside: bool = False
) -> Callable[[Request], Awaitable[Response]]:
    """What answers with JSON, for whoever has the token and, unless it may be asked `from_outside`, is inside."""

    async def endpoint(request: Request) -> Response:
        refused = None if from_outside else outside(request, inside.settings)
        refused = refused or _unauthorized(request, inside.settings.admin_token)
        if refused is not None:
            return refused
        try:
            return JSONResponse(await answer(request))
        except WrongQuestion as wrong:
            return PlainTextResponse(str(wrong), 422)
        except NotThere as missing:
            return PlainTextResponse(str(missing), 404)

    return endpoint


async def _answered(inside: Inside, operation: Operation, request: Request) -> Any:
    return await operation.answer(inside, await _asked(request, operation))


def _unauthorized(request: Request, token: str) -> Response | None:
    said = _("Send the header Authorization: Bearer with this server's ADMIN_TOKEN.")
    return without_token(request, [token], said)


async def _asked(request: Request, operation: Operation) -> Any:
    """What is asked: of a GET by path and query, of others by path and body."""
    if operation.method == "GET":
        given: Mapping[str, Any] = {**request.query_params, **request.path_params}
        return read(operation.asked, given, lax=True)
    return read(operation.asked, {**body_of(await request.body()), **request.path_params}, lax=False)
