"""How much may bodies hold together? A large one waits for room, so that many of them do not fill the memory."""

import asyncio
from collections import OrderedDict, deque

# Smaller bodies are not worth waiting for room: uvicorn itself buffers as much of each connection.
SMALL_BODY = 64 * 1024


class Room:
    """Bytes that large bodies may hold together, taken as they arrive; who finds no room waits for it, in order.

    The body that began first never waits: room for one of the largest is kept for it. So it comes to its end, within
    the deadline of a body, and then another is the first: no two wait for each other's room for ever.
    """

    def __init__(self, size: int, largest: int) -> None:
        self._free = size - largest
        self._places: OrderedDict[Place, None] = OrderedDict()  # in the order in which they began
        self._waiting: deque[Place] = deque()

    async def grow(self, place: "Place", size: int) -> None:
        """Let a body hold so many bytes more, as soon as there is room."""
        self._places[place] = None
        place.wanted = size
        if place is not next(iter(self._places)) and (self._waiting or self._free < size):
            place.granted = asyncio.get_running_loop().create_future()
            self._waiting.append(place)
            await place.granted
        else:
            self._grant(place)

    def leave(self, place: "Place") -> None:
        """A body is dealt with: what it held is for those that wait."""
        if place.wanted:
            self._waiting.remove(place)
        self._free += place.held
        del self._places[place]
        first = next(iter(self._places), None)
        if first is not None and first.wanted:
            self._waiting.remove(first)
            self._grant(first)
        while self._waiting and self._waiting[0].wanted <= self._free:
            self._grant(self._waiting.popleft())

    def _grant(self, place: "Place") -> None:
        self._free -= place.wanted
        place.held, place.wanted = place.held + place.wanted, 0
        if place.granted is not None and not place.granted.done():
            place.granted.set_result(None)


class Place:
    """One body's part of the room, from its first large piece until its request is answered."""

    __slots__ = ("_room", "granted", "held", "wanted")

    def __init__(self, room: Room) -> None:
        self._room = room
        self.held = self.wanted = 0
        self.granted: asyncio.Future[None] | None = None

    def __enter__(self) -> "Place":  # noqa: PYI034  # Python 3.10 has no Self
        return self

    def __exit__(self, *error: object) -> None:
        if self.held or self.wanted:
            self._room.leave(self)

    async def hold(self, size: int) -> None:
        """So many bytes are there in all; what is beyond a small body's waits for room before more is read."""
        if size > SMALL_BODY + self.held:
            await self._room.grow(self, size - SMALL_BODY - self.held)
