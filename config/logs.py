"""Where is it written down? One file per component and one with everything, for people who tail them."""

import json
import logging
import os
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loguru import logger

from config.settings import Settings

if TYPE_CHECKING:
    from loguru import Record

# Which components each file holds. The one with everything is named by the shop's day.
FILES = {
    "webhook.log": ("webhook",),
    "hub.log": ("hub",),
    "odoo_api.log": ("odoo",),
}
EVERYTHING = "{time:YYYYMMDD}_unified_server.log"
# Whatever could move a terminal's cursor or begin a line of its own.
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
LONGEST_MESSAGE = 2000


class _Hidden:
    """The secrets that no line may show; they change when the accounts do."""

    pattern = re.compile("(?!)")


def hide(secrets: Iterable[str]) -> None:
    """Write none of these values from now on."""
    _Hidden.pattern = re.compile("|".join(re.escape(value) for value in secrets) or "(?!)")


def hidden(text: str) -> str:
    """The text without them."""
    return _Hidden.pattern.sub("[secret]", text)


def set_up(settings: Settings, *, console: bool = True) -> list[Path]:
    """Write to the files of this configuration from now on; returns their paths."""
    _use_zone(settings)
    settings.log_dir.mkdir(parents=True, exist_ok=True)
    hide(settings.secret_values)
    logger.remove()
    logger.configure(extra={"component": "server", "event": "-"}, patcher=_patcher(settings))
    options: dict[str, Any] = {
        "level": settings.log_level,
        "format": _format,
        "diagnose": False,  # a trace with the values of variables would show customers' texts and secrets
        "retention": f"{settings.log_keep_days} days",
        "encoding": "utf-8",
    }
    for name, components in FILES.items():
        logger.add(settings.log_dir / name, filter=_only(components), rotation=settings.log_rotation, **options)
    logger.add(settings.log_dir / EVERYTHING, rotation="00:00", **options)
    if console:
        behind = getattr(sys.stderr, "behind", sys.stderr)  # what is logged is no print, and is clean already
        logger.add(behind, level="WARNING", format=_format, diagnose=False)
    _take_over_logging()
    return paths(settings)


def paths(settings: Settings) -> list[Path]:
    """The four files, as they are named today."""
    today = datetime.now(settings.zone).strftime("%Y%m%d")
    return [settings.log_dir / name for name in FILES] + [settings.log_dir / f"{today}_unified_server.log"]


def _use_zone(settings: Settings) -> None:
    """Let the process count its days as the shop does; without the system's zone files, by today's offset."""
    if Path("/usr/share/zoneinfo", settings.timezone).is_file():
        os.environ["TZ"] = settings.timezone
    else:
        offset = datetime.now(settings.zone).utcoffset()
        minutes = int(offset.total_seconds() // 60) if offset else 0
        sign, size = ("-" if minutes >= 0 else "+"), abs(minutes)
        os.environ["TZ"] = f"<shop>{sign}{size // 60}:{size % 60:02d}"
    time.tzset()


def _only(components: tuple[str, ...]) -> Callable[["Record"], bool]:
    return lambda record: record["extra"]["component"] in components


def _patcher(settings: Settings) -> Callable[["Record"], None]:
    """Make the whole line once for all files: on one line, without control characters, without secrets.

    A record may bring several lines, each with its event: `bind(lines=[(event, text), …])`.
    """
    make = _json_lines if settings.log_format == "json" else _text_lines

    def patch(record: "Record") -> None:
        extra = record["extra"]
        trace = ""
        if record["exception"] is not None:
            trace = hidden("".join(traceback.format_exception(*record["exception"])))
        said: list[tuple[str, str]] = extra.get("lines") or [(extra["event"], record["message"])]
        shown = [(event, hidden(text)) for event, text in said]
        clean = [(event, _CONTROL.sub(" ", text)[:LONGEST_MESSAGE]) for event, text in shown]
        extra["line"] = "\n".join(make(record, clean, trace))

    return patch


def _text_lines(record: "Record", said: list[tuple[str, str]], trace: str) -> list[str]:
    moment = record["time"].isoformat(" ", "milliseconds")[:23]
    head = f"{moment} {record['level'].name:<7} {record['extra']['component']:<7}"
    traced = [f"    | {_CONTROL.sub(' ', line)}" for line in trace.splitlines()]
    return [f"{head} {event} {text}" for event, text in said] + traced


def _json_lines(record: "Record", said: list[tuple[str, str]], trace: str) -> list[str]:
    common = {
        "time": record["time"].isoformat(timespec="milliseconds"),
        "level": record["level"].name,
        "component": record["extra"]["component"],
    }
    traced = {"trace": trace} if trace else {}
    return [
        json.dumps({**common, "event": event, "message": text, **traced}, ensure_ascii=False) for event, text in said
    ]


def _format(record: "Record") -> str:
    return "{extra[line]}\n"


class _ToLoguru(logging.Handler):
    """Lets what other libraries log by the standard library appear in the same files."""

    def emit(self, record: logging.LogRecord) -> None:
        level = record.levelname if record.levelname in ("WARNING", "ERROR", "CRITICAL") else "INFO"
        logger.bind(component=record.name.partition(".")[0]).log(level, "{}", record.getMessage())


def _take_over_logging() -> None:
    logging.basicConfig(handlers=[_ToLoguru()], level=logging.WARNING, force=True)
