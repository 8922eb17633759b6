"""What answers at an address, whoever it is? One request, not followed and not tried again, and all that came back."""

import contextlib
import json
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import anyio
import httpx

from clients.http import Unavailable, ssl_context

# Nothing that is looked for is longer; what is, is cut there.
MOST_BYTES = 1_000_000


class Answer(NamedTuple):
    """What came back, and when it was asked for and came, in epoch seconds by our clock."""

    status: int
    headers: Mapping[str, str]
    text: str
    asked: float
    came: float

    @property
    def json(self) -> Any:
        """The body as JSON, or None where it is none."""
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(self.text)
        return None

    @property
    def skew(self) -> float | None:
        """By how many seconds our clock is before the other's (behind: negative); None where that cannot be known.

        HTTP tells whole seconds, and the answer took its time: what that can explain is no skew.
        """
        try:
            theirs = parsedate_to_datetime(self.headers.get("date", "")).timestamp()
        except (ValueError, TypeError):
            return None
        if self.asked - 1 <= theirs <= self.came + 1:
            return 0.0
        return (self.asked if theirs < self.asked else self.came) - theirs


async def look_at(
    url: str, *, headers: Mapping[str, str] | None = None, seconds: float = 4.0, direct: bool = False
) -> Answer:
    """Ask for an address; raises `Unavailable` where nothing answers in so many seconds.

    `direct`: not through the proxy that the environment may name, as between two programs of one machine.
    """
    asked = time.time()
    try:
        with anyio.fail_after(seconds):
            async with httpx.AsyncClient(verify=_trust(url), timeout=seconds, trust_env=not direct) as client:
                return await _ask(client, url, headers or {}, asked)
    except TimeoutError:
        raise Unavailable(f"nothing came within {seconds:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise Unavailable(f"no connection ({type(error).__name__})") from None


async def _ask(client: httpx.AsyncClient, url: str, headers: Mapping[str, str], asked: float) -> Answer:
    body = bytearray()
    async with client.stream("GET", url, headers=dict(headers)) as response:
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > MOST_BYTES:
                break
        return Answer(response.status_code, response.headers, body.decode(errors="replace"), asked, time.time())


def _trust(url: str) -> Any:
    return ssl_context() if url.startswith("https") else False
