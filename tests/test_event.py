"""relay/event.py: a request turned into a named, dated fact."""

import threading

import msgspec
import pytest

from relay.event import Event, Incoming, Named, Rejected, clean_headers, clean_query, from_incoming, new_id


def incoming(query: str = "", **headers: str) -> Incoming:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Incoming("POST", "/webhook", query, named, b"{}", 1_779_802_200_000)


def test_the_payload_is_the_bodys_json_and_is_parsed_once():
    event = Event("shop.opened", '{"name": "Flor de Ipê"}'.encode())

    assert event.payload == {"name": "Flor de Ipê"}
    assert event.payload is event.payload


def test_an_empty_body_has_no_payload():
    assert Event("shop.opened", b"").payload is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"name": ', id="it ends in the middle"),
        pytest.param(b'"\xff"', id="it is not UTF-8"),
        pytest.param(b"1e999", id="a number is too large for any use"),
        pytest.param(b'{"n": ' + b"9" * 5000 + b"}", id="a number has thousands of digits"),
        pytest.param(b"[" * 100_000, id="it is nested too deeply"),
    ],
)
def test_a_body_that_cannot_be_read_is_rejected_since_trying_again_cannot_help(body: bytes):
    with pytest.raises(Rejected, match="cannot be read"):
        _ = Event("shop.opened", body).payload


def test_an_events_id_is_sixteen_hexadecimal_digits():
    drawn = new_id()

    assert len(drawn) == 16
    assert int(drawn, 16) > 0


def test_ids_grow_in_the_order_they_are_drawn():
    drawn = [new_id() for _ in range(5000)]

    assert drawn == sorted(set(drawn))


def test_no_id_is_drawn_twice_by_several_threads():
    drawn: list[str] = []
    threads = [threading.Thread(target=lambda: drawn.extend([new_id() for _ in range(1000)])) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len(set(drawn)) == 8000


@pytest.mark.parametrize(
    "name",
    ["authorization", "cookie", "x-api-key", "api-access-token", "x-security-token", "webhook-key"],
)
def test_a_header_with_a_credential_is_not_kept(name: str):
    assert clean_headers({name: "segredo", "user-agent": "Ruby"}) == {"user-agent": "Ruby"}


def test_chatwoots_own_headers_are_kept():
    headers = {"x-chatwoot-delivery": "d-1", "x-chatwoot-timestamp": "1700000000"}

    assert clean_headers(headers) == headers


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        pytest.param("", "", id="there is none"),
        pytest.param("account_id=account_1", "account_id=account_1", id="nothing secret is in it"),
        pytest.param("token=abc", "token=[removed]", id="a token alone"),
        pytest.param("event=delete&token=abc&x=1", "event=delete&token=[removed]&x=1", id="a token in the middle"),
        pytest.param("token=a&token=b", "token=[removed]&token=[removed]", id="a token given twice"),
        pytest.param("TOKEN=abc", "TOKEN=[removed]", id="in capitals"),
        pytest.param("api_key=abc&secret=d", "api_key=[removed]&secret=[removed]", id="other names of credentials"),
        pytest.param("mytoken=abc", "mytoken=abc", id="a name that only ends like one"),
    ],
)
def test_credentials_are_removed_from_the_query(query: str, kept: str):
    assert clean_query(query) == kept


def test_an_event_has_what_its_source_said_and_no_credential():
    request = incoming("token=abc", authorization="Basic eDp5", user_agent="Ruby")
    named = Named("chatwoot.message_created", "account_1", "conversation:12")

    event = from_incoming(request, named, "chatwoot", b"{}")

    assert (event.name, event.account, event.key) == ("chatwoot.message_created", "account_1", "conversation:12")
    assert (event.source, event.received, event.path) == ("chatwoot", 1_779_802_200_000, "/webhook")
    assert event.headers == {"user-agent": "Ruby"}
    assert event.query == "token=[removed]"


@pytest.mark.parametrize(
    ("header", "test", "key"),
    [
        pytest.param({"x_event_test": "true"}, True, "test:conversation:12", id="marked as a test"),
        pytest.param({"x_event_test": "1"}, False, "conversation:12", id="marked otherwise"),
        pytest.param({}, False, "conversation:12", id="not marked"),
    ],
)
def test_a_test_event_never_shares_its_key_with_a_real_one(header: dict[str, str], test: bool, key: str):
    event = from_incoming(incoming(**header), Named("shop.opened", "account_1", "conversation:12"), "shop", b"{}")

    assert (event.test, event.key) == (test, key)


def test_each_delivery_has_its_own_copy_of_the_event():
    event = Event("shop.opened", b"{}", account="account_1", key="shop:1")
    bound = event.bound_to("a delivery", 3)

    assert (bound.id, bound.name, bound.account, bound.key) == (event.id, event.name, event.account, event.key)
    assert (bound.attempt, event.attempt) == (3, 1)


# Its shape


class Item(msgspec.Struct):
    name: str
    amount: int


class Order(msgspec.Struct):
    items: list[Item]


def test_the_payload_is_given_as_the_struct_that_is_asked_for():
    event = Event("shop.order", b'{"items": [{"name": "P1", "amount": 2, "colour": "red"}], "more": 1}')

    assert event.payload_as(Order) == Order([Item("P1", 2)])
    assert event.payload_as(dict[str, object])["more"] == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(
            b'{"items": [{"name": "P1", "amount": "2"}]}', "Expected `int`, got `str` - at `$.items[0].amount`"
        ),
        pytest.param(b"{}", "Object missing required field `items`"),
        pytest.param(b"", "Input data was truncated"),
        pytest.param(b'{"items": "\xff"}', "Expected `array`, got `str` - at `$.items`"),
    ],
)
def test_a_body_of_another_shape_is_rejected_with_the_place(body: bytes, said: str):
    with pytest.raises(Rejected) as caught:
        Event("shop.order", body).payload_as(Order)

    assert str(caught.value) == f"the body is not of the shape Order: {said}"


def test_an_effect_is_named_anew_at_each_attempt():
    event = Event("shop.order", b"{}")
    first = event.bound_to(None, 1)

    assert [first.nth(kind) for kind in ("reply", "note", "reply")] == ["reply", "note", "reply 2"]
    assert event.bound_to(None, 2).nth("reply") == "reply"
