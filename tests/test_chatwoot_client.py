"""How is Chatwoot called, with which token, and what is not sent? clients/chatwoot.py, clients/conversation.py."""

import json
from typing import Any

import httpx
import pytest

from clients.chatwoot import Chatwoot
from clients.conversation import Conversation, ConversationFull, protect_braces
from clients.echoes import MARKER
from clients.http import Refused, Slowed, Unavailable
from clients.installation import Access, api_root
from tests.rig_http import BASE, Asked, always

MARK = {"event": "19c0a1b2c3d4e5f6", "kind": "reply"}


class Kept:
    """An outbox."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str, bool]] = []

    async def __call__(self, account: str, conversation: str, kind: str, content: str, test: bool) -> None:
        self.rows.append((account, conversation, kind, content, test))


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


async def test_what_is_posted_keeps_its_braces():
    asked = always(200, {"id": 1})
    await conversation(asked).say("Use o código {{PIX10}}.", MARK)

    assert json.loads(asked.last.content)["content"] == protect_braces("Use o código {{PIX10}}.")


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


# While it is to be left alone


async def test_the_bots_and_the_users_requests_share_one_breaker():
    asked = always(429)
    client = conversation(asked)
    with pytest.raises(Slowed):
        await client.say("Oi", MARK)

    with pytest.raises(Unavailable):
        await client.own_user_id()
    assert len(asked.requests) == 1
