"""Whatever Odoo sends, a reader makes clean items of it or rejects it in words, and nothing else."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.odoo.company import read_company
from handlers.odoo.documents import read_documents
from handlers.odoo.rules import read_rules
from handlers.odoo.scheduling import read_scheduling
from hubcrew import Item
from relay import Rejected

SAMPLES = Path(__file__).parent / "samples"
SHOP = ZoneInfo("America/Sao_Paulo")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["08:30", "2026-06-10", "other"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
READERS: dict[str, Callable[[dict[str, Any]], list[Item]]] = {
    "business_rules": lambda payload: [item for items in read_rules(payload, SHOP) for item in items],
    "company_metadata": read_company,
    "scheduling_rules": read_scheduling,
    "support_documents": lambda payload: [item for each in read_documents(payload) for item in each.passages],
}


def names() -> list[str]:
    return sorted(path.stem for name in READERS for path in SAMPLES.glob(f"{name}.sync*.json"))


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a payload anything stands."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*place, key)
        yield from places(each, (*place, key))


def read(name: str, payload: dict[str, Any]) -> tuple[list[Item], str]:
    """The items, or why there are none."""
    try:
        return READERS[name](payload), ""
    except Rejected as rejected:
        return [], str(rejected)


@pytest.mark.parametrize("name", names())
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_field_items_are_clean_or_the_call_is_rejected(name: str, data: st.DataObject):
    payload = copy.deepcopy(json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8")))
    *outer, last = data.draw(st.sampled_from(list(places(payload))))
    part = payload
    for key in outer:
        part = part[key]
    part[last] = data.draw(JSON)

    items, rejected = read(name.partition(".")[0], payload)
    assert len(rejected) < 200
    assert [each for each in items if not each.id or each.text.encode().decode() != each.text] == []


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=40, deadline=None)
@given(payload=st.dictionaries(st.text(max_size=8) | st.sampled_from(["basic_info", "documents", "rules"]), JSON))
def test_any_object_is_read_or_rejected(name: str, payload: dict[str, Any]):
    items, rejected = read(name, payload)

    assert isinstance(items, list)
    assert not (items and rejected)
