"""What does a plugin write in its account's Odoo, and is it written once? clients/odoo_once.py."""

from typing import Any

import pytest

from clients import Odoo, Refused, Unknown
from relay import Event, Unresolvable, effects
from relay.store import Store
from tests.rig_chatwoot import Delivered
from tests.rig_odoo import OpenShop, Shop


async def attempt(store: Store, event: Event) -> Event:
    await store.register_handlers({"act": ""})
    return event.bound_to(Delivered(store, event, act), 1)


def act() -> None:
    """Stands for the handler."""


def order(**fields: Any) -> Event:
    return Event("shop.order", b"{}", **{"account": "account_1", **fields})


async def create(shop: Shop, event: Event, **how: Any) -> Any:
    return await shop.odoo.of(event).write("res.partner", "create", vals_list=[{"name": "Ana"}], **how)


async def test_what_was_written_is_not_written_at_the_next_attempt(open_shop: OpenShop, store: Store):
    shop, event = open_shop(), order()
    made = [await create(shop, await attempt(store, event)) for _ in range(2)]

    assert made[0] == made[1]
    assert (await shop.names()).count("Ana") == 1


@pytest.mark.parametrize("looked_up", [True, False])
async def test_a_lost_answer_is_looked_up_or_a_person_decides(
    open_shop: OpenShop, store: Store, monkeypatch: pytest.MonkeyPatch, looked_up: bool
):
    monkeypatch.setattr(effects, "SETTLE_SECONDS", 0.0)
    shop, event = open_shop(), order()
    shop.wire.loses = lambda request: request.url.path.endswith("/create")

    async def find(_about: Any) -> Any:
        rows = await shop.odoo.of(event).read("res.partner", "search_read", domain=[["name", "=", "Ana"]], fields=[])
        return [row["id"] for row in rows] or None

    with pytest.raises(Unknown):
        await create(shop, await attempt(store, event))
    if looked_up:
        assert len(await create(shop, await attempt(store, event), find=find)) == 1
    else:
        with pytest.raises(Unresolvable):
            await create(shop, await attempt(store, event))

    assert (await shop.names()).count("Ana") == 1


async def test_another_accounts_odoo_is_never_asked(open_shop: OpenShop, store: Store):
    shop = open_shop()
    with pytest.raises(Refused, match="other has no Odoo"):
        await create(shop, await attempt(store, order(account="other")))
    with pytest.raises(Refused, match="has no account"):
        await create(shop, await attempt(store, order(account=None)))

    assert shop.wire.requests == []


async def test_a_test_writes_into_the_outbox(store: Store):
    kept: list[Any] = []

    async def keep(*row: Any) -> None:
        kept.append(row)

    odoo = Odoo(lambda _account: None, outbox=keep)
    event = await attempt(store, order(test=True))

    assert await odoo.of(event).write("res.partner", "write", ids=[5], vals={"name": "Ana"}) is None
    assert kept == [("account_1", "", "odoo", 'res.partner write {"ids": [5], "vals": {"name": "Ana"}}', True)]
