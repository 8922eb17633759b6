"""How does a person write a rule, change it, take it away? In one step, and never over what they have not seen."""

from typing import Any, NamedTuple

from sqlalchemy import text

from hubcrew.items import Item, Scope
from hubcrew.snapshots import add, begin, digest, switch
from hubcrew.words import EDITION, search_terms

# The business rule that what is written by hand belongs to: no module's number, so no synchronisation replaces it.
WRITTEN = "written"
KIND = "permanent"
MOST_WRITTEN = 500

_ROWS = text("""
    SELECT items.item_id, items.name, items.text, items.type, items.starts, items.ends,
           knowledge_search.terms, revisions.vocabulary
    FROM knowledge_current AS current
    JOIN knowledge_revisions AS revisions ON revisions.id = current.revision
    JOIN knowledge_items AS items ON items.revision = current.revision
    JOIN knowledge_search ON knowledge_search.rowid = items.id
    WHERE current.account = :account AND current.kind = :kind AND current.business_rule = :business_rule
    ORDER BY items.id
""")


class Edit(NamedTuple):
    """What is to become of one item: `item` in its place, or (None) nothing.

    `seen` is the mark of the item as the person saw it, "" where it is new.
    """

    id: str
    item: Item | None
    seen: str = ""


class Edited(NamedTuple):
    """Whether it was done: `done`, "overtaken" (somebody was quicker: `now` is what stands there), or "too many"."""

    outcome: str
    now: Item | None = None


def written_scope(account: str) -> Scope:
    """Where an account's own rules are."""
    return Scope(account, KIND, WRITTEN)


def mark_of(item: Item | None) -> str:
    """Stands for an item as it is, to see whether it has been changed since."""
    return "" if item is None else digest([item])


def edit(tx: Any, scope: Scope, wanted: Edit) -> Edited:
    """Make the change a new revision of the scope, with nobody in between; nothing is changed where it is overtaken."""
    known = _known(tx, scope)
    now = next((item for item, _terms in known if item.id == wanted.id), None)
    if mark_of(now) != wanted.seen:
        return Edited("overtaken", now)
    if now is None and len(known) >= MOST_WRITTEN:
        return Edited("too many")
    fresh = [] if wanted.item is None else [(wanted.item, search_terms(wanted.item.name, wanted.item.text))]
    place = next((number for number, (item, _terms) in enumerate(known) if item.id == wanted.id), len(known))
    _replace(tx, scope, [*known[:place], *fresh, *known[place + 1 :]])
    return Edited("done", wanted.item)


def _known(tx: Any, scope: Scope) -> list[tuple[Item, str]]:
    """The scope's items with their search terms, made anew where an older vocabulary made them."""
    return [
        (
            Item(row.item_id, row.name, row.text, row.type, row.starts, row.ends),
            row.terms if row.vocabulary == EDITION else search_terms(row.name, row.text),
        )
        for row in tx.connection.execute(_ROWS, scope._asdict())
    ]


def _replace(tx: Any, scope: Scope, rows: list[tuple[Item, str]]) -> None:
    (revision,) = begin(tx, [(scope, digest([item for item, _terms in rows]), len(rows))])
    if revision is None:
        return
    if rows:
        add(tx, [(scope, revision, item, terms) for item, terms in rows])
    switch(tx, [(scope, revision)])
