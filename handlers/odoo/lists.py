"""What stands in a list of a call, where, and under which id? Pure."""

from collections.abc import Iterable
from gettext import gettext as _
from typing import Any

from hubcrew import Item
from relay import Rejected


def listed(outer: dict[str, Any], name: str) -> Iterable[tuple[dict[str, Any], str]]:
    """The objects of a list, each with its place. A list that is missing is a mistake, never a deletion."""
    found = outer.get(name)
    if not isinstance(found, list):
        raise Rejected(_("The list {field} is missing: nothing was changed.").format(field=name))
    for number, each in enumerate(found):
        place = f"{name}[{number}]"
        yield object_at(each, place), place


def object_at(value: Any, place: str) -> dict[str, Any]:
    """The value, if it is an object; rejected with its place otherwise."""
    if not isinstance(value, dict):
        raise Rejected(_("{place} is not an object: nothing was changed.").format(place=place))
    return value


def part_of(outer: dict[str, Any], name: str) -> dict[str, Any]:
    """An object within another, empty where there is none."""
    part = outer.get(name)
    return part if isinstance(part, dict) else {}


def id_of(record: dict[str, Any], *names: str) -> str:
    """A record's number in Odoo, under the first of these names that has one; empty where none does."""
    for name in names:
        number = record.get(name)
        if isinstance(number, (int, str)) and not isinstance(number, bool) and number != "":
            return str(number)
    return ""


def with_ids(items: list[Item]) -> list[Item]:
    """v1 sends no ids: name and place make one, so that two of one name stay two. Of the same id the last counts."""
    seen: dict[str, Item] = {}
    namesakes: dict[str, int] = {}
    for item in items:
        identity = item.id or _free(f"name:{item.name}", seen, namesakes)
        seen[identity] = item._replace(id=identity)
    return list(seen.values())


def _free(name: str, seen: dict[str, Item], namesakes: dict[str, int]) -> str:
    free = name
    while free in seen:
        namesakes[name] = namesakes.get(name, 1) + 1
        free = f"{name}#{namesakes[name]}"
    return free
