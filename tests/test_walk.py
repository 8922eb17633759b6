"""The walk: real processes, from a signed webhook to exactly one reply, or a person, or a written reason."""

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from clients.testing import FakeChatwoot, message_payload
from tests.rig import RULES, Server, echo_to, eventually, fake_chatwoot

QUESTION = "Quais as formas de pagamento?"
ANSWER = "Aceitamos Pix, cartão e boleto."
numbers = itertools.count(1000)


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeChatwoot]:
    with fake_chatwoot() as (running, url):
        running.url = url  # type: ignore[attr-defined]
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, fake: FakeChatwoot) -> Iterator[Server]:
    running = Server(
        tmp_path_factory.mktemp("walk"),
        CHATWOOT_BASE_URL=f"{fake.url}/api/v1",  # type: ignore[attr-defined]
        CHATWOOT_API_KEY="user-token",
    ).start()
    fake.on_message = echo_to(running)
    assert running.sync_rules(RULES).json()["data"]["vectorized_rules"] == 3
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def no_fault(fake: FakeChatwoot) -> Iterator[None]:
    yield
    fake.fault = lambda *_: None


@pytest.fixture
def ask(server: Server, fake: FakeChatwoot) -> Callable[..., int]:
    """A customer writes in a conversation of its own; gives its number once all is done."""

    def send(text: str = QUESTION, *, conversation: int | None = None, wait: bool = True, **changes: Any) -> int:
        number = next(numbers)
        conversation = conversation or number
        fake.conversation(conversation)
        assert server.post_chatwoot(message_payload(number, conversation, text, **changes)).status_code == 200
        if wait:
            eventually(server.is_quiet)
        return conversation

    return send


def texts(fake: FakeChatwoot, conversation: int) -> list[str]:
    return [each["content"] for each in fake.replies(conversation)]


def last_reason(server: Server, conversation: int) -> str:
    found = server.events(signal="chatwoot.message_created")
    event = next(each for each in found if each["key"] == f"conversation:{conversation}")
    deliveries = server.admin(f"events/{event['id']}")["deliveries"]
    return next(each["reason"] for each in deliveries if each["handler"].endswith(":answer_customer"))


def test_a_question_gets_the_right_answer_once(ask: Callable[..., int], fake: FakeChatwoot) -> None:
    conversation = ask()

    assert texts(fake, conversation) == [ANSWER]


def test_the_same_message_by_three_senders_is_answered_once(server: Server, fake: FakeChatwoot) -> None:
    payload = message_payload(next(numbers), 61, QUESTION)
    answers = [server.post_chatwoot(payload).json()["status"] for _ in range(3)]
    eventually(server.is_quiet)

    assert answers == ["kept", "repeated", "repeated"]
    assert texts(fake, 61) == [ANSWER]


def test_what_no_rule_answers_goes_to_a_person_with_note_and_sentence(
    ask: Callable[..., int], fake: FakeChatwoot
) -> None:
    conversation = ask("Vocês fazem tatuagem de dragão?")

    assert fake.status(conversation) == "open"
    assert len(fake.notes(conversation)) == 1
    assert "tatuagem" in fake.notes(conversation)[0]
    assert len(texts(fake, conversation)) == 1
    asked = [what for what, path in fake.asked if f"/{conversation}/" in path and what != "show"]
    assert asked == ["status", "note", "reply"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"message_type": "outgoing", "sender": {"id": 5, "name": "Rui", "type": "agent_bot"}}, "not from a customer"),
        ({"message_type": "outgoing", "private": True, "sender": {"id": 5, "type": "user"}}, "not from a customer"),
        ({"message_type": "template", "sender": None}, "not from a customer"),
        ({"private": True}, "a private note"),
        ({"content_attributes": {"deleted": True}}, "deleted"),
        ({"content_attributes": {"email": {"auto_reply": True}}}, "automatic e-mail"),
        ({"sender": {"id": 7, "name": "Ana", "blocked": True}}, "blocked"),
        ({"sender": {"id": 7, "name": "Evolution", "phone_number": "+123456"}}, "Evolution"),
        ({"sender": {"id": 7, "name": "Grupo", "identifier": "5541999990000-1@g.us"}}, "group"),
        ({"conversation_changes": {"status": "open"}}, "the conversation is"),
        ({"conversation_changes": {"meta": {"assignee": {"id": 3, "type": "user"}}}}, ""),
    ],
)
def test_what_is_not_ours_to_answer_is_left_alone_with_a_reason(
    ask: Callable[..., int], fake: FakeChatwoot, server: Server, changes: dict[str, Any], why: str
) -> None:
    conversation = next(numbers)
    fake.conversation(conversation).update(changes.get("conversation_changes", {}))
    ask(conversation=conversation, **changes)

    assert texts(fake, conversation) == []
    assert why in last_reason(server, conversation)


def test_a_person_who_writes_silences_the_bot_until_it_is_resolved(ask: Callable[..., int], fake: FakeChatwoot) -> None:
    person = {"id": 3, "name": "Rui", "type": "user"}
    conversation = ask("Deixa comigo", message_type="outgoing", sender=person)
    opened = fake.status(conversation)
    ask(conversation=conversation)
    silent = texts(fake, conversation)
    for status, later in (("resolved", 5), ("pending", 10)):
        fake.conversation(conversation)["status"] = status
        changes = {"status": status, "updated_at": time.time() + later}
        ask("ok", conversation=conversation, message_type="template", sender=None, conversation_changes=changes)
    ask(conversation=conversation, conversation_changes={"updated_at": time.time() + 20})

    assert opened == "open"
    assert silent == []
    assert texts(fake, conversation) == [ANSWER]


@pytest.mark.parametrize("stored", [True, False], ids=["after storing", "before storing"])
def test_a_lost_answer_still_gives_exactly_one_reply(
    ask: Callable[..., int], fake: FakeChatwoot, server: Server, stored: bool
) -> None:
    failures = iter([(504, stored)])
    fake.fault = lambda what, _: next(failures, None) if what == "reply" else None
    conversation = ask(wait=False)
    eventually(server.is_quiet, 60)

    assert texts(fake, conversation) == [ANSWER]


def test_a_reply_that_fails_while_a_person_answers_is_never_sent(
    ask: Callable[..., int], fake: FakeChatwoot, server: Server
) -> None:
    fake.fault = lambda what, _: (503, False) if what == "reply" else None
    conversation = ask(wait=False)
    eventually(lambda: [what for what, path in fake.asked if what == "reply" and f"/{conversation}/" in path])
    fake.fault = lambda *_: None
    person = {"id": 3, "name": "Rui", "type": "user"}
    ask("Oi, sou o Rui", conversation=conversation, wait=False, message_type="outgoing", sender=person)
    eventually(server.is_quiet, 60)

    assert texts(fake, conversation) == []


def test_what_the_customer_adds_meanwhile_joins_the_waiting_reply(
    ask: Callable[..., int], fake: FakeChatwoot, server: Server
) -> None:
    failures = iter([(503, False)])
    fake.fault = lambda what, _: next(failures, None) if what == "show" else None
    conversation = ask("Quais as formas", wait=False)
    ask("de pagamento?", conversation=conversation, wait=False)
    eventually(server.is_quiet, 60)

    assert texts(fake, conversation) == [ANSWER]


def test_braces_in_a_rule_reach_the_customer_as_they_are(
    ask: Callable[..., int], fake: FakeChatwoot, server: Server
) -> None:
    rule = {"id": 9, "name": "Cupom de desconto", "description": "Use {{CUPOM}} no carrinho."}
    server.sync_rules([*RULES, rule])
    conversation = ask("Tem cupom de desconto?")
    server.sync_rules(RULES)

    assert texts(fake, conversation) == ["{% raw %}Use {{CUPOM}} no carrinho.{% endraw %}"]


def test_a_reply_reported_as_not_delivered_goes_to_a_person(
    ask: Callable[..., int], fake: FakeChatwoot, server: Server
) -> None:
    conversation = ask()
    reply = fake.replies(conversation)[0]
    payload = message_payload(reply["id"], conversation, reply["content"], message_type="outgoing")
    nested = {"messages": [{"id": reply["id"], "status": "failed"}]}
    payload |= {"event": "message_updated", "content_attributes": reply["content_attributes"]}
    payload["conversation"] |= nested
    server.post_chatwoot(payload)
    eventually(server.is_quiet)

    assert fake.status(conversation) == "open"
    assert len(fake.notes(conversation)) == 1


def test_the_books_balance_when_all_is_done(server: Server, ask: Callable[..., int]) -> None:
    ask()
    books = server.books()

    requests, deliveries = books["requests"], books["deliveries"]
    assert requests["received"] == requests["rejected"] + requests["repeated"] + requests["events"]
    assert deliveries["done"] > 0
    assert deliveries["waiting"] == deliveries["running"] == deliveries["dead"] == 0


def test_no_secret_and_no_text_of_a_customer_is_logged(server: Server, ask: Callable[..., int]) -> None:
    ask("Segredo-do-cliente 41 99999-0000")
    logs = server.logs()

    for secret in ("rig-webhook-secret", "rig-odoo-key", "user-token", "live-credential", "Segredo-do-cliente"):
        assert secret not in logs


def test_a_live_credential_in_a_body_is_never_stored(server: Server, ask: Callable[..., int]) -> None:
    ask()
    event = server.events(signal="chatwoot.message_created", limit=1)[0]
    body = server.admin(f"events/{event['id']}")["body"]

    assert "live-credential" not in body
    assert '"pubsub_token":"[removed]"' in body


def lose_the_next_answer(fake: FakeChatwoot) -> None:
    """The next reply is stored, but its answer is a 504."""
    failures = iter([(504, True)])
    fake.fault = lambda what, _: next(failures, None) if what == "reply" else None


def test_what_comes_after_a_reply_whose_answer_was_lost_gets_an_answer_of_its_own(
    ask: Callable[..., int], fake: FakeChatwoot, server: Server
) -> None:
    lose_the_next_answer(fake)
    conversation = ask(wait=False)
    eventually(lambda: fake.replies(conversation))
    ask("Qual o prazo de entrega?", conversation=conversation, wait=False)
    eventually(server.is_quiet, 60)

    assert texts(fake, conversation) == [ANSWER, RULES[1]["description"]]


def test_a_lost_answer_is_found_behind_many_later_messages(
    ask: Callable[..., int], fake: FakeChatwoot, server: Server
) -> None:
    lose_the_next_answer(fake)
    silent, fake.on_message = fake.on_message, lambda *_: None  # not even the echo comes
    conversation = ask(wait=False)
    eventually(lambda: fake.replies(conversation))
    fake.messages[conversation] += [{**fake.messages[conversation][0], "private": True} for _ in range(30)]
    for number, note in enumerate(fake.messages[conversation][1:]):
        note.update(id=2 * 10**9 + number, content_attributes={})
    eventually(server.is_quiet, 60)
    fake.on_message = silent

    assert texts(fake, conversation) == [ANSWER]


def test_what_chatwoot_refuses_for_good_goes_to_a_person_by_the_rescue(
    ask: Callable[..., int], fake: FakeChatwoot, server: Server
) -> None:
    fake.fault = lambda what, _: (422, False) if what == "reply" else None
    conversation = ask()
    eventually(lambda: fake.status(conversation) == "open", 40)
    eventually(server.is_quiet)

    assert texts(fake, conversation) == []
    assert len(fake.notes(conversation)) == 1


def test_where_the_outcome_cannot_be_looked_up_it_is_parked_and_shown(start_server: Callable[..., Server]) -> None:
    with fake_chatwoot(user_token="-", bot_token="bot-token") as (fake, url):
        server = start_server(CHATWOOT_BASE_URL=url, CHATWOOT_BOT_TOKEN="bot-token")
        server.sync_rules(RULES)
        lose_the_next_answer(fake)
        server.post_chatwoot(message_payload(1, 1, QUESTION))
        eventually(lambda: server.books()["deliveries"]["parked"], 30)

        assert len(fake.replies(1)) == 1
        assert server.events(status="parked")[0]["signal"] == "chatwoot.message_created"


def test_while_chatwoot_is_down_the_breaker_costs_no_attempt_and_all_are_answered_when_it_is_back(
    start_server: Callable[..., Server],
) -> None:
    with fake_chatwoot() as (fake, url):
        server = start_server(CHATWOOT_BASE_URL=url, CHATWOOT_API_KEY="user-token")
        server.sync_rules(RULES)
        fake.fault = lambda *_: (503, False)
        for number in range(1, 13):
            server.post_chatwoot(message_payload(number, number, QUESTION))
        eventually(lambda: len(fake.asked) >= 5)
        fake.fault = lambda *_: None
        eventually(server.is_quiet, 60)
        tried = [server.admin(f"events/{each['id']}") for each in server.events(signal="chatwoot.message_created")]
        attempts = [len(own["attempts"]) for each in tried for own in each["deliveries"] if "answer" in own["handler"]]

        assert [len(fake.replies(number)) for number in range(1, 13)] == [1] * 12
        assert max(attempts) <= 3
