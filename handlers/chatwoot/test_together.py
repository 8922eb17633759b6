"""Which of a customer's messages does one reply answer? A table for every rule."""

from typing import Any

import pytest

from handlers.chatwoot.memory import Memory
from handlers.chatwoot.message import Message, read_message
from handlers.chatwoot.together import Own, is_courtesy, join, open_with, overtaken
from hubcrew import Answer, HandOver
from hubcrew.answer import Used

UNKNOWN = HandOver("not known")


def message(number: int | None, text: str, **changes: Any) -> Message:
    return read_message({"id": number, "content": text, "message_type": "incoming", "private": False, **changes})


def by(*rules: str) -> Answer:
    return Answer(" ".join(rules), [Used("rule", rule, rule, 1.0) for rule in rules])


PIX, DAYS, BOTH = by("pix"), by("days"), by("pix", "days")


@pytest.mark.parametrize(
    ("asked", "answer", "answers"),
    [
        pytest.param([("Aceita Pix?", PIX)], PIX, [1], id="one question"),
        pytest.param([("Tatuagem?", UNKNOWN)], UNKNOWN, [1], id="one that nobody knows"),
        pytest.param([("Bom dia!", UNKNOWN)], UNKNOWN, [1], id="a greeting, and nothing else"),
        pytest.param([("Aceita Pix?", PIX), ("Qual o prazo?", DAYS)], PIX, [1], id="two subjects"),
        pytest.param([("Aceita Pix?", PIX), ("Tatuagem?", UNKNOWN)], PIX, [1], id="the second is not known"),
        pytest.param([("Tatuagem?", UNKNOWN), ("Aceita Pix?", PIX)], UNKNOWN, [1], id="the first is not known"),
        pytest.param([("Aceita Pix?", PIX), ("Pix serve?", PIX)], PIX, [1, 2], id="the same rule twice"),
        pytest.param([("Pix e prazo?", BOTH), ("Aceita Pix?", PIX)], BOTH, [1, 2], id="the answer holds the second's"),
        pytest.param([("Aceita Pix?", PIX), ("Pix e prazo?", BOTH)], PIX, [1], id="the second asks for more"),
        pytest.param([("Bom dia!", UNKNOWN), ("Aceita Pix?", PIX)], PIX, [1, 2], id="a greeting before"),
        pytest.param([("Quais as", UNKNOWN), ("formas?", PIX)], PIX, [1, 2], id="a beginning without a subject"),
        pytest.param(
            [("Bom dia!", UNKNOWN), ("Tatuagem?", UNKNOWN)], UNKNOWN, [1], id="a greeting before what is not known"
        ),
        pytest.param([("Aceita Pix?", PIX), ("Obrigada 😊", UNKNOWN)], PIX, [1, 2], id="thanks after"),
        pytest.param([("Aceita Pix?", PIX), ("Quanto é?", UNKNOWN)], PIX, [1], id="a question without a subject after"),
        pytest.param(
            [("Aceita Pix?", PIX), ("Qual o prazo?", DAYS), ("Pix?", PIX), ("Ok", UNKNOWN)],
            PIX,
            [1, 3, 4],
            id="another subject in between",
        ),
    ],
)
def test_what_one_reply_answers(
    asked: list[tuple[str, Answer | HandOver]], answer: Answer | HandOver, answers: list[int]
):
    joint = join([Own(message(number, text), own) for number, (text, own) in enumerate(asked, 1)])

    assert joint.answer == answer
    assert joint.answers == answers


@pytest.mark.parametrize(
    ("later", "memory", "together"),
    [
        pytest.param(message(2, "de pagamento?"), Memory(), [1, 2], id="a customer's"),
        pytest.param(message(2, ""), Memory(), [1], id="a photo"),
        pytest.param(message(2, "de pagamento?"), Memory(answered=[2]), [1], id="one that was answered"),
        pytest.param(message(2, "de pagamento?"), Memory(deleted=[2]), [1], id="one that was deleted"),
        pytest.param(message(None, "de pagamento?"), Memory(), [1], id="one that has no number"),
        pytest.param(message(2, "Oi", message_type="outgoing"), Memory(), [1], id="a person's"),
        pytest.param(message(2, "Oi", private=True), Memory(), [1], id="a note"),
    ],
)
def test_what_still_waits_for_an_answer(later: Message, memory: Memory, together: list[int]):
    assert [each.id for each in open_with(message(1, "Quais as formas"), [later], memory)] == together


@pytest.mark.parametrize(
    ("text", "answered", "is_overtaken"),
    [("Bom dia!", [2], True), ("Bom dia!", [], False), ("Bom dia!", [9], False), ("Aceita Pix?", [2], False)],
    ids=["its question was answered", "nothing was", "something before was", "it has a subject of its own"],
)
def test_what_was_overtaken(text: str, answered: list[int], is_overtaken: bool):
    assert overtaken(message(1, text), [message(2, "Qual o prazo?")], Memory(answered=answered)) is is_overtaken


@pytest.mark.parametrize(
    ("text", "courtesy"),
    [
        ("Obrigada!", True), ("obrigado, até logo", True), ("Olá, boa tarde", True), ("👍", True), ("...", True),
        ("Ok, tá certo", True), ("?", False), ("Tudo bem?", False), ("Não", False), ("1", False), ("Quanto é", False),
        ("Obrigado, e o frete?", False), ("Quero reclamar", False),
    ],
)  # fmt: skip
def test_what_is_mere_courtesy(text: str, courtesy: bool):
    assert is_courtesy(text) is courtesy
