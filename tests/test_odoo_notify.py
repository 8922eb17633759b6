"""Does Odoo's own webhook get what it is told, once, and is its address never shown?"""

from typing import Any

import httpx
import pytest

from clients.http import FAILURES_TO_OPEN, Failed, Refused, Unknown
from clients.testing_odoo import OdooError
from tests.rig_odoo import UUID, OpenShop, Shop, Stage, all_text_of, answering, first_of, only


async def notify(shop: Shop) -> dict[str, Any]:
    return await shop.odoo.notify("account_1", {"_model": "res.partner", "_id": 57, "status": "resolved"})


async def test_the_webhook_gets_what_is_told(open_shop: OpenShop):
    shop = open_shop(17)
    shop.fake.hooks[UUID] = []

    assert await notify(shop) == {"status": "ok"}
    assert shop.fake.hooks[UUID] == [{"_model": "res.partner", "_id": 57, "status": "resolved"}]
    assert shop.fake.whats() == ["hook"]
    assert "authorization" not in shop.wire.requests[0].headers


async def test_the_webhook_needs_no_key_and_its_query_is_kept(open_shop: OpenShop, stage: Stage):
    shop = open_shop(17, url="", api_key="", webhook_url=f"{stage.url}/web/hook/{UUID}?db=loja")
    shop.fake.hooks[UUID] = []

    assert await notify(shop) == {"status": "ok"}
    assert shop.wire.requests[0].url.query == b"db=loja"


async def test_a_webhook_that_odoo_does_not_know_is_a_refusal(open_shop: OpenShop):
    with pytest.raises(Refused) as caught:
        await notify(open_shop(17))

    assert caught.value.status == 404
    assert UUID not in all_text_of(caught.value)


async def test_a_rule_that_fails_half_way_is_of_unknown_outcome(open_shop: OpenShop):
    shop = open_shop(17)
    shop.fake.hooks[UUID] = []
    shop.fake.fault = only("hook", lambda _what: OdooError("odoo.exceptions.UserError", "x"))
    with pytest.raises(Unknown) as caught:
        await notify(shop)

    assert caught.value.status == 500
    assert UUID not in all_text_of(caught.value)


async def test_a_webhook_whose_answer_was_lost_is_of_unknown_outcome_and_called_once(open_shop: OpenShop):
    shop = open_shop(17)
    shop.fake.hooks[UUID] = []
    shop.wire.loses = first_of()
    with pytest.raises(Unknown) as caught:
        await notify(shop)

    assert len(shop.fake.hooks[UUID]) == 1
    assert UUID not in all_text_of(caught.value)


@pytest.mark.parametrize("body", ['{"status": "error"}', "[]", "", "<html>log in</html>"])
async def test_a_webhook_that_does_not_say_that_it_was_done_is_of_unknown_outcome(body: str):
    with pytest.raises(Unknown):
        await answering(lambda _request: httpx.Response(200, text=body)).notify("account_1", {})


async def test_without_a_webhook_nothing_is_sent(open_shop: OpenShop):
    shop = open_shop(17, webhook_url="")
    with pytest.raises(Refused, match="account_1 has no webhook"):
        await notify(shop)

    assert shop.wire.requests == []


async def test_a_rule_that_keeps_failing_does_not_keep_anybody_from_reading(open_shop: OpenShop):
    shop = open_shop(17)
    shop.fake.hooks[UUID] = []
    shop.fake.fault = only("hook", lambda _what: (500, False))
    for _ in range(FAILURES_TO_OPEN + 1):
        with pytest.raises(Failed) as caught:
            await notify(shop)

    assert UUID not in all_text_of(caught.value)
    assert await shop.names() == []
