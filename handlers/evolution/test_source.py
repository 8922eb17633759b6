"""What Evolution API sends: whether it is really from there, whose WhatsApp it is, and what stays in order."""

import json
from pathlib import Path
from typing import Any

import pytest

from handlers.evolution.source import Evolution, evolution, one_spelling, scrub
from relay import Incoming, Named, PerAccount, Refused, Source

SAMPLES = Path(__file__).parent / "samples"
SHARED = {"secret": ["both"]}
NINTH = "5541999990001@s.whatsapp.net"


def source(**accounts: dict[str, Any]) -> Source:
    return evolution(PerAccount(Evolution, "evolution", lambda: accounts))


SHOP = source(shop={"secret": ["s3cret"]}, other={"secret": ["another"]})


def request(body: bytes = b"{}", *, path: str = "", query: str = "", sender: Any = None, **headers: str) -> Incoming:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Incoming("POST", f"/webhook/evolution{path}", query, named, body, 0, "", sender)


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


def changed(name: str, **fields: Any) -> bytes:
    return json.dumps({**json.loads(sample(name)), **fields}).encode()


def message(**key: Any) -> bytes:
    return changed("messages_upsert", data={"key": {"id": "3EB0", "fromMe": False, **key}})


def named(body: bytes, *, path: str = "", sender: Any = ("shop",), by: Source = SHOP) -> Named:
    return by.describe(request(body, path=path, sender=sender))


@pytest.mark.parametrize(
    "sent",
    [
        request(authorization="Bearer s3cret"),
        request(x_api_key="s3cret"),
        request(query="token=s3cret"),
        request(query="token=s3cret/messages-upsert", path="/shop"),
        request(query="token=s3cret/group-participants-update"),
    ],
    ids=["a header", "a key", "in the address", "behind it the event", "a longer event"],
)
def test_the_secret_is_taken_wherever_evolution_can_be_told_to_send_it(sent: Incoming):
    assert SHOP.authenticate(sent) == ("shop",)


@pytest.mark.parametrize(
    "sent", [request(), request(query="token=s3cret2"), request(query="token=s3cret/x1"), request(apikey="s3cret")]
)
def test_nothing_else_is(sent: Incoming):
    with pytest.raises(Refused) as refusal:
        SHOP.authenticate(sent)
    assert refusal.value.status == 401


def test_without_a_secret_nothing_is_taken_and_the_setting_is_named_once():
    with pytest.raises(Refused) as refusal:
        source(shop={}).authenticate(request(authorization="Bearer "))
    assert refusal.value.reason == "no secret is set for this source: EVOLUTION_SECRET"


@pytest.mark.parametrize("event", ["messages.upsert", "MESSAGES_UPSERT", "messages-upsert", "Messages.Upsert"])
@pytest.mark.parametrize("path", ["", "/shop", "/messages-upsert", "/shop/messages-upsert"])
def test_an_event_has_one_name_however_it_is_spelled_and_wherever_it_comes(event: str, path: str):
    found = named(changed("messages_upsert", event=event), path=path)

    assert (found.name, found.account, found.unmapped) == ("evolution.messages_upsert", "shop", False)


@pytest.mark.parametrize("path", ["/other", "/other/messages-upsert", "/connection-update"])
def test_an_address_that_names_another_account_is_refused(path: str):
    with pytest.raises(Refused) as refusal:
        named(sample("messages_upsert"), path=path)
    assert refusal.value.status == 403


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("messages_upsert", NINTH),
        ("messages_upsert__hidden_number", NINTH),
        ("messages_upsert__group", "120363000000000001@g.us"),
        ("send_message", NINTH),
        ("messages_update", NINTH),
        ("connection_update", None),
        ("qrcode_updated", None),
    ],
)
def test_what_is_in_order_is_what_is_said_with_one_person_or_group(name: str, key: str | None):
    found = named(sample(name))

    assert (found.name, found.key) == (f"evolution.{name.partition('__')[0]}", key)


@pytest.mark.parametrize(
    ("address", "spelled"),
    [
        ("554199990001@s.whatsapp.net", NINTH),
        ("5541999990001@s.whatsapp.net", NINTH),
        ("554199990001:12@s.whatsapp.net", NINTH),
        ("554133330000@s.whatsapp.net", "554133330000@s.whatsapp.net"),  # a landline has no ninth digit
        ("351912345678@s.whatsapp.net", "351912345678@s.whatsapp.net"),
        ("status@broadcast", "status@broadcast"),
        ("123450000000001@lid", "123450000000001@lid"),
    ],
)
def test_a_brazilian_mobile_is_one_address_with_its_ninth_digit_and_without(address: str, spelled: str):
    assert one_spelling(address) == spelled


def test_a_hidden_number_stays_what_it_is_where_evolution_does_not_know_it():
    assert named(message(remoteJid="123@lid")).key == "123@lid"
    assert named(message(remoteJid="123@lid", senderPn="554199990001@s.whatsapp.net")).key == NINTH


def test_a_message_is_known_by_its_id_within_its_instance():
    again = changed("messages_upsert", date_time="2026-11-27T10:41:00.000Z")
    elsewhere = changed("messages_upsert", instance="loja-verde")
    ids = [named(body).repeat_id for body in (sample("messages_upsert"), again, elsewhere)]

    assert (ids[0] == ids[1], ids[0] == ids[2]) == (True, False)


def test_a_message_that_is_delivered_and_then_read_is_told_twice_and_the_same_telling_once():
    read, again = named(sample("messages_update")), named(sample("messages_update"))
    delivered = named(changed("messages_update", date_time="2026-11-27T10:40:12.346Z"))

    assert read.repeat_id == again.repeat_id
    assert delivered.repeat_id not in (None, read.repeat_id)


@pytest.mark.parametrize(
    ("accounts", "instance", "account"),
    [
        ({"shop": SHARED}, "loja-azul", "shop"),
        ({"shop": {**SHARED, "instance": ["loja-azul"]}}, "loja-azul", "shop"),
        ({"shop": {**SHARED, "instance": ["loja-azul"]}}, "loja-verde", None),
        ({"shop": SHARED, "other": SHARED}, "loja-azul", None),
        ({"shop": SHARED, "other": {**SHARED, "instance": ["loja-azul"]}}, "loja-azul", "other"),
        ({"shop": SHARED, "other": {**SHARED, "instance": ["loja-azul"]}}, "loja-verde", "shop"),
        ({"shop": {**SHARED, "instance": ["x"]}, "other": {**SHARED, "instance": ["y"]}}, "x", "shop"),
        ({"shop": {**SHARED, "instance": ["x"]}, "other": {**SHARED, "instance": ["y"]}}, "z", None),
        ({"shop": {**SHARED, "instance": ["x"]}}, None, None),
    ],
)
def test_of_several_accounts_with_one_secret_the_instance_says_whose_it_is(
    accounts: dict[str, Any], instance: Any, account: str | None
):
    by = source(**accounts)
    incoming = request(changed("messages_upsert", instance=instance), authorization="Bearer both")
    found = by.describe(incoming._replace(sender=by.authenticate(incoming)))

    assert (found.account, found.unmapped) == (account, account is None)


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("messages_upsert", b"made-up-instance-key"),
        ("qrcode_updated", b"made-up-instance-key"),
        ("qrcode_updated", b"2@made,up,code"),
        ("qrcode_updated", b"MADEUP01"),
        ("qrcode_updated", b"data:image/png"),
    ],
)
def test_no_key_is_kept_and_nothing_that_pairs_a_telephone(name: str, gone: bytes):
    kept = scrub(sample(name), named(sample(name)))

    assert gone in sample(name)
    assert gone not in kept
    assert json.loads(kept)["instance"] == "loja-azul"


def test_a_messages_picture_is_kept():
    body = changed("messages_upsert", data={"message": {"base64": "aW52ZW50ZWQ="}})

    assert b"aW52ZW50ZWQ=" in scrub(body, named(body))


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b'{"event": 7}', b'{"event": "", "data": []}', b"\xff"])
def test_what_is_no_event_is_refused_with_the_reason(body: bytes):
    with pytest.raises(Refused) as refusal:
        named(body)
    assert refusal.value.status in (400, 422)
