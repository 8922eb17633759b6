"""How is a request handed on to the server behind this one, as it came? Only that server's own answer counts."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

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
    """A request as it came, to be made again. `address` is path and query, escaped."""

    method: str
    address: str
    headers: Mapping[str, str]
    body: bytes


class _Reached:
    """The server at one address, as it has answered to one group of requests."""

    def __init__(self, address: str, transport: Transport | None) -> None:
        self.breaker = Breaker()
        to = partial(Destination, address, {}, breaker=self.breaker, transport=transport)
        self.handing_on, self.asking = to(is_away=_takes_nothing), to(is_away=_is_a_page)


class Onward:
    """The server behind this one. `target` gives its address as it is now, "" where none is known.

    `failed` is what was last wrong with it, or "". Requests are made in groups, by `whose` they are: what is refused
    of one group holds up no other.
    """

    def __init__(self, target: Callable[[], str], *, transport: Transport | None = None) -> None:
        self._target = target
        self._transport = transport
        self._reached: dict[tuple[str, str], _Reached] = {}
        self.failed = ""

    @property
    def is_away(self) -> bool:
        """Whether it has not answered somebody lately, and is left alone for a while."""
        return any(each.breaker.is_open for each in list(self._reached.values()))

    async def hand_on(self, request: Request, whose: str) -> None:
        """Hand over what was kept here; raises `Refused` with `give_up` where it will never be taken, else `Failed`."""
        server = self._reach(whose)
        try:
            await _made(server.handing_on, request, SECONDS)
        except LeftAlone:
            raise
        except Failed as failed:
            failed.give_up = isinstance(failed, Refused) and failed.status in HOPELESS
            self.failed = str(failed)
            raise
        self.failed = ""

    async def ask(self, request: Request, whose: str, seconds: float) -> Answer:
        """Its answer to somebody who waits for it, whatever it says; raises `Failed` where it gave none."""
        server = self._reach(whose)
        try:
            return await _made(server.asking, request, seconds)
        except Failed as failed:
            if failed.answer is None:
                raise
            return failed.answer

    def _reach(self, whose: str) -> _Reached:
        """The server where it is now; at another address it is another, of which nothing is known yet."""
        address = self._target()
        if not address:
            raise Unavailable("it is not known where to hand it on to", retry_after=10.0)
        reached = self._reached.get((address, whose))
        if reached is None:
            self._reached = {each: known for each, known in self._reached.items() if each[0] == address}
            reached = self._reached[address, whose] = _Reached(address, self._transport)
        return reached


async def _made(server: Destination, request: Request, seconds: float) -> Answer:
    # As they came: a value may have letters that are no ASCII, but no client sends the blanks after it.
    kept = {name: each.strip().encode("latin-1") for name, each in request.headers.items() if name not in _OF_ONE_HOP}
    # ngrok shows a page of its own, instead of asking, to what it takes for a browser.
    sent = {"content": request.body, "headers": {**kept, "ngrok-skip-browser-warning": b"1"}}
    about = f"{request.method} {request.address.partition('?')[0]}"
    return await server.answer(request.method, request.address, about=about, seconds=seconds, silence=seconds, **sent)


def _is_a_page(answer: Answer) -> bool:
    """What a tunnel or a proxy says for a server that is not there, whatever its status."""
    page = answer.headers.get("content-type", "").startswith("text/html")
    return page or "ngrok-error-code" in answer.headers or 300 <= answer.status < 400


def _takes_nothing(answer: Answer) -> bool:
    """What is no answer to the request itself: somebody is to mend the address, or a key."""
    return _is_a_page(answer) or (400 <= answer.status < 429 and answer.status not in HOPELESS)
