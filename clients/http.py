"""How is an outside server asked? One client per destination, with time limits, and a breaker for one that fails.

This is the one place that imports httpx. The errors, by what the caller can do:

    Failed
     · Refused       the other side said no (4xx), or is not set up: asking again changes nothing
     · Slowed        it said "too many" (429): nothing was done; later
     · Unavailable   nothing was sent (no connection, or the breaker is open): later
     · Unknown       it was sent, and whether it was done is not known (time-out, 5xx)
       · Unreadable  it answered, with what cannot be read: no JSON, or too much
"""

import asyncio
import contextlib
import functools
import json
import random
import re
import ssl
import time
import weakref
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import anyio
import httpx

CONNECT_SECONDS = 5.0
TIMEOUT = httpx.Timeout(15.0, connect=CONNECT_SECONDS)
# Five failures in a row open the breaker; then one request in ten seconds tries whether it is over.
FAILURES_TO_OPEN = 5
PROBE_SECONDS = 10.0
LEAST_WAIT_AFTER_429 = 60.0
WAITS_BETWEEN_READS = (0.5, 1.0)
# An answer that is longer is not read to its end.
MOST_MB = 50.0

Transport = httpx.AsyncBaseTransport
# What of an answer's body may be told in an error: a function of its status and text.
Quote = Callable[[int, str], str]
Around = Callable[[str, str, str], AbstractContextManager[None]]


@dataclass(frozen=True)
class Answer:
    """What an outside server answered. The names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 in it is replaced."""
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        """The body's JSON, None when it is empty; raises `Unreadable`."""
        return _json("the answer", self.body)


# Whether an answer is not the server's own: a tunnel's or a proxy's page, which says that it is not there.
IsAway = Callable[[Answer], bool]


class Failed(Exception):
    """A request to an outside server did not succeed. `answer` is what it said, where it said something."""

    nothing_done = False
    costs_attempt = True
    give_up = False
    retry_after: float | None = None
    answer: Answer | None = None

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Refused(Failed):
    """The other side refused it, with a 4xx status, or it cannot be asked as things are set: asking again is no use."""

    nothing_done = True


class Slowed(Failed):
    """The other side asks to be asked less (429)."""

    nothing_done = True
    least_wait = LEAST_WAIT_AFTER_429

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message, 429)
        self.retry_after = retry_after


class Unavailable(Failed):
    """Nothing was sent: no connection came about, or the breaker is open."""

    nothing_done = True

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.costs_attempt = retry_after is None


class LeftAlone(Unavailable):
    """It was not even tried: the destination fails, or has asked for fewer requests."""


class Unknown(Failed):
    """It was sent, but whether it was done is not known."""

    def __init__(self, message: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, status)
        self.retry_after = retry_after


class Unreadable(Unknown):
    """It answered that it was done, in a way that cannot be read."""


class _Watched:
    """Within what every request is made."""

    def __init__(self) -> None:
        self.around: Around = lambda _method, _server, _about: contextlib.nullcontext()


_watched = _Watched()


def watch(around: Around) -> None:
    """Make every request, from now on, within what this gives for its method, its server and what it is about."""
    _watched.around = around


class Breaker:
    """Keeps requests from a destination that fails; lets one through now and then to see whether it is back.

    A 429 closes the door likewise, for a minute at least.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._next_probe = 0.0
        self._slow_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the destination is left alone because it fails."""
        return self._failures >= FAILURES_TO_OPEN

    def check(self, destination: str, now: float) -> None:
        """Raise `Unavailable` while nothing may be sent; the wait it names costs no attempt."""
        if now < self._slow_until:
            raise LeftAlone(f"{destination} asked for fewer requests", self._slow_until - now + random.random() * 5)  # noqa: S311  # spreads load
        if self._failures < FAILURES_TO_OPEN:
            return
        if now < self._next_probe:
            raise LeftAlone(f"{destination} has been failing and is left alone for a while", self._to_probe(now))
        self._next_probe = now + PROBE_SECONDS

    def succeeded(self) -> None:
        """It answered: the breaker closes."""
        self._failures = 0

    def failed(self, now: float) -> float | None:
        """It did not answer as it should; while the breaker is open, the seconds until it is asked again."""
        self._failures += 1
        if self._failures == FAILURES_TO_OPEN:
            self._next_probe = now + PROBE_SECONDS
        return self._to_probe(now) if self._failures >= FAILURES_TO_OPEN else None

    def _to_probe(self, now: float) -> float:
        return max(self._next_probe - now + random.random() * 5, 1.0)  # noqa: S311  # spreads load

    def slowed(self, now: float, retry_after: float | None) -> None:
        """It answered 429."""
        self._slow_until = now + min(max(retry_after or 0.0, LEAST_WAIT_AFTER_429), 600.0)


async def patiently(ask: Callable[[], Awaitable[Any]], waits: Sequence[float] = WAITS_BETWEEN_READS) -> Any:
    """Ask again shortly where no answer came. Only for what changes nothing on the other side."""
    for wait in waits:
        try:
            return await ask()
        except (Unavailable, Unknown) as error:
            if not getattr(error, "costs_attempt", True):
                raise  # the breaker is open, and will be for longer
        await asyncio.sleep(wait)
    return await ask()


def begin_of_refusal(status: int, text: str) -> str:
    """A refusal's first words; a failing server's are a page for browsers."""
    return repr(text[:200]) if status < 500 else ""


class Destination:
    """One outside server. It may be asked from several event loops; each has a connection pool of its own.

    `direct`: not through the proxy that the environment may name, as between two programs of one machine. `is_away`
    tells the answers that are none of its own.
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        *,
        breaker: Breaker | None = None,
        transport: Transport | None = None,
        quote: Quote = begin_of_refusal,
        most_mb: float = MOST_MB,
        direct: bool = False,
        is_away: IsAway = lambda _answer: False,
    ) -> None:
        self._is_away = is_away
        self._base_url = base_url
        self._name = re.sub("//[^/]*@", "//", base_url)  # a password may stand in the address
        self._headers = dict(headers)
        self._breaker = breaker or Breaker()
        self._transport = transport
        self._quote = quote
        self._most_mb = most_mb
        self._direct = direct
        self._clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = (
            weakref.WeakKeyDictionary()
        )

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        about: str = "",
        seconds: float | None = None,
    ) -> Any:
        """Ask, and return the answer's JSON (None when it has none).

        `content`, what is signed, is sent as it is instead of `json`. `about` is what errors say was asked, where the
        path is a secret or does not tell. `seconds` is all the time there is, from connecting to the answer's last
        byte; without it, only a silence ends the wait.
        """
        about = about or f"{method} {path}"
        sent = {"json": json, "content": content, "headers": headers, "params": params}
        answer = await self.answer(method, path, about=about, seconds=seconds, **sent)
        return _json(about, answer.body)

    async def answer(
        self,
        method: str,
        path: str,
        *,
        about: str,
        seconds: float | None = None,
        silence: float | None = None,
        **sent: Any,
    ) -> Answer:
        """The same, but the whole answer; `silence` is how many seconds it may say nothing, instead of the usual."""
        self._breaker.check(self._name, time.monotonic())
        if silence is not None:
            sent["timeout"] = httpx.Timeout(silence, connect=min(silence, CONNECT_SECONDS))
        with _watched.around(method, self._name, about):
            return self._judged(about, await self._asked(about, seconds, method, path, **sent))

    async def _asked(self, about: str, seconds: float | None, method: str, path: str, **sent: Any) -> Answer:
        try:
            with anyio.fail_after(seconds):
                return await self._fetch(about, method, path, **sent)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise self._failed(Unavailable(f"{about}: no connection ({type(error).__name__})")) from error
        except (httpx.LocalProtocolError, httpx.UnsupportedProtocol, httpx.InvalidURL, UnicodeEncodeError) as error:
            # It never left: mostly the address or the token is miswritten. The error's own text may quote the token.
            raise Refused(f"{about}: it cannot be sent like this ({type(error).__name__})") from None
        except (httpx.HTTPError, TimeoutError) as error:
            raise self._failed(Unknown(f"{about}: no answer ({type(error).__name__})")) from error

    async def aclose(self) -> None:
        """Close the connections of the running event loop; for whoever asks once and is gone."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    async def _fetch(self, about: str, method: str, path: str, **sent: Any) -> Answer:
        """The whole answer, read piece by piece so that one without end does not fill the memory."""
        body = bytearray()
        async with self._client().stream(method, path, **sent) as response:
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > self._most_mb * 1_000_000:
                    raise Unreadable(f"{about}: the answer is longer than {self._most_mb:g} MB", response.status_code)
        return Answer(response.status_code, dict(response.headers), bytes(body))

    def _failed(self, error: Failed) -> Failed:
        """Count a failure. What opens the breaker, or probes it, is not charged to the one that asked."""
        to_probe = self._breaker.failed(time.monotonic())
        if to_probe is not None:
            error.costs_attempt, error.retry_after = False, to_probe
        return error

    def _client(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            client = self._clients[loop] = httpx.AsyncClient(
                base_url=self._base_url,
                headers=self._headers,
                timeout=TIMEOUT,
                transport=self._transport,
                verify=ssl_context() if self._base_url.startswith("https") else False,
                follow_redirects=False,
                trust_env=not self._direct,
                # One account's cookies are no other's: none are kept.
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            )
        return client

    def _judged(self, about: str, answer: Answer) -> Answer:
        """The answer, where it says that it was done."""
        if self._is_away(answer):
            said = answer.headers.get("ngrok-error-code") or answer.status
            raise self._failed(Unavailable(f"{about}: the server is not there ({said})"))
        if 200 <= answer.status < 300:
            self._breaker.succeeded()
            return answer
        error = self._refusal(about, answer)
        error.answer = answer
        raise error

    def _refusal(self, about: str, answer: Answer) -> Failed:
        retry_after = _seconds(answer.headers.get("retry-after"))
        if answer.status == 429:
            self._breaker.slowed(time.monotonic(), retry_after)
            return Slowed(f"{about}: 429", retry_after)
        said = f"{about}: {answer.status} {self._quote(answer.status, answer.text)}".rstrip()
        if answer.status >= 500:
            return self._failed(Unknown(said, answer.status, retry_after))
        self._breaker.succeeded()
        return Refused(said, answer.status)


@functools.cache
def ssl_context() -> ssl.SSLContext:
    """One for all destinations: making one reads every certificate authority."""
    return httpx.create_ssl_context()


def _json(about: str, body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{about}: the answer is not JSON") from error


def _seconds(retry_after: str | None) -> float | None:
    """A Retry-After header in seconds, whether it holds seconds or a date; None for anything else."""
    if not retry_after:
        return None
    if retry_after.isascii() and retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(parsedate_to_datetime(retry_after).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError):
        return None
