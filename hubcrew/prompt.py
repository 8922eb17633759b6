"""What is a language model asked? The rules in one message, everything that others wrote in another, as data. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from clients.llm import Message
from hubcrew.grounding import asks_for_the_day
from hubcrew.masking import masked
from hubcrew.words import plain

PROMPTS = Path(__file__).parent / "prompts"
LANGUAGES = {"pt": "português do Brasil", "es": "espanhol", "en": "inglês"}
MOST_PASSAGES = 8
LONGEST_PASSAGE = 4000
LONGEST_QUESTION = 2000
MOST_BEFORE = 3

_RULES = (PROMPTS / "rules.md").read_text(encoding="utf-8")
_MANNER = dict(line.split(": ", 1) for line in (PROMPTS / "manner.md").read_text(encoding="utf-8").splitlines() if line)
_WEEKDAYS = ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo")
_ENDS = re.compile(r"[?!.…,;]+(?=\s|$)")


class Excerpt(NamedTuple):
    """A passage that the reply may be written from; the key names it, like `permanent:12`."""

    key: str
    name: str
    text: str


class Asked(NamedTuple):
    """What is asked, and all that the answer may be written from.

    `before` are this customer's earlier questions, the newest last; `manner` is how the shop wants its customers to be
    spoken to, as Odoo sent it; `today` is the shop's day; `language` is the answer's: "pt", "es" or "en".
    """

    account: str
    question: str
    before: Sequence[str]
    passages: Sequence[Excerpt]
    manner: Mapping[str, Any]
    today: date
    language: str


def fit_to_leave(asked: Asked) -> Asked:
    """What may leave the house: the customer's words masked, and everything within bounds."""
    return asked._replace(
        question=_sendable(asked.question),
        before=[_sendable(each) for each in asked.before[-MOST_BEFORE:]],
        passages=[each._replace(text=each.text[:LONGEST_PASSAGE]) for each in asked.passages[:MOST_PASSAGES]],
        language=asked.language if asked.language in LANGUAGES else "pt",
    )


def messages_of(asked: Asked) -> list[Message]:
    """The messages for the model. What customer and shop wrote stands in JSON, out of which no text can break."""
    manner = [_MANNER.get(f"{name} {asked.manner.get(name)}", "") for name in ("communication_style", "emoji_usage")]
    rules = _RULES.replace("{language}", LANGUAGES[asked.language]).replace("{manner}", " ".join(filter(None, manner)))
    data: dict[str, Any] = {
        "passages": [each._asdict() for each in asked.passages],
        "before": list(asked.before),
        "question": asked.question,
    }
    if asks_for_the_day(asked.question):
        data["today"] = f"{_WEEKDAYS[asked.today.weekday()]}, {asked.today:%d/%m/%Y}"
    return [
        {"role": "system", "content": rules},
        {"role": "user", "content": json.dumps(data, ensure_ascii=False)},
    ]


def digest_of(asked: Asked, model: str) -> str:
    """The same for what is asked of the same model in the same words, from the same passages, by the same rules."""
    alike = asked._replace(question=_alike(asked.question), before=[_alike(each) for each in asked.before])
    return hashlib.blake2b(json.dumps([model, messages_of(alike)]).encode(), digest_size=16).hexdigest()


def _sendable(text: str) -> str:
    return masked(text[: 10 * LONGEST_QUESTION])[:LONGEST_QUESTION]  # masked first: a number cut in two is not seen


def _alike(question: str) -> str:
    """Without what does not tell two questions apart: capitals, accents, blanks, the marks at the end of words."""
    return " ".join(_ENDS.sub("", plain(question)).split())
