"""What is asked? The parameters and the body of a request as values, checked."""

from collections.abc import Mapping
from datetime import datetime
from gettext import gettext as _
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from relay.store.look import Filter
from relay.store.tables import STATES

STATUSES = (*STATES, "unhandled", "unmapped")
MOST = 500

Asked = TypeVar("Asked", bound=msgspec.Struct)
Limit = Annotated[int, Meta(ge=1, le=MOST, description="How many at most.")]
Next = Annotated[str, Meta(description="What an earlier answer gave as `next`.")]
EventId = Annotated[str, Meta(description="16 hexadecimal digits.", examples=["0337c2c6f1800001"])]
Ids = Annotated[tuple[EventId, ...], Meta(description="Events by their ids.")]
DryRun = Annotated[bool, Meta(description="Only count.")]
AccountId = Annotated[str, Meta(description="An account's id; by default the first account's.")]
Moment = Annotated[int | str, Meta(description="ISO 8601, or epoch seconds or milliseconds.")]


class WrongQuestion(Exception):
    """Something asked that cannot be answered as it stands; the text says what and why."""


class NotThere(Exception):
    """What is asked for does not exist; the text says so."""


class Nothing(msgspec.Struct):
    """No parameters."""


class Listed(msgspec.Struct, kw_only=True):
    """A page of a list."""

    limit: Limit = 50
    next: Next | None = None


class Chosen(msgspec.Struct, kw_only=True):
    """Which events: those that fit all that is said."""

    signal: Annotated[str, Meta(description="A signal's name; `*` stands for anything.")] | None = None
    source: str | None = None
    account: str | None = None
    status: Annotated[str, Meta(description=", ".join(STATUSES))] | None = None
    since: Moment | None = None
    until: Moment | None = None
    q: Annotated[str, Meta(description="A text in the body.")] | None = None


def read(kind: type[Asked], given: Mapping[str, Any], *, lax: bool) -> Asked:
    """What was given, as this kind of question; `lax`: from a query or a form, where all is text and "" is nothing."""
    values = {name: value for name, value in given.items() if value != ""} if lax else dict(given)
    try:
        return msgspec.convert(values, kind, strict=not lax)
    except msgspec.ValidationError as error:
        said, at, path = str(error).rpartition(" - at `$.")
        name = path.strip("`") if at else ""
        text = _("{name}: {error}") if name else _("The body cannot be used: {error}")
        raise WrongQuestion(text.format(name=name, error=said or error)) from error


def body_of(raw: bytes) -> Mapping[str, Any]:
    """The JSON object that a body is; none at all is an empty one."""
    try:
        found = msgspec.json.decode(raw or b"{}", type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WrongQuestion(_("The body cannot be used: {error}").format(error=error)) from error
    return found


def filter_of(chosen: Chosen) -> Filter:
    """The events that are meant, for the store."""
    if chosen.status and chosen.status not in STATUSES:
        wanted = ", ".join(STATUSES)
        raise WrongQuestion(_("status: {value} is none of {wanted}.").format(value=chosen.status, wanted=wanted))
    return Filter(
        signal=chosen.signal or None,
        source=chosen.source or None,
        account=chosen.account or None,
        status=chosen.status or None,
        since=moment("since", chosen.since),
        until=moment("until", chosen.until),
        text=chosen.q or None,
    )


def moment(name: str, value: int | str | None) -> int | None:
    """A time as epoch seconds or milliseconds, or in ISO form, as epoch milliseconds."""
    if value is None or value == "":
        return None
    text = str(value)
    try:
        if text.replace(".", "", 1).isdigit():
            number = float(text)
            return _within_time(int(number if number > 1e11 else number * 1000))
        return _within_time(int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000))
    except (ValueError, OverflowError, OSError) as error:
        wanted = _("{name}: {value} is no time (2026-11-22T08:00:00-03:00, or epoch seconds).")
        raise WrongQuestion(wanted.format(name=name, value=text)) from error


def _within_time(milliseconds: int) -> int:
    if not 0 <= milliseconds < 1 << 42:  # an event's id has so many bits for it
        raise ValueError(milliseconds)
    return milliseconds


def event_id(value: str) -> str:
    """An event's id as it is written everywhere."""
    try:
        number = int(value, 16)
    except ValueError:
        number = -1
    if not 0 <= number < 2**63:
        raise WrongQuestion(_("{value} is no event's id (16 hexadecimal digits).").format(value=value))
    return f"{number:016x}"


def row_number(value: str | None) -> int | None:
    """The `next` of a list whose rows are numbered."""
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise WrongQuestion(_("{name}: {value} is not what an earlier answer gave.").format(name="next", value=value))
    return int(value)
