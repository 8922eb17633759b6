"""What do the shop's support documents say? Both modules' calls, made into passages of knowledge. Pure."""

from gettext import gettext as _
from typing import Any, NamedTuple

from handlers.odoo.lists import id_of, listed
from handlers.odoo.values import line_of, yes
from hubcrew import Item
from hubcrew.passages import passages_of, titled
from relay import Rejected

LONGEST_NAME = 200
# Only v1 sends these, and what they hide as well.
_FLAGS = ("active", "visible_in_ai")


class Document(NamedTuple):
    """One document of a call; where it is not wanted, what was known of it is to go."""

    id: str
    name: str
    passages: list[Item]
    wanted: bool


def read_documents(payload: dict[str, Any]) -> list[Document]:
    """The documents of a call, in its order; of the same id the last counts. `Rejected` says what is wrong."""
    found = {}
    for record, place in listed(payload, "documents"):
        document = _document(record, place)
        found[document.id] = document
    return list(found.values())


def _document(record: dict[str, Any], place: str) -> Document:
    identity = id_of(record, "id")
    if not identity:
        raise Rejected(_("{place} has no id: nothing was changed.").format(place=place))
    name = line_of(record.get("name"))[:LONGEST_NAME]
    wanted = all(record.get(flag) is None or yes(record[flag]) for flag in _FLAGS)
    return Document(identity, name, _items(record, name) if wanted else [], wanted)


def _items(record: dict[str, Any], name: str) -> list[Item]:
    """The document's passages as items. The first has the original, once for all: it may be of megabytes."""
    content, kind = record.get("content"), line_of(record.get("document_type"))
    items = [
        Item(str(number), titled(name, passage), passage.text, kind)
        for number, passage in enumerate(passages_of(content if isinstance(content, str) else ""), 1)
    ]
    return [items[0]._replace(original=record), *items[1:]] if items else []
