"""How Odoo is connected: its own proof is taken, and people are told what is set and what is not."""

import pytest

from config.settings import Settings, load
from handlers.odoo.connect import native_envelope, prove, set_up
from handlers.odoo.source import authenticate, authenticate_webhook
from relay import Incoming, Refused

BODY = '{"b": [8.0, 8], "a": "Preço"}'.encode()
KEY, SIGNING = {"ODOO_SYNC_KEY": "a-key"}, {"ODOO_SIGNING_SECRET": "a-secret"}


def sent(settings: Settings, body: bytes = BODY, account: str = "account_1") -> Incoming:
    proof = prove(settings, BODY, account)
    headers = {name.lower(): value for name, value in proof.headers.items()}
    return Incoming("POST", "/webhook", proof.query, headers, body, 0)


@pytest.mark.parametrize("environment", [KEY, {**KEY, **SIGNING}])
def test_its_proof_is_taken(environment: dict[str, str]):
    settings = load(environment)

    assert authenticate(settings, sent(settings)).id == "account_1"


def test_without_a_key_the_token_in_the_address_is_its_proof():
    settings = load({"WEBHOOK_TOKEN": "a+token?"})

    assert authenticate_webhook(settings, sent(settings)).id == "account_1"


def test_its_signature_is_of_this_body_and_of_an_account_that_there_is():
    settings = load({**KEY, **SIGNING})

    for incoming in (sent(settings, b'{"b": [8, 8]}'), sent(settings, account="loja9")):
        with pytest.raises(Refused):
            authenticate(settings, incoming)


@pytest.mark.parametrize(
    ("signal", "path"),
    [("odoo.res.partner.changed", "/webhook/odoo"), ("odoo.res.partner.deleted", "/webhook/odoo?event=deleted")],
)
def test_what_happened_to_a_record_stands_in_the_address(signal: str, path: str):
    assert native_envelope(signal).path == path


def test_people_are_told_the_addresses_and_whether_there_is_a_key():
    told = [set_up(load(environment), "account_1") for environment in ({}, KEY)]

    assert [each and [path for _text, path in each.steps] for each in told] == [
        ["", "/webhook/odoo/account_1?event=updated&token=…"]
    ] * 2
    assert [each and each.checks[0][0] for each in told] == [False, True]
    assert set_up(load({}), "loja9") is None
