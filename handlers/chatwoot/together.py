"""Which of a customer's messages does one reply answer? Pure rules: what asks for something else is left to itself."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handlers.chatwoot.gates import not_a_customers
from handlers.chatwoot.memory import Memory
from handlers.chatwoot.message import Message
from hubcrew import Answer, HandOver
from hubcrew.words import plain, words

# Words that say something in a question that goes on from another.
MOST_FOLLOWING = 4
_WORD = re.compile(r"[^\W_]+")
# What people say around a question, without accents. No "não": it may answer something.
_COURTESY = frozenset(
    """
    oi ola hey hello bom boa dia tarde noite obrigado obrigada brigado brigada obg valeu vlw grato grata agradeco
    muito por favor pf pfv ok okay certo beleza blz ta bem tudo perfeito otimo show entendi gente pessoal tchau ate
    logo mais desde ja thanks thank you please
    """.split()
)


class Own(NamedTuple):
    """A message, and what answers it by itself."""

    message: Message
    answer: Answer | HandOver


class Joint(NamedTuple):
    """What is said, or that a person must, and the messages that it answers."""

    answer: Answer | HandOver
    answers: list[int]


def open_with(message: Message, later: Iterable[Message], memory: Memory) -> list[Message]:
    """The message, and what the customer has written since that nobody has dealt with.

    Never one without text: what a photo asks for, a person must see.
    """
    settled = {None, *memory.answered, *memory.deleted}
    return [
        message,
        *(each for each in later if each.text and each.id not in settled and not_a_customers(each) is None),
    ]


def overtaken(message: Message, later: Iterable[Message], memory: Memory) -> bool:
    """Whether it has no subject of its own, and what was written after it was answered first."""
    return not words(message.text) and any(each.id in memory.answered for each in later)


def join(asked: Sequence[Own]) -> Joint:
    """One reply to the first of these messages, and to those that it answers as well.

    What comes before the first subject ("Bom dia!", "Quais as") belongs to it; what comes after belongs to it if it
    is mere courtesy, or if the same rules answer it by itself. Danger goes before everything, wherever it stands.
    """
    danger = next((each for each in asked if is_danger(each.answer)), None)
    if danger is not None:
        return Joint(danger.answer, _ids([asked[0].message]))
    first = next((place for place, each in enumerate(asked) if words(each.message.text)), 0)
    answer = asked[first].answer
    if isinstance(answer, HandOver):
        return Joint(answer, _ids([asked[0].message]))
    said = _rules(answer)
    after = [
        each.message
        for each in asked[first + 1 :]
        if is_courtesy(each.message.text) or (isinstance(each.answer, Answer) and _rules(each.answer) <= said)
    ]
    return Joint(answer, _ids([*(each.message for each in asked[: first + 1]), *after]))


def as_one(asked: Sequence[Own], answer: Answer) -> Joint:
    """One answer to all as one question: to what nothing answers by itself, and to what the same rules answer."""
    said = _rules(answer)
    own = [
        each
        for each in asked
        if is_unknown(each.answer) or (isinstance(each.answer, Answer) and _rules(each.answer) <= said)
    ]
    return Joint(answer, _ids([each.message for each in own]))


def is_danger(answer: Answer | HandOver) -> bool:
    """Whether somebody's health or safety is at stake."""
    return isinstance(answer, HandOver) and answer.reason == "danger"


def is_unknown(answer: Answer | HandOver) -> bool:
    """Whether nothing is known that answers it; what a person must see for another reason is not meant."""
    return isinstance(answer, HandOver) and answer.reason == "not known"


def follows_up(text: str) -> bool:
    """Whether a message may go on from the question before it: "e no sábado?", "e pra Londrina"."""
    said = plain(text).split()
    return bool(said) and said[0] in ("e", "and", "y") and len(words(text)) <= MOST_FOLLOWING


def is_courtesy(text: str) -> bool:
    """Whether a text asks for nothing: a greeting, thanks, an emoji."""
    return "?" not in text and all(plain(word) in _COURTESY for word in _WORD.findall(text))


def _rules(answer: Answer) -> set[tuple[str, str, str]]:
    return {(each.kind, each.id, each.name) for each in answer.rules}


def _ids(messages: Iterable[Message]) -> list[int]:
    return [each.id for each in messages if each.id is not None]
