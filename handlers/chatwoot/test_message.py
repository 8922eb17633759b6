"""What does a message say, in whichever form its version of Chatwoot, or a fork, sends it?"""

from typing import Any

import pytest

from clients.testing import message_payload
from handlers.chatwoot.gates import not_a_customers
from handlers.chatwoot.memory import Memory, written_by_person
from handlers.chatwoot.message import read_conversation, read_message, whole_number
from hubcrew.intent import intent_of


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param("<p>PARE</p>\n", "PARE", id="4.9 to 4.12"),
        pytest.param(
            "<p>Bom dia</p>\n<p>Aceita pix &amp; cart\u00e3o?</p>",
            "Bom dia\nAceita pix & cart\u00e3o?",
            id="paragraphs",
        ),
        pytest.param("<p>um<br />dois</p>", "um\ndois", id="a line's end"),
        pytest.param("o <p> do html some", "o <p> do html some", id="a customer who writes of tags"),
        pytest.param("<p>sem fim", "<p>sem fim", id="not whole"),
        pytest.param("a\\\nb", "a\nb", id="escaped newline"),
        pytest.param(None, "", id="nothing"),
    ],
)
def test_the_text_is_what_was_written(content: Any, text: str):
    assert read_message({"content": content}).text == text


def test_who_wants_no_more_is_heard_in_every_version():
    assert intent_of(read_message({"content": "<p>PARE</p>\n"}).text) == "stop"


@pytest.mark.parametrize(
    "payload",
    [
        {"account": {"id": 7}},
        {"account": None, "conversation": {"account": {"id": "7"}}},
        {"conversation": {"messages": [{"account_id": 7}]}},
    ],
)
def test_the_account_is_found_wherever_it_stands(payload: dict[str, Any]):
    assert read_message(payload).account_number == 7


@pytest.mark.parametrize(
    ("kind", "assignee"),
    [("User", "user"), ("AgentBot", "agent_bot"), ("Captain::Assistant", "agent_bot"), (None, "user")],
)
def test_only_a_user_is_a_person(kind: str | None, assignee: str):
    meta = {"assignee": {"id": 5, "name": "x"}, "assignee_type": kind}

    assert read_conversation({"id": 1, "meta": meta}).assignee == assignee


@pytest.mark.parametrize("of_group", ["sender", "contact"])
def test_a_group_is_known_by_either_identifier(of_group: str):
    payload = message_payload(1, 1, "oi")
    who = payload["sender"] if of_group == "sender" else payload["conversation"]["meta"]["sender"]
    who["identifier"] = "120363@g.us"
    other = payload["conversation"]["meta"]["sender"] if of_group == "sender" else payload["sender"]
    other["identifier"] = "5541999990000@s.whatsapp.net"

    assert not_a_customers(read_message(payload)) == "a WhatsApp group"


@pytest.mark.parametrize(("attributes", "is_person"), [({}, True), ({"campaign_id": 4}, False)])
def test_a_campaign_is_not_a_person_who_takes_over(attributes: dict[str, Any], is_person: bool):
    rui = {"id": 3, "name": "Rui", "type": "user"}
    message = message_payload(1, 1, "Oferta!", message_type="outgoing", sender=rui, additional_attributes=attributes)

    assert written_by_person(read_message(message), Memory()) is is_person


@pytest.mark.parametrize(
    ("given", "number"),
    [(7, 7), ("7", 7), (True, None), ("7a", None), ("\u0667", None), ("9" * 19, None), (7.0, None), (None, None)],
)
def test_a_number_may_come_as_a_text_and_a_yes_is_none(given: object, number: int | None):
    assert whole_number(given) == number
