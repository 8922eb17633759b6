"""The way in: read within limits, authenticate, keep, answer. Nothing is answered with 200 before it is on disk."""

import asyncio
import functools
import inspect
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

import limits
import msgspec
from loguru import logger
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from relay.deliver import Deliver
from relay.event import Event, Incoming, Named, Rejected, clean_query, from_incoming, now_ms
from relay.handler import Handler
from relay.room import SMALL_BODY, Place, Room
from relay.signals import Signals
from relay.source import SENT_ONCE, Refused, Source, redacted_head
from relay.store import Store
from relay.store.keep import Owed
from relay.vouch import Word, noted, without_word, word_of

REFUSALS = limits.parse("60/minute")
JSON = b"application/json"
TEXT = b"text/plain; charset=utf-8"
Answer = Response | tuple[int, bytes, bytes]
# Asks the server that a proxy hands on to: the event that a request is, and the request as it came.
PassOn = Callable[[Event, Incoming], Awaitable[tuple[int, bytes, bytes]]]


class SenderGone(Exception):
    """The sender went away, or was sent away, before its request was whole."""


@dataclass(frozen=True)
class Limits:
    """Bounds on what is read, in bytes."""

    body: int = 10 * 1024 * 1024
    held: int = 128 * 1024 * 1024


class Intake:
    """What every way in shares: the store, the deliveries, and the bounds on memory and on refusals.

    `vouching_keys` are those of the proxies whose word counts. A proxy has `pass_on`, for what senders wait for.
    """

    def __init__(
        self,
        store: Store,
        deliver: Deliver,
        signals: Signals,
        bounds: Limits | None = None,
        *,
        vouching_keys: Sequence[str] = (),
        pass_on: PassOn | None = None,
    ) -> None:
        self.vouching_keys = vouching_keys
        self.pass_on = pass_on
        self.store = store
        self.deliver = deliver
        self.signals = signals
        self.bounds = bounds or Limits()
        self.room = Room(max(self.bounds.held, self.bounds.body), self.bounds.body)
        self.receipts = _Receipts()
        self.refusals = limits.strategies.FixedWindowRateLimiter(limits.storage.MemoryStorage())


class Reception:
    """An ASGI endpoint: one address, claimed by one or several sources; the first that fits takes the request."""

    def __init__(self, intake: Intake, sources: Sequence[Source]) -> None:
        self._intake = intake
        self._sources = sources
        self._sent_once = SENT_ONCE.union(*(source.headers for source in sources))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._respond(scope, receive)
        except SenderGone:
            await self._refuse(scope, Refused(408, "the request did not arrive whole in time", ""), b"")
            return
        if isinstance(response, Response):
            await response(scope, receive, send)
        else:
            await _send(send, *response)

    async def _respond(self, scope: Scope, receive: Receive) -> Answer:
        body, largest, begun = b"", self._intake.bounds.body, time.perf_counter()
        try:
            headers = _headers(scope, self._sent_once)
            _check_size(int(headers.get("content-length", 0)), largest)
            with Place(self._intake.room) as place:
                body = await _body(receive, largest, place)
                incoming = _incoming(scope, headers, body)
                return await self._take(incoming, begun)
        except Refused as refusal:
            return await self._refuse(scope, refusal, body)
        except SenderGone:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it was, it is our fault and the sender is told so
            log = logger.bind(component="webhook").opt(exception=error)
            log.error("a request at {} failed: {}: {}", scope["path"], type(error).__name__, error)
            self._intake.deliver.figures.request(self._sources[0].name, "failed", 500)
            return 500, TEXT, _("Internal error: nothing was kept. Please send it again.").encode()

    # One request that is whole

    async def _take(self, incoming: Incoming, begun: float) -> Answer:
        source, incoming = self._authenticated(incoming)
        try:
            _check_content(incoming.headers)
            named = source.describe(incoming)
        except Refused as refused:
            refused.source, refused.authenticated = source, True
            raise
        event, named = self._event(incoming, named, source)
        answering = self._intake.signals.answering(event.name)
        if answering is not None and not answering.keep:
            return await _answer_unkept(answering, event)
        if answering is not None and self._intake.pass_on is not None:
            return await self._pass_on(event, incoming, source, begun)
        is_new, response = await self._keep(event, named, source, answering)
        self._tell(event, "event" if is_new else "repeated", response, time.perf_counter() - begun)
        return response

    def _event(self, incoming: Incoming, named: Named, source: Source) -> tuple[Event, Named]:
        """The event that a request is, as it is kept, and its name."""
        if incoming.id:
            named = named._replace(has_its_id=True, repeat_id=named.repeat_id or incoming.id)
        if self._intake.pass_on is not None:  # what is handed on is handed on as it came, whoever's it is
            accounts, here = source.speaks_for(incoming.sender), self._intake.store.name
            incoming = noted(source.without_credentials(incoming), accounts, here)
            return from_incoming(incoming, named, source.name, incoming.body), named._replace(unmapped=False)
        body = source.scrub(incoming.body, named)
        return from_incoming(source.without_credentials(incoming), named, source.name, body), named

    async def _pass_on(self, event: Event, incoming: Incoming, source: Source, begun: float) -> Answer:
        """Ask the server behind this one: its sender waits for what only that can say."""
        assert self._intake.pass_on is not None
        response = await self._intake.pass_on(event, incoming)
        self._intake.receipts.add(source.component, event, f"{event.name} was passed on: {response[0]}")
        self._tell(event, "passed on", response, time.perf_counter() - begun)
        return response

    def _tell(self, event: Event, result: str, response: Answer, seconds: float) -> None:
        """Tell those who watch what became of a request."""
        status = response.status_code if isinstance(response, Response) else response[0]
        deliver = self._intake.deliver
        deliver.figures.request(event.source, result, status, seconds if status == 200 else None)
        deliver.traces.received(event, result, status, seconds)

    def _authenticated(self, incoming: Incoming) -> tuple[Source, Incoming]:
        """The first source that claims the request and knows its credential; the request with who it is from."""
        word = word_of(self._intake.vouching_keys, incoming)
        if word is not None:
            return self._vouched(incoming, word)
        refusal: Refused | None = None
        for source in self._sources:
            if source.claims(incoming):
                try:
                    return source, incoming._replace(sender=source.authenticate(incoming))
                except Refused as refused:
                    refused.source = source
                    refusal = refusal or refused
        raise refusal or Refused(422, "no source takes this", _("Nothing here knows what to do with this request."))

    def _vouched(self, incoming: Incoming, word: Word) -> tuple[Source, Incoming]:
        """The same, of a request that a proxy of ours has verified; it came when it came there."""
        source = next((each for each in self._sources if each.name == word.source and each.claims(incoming)), None)
        if source is None:
            text = _("The proxy says it is from {name}, which is not known here.").format(name=word.source)
            raise Refused(422, f"a proxy vouches for the source {word.source}", text)
        headers = without_word(incoming.headers)
        incoming = incoming._replace(received=min(word.received, incoming.received), id=word.event, headers=headers)
        return source, incoming._replace(sender=source.sender_for(incoming, word.accounts))

    async def _keep(self, event: Event, named: Named, source: Source, answering: Handler | None) -> tuple[bool, Answer]:
        """Keep an event and hand it over; whether it is new, and the answer."""
        deliver = self._intake.deliver
        owed = [] if named.unmapped else deliver.owed(event.name)
        if answering is not None:
            owed = [*owed, Owed(self._intake.store.handler_ids[answering.name])]
        try:
            is_new = await self._intake.store.keep(event, named, owed)
        except Exception:
            deliver.look_again()  # it may be on the disk all the same: then it is delivered from there
            raise
        self._log_received(event, named, source, len(owed), is_new)
        if not is_new:
            return False, (200, JSON, b'{"status":"repeated"}')
        if not named.unmapped:
            deliver.accept(event, gather=True)
        if answering is None:
            return True, (200, JSON, b'{"status":"kept","event":"%s"}' % event.id.encode())
        return True, await self._answer(event, answering, len(owed) - 1)

    def _log_received(self, event: Event, named: Named, source: Source, owed: int, is_new: bool) -> None:
        name = _shown_name(event.name)
        if not is_new:
            text = f"{name} {event.account} {event.key} is a repeat"
        elif named.unmapped:
            text = f"{name} of an unknown account was kept, nobody handles it: {event.key}"
        else:
            text = f"{name} {event.account} {event.key} {len(event.body)} B to {owed} handlers"
        self._intake.receipts.add(source.component, event, text)

    async def _answer(self, event: Event, handler: Handler, number: int) -> Answer:
        try:
            return _response(await self._intake.deliver.answer(event, handler, number))
        except Rejected as rejected:
            return 422, TEXT, str(rejected).encode()
        except Exception:  # noqa: BLE001  # its delivery is dead, with the reason; the sender gets a readable text
            return (
                500,
                TEXT,
                _("It could not be processed. Event {id}: see the server's log.").format(id=event.id).encode(),
            )

    # One request that is refused

    async def _refuse(self, scope: Scope, refusal: Refused, body: bytes) -> tuple[int, bytes, bytes]:
        address = _address(scope)
        source = refusal.source or self._sources[0]
        flood = not refusal.authenticated and not self._intake.refusals.hit(REFUSALS, address)
        if flood and refusal.status == 401:
            refusal = Refused(429, refusal.reason, _("Too many refused requests: wait a minute."))
        elif not flood:
            logger.bind(component=source.component).warning(
                "refused {} at {} from {}: {}", refusal.status, _shown(scope["path"]), address, _shown(refusal.reason)
            )
        values = {
            "received": now_ms(),
            "source": source.name,
            "path": _full_path(scope)[:500],
            "address": address,
            "status": refusal.status,
            "reason": refusal.reason[:500],
            "head": "" if source.hides_head else redacted_head(body),
        }
        try:
            await self._intake.store.reject(None if flood else values)
        except Exception as error:  # noqa: BLE001  # the database may be away: what is refused is refused all the same
            logger.bind(component=source.component).error("a refusal could not be written down: {}", error)
        self._intake.deliver.figures.request(source.name, "rejected", refusal.status)
        return refusal.status, TEXT, refusal.text.encode(errors="replace")


class _Receipts:
    """Writes one log record per turn of the loop, a line per request: a record each costs a fifth of the way in."""

    def __init__(self) -> None:
        self._lines: dict[str, list[tuple[str, str]]] = {}

    def add(self, component: str, event: Event, text: str) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_soon(self._write)
        self._lines.setdefault(component, []).append((event.id, text))

    def _write(self) -> None:
        lines, self._lines = self._lines, {}
        for component, own in lines.items():
            logger.bind(component=component, lines=own).info("{} requests", len(own))


def _shown(text: str) -> str:
    """What a sender made up, as a log may have it: a telephone number is none any more."""
    return re.sub(r"\d(?:[ .()-]?\d){7,}", "0", text)


_shown_name = functools.lru_cache(maxsize=1024)(_shown)  # there are few names, and every event has one


def one_spelling(app: ASGIApp) -> ASGIApp:
    """Serve /webhook, /webhook/ and //webhook alike: a redirect would turn a sender's POST into a GET."""

    async def spelled(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            if "//" in path or path[-1:] == "/":
                scope["path"] = re.sub("/+", "/", path).rstrip("/") or "/"
        await app(scope, receive, send)

    return spelled


def _headers(scope: Scope, sent_once: frozenset[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name in headers and name in sent_once:
            raise Refused(400, f"the header {name} came twice", _("The header {name} came twice.").format(name=name))
        headers[name] = value
    return headers


async def _body(receive: Receive, largest: int, place: Place) -> bytes:
    """The whole body, up to the limit; a chunked one is refused as soon as it is beyond it."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        body: bytes = message.get("body", b"")
        _check_size(len(body), largest)
        if len(body) > SMALL_BODY:
            await place.hold(len(body))
        return body
    chunks, size = [], 0
    while True:
        if message["type"] != "http.request":
            raise SenderGone
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        _check_size(size, largest)
        if size > SMALL_BODY:
            await place.hold(size)
        if not message.get("more_body", False):
            return b"".join(chunks)
        message = await receive()


def _check_size(size: int, largest: int) -> None:
    if size > largest:
        raise Refused(413, f"the body is larger than {largest // 1048576} MB", _too_large(largest))


def _too_large(largest: int) -> str:
    return _("The body is larger than {limit} MB (MAX_BODY_MB).").format(limit=largest // 1048576)


def _incoming(scope: Scope, headers: Mapping[str, str], body: bytes) -> Incoming:
    query = scope["query_string"].decode("latin-1")
    return Incoming(scope["method"], scope["path"], query, headers, body, now_ms(), _address(scope))


def _check_content(headers: Mapping[str, str]) -> None:
    if headers.get("content-type") == "application/json" and "content-encoding" not in headers:
        return
    encoding = headers.get("content-encoding", "identity").lower()
    if encoding not in ("", "identity"):
        raise Refused(415, f"the body is encoded as {encoding}", _("Compressed bodies are not accepted."))
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media and "json" not in media and not media.startswith("text/plain"):
        raise Refused(415, f"the body is {media}", _("The body must be JSON (application/json)."))


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _full_path(scope: Scope) -> str:
    query = clean_query(scope["query_string"].decode("latin-1"))
    return f"{scope['path']}?{query}" if query else str(scope["path"])


async def _answer_unkept(handler: Handler, event: Event) -> Answer:
    result = handler.call(event)
    return _response(await result if inspect.isawaitable(result) else result)


def _response(result: Any) -> Answer:
    return result if isinstance(result, Response) else (200, JSON, msgspec.json.encode(result))


async def _send(send: Send, status: int, media: bytes, body: bytes) -> None:
    headers = [(b"content-type", media), (b"content-length", b"%d" % len(body))]
    if status in (400, 408, 413):
        headers.append((b"connection", b"close"))  # what follows on this connection cannot be trusted
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
