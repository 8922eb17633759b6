"""What do the server and a worker process say to each other? Each may ask the other, and is answered; errors cross too.

Frames over a socket of their own: a length, then what is said, pickled. Both ends run the same plugin's code.
"""

import asyncio
import itertools
import pickle
import struct
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

_LENGTH = struct.Struct(">I")
# A worker's memory is its own trouble; what it says is held in the server's.
MOST_BYTES = 64_000_000
Answers = Mapping[str, Callable[..., Awaitable[Any]]]


class Gone(Exception):
    """The other end has closed the channel."""


class Channel:
    """One end. `answers` are what the other may ask for, by name."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: Answers) -> None:
        self._reader, self._writer = reader, writer
        self._answers = answers
        self._numbers = itertools.count()
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._answering: set[asyncio.Task[None]] = set()

    async def ask(self, what: str, *arguments: Any) -> Any:
        """Ask, and wait for the answer; raises what was raised there, or `Gone`."""
        if self._reader.at_eof():
            raise Gone
        number = next(self._numbers)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        self._send(number, what, arguments)
        return await answer

    def tell(self, what: str, *arguments: Any) -> None:
        """Ask, and do not wait."""
        self._send(next(self._numbers), what, arguments)

    def _send(self, number: int, what: str, content: Any) -> None:
        said = pickle.dumps((number, what, content))
        if len(said) > MOST_BYTES:
            raise ValueError(f"{len(said) / 1e6:.0f} MB are too much to be told in one piece")
        self._writer.write(_LENGTH.pack(len(said)) + said)

    async def serve(self) -> None:
        """Answer, and take answers, until the other end is gone."""
        try:
            while (said := await self._next()) is not None:
                self._take(*pickle.loads(said))  # noqa: S301  # our own
        finally:
            for task in self._answering:
                task.cancel()
            for answer in self._asked.values():
                if not answer.done():
                    answer.set_exception(Gone())
                    answer.exception()  # whoever asked may be gone as well

    async def _next(self) -> bytes | None:
        """The next piece that the other end says; None where it is gone, or says more than is taken."""
        try:
            (length,) = _LENGTH.unpack(await self._reader.readexactly(_LENGTH.size))
            return await self._reader.readexactly(length) if length <= MOST_BYTES else None
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    def _take(self, number: int, what: str, content: Any) -> None:
        if what not in ("answer", "error"):
            task = asyncio.get_running_loop().create_task(self._answer(number, what, content))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
            return
        answer = self._asked.pop(number, None)
        if answer is None or answer.done():
            return
        if what == "answer":
            answer.set_result(content)
        else:
            answer.set_exception(revived(content))

    async def _answer(self, number: int, what: str, arguments: Any) -> None:
        try:
            result = await self._answers[what](*arguments)
            self._send(number, "answer", result)
        except BaseException as error:  # noqa: BLE001  # whatever a handler raises is the other's to know
            self._send(number, "error", told(error))


class ToldError(NamedTuple):
    """An error on its way: its classes from its own up, as (module, name); what it holds; where it was raised."""

    kinds: list[tuple[str, str]]
    arguments: tuple[Any, ...]
    fields: dict[str, Any]
    trace: str


class ElsewhereTrace(Exception):
    """Where it was raised, in the other process: shown as the error's cause."""


def told(error: BaseException) -> ToldError:
    """The error in a form that can cross, whatever it holds."""
    kinds = [(each.__module__, each.__qualname__) for each in type(error).__mro__[:-1]]
    places = [(frame.f_globals.get("__name__", "?"), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    fields = {name: value for name, value in vars(error).items() if _crosses(value)}
    if places:
        fields["raised_at"] = f"{places[-1][0]}:{places[-1][1]}"
    arguments = tuple(each if _crosses(each) else _text(each) for each in error.args)
    return ToldError(kinds, arguments, fields, "".join(traceback.format_exception(error)))


def revived(said: ToldError) -> BaseException:
    """The error again: of its own class where that is known here, else of a class of its name and its next kind."""
    name = said.kinds[0][1]
    error = next(error for each in said.kinds if (error := _made(name, _class_of(each))) is not None)
    error.args = said.arguments
    vars(error).update(said.fields)
    error.__cause__ = ElsewhereTrace(f"\n{said.trace}")
    return error


def _made(name: str, found: type[BaseException] | None) -> BaseException | None:
    """An error of this name, of a class that is known; None where its class asks for something."""
    if found is None or issubclass(found, StopIteration):  # which no future takes
        return None
    kind = found if found.__qualname__ == name else type(name, (found,), {})
    make: Any = kind.__new__  # without what its own __init__ would ask for
    try:
        made: BaseException = make(kind)
    except TypeError:
        return None
    return made


def _class_of(kind: tuple[str, str]) -> type[BaseException] | None:
    found = getattr(sys.modules.get(kind[0]), kind[1], None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def _crosses(value: Any) -> bool:
    try:
        pickle.loads(pickle.dumps(value))  # noqa: S301  # what was just written
    except Exception:  # noqa: BLE001  # whatever a plugin's class raises
        return False
    return True


def _text(value: Any) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001  # the same
        return type(value).__name__
