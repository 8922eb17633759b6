"""What never came is fetched: a server that was down, webhooks that were lost or late, and who is answered then."""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clients.testing import FakeChatwoot, message_payload
from tests.rig import RULES, Server, eventually, fake_chatwoot
from tests.rig_healing import echo_at_once, healed, looked_again, set_back

PAYMENT, DELIVERY = "Quais as formas de pagamento?", "Qual o prazo de entrega?"
BY_PIX, IN_3_DAYS = RULES[0]["description"], RULES[1]["description"]
PERSON = {"message_type": 1, "sender": {"id": 5, "name": "Rui", "type": "user"}}
MINUTE, HOUR = 60.0, 3600.0
SIGNAL = "chatwoot.message_created"
Make = Callable[..., Server]


@pytest.fixture
def fake() -> Iterator[tuple[FakeChatwoot, str]]:
    with fake_chatwoot(bot_token="bot-token") as made:
        yield made


@pytest.fixture
def make(tmp_path: Path, fake: tuple[FakeChatwoot, str]) -> Iterator[Make]:
    """A server of a shop that was in use before, and that looks every second or so."""
    made: list[Server] = []

    def make(**settings: str) -> Server:
        chatwoot, url = fake
        tokens = {"CHATWOOT_API_KEY": "user-token", "CHATWOOT_BOT_TOKEN": "bot-token"}
        settings = {"CHATWOOT_BASE_URL": url, **tokens, "HEAL_EVERY_MINUTES": "0.01", **settings}
        server = Server(tmp_path / f"server{len(made)}", **settings)
        made.append(server)
        chatwoot.on_message = echo_at_once(server)
        return server

    yield make
    for server in made:
        server.stop()


numbers = itertools.count(1)


def in_use(server: Server, fake: FakeChatwoot, accounts: int = 1) -> Server:
    """It has been looking since yesterday, and is down."""
    server.start()
    server.sync_rules(RULES)
    eventually(lambda: len(healed(server)) == accounts)
    server.kill()
    set_back(server, days=1)
    fake.lists.pages.clear()
    return server


def up(server: Server, made: int) -> Server:
    """Up again, until so much was fetched in all and dealt with."""
    server.start()
    eventually(lambda: sum(each["made"] for each in healed(server)) >= made, 30)
    eventually(server.is_quiet, 30)
    return server


def texts(fake: FakeChatwoot, conversation: int) -> list[str]:
    """What the customer was sent by us."""
    replies = fake.replies(conversation)
    return [each["content"] for each in replies if each["content_attributes"].get("servidor_unificado")]


def numbers_of(server: Server) -> list[int]:
    """Chatwoot's numbers of the messages that were fetched, in the order in which they were made."""
    found = [each for each in reversed(server.events(signal=SIGNAL, limit=200)) if each["reconciled"]]
    return [body_of(server, each)["id"] for each in found]


def body_of(server: Server, event: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(server.admin(f"events/{event['id']}")["body"]))


def reasons(server: Server) -> list[str]:
    """What became of each fetched customer's message, in the order in which they were made."""
    events = [each for each in reversed(server.events(signal=SIGNAL)) if each["reconciled"]]
    deliveries = [each for event in events for each in server.admin(f"events/{event['id']}")["deliveries"]]
    return [str(each["reason"]) for each in deliveries if each["handler"].endswith("answer_customer")]


def test_what_came_while_it_was_down_is_fetched_once_in_order_and_only_what_is_young_and_open_is_answered(
    make: Make, fake: tuple[FakeChatwoot, str]
) -> None:
    chatwoot, _url = fake
    server = in_use(make(), chatwoot)
    written = [
        chatwoot.lists.write(1, PAYMENT, ago=2 * MINUTE),
        chatwoot.lists.write(2, PAYMENT, ago=3 * MINUTE),
        chatwoot.lists.write(3, PAYMENT, ago=25 * MINUTE),
        chatwoot.lists.write(2, "Aceitamos tudo.", ago=1 * MINUTE, **PERSON),
        chatwoot.lists.write(1, "Conversa atribuída ao robô", message_type=2, sender=None),
    ]
    began = time.time()
    up(server, 4)
    looked_again(server)
    books = server.books()["requests"]

    assert numbers_of(server) == [each["id"] for each in written[:4]]
    assert [texts(chatwoot, each) for each in (1, 2, 3)] == [[BY_PIX], [], []]
    assert chatwoot.status(2) == chatwoot.status(3) == "open"
    assert len(chatwoot.notes(3)) == 1
    assert "somebody has written since" in reasons(server)[1]
    assert books["repeated"] <= len(texts(chatwoot, 1)) + len(chatwoot.notes(3))  # of our own echoes alone
    assert all(each["last_found"] >= began * 1000 for each in healed(server))


def test_a_fetched_event_is_as_its_webhook_would_have_been_and_says_that_it_was_fetched(
    make: Make, fake: tuple[FakeChatwoot, str]
) -> None:
    chatwoot, _url = fake
    server = in_use(make(), chatwoot)
    message = chatwoot.lists.write(1, PAYMENT, source_id="WAID:3EB0")
    up(server, 1)
    [event] = [each for each in server.events(signal=SIGNAL) if each["reconciled"]]
    whole = server.admin(f"events/{event['id']}")
    metrics = server.http.get("/metrics").text

    assert (event["source"], event["account"], event["key"], event["test"]) == (
        "chatwoot",
        "account_1",
        "conversation:1",
        False,
    )
    assert (whole["reconciled"], whole["headers"]) == (True, {"x-event-reconciled": "true"})
    assert body_of(server, event)["id"] == message["id"]
    assert 'servidor_reconciled_total{account="account_1",source="chatwoot"} 1.0' in metrics


def test_a_webhook_that_comes_after_all_is_a_repeat_and_what_has_come_is_not_fetched(
    make: Make, fake: tuple[FakeChatwoot, str]
) -> None:
    chatwoot, _url = fake
    server = in_use(make(), chatwoot)
    late, whatsapp = chatwoot.lists.write(1, PAYMENT), chatwoot.lists.write(2, DELIVERY, source_id="WAID:3EB0")
    up(server, 2)
    answers = [
        server.post_chatwoot(message_payload(each["id"], each["conversation_id"], "x", source_id=each["source_id"]))
        for each in (late, whatsapp)
    ]
    came = chatwoot.lists.write(3, DELIVERY)
    server.post_chatwoot(message_payload(came["id"], 3, DELIVERY))
    looked_again(server)

    assert [each.json()["status"] for each in answers] == ["repeated", "repeated"]
    assert sorted(numbers_of(server)) == [late["id"], whatsapp["id"]]
    assert [texts(chatwoot, each) for each in (1, 2, 3)] == [[BY_PIX], [IN_3_DAYS], [IN_3_DAYS]]


def test_a_webhook_that_is_lost_while_it_runs_is_fetched_once_it_is_no_longer_on_its_way(
    make: Make, fake: tuple[FakeChatwoot, str]
) -> None:
    chatwoot, _url = fake
    server = in_use(make(), chatwoot).start()
    looked_again(server, 1)
    chatwoot.lists.write(1, PAYMENT, ago=0)
    looked_again(server)
    before = numbers_of(server)
    for each in chatwoot.messages[1]:
        each["created_at"] -= 16
    eventually(lambda: texts(chatwoot, 1))

    assert before == []
    assert len(numbers_of(server)) == 1


def test_more_than_a_page_of_conversations_and_of_messages_is_fetched_whole(
    make: Make, fake: tuple[FakeChatwoot, str]
) -> None:
    chatwoot, _url = fake
    server = in_use(make(ANSWER_MODE="off"), chatwoot)
    long = [chatwoot.lists.write(1, f"{each}", ago=50 * MINUTE - each * 10) for each in range(41)]
    others = [chatwoot.lists.write(each, "Oi", ago=each * 5) for each in range(2, 32)]
    up(server, 71)
    looked_again(server)
    pages = chatwoot.lists.pages

    assert sorted(numbers_of(server)) == [each["id"] for each in [*long, *others]]
    assert pages.count("conversations 2") >= 1
    assert f"1 before {long[1]['id']}" in pages


def test_what_was_there_before_the_account_was_first_seen_is_not_fetched(
    make: Make, fake: tuple[FakeChatwoot, str]
) -> None:
    chatwoot, _url = fake
    chatwoot.lists.write(1, PAYMENT)
    server = make().start()
    looked = eventually(lambda: healed(server))
    looked_again(server)

    assert [each["made"] for each in looked] == [0]
    assert server.events(signal=SIGNAL) == []


def test_what_retention_has_taken_away_is_not_brought_back(make: Make, fake: tuple[FakeChatwoot, str]) -> None:
    chatwoot, _url = fake
    server = in_use(make(RETENTION_DAYS="1"), chatwoot)
    set_back(server, days=40)
    chatwoot.lists.write(1, "Muito antiga", ago=26 * HOUR)
    chatwoot.lists.write(1, "Antiga", ago=5 * HOUR)
    up(server, 1)

    assert [body_of(server, each)["content"] for each in server.events(signal=SIGNAL) if each["reconciled"]] == [
        "Antiga"
    ]


def test_a_token_that_is_refused_and_a_chatwoot_that_is_down_are_said_and_asked_again(
    make: Make, fake: tuple[FakeChatwoot, str]
) -> None:
    chatwoot, _url = fake
    server = in_use(make(), chatwoot)
    kind = chatwoot.tokens.pop("user-token")
    chatwoot.lists.write(1, PAYMENT, ago=2 * MINUTE)
    server.start()
    refused = eventually(lambda: [each for each in healed(server) if each["problem"]])
    chatwoot.tokens["user-token"] = kind
    chatwoot.fault = lambda what, _: (503, False) if "account" in what else None
    down = eventually(lambda: [each for each in healed(server) if each["problem"] == "unreachable"])
    chatwoot.fault = lambda *_: None
    eventually(lambda: texts(chatwoot, 1), 30)

    assert (refused[0]["problem"], down[0]["made"]) == ("refused", 0)
    assert [(each["made"], each["problem"]) for each in healed(server)] == [(1, "")]


def test_a_conversation_that_cannot_be_read_keeps_no_other_back(make: Make, fake: tuple[FakeChatwoot, str]) -> None:
    chatwoot, _url = fake
    server = in_use(make(), chatwoot)
    chatwoot.lists.write(1, PAYMENT, ago=2 * MINUTE)
    chatwoot.lists.write(2, PAYMENT, ago=1 * MINUTE)
    chatwoot.faults[1] = lambda what, _: (404, False) if what == "list" else None
    up(server, 1)

    assert [texts(chatwoot, each) for each in (1, 2)] == [[], [BY_PIX]]
    assert healed(server)[0]["problem"] == ""


def test_two_accounts_do_not_mix(make: Make, fake: tuple[FakeChatwoot, str]) -> None:
    chatwoot, url = fake
    server = make()
    shop = {"base_url": f'"{url}"', "number": 2, "api_key": '"other-token"', "webhook_secret": '"other-secret"'}
    lines = "\n".join(f"{name} = {value}" for name, value in shop.items())
    (server.folder / "accounts.toml").write_text(f"[account.loja2]\n[[account.loja2.chatwoot]]\n{lines}\n")
    chatwoot.tokens["other-token"] = "user"
    in_use(server, chatwoot, accounts=2)
    chatwoot.lists.account_of[12] = 2
    chatwoot.lists.write(11, PAYMENT)
    chatwoot.lists.write(12, DELIVERY)
    up(server, 2)
    events = [each for each in server.events(signal=SIGNAL) if each["reconciled"]]

    assert sorted((each["account"], each["key"]) for each in events) == [
        ("account_1", "conversation:11"),
        ("loja2", "conversation:12"),
    ]
    assert sorted((each["account"], each["made"]) for each in healed(server)) == [("account_1", 1), ("loja2", 1)]


def test_nothing_is_asked_where_it_is_switched_off(make: Make, fake: tuple[FakeChatwoot, str]) -> None:
    chatwoot, _url = fake
    server = make(HEAL_EVERY_MINUTES="0").start()
    server.sync_rules(RULES)
    server.post_chatwoot(message_payload(next(numbers), 1, PAYMENT))
    eventually(lambda: texts(chatwoot, 1))

    assert healed(server) == []
    assert chatwoot.lists.pages == []
