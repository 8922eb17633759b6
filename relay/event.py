"""What came in? A request turned into a named, dated fact."""

import asyncio
import functools
import random
import threading
import time
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import unquote

import msgspec

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from loguru import Logger

Shape = TypeVar("Shape")
Result = TypeVar("Result")

# Headers that carry a credential: never stored, never shown.
CREDENTIAL_HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "x-api-key",
        "api-access-token",
        "api_access_token",
        "x-security-token",
        "webhook-key",
    }
)
CREDENTIAL_PARAMETERS = frozenset({"token", "key", "secret", "password", "api_key", "access_token"})
# The path of what was made of a sender's own list; every path that a request comes to begins with "/".
RECONCILED = "reconciled"
# Where an event says what it comes of, beside its headers: no sender may.
CAUSE = "x-servidor-cause"
_NOT_KEPT = CREDENTIAL_HEADERS | {CAUSE}
# The path of an event that a handler has made of another; that one's id follows.
EMITTED = "event/"


class Rejected(Exception):
    """Trying again can never help: the delivery is given up at once, with this reason."""


class Incoming(NamedTuple):
    """One request as it came. `headers` are lower-case; `received` is in epoch milliseconds.

    `sender` is what the source's `authenticate` found out of who it is from, `id` the event's, where a proxy of ours
    has made it.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    received: int
    address: str = ""
    sender: Any = None
    id: str = ""


class Cause(msgspec.Struct, frozen=True):
    """What an event comes of: what a handler (`by`) did because of another event, in whose hands that was.

    `way` counts the steps that led here, each a signal and the handler that did something because of it.
    """

    event: str
    by: str = ""
    way: dict[str, int] = {}

    @property
    def as_headers(self) -> dict[str, str]:
        """As an event carries it."""
        return {CAUSE: msgspec.json.encode(self).decode()}


class Named(NamedTuple):
    """What a source says of a request.

    `repeat_id` is the sender's own number of this request; `fact_id` names what the request tells of, whoever
    sends it (the same message comes by account webhook, inbox and bot). Either of them known already: a repeat.
    `repeats_previous`: a sender without either; the same name and body as the key's newest event is a repeat.
    `has_its_id`: its id was made elsewhere, and may be known.
    `cause`: it tells of what a handler of ours has done.
    """

    name: str
    account: str | None = None
    key: str | None = None
    repeat_id: str | None = None
    fact_id: str | None = None
    unmapped: bool = False
    repeats_previous: bool = False
    has_its_id: bool = False
    cause: Cause | None = None


class Event:
    """One request, kept as it came, and in a handler's hands also its delivery: `once`, `emit`, `explain`, `log`."""

    __slots__ = (
        "_bound", "_named", "_payload", "account", "attempt", "body", "headers", "id", "key",
        "name", "path", "query", "received", "source", "test",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        body: bytes,
        *,
        id: str = "",
        source: str = "",
        account: str | None = None,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
        path: str = "",
        query: str = "",
        received: int = 0,
        test: bool = False,
    ) -> None:
        self.name = name
        self.body = body
        self.id = id or new_id()
        self.source = source
        self.account = account
        self.key = key
        self.headers: Mapping[str, str] = headers or {}
        self.path = path
        self.query = query
        self.received = received or now_ms()
        self.test = test
        self.attempt = 1
        self._payload: Any = msgspec.UNSET
        self._bound: Any = None
        self._named: dict[str, int] = {}

    @property
    def payload(self) -> Any:
        """The body's JSON, parsed when first asked for. A number too large for any use is `Rejected`."""
        if self._payload is msgspec.UNSET:
            try:
                self._payload = msgspec.json.decode(self.body) if self.body else None
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                raise Rejected(f"the body cannot be read: {error}") from error
        return self._payload

    @property
    def reconciled(self) -> bool:
        """Whether its request never came: it was made of what the sender told when it was asked (reconcile.py)."""
        return self.path == RECONCILED

    def payload_as(self, shape: type[Shape]) -> Shape:
        """The body's JSON as a msgspec struct, or another type that msgspec knows; not of that shape: `Rejected`."""
        try:
            decoded: Shape = _decoder(shape).decode(self.body)  # type: ignore[arg-type]  # every type can be hashed
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            name = getattr(shape, "__name__", str(shape))
            raise Rejected(f"the body is not of the shape {name}: {error}") from error
        return decoded

    def bound_to(self, delivery: Any, attempt: int) -> "Event":
        """A copy of the event in the hands of one delivery."""
        copy = object.__new__(Event)
        for slot in Event.__slots__:
            setattr(copy, slot, getattr(self, slot))
        copy.attempt = attempt
        copy._bound = delivery
        copy._named = {}
        return copy

    async def once(
        self,
        name: str,
        do: "Callable[[], Awaitable[Any]]",
        find: "Callable[[Any], Awaitable[Any]] | None" = None,
        *,
        about: Any = None,
    ) -> Any:
        """Do something outside once, however often this delivery runs; returns what `do` returned the first time.

        If it is not known whether an earlier try succeeded, `find` looks it up: it is given the `about` that the
        earlier try recorded, and returns the result, or None when it was not done. Without `find` the delivery is
        parked. `about` is shown beside the effect.
        """
        return await self._bound.once(name, do, find, about)

    async def emit(self, name: str, payload: Any, *, key: str | None = None) -> None:
        """Make a new event of the same account. The same name and key from the same delivery make one event."""
        await self._bound.emit(name, payload, key)

    def explain(self, reason: str) -> None:
        """Say in one sentence what became of this event here; it is kept with the delivery."""
        self._bound.explain(reason)

    def nth(self, kind: str) -> str:
        """A name for the next effect of a kind: "reply", then "reply 2". Each attempt counts anew."""
        self._named[kind] = number = self._named.get(kind, 0) + 1
        return kind if number == 1 else f"{kind} {number}"

    def wait(self, doing: Coroutine[Any, Any, Result]) -> Result:
        """For a plain function, which cannot await: wait for what a service does, and return its result."""
        return asyncio.run(doing)

    @property
    def handler(self) -> str:
        """The name of the handler in whose hands the event is, as it stands in the store; "" in nobody's."""
        return str(getattr(getattr(self._bound, "handler", None), "name", ""))

    @property
    def cause(self) -> Cause | None:
        """What it comes of, where that is something that a handler did."""
        told = self.headers.get(CAUSE)
        return None if told is None else msgspec.json.decode(told, type=Cause)

    @property
    def echo(self) -> bool:
        """Whether it only tells of what the server itself has just done outside."""
        return CAUSE in self.headers and not self.path.startswith(EMITTED)

    def leads_to(self, by: str = "") -> Cause:
        """The cause of whatever is done now because of this event: by its handler, or by whom else."""
        by = by or self.handler
        cause = self.cause
        way = {} if cause is None else cause.way
        step = f"{self.name} {by}".rstrip()
        return Cause(self.id, by, {**way, step: way.get(step, 0) + 1})

    @property
    def log(self) -> "Logger":
        """A logger that writes this event's id and the component on every line."""
        return self._bound.log  # type: ignore[no-any-return]  # loguru's Logger lives only in its stub


@functools.lru_cache(maxsize=256)
def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)


def now_ms() -> int:
    """The wall clock in epoch milliseconds."""
    return time.time_ns() // 1_000_000


class _Ids:
    """16 hexadecimal digits that grow with time: 42 bits of milliseconds, then 21 bits, random and counting up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self) -> str:
        with self._lock:
            fresh = (now_ms() << 21) | random.getrandbits(21)
            self._last = fresh if fresh > self._last else self._last + 1
            return f"{self._last:016x}"

    def begin_after(self, newest: int) -> None:
        """Give only ids greater than this one, also where the clock has been set back since it was given."""
        with self._lock:
            self._last = max(self._last, newest)


new_id = _Ids()


def clean_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers without credentials, and without what none may say: what may be stored and shown."""
    return {name: value for name, value in headers.items() if name not in _NOT_KEPT}


def clean_query(query: str) -> str:
    """The query string with the values of credentials removed."""
    if not query:
        return query
    pairs = [pair.partition("=") for pair in query.split("&")]
    return "&".join(
        f"{name}=[removed]" if unquote(name).lower() in CREDENTIAL_PARAMETERS else f"{name}{equals}{value}"
        for name, equals, value in pairs
    )


def key_of(key: str | None, *, test: bool) -> str | None:
    """A test's key is never that of what it tests."""
    return f"test:{key}" if test and key and not key.startswith("test:") else key


def from_incoming(incoming: Incoming, named: Named, source: str, body: bytes) -> Event:
    """The event that a request is, once its source has named it and removed the secrets from its body."""
    test = incoming.headers.get("x-event-test") == "true"
    headers = clean_headers(incoming.headers)
    if named.cause is not None:
        headers |= named.cause.as_headers
    return Event(
        named.name,
        body,
        id=incoming.id,
        source=source,
        account=named.account,
        key=key_of(named.key, test=test),
        headers=headers,
        path=incoming.path,
        query=clean_query(incoming.query),
        received=incoming.received,
        test=test,
    )
