"""What Odoo sends: whether it is really from there, and whose it is."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings, load
from handlers.odoo.source import authenticate, describe_sync, odoo_credentials, odoo_rules
from relay import Incoming, Named, Refused

SAMPLES = Path(__file__).parent / "samples"
SYNC = "/api/v1/business-rules/sync"
KEY = "chave-da-loja"
SETTINGS = {"ODOO_SYNC_KEY": KEY, "WEBHOOK_TOKEN": "token-da-loja"}
SIGNING = {**SETTINGS, "ODOO_SIGNING_SECRET": "segredo"}


def settings(environment: dict[str, str]) -> Settings:
    return load(environment)


def request(body: bytes = b"{}", *, query: str = "", path: str = SYNC, **headers: str) -> Incoming:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Incoming("POST", path, query, named, body, 0)


def from_the_shop(incoming: Incoming) -> Incoming:
    return incoming._replace(sender=settings(SETTINGS).accounts.first)


def as_odoo_sends(payload: Any) -> bytes:
    """`requests` with `json=`: ASCII escapes, the keys in the code's order."""
    return json.dumps(payload).encode()


def signature(payload: Any, secret: str = "segredo") -> str:
    """As the module makes it: over another text than the one that it sends."""
    return hmac.new(secret.encode(), json.dumps(payload, sort_keys=True).encode(), hashlib.sha256).hexdigest()


def raw(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


RULES = json.loads(raw("business_rules.sync__v1"))


# Is it really from there?


@pytest.mark.parametrize(
    ("incoming", "environment"),
    [
        pytest.param(request(x_api_key=KEY), SETTINGS, id="X-API-Key, as business_rules2 sends it"),
        pytest.param(request(authorization=f"Bearer {KEY}"), SETTINGS, id="Bearer, as v1 sends it"),
        pytest.param(request(x_api_key=KEY), SIGNING, id="unsigned, though a secret is set"),
        pytest.param(
            request(as_odoo_sends(RULES), x_api_key=KEY, x_webhook_signature=signature(RULES)), SIGNING, id="signed"
        ),
        pytest.param(
            request(as_odoo_sends(RULES), x_api_key=KEY, x_webhook_signature=f"sha256={signature(RULES)}"),
            SIGNING,
            id="signed, with a prefix",
        ),
        pytest.param(
            request(b'{"n": 8.0, "m": 8}', x_api_key=KEY, x_webhook_signature=signature({"n": 8.0, "m": 8})),
            SIGNING,
            id="signed: 8.0 and 8 stay what they are",
        ),
        pytest.param(request(x_api_key=KEY, x_webhook_signature="00"), SETTINGS, id="signed, and we hold no secret"),
        pytest.param(request(), {"ALLOW_UNAUTHENTICATED": "odoo"}, id="allowed without, for trials"),
    ],
)
def test_a_call_that_proves_itself_is_taken(incoming: Incoming, environment: dict[str, str]):
    assert authenticate(settings(environment), incoming).id == "account_1"


def test_the_keys_of_two_shops_in_one_call_are_nobodys(tmp_path: Path):
    path = tmp_path / "accounts.toml"
    path.write_text('[account.loja2]\nodoo_key = "chave-da-outra"\n')
    both = request(x_api_key=KEY, authorization="Bearer chave-da-outra")

    with pytest.raises(Refused) as caught:
        authenticate(settings({**SETTINGS, "ACCOUNTS_FILE": str(path)}), both)

    assert caught.value.status == 403


@pytest.mark.parametrize(
    ("incoming", "reason"),
    [
        pytest.param(request(), "no key", id="nothing at all"),
        pytest.param(request(authorization=""), "no key", id="the empty header of the documents call"),
        pytest.param(request(x_api_key="development-api-key"), "key is wrong", id="the module's default"),
        pytest.param(request(authorization="Bearer x"), "key is wrong", id="another token"),
        pytest.param(request(query=f"token={KEY}"), "no key", id="the key in the address"),
        pytest.param(request(x_api_key=KEY, x_webhook_signature="00"), "ODOO_SIGNING_SECRET", id="wrongly signed"),
        pytest.param(
            request(as_odoo_sends(RULES), x_api_key=KEY, x_webhook_signature=signature(RULES, "outro")),
            "ODOO_SIGNING_SECRET",
            id="signed with another secret",
        ),
        pytest.param(
            request(b'{"a": 1, "a": 2}', x_api_key=KEY, x_webhook_signature=signature({"a": 2})),
            "twice",
            id="a key that stands twice",
        ),
        pytest.param(
            request(b'{"a": NaN}', x_api_key=KEY, x_webhook_signature=signature({"a": float("nan")})),
            "NaN",
            id="not a number",
        ),
        pytest.param(request(b"{", x_api_key=KEY, x_webhook_signature="00"), "cannot be parsed", id="signed, not JSON"),
    ],
)
def test_a_call_that_does_not_prove_itself_is_refused(incoming: Incoming, reason: str):
    with pytest.raises(Refused) as caught:
        authenticate(settings(SIGNING), incoming)

    assert caught.value.status == 401
    assert reason in caught.value.reason
    assert KEY not in caught.value.text


# Whose is it?


def named(payload: dict[str, Any], query: str = "") -> Named:
    return describe_sync(from_the_shop(request(as_odoo_sends(payload), query=query)))


@pytest.mark.parametrize(
    ("payload", "query", "key"),
    [
        pytest.param(RULES, "account_id=account_1", "business_rule", id="v1: the account is in the address"),
        pytest.param(json.loads(raw("business_rules.sync__v2")), "", "business_rule:3", id="business_rules2"),
        pytest.param({"account_id": False}, "", "business_rule", id="no account at all"),
        pytest.param(
            {"account_id": "account_1", "business_rule_id": False}, "", "business_rule", id="no rule's number"
        ),
    ],
)
def test_a_sync_is_its_keys_accounts(payload: dict[str, Any], query: str, key: str):
    assert named(payload, query) == Named("odoo.business_rules.sync", "account_1", key)


@pytest.mark.parametrize(
    ("payload", "query"),
    [
        pytest.param({"account_id": "account_2"}, "", id="in the body"),
        pytest.param({}, "account_id=account_2", id="in the address"),
        pytest.param({"account_id": "account_1"}, "account_id=account_2", id="they differ"),
        pytest.param({"account_id": 2}, "", id="a number"),
    ],
)
def test_a_sync_for_another_account_is_forbidden(payload: dict[str, Any], query: str):
    with pytest.raises(Refused) as caught:
        named(payload, query)

    assert caught.value.status == 403
    assert "account_1" in caught.value.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"", 400, id="empty"),
        pytest.param(b"{", 400, id="cut off"),
        pytest.param(b'{"a": "\xff"}', 400, id="not UTF-8"),
        pytest.param(b'{"a": NaN}', 400, id="not a number"),
        pytest.param(b"[" * 100_000, 400, id="nested too deeply"),
        pytest.param(b"[]", 400, id="a list"),
        pytest.param(b"null", 400, id="null"),
    ],
)
def test_a_body_that_is_not_what_it_should_be_is_refused(body: bytes, status: int):
    with pytest.raises(Refused) as caught:
        describe_sync(from_the_shop(request(body)))

    assert caught.value.status == status


def test_the_sync_has_its_fixed_address():
    assert SYNC in odoo_rules(settings(SETTINGS)).paths


# Credentials and mapping, at Chatwoot's address


CREDENTIALS = odoo_credentials(settings(SETTINGS))
SENT = {"source": "credentials", "event": "credentials_sync", "account_id": "account_1", "credentials": {}}


def call(query: str = "", *, token: Any = "errado", **headers: str) -> Incoming:
    return request(as_odoo_sends({**SENT, "token": token}), query=query, path="/webhook", **headers)


@pytest.mark.parametrize(
    ("body", "claimed"),
    [
        pytest.param(raw("credentials.sync"), True, id="credentials"),
        pytest.param(raw("mapping.sync"), True, id="a mapping"),
        pytest.param(b'{"event": "message_created"}', False, id="Chatwoot's"),
        pytest.param(b'{"event": "message_created", "content": "mapping_sync"}', False, id="a message that names it"),
        pytest.param(b'{"event": "credentials_sync"', False, id="cut off"),
        pytest.param(b"", False, id="empty"),
    ],
)
def test_odoos_calls_are_told_from_chatwoots(body: bytes, claimed: bool):
    assert CREDENTIALS.claims(request(body, path="/webhook")) is claimed


@pytest.mark.parametrize(
    "incoming",
    [
        pytest.param(call(token=KEY), id="the key as the token in the body"),
        pytest.param(call("token=token-da-loja"), id="the webhook's token in the address"),
        pytest.param(call(f"token={KEY}"), id="the key in the address"),
        pytest.param(
            call(authorization="Basic " + base64.b64encode(b"x:token-da-loja").decode()), id="as Basic's password"
        ),
        pytest.param(call(x_api_key=KEY), id="X-API-Key"),
    ],
)
def test_credentials_with_a_right_token_are_taken(incoming: Incoming):
    assert CREDENTIALS.authenticate(incoming).id == "account_1"


@pytest.mark.parametrize(
    "incoming",
    [
        pytest.param(call(), id="a wrong token"),
        pytest.param(call(token=""), id="an empty token"),
        pytest.param(call(token=None), id="no token"),
        pytest.param(call(token=[KEY]), id="a token that is a list"),
        pytest.param(call("token=errado"), id="a wrong token in the address"),
    ],
)
def test_credentials_without_a_right_token_are_refused(incoming: Incoming):
    with pytest.raises(Refused) as caught:
        CREDENTIALS.authenticate(incoming)

    assert caught.value.status == 401


@pytest.mark.parametrize(
    ("name", "signal", "kept"),
    [
        pytest.param("credentials.sync", "odoo.credentials.sync", {"source", "event", "account_id"}, id="credentials"),
        pytest.param("mapping.sync", "odoo.mapping.sync", {"source", "event", "account_id", "mapping"}, id="mapping"),
    ],
)
def test_no_password_is_stored(name: str, signal: str, kept: set[str]):
    found = CREDENTIALS.describe(from_the_shop(request(raw(name), path="/webhook")))
    body = CREDENTIALS.scrub(raw(name), found)

    assert (found.name, found.account) == (signal, "account_1")
    assert set(json.loads(body)) == kept
    assert b"inventad" not in body


def test_of_a_refused_call_with_passwords_nothing_is_shown():
    assert CREDENTIALS.hides_head
