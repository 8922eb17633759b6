"""How Chatwoot is connected: its own proof is taken, and people are told what is set and what is not."""

import time

import pytest

from config.settings import Settings, load
from handlers.chatwoot.connect import prove, set_up
from handlers.chatwoot.source import authenticate
from relay import Incoming, Proof, Refused

BODY = b'{"event":"message_created"}'
SIGNED, TOKEN = {"CHATWOOT_WEBHOOK_SECRET": "one,two"}, {"WEBHOOK_TOKEN": "a+token?"}


def sent(proof: Proof, body: bytes = BODY) -> Incoming:
    headers = {name.lower(): value for name, value in proof.headers.items()}
    return Incoming("POST", "/webhook", proof.query, headers, body, time.time_ns() // 1_000_000)


def shop(**environment: str) -> Settings:
    return load({"CHATWOOT_ACCOUNT_ID": "7", **environment})


@pytest.mark.parametrize("environment", [SIGNED, TOKEN, {**SIGNED, **TOKEN}])
def test_its_proof_is_taken(environment: dict[str, str]):
    settings = shop(**environment)

    assert [home[0].id for home in authenticate(settings, sent(prove(settings, BODY, "account_1")))] == ["account_1"]


def test_its_signature_is_of_this_body_and_of_an_account_that_there_is():
    settings = shop(**SIGNED)

    for incoming in (sent(prove(settings, BODY, "account_1"), BODY + b" "), sent(prove(settings, BODY, "loja9"))):
        with pytest.raises(Refused):
            authenticate(settings, incoming)


def test_people_are_told_the_address_and_what_is_set():
    told, full = set_up(shop(), "account_1"), set_up(shop(**SIGNED, **TOKEN), "account_1")

    assert told is not None
    assert full is not None
    assert [path for _text, path in told.steps] == ["/webhook/chatwoot/account_1?token=…"]
    assert [is_so for is_so, _text in told.checks] == [False, False, False, False]
    assert [is_so for is_so, _text in full.checks] == [True, True, False, False]
    assert set_up(shop(), "loja9") is None
