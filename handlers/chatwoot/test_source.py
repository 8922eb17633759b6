"""What Chatwoot sends: whether it is really from there, and whose it is."""

import base64
import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings, load
from handlers.chatwoot import diagnosis
from handlers.chatwoot.source import PATHS, authenticate, chatwoot, describe, scrub
from relay import Incoming, Named, Refused

SAMPLES = Path(__file__).parent / "samples"
NAMES = sorted(file.stem for file in SAMPLES.glob("*.json"))
SIGNED_AT = 1_700_000_000
ARABIC = {ord("0") + digit: 0x0660 + digit for digit in range(10)}
# The test vectors of Chatwoot's contract, with the key "test-secret".
BARE = b'{"event":"message_created"}'
BARE_SIGNATURE = "sha256=9dcdcaaadf7652a518bc7d9ec7403c6cbae2abfba9cf20f561683beec1e34b81"
ESCAPED = rb'{"event":"message_created","content":"a \u003cb\u003e \u0026 ' + 'é☃"}'.encode()
ESCAPED_SIGNATURE = "sha256=e3ebe9d1042688597be4f82a997b1f6800a1c4c3d87a2e658f8f1ecc9fc9b494"
SECRET, TOKEN = {"CHATWOOT_WEBHOOK_SECRET": "test-secret"}, {"WEBHOOK_TOKEN": "token-da-loja"}


def settings(**environment: str) -> Settings:
    return load({"CHATWOOT_ACCOUNT_ID": "7", **environment})


def request(
    body: bytes = BARE, *, query: str = "", path: str = "/webhook", at: float = SIGNED_AT, **headers: str
) -> Incoming:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Incoming("POST", path, query, named, body, int(at * 1000))


def signed(signature: str = BARE_SIGNATURE, timestamp: str = str(SIGNED_AT), **more: Any) -> Incoming:
    return request(x_chatwoot_signature=signature, x_chatwoot_timestamp=timestamp, **more)


def sign(body: bytes, secret: str, timestamp: str = str(SIGNED_AT)) -> str:
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"chatwoot:{password}".encode()).decode()


def refusal(incoming: Incoming, **environment: str) -> Refused:
    with pytest.raises(Refused) as caught:
        authenticate(settings(**environment), incoming)
    return caught.value


# Is it really from there?


@pytest.mark.parametrize(
    ("incoming", "environment"),
    [
        pytest.param(signed(), SECRET, id="the first test vector"),
        pytest.param(signed(ESCAPED_SIGNATURE, body=ESCAPED), SECRET, id="the second: escapes, é and ☃"),
        pytest.param(signed(), {"CHATWOOT_WEBHOOK_SECRET": "old, test-secret"}, id="the second of two secrets"),
        pytest.param(signed(), {"CHATWOOT_WEBHOOK_SECRET": "test-secret,new"}, id="the first of two secrets"),
        pytest.param(signed(at=SIGNED_AT + 300), SECRET, id="five minutes late"),
        pytest.param(signed(at=SIGNED_AT - 300), SECRET, id="five minutes ahead"),
        pytest.param(request(query="token=token-da-loja"), TOKEN, id="the token in the address"),
        pytest.param(request(query="a=1&token=x&token=token-da-loja"), TOKEN, id="the token given twice"),
        pytest.param(request(authorization=basic("token-da-loja")), TOKEN, id="the token as Basic's password"),
        pytest.param(request(query="token=token-da-loja"), {**SECRET, **TOKEN}, id="unsigned, with the token"),
        pytest.param(
            signed("sha256=00", query="token=token-da-loja"), TOKEN, id="signed with a secret that we do not hold"
        ),
        pytest.param(request(), {"ALLOW_UNAUTHENTICATED": "chatwoot"}, id="allowed without, for trials"),
    ],
)
def test_a_request_that_proves_itself_is_taken(incoming: Incoming, environment: dict[str, str]):
    assert [account.id for account, _place in authenticate(settings(**environment), incoming)] == ["account_1"]


@pytest.mark.parametrize(
    ("incoming", "reason"),
    [
        pytest.param(request(), "no signature", id="nothing at all"),
        pytest.param(request(query="token="), "no signature", id="an empty token"),
        pytest.param(request(query="token=errado"), "token is wrong", id="a wrong token"),
        pytest.param(request(authorization=basic("errado")), "token is wrong", id="a wrong password"),
        pytest.param(request(authorization="Bearer token-da-loja"), "no signature", id="the token as Bearer"),
        pytest.param(signed(sign(BARE, "hmac-token")), "none of the secrets", id="another object's secret"),
        pytest.param(signed(body=BARE + b" "), "without the blanks around it", id="one byte more"),
        pytest.param(signed(BARE_SIGNATURE.upper()), "none of the secrets", id="in capitals"),
        pytest.param(signed(BARE_SIGNATURE[7:]), "in another form", id="without its prefix"),
        pytest.param(signed("sha256=é"), "none of the secrets", id="not even ASCII"),
        pytest.param(signed(timestamp="1700000001"), "none of the secrets", id="another timestamp"),
        pytest.param(signed(at=SIGNED_AT + 301), "301 s old", id="replayed after five minutes"),
        pytest.param(signed(at=SIGNED_AT - 301), "-301 s old", id="from the future"),
        pytest.param(request(x_chatwoot_signature=BARE_SIGNATURE), "Timestamp", id="no timestamp"),
        pytest.param(signed(timestamp=str(SIGNED_AT).translate(ARABIC)), "Timestamp", id="Arabic digits"),
        pytest.param(signed(timestamp="²"), "Timestamp", id="a timestamp that only looks like a digit"),
        pytest.param(signed(timestamp="1.7e9"), "Timestamp", id="a timestamp with a fraction"),
        pytest.param(signed(timestamp="9" * 5000), "Timestamp", id="a timestamp of thousands of digits"),
        pytest.param(
            signed("sha256=00", query="token=token-da-loja"), "none of the secrets", id="wrongly signed, right token"
        ),
    ],
)
def test_a_request_that_does_not_prove_itself_is_refused(
    incoming: Incoming, reason: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(diagnosis, "OFTEN", diagnosis.limits.parse("1000/second"))  # whatever others had looked at
    refused = refusal(incoming, **SECRET, **TOKEN)

    assert refused.status == 401
    assert reason in refused.reason


def test_the_sender_is_told_nothing_that_helps_to_guess():
    texts = {
        refusal(incoming, **SECRET, **TOKEN).text
        for incoming in (request(), request(query="token=x"), signed("sha256=00"), signed(at=SIGNED_AT + 999))
    }

    assert len(texts) == 1


def test_a_signature_without_a_secret_of_ours_says_what_is_to_be_set():
    assert "CHATWOOT_WEBHOOK_SECRET is not set" in refusal(signed(), **TOKEN).reason


def test_nothing_is_taken_while_no_secret_and_no_token_is_set():
    assert refusal(request(query="token=")).status == 401


# Whose is it, and what?


def named(payload: dict[str, Any] | bytes, *, path: str = "/webhook", **headers: str) -> Named:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return describe(request(body, path=path, **headers)._replace(sender=settings().accounts.homes()))


def sample(name: str) -> dict[str, Any]:
    return dict(json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8")))


KEYS = {
    "account_created": None,
    "contact_created": "contact:3342",
    "contact_updated": "contact:3301",
    "conversation_status_changed": "conversation:88",
    "conversation_typing_off": "conversation:1290",
    "conversation_typing_on": "conversation:1290",
    "inbox_created": None,
    "inbox_updated": None,
    "message_created__incoming_photo_without_text": "conversation:1290",
    "message_created__notice_of_evolution": "conversation:2",
    "message_created__old_version": "conversation:88",
    "message_created__template": "conversation:1290",
    "message_unanswered": "conversation:1301",
    "webwidget_triggered": None,
}


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_event_has_its_name_account_and_key(name: str):
    found = named(sample(name))

    assert found.name == f"chatwoot.{name.partition('__')[0].replace('message_unanswered', 'message_created')}"
    assert (found.account, found.unmapped) == (("account_1", False) if name != "account_created" else (None, True))
    expected = KEYS.get(name, "conversation:1284")
    assert found.key == expected


@pytest.mark.parametrize("name", NAMES)
def test_an_event_of_an_account_that_is_not_ours_is_kept_without_one(name: str):
    text = json.dumps(sample(name)).replace('"account": {"id": 7', '"account": {"id": 99')
    text = text.replace('"account_id": 7', '"account_id": 99')
    says_an_account = '"account": {"id": 99' in text or name == "account_created"

    found = named(text.encode())

    assert found.unmapped is says_an_account
    assert (found.account is None) is says_an_account
    assert found.key is None or found.key.startswith("chatwoot account 99: ") is says_an_account


@pytest.mark.parametrize(
    ("path", "account"),
    [
        *(pytest.param(path, "account_1", id=path) for path in PATHS if "{" not in path),
        pytest.param("/webhook/chatwoot/account_1", "account_1", id="our account in the path"),
        pytest.param("/webhook/chatwoot/7", "account_1", id="Chatwoot's number in the path"),
        pytest.param("/webhook/chatwoot/account_2", None, id="another account in the path"),
        pytest.param("/webhook/chatwoot/8", None, id="another number in the path"),
    ],
)
def test_the_account_in_the_path_must_be_the_events(path: str, account: str | None):
    assert named(sample("message_created__incoming"), path=path).account == account


def test_the_conversations_of_two_chatwoot_accounts_of_one_shop_are_not_one():
    accounts = settings().accounts
    accounts.learn("account_1", [(8, None)], {})
    own, other = sample("message_created__incoming"), sample("message_created__incoming")
    other["account"] = {"id": 8, "name": "Outra"}
    keys = [describe(request(json.dumps(each).encode())._replace(sender=accounts.homes())).key for each in (own, other)]

    assert keys == ["conversation:1284", "conversation:1284#8"]


def test_conversations_are_told_apart_also_while_no_number_is_set():
    incoming = request(json.dumps(sample("message_created__incoming")).encode())

    assert describe(incoming._replace(sender=load({}).accounts.homes())).key == "conversation:1284#7"


def test_a_token_says_whose_signature_it_is(tmp_path: Path):
    path = tmp_path / "accounts.toml"
    path.write_text('[account.loja2]\nwebhook_token = "token-of-loja2"\n[[account.loja2.chatwoot]]\nnumber = 8\n')
    both = load({"CHATWOOT_WEBHOOK_SECRET": "test-secret", "CHATWOOT_ACCOUNT_ID": "7", "ACCOUNTS_FILE": str(path)})
    theirs = signed(sign(BARE, "a-secret-that-we-do-not-hold"), query="token=token-of-loja2")

    assert [account.id for account, _place in authenticate(both, theirs)] == ["loja2"]
    with pytest.raises(Refused):
        authenticate(both, theirs._replace(query=""))


def test_everything_belongs_to_the_only_account_while_its_number_is_not_set():
    incoming = request(json.dumps(sample("message_created__incoming")).encode())

    assert describe(incoming._replace(sender=load({}).accounts.homes())).account == "account_1"


@pytest.mark.parametrize(
    ("event", "name"),
    [
        pytest.param("message_created", "chatwoot.message_created", id="as it is"),
        pytest.param("call_started", "chatwoot.call_started", id="an event that Chatwoot does not have yet"),
        pytest.param("automation_event.message_created", "chatwoot.automation_event.message_created", id="dotted"),
        pytest.param("Weird Event!", "chatwoot.weird_event_", id="odd characters"),
        pytest.param("..", "chatwoot.unknown", id="nothing but dots"),
        pytest.param("x" * 500, "chatwoot." + "x" * 80, id="far too long"),
    ],
)
def test_any_event_gets_a_name(event: str, name: str):
    assert named({"event": event}).name == name


@pytest.mark.parametrize("name", ["account", "conversation", "current_conversation", "messages", "inbox", "id"])
@pytest.mark.parametrize("value", [12, 1.5, "x", True, [1], [None], {"id": []}, None], ids=str)
def test_an_event_that_chatwoot_does_not_have_yet_may_hold_anything(name: str, value: Any):
    found = named({"event": "new_thing", name: value})

    assert (found.name, found.account) == ("chatwoot.new_thing", "account_1")


def test_the_account_is_found_beside_what_is_none():
    payload = {"event": "new_thing", "account": 1, "conversation": 12, "messages": [None, {"account_id": 99}]}

    assert named(payload).unmapped


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        pytest.param(b"", 400, "empty", id="empty"),
        pytest.param(b'{"event": ', 400, "not JSON", id="cut off"),
        pytest.param(b'{"event": "\xff"}', 400, "not UTF-8 at byte 11", id="not UTF-8"),
        pytest.param(b"event=message_created", 400, "not JSON", id="a form"),
        pytest.param(b'{"x":' * 100_000, 400, r"byte 2500$", id="nested too deeply"),
        pytest.param(b"[]", 400, r"`\$`", id="a list"),
        pytest.param(b"3", 400, r"`\$`", id="a number"),
        pytest.param(b'"message_created"', 400, r"`\$`", id="a text"),
        pytest.param(b"null", 400, r"`\$`", id="null"),
        pytest.param(b" true ", 400, r"`\$`", id="true"),
        pytest.param(b"{}", 422, "no event", id="an object without an event"),
        pytest.param(b'{"event": ""}', 422, "no event", id="an empty event"),
        pytest.param(b'{"event": 5}', 422, r"\$\.event", id="an event that is a number: the place is said"),
    ],
)
def test_a_body_that_is_not_what_it_should_be_is_refused_with_its_place(body: bytes, status: int, reason: str):
    with pytest.raises(Refused) as caught:
        named(body)

    assert caught.value.status == status
    assert re.search(reason, caught.value.reason)


# What makes it a repeat?


def test_the_delivery_id_names_a_repeated_request():
    assert named(sample("contact_updated"), x_chatwoot_delivery="d-1").repeat_id == "d-1"
    assert named(sample("contact_updated")).repeat_id is None


def test_one_message_by_three_senders_is_one_fact():
    by_account = {**sample("message_created__incoming"), "source_id": None}
    by_bot = json.loads(json.dumps(by_account))
    by_bot["conversation"]["status"] = "open"
    by_inbox = {**by_account, "conversation": {"id": 1284}}

    found = [named(each, x_chatwoot_delivery=f"d-{n}") for n, each in enumerate((by_account, by_bot, by_inbox))]

    assert len({each.fact_id for each in found}) == 1
    assert len({each.repeat_id for each in found}) == 3


def test_a_message_of_whatsapp_that_evolution_brings_again_is_one_fact():
    first = sample("message_created__incoming")
    again = {**first, "id": 99999}

    assert named(again).fact_id == named({**again, "conversation": {"id": 55}}).fact_id == named(first).fact_id


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"id": 90299, "source_id": None}, id="another message"),
        pytest.param({"source_id": "WAID:3EB0OUTRO"}, id="another message of WhatsApp"),
        pytest.param({"account": {"id": 8}}, id="another account"),
        pytest.param({"message_type": "outgoing"}, id="an outgoing message"),
        pytest.param({"event": "message_updated"}, id="an update of the message"),
    ],
)
def test_what_differs_is_another_fact(changes: dict[str, Any]):
    first = sample("message_created__incoming")

    assert named({**first, **changes}).fact_id != named(first).fact_id


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(("message_created", "message_una"))])
def test_only_a_new_message_is_a_fact(name: str):
    assert named(sample(name)).fact_id is None


# What is never stored


@pytest.mark.parametrize("name", NAMES)
def test_no_credential_is_stored(name: str):
    raw = (SAMPLES / f"{name}.json").read_bytes()
    kept = scrub(raw, named(raw))

    assert b"inventado-" not in kept
    assert json.loads(kept)["event"] == json.loads(raw)["event"]


def test_what_is_not_a_credential_is_stored_byte_for_byte():
    raw = (SAMPLES / "message_created__incoming.json").read_bytes()

    assert scrub(raw, named(raw)) == raw.replace(b': "inventado-pubsub-token"', b':"[removed]"')


def test_a_customer_may_write_about_secrets():
    raw = json.dumps({"event": "message_created", "content": '{"secret": "da receita"}'}).encode()

    assert scrub(raw, named(raw)) == raw


@pytest.mark.parametrize("name", ["inbox_created", "inbox_updated"])
def test_of_an_inboxs_channel_only_the_number_is_stored(name: str):
    raw = (SAMPLES / f"{name}.json").read_bytes()

    assert json.loads(scrub(raw, named(raw)))["channel"] == {"id": 31}


# Whose address is it?


@pytest.mark.parametrize(
    ("body", "claimed"),
    [
        pytest.param(BARE, True, id="Chatwoot's own"),
        pytest.param(b"not even JSON", True, id="not even JSON"),
        pytest.param(b'{"source":"credentials","event":"credentials_sync"}', False, id="Odoo's credentials"),
        pytest.param(b'{"source":"channel_mapping","event":"mapping_sync"}', False, id="Odoo's mapping"),
        pytest.param(
            b'{"event":"message_created","content":"credentials_sync"}', True, id="a message that names Odoo's call"
        ),
        pytest.param(b'{"source":"credentials","event":"credentials_sync","credentials":', False, id="Odoo's, cut off"),
    ],
)
def test_odoos_calls_at_the_same_address_are_not_chatwoots(body: bytes, claimed: bool):
    assert chatwoot(settings()).claims(request(body)) is claimed
