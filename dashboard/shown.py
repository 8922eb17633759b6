"""How is it shown? Times by the shop's clock, states in their colour, bodies without what is personal."""

from collections.abc import Callable
from datetime import datetime
from gettext import gettext as _
from typing import Any
from urllib.parse import urlencode

import msgspec

from config.settings import Settings
from dashboard import proof
from dashboard.conclusions import refused
from hubcrew.items import SAID
from hubcrew.written import WRITTEN
from relay.event import now_ms
from relay.store.tables import STATES

# Of a body's texts only these say nothing about a person.
PLAIN = frozenset(
    {
        "event", "message_type", "content_type", "status", "channel", "type", "sender_type", "created_at", "updated_at",
        "priority", "availability_status", "_model", "_action", "timestamp", "source",
    }
)  # fmt: skip
HIDDEN = "•••"
# Control characters as what they are called, and what turns the direction of writing as nothing: text is only text.
_VISIBLE: dict[int, int | str] = {
    **{number: 0x2400 + number for number in range(32) if chr(number) not in "\n\t"},
    0x7F: 0x2421,
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd"),
}
# How the scopes of a folder's files begin (handlers/folder).
FILE = "file/"


def filters(settings: Settings) -> dict[str, Callable[..., Any]]:
    """What the templates may make of values."""
    zone = settings.zone

    def moment(milliseconds: int | None, form: str = "%d/%m/%Y %H:%M:%S") -> str:
        return "" if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, zone).strftime(form)

    return {
        "moment": moment,
        "iso": lambda value: "" if value is None else datetime.fromtimestamp(value / 1000, zone).isoformat(),
        "ago": lambda value: ago(value, now_ms()),
        "lasting": lasting,
        "number": lambda value: f"{value:,}".replace(",", " "),
        "state": state_in_words,
        "kind": knowledge_in_words,
        "conversation_status": status_in_words,
        "origin": origin,
        "refused": refused,
        "outcome": proof.in_words,
        "writer": proof.writer_in_words,
        "kept": kept_in_words,
        "day": lambda value: "" if value is None else datetime.fromisoformat(value).strftime("%d/%m/%Y"),
        "redacted": redacted,
        "whole": whole,
        "schema": kind_in_words,
        "query": lambda values: urlencode({name: each for name, each in values.items() if each}),
        "json": lambda value: msgspec.json.format(msgspec.json.encode(value), indent=2).decode(),
    }


def visible(value: Any) -> Any:
    """What a page shows of a value that a template names; markup of ours is left as it is."""
    return value.translate(_VISIBLE) if type(value) is str else value


def ago(milliseconds: int | None, now: int) -> str:
    """How long ago, in one unit."""
    return "" if milliseconds is None else _("{time} ago").format(time=lasting(max(now - milliseconds, 0)))


def lasting(milliseconds: float) -> str:
    """A length of time, in the unit that fits it."""
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000)):
        if milliseconds >= size:
            number = milliseconds / size
            return f"{number:.1f} {unit}" if unit == "s" and number < 10 else f"{number:.0f} {unit}"
    return f"{milliseconds:.0f} ms"


def kind_in_words(schema: dict[str, Any]) -> str:
    """What a JSON schema allows, in few words."""
    kinds = [kind_in_words(each) for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if kinds:
        return " | ".join(kinds)
    if schema.get("type") == "array":
        return f"[{kind_in_words(schema.get('items') or {})}, …]"
    limits = [f"{name} {schema[key]}" for key, name in (("minimum", "≥"), ("maximum", "≤")) if key in schema]
    default = [f"= {schema['default']}"] if schema.get("default") not in (None, [], "") else []
    return " ".join([str(schema.get("type", "")), *limits, *default]).strip()


def state_in_words(state: str) -> str:
    """A delivery's state, or an event's status, as people say it."""
    words = {
        "waiting": _("waiting"),
        "running": _("running"),
        "done": _("done"),
        "dead": _("dead"),
        "parked": _("parked"),
        "discarded": _("discarded"),
        "unhandled": _("unhandled"),
        "unmapped": _("unmapped"),
        "stopped": _("stopped"),
        "failed": _("failed"),
        "crashed": _("crashed"),
        "intended": _("intended"),
        "retrying": _("to be tried again"),
    }
    assert set(STATES) <= set(words)
    return words.get(state, state)


def status_in_words(status: str) -> str:
    """A conversation's status in Chatwoot, as people say it."""
    words = {"pending": _("pending"), "open": _("open"), "resolved": _("resolved"), "snoozed": _("snoozed")}
    return words.get(status, status)


def kept_in_words(kind: str) -> str:
    """What was kept in the outbox, as people say it."""
    words = {"reply": _("Reply"), "note": _("Note for the team"), "status": _("New status"), "label": _("Label")}
    return words.get(kind, kind)


def knowledge_in_words(kind: str) -> str:
    """A kind of knowledge, as people say it."""
    words = {
        "permanent": _("rules"),
        "temporary": _("offers"),
        "company": _("company and hours"),
        "scheduling": _("scheduling"),
        "document": _("documents"),
        "manner": _("manner"),
        WRITTEN: _("written here"),
    }
    assert set(SAID) <= set(words)
    return words.get(kind, kind)


def origin(business_rule: str) -> str:
    """Which system or file an item comes from, by the name that its scope has."""
    if business_rule == WRITTEN:
        return _("written here")
    if business_rule.startswith(FILE):
        return _("file {name}").format(name=business_rule.removeprefix(FILE))
    if business_rule.isdigit():
        return _("Odoo, business rule {number}").format(number=business_rule)
    return f"Odoo {business_rule}".rstrip()


def whole(body: str | None) -> str:
    """A body as it came, set out by lines where it is JSON."""
    try:
        return msgspec.json.format(body or "", indent=2)
    except (msgspec.MsgspecError, RecursionError):
        return body or ""


def redacted(body: str | None) -> str:
    """A body's shape: no text that a person may have written or be known by."""
    try:
        payload = msgspec.json.decode(body or "")
    except (msgspec.MsgspecError, RecursionError):
        return HIDDEN if body else ""
    return msgspec.json.format(msgspec.json.encode(_without_texts(payload)), indent=2).decode()


def _without_texts(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _without_texts(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_texts(each, name) for each in value]
    if isinstance(value, str) and value and name not in PLAIN:
        return HIDDEN
    return value
