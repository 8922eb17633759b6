"""Who vouches for a request that came by a proxy of ours? It was verified there, when it came: here its word counts.

The proxy is this same server with another setting. It keeps an event, then hands it on with the word of what it has
found out, signed with a key that both have: so nobody's signature is too old after a night, and no secret is sent.
"""

import string
from collections.abc import Mapping, Sequence
from gettext import gettext as _
from typing import Annotated
from urllib.parse import quote

import msgspec
from msgspec import Meta

from relay.authenticate import TOLERANCE_SECONDS, check_age, refused
from relay.event import Event, Incoming, now_ms
from relay.source import Refused, any_same, hmac_sha256

WORD, SIGNATURE = "x-vouched", "x-vouched-signature"
# Noted with an event that is to be handed on: for whom its sender may speak, and how it was sent.
ACCOUNTS, METHOD = "x-vouched-accounts", "x-vouched-method"
# The proxies that a request has come through: one that is given its own again would take it for a repeat, and lose it.
BY = "x-handed-on-by"
_OURS = frozenset({WORD, SIGNATURE, ACCOUNTS, METHOD})
# Of what may stand in a query, a client sends this as it is.
_AS_IT_IS = "".join(set(string.punctuation) - set('"<>#'))


class Word(msgspec.Struct, frozen=True):
    """What a proxy says of a request: the event that it made of it, when it came (epoch ms), and from whom.

    `accounts` are those for which the sender may speak, `said` is when this was said, in epoch seconds.
    """

    event: Annotated[str, Meta(pattern=r"^[0-7][0-9a-f]{15}\Z")]
    received: Annotated[int, Meta(gt=0, lt=2**62)]
    source: str
    accounts: tuple[str, ...]
    said: int


_decoder = msgspec.json.Decoder(Word)


def noted(incoming: Incoming, accounts: Sequence[str], here: str) -> Incoming:
    """The request as a proxy keeps it: with whom its sender may speak for, and where it came from.

    Raises `Refused` (421) for one that this server, by the name `here`, has handed on itself.
    """
    if here in incoming.headers.get(BY, ""):
        text = _("It came back: FORWARD_URL leads to this server itself.")
        raise Refused(421, "it was handed on by this server itself", text)
    before = incoming.headers.get("x-forwarded-for", "")
    came_from = ", ".join(filter(None, (before, incoming.address)))
    kept = {**without_word(incoming.headers), "x-forwarded-for": came_from}
    return incoming._replace(headers={**kept, ACCOUNTS: ",".join(accounts), METHOD: incoming.method})


def without_word(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers without anything that a proxy, or somebody who is none, says of the request."""
    return {name: value for name, value in headers.items() if name not in _OURS}


def vouch(key: str, event: Event, here: str) -> dict[str, str]:
    """The headers by which a proxy vouches for an event that it hands on; without a key only that it does."""
    by = {BY: ", ".join(filter(None, (event.headers.get(BY, ""), here)))}
    if not key:
        return by
    accounts = tuple(filter(None, event.headers.get(ACCOUNTS, "").split(",")))
    word = Word(event.id, event.received, event.source, accounts, now_ms() // 1000)
    said = msgspec.json.encode(word).decode()
    address = address_of(event.path, event.query)
    signature = hmac_sha256(key, _signed(method_of(event), address, said, event.body))
    return {WORD: said, SIGNATURE: f"sha256={signature}", **by}


def method_of(event: Event) -> str:
    """How an event that is handed on was sent."""
    return event.headers.get(METHOD, "POST")


def word_of(keys: Sequence[str], incoming: Incoming) -> Word | None:
    """What a proxy of ours says of a request; None where nobody vouches for it.

    Raises `Refused` (401) where the word is not one of ours, or too old to be sent again.
    """
    if not keys or WORD not in incoming.headers:
        return None
    said, given = incoming.headers[WORD], incoming.headers.get(SIGNATURE, "")
    signed = _signed(incoming.method, address_of(incoming.path, incoming.query), said, incoming.body)
    if not any_same([given], [f"sha256={hmac_sha256(key, signed)}" for key in keys]):
        raise refused("a proxy vouches for it with another FORWARD_SIGNING_KEY")
    try:
        word = _decoder.decode(said)
    except msgspec.MsgspecError as error:
        raise Refused(400, f"a proxy's word cannot be read: {error}", _("The proxy is of another version.")) from error
    check_age(str(word.said), incoming.received, TOLERANCE_SECONDS)
    return word


def address_of(path: str, query: str) -> str:
    """The address of a request as it is handed on: written so that no client on the way writes it otherwise."""
    escaped = quote(path).replace("/.", "/%2E")  # "/.." would be resolved
    return f"{escaped}?{quote(query, safe=_AS_IT_IS, encoding='latin-1')}" if query else escaped


def _signed(method: str, address: str, said: str, body: bytes) -> bytes:
    return f"{method} {address}\n{said}\n".encode() + body
