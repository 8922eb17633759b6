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


# What takes its time: all of it at once, each in a conversation of its own


class Stories:
    """Conversations in which something goes wrong. They are begun one after the other, and waited for together."""

    def __init__(self, server: Server, fake: FakeChatwoot) -> None:
        self.server, self.fake = server, fake
        self.number_of: dict[str, int] = {}

    def begin(self, name: str, text: str, kind: str, *answers: tuple[int, bool]) -> None:
        """A customer writes; the next requests of this kind in this conversation are answered so."""
        conversation = self.number_of.setdefault(name, next(numbers))
        self.fake.conversation(conversation)
        left = list(answers)
        self.fake.faults[conversation] = lambda what, _: left.pop(0) if what == kind and left else None
        self.write(name, text)
        eventually(lambda: len(left) < len(answers))

    def write(self, name: str, text: str, **changes: Any) -> None:
        payload = message_payload(next(numbers), self.number_of[name], text, **changes)
        assert self.server.post_chatwoot(payload).status_code == 200

    def texts(self, name: str) -> list[str]:
        return texts(self.fake, self.number_of[name])

    def notes(self, name: str) -> list[str]:
        return self.fake.notes(self.number_of[name])

    def status(self, name: str) -> str:
        return self.fake.status(self.number_of[name])


@pytest.fixture(scope="module")
def stories(server: Server, fake: FakeChatwoot, parked: Server, was_down: Server) -> Stories:
    told = Stories(server, fake)
    lost, failed, refused = (504, True), (503, False), (422, False)
    begin_without_echo(told, "no echo", lost)
    told.begin("refused", QUESTION, "reply", *[refused] * 9)
    told.begin("two questions", QUESTION, "show", failed)
    for text in ("Obrigado!", "Qual o prazo de entrega?"):
        told.write("two questions", text)
    told.begin("refused, note failed", QUESTION, "reply", *[refused] * 9)
    failing_once(fake, told.number_of["refused, note failed"], "note")
    told.begin("more than questions", QUESTION, "show", failed)
    for text in ("", "Quero reclamar"):
        told.write("more than questions", text)
    told.begin("lost before", QUESTION, "reply", (504, False))
    told.begin("lost after", QUESTION, "reply", lost)
    told.begin("one question", "Quais as formas", "show", failed)
    told.write("one question", "de pagamento?")
    told.begin("and another", QUESTION, "reply", lost)
    told.write("and another", "Qual o prazo de entrega?")
    told.begin("a person", QUESTION, "reply", failed)
    told.write("a person", "Oi, sou o Rui", message_type="outgoing", sender={"id": 3, "name": "Rui", "type": "user"})
    eventually(lambda: not [name for name in told.number_of if name.startswith("refused") and not told.notes(name)], 60)
    for each in (server, was_down):
        eventually(each.is_quiet, 60)
    eventually(lambda: parked.books()["deliveries"]["parked"], 60)
    return told


def begin_without_echo(told: Stories, name: str, failure: tuple[int, bool]) -> None:
    """The reply's echo never comes, and thirty notes come after it: it is not among the latest messages any more."""
    number, fake = told.number_of.setdefault(name, next(numbers)), told.fake
    heard = fake.on_message
    fake.on_message = lambda message: None if message["conversation_id"] == number else heard(message)
    told.begin(name, QUESTION, "reply", failure)
    reply = eventually(lambda: fake.replies(number))[0]
    note = {**reply, "private": True, "content_attributes": {}}
    fake.messages[number] += [{**note, "id": 2 * 10**9 + place} for place in range(30)]


def failing_once(fake: FakeChatwoot, conversation: int, kind: str) -> None:
    """The next request of one more kind fails as well."""
    fault, left = fake.faults[conversation], [(503, False)]
    fake.faults[conversation] = lambda what, body: left.pop() if what == kind and left else fault(what, body)


@pytest.fixture(scope="module")
def bots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeChatwoot, Server]]:
    """A Chatwoot in which only a bot's token is held: nothing can be looked up."""
    with fake_chatwoot(user_token="-", bot_token="bot-token") as (fake, url):
        folder = tmp_path_factory.mktemp("bots")
        server = Server(folder, CHATWOOT_BASE_URL=url, CHATWOOT_BOT_TOKEN="bot-token").start()
        yield fake, server
        server.stop()


@pytest.fixture(scope="module")
def parked(bots: tuple[FakeChatwoot, Server]) -> Server:
    """A server that cannot find out whether its reply was stored."""
    fake, server = bots
    left = [(504, True)]
    fake.fault = lambda what, _: left.pop() if what == "reply" and left else None
    server.sync_rules(RULES)
    server.post_chatwoot(message_payload(1, 1, QUESTION))
    return server


@pytest.fixture(scope="module")
def downs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeChatwoot, Server]]:
    """A Chatwoot of its own."""
    with fake_chatwoot() as (fake, url):
        folder = tmp_path_factory.mktemp("downs")
        server = Server(folder, CHATWOOT_BASE_URL=url, CHATWOOT_API_KEY="user-token").start()
        yield fake, server
        server.stop()


@pytest.fixture(scope="module")
def was_down(downs: tuple[FakeChatwoot, Server]) -> Server:
    """A server whose Chatwoot failed at everything for a while."""
    fake, server = downs
    server.sync_rules(RULES)
    fake.fault = lambda *_: (503, False)
    for number in range(1, 13):
        server.post_chatwoot(message_payload(number, number, QUESTION))
    eventually(lambda: len(fake.asked) >= 5)
    fake.fault = lambda *_: None
    return server


@pytest.mark.parametrize("name", ["lost before", "lost after"])
def test_a_lost_answer_still_gives_exactly_one_reply(stories: Stories, name: str) -> None:
    assert stories.texts(name) == [ANSWER]


def test_a_reply_that_fails_while_a_person_answers_is_never_sent(stories: Stories) -> None:
    assert stories.texts("a person") == []


def test_what_the_customer_adds_meanwhile_joins_the_waiting_reply(stories: Stories) -> None:
    assert stories.texts("one question") == [ANSWER]


def test_what_asks_for_something_else_meanwhile_gets_an_answer_of_its_own(stories: Stories) -> None:
    assert stories.texts("two questions") == [ANSWER, RULES[1]["description"]]
    assert stories.status("two questions") == "pending"


def test_a_photo_and_a_complaint_that_waited_with_a_question_reach_a_person(stories: Stories) -> None:
    assert stories.texts("more than questions")[0] == ANSWER
    assert stories.status("more than questions") == "open"
    assert len(stories.notes("more than questions")) == 1


def test_what_comes_after_a_reply_whose_answer_was_lost_gets_an_answer_of_its_own(stories: Stories) -> None:
    assert stories.texts("and another") == [ANSWER, RULES[1]["description"]]


def test_a_lost_answer_is_found_behind_many_later_messages(stories: Stories) -> None:
    assert stories.texts("no echo") == [ANSWER]


@pytest.mark.parametrize("name", ["refused", "refused, note failed"])
def test_what_chatwoot_refuses_for_good_goes_to_a_person_by_the_rescue(stories: Stories, name: str) -> None:
    assert stories.texts(name) == []
    assert stories.status(name) == "open"
    assert len(stories.notes(name)) == 1


def test_where_the_outcome_cannot_be_looked_up_it_is_parked_and_shown(
    stories: Stories, bots: tuple[FakeChatwoot, Server]
) -> None:
    fake, server = bots

    assert len(fake.replies(1)) == 1
    assert server.events(status="parked")[0]["signal"] == "chatwoot.message_created"


def test_while_chatwoot_is_down_the_breaker_costs_no_attempt_and_all_are_answered_when_it_is_back(
    stories: Stories, downs: tuple[FakeChatwoot, Server]
) -> None:
    fake, server = downs
    tried = [server.admin(f"events/{each['id']}") for each in server.events(signal="chatwoot.message_created")]
    attempts = [len(own["attempts"]) for each in tried for own in each["deliveries"] if "answer" in own["handler"]]

    assert [len(fake.replies(number)) for number in range(1, 13)] == [1] * 12
    assert max(attempts) <= 3
