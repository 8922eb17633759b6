"""What did a synchronisation change, and how is it taken back? Earlier states of a scope, kept for a while."""

import json

from sqlalchemy import Connection, text

from hubcrew.items import Item, Revision, Scope

MOST_NAMES = 50
MOST_LISTED = 200

# A revision that a crash interrupted has fewer items than it was to have: it is none.
_WHOLE = """
    SELECT revisions.*, current.revision IS NOT NULL AS current FROM knowledge_revisions AS revisions
    LEFT JOIN knowledge_current AS current ON current.revision = revisions.id
    WHERE revisions.size = (SELECT COUNT(*) FROM knowledge_items WHERE revision = revisions.id)
      AND revisions.account = :account
"""

# Compared by the database: most of a large snapshot is as it was.
_ONLY_IN = text("""
    SELECT item_id, name FROM (
        SELECT item_id, name, text, type, starts, ends FROM knowledge_items WHERE revision = :revision
        EXCEPT SELECT item_id, name, text, type, starts, ends FROM knowledge_items WHERE revision = :other
    )
""")
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
    found = []
    for place, row in enumerate(rows[:most]):
        scope = Scope(row.account, row.kind, row.business_rule)
        before = next(
            (each.id for each in rows[place + 1 :] if Scope(each.account, each.kind, each.business_rule) == scope), None
        )
        differences = _differences(connection, before, row.id)
        found.append(Revision(row.id, scope, row.size, row.made, bool(row.current), *differences))
    return found


def restoring(connection: Connection, account: str, revision: int) -> Revision | None:
    """A revision, with what would be added, removed and changed if it were the current one again."""
    row = connection.execute(
        text(f"{_WHOLE} AND revisions.id = :revision"), {"account": account, "revision": revision}
    ).first()
    if row is None:
        return None
    scope = Scope(row.account, row.kind, row.business_rule)
    current = connection.execute(_CURRENT, scope._asdict()).scalar()
    differences = _differences(connection, current, revision)
    return Revision(row.id, scope, row.size, row.made, bool(row.current), *differences)


def _differences(connection: Connection, before: int | None, after: int) -> tuple[list[str], list[str], list[str]]:
    """The names of what was added, removed, and changed from one revision to another; None: from nothing."""
    fresh = _only_in(connection, after, before)
    old = {} if before is None else _only_in(connection, before, after)
    changed = fresh.keys() & old.keys()
    added, removed = fresh.keys() - changed, old.keys() - changed
    return _named(fresh, added), _named(old, removed), _named(fresh, changed)


def _named(names: dict[str, str], ids: set[str]) -> list[str]:
    return sorted(names[each] for each in ids)[:MOST_NAMES]


def _only_in(connection: Connection, revision: int, other: int | None) -> dict[str, str]:
    """The names of a revision's items that the other has not, or otherwise, by their ids."""
    rows = connection.execute(_ONLY_IN, {"revision": revision, "other": other})
    return {row.item_id: row.name for row in rows}


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
