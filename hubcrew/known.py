"""What is known now? An account's items with where each is from and whether it is in force, for whoever looks."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from hubcrew.items import SAID, Item, Scope
from hubcrew.words import plain

# CROSS JOIN: by the account's revisions, not through every item there ever was.
_KNOWN = text("""
    SELECT items.id, current.account, current.kind, current.business_rule,
           items.item_id, items.name, items.text, items.type, items.starts, items.ends
    FROM knowledge_current AS current CROSS JOIN knowledge_items AS items ON items.revision = current.revision
    WHERE current.account = :account AND items.id > :after
      AND (:kind IS NULL OR current.kind = :kind)
      AND (:business_rule IS NULL OR current.business_rule = :business_rule)
      AND (:item IS NULL OR items.item_id = :item)
    ORDER BY items.id
""")
_COUNTS = text("""
    SELECT current.kind, current.business_rule, SUM(revisions.size) AS number FROM knowledge_current AS current
    JOIN knowledge_revisions AS revisions ON revisions.id = current.revision
    WHERE current.account = :account AND revisions.size > 0 GROUP BY current.kind, current.business_rule
""")


class Wanted(NamedTuple):
    """Which items of an account: those that fit all that is said; `text` is looked for whatever its accents."""

    account: str
    kind: str | None = None
    business_rule: str | None = None
    item: str | None = None
    text: str = ""


class Known(NamedTuple):
    """An item, what it belongs to, and its number, which grows in the order in which the items came in."""

    number: int
    scope: Scope
    item: Item


def listed(connection: Connection, wanted: Wanted, after: int, most: int) -> list[Known]:
    """The items that are wanted, those after the number `after`, so many at most."""
    found = []
    for each in _fitting(connection, wanted, after):
        found.append(each)
        if len(found) == most:
            break
    return found


def _fitting(connection: Connection, wanted: Wanted, after: int) -> Iterator[Known]:
    looked_for = plain(wanted.text)
    values = {**wanted._asdict(), "after": after}
    values.pop("text")
    for row in connection.execute(_KNOWN, values):
        if looked_for in plain(f"{row.name}\n{row.text}"):
            item = Item(row.item_id, row.name, row.text, row.type, row.starts, row.ends)
            yield Known(row.id, Scope(row.account, row.kind, row.business_rule), item)


def counts(connection: Connection, account: str) -> Sequence[tuple[Scope, int]]:
    """How many items an account knows in each scope, of those that know any."""
    rows: list[Any] = list(connection.execute(_COUNTS, {"account": account}))
    return [(Scope(account, row.kind, row.business_rule), int(row.number)) for row in rows]


def why_not(scope: Scope, item: Item, today: date) -> str | None:
    """Why it answers nobody today: "begins" later, has "ended", is "empty", or is for "ourselves"; None: it may."""
    day = today.isoformat()
    checks = (
        (scope.kind not in SAID, "ourselves"),
        (not item.text, "empty"),
        (item.starts is not None and item.starts > day, "begins"),
        (item.ends is not None and item.ends < day, "ended"),
    )
    return next((why for applies, why in checks if applies), None)
