"""How is an answer put into words? By a language model, from the passages found and only from these, or not at all."""

import asyncio
import contextlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec
from loguru import logger

from clients.http import Failed
from clients.llm import Llm
from hubcrew.grounding import Statement, asks_for_the_day, objection
from hubcrew.prompt import Asked, Excerpt, digest_of, fit_to_leave, messages_of

# An account's remembered replies: each has its place by its digest, and a later one takes it.
PLACES = 512

_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)


class Written(NamedTuple):
    """A reply, and the keys of the sources that it rests on."""

    text: str
    sources: tuple[str, ...]


class NotWritten(NamedTuple):
    """That nothing was written, and why: "unknown", "spent", "refused: …", "failed: …", or "handed over", by a crew.

    `details` are the crew's own words: for the agents, not for logs.
    """

    reason: str
    details: str = ""


class Memory(Protocol):
    """Small JSON values by account and name; `change` is atomic, and may call `how` more than once."""

    async def get(self, account: str, name: str) -> Any: ...
    async def put(self, account: str, name: str, value: Any) -> None: ...
    async def change(self, account: str, name: str, how: Callable[[Any], Any]) -> Any: ...


class _Piece(msgspec.Struct):
    text: str
    sources: list[str] = []


class _Said(msgspec.Struct):
    """What the model is asked to write."""

    statements: list[_Piece] = []
    unknown: bool = False


def _to_nobody(result: str) -> None:
    pass


class Writer:
    """Writes replies by one model, for each account at most `monthly_calls` times a month; holds nothing of them.

    `tell` is called with what became of each: "written", or the first word of why not.
    """

    def __init__(self, llm: Llm, memory: Memory, monthly_calls: int, tell: Callable[[str], None] = _to_nobody) -> None:
        self._llm = llm
        self._tell = tell
        self._memory = memory
        self._monthly_calls = monthly_calls

    async def write(self, asked: Asked, now: datetime) -> Written | NotWritten:
        """A reply to the question, or why there is none; never raises but when it is cancelled.

        `now` is by the shop's clock: its month is the one that is counted.
        """
        log = logger.bind(component="hub")
        try:
            result = await self._write(fit_to_leave(asked), f"llm:{now:%Y-%m}")
        except Failed as error:
            result = NotWritten(f"failed: {error}")
        except Exception as error:  # noqa: BLE001  # whatever it is, the plain answer is at hand
            log.opt(exception=error).debug("{}: what went wrong when a reply was written", asked.account)
            result = NotWritten(f"failed: {type(error).__name__}")
        if isinstance(result, NotWritten) and result.reason.startswith(("failed", "refused", "spent")):
            log.warning("{}: the plain answer stands, no reply was written: {}", asked.account, result.reason)
        self._tell("written" if isinstance(result, Written) else result.reason.partition(":")[0])
        return result

    async def _write(self, asked: Asked, month: str) -> Written | NotWritten:
        if not asked.passages:
            return NotWritten("unknown")
        digest = digest_of(asked, self._llm.model)
        place = f"llm-cache:{int(digest, 16) % PLACES}"
        known = _remembered(await self._memory.get(asked.account, place), digest)
        result = await asyncio.to_thread(_judged, known, asked) if known else None
        if result is not None and _holds(result):
            return result
        if not await self._count(asked.account, month):
            return NotWritten("spent")
        said = _read(await self._complete(asked, month))
        if said is None:
            return NotWritten("failed: the model's answer has not the form that was asked for")
        result = await asyncio.to_thread(_judged, said, asked)  # long passages take a tenth of a second to take apart
        if _holds(result):
            await self._memory.put(asked.account, place, {"digest": digest, "said": msgspec.to_builtins(said)})
        return result

    async def _complete(self, asked: Asked, month: str) -> str:
        try:
            return await self._llm.complete(messages_of(asked))
        except Failed as error:
            if error.nothing_done:
                await self._memory.change(asked.account, month, self._one_less)
            raise

    async def _count(self, account: str, month: str) -> bool:
        """Count a call before it is made; False where the month's calls are spent."""
        most = self._monthly_calls
        return bool(await self._memory.change(account, month, lambda made: min((made or 0) + 1, most + 1)) <= most)

    def _one_less(self, made: Any) -> int:
        """A call that the model never had; one more than the most stands for calls that were not made either."""
        return max(min(made or 0, self._monthly_calls) - 1, 0)


def _remembered(value: Any, digest: str) -> _Said | None:
    if not isinstance(value, dict) or value.get("digest") != digest:
        return None
    with contextlib.suppress(msgspec.ValidationError):  # an older version's: asked again
        return msgspec.convert(value.get("said"), _Said)
    return None


def _read(text: str) -> _Said | None:
    """What the model wrote, out of whatever it was wrapped in; None where it has not the form asked for."""
    found = _OBJECT.search(_THOUGHTS.sub("", text))
    try:
        return msgspec.convert(json.loads(found[0], strict=False), _Said) if found else None
    except (ValueError, RecursionError, msgspec.ValidationError):
        return None


def _judged(said: _Said, asked: Asked) -> Written | NotWritten:
    """The reply, if it is grounded. Also one that is remembered is judged: the checks may be newer than it."""
    if said.unknown:
        return NotWritten("unknown")
    statements = [Statement(each.text.strip(), tuple(each.sources)) for each in said.statements]
    today = asked.today if asks_for_the_day(asked.question) else None
    why = objection(statements, _by_key(asked), today=today, language=asked.language)
    if why:
        return NotWritten(f"refused: {why}")
    sources = dict.fromkeys(key for each in statements for key in each.sources)
    return Written("\n".join(each.text for each in statements), tuple(sources))


def _by_key(asked: Asked) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in asked.passages:
        found[each.key] = "\n".join(filter(None, [found.get(each.key), each.name, each.text]))
    return found


def _holds(result: Written | NotWritten) -> bool:
    """Whether it is worth remembering: the same question would be answered so again."""
    return isinstance(result, Written) or result.reason == "unknown"


__all__ = ["Asked", "Excerpt", "Memory", "NotWritten", "Writer", "Written"]
