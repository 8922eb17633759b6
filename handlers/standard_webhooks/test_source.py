"""What senders by Standard Webhooks send: whether it is theirs, what it is called, what stays in order."""

import json
from typing import Any

import pytest

from handlers.standard_webhooks.source import StandardWebhooks, standard
from relay import Incoming, Named, PerAccount, Refused, Source

# The vector of the specification's own libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY, AT = b'{"test": 2432232314}', 1614265330
NUMBER, SIGNATURE = "msg_p5jXN8AQM9LWM0D4loKWxJek", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
PAID = b'{"type": "invoice.paid", "data": {"id": "inv_1"}}'


def source(**accounts: dict[str, Any]) -> Source:
    return standard(PerAccount(StandardWebhooks, "standard_webhooks", lambda: accounts))


def request(body: bytes = BODY, *, at: int = AT, **headers: str) -> Incoming:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Incoming("POST", "/webhook/standard", "", named, body, at * 1000)


def signed(prefix: str, signature: str = SIGNATURE) -> dict[str, str]:
    return {f"{prefix}_id": NUMBER, f"{prefix}_timestamp": str(AT), f"{prefix}_signature": signature}


@pytest.mark.parametrize(
    "headers",
    [
        signed("webhook"),
        signed("svix"),
        {**signed("webhook"), **signed("svix")},
        signed("webhook", f"v1a,AAAA v1,AAAA {SIGNATURE}"),
    ],
    ids=["the specification's", "Svix's", "both", "one of several signatures"],
)
def test_the_specifications_own_vector_is_taken_and_one_byte_more_is_not(headers: dict[str, str]):
    shop = source(shop={"secret": [SECRET]})

    assert shop.authenticate(request(**headers)) == ("shop",)
    with pytest.raises(Refused, match="wrong signature"):
        shop.authenticate(request(BODY + b" ", **headers))


def test_a_signature_of_another_kind_alone_does_not_count():
    with pytest.raises(Refused, match="wrong signature"):
        source(shop={"secret": [SECRET]}).authenticate(request(**signed("webhook", SIGNATURE.replace("v1,", "v1a,"))))


def test_a_request_is_named_by_its_type_and_known_by_its_signed_number():
    shop = source(shop={"secret": [SECRET]})

    named = shop.describe(request(PAID, webhook_id="msg_1")._replace(sender=("shop",)))

    assert named == Named("standard.invoice.paid", "shop", None, "shop:msg_1")


def test_a_second_number_that_nobody_signed_makes_no_repeat_new():
    shop = source(shop={"secret": [SECRET]})

    same = shop.describe(request(PAID, webhook_id="msg_1", svix_id="msg_1")._replace(sender=("shop",)))
    with pytest.raises(Refused, match="differ") as refusal:
        shop.describe(request(PAID, webhook_id="msg_2", svix_id="msg_1")._replace(sender=("shop",)))

    assert (same.repeat_id, refusal.value.status) == ("shop:msg_1", 400)


@pytest.mark.parametrize(
    ("sender", "key"), [(("shop",), "inv_1"), (("other",), None), (("third",), None), ((), None), (None, None)]
)
def test_what_stays_in_order_is_each_accounts_to_say(sender: Any, key: str | None):
    shop = source(shop={"order_by": "data.id"}, other={}, third={"order_by": "data.nowhere"})

    assert shop.describe(request(PAID)._replace(sender=sender)).key == key


def test_without_a_secret_nothing_is_taken_and_the_setting_is_named():
    shop = source(shop={})

    with pytest.raises(Refused) as refusal:
        shop.authenticate(request(**signed("webhook")))
    assert refusal.value.reason == "no secret is set for this source: STANDARD_WEBHOOKS_SECRET"
    assert "STANDARD_WEBHOOKS_SECRET" in shop.explain(refusal.value.reason)


def test_its_own_proof_is_taken_and_is_another_request_each_time():
    shop = source(shop={"secret": [SECRET]})
    proof = shop.prove(PAID, "shop")
    headers = {name.lower(): value for name, value in proof.headers.items()}
    at = int(headers["webhook-timestamp"])

    incoming = Incoming("POST", "/webhook/standard", "", headers, PAID, at * 1000)
    assert shop.authenticate(incoming) == ("shop",)
    assert json.loads(incoming.body)["type"] == "invoice.paid"
