"""Which support documents does a shop have? Odoo's calls look alike: one document may be all there are, or one more."""

from collections.abc import Container
from typing import Any

from handlers.odoo.documents import Document, read_documents
from handlers.odoo.sync import RULES_AT, business_rule, success
from hubcrew import HubCrew, Item
from hubcrew.items import Scope, space_of
from relay import Event, State, answer

# A full synchronisation sends metadata, rules, scheduling and documents within seconds; a lone document comes alone.
SAME_PRESS_SECONDS = 60


@answer("odoo.support_documents.sync")
async def sync_documents(event: Event, crew: HubCrew, state: State) -> dict[str, Any]:
    """Replace the documents of a business rule, or only the one that was sent alone.

    v1 reads `success`, `error` and `synced_docs` at the top; business_rules2 reads `data.vectorized_documents`.
    """
    documents = read_documents(event.payload)
    follows_rules = await _follows_rules(event, state)
    is_snapshot = len(documents) != 1 or _is_v1(event) or follows_rules
    sent = {_scope(event, each): each.passages if each.wanted else [] for each in documents}
    others = await _others(event, crew, sent) if is_snapshot else []
    changed = await crew.knowledge.replace([*sent.items(), *others])
    wanted = sum(each.wanted for each in documents)
    how = "snapshot" if is_snapshot else "update"
    event.explain(f"{wanted} documents, as a {how}{'' if changed else ', as before'}")
    event.log.info("{} has {} documents ({})", event.account, wanted, how)
    data = {"vectorized_documents": wanted, "mode": how, "changed": changed}
    return {**success(data), "error": None, "synced_docs": [_number(each.id) for each in documents]}


def _is_v1(event: Event) -> bool:
    """v1's own address; its calls, its per-document button's too, are always full snapshots."""
    return event.path.endswith("/business-rules/sync-support-documents")


async def _follows_rules(event: Event, state: State) -> bool:
    """Whether it is the last call of a full synchronisation: the rules of the same business rule came just before.

    A synchronisation has one call of documents: what comes after it is a button's, however soon.
    """
    space, name = space_of(event.account, event.test), RULES_AT.format(rule=business_rule(event))
    rules_at = await state.get(space, name)
    await state.put(space, name, None)
    return rules_at is not None and 0 <= event.received - rules_at <= SAME_PRESS_SECONDS * 1000


def _scope(event: Event, document: Document) -> Scope:
    """Each document replaces itself; the same one under two business rules is two, and removed one by one."""
    return Scope(space_of(event.account, event.test), "document", f"{business_rule(event)}/{document.id}")


async def _others(event: Event, crew: HubCrew, sent: Container[Scope]) -> list[tuple[Scope, list[Item]]]:
    """The business rule's documents that were not sent: nothing is left of them."""
    beginning = f"{business_rule(event)}/"
    known = await crew.knowledge.scopes(space_of(event.account, event.test), "document", beginning)
    return [(scope, []) for scope in known if scope not in sent]


def _number(identity: str) -> int | str:
    """An id as the client wants it back: it makes an int of it."""
    return int(identity) if identity.isascii() and identity.isdigit() else identity
