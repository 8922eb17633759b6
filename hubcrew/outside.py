"""What does a crew say that runs in a process of its own? It is handed what we found, and answers in our place."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from loguru import logger

from clients import Failed
from hubcrew.crews import Crew
from hubcrew.prompt import Asked, fit_to_leave
from hubcrew.writer import NotWritten, Written

LONGEST_REASON = 300
# Asks an address with a key: what the crew's process says.
AskAt = Callable[[str, str, Any], Awaitable[Any]]


class _Said(msgspec.Struct):
    """A crew's answer: a text and the keys of what it rests on, or why a person must answer."""

    answer: str = ""
    sources: list[str] = []
    hand_over: str = ""


async def asked_outside(ask: AskAt, crew: Crew, asked: Asked) -> Written | NotWritten:
    """What the crew's process says; what names a person is masked before it leaves, as for a language model."""
    masked = fit_to_leave(asked)
    question = {
        "account": asked.account,
        "crew": crew.name,
        "question": masked.question,
        "before": list(masked.before),
        "language": masked.language,
        "today": asked.today.isoformat(),
        "manner": dict(asked.manner),
        "found": [each._asdict() for each in masked.passages],
    }
    try:
        said = msgspec.convert(await ask(crew.address, crew.key, question), _Said)
    except (Failed, msgspec.ValidationError) as error:
        return _failed(asked.account, crew.name, error)
    if said.answer.strip():
        return Written(said.answer.strip(), tuple(said.sources))
    if said.hand_over.strip():
        return NotWritten("handed over", said.hand_over.strip()[:LONGEST_REASON])
    return _failed(asked.account, crew.name, "neither answer nor hand_over")


def _failed(account: str, crew: str, why: object) -> NotWritten:
    logger.bind(component="hub").warning("{}: the crew {} did not answer: {}", account, crew, why)
    return NotWritten(f"failed: {why}")
