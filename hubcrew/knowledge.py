"""What do we know, for whom, and what of it is in force today? Snapshots from outside, kept as revisions."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

import msgspec
from sqlalchemy import Connection, text

from hubcrew.words import search_terms

BATCH = 50  # items per transaction: the way in never waits long behind a large snapshot
MOST_CANDIDATES = 60
REVISIONS_KEPT = 10


class StoreWriter(Protocol):
    """What of the store is handed in: its one writer, and reading."""

    def write(self, do: Callable[..., Any], *arguments: Any) -> Awaitable[Any]: ...
    def read(self, do: Callable[..., Any], *arguments: Any) -> Awaitable[Any]: ...


class Item(NamedTuple):
    """One piece of knowledge. Its dates are the shop's days, the end inclusive; None: no limit."""

    id: str
    name: str
    text: str
    type: str = ""
    starts: str | None = None
    ends: str | None = None
    original: Any = None


class Scope(NamedTuple):
    """What one snapshot replaces: the items of one kind that one business rule of an account had."""

    account: str
    kind: str
    business_rule: str = ""


def space_of(account: str | None, test: bool) -> str:
    """Under which name an account's knowledge is kept: what a test synchronises never answers a customer."""
    return f"{account}{'/test' if test else ''}"


class Found(NamedTuple):
    """An item that may answer, with its kind."""

    kind: str
    item: Item


class Knowledge:
    """The knowledge of every account, in the server's own database."""

    def __init__(self, store: StoreWriter) -> None:
        self._store = store

    async def replace(self, snapshots: Sequence[tuple[Scope, Sequence[Item]]]) -> bool:
        """Make these items all that is known in each scope; False if they were so already.

        They are written under new revisions in batches, and become current together by one small commit: whoever
        reads sees the old state or the new one, never a mixture, and a crash in between leaves the old one.
        """
        ready = []
        for scope, items in snapshots:
            digest = hashlib.blake2b(msgspec.json.encode(items), digest_size=16).hexdigest()
            revision = await self._store.write(_begin, scope, digest, len(items))
            if revision is not None:
                await self._fill(revision, scope, items)
                ready.append((scope, revision))
        if ready:
            await self._store.write(_switch, ready)
            for scope, _ in ready:
                while await self._store.write(_forget_oldest, scope):
                    pass
        return bool(ready)

    async def _fill(self, revision: int, scope: Scope, items: Sequence[Item]) -> None:
        for start in range(0, len(items), BATCH):
            batch = items[start : start + BATCH]
            terms = await asyncio.to_thread(_terms_of, batch)
            await self._store.write(_add, scope, revision, list(zip(batch, terms, strict=True)))

    async def candidates(self, account: str, question: str, today: date) -> list[Found]:
        """The items in force today that share a word, or much of one, with the question."""
        terms = search_terms([question]).split()
        return await self._store.read(_candidates, account, terms, today.isoformat()) if terms else []

    async def count(self, scope: Scope) -> int:
        """How many items are known in this scope."""
        return int(await self._store.read(_count, scope))


_CURRENT_DIGEST = """
    SELECT digest FROM knowledge_revisions JOIN knowledge_current ON knowledge_current.revision = knowledge_revisions.id
    WHERE knowledge_current.account = :account AND knowledge_current.kind = :kind
      AND knowledge_current.business_rule = :business_rule
"""
_CURRENT_COUNT = """
    SELECT COUNT(*) FROM knowledge_items JOIN knowledge_current ON knowledge_current.revision = knowledge_items.revision
    WHERE knowledge_current.account = :account AND knowledge_current.kind = :kind
      AND knowledge_current.business_rule = :business_rule
"""


def _terms_of(items: Sequence[Item]) -> list[str]:
    return [search_terms([item.name, item.text]) for item in items]


def _begin(tx: Any, scope: Scope, digest: str, size: int) -> int | None:
    """A new revision's number, or None when the current one holds the same."""
    current = tx.connection.execute(text(_CURRENT_DIGEST), scope._asdict()).scalar()
    if current == digest:
        return None
    row = tx.connection.execute(
        text("""
            INSERT INTO knowledge_revisions (account, kind, business_rule, digest, size, made)
            VALUES (:account, :kind, :business_rule, :digest, :size, CURRENT_TIMESTAMP) RETURNING id
        """),
        {**scope._asdict(), "digest": digest, "size": size},
    )
    return int(row.scalar_one())


def _add(tx: Any, scope: Scope, revision: int, items: Sequence[tuple[Item, str]]) -> None:
    for item, terms in items:
        values = {**item._asdict(), "original": msgspec.json.encode(item.original), "revision": revision}
        row = tx.connection.execute(
            text("""
                INSERT INTO knowledge_items (revision, item_id, name, text, type, starts, ends, original)
                VALUES (:revision, :id, :name, :text, :type, :starts, :ends, :original) RETURNING id
            """),
            values,
        )
        tx.connection.execute(
            text("INSERT INTO knowledge_search (rowid, account, terms) VALUES (:rowid, :account, :terms)"),
            {"rowid": row.scalar_one(), "account": _account_term(scope.account), "terms": terms},
        )


def _switch(tx: Any, ready: Sequence[tuple[Scope, int]]) -> None:
    tx.connection.execute(
        text("""
            INSERT INTO knowledge_current (account, kind, business_rule, revision)
            VALUES (:account, :kind, :business_rule, :revision)
            ON CONFLICT (account, kind, business_rule) DO UPDATE SET revision = excluded.revision
        """),
        [{**scope._asdict(), "revision": revision} for scope, revision in ready],
    )


def _forget_oldest(tx: Any, scope: Scope) -> bool:
    """Delete a batch of the items that only old revisions have; True while there may be more."""
    newest = """
        SELECT id FROM knowledge_revisions
        WHERE account = :account AND kind = :kind AND business_rule = :business_rule
        ORDER BY id DESC LIMIT -1 OFFSET :kept
    """
    ids = tx.connection.execute(
        text(f"SELECT id FROM knowledge_items WHERE revision IN ({newest}) LIMIT :most"),  # noqa: S608  # our own texts
        {**scope._asdict(), "kept": REVISIONS_KEPT, "most": BATCH},
    ).scalars()
    rows = [{"id": each} for each in ids]
    for statement in ("DELETE FROM knowledge_search WHERE rowid = :id", "DELETE FROM knowledge_items WHERE id = :id"):
        if rows:
            tx.connection.execute(text(statement), rows)
    return len(rows) == BATCH


def _candidates(connection: Connection, account: str, terms: list[str], today: str) -> list[Found]:
    rows = connection.execute(
        text("""
            SELECT current.kind, items.item_id, items.name, items.text, items.type, items.starts, items.ends
            FROM knowledge_search
            JOIN knowledge_items AS items ON items.id = knowledge_search.rowid
            JOIN knowledge_current AS current ON current.revision = items.revision
            WHERE knowledge_search MATCH :match AND current.account = :account
              AND (items.starts IS NULL OR items.starts <= :today) AND (items.ends IS NULL OR items.ends >= :today)
            ORDER BY bm25(knowledge_search) LIMIT :most
        """),
        {"match": _match(account, terms), "account": account, "today": today, "most": MOST_CANDIDATES},
    )
    return [Found(row.kind, Item(row.item_id, row.name, row.text, row.type, row.starts, row.ends)) for row in rows]


def _match(account: str, terms: list[str]) -> str:
    alternatives = " OR ".join(f'"{term}"' for term in terms)
    return f'account:"{_account_term(account)}" AND terms:({alternatives})'


def _account_term(account: str) -> str:
    """One word for the search index, whatever characters the account's name has."""
    return "a" + hashlib.blake2b(account.encode(), digest_size=8).hexdigest()


def _count(connection: Connection, scope: Scope) -> int:
    return int(connection.execute(text(_CURRENT_COUNT), scope._asdict()).scalar_one())
