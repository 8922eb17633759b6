"""What do the logs say? The end of each file, with a filter, and the lines of one event."""

import asyncio
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from config import logs as log_settings
from config.settings import Settings
from dashboard.asked import NotThere
from dashboard.inside import Inside

# So much of a file's end is looked through: a page must not wait for a day's file.
MOST_BYTES = 4 * 1024 * 1024
MOST_OF_EVENT = 200
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LEVEL = re.compile(r"^\S+ \S+ ([A-Z]+) |\"level\": \"([A-Z]+)\"")


class LogsAsked(msgspec.Struct, kw_only=True):
    """Which file's end, and which of its lines."""

    file: str | None = None
    q: Annotated[str, Meta(description="A text in the line.")] | None = None
    level: Annotated[str, Meta(pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="This level or worse.")] | None = (
        None
    )
    limit: Annotated[int, Meta(ge=1, le=2000)] = 200


async def logs(inside: Inside, asked: LogsAsked) -> dict[str, Any]:
    """The last lines of a log file, newest last; `looked` is how many bytes of its end were looked through."""
    files = sorted({*_names(inside.settings), *(each.name for each in log_settings.paths(inside.settings))})
    name = asked.file or log_settings.paths(inside.settings)[-1].name
    if name not in files:
        raise NotThere(name)
    end, size = await asyncio.to_thread(_end_of, inside.settings.log_dir / name)
    lines = [line for line in end.splitlines() if _fits(line, asked)]
    return {"file": name, "files": files, "lines": lines[-asked.limit :], "looked": len(end), "size": size}


async def lines_of(settings: Settings, event_id: str, received: int) -> list[str]:
    """What was logged of an event, on the day of its receipt and today."""
    days = {datetime.fromtimestamp(received / 1000, settings.zone), datetime.now(settings.zone)}
    names = sorted({f"{day:%Y%m%d}_unified_server.log" for day in days})

    def find() -> list[str]:
        ends = (_end_of(settings.log_dir / name)[0] for name in names)
        return [line for end in ends for line in end.splitlines() if event_id in line][:MOST_OF_EVENT]

    return await asyncio.to_thread(find)


def _names(settings: Settings) -> list[str]:
    return [each.name for each in settings.log_dir.glob("*.log")] if settings.log_dir.is_dir() else []


def _end_of(path: Path) -> tuple[str, int]:
    """The end of a file, from the beginning of a line, and how long all of it is."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(size - MOST_BYTES, 0))
            end = file.read(MOST_BYTES)
    except FileNotFoundError:
        return "", 0
    text = end.decode(errors="replace")
    return (text.partition("\n")[2] if size > MOST_BYTES else text), size


def _fits(line: str, asked: LogsAsked) -> bool:
    if asked.q and asked.q.casefold() not in line.casefold():
        return False
    if asked.level is None:
        return True
    found = _LEVEL.search(line)
    level = (found[1] or found[2]) if found else ""
    return level in LEVELS and LEVELS.index(level) >= LEVELS.index(asked.level)
