"""Which orders is a customer told of? The newest of their own, and nobody else's."""

from datetime import datetime, timezone

import pytest

from clients.odoo import Order
from tests.rig_odoo import MOBILE, OpenShop, Shop, each_version


def add_order(shop: Shop, partner: int, name: str, day: int, state: str = "sale") -> None:
    moment = f"2026-03-{day:02d} 14:30:00"
    shop.fake.add(
        "sale.order",
        name=name,
        state=state,
        date_order=moment,
        amount_total=129.9,
        currency_id=[6, "BRL"],
        partner_id=[partner, "…"],
    )


async def orders(shop: Shop, phone: str = MOBILE) -> list[str]:
    return [order.name for order in await shop.odoo.order_status("account_1", phone)]


@each_version
async def test_the_customers_own_orders_are_told(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    ana = shop.fake.add_partner("Ana", phone="(41) 9999-0000")
    add_order(shop, ana, "S00042", 7)

    when = datetime(2026, 3, 7, 14, 30, tzinfo=timezone.utc)
    assert await shop.odoo.order_status("account_1", MOBILE) == [Order("S00042", "sale", when, 129.9, "BRL")]


async def test_nobody_elses_orders_are_told(open_shop: OpenShop):
    shop = open_shop(19)
    company = shop.fake.add_partner("Loja da Ana", phone="(41) 3333-4444")
    ana = shop.fake.add_partner("Ana", phone="(41) 99999-0000", company=company)
    bia = shop.fake.add_partner("Bia", phone="(41) 98888-0000", company=company)
    for partner, name in ((company, "S1"), (ana, "S2"), (bia, "S3")):
        add_order(shop, partner, name, 7)

    assert await orders(shop) == ["S2"]


async def test_the_newest_five_are_told_newest_first(open_shop: OpenShop):
    shop = open_shop(19)
    ana = shop.fake.add_partner("Ana", phone="(41) 99999-0000")
    for day in (3, 9, 1, 7, 5, 8, 2):
        add_order(shop, ana, f"S{day}", day)

    assert await orders(shop) == ["S9", "S8", "S7", "S5", "S3"]


async def test_a_quotation_that_was_not_sent_is_not_told(open_shop: OpenShop):
    shop = open_shop(19)
    ana = shop.fake.add_partner("Ana", phone="(41) 99999-0000")
    for day, state in enumerate(("draft", "sent", "sale", "cancel"), 1):
        add_order(shop, ana, state, day, state)

    assert await orders(shop) == ["cancel", "sale", "sent"]


async def test_a_person_and_its_delivery_address_with_the_same_number_are_one_customer(open_shop: OpenShop):
    shop = open_shop(19)
    ana = shop.fake.add_partner("Ana", phone="(41) 99999-0000")
    address = shop.fake.add_partner("Entrega", phone="(41) 99999-0000", company=ana)
    add_order(shop, ana, "S1", 1)
    add_order(shop, address, "S2", 2)

    assert await orders(shop) == ["S2", "S1"]


@pytest.mark.parametrize("phone", ["+5541977770000", "", "9999-0000"])
async def test_of_an_unknown_number_no_orders_are_asked_for(phone: str, open_shop: OpenShop):
    shop = open_shop(19)
    ana = shop.fake.add_partner("Ana", phone="(41) 99999-0000")
    add_order(shop, ana, "S1", 1)

    assert await orders(shop, phone) == []
    assert "sale.order.search_read" not in shop.fake.whats()


async def test_of_a_number_that_two_people_have_no_orders_are_told(open_shop: OpenShop):
    shop = open_shop(19)
    for name in ("Ana", "Bia"):
        add_order(shop, shop.fake.add_partner(name, phone="(41) 99999-0000"), name, 1)

    assert await orders(shop) == []
