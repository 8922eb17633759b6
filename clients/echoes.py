"""What of all that Chatwoot tells is our own doing? What we write there is remembered, and known again.

Chatwoot tells of every change, and not whose it was. A label, a status or a message of ours is remembered before it is
written, since the news of it may come before the answer, and for 30 s after.
"""

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

from clients.http import Refused

SECONDS = 30.0
# Where our messages carry what they are: kept and sent back by Chatwoot since 4.9.0.
MARKER = "servidor_unificado"
MOST_CONVERSATIONS = 5000
# What of a conversation changes by itself when something else does.
BY_ITSELF = (
    "updated_at", "last_activity_at", "waiting_since", "first_reply_created_at", "agent_last_seen_at",
    "assignee_last_seen_at", "snoozed_until", "cached_label_list",
)  # fmt: skip
# What we may write of a conversation, and how its changes are named.
FIELDS = {"status": "status", "labels": "label_list", "assignee": "assignee_id"}
OF_STATUS = ("conversation_status_changed", "conversation_opened", "conversation_resolved")


class Write:
    """One thing that we have written: a "status", the "labels", an "assignee", a "message" (its mark and its text)."""

    __slots__ = ("at", "cause", "field", "seen", "value")

    def __init__(self, field: str, value: Any, cause: Any) -> None:
        self.field = field
        self.value = value
        self.cause = cause
        self.at = time.monotonic()
        self.seen = False


class Writes:
    """What was written in each conversation of late. The cause is whatever the writer gave, and is given back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in: dict[str, list[Write]] = {}

    @contextlib.contextmanager
    def writing(self, where: str, field: str, value: Any, cause: Any) -> Iterator[None]:
        """Remember what is written within; what was refused was not written."""
        if cause is None:
            yield
            return
        write = Write(field, value, cause)
        with self._lock:
            self._remember(where, write)
        try:
            yield
        except Refused:
            with self._lock:
                self._in[where] = [each for each in self._in.get(where, ()) if each is not write]
            raise
        finally:
            write.at = time.monotonic()  # Chatwoot may have taken its time

    def __contains__(self, where: str) -> bool:
        """Whether something was written there, perhaps too long ago: to be asked of every event."""
        return where in self._in

    def echo(self, where: str, told: Mapping[str, Any]) -> Any:
        """The cause of what we wrote and this webhook tells of; None: it tells of something else."""
        if where not in self._in:
            return None
        with self._lock:
            recent = [each for each in self._in.get(where, ()) if each.at > time.monotonic() - SECONDS]
            if found := confirmed(told, recent):
                for each in found:
                    each.seen = True
                return found[-1].cause
            # Somebody else has changed it since: if it is changed back, that is not our doing either.
            others = {name for name, told_as in FIELDS.items() if told_as in changed(told)}
            self._in[where] = [each for each in recent if not (each.seen and each.field in others)]
        return None

    def _remember(self, where: str, write: Write) -> None:
        kept = [each for each in self._in.pop(where, ()) if each.at > write.at - SECONDS]
        self._in[where] = [*kept, write]
        if len(self._in) > MOST_CONVERSATIONS:
            del self._in[next(iter(self._in))]


def place_in(account: str, place: str, number: int | None, conversation: int | str) -> str:
    """What names one conversation of one Chatwoot account, for those who write and those who hear."""
    return f"{account}@{place}#{number}:{conversation}"


def own_mark(told: Mapping[str, Any]) -> dict[str, Any] | None:
    """What we wrote into a message of our own; None in everybody else's."""
    attributes = told.get("content_attributes")
    mark = attributes.get(MARKER) if isinstance(attributes, dict) else None
    return mark if isinstance(mark, dict) else None


def same_mark(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two marks are of one act."""
    return (one.get("event"), one.get("kind")) == (other["event"], other["kind"])


def confirmed(told: Mapping[str, Any], writes: list[Write]) -> list[Write]:
    """Those of our writes that a webhook's body tells of and nothing else; none, if it tells more."""
    event = told.get("event")
    if event == "message_created":
        return [each for each in writes if each.field == "message" and _is_said(told, each.value)][-1:]
    changes = changed(told)
    if event in OF_STATUS:
        return _agreeing("status", changes.get("status", told.get("status")), writes)
    if event != "conversation_updated":
        return []
    news = {name for name in changes if name not in BY_ITSELF}
    if not news:
        return _with_nothing_new(told, changes, writes)
    found = {told_as: _agreeing(name, changes.get(told_as), writes) for name, told_as in FIELDS.items()}
    explained = {told_as for told_as, own in found.items() if own}
    return [each for own in found.values() for each in own] if news <= explained else []


def changed(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a conversation's event says has changed, to what: `changed_attributes` is a list of objects, or null."""
    listed = told.get("changed_attributes")
    objects = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return {
        name: change.get("current_value") if isinstance(change, dict) else None
        for each in objects
        for name, change in each.items()
    }


def _with_nothing_new(told: Mapping[str, Any], changes: Mapping[str, Any], writes: list[Write]) -> list[Write]:
    """An update that names no change of its own: that of a message of ours, or of what agrees with its picture."""
    if changes:  # whoever waits for an answer is a customer who has written
        waits = bool(changes.get("waiting_since"))
        return [] if waits else [each for each in writes if each.field == "message"][-1:]
    found = [_agreeing(name, told.get(name), writes) for name in ("status", "labels")]
    wrote = {each.field for each in writes} & {"status", "labels"}
    return [each for own in found for each in own] if wrote == {own[0].field for own in found if own} else []


def _agreeing(field: str, value: Any, writes: list[Write]) -> list[Write]:
    return [each for each in writes if each.field == field and _same(each.value, value)][-1:]


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same; labels in whatever order and case."""
    if isinstance(one, list) and isinstance(other, list):
        return {str(each).casefold() for each in one} == {str(each).casefold() for each in other}
    return bool(one == other)


def _is_said(told: Mapping[str, Any], value: tuple[dict[str, Any], str]) -> bool:
    """Whether a message is the one with this mark, or, where Chatwoot drops marks (before 4.9.0), with this text."""
    mark, text = value
    own = own_mark(told)
    if own is not None:
        return same_mark(own, mark)
    return told.get("message_type") == "outgoing" and str(told.get("content")).strip() == text.strip()
