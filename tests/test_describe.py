"""What does a request tell, as a source of a few lines reads it? Its signal, account, key and repeat-id."""

import json
from typing import Any

import pytest

from relay import Envelope, Refused, SetUp, Source, field, header, webhook
from relay.authenticate import AllOf, ApiKey, BearerToken, HmacSignature, UrlToken
from relay.describe import scrubber
from relay.event import Incoming, Named

BODY = {
    "action": "Order.Paid!",
    "id": 7,
    "paid": True,
    "order": {"number": "A 1", "lines": [{"sku": "x"}, {"sku": "y"}], "none": None, "empty": ""},
}


def incoming(body: Any = BODY, *, path: str = "/webhook/till", sender: Any = ("shop",), **headers: str) -> Incoming:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Incoming("POST", path, "", headers, raw, 0, "", sender)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", "7"),
        ("paid", "true"),
        ("order.number", "A 1"),
        ("order.lines.1.sku", "y"),
        ("order.lines.2.sku", None),
        ("order.lines.x.sku", None),
        ("order.lines", None),
        ("order", None),
        ("order.none", None),
        ("order.empty", None),
        ("id.x", None),
        ("nowhere.at.all", None),
    ],
)
def test_a_path_leads_to_a_text_or_nowhere(path: str, value: str | None):
    assert field(path)(incoming(), BODY) == value


def test_a_header_is_read_whatever_its_case_and_an_empty_one_is_none():
    sent = incoming(**{"x-event": "push", "x-empty": ""})
    assert (header("X-Event")(sent, None), header("X-Empty")(sent, None), header("X-No")(sent, None)) == (
        "push",
        None,
        None,
    )


TILL = webhook(
    "till",
    authenticate=BearerToken("s"),
    signal=field("action"),
    key=field("order.number"),
    repeat_id=field("id"),
)


def test_a_request_is_named_after_its_source_and_what_the_source_reads():
    assert TILL.describe(incoming()) == Named("till.order.paid", "shop", "A 1", "shop:7")
    assert TILL.paths == ("/webhook/till", "/webhook/till/{account}")


@pytest.mark.parametrize(
    ("sender", "path", "account"),
    [
        (("shop",), "/webhook/till", "shop"),
        (("shop", "other"), "/webhook/till/other", "other"),
        (("shop", "other"), "/webhook/till", None),  # kept, and shown until it is clear whose it is
        ((), "/webhook/till/other", None),  # no account's secret was used: nobody chooses a shop by the address
        (None, "/webhook/till", None),
    ],
)
def test_an_event_is_the_account_s_whose_secret_was_used(sender: Any, path: str, account: str | None):
    named = TILL.describe(incoming(sender=sender, path=path))
    assert (named.account, named.unmapped) == (account, account is None)


def test_a_sender_cannot_name_another_account_than_its_own():
    with pytest.raises(Refused) as refusal:
        TILL.describe(incoming(sender=("shop",), path="/webhook/till/other"))
    assert refusal.value.status == 403


@pytest.mark.parametrize(("account", "whose"), [("other", "other"), (field("order.number"), "A 1")])
def test_a_source_may_say_itself_whose_its_events_are(account: Any, whose: str):
    till = webhook("till", authenticate=BearerToken("s"), signal="paid", account=account)
    assert till.describe(incoming(sender=())).account == whose


def test_the_same_number_in_two_accounts_is_two_requests():
    ids = {TILL.describe(incoming(sender=(account,))).repeat_id for account in ("shop", "other")}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"", 400, "the body is empty"),
        (b"{", 400, "truncated"),
        (b"\xff", 400, "JSON"),
        (b'"' + b"\xff" + b'"', 400, "UTF-8"),
        (b"[" * 100_000, 400, "nested too deeply"),
        (b"[]", 422, "nothing names the event"),
        (b"{}", 422, "nothing names the event"),
        (b"null", 422, "nothing names the event"),
        (b'{"action": {"a": 1}}', 422, "nothing names the event"),
    ],
)
def test_what_cannot_be_named_is_refused_with_the_reason(body: bytes, status: int, reason: str):
    with pytest.raises(Refused, match=reason) as refusal:
        TILL.describe(incoming(body))
    assert refusal.value.status == status


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("push", "till.push"),
        ("MESSAGES_UPSERT", "till.messages_upsert"),
        ("a b/c\n", "till.a_b_c"),
        ("...", "till.unknown"),
    ],
)
def test_whatever_a_sender_calls_it_is_a_signals_name(said: str, name: str):
    assert TILL.describe(incoming({"action": said})).name == name


def test_ids_that_are_longer_than_any_use_are_cut_and_stay_different():
    one, other = (
        TILL.describe(incoming({"action": "a", "id": "9" * 10_000 + end, "order": {"number": "x" * 10_000 + end}}))
        for end in ("1", "2")
    )
    assert (len(one.key or ""), len(one.repeat_id or "")) == (200, 205)
    assert (one.key != other.key, one.repeat_id != other.repeat_id) == (True, True)


def test_a_source_may_have_addresses_of_its_own():
    paths = ("/hooks/till", "/hooks/till/{account}")
    till = webhook("till", authenticate=BearerToken("s"), signal="paid", paths=paths)

    assert till.describe(incoming(path="/hooks/till", sender=("shop", "other"))).account is None
    assert till.describe(incoming(path="/hooks/till/other", sender=("shop", "other"))).account == "other"
    assert till.envelope("till.paid") == Envelope("/hooks/till")
    assert till.set_up("shop") == SetUp("till", [("POST de JSON para cá, com: Authorization", "/hooks/till/shop")])


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (b'{"apikey": "A\\"B", "x": 1}', b'{"apikey":"[removed]", "x": 1}'),
        (b'{"a":{"apikey":-12.5e3}}', b'{"a":{"apikey":"[removed]"}}'),
        (b'{"apikeys":"kept","my apikey":"kept"}', b'{"apikeys":"kept","my apikey":"kept"}'),
        (b'{"text":"the \\"apikey\\": \\"kept\\""}', b'{"text":"the \\"apikey\\": \\"kept\\""}'),
    ],
)
def test_the_named_fields_are_removed_wherever_they_stand_and_the_rest_stays_as_it_came(body: bytes, left: bytes):
    assert scrubber(["apikey"])(body, Named("x")) == left
    assert scrubber([])(body, Named("x")) == body


def test_what_the_sender_says_in_headers_stands_on_the_envelope_and_each_number_is_another():
    till = webhook("till", authenticate=BearerToken("s"), signal=header("X-Event"), repeat_id=header("X-Id"))
    one, two = till.envelope("till.order.paid"), till.envelope("till.order.paid")

    assert (one.path, one.headers["X-Event"]) == ("/webhook/till", "order.paid")
    assert one.headers["X-Id"] != two.headers["X-Id"]
    assert TILL.envelope("till.paid") == Envelope("/webhook/till", {})


def test_a_source_proves_itself_as_its_way_does():
    way = HmacSignature("s", "X-Sig")

    assert webhook("till", authenticate=way, signal="paid").prove(b"{}", "shop") == way.prove(b"{}", "shop")


@pytest.mark.parametrize(
    ("way", "told"),
    [
        (UrlToken("secret"), SetUp("till", [("POST de JSON para cá", "/webhook/till/shop?token=…")])),
        (BearerToken("secret"), SetUp("till", [("POST de JSON para cá, com: Authorization", "/webhook/till/shop")])),
        (
            AllOf([ApiKey(""), UrlToken("secret")]),
            SetUp("till", [("POST de JSON para cá, com: X-API-Key", "/webhook/till/shop?token=…")], (), "o segredo"),
        ),
    ],
)
def test_people_are_told_the_address_and_what_is_sent_along_and_never_a_secret(way: Any, told: SetUp):
    assert webhook("till", authenticate=way, signal="paid").set_up("shop") == told


def test_a_source_of_somebodys_own_is_shown_by_its_address():
    paths = ("/webhook/till/{account}", "/webhook/till")
    own = Source("till", paths, lambda _incoming: (), lambda _incoming: Named("x"))

    assert own.set_up("shop") == SetUp("till", [("", "/webhook/till")])
    assert own.envelope("till.paid") == Envelope("/webhook/till")


def test_a_key_in_a_header_of_its_own_is_taken_off_before_anything_is_kept():
    till = webhook("till", authenticate=AllOf([ApiKey("k", "X-Till-Key"), UrlToken("t")]), signal="paid")
    sent = incoming(**{"x-till-key": "k", "x-other": "o"})

    assert till.without_credentials(sent).headers == {"x-other": "o"}
    assert TILL.without_credentials(sent) is sent
