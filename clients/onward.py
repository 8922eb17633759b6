"""How is a request handed on to the server behind this one, as it came? Only that server's own answer counts."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple
from urllib.parse import quote

from clients.http import Answer, Breaker, Destination, Failed, LeftAlone, Refused, Transport, Unavailable

SECONDS = 20.0
# What is wrong with the request itself is wrong the next time too. Any other refusal is for somebody to mend: a key
# that differs, an address that leads elsewhere.
HOPELESS = (400, 413, 415, 422)
# Headers of one hop, and those that are made anew for the next.
_OF_ONE_HOP = frozenset(
    {
        "accept", "accept-encoding", "connection", "content-length", "expect", "host", "keep-alive",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    }
)  # fmt: skip


class Request(NamedTuple):
    """A request as it came, to be made again."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class Onward:
    """The server behind this one. `target` gives its address as it is now, "" where none is known.

    `failed` is what was last wrong with it, or "".
    """

    def __init__(self, target: Callable[[], str], *, transport: Transport | None = None) -> None:
        self._target = target
        self._transport = transport
        self._address, self.failed = "", ""
        self._reach("")

    def _reach(self, address: str) -> None:
        """Another address is another server, about which nothing is known yet."""
        self._address, self._breaker = address, Breaker()
        to = partial(Destination, address, {}, breaker=self._breaker, transport=self._transport)
        self._handing_on, self._asking = to(is_away=_takes_nothing), to(is_away=_is_a_page)

    @property
    def is_away(self) -> bool:
        """Whether it has not answered lately, and is left alone for a while."""
        return self._breaker.is_open

    async def hand_on(self, request: Request) -> None:
        """Hand over what was kept here; raises `Refused` with `give_up` where it will never be taken, else `Failed`."""
        self._follow()
        try:
            await _made(self._handing_on, request, SECONDS)
        except LeftAlone:
            raise
        except Failed as failed:
            failed.give_up = isinstance(failed, Refused) and failed.status in HOPELESS
            self.failed = str(failed)
            raise
        self.failed = ""

    async def ask(self, request: Request, seconds: float) -> Answer:
        """Its answer to somebody who waits for it, whatever it says; raises `Failed` where it gave none."""
        self._follow()
        try:
            return await _made(self._asking, request, seconds)
        except Failed as failed:
            if failed.answer is None:
                raise
            return failed.answer

    def _follow(self) -> None:
        if (address := self._target()) != self._address:
            self._reach(address)
        if not address:
            raise Unavailable("it is not known where to hand it on to", retry_after=10.0)


async def _made(server: Destination, request: Request, seconds: float) -> Answer:
    address = f"{quote(request.path)}{'?' if request.query else ''}{request.query}"
    headers = {name: value for name, value in request.headers.items() if name not in _OF_ONE_HOP}
    # ngrok shows a page of its own, instead of asking, to what it takes for a browser.
    sent = {"content": request.body, "headers": {**headers, "ngrok-skip-browser-warning": "1"}}
    about = f"{request.method} {request.path}"
    return await server.answer(request.method, address, about=about, seconds=seconds, silence=seconds, **sent)


def _is_a_page(answer: Answer) -> bool:
    """What a tunnel or a proxy says for a server that is not there, whatever its status."""
    page = answer.headers.get("content-type", "").startswith("text/html")
    return page or "ngrok-error-code" in answer.headers or 300 <= answer.status < 400


def _takes_nothing(answer: Answer) -> bool:
    """What is no answer to the request itself: somebody is to mend the address, or a key."""
    return _is_a_page(answer) or (400 <= answer.status < 429 and answer.status not in HOPELESS)
