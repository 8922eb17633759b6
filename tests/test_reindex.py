"""After an upgrade: what an older version indexed with other words is found by the new ones."""

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from sqlalchemy import text

from hubcrew import Answer, HandOver, HubCrew, Item, Knowledge
from hubcrew.items import Scope
from relay.store import Store

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 5, 26, 14, 30, tzinfo=timezone.utc)
PAYMENT = Item("1", "Formas de pagamento", "Aceitamos Pix, cartão em até 3 vezes e boleto.", "payment")


def as_an_older_version_left_it(tx: Any) -> None:
    tx.connection.execute(text("UPDATE knowledge_search SET terms = 'sold'"))
    tx.connection.execute(text("UPDATE knowledge_revisions SET vocabulary = ''"))


async def test_what_an_older_version_indexed_is_indexed_again_once(open_store: Callable[[], Store]):
    store = open_store()
    crew = HubCrew(Knowledge(store))
    await crew.knowledge.replace([(Scope("shop", "permanent"), [PAYMENT])])
    await store.write(as_an_older_version_left_it)
    before = await crew.ask("shop", "quais as formas de pagamento?", NOW)
    by_meaning = await crew.knowledge.candidates("shop", "parcela?", NOW.date())

    assert isinstance(before, HandOver)
    assert by_meaning == []
    assert await crew.knowledge.refresh() == 1
    assert await crew.knowledge.refresh() == 0
    assert isinstance(await crew.ask("shop", "quais as formas de pagamento?", NOW), Answer)
    assert await crew.knowledge.candidates("shop", "parcela?", NOW.date()) != []
