"""Talking as a customer: by the real way in, answered by the real handlers, and nothing of it leaves."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rig import RULES, Server, eventually, fake_chatwoot
from tests.rig_pages import ACCOUNTS, Visitor

HOSTILE = "quero <script>alert(1)</script> {{ 7 * 7 }}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("playground")
    (folder / "accounts.toml").write_text(ACCOUNTS)
    server = Server(folder, ANSWER_QUIET_SECONDS="8").start()
    server.sync_rules(RULES)
    yield server
    server.stop()


def say(server: Server, text: str, **more: Any) -> dict[str, Any]:
    """Write, and the conversation once the server has done with it."""
    answer = server.http.post("/admin/api/playground", json={"text": text, **more}).raise_for_status().json()
    return settled(server, answer["conversation"])


def settled(server: Server, number: str) -> dict[str, Any]:
    def look() -> Any:
        found = server.admin(f"playground/{number}")
        return found if not found["thinking"] else None

    return dict(eventually(look))


def kinds(talk: dict[str, Any]) -> list[str]:
    return [each["kind"] for each in talk["items"]]


def test_a_message_is_answered_from_the_real_rules_with_the_reasons(server: Server) -> None:
    talk = say(server, "quais as formas de pagamento?")
    reply = talk["items"][1]
    event = server.admin(f"events/{reply['event']}")

    assert kinds(talk) == ["customer", "reply"]
    assert reply["text"] == RULES[0]["description"]
    assert reply["rules"][0]["name"] == "Formas de pagamento"
    assert 0.6 <= reply["rules"][0]["chance"] <= 1
    assert reply["milliseconds"] >= 0
    assert (event["test"], event["account"], event["status"]) == (True, "account_1", "done")


def test_a_conversation_goes_on_is_handed_over_and_is_the_bots_again(server: Server) -> None:
    talk = say(server, "quero falar com um atendente")
    number = talk["conversation"]
    assert kinds(talk) == ["customer", "status", "note", "reply", "label"]
    assert (talk["status"], talk["items"][2]["reason"]) == ("open", "person")
    talk = say(server, "qual o prazo de entrega?", conversation=number)
    assert kinds(talk)[5:] == ["customer", "conclusion"]
    talk = say(server, "qual o prazo de entrega?", conversation=number, status="pending")

    assert kinds(talk)[7:] == ["status", "customer", "reply"]
    assert talk["items"][-1]["text"] == RULES[1]["description"]


def test_on_demand_it_is_answered_from_what_tests_have_synchronised_alone(server: Server) -> None:
    nothing = say(server, "quais as formas de pagamento?", knowledge="test")
    server.sync_rules([{**RULES[0], "description": "Só fiado."}], **{"X-Event-Test": "true"})
    answered = say(server, "quais as formas de pagamento?", knowledge="test")
    real = say(server, "quais as formas de pagamento?")

    assert "note" in kinds(nothing)
    assert answered["items"][1]["text"] == "Só fiado."
    assert real["items"][1]["text"] == RULES[0]["description"]


def test_accounts_never_mix(server: Server) -> None:
    talk = say(server, "quais as formas de pagamento?", account="lojinha")
    body = {"text": "oi", "conversation": talk["conversation"], "account": "account_1"}
    refused = server.http.post("/admin/api/playground", json=body)

    assert server.admin(f"events/{talk['items'][0]['event']}")["account"] == "lojinha"
    assert "note" in kinds(talk)
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "oi", "status": "asleep"}, 422),
        ({"text": "oi", "knowledge": "none"}, 422),
        ({"text": "oi", "conversation": "12"}, 404),
        ({"text": "oi", "account": "nobody"}, 404),
    ],
    ids=["empty", "status", "knowledge", "conversation", "account"],
)
def test_what_cannot_be_is_refused(server: Server, body: dict[str, str], status: int) -> None:
    assert server.http.post("/admin/api/playground", json=body).status_code == status


def test_a_conversation_does_not_grow_without_end(server: Server) -> None:
    first = server.http.post("/admin/api/playground", json={"text": "oi"}).raise_for_status().json()["conversation"]
    on = {"text": "oi", "conversation": first}
    answers = [server.http.post("/admin/api/playground", json=on).status_code for _ in range(101)]

    assert answers[0] == 200
    assert answers[-1] == 422


def test_of_many_conversations_the_newest_are_kept(server: Server) -> None:
    begun = [server.http.post("/admin/api/playground", json={"text": "oi"}).json()["conversation"] for _ in range(51)]

    assert server.http.get(f"/admin/api/playground/{begun[0]}").status_code == 404
    assert server.http.get(f"/admin/api/playground/{begun[1]}").status_code == 200


def test_the_page_shows_the_chat_and_hostile_text_as_text(server: Server) -> None:
    with Visitor(server) as visitor:
        assert 'id="text"' in visitor.see("playground")
        sent = visitor.act("playground", text=HOSTILE, status="pending", knowledge="real", account="account_1")
        number = sent.url.params["conversation"]
        settled(server, number)
        page = visitor.see("playground", conversation=number)
        visitor.act("playground", text="quais as formas de pagamento?", conversation=number, status="pending")
    talk = settled(server, number)

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert 'class="line note"' in page
    assert talk["items"][-1]["text"] == RULES[0]["description"]


def test_nothing_leaves_for_chatwoot_and_real_conversations_know_nothing_of_it(
    start_server: Callable[..., Server],
) -> None:
    with fake_chatwoot() as (chatwoot, url):
        server = start_server(CHATWOOT_BASE_URL=url, CHATWOOT_API_KEY="user-token")
        server.sync_rules(RULES)
        talk = say(server, "quais as formas de pagamento?")
        say(server, "vocês consertam violino?", conversation=talk["conversation"])

        assert chatwoot.asked == []
        assert server.admin("unanswered")["items"] == []
