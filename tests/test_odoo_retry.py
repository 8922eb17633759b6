"""What is asked of Odoo again after a failure, and what never? And when is Odoo left alone?"""

import pytest

from clients.http import FAILURES_TO_OPEN, Failed, Unavailable, Unknown
from clients.odoo import OdooConnection
from tests.rig import free_port
from tests.rig_odoo import KEY, OpenShop, all_text_of, each_version, first_of, only


@each_version
@pytest.mark.parametrize("failures", [1, 2])
async def test_a_read_is_tried_again_after_a_failure(version: int, failures: int, open_shop: OpenShop):
    shop = open_shop(version)
    shop.fake.add_partner("Ana")
    shop.fake.fault = only("res.partner.search_read", lambda _what: (503, False), failures)

    assert await shop.names() == ["Ana"]
    assert shop.fake.whats().count("res.partner.search_read") == failures + 1


@each_version
async def test_a_read_is_given_up_after_the_third_failure(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    shop.fake.fault = only("res.partner.search_read", lambda _what: (503, False))
    with pytest.raises(Unknown):
        await shop.names()

    assert shop.fake.whats().count("res.partner.search_read") == 3


@each_version
async def test_a_read_whose_answer_was_lost_is_tried_again(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    shop.fake.add_partner("Ana")
    await shop.names()
    shop.wire.loses = first_of()

    assert await shop.names() == ["Ana"]


@each_version
async def test_a_write_is_never_tried_again(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    shop.fake.fault = only("res.partner.create", lambda _what: (502, True))
    with pytest.raises(Unknown):
        await shop.odoo.write("account_1", "res.partner", "create", vals_list=[{"name": "Ana"}])

    assert [each["name"] for each in shop.fake.records["res.partner"].values()] == ["Ana"]


@each_version
async def test_a_write_whose_answer_was_lost_is_of_unknown_outcome_and_done_once(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    await shop.names()
    shop.wire.loses = first_of()
    with pytest.raises(Unknown, match="no answer") as caught:
        await shop.odoo.write("account_1", "res.partner", "create", vals_list=[{"name": "Ana"}])

    assert caught.value.nothing_done is False
    assert len(shop.fake.records["res.partner"]) == 1


@pytest.mark.parametrize(("version", "what"), [(19, "version"), (17, "version"), (17, "log-in")])
async def test_a_write_that_did_not_get_past_the_log_in_is_certainly_not_done(
    version: int, what: str, open_shop: OpenShop
):
    shop = open_shop(version)
    number = shop.fake.add_partner("Ana")
    shop.fake.fault = only(what, lambda _what: (502, False))
    with pytest.raises(Unavailable) as caught:
        await shop.rename(number, "Bia")

    assert caught.value.nothing_done is True
    assert "res.partner.write" not in shop.fake.whats()


@pytest.mark.parametrize(("version", "what"), [(19, "version"), (17, "log-in")])
async def test_finding_out_how_to_ask_is_tried_again_before_a_write_too(version: int, what: str, open_shop: OpenShop):
    shop = open_shop(version)
    number = shop.fake.add_partner("Ana")
    shop.fake.fault = only(what, lambda _what: (502, False), 1)

    assert await shop.rename(number, "Bia") is True


async def test_where_nobody_listens_a_write_is_certainly_not_done(open_shop: OpenShop):
    shop = open_shop(19, url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable, match="no connection") as caught:
        await shop.rename(57, "Ana")

    assert caught.value.nothing_done is True


async def test_an_odoo_that_keeps_failing_is_left_alone_by_every_account_that_uses_it(open_shop: OpenShop):
    shop = open_shop(19)
    shop.connections["account_2"] = OdooConnection(shop.connections["account_1"].url, "loja", KEY, "another-user")
    await shop.names()
    shop.fake.fault = only("res.partner.search_read", lambda _what: (503, False))
    for _ in range(2):
        with pytest.raises(Failed):
            await shop.names()
    asked = len(shop.fake.asked)
    with pytest.raises(Unavailable, match="left alone") as caught:
        await shop.odoo.read("account_2", "res.partner", "search_read", domain=[], fields=["name"])

    assert caught.value.costs_attempt is False
    assert len(shop.fake.asked) == asked
    assert shop.fake.whats().count("res.partner.search_read") == FAILURES_TO_OPEN + 1


async def test_a_password_in_the_address_is_not_shown_by_the_breaker(open_shop: OpenShop):
    shop = open_shop(19, url=f"http://shop:password@127.0.0.1:{free_port()}")
    texts = ""
    for _ in range(3):
        with pytest.raises(Unavailable) as caught:
            await shop.names()
        texts += all_text_of(caught.value)

    assert "left alone" in texts
    assert "password@" not in texts
