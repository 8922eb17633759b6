"""clients/http.py and clients/chatwoot.py: how Chatwoot is called, and what its answers mean."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from clients import http
from clients.chatwoot import MARKER, Access, Chatwoot, Conversation, ConversationFull, api_root, protect_braces
from clients.http import (
    FAILURES_TO_OPEN,
    PROBE_SECONDS,
    Breaker,
    Destination,
    Failed,
    Refused,
    Slowed,
    Unavailable,
    Unknown,
)
from relay.retry import Retry, next_try

BASE = "https://chat.flordeipe.example.com"
MARK = {"event": "19c0a1b2c3d4e5f6", "kind": "reply"}
Answer = Callable[[httpx.Request], httpx.Response]


class Asked:
    """An outside server: what it was asked, and what it answers."""

    def __init__(self, answer: Answer) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = answer
        self.transport = httpx.MockTransport(self)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer(request)

    @property
    def last(self) -> httpx.Request:
        return self.requests[-1]


class Kept:
    """An outbox."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str, bool]] = []

    async def __call__(self, account: str, conversation: str, kind: str, content: str, test: bool) -> None:
        self.rows.append((account, conversation, kind, content, test))


def always(status: int, body: Any = None, **headers: str) -> Asked:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Asked(lambda request: httpx.Response(status, json=body, headers=named))


def chatwoot(asked: Asked, *, user: str = "user-token", bot: str = "bot-token", base: str = BASE) -> Chatwoot:
    return Chatwoot(lambda *_: Access(base, user, bot), Kept(), asked.transport)


def conversation(asked: Asked, **tokens: str) -> Conversation:
    return chatwoot(asked, **tokens).conversation(7, 1284, account="account_1", test=False)


# The address


@pytest.mark.parametrize(
    ("given", "root"),
    [
        pytest.param("https://chat.example.com", "https://chat.example.com/api/v1", id="bare"),
        pytest.param("https://chat.example.com/", "https://chat.example.com/api/v1", id="with a slash"),
        pytest.param(" https://chat.example.com ", "https://chat.example.com/api/v1", id="with blanks"),
        pytest.param("https://chat.example.com/api/v1", "https://chat.example.com/api/v1", id="with /api/v1"),
        pytest.param("https://chat.example.com/api/v1/", "https://chat.example.com/api/v1", id="with /api/v1/"),
        pytest.param(
            "https://chat.example.com/app/accounts/1/dashboard", "https://chat.example.com/api/v1", id="the dashboard's"
        ),
        pytest.param("http://chatwoot_web:3000", "http://chatwoot_web:3000/api/v1", id="a container's"),
        pytest.param("https://app.chatwoot.com", "https://app.chatwoot.com/api/v1", id="the hosted one"),
        pytest.param("https://x.example.com/chat/api/v1", "https://x.example.com/chat/api/v1", id="below a path"),
    ],
)
def test_whichever_address_was_copied_the_api_is_found(given: str, root: str):
    assert api_root(given) == root


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        pytest.param("Aceitamos Pix.", "Aceitamos Pix.", id="nothing to protect"),
        pytest.param("Use {nome}", "Use {nome}", id="single braces"),
        pytest.param("Olá {{nome}}", "{% raw %}Olá {{nome}}{% endraw %}", id="a variable"),
        pytest.param("{% if x %}", "{% raw %}{% if x %}{% endraw %}", id="a tag"),
        pytest.param("{% endraw %}", "{ % endraw %}", id="the end of the protection itself"),
        pytest.param("{{x}}{%endraw%}", "{% raw %}{{x}}{ %endraw%}{% endraw %}", id="its end, without blanks"),
        pytest.param(
            "{{x}}{%-  endraw -%}", "{% raw %}{{x}}{ %-  endraw -%}{% endraw %}", id="its end, that eats blanks"
        ),
        pytest.param("Digite `{{x}}`", "Digite `{{x}}`", id="back-ticked: Chatwoot protects it"),
        pytest.param("`{%endraw%}{{x}}`", "`{ %endraw%}{{x}}`", id="the end of Chatwoot's own protection"),
        pytest.param(
            "Digite `sair` e {{CODIGO}}",
            "Digite `sair`{% raw %} e {{CODIGO}}{% endraw %}",
            id="back-ticks and braces",
        ),
        pytest.param(
            "{{a}} `b\nc` {{d}} ` {{e}}",
            "{% raw %}{{a}} {% endraw %}`b\nc`{% raw %} {{d}} ` {{e}}{% endraw %}",
            id="a pair over two lines, and a back-tick without its pair",
        ),
        pytest.param("{`a`}", "{% raw %}{{% endraw %}`a`}", id="a brace before a back-tick"),
    ],
)
def test_liquid_eats_no_braces(text: str, sent: str):
    assert protect_braces(text) == sent


# What is posted


async def test_a_reply_is_posted_by_the_bot_with_our_mark():
    asked = always(200, {"id": 90212})

    assert await conversation(asked).say("Aceitamos Pix.", MARK) == {"id": 90212}
    assert str(asked.last.url) == f"{BASE}/api/v1/accounts/7/conversations/1284/messages"
    assert asked.last.headers["api-access-token"] == "bot-token"
    assert json.loads(asked.last.content) == {
        "content": "Aceitamos Pix.",
        "message_type": "outgoing",
        "private": False,
        "content_type": "text",
        "content_attributes": {MARKER: MARK},
    }


async def test_no_source_id_is_set_since_chatwoot_would_not_send_the_reply():
    asked = always(200, {"id": 1})
    await conversation(asked).say("Oi", MARK)

    assert "source_id" not in json.loads(asked.last.content)


async def test_a_note_is_private():
    asked = always(200, {"id": 1})
    await conversation(asked).say("Passado para a equipe.", MARK, private=True)

    assert json.loads(asked.last.content)["private"] is True


async def test_without_a_bot_the_user_posts():
    asked = always(200, {"id": 1})
    await conversation(asked, bot="").say("Oi", MARK)

    assert asked.last.headers["api-access-token"] == "user-token"


async def test_no_exotic_encoding_is_asked_for():
    asked = always(200, {"id": 1})
    await conversation(asked).say("Oi", MARK)

    assert asked.last.headers["accept-encoding"] == "gzip"


async def test_the_status_is_the_one_that_chatwoot_says_though_success_is_null():
    asked = always(200, {"meta": {}, "payload": {"success": None, "conversation_id": 1284, "current_status": "open"}})

    assert await conversation(asked).set_status("open") == {"status": "open"}
    assert asked.last.url.path.endswith("/conversations/1284/toggle_status")
    assert json.loads(asked.last.content) == {"status": "open"}


@pytest.mark.parametrize("answer", [None, [], {"payload": None}, "ok"])
async def test_an_answer_of_an_unexpected_shape_is_no_surprise(answer: Any):
    asked = always(200, answer)

    assert (await conversation(asked).set_status("open"))["status"] is None
    assert (await conversation(asked).say("Oi", MARK))["id"] is None


@pytest.mark.parametrize(
    ("status", "error", "full"),
    [
        pytest.param(422, "Validation failed: Too many messages", True, id="too many"),
        pytest.param(422, "Validation failed: Content is too long", False, id="another refusal"),
        pytest.param(404, "Too many messages", False, id="another status"),
    ],
)
async def test_a_conversation_that_has_had_its_messages_is_told_from_other_refusals(
    status: int, error: str, full: bool
):
    with pytest.raises(Refused) as caught:
        await conversation(always(status, {"error": error})).say("Oi", MARK)

    assert (type(caught.value) is ConversationFull) is full
    assert (caught.value.status, caught.value.nothing_done) == (status, True)


# What is not sent


@pytest.mark.parametrize(
    ("number", "test", "tokens"),
    [
        pytest.param(7, True, {}, id="a test event"),
        pytest.param(None, False, {}, id="the account has no number in Chatwoot"),
        pytest.param(7, False, {"user": "", "bot": ""}, id="no token is set"),
        pytest.param(7, False, {"base": ""}, id="no address is set"),
    ],
)
async def test_what_may_not_be_sent_goes_to_the_outbox(number: int | None, test: bool, tokens: dict[str, str]):
    asked, kept = always(200, {"id": 1}), Kept()
    given = {"base": BASE, "user": "user-token", "bot": "bot-token", **tokens}
    access = Access(given["base"], given["user"], given["bot"])
    talk = Chatwoot(lambda *_: access, kept, asked.transport).conversation(number, 1284, account="account_1", test=test)

    await talk.say("Oi", MARK)
    await talk.say("Nota", MARK, private=True)
    await talk.set_status("open")

    assert [row[2:4] for row in kept.rows] == [("reply", "Oi"), ("note", "Nota"), ("status", "open")]
    assert kept.rows[0] == ("account_1", "1284", "reply", "Oi", test)
    assert await talk.show() is None
    assert await talk.messages() is None
    assert asked.requests == []


# What is read


async def test_the_user_reads_before_the_bot():
    asked = always(200, {"id": 1284, "status": "pending"})

    assert await conversation(asked).show() == {"id": 1284, "status": "pending"}
    assert asked.last.headers["api-access-token"] == "user-token"


async def test_where_the_user_may_not_read_the_bot_is_asked():
    def answer(request: httpx.Request) -> httpx.Response:
        by_user = request.headers["api-access-token"] == "user-token"
        return httpx.Response(401, json={"error": "x"}) if by_user else httpx.Response(200, json={"id": 1284})

    asked = Asked(answer)

    assert await conversation(asked).show() == {"id": 1284}
    assert len(asked.requests) == 2


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_conversation_that_no_token_may_read_is_none(status: int):
    assert await conversation(always(status, {"error": "x"})).show() is None


async def test_a_bots_token_is_not_asked_to_list_messages():
    asked = always(200, {"payload": []})

    assert await conversation(asked, user="").messages() is None
    assert asked.requests == []


@pytest.mark.parametrize(
    ("answer", "listed"),
    [
        pytest.param({"meta": {}, "payload": [{"id": 1}, None, {"id": 2}]}, [{"id": 1}, {"id": 2}], id="in a payload"),
        pytest.param([{"id": 1}], [{"id": 1}], id="a bare list"),
        pytest.param({"payload": None}, None, id="something else"),
    ],
)
async def test_the_latest_messages_are_listed(answer: Any, listed: Any):
    assert await conversation(always(200, answer)).messages() == listed


async def test_our_own_user_is_asked_for_once():
    asked = always(200, {"id": 900})
    client = conversation(asked)

    assert [await client.own_user_id(), await client.own_user_id()] == [900, 900]
    assert [request.url.path for request in asked.requests] == ["/api/v1/profile"]


async def test_without_a_users_token_there_is_no_own_user():
    assert await conversation(always(200, {"id": 900}), user="").own_user_id() is None


# What an answer means


def destination(asked: Asked, breaker: Breaker | None = None) -> Destination:
    return Destination(f"{BASE}/api/v1", {}, breaker=breaker, transport=asked.transport)


def failing(error: Exception) -> Asked:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error

    return Asked(answer)


@pytest.mark.parametrize(
    ("asked", "error", "nothing_done"),
    [
        pytest.param(always(400, {}), Refused, True, id="400"),
        pytest.param(always(401, {}), Refused, True, id="401"),
        pytest.param(always(404, {}), Refused, True, id="404"),
        pytest.param(always(422, {"error": "Too many messages"}), Refused, True, id="422"),
        pytest.param(always(302, None, location="/x"), Refused, True, id="a redirect is not followed"),
        pytest.param(always(429), Slowed, True, id="429"),
        pytest.param(always(500), Unknown, False, id="500: it may have been stored"),
        pytest.param(always(502), Unknown, False, id="502: it may have been stored"),
        pytest.param(always(503), Unknown, False, id="503: it may have been stored"),
        pytest.param(failing(httpx.ConnectError("x")), Unavailable, True, id="no connection"),
        pytest.param(failing(httpx.ConnectTimeout("x")), Unavailable, True, id="no connection in time"),
        pytest.param(failing(httpx.PoolTimeout("x")), Unavailable, True, id="no connection was free"),
        pytest.param(failing(httpx.ReadTimeout("x")), Unknown, False, id="no answer in time"),
        pytest.param(failing(httpx.WriteTimeout("x")), Unknown, False, id="it could not be sent in time"),
        pytest.param(failing(httpx.RemoteProtocolError("x")), Unknown, False, id="it hung up"),
    ],
)
async def test_whether_anything_was_done_is_known_or_said_to_be_unknown(
    asked: Asked, error: type[Exception], nothing_done: bool
):
    with pytest.raises(error) as caught:
        await destination(asked).request("POST", "/x", json={})

    assert type(caught.value) is error
    assert caught.value.nothing_done is nothing_done
    assert len(asked.requests) == 1, "a POST is never repeated blindly"


async def test_an_answer_that_is_no_json_is_unknown():
    asked = Asked(lambda request: httpx.Response(200, text="<html>"))

    with pytest.raises(Unknown):
        await destination(asked).request("GET", "/x")


async def test_an_empty_answer_is_none():
    asked = Asked(lambda request: httpx.Response(200))

    assert await destination(asked).request("POST", "/x") is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"retry_after": "120"}, 120.0, id="in seconds"),
        pytest.param({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0, id="a date that is over"),
        pytest.param({"retry_after": "logo"}, None, id="a word"),
    ],
)
async def test_what_a_429_asks_for_is_read(header: dict[str, str], seconds: float | None):
    with pytest.raises(Slowed) as caught:
        await destination(always(429, **header)).request("GET", "/x")

    assert caught.value.retry_after == seconds
    assert caught.value.least_wait == 60.0


@pytest.mark.parametrize(("header", "seconds"), [({}, None), ({"retry_after": "120"}, 120.0)])
async def test_what_a_503_asks_for_is_read(header: dict[str, str], seconds: float | None):
    with pytest.raises(Unknown) as caught:
        await destination(always(503, **header)).request("GET", "/x")

    assert caught.value.retry_after == seconds
    assert caught.value.costs_attempt is True


# The breaker


def is_open(breaker: Breaker, now: float) -> bool:
    try:
        breaker.check("chatwoot", now)
    except Unavailable:
        return True
    return False


def failed(times: int, now: float = 0.0) -> Breaker:
    breaker = Breaker()
    for _ in range(times):
        breaker.failed(now)
    return breaker


def test_a_few_failures_do_not_open_the_breaker():
    assert not is_open(failed(FAILURES_TO_OPEN - 1), 1.0)


def test_failures_in_a_row_open_it():
    assert is_open(failed(FAILURES_TO_OPEN), 1.0)


def test_a_success_in_between_starts_the_count_again():
    breaker = failed(FAILURES_TO_OPEN - 1)
    breaker.succeeded()
    breaker.failed(0.0)

    assert not is_open(breaker, 1.0)


def test_one_request_in_ten_seconds_tries_whether_it_is_over():
    breaker = failed(FAILURES_TO_OPEN)

    assert not is_open(breaker, PROBE_SECONDS)
    assert is_open(breaker, PROBE_SECONDS + 1)
    assert not is_open(breaker, 2 * PROBE_SECONDS)


def test_a_probe_that_succeeds_closes_it():
    breaker = failed(FAILURES_TO_OPEN)
    breaker.check("chatwoot", PROBE_SECONDS)
    breaker.succeeded()

    assert not is_open(breaker, PROBE_SECONDS + 0.1)


def test_what_the_open_breaker_holds_back_costs_no_attempt():
    with pytest.raises(Unavailable) as caught:
        failed(FAILURES_TO_OPEN).check("chatwoot", 1.0)

    assert caught.value.costs_attempt is False
    assert PROBE_SECONDS - 1 <= (caught.value.retry_after or 0.0) <= PROBE_SECONDS + 5


def test_a_connection_that_failed_costs_an_attempt():
    assert Unavailable("no connection").costs_attempt is True


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        pytest.param(always(503, None, retry_after="3600"), Unknown, id="503"),
        pytest.param(failing(httpx.ReadTimeout("x")), Unknown, id="no answer in time"),
        pytest.param(failing(httpx.ConnectError("x")), Unavailable, id="no connection"),
    ],
)
@pytest.mark.parametrize("failures", [FAILURES_TO_OPEN, FAILURES_TO_OPEN + 1], ids=["what opens it", "a probe"])
async def test_what_fails_while_the_breaker_is_open_costs_no_attempt(
    asked: Asked, error: type[Failed], failures: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(http, "time", SimpleNamespace(monotonic=lambda: PROBE_SECONDS, time=lambda: 0.0))
    with pytest.raises(error) as caught:
        await destination(asked, failed(failures - 1)).request("GET", "/x")

    assert caught.value.costs_attempt is False
    assert PROBE_SECONDS <= (caught.value.retry_after or 0.0) <= PROBE_SECONDS + 5


@pytest.mark.parametrize("down_for", [100.0, 330.0, 3600.0])
@pytest.mark.parametrize("chance", [0.0, 1.0])
async def test_one_conversation_alone_is_answered_within_half_a_minute_of_the_return(
    monkeypatch: pytest.MonkeyPatch, down_for: float, chance: float
):
    now, charged = 0.0, 0
    monkeypatch.setattr(http, "time", SimpleNamespace(monotonic=lambda: now, time=lambda: now))
    monkeypatch.setattr(http, "random", SimpleNamespace(random=lambda: chance))
    server = destination(Asked(lambda request: httpx.Response(503 if now < down_for else 200)))
    while True:
        try:
            await server.request("GET", "/x")
            break
        except Failed as error:
            wait = next_try(Retry(), error, failures=charged + 1, elapsed=now, chance=chance)
        assert wait is not None
        charged += wait.charged
        now += wait.seconds

    assert now - down_for < 30
    assert charged == FAILURES_TO_OPEN - 1


@pytest.mark.parametrize(
    ("asked", "still_closed_at", "open_again_at"),
    [
        pytest.param(None, 59.0, 61.0, id="no Retry-After: a minute"),
        pytest.param(5.0, 59.0, 61.0, id="a short one: a minute"),
        pytest.param(180.0, 179.0, 181.0, id="a longer one: as asked"),
        pytest.param(86400.0, 599.0, 601.0, id="a day: ten minutes at the most"),
    ],
)
def test_after_a_429_nothing_is_sent_for_a_while(asked: float | None, still_closed_at: float, open_again_at: float):
    breaker = Breaker()
    breaker.slowed(0.0, asked)

    assert is_open(breaker, still_closed_at)
    assert not is_open(breaker, open_again_at)


async def test_while_the_breaker_is_open_the_other_side_is_left_alone():
    asked = always(500)
    server = destination(asked)
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(Unknown):
            await server.request("GET", "/x")

    with pytest.raises(Unavailable):
        await server.request("GET", "/x")
    assert len(asked.requests) == FAILURES_TO_OPEN


async def test_a_refusal_opens_no_breaker():
    asked = always(422, {})
    server = destination(asked)
    for _ in range(2 * FAILURES_TO_OPEN):
        with pytest.raises(Refused):
            await server.request("GET", "/x")

    assert len(asked.requests) == 2 * FAILURES_TO_OPEN


async def test_the_bots_and_the_users_requests_share_one_breaker():
    asked = always(429)
    client = conversation(asked)
    with pytest.raises(Slowed):
        await client.say("Oi", MARK)

    with pytest.raises(Unavailable):
        await client.own_user_id()
    assert len(asked.requests) == 1
