"""What did a synchronisation change, and how is it taken back? Earlier states of a scope, kept for a while."""

import json
from typing import Any

from sqlalchemy import Connection, text

from hubcrew.items import Item, Revision, Scope

MOST_NAMES = 50
MOST_LISTED = 200

# What a revision says of each item: its name first.
_Items = dict[str, tuple[Any, ...]]

# A revision that a crash interrupted has fewer items than it was to have: it is none.
_WHOLE = """
    SELECT revisions.*, current.revision IS NOT NULL AS current FROM knowledge_revisions AS revisions
    LEFT JOIN knowledge_current AS current ON current.revision = revisions.id
    WHERE revisions.size = (SELECT COUNT(*) FROM knowledge_items WHERE revision = revisions.id)
      AND revisions.account = :account
"""

_ITEMS = text("SELECT item_id, name, text, type, starts, ends FROM knowledge_items WHERE revision = :revision")
_CURRENT = text("""
    SELECT revision FROM knowledge_current
    WHERE account = :account AND kind = :kind AND business_rule = :business_rule
""")


def listed(
    connection: Connection, account: str, kind: str | None, business_rule: str | None, most: int
) -> list[Revision]:
    """The revisions that are kept, newest first, each with what it changed in the one before it."""
    rows = connection.execute(
        text(
            f"{_WHOLE} AND (:kind IS NULL OR revisions.kind = :kind)"  # our own texts
            " AND (:rule IS NULL OR revisions.business_rule = :rule) ORDER BY revisions.id DESC LIMIT :most"
        ),
        {"account": account, "kind": kind, "rule": business_rule, "most": MOST_LISTED},
    ).all()
    scopes = [Scope(row.account, row.kind, row.business_rule) for row in rows]
    found: list[Revision] = []
    read: dict[Scope, tuple[int | None, _Items]] = {}  # the revision of each scope that was read last
    for place in reversed(range(min(most, len(rows)))):
        row, scope = rows[place], scopes[place]
        before = next((rows[each].id for each in range(place + 1, len(rows)) if scopes[each] == scope), None)
        known, old = read.get(scope, (None, {}))
        old = old if known == before else _items(connection, before)
        read[scope] = row.id, _items(connection, row.id)
        found.append(Revision(row.id, scope, row.size, row.made, bool(row.current), *_differences(old, read[scope][1])))
    return found[::-1]


def restoring(connection: Connection, account: str, revision: int) -> Revision | None:
    """A revision, with what would be added, removed and changed if it were the current one again."""
    row = connection.execute(
        text(f"{_WHOLE} AND revisions.id = :revision"), {"account": account, "revision": revision}
    ).first()
    if row is None:
        return None
    scope = Scope(row.account, row.kind, row.business_rule)
    current = connection.execute(_CURRENT, scope._asdict()).scalar()
    differences = _differences(_items(connection, current), _items(connection, revision))
    return Revision(row.id, scope, row.size, row.made, bool(row.current), *differences)


def _items(connection: Connection, revision: int | None) -> _Items:
    """All of each item of a revision, by its id; None: of nothing."""
    return {row[0]: tuple(row[1:]) for row in connection.execute(_ITEMS, {"revision": revision})}


def _differences(old: _Items, fresh: _Items) -> tuple[list[str], list[str], list[str]]:
    """The names of what was added, removed, and changed."""
    added, removed = fresh.keys() - old.keys(), old.keys() - fresh.keys()
    changed = {each for each in fresh.keys() & old.keys() if fresh[each] != old[each]}
    return _named(fresh, added), _named(old, removed), _named(fresh, changed)


def _named(items: _Items, ids: set[str]) -> list[str]:
    return sorted(items[each][0] for each in ids)[:MOST_NAMES]


def content(connection: Connection, account: str, revision: int) -> tuple[Scope, list[Item]] | None:
    """What a revision of this account holds; None when it is not kept, or not whole."""
    row = connection.execute(
        text(f"{_WHOLE} AND revisions.id = :revision"), {"account": account, "revision": revision}
    ).first()
    if row is None:
        return None
    columns = "item_id, name, text, type, starts, ends, original"
    items = connection.execute(
        text(f"SELECT {columns} FROM knowledge_items WHERE revision = :revision ORDER BY id"),  # noqa: S608  # our own
        {"revision": revision},
    )
    return Scope(row.account, row.kind, row.business_rule), [
        Item._make((*each[:6], json.loads(each[6]))) for each in items
    ]
