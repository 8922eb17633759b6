"""What has a shop to write down or to correct? Read from what hand-overs and answers recorded, and from a label."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

from clients.testing import message_payload
from hubcrew.lessons import Unanswered, corrections, listed, unanswered
from tests.rig import ROOT, RULES, Server, eventually


def record(event: str, at: int, question: str, reason: str = "not known", nearest: str = "") -> dict[str, Any]:
    found = [{"name": nearest}] if nearest else []
    return {"event": event, "at": at, "key": "conversation:1", "question": question, "reason": reason, "nearest": found}


def test_what_is_asked_in_other_words_is_one_question_and_the_most_frequent_comes_first():
    records = [
        record("4", 400, "Fazem tatuagem?"),
        record("3", 300, "Tem estacionamento?", nearest="Endereço"),
        record("2", 200, "Quero falar com alguém", "person"),
        record("1", 100, "vocês têm ESTACIONAMENTO", "outside"),
        record("0", 50, ""),
    ]

    assert unanswered(records) == [
        Unanswered("Tem estacionamento?", 2, 300, "3", "not known", "Endereço"),
        Unanswered("Fazem tatuagem?", 1, 400, "4", "not known", ""),
    ]


def test_a_conversation_comes_onto_the_list_and_leaves_it():
    once = listed(None, "conversation:1", 5.0)

    assert once == {"conversation:1": 5.0}
    assert listed(once, "conversation:2", 6.0) == {"conversation:1": 5.0, "conversation:2": 6.0}
    assert listed(once, "conversation:1", None) == {}
    assert len(listed({f"conversation:{n}": 1.0 for n in range(500)}, "new", 2.0)) == 200


def test_a_correction_tells_what_was_asked_and_said_where_that_is_still_kept():
    said = {"event": "1", "question": "Aceita pix?", "text": "Aceitamos.", "rules": [{"name": "Pix"}]}
    newest, oldest = corrections({"conversation:1": 1.0, "conversation:2": 2.0}, [said, None])

    assert (newest["conversation"], newest["answer"]) == ("conversation:2", None)
    assert (oldest["question"], oldest["answer"], oldest["rules"]) == ("Aceita pix?", "Aceitamos.", ["Pix"])


def told(server: Server, path: str) -> list[dict[str, Any]]:
    return list(server.admin(path)["items"])


def test_the_weeks_questions_and_the_answers_marked_as_wrong_are_listed(start_server: Callable[..., Server]):
    server = start_server()
    server.sync_rules(RULES)
    server.post_chatwoot(message_payload(1, 71, "Vocês fazem tatuagem de dragão?"))
    server.post_chatwoot(message_payload(2, 72, "Quais as formas de pagamento?"))
    eventually(lambda: server.is_quiet() and told(server, "unanswered"))
    inside = message_payload(3, 72, "")["conversation"]
    marked = {**inside, "event": "conversation_updated", "account": {"id": 1}, "labels": ["bot-errado"]}
    server.post_chatwoot(marked)
    (wrong,) = eventually(lambda: told(server, "wrong"))
    shown = subprocess.run(
        [sys.executable, "-m", "scripts.unanswered"], env=server.environment, cwd=ROOT, capture_output=True,
        encoding="utf-8", check=True,
    ).stdout  # fmt: skip
    server.post_chatwoot({**marked, "labels": []})

    assert [(each["question"], each["times"]) for each in told(server, "unanswered")] == [
        ("Vocês fazem tatuagem de dragão?", 1)
    ]
    assert (wrong["question"], wrong["rules"]) == ("Quais as formas de pagamento?", ["Formas de pagamento"])
    assert "tatuagem de dragão" in shown
    assert wrong["answer"] in shown
    eventually(lambda: told(server, "wrong") == [])
