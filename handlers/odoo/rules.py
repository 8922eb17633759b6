"""What do Odoo's rules say? Both modules' dialects, made into items of knowledge. Pure."""

from gettext import gettext as _
from typing import Any
from zoneinfo import ZoneInfo

from handlers.odoo.lists import id_of, listed, with_ids
from handlers.odoo.values import line_of, shop_day, text_of
from hubcrew import Item
from relay import Rejected

SENTENCE_WORDS = 3


def read_rules(payload: dict[str, Any], zone: ZoneInfo) -> tuple[list[Item], list[Item]]:
    """The permanent and the temporary rules of a sync call, v1's or business_rules2's; `Rejected` says what is wrong.

    A list that is present and empty empties; one that is missing is a mistake, never a deletion.
    """
    outer = payload.get("rules") if isinstance(payload.get("rules"), dict) else payload
    assert isinstance(outer, dict)
    permanent = [_item(each, place, "permanent", zone) for each, place in listed(outer, "permanent_rules")]
    temporary = [_item(each, place, "temporary", zone) for each, place in listed(outer, "temporary_rules")]
    return with_ids(permanent), with_ids(temporary)


def _item(rule: dict[str, Any], place: str, kind: str, zone: ZoneInfo) -> Item:
    name, text = text_of(rule.get("name")), text_of(rule.get("description"))
    starts = _day(rule, ("start_date", "date_start"), place, zone) if kind == "temporary" else None
    ends = _day(rule, ("end_date", "date_end"), place, zone) if kind == "temporary" else None
    return Item(
        id=id_of(rule, "id"),
        name=name,
        text=text or said_by_name(name),
        type=text_of(rule.get("type")),
        starts=starts,
        ends=ends,
        original=rule,
    )


def _day(rule: dict[str, Any], names: tuple[str, ...], place: str, zone: ZoneInfo) -> str | None:
    field = next((name for name in names if rule.get(name)), None)
    if field is None:
        return None
    day = shop_day(str(rule[field]), zone)
    if day is None:
        wrong = _("{place} ({name}), {field}: {value} is not a date (YYYY-MM-DD): nothing was changed.")
        called = line_of(rule.get("name"))[:60]
        raise Rejected(wrong.format(place=place, name=called, field=field, value=repr(rule[field])[:40]))
    return day


def said_by_name(name: str) -> str:
    """What a rule without a text says: its name, where that is a sentence ("Não aceitamos cheque"), else nothing."""
    return name if len(name.split()) >= SENTENCE_WORDS else ""
