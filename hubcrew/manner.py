"""How does a shop speak to its customers? Its style, its emojis, its greeting, and what a channel can carry. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hubcrew.tongue import said as _

# WhatsApp takes no longer message; other channels take more, and nobody reads so much.
MOST_CHARACTERS = 4096
MOST_OFFERS = 3
_WARM = frozenset({"casual", "friendly"})
_EMOJI = re.compile(
    " *[\u231a-\u23ff\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001faff][\ufe0f\u200d\U0001f3fb-\U0001f3ff]*"
)
_SENTENCE_END = re.compile(r"[.!?…](?=\s)|\n")
_RULER = re.compile(r"[|:\s-]+")


class Manner(NamedTuple):
    """What a shop's system says of its manner: unknown words mean nothing. `mentions` are lines for a goodbye."""

    style: str = ""  # formal, casual, friendly, technical
    emojis: str = ""  # none, moderate, frequent
    greeting: str = ""
    offers_first: bool = False
    mentions: tuple[str, ...] = ()


def read_manner(service: Mapping[str, Any], contact: Mapping[str, Any]) -> Manner:
    """The manner, from what Odoo's modules call customer service and social media."""
    mentions = (
        ("website", "website", ""),
        ("instagram", "instagram_url", "Instagram: "),
        ("facebook", "facebook_url", "Facebook: "),
    )
    return Manner(
        style=_word(service.get("communication_style")),
        emojis=_word(service.get("emoji_usage")),
        greeting=_word(service.get("greeting_message")),
        offers_first=service.get("inform_promotions_at_start") is True,
        mentions=tuple(
            f"{title}{address}"
            for name, field, title in mentions
            if contact.get(f"show_{name}") is True and (address := _word(contact.get(field)))
        ),
    )


def _word(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def courtesy(kind: str, manner: Manner, offers: Sequence[str] = ()) -> str:
    """What is said to a greeting, to thanks, to a goodbye; `offers` are what is on offer today, by their names."""
    if kind == "greeting":
        first = manner.greeting or _with_emoji(_greeting(manner), "😊", manner)
        told = _("On offer today: {offers}.").format(offers="; ".join(offers[:MOST_OFFERS])) if offers else ""
        return "\n\n".join(filter(None, [first, told]))
    text = _thanks(manner) if kind == "thanks" else _goodbye(manner)
    mentions = manner.mentions if kind == "goodbye" else ()
    return "\n".join([_with_emoji(text, "👋" if kind == "goodbye" else "😊", manner), *mentions])


def _greeting(manner: Manner) -> str:
    if manner.style == "formal":
        return _("Good day! How may we be of help?")
    return _("Hi! What can I do for you?") if manner.style in _WARM else _("Hello! How can I help you?")


def _thanks(manner: Manner) -> str:
    if manner.style == "formal":
        return _("It is our pleasure. We remain at your disposal.")
    return _("You are welcome! If you need anything else, just write.")


def _goodbye(manner: Manner) -> str:
    if manner.style == "formal":
        return _("Goodbye. We remain at your disposal.")
    return _("Goodbye! If you need anything else, just write.")


def passing_on(manner: Manner, when: str = "", *, in_danger: bool = False) -> str:
    """What the customer is told when a person takes over; `when` says when somebody will be there, if nobody is."""
    if when:
        told = _("I will pass this on to our team, who will answer you here. {when}").format(when=when)
    elif manner.style == "formal":
        told = _("One moment, please: our team will attend to you here.")
    else:
        told = _("One moment, please: somebody from our team will answer you here.")
    if not in_danger:
        return told
    return _("If this is an emergency, please call 192 (ambulance) or 193 (fire brigade) now.") + "\n" + told


def _with_emoji(text: str, emoji: str, manner: Manner) -> str:
    """An emoji where the shop uses them: always, or in a warm style now and then."""
    wanted = manner.emojis == "frequent" or (manner.emojis == "moderate" and manner.style in _WARM)
    return f"{text} {emoji}" if wanted else text


def dressed(text: str, manner: Manner) -> str:
    """A text as this shop's customers get it: without emojis where it wants none, without tables, not too long."""
    plain = "\n".join(_without_columns(line) for line in text.split("\n") if not _is_ruler(line))
    return _shortened(_EMOJI.sub("", plain).strip() if manner.emojis == "none" else plain)


def _is_ruler(line: str) -> bool:
    """Whether a line only parts a Markdown table's head from its rows."""
    return "|" in line and "-" in line and _RULER.fullmatch(line) is not None


def _without_columns(line: str) -> str:
    """A Markdown table's row as one line: no messenger shows columns."""
    stripped = line.strip()
    if not (stripped.startswith("|") and stripped.endswith("|") and len(stripped) > 1):
        return line
    return " · ".join(filter(None, (cell.strip() for cell in stripped.strip("|").split("|"))))


def _shortened(text: str) -> str:
    """No more than a message holds, cut at the end of a sentence."""
    if len(text) <= MOST_CHARACTERS:
        return text
    head = text[: MOST_CHARACTERS - 2]
    ends = [found.end() for found in _SENTENCE_END.finditer(head) if found.end() > MOST_CHARACTERS // 2]
    return f"{head[: ends[-1]].rstrip() if ends else head.rsplit(' ', 1)[0]} …"
