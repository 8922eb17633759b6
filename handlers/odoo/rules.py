"""What do Odoo's rules say? Both modules' dialects, made into items of knowledge. Pure."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from gettext import gettext as _
from typing import Any
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from hubcrew import Item
from relay import Rejected

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LINE_END = re.compile(r"<br[^<>]*>|</(?:p|div|li|h[1-6]|tr)>", re.IGNORECASE)
_MANY_LINES = re.compile(r"\n{3,}")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$")


def read_rules(payload: dict[str, Any], zone: ZoneInfo) -> tuple[list[Item], list[Item]]:
    """The permanent and the temporary rules of a sync call, v1's or business_rules2's; `Rejected` says what is wrong.

    A list that is present and empty empties; one that is missing is a mistake, never a deletion.
    """
    outer = payload.get("rules") if isinstance(payload.get("rules"), dict) else payload
    assert isinstance(outer, dict)
    permanent = [_item(each, place, "permanent", zone) for each, place in _listed(outer, "permanent_rules")]
    temporary = [_item(each, place, "temporary", zone) for each, place in _listed(outer, "temporary_rules")]
    return _with_ids(permanent), _with_ids(temporary)


def _listed(outer: dict[str, Any], name: str) -> Iterable[tuple[dict[str, Any], str]]:
    rules = outer.get(name)
    if not isinstance(rules, list):
        raise Rejected(_("The list {field} is missing: nothing was changed.").format(field=name))
    for number, rule in enumerate(rules):
        place = f"{name}[{number}]"
        if not isinstance(rule, dict):
            raise Rejected(_("{place} is not an object: nothing was changed.").format(place=place))
        yield rule, place


def _item(rule: dict[str, Any], place: str, kind: str, zone: ZoneInfo) -> Item:
    name, text = text_of(rule.get("name")), text_of(rule.get("description"))
    starts = _day(rule, ("start_date", "date_start"), place, zone) if kind == "temporary" else None
    ends = _day(rule, ("end_date", "date_end"), place, zone) if kind == "temporary" else None
    number = rule.get("id")
    has_id = isinstance(number, (int, str)) and not isinstance(number, bool) and number != ""
    return Item(
        id=str(number) if has_id else "",
        name=name,
        text=text or name,
        type=text_of(rule.get("type")),
        starts=starts,
        ends=ends,
        original=rule,
    )


def text_of(value: Any) -> str:
    """A text field as a customer may read it: false is empty, HTML that was pasted in becomes plain lines."""
    if value is None or value is False:
        return ""
    text = str(value)
    if _TAG.search(text):
        body = LexborHTMLParser(_LINE_END.sub(r"\g<0>\n", text)).body
        text = body.text() if body is not None else text
    text = text.replace("\u00a0", " ").replace("\u00ad", "")
    return _MANY_LINES.sub("\n\n", "\n".join(line.strip() for line in text.splitlines())).strip()


def _day(rule: dict[str, Any], names: tuple[str, ...], place: str, zone: ZoneInfo) -> str | None:
    value = next((rule[name] for name in names if rule.get(name)), None)
    if value is None:
        return None
    day = shop_day(str(value), zone)
    if day is None:
        wrong = _("{place}: {value} is not a date (YYYY-MM-DD): nothing was changed.")
        raise Rejected(wrong.format(place=place, value=repr(value)[:60]))
    return day


def shop_day(value: str, zone: ZoneInfo) -> str | None:
    """The shop's day of a date, or of a moment: Odoo's naive datetimes are UTC. None if it is neither."""
    match = _DATE.match(value.strip())
    if match is None:
        return None
    day, clock, offset = match.groups()
    try:
        if clock is None:
            return date.fromisoformat(day).isoformat()
        whole = f"{day}T{clock}{_colon(offset)}"
        moment = datetime.fromisoformat(whole)
        return moment.astimezone(zone).date().isoformat()
    except (ValueError, OverflowError):
        return None


def _colon(offset: str | None) -> str:
    if offset is None or offset == "Z":
        return "+00:00"
    return offset if ":" in offset else f"{offset[:3]}:{offset[3:]}"


def _with_ids(items: list[Item]) -> list[Item]:
    """v1 sends no ids: name and place make one, so that two of one name stay two. Of the same id the last counts."""
    seen: dict[str, Item] = {}
    for item in items:
        identity = item.id or _free(f"name:{item.name}", lambda name: name in seen)
        seen[identity] = item._replace(id=identity)
    return list(seen.values())


def _free(name: str, taken: Callable[[str], bool]) -> str:
    number, free = 1, name
    while taken(free):
        number += 1
        free = f"{name}#{number}"
    return free
