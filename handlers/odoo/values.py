"""What do Odoo's values mean? Texts, yes and no, hours, days and moments, read one by one. Pure."""

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hubcrew.plain_text import plain_text

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?)?")
_CLOCK = re.compile(r"(\d{1,2})[:h](\d{2})(?::\d{2})?")
_YES = frozenset({"1", "true", "yes", "sim"})


def text_of(value: Any) -> str:
    """A text field as a customer may read it: false is empty; what was pasted in from HTML or PDF is plain lines."""
    return "" if value is None or value is False else plain_text(str(value))


def line_of(value: Any) -> str:
    """A text field as one line."""
    return " ".join(text_of(value).split())


def said(label: str, value: Any) -> str:
    """A text field with what it is about ("Greeting: {text}"); empty where the field is."""
    text = text_of(value)
    return label.format(text=text) if text else ""


def lines_of(*parts: str) -> str:
    """The parts that are not empty, one below the other."""
    return "\n".join(part for part in parts if part)


def yes(value: Any) -> bool:
    """Whether a boolean field is set; here, false is a real no."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().lower() in _YES)


def hour_of(value: Any) -> str | None:
    """The time of day of an hour field, to the nearest minute: 8.333333333333334 is "08:20", a day's end "24:00"."""
    if isinstance(value, str):
        clock = _CLOCK.fullmatch(value.strip())
        minutes = int(clock[1]) * 60 + int(clock[2]) if clock and int(clock[2]) < 60 else -1
    elif isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 24:
        return None
    else:
        minutes = round(value * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" if 0 <= minutes <= 24 * 60 else None


def span_of(start: Any, end: Any) -> tuple[str, str] | None:
    """From when until when; None where that is not known or, as 0.0 to 0.0, nothing. It may end after midnight."""
    first, last = hour_of(start), hour_of(end)
    if first is None or last is None or first == last:
        return None
    return "00:00" if first == "24:00" else first, "24:00" if last == "00:00" else last


def shop_day(value: str, zone: ZoneInfo) -> str | None:
    """The shop's day of a date, or of a moment. None if it is neither."""
    match = _DATE.fullmatch(value.strip())
    if match is None:
        return None
    if match[2] is not None:
        moment = moment_of(value, zone)
        return moment.date().isoformat() if moment is not None else None
    try:
        return date.fromisoformat(match[1]).isoformat()
    except ValueError:
        return None


def moment_of(value: Any, zone: ZoneInfo) -> datetime | None:
    """The moment of a datetime field on the shop's clock; Odoo's are UTC and do not say so. None if it is none."""
    match = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or match[2] is None:
        return None
    day, clock, fraction, offset = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{_offset(offset)}")
        return moment.replace(microsecond=int((fraction or "").ljust(6, "0")[:6])).astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _offset(written: str | None) -> str:
    if written is None or written == "Z":
        return "+00:00"
    return written if ":" in written else f"{written[:3]}:{written[3:]}"
