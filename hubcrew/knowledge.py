"""What do we know, for whom, and what of it is in force today? Snapshots from outside, kept as revisions."""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from itertools import accumulate
from typing import Any, Protocol

from sqlalchemy import Connection, text

from hubcrew import known, revisions, snapshots
from hubcrew.items import SAID, Found, Item, Revision, Scope, is_numbered
from hubcrew.known import Known, Wanted
from hubcrew.manner import Manner, read_manner
from hubcrew.opening import asks_for_hours
from hubcrew.rank import LIKE_ENOUGH, likeness
from hubcrew.snapshots import BATCH, account_term, add, begin, digest, forget_oldest, scopes, switch
from hubcrew.words import Term, indexed, search_terms, terms
from hubcrew.written import Edit, Edited, edit

MOST_CANDIDATES = 40
# An account that knows more is searched by the rarer terms of a question alone, until so many places are met: a common
# word then counts in titles only, where fewer have it.
LARGE = 400
MOST_PLACES = 500
MOST_COUNTED = 50_000  # terms that are remembered
IN_TITLE = 0.5  # of a term's weight, once more


class StoreWriter(Protocol):
    """What of the store is handed in: its one writer, and reading."""

    def write(self, do: Callable[..., Any], *arguments: Any) -> Awaitable[Any]: ...
    def read(self, do: Callable[..., Any], *arguments: Any) -> Awaitable[Any]: ...


class Counted:
    """In how many places the index has a term, of all accounts.

    Counting takes the longer the more places there are, and people ask in the same words: what was counted is
    remembered until something newer is known.
    """

    def __init__(self) -> None:
        self._known: tuple[int, dict[str, int]] = (0, {})

    def numbers(self, connection: Connection, terms: list[str], newest: int) -> dict[str, int]:
        """The number of each of these terms; without those that the index has nowhere."""
        at, known = self._known
        if at != newest or len(known) > MOST_COUNTED:
            known = {}
            self._known = newest, known
        fresh = [term for term in terms if term not in known]
        if fresh:
            found = connection.execute(_NUMBERS, {"terms": json.dumps(fresh)})
            known.update({**dict.fromkeys(fresh, 0), **{row.term: row.doc for row in found}})
        return {term: known[term] for term in terms if known[term]}

    def forget(self) -> None:
        """Count anew: what was known is indexed by other words now."""
        self._known = (0, {})


class Knowledge:
    """The knowledge of every account, in the server's own database."""

    def __init__(self, store: StoreWriter) -> None:
        self._store = store
        self._counted = Counted()

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

    async def candidates(self, account: str, question: str, today: date, *, since: date | None = None) -> list[Found]:
        """The items in force today that have a word of the question, or one of the same meaning.

        Where none has some word, it may be mistyped: then also those that have one like it. With `since`, also those
        that have ended since that day.
        """
        asked = terms(question)
        if not asked:
            return []
        days = today.isoformat(), (since or today).isoformat()
        return list(await self._store.read(_search, self._counted, account, asked, *days))

    async def hours(self, account: str) -> list[Item]:
        """What the shop says of its opening hours: with its company data, else in a rule about nothing but them."""
        own = list(await self._store.read(_of_type, account, "company", "hours"))
        return own or [each for each in await self._store.read(_titled_hours, account) if asks_for_hours(each.name)]

    async def manner(self, account: str) -> Manner:
        """How the shop wants its customers to be spoken to, as far as its system says so."""
        service = await self._store.read(_of_type, account, "manner", "manner")
        contact = await self._store.read(_of_type, account, "company", "contact")
        return read_manner(*(_original(found) for found in (service, contact)))

    async def offers(self, account: str, today: date) -> list[str]:
        """The names of what is on offer today, the one that ends first before the others."""
        return list(await self._store.read(_offers, account, today.isoformat()))

    async def refresh(self) -> int:
        """Index again what an older version of this server indexed with other words; gives how many revisions."""
        outdated = await self._store.read(snapshots.outdated)
        for revision in outdated:
            rows = await self._store.read(snapshots.terms_again, revision)
            for start in range(0, len(rows), BATCH):
                await self._store.write(snapshots.index_again, rows[start : start + BATCH])
            await self._store.write(snapshots.is_current_edition, revision)
            self._counted.forget()
        return len(outdated)

    async def scopes(self, account: str, kind: str, beginning: str = "") -> list[Scope]:
        """The scopes that know something now, of one kind, whose business rule's name begins like this."""
        return list(await self._store.read(scopes, account, kind, beginning))

    async def known(self, wanted: Wanted, after: int = 0, most: int = 500) -> list[Known]:
        """The items that are known now, those after the number `after`, so many at most."""
        return list(await self._store.read(known.listed, wanted, after, most))

    async def counts(self, account: str) -> list[tuple[Scope, int]]:
        """How many items are known in each of an account's scopes."""
        return list(await self._store.read(known.counts, account))

    async def edit(self, scope: Scope, wanted: Edit) -> Edited:
        """Write, change or remove one item of a scope, as a revision; says where somebody else was quicker."""
        edited: Edited = await self._store.write(edit, scope, wanted)
        while await self._store.write(forget_oldest, [scope]):
            pass
        return edited

    async def revisions(
        self,
        account: str,
        kind: str | None = None,
        business_rule: str | None = None,
        most: int = revisions.MOST_LISTED,
    ) -> list[Revision]:
        """The revisions that are kept, newest first, each with what it changed in the one before it."""
        return list(await self._store.read(revisions.listed, account, kind, business_rule, most))

    async def restoring(self, account: str, revision: int) -> Revision | None:
        """What taking an earlier revision of this account back would change now; None when it is not kept."""
        found: Revision | None = await self._store.read(revisions.restoring, account, revision)
        return found

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


_NUMBERS = text("SELECT term, doc FROM knowledge_terms WHERE term IN (SELECT value FROM json_each(:terms))")
_BETWEEN = text("""
    SELECT term, doc FROM knowledge_terms
    WHERE term >= :first AND term < :last AND LENGTH(term) BETWEEN :length - 2 AND :length + 3
""")
_NEWEST = text("SELECT MAX(id) FROM knowledge_items")
# Where the index has what matches, as a JSON list: first the places whose matches weigh most.
_PLACES = text("""
    SELECT json_group_array(place) FROM (
        SELECT knowledge_search.rowid AS place
        FROM json_each(:matches) AS match CROSS JOIN knowledge_search(json_extract(match.value, '$[0]'))
        GROUP BY place ORDER BY SUM(json_extract(match.value, '$[1]')) DESC
    )
""")
# What is joined by CROSS JOIN is joined in this order: that of the places.
_IN_FORCE = text("""
    SELECT current.kind, items.item_id, items.name, items.text, items.type, items.starts, items.ends,
           knowledge_search.terms
    FROM json_each(:places) AS place
    CROSS JOIN knowledge_items AS items ON items.id = place.value
    CROSS JOIN knowledge_current AS current ON current.revision = items.revision
    CROSS JOIN knowledge_search ON knowledge_search.rowid = items.id
    WHERE current.account = :account AND current.kind IN (SELECT value FROM json_each(:said)) AND items.text <> ''
      AND (items.starts IS NULL OR items.starts <= :today) AND (items.ends IS NULL OR items.ends >= :since)
    LIMIT :most
""")


def _with_terms(items: Sequence[tuple[Scope, int, Item]]) -> list[tuple[Scope, int, Item, str]]:
    return [(scope, revision, item, search_terms(item.name, item.text)) for scope, revision, item in items]


def _of_type(connection: Connection, account: str, kind: str, of_type: str) -> list[Item]:
    rows = connection.execute(
        text("""
            SELECT items.item_id, items.name, items.text, items.type, items.original FROM knowledge_items AS items
            JOIN knowledge_current AS current ON current.revision = items.revision
            WHERE current.account = :account AND current.kind = :kind AND items.type = :type AND items.text <> ''
        """),
        {"account": account, "kind": kind, "type": of_type},
    )
    return [
        Item(row.item_id, row.name, row.text, row.type, original=row.original and json.loads(row.original))
        for row in rows
    ]


def _titled_hours(connection: Connection, account: str) -> list[Item]:
    """The rules that have a word for opening hours in their names."""
    query = """
        SELECT items.item_id, items.name, items.text, items.type FROM knowledge_search
        JOIN knowledge_items AS items ON items.id = knowledge_search.rowid
        JOIN knowledge_current AS current ON current.revision = items.revision
        WHERE knowledge_search MATCH :match AND current.account = :account AND current.kind = 'permanent'
        ORDER BY items.id LIMIT 20
    """
    rows = connection.execute(text(query), {"match": _match(account, "tmhours"), "account": account})
    return [Item(row.item_id, row.name, row.text, row.type) for row in rows]


def _original(found: Sequence[Item]) -> dict[str, Any]:
    """What the first of them was made of."""
    return found[0].original if found and isinstance(found[0].original, dict) else {}


def _offers(connection: Connection, account: str, today: str) -> list[str]:
    query = """
        SELECT items.name FROM knowledge_items AS items
        JOIN knowledge_current AS current ON current.revision = items.revision
        WHERE current.account = :account AND current.kind = 'temporary'
          AND items.type IN ('promotion', 'discount', 'seasonal')
          AND (items.starts IS NULL OR items.starts <= :today) AND (items.ends IS NULL OR items.ends >= :today)
        ORDER BY items.ends IS NULL, items.ends, items.id
    """
    return list(connection.execute(text(query), {"account": account, "today": today}).scalars())


def _search(
    connection: Connection, counted: Counted, account: str, asked: list[Term], today: str, since: str
) -> list[Found]:
    newest = connection.execute(_NEWEST).scalar_one() or 0
    numbers = counted.numbers(connection, [account_term(account), *_as_indexed(asked)], newest)
    known = numbers.pop(account_term(account), 0)
    for each in asked:
        if not each.groups and f"s{each.stem}" not in numbers:
            numbers |= _like(connection, each)
    weights = _telling(numbers, known)
    # Where most of what is indexed is this account's, asking for the account costs more than leaving others out.
    matches = [(_match("" if known * 2 > newest else account, term), weight) for term, weight in weights.items()]
    places = connection.execute(_PLACES, {"matches": json.dumps(matches)}).scalar_one()
    return _in_force(connection, account, places, today, since)


def _as_indexed(asked: Sequence[Term]) -> set[str]:
    """The question's terms as the index has them, anywhere and in titles."""
    meant = {term for each in asked for term in indexed(each)}
    return meant | {f"t{each}" for each in meant}


def _like(connection: Connection, term: Term) -> dict[str, int]:
    """The stems in the index that begin like this word and that it may have been meant to be."""
    if len(term.word) < 4 or term.word.isdigit():
        return {}
    first = f"s{term.word[:2]}"
    rows = connection.execute(_BETWEEN, {"first": first, "last": f"{first}\uffff", "length": len(term.stem)})
    return {row.term: row.doc for row in rows if likeness(term, row.term[1:]) >= LIKE_ENOUGH}


def _telling(numbers: dict[str, int], known: int) -> dict[str, float]:
    """The terms to search by, and what each is worth: the rarer the more."""
    rarest = sorted(numbers, key=lambda term: numbers[term])
    within = zip(rarest, accumulate(numbers[term] for term in rarest), strict=True)
    chosen = [term for term, places in within if known <= LARGE or places <= MOST_PLACES] or rarest[:1]
    return {term: math.log(1 + known / numbers[term]) * (IN_TITLE if term[0] == "t" else 1.0) for term in chosen}


def _in_force(connection: Connection, account: str, places: str, today: str, since: str) -> list[Found]:
    """The account's items at these places (a JSON list) that are in force, in its order, so many as are ranked."""
    values = {"places": places, "account": account, "today": today, "since": since, "said": json.dumps(SAID)}
    rows = connection.execute(_IN_FORCE, {**values, "most": MOST_CANDIDATES})
    return [
        Found(row.kind, Item(row.item_id, row.name, row.text, row.type, row.starts, row.ends), row.terms)
        for row in rows
    ]


def _match(account: str, term: str) -> str:
    return f'account:"{account_term(account)}" AND terms:"{term}"' if account else f'terms:"{term}"'


def _count(connection: Connection, scope: Scope) -> int:
    return int(connection.execute(text(_CURRENT_COUNT), scope._asdict()).scalar_one())
