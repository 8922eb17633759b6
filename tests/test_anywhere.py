"""How does a plugin ask any server, and what does it never do there? clients/anywhere.py."""

import json
from typing import Any

import httpx
import pytest

from clients import Answer, Http, Refused, Slowed, Unavailable, Unknown
from relay import Event, Rejected, Unresolvable, effects
from relay.store import Store
from tests.rig_chatwoot import Delivered
from tests.rig_http import BASE, Asked, always


class Kept:
    """An outbox."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []

    async def __call__(self, *row: Any) -> None:
        self.rows.append(row)


def http(asked: Asked) -> Http:
    return Http(Kept(), transport=asked.transport)


async def test_an_answer_has_a_status_headers_a_text_and_json():
    answer = await http(always(201, {"id": 5}, X_Number="7")).get(f"{BASE}/orders")

    assert (answer.status, answer.headers["x-number"], answer.json(), answer.text) == (201, "7", {"id": 5}, '{"id":5}')


@pytest.mark.parametrize(
    ("sent", "body", "content_type"),
    [
        pytest.param({"json": {"name": "Ação"}}, '{"name": "Ação"}', "application/json", id="JSON"),
        pytest.param({"data": {"a": [1, 2]}}, "a=1&a=2", "application/x-www-form-urlencoded", id="a form"),
        pytest.param({"data": "olá"}, "olá", None, id="a text"),
        pytest.param({"data": b"raw", "headers": {"Content-Type": "x/y"}}, "raw", "x/y", id="bytes"),
    ],
)
async def test_a_body_is_sent_as_what_it_is(sent: dict[str, Any], body: str, content_type: str | None):
    asked = always(200)
    await http(asked).post(f"{BASE}/x?y=1", params={"z": "+"}, **sent)

    assert asked.last.content.decode() == body
    assert asked.last.headers.get("content-type") == content_type
    assert asked.last.url.query == b"y=1&z=%2B"


async def test_what_is_refused_says_so_with_its_answer_and_without_the_path():
    with pytest.raises(Refused) as caught:
        await http(always(422, {"error": "no stock"})).post(f"{BASE}/hooks/s3cret?token=s3cret", json={})

    assert caught.value.answer is not None
    assert caught.value.answer.json() == {"error": "no stock"}
    assert "s3cret" not in str(caught.value)
    assert str(caught.value) == f"POST {BASE}: 422"


@pytest.mark.parametrize("url", ["/orders", "ftp://x.example.com/", "http://", "http://[", "file:///etc/passwd"])
async def test_only_a_whole_address_is_asked(url: str):
    with pytest.raises(Refused, match="whole address") as caught:
        await http(always(200)).get(url)

    assert caught.value.give_up


async def test_no_redirect_is_followed():
    asked = always(302, location="http://169.254.169.254/latest")

    with pytest.raises(Refused):
        await http(asked).get(BASE)
    assert len(asked.requests) == 1


async def test_no_cookie_is_kept_for_the_next_account():
    asked = always(200, set_cookie="session=of-the-first")
    one = http(asked)
    for _ in range(2):
        await one.get(BASE)

    assert "cookie" not in asked.last.headers


@pytest.mark.parametrize("path", ["/a/b", "//a/b", "/a//b", "///other.example.com/b", "/http://x/"])
async def test_a_path_is_asked_as_it_is(path: str):
    asked = always(200)
    await http(asked).get(BASE + path)

    assert (asked.last.url.host, asked.last.url.raw_path.decode()) == ("chat.flordeipe.example.com", path)


async def test_a_server_that_slows_one_account_down_is_asked_for_another(store: Store):
    asked = always(429)
    one = http(asked)
    for account in ("account_1", "account_1", "loja2"):
        with pytest.raises((Slowed, Unavailable)):
            await one.of(await Hands(store, account=account).attempt()).post(BASE)
    with pytest.raises(Slowed):
        await one.get(BASE, account="loja3")

    assert len(asked.requests) == 3


async def test_a_server_that_fails_is_left_alone_and_another_is_asked():
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500 if request.url.host == "bad.example.com" else 200)

    one = http(Asked(answer))
    for _ in range(5):
        with pytest.raises(Unknown):
            await one.get("https://bad.example.com/")
    with pytest.raises(Unavailable):
        await one.get("https://bad.example.com/other")

    assert (await one.get("https://good.example.com/")).status == 200


# Once


class Hands:
    """One event in the hands of a handler, attempt after attempt, with the store's real ledger."""

    def __init__(self, store: Store, **fields: Any) -> None:
        self.event = Event("shop.order", b"{}", **{"account": "account_1", **fields})
        self.store = store

    async def attempt(self) -> Event:
        await self.store.register_handlers({"act": ""})
        return self.event.bound_to(Delivered(self.store, self.event, act), 1)


def act() -> None:
    """Stands for the handler."""


async def test_what_was_posted_is_not_posted_at_the_next_attempt(store: Store):
    asked = always(201, {"id": 5}, set_cookie="secret")
    one, hands = http(asked), Hands(store)
    answers = [await one.of(await hands.attempt()).post(BASE, json={"total": 3}) for _ in range(2)]

    assert len(asked.requests) == 1
    assert [(each.status, each.json()) for each in answers] == [(201, {"id": 5})] * 2
    assert "set-cookie" not in answers[0].headers


async def test_two_posts_of_one_attempt_are_two(store: Store):
    asked = always(200)
    mine = http(asked).of(await Hands(store).attempt())
    await mine.post(BASE, json=1)
    await mine.post(BASE, json=2)

    assert [json.loads(each.content) for each in asked.requests] == [1, 2]


@pytest.mark.parametrize(
    ("method", "options", "again"),
    [
        pytest.param("post", {}, False, id="a POST is for a person to decide"),
        pytest.param("patch", {}, False, id="so is a PATCH"),
        pytest.param("post", {"repeatable": True}, True, id="one that the other side knows again"),
        pytest.param("put", {}, True, id="a PUT is the same twice"),
        pytest.param("delete", {}, True, id="so is a DELETE"),
    ],
)
async def test_what_is_done_again_when_nobody_knows(
    store: Store, monkeypatch: pytest.MonkeyPatch, method: str, options: dict[str, Any], again: bool
):
    monkeypatch.setattr(effects, "SETTLE_SECONDS", 0.0)
    answers = iter([504, 200])
    asked = Asked(lambda _request: httpx.Response(next(answers)))
    one, hands = http(asked), Hands(store)
    with pytest.raises(Unknown):
        await getattr(one.of(await hands.attempt()), method)(BASE, **options)
    if again:
        assert (await getattr(one.of(await hands.attempt()), method)(BASE, **options)).status == 200
    else:
        with pytest.raises(Unresolvable):
            await getattr(one.of(await hands.attempt()), method)(BASE, **options)

    assert len(asked.requests) == 1 + again


async def test_what_is_found_stands_for_the_answer(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(effects, "SETTLE_SECONDS", 0.0)
    one, hands = http(always(504)), Hands(store)

    async def find(_about: Any) -> Answer:
        return Answer(200, {}, b'{"id": 9}')

    with pytest.raises(Unknown):
        await one.of(await hands.attempt()).post(BASE)
    found = [await one.of(await hands.attempt()).post(BASE, find=find) for _ in range(2)]

    assert [each.json() for each in found] == [{"id": 9}] * 2


async def test_a_test_sends_nothing(store: Store):
    asked = always(200)
    one = http(asked)
    answer = await one.of(await Hands(store, test=True).attempt()).post(f"{BASE}/s3cret", json={"to": "Ana"})

    assert (asked.requests, answer.status, answer.json()) == ([], 204, None)
    assert one._outbox.rows == [("account_1", "", "POST", f'POST {BASE} {{"to": "Ana"}}', True)]  # type: ignore[attr-defined]


async def test_what_is_wrong_in_itself_is_given_up(store: Store):
    with pytest.raises(Refused) as caught:
        await http(always(422)).of(await Hands(store).attempt()).post(BASE)

    assert caught.value.give_up
    assert not issubclass(Refused, Rejected)
