"""What do we know, for whom, and what of it is in force today? Snapshots from outside, kept as revisions."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, text

from hubcrew import revisions
from hubcrew.items import SAID, Found, Item, Revision, Scope, is_numbered
from hubcrew.snapshots import BATCH, account_term, add, begin, digest, forget_oldest, scopes, switch
from hubcrew.words import search_terms

MOST_CANDIDATES = 60


class StoreWriter(Protocol):
    """What of the store is handed in: its one writer, and reading."""

    def write(self, do: Callable[..., Any], *arguments: Any) -> Awaitable[Any]: ...
    def read(self, do: Callable[..., Any], *arguments: Any) -> Awaitable[Any]: ...


class Knowledge:
    """The knowledge of every account, in the server's own database."""

    def __init__(self, store: StoreWriter) -> None:
        self._store = store

    async def replace(self, given: Sequence[tuple[Scope, Sequence[Item]]]) -> bool:
        """Make these items all that is known in each scope; False if they were so already.

        They are written under new revisions in batches, and become current together by one small commit: whoever
        reads sees the old state or the new one, never a mixture, and a crash in between leaves the old one.
        """
        given = list(dict(given).items())  # of the same scope the last counts
        described = [(scope, digest(items), len(items)) for scope, items in given]
        begun = await self._store.write(begin, described)
        ready = [(scope, revision) for (scope, _), revision in zip(given, begun, strict=True) if revision is not None]
        fresh = [
            (scope, revision, item)
            for (scope, items), revision in zip(given, begun, strict=True)
            if revision is not None
            for item in items
        ]
        for start in range(0, len(fresh), BATCH):
            batch = await asyncio.to_thread(_with_terms, fresh[start : start + BATCH])
            await self._store.write(add, batch)
        if ready:
            await self._store.write(switch, ready)
            while await self._store.write(forget_oldest, [scope for scope, _ in ready]):
                pass
        return bool(ready)

    async def candidates(self, account: str, question: str, today: date) -> list[Found]:
        """The items in force today that share a word, or much of one, with the question."""
        terms = search_terms([question]).split()
        return await self._store.read(_candidates, account, terms, today.isoformat()) if terms else []

    async def scopes(self, account: str, kind: str, beginning: str = "") -> list[Scope]:
        """The scopes that know something now, of one kind, whose business rule's name begins like this."""
        return list(await self._store.read(scopes, account, kind, beginning))

    async def revisions(
        self, account: str, kind: str | None = None, business_rule: str | None = None
    ) -> list[Revision]:
        """The revisions that are kept, newest first, each with what it changed in the one before it."""
        return list(await self._store.read(revisions.listed, account, kind, business_rule))

    async def restore(self, account: str, revision: int) -> bool:
        """Make what an earlier revision of this account held known again, as a new one; False when it is not kept.

        As with a synchronisation, what had no business rule's number and what has one do not stand side by side.
        """
        kept = await self._store.read(revisions.content, account, revision)
        if kept is None:
            return False
        scope, items = kept
        same_kind = [each for each in await self.scopes(account, scope.kind) if is_numbered(each) and each != scope]
        aside = same_kind if scope.business_rule == "" else [scope._replace(business_rule="")] * is_numbered(scope)
        await self.replace([(scope, items), *((each, []) for each in aside)])
        return True

    async def count(self, scope: Scope) -> int:
        """How many items are known in this scope."""
        return int(await self._store.read(_count, scope))


_CURRENT_COUNT = """
    SELECT COUNT(*) FROM knowledge_items JOIN knowledge_current ON knowledge_current.revision = knowledge_items.revision
    WHERE knowledge_current.account = :account AND knowledge_current.kind = :kind
      AND knowledge_current.business_rule = :business_rule
"""


def _with_terms(items: Sequence[tuple[Scope, int, Item]]) -> list[tuple[Scope, int, Item, str]]:
    return [(scope, revision, item, search_terms([item.name, item.text])) for scope, revision, item in items]


def _candidates(connection: Connection, account: str, terms: list[str], today: str) -> list[Found]:
    rows = connection.execute(
        text("""
            SELECT current.kind, items.item_id, items.name, items.text, items.type, items.starts, items.ends
            FROM knowledge_search
            JOIN knowledge_items AS items ON items.id = knowledge_search.rowid
            JOIN knowledge_current AS current ON current.revision = items.revision
            WHERE knowledge_search MATCH :match AND current.account = :account AND current.kind IN :said
              AND items.text <> ''
              AND (items.starts IS NULL OR items.starts <= :today) AND (items.ends IS NULL OR items.ends >= :today)
            ORDER BY bm25(knowledge_search) LIMIT :most
        """).bindparams(bindparam("said", expanding=True)),
        {"match": _match(account, terms), "account": account, "today": today, "most": MOST_CANDIDATES, "said": SAID},
    )
    return [Found(row.kind, Item(row.item_id, row.name, row.text, row.type, row.starts, row.ends)) for row in rows]


def _match(account: str, terms: list[str]) -> str:
    alternatives = " OR ".join(f'"{term}"' for term in terms)
    return f'account:"{account_term(account)}" AND terms:({alternatives})'


def _count(connection: Connection, scope: Scope) -> int:
    return int(connection.execute(text(_CURRENT_COUNT), scope._asdict()).scalar_one())
