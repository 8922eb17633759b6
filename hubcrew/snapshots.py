"""How does a snapshot get in? Under a new revision, in batches, and then current by one small commit."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from hubcrew.items import Item, Scope
from hubcrew.words import EDITION, search_terms

BATCH = 200  # items per transaction: the way in never waits long behind a large snapshot
REVISIONS_KEPT = 10

_CURRENT = """
    SELECT digest, size FROM knowledge_revisions
    JOIN knowledge_current ON knowledge_current.revision = knowledge_revisions.id
    WHERE knowledge_current.account = :account AND knowledge_current.kind = :kind
      AND knowledge_current.business_rule = :business_rule
"""
_OLD_ITEMS = """
    SELECT id FROM knowledge_items WHERE revision IN (
        SELECT id FROM knowledge_revisions
        WHERE account = :account AND kind = :kind AND business_rule = :business_rule
          AND id NOT IN (SELECT revision FROM knowledge_current)
        ORDER BY id DESC LIMIT -1 OFFSET :kept
    ) LIMIT :most
"""


def digest(items: Sequence[Item]) -> str:
    """Stands for the items, to see that a snapshot changes nothing."""
    return hashlib.blake2b(_encoded(items), digest_size=16).hexdigest()


def _encoded(value: Any) -> bytes:
    """JSON in ASCII: what came in may hold halves of characters, which UTF-8 cannot."""
    return json.dumps(value).encode()


def begin(tx: Any, snapshots: Sequence[tuple[Scope, str, int]]) -> list[int | None]:
    """New revisions for these (scope, digest, size); None where the scope is so already, or has never been anything."""
    return [_begin_one(tx, *each) for each in snapshots]


def _begin_one(tx: Any, scope: Scope, digest: str, size: int) -> int | None:
    current = tx.connection.execute(text(_CURRENT), scope._asdict()).first()
    if (current is None and not size) or (current is not None and current.digest == digest):
        return None
    row = tx.connection.execute(
        text("""
            INSERT INTO knowledge_revisions (account, kind, business_rule, digest, size, made, vocabulary)
            VALUES (:account, :kind, :business_rule, :digest, :size, CURRENT_TIMESTAMP, :vocabulary) RETURNING id
        """),
        {**scope._asdict(), "digest": digest, "size": size, "vocabulary": EDITION},
    )
    return int(row.scalar_one())


def add(tx: Any, items: Sequence[tuple[Scope, int, Item, str]]) -> None:
    """Put items, each with its revision and its search terms, where nobody reads them yet."""
    newest = tx.connection.execute(text("SELECT COALESCE(MAX(id), 0) FROM knowledge_items")).scalar_one()
    rows = [
        {
            **item._asdict(),
            "number": number,
            "revision": revision,
            "original": _encoded(item.original),
            "account": account_term(scope.account),
            "terms": terms,
        }
        for number, (scope, revision, item, terms) in enumerate(items, start=newest + 1)
    ]
    tx.connection.execute(
        text("""
            INSERT INTO knowledge_items (id, revision, item_id, name, text, type, starts, ends, original)
            VALUES (:number, :revision, :id, :name, :text, :type, :starts, :ends, :original)
        """),
        rows,
    )
    tx.connection.execute(
        text("INSERT INTO knowledge_search (rowid, account, terms) VALUES (:number, :account, :terms)"), rows
    )


def outdated(connection: Connection) -> list[int]:
    """The revisions in use whose terms were made with another edition of the vocabulary."""
    query = "SELECT id FROM knowledge_revisions WHERE vocabulary <> :edition ORDER BY id"
    return list(connection.execute(text(query), {"edition": EDITION}).scalars())


def terms_again(connection: Connection, revision: int) -> list[dict[str, Any]]:
    """The terms of a revision's items as they are now, each with its item's number."""
    query = "SELECT id, name, text FROM knowledge_items WHERE revision = :revision ORDER BY id"
    rows = connection.execute(text(query), {"revision": revision})
    return [{"number": row.id, "terms": search_terms(row.name, row.text)} for row in rows]


def index_again(tx: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Write these terms in the place of the old ones."""
    tx.connection.execute(text("UPDATE knowledge_search SET terms = :terms WHERE rowid = :number"), list(rows))


def is_current_edition(tx: Any, revision: int) -> None:
    """Note that all of a revision's terms are of this edition."""
    query = "UPDATE knowledge_revisions SET vocabulary = :edition WHERE id = :revision"
    tx.connection.execute(text(query), {"edition": EDITION, "revision": revision})


def switch(tx: Any, ready: Sequence[tuple[Scope, int]]) -> None:
    """Make these revisions the current ones, all at once."""
    tx.connection.execute(
        text("""
            INSERT INTO knowledge_current (account, kind, business_rule, revision)
            VALUES (:account, :kind, :business_rule, :revision)
            ON CONFLICT (account, kind, business_rule) DO UPDATE SET revision = excluded.revision
        """),
        [{**scope._asdict(), "revision": revision} for scope, revision in ready],
    )


def forget_oldest(tx: Any, scopes: Sequence[Scope]) -> bool:
    """Delete a batch of what only old revisions have; True while there may be more."""
    for scope in scopes:
        values = {**scope._asdict(), "kept": REVISIONS_KEPT - 1, "most": BATCH}
        rows = [{"id": each} for each in tx.connection.execute(text(_OLD_ITEMS), values).scalars()]
        if rows:
            tx.connection.execute(text("DELETE FROM knowledge_search WHERE rowid = :id"), rows)
            tx.connection.execute(text("DELETE FROM knowledge_items WHERE id = :id"), rows)
            return True
    return False


def scopes(connection: Connection, account: str, kind: str, beginning: str) -> list[Scope]:
    """The scopes that know something now, of one kind, whose business rule's name begins like this."""
    rows = connection.execute(
        text("""
            SELECT current.account, current.kind, current.business_rule FROM knowledge_current AS current
            JOIN knowledge_revisions AS revisions ON revisions.id = current.revision
            WHERE current.account = :account AND current.kind = :kind AND revisions.size > 0
              AND SUBSTR(current.business_rule, 1, :length) = :beginning
        """),
        {"account": account, "kind": kind, "beginning": beginning, "length": len(beginning)},
    )
    return [Scope(*row) for row in rows]


def account_term(account: str) -> str:
    """One word for the search index, whatever characters the account's name has."""
    return "a" + hashlib.blake2b(account.encode(), digest_size=8).hexdigest()
