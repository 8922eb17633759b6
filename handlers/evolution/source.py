"""What does Evolution API's own webhook send, is it really from there, and whose WhatsApp is it?"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from gettext import gettext as _
from typing import Any

import msgspec

from clients.phone import e164, spellings
from relay import Incoming, Named, PerAccount, Source, field, settings, source, webhook
from relay.authenticate import AnyOf, ApiKey, BearerToken, UrlToken
from relay.describe import scrubber

PATHS = ("/webhook/evolution", "/webhook/evolution/{account}", "/webhook/evolution/{account}/{event}")
# `apikey` stands in every body: with it the whole instance can be used.
SECRETS = ("apikey", "token", "accessToken")
# Whoever has these while they hold pairs a telephone of his own; `base64` is elsewhere a message's picture.
PAIRING = (*SECRETS, "base64", "code", "pairingCode")
# A message's own number; in `messages.update` it is named apart, and comes once per status.
NEW_MESSAGES = ("messages_upsert", "send_message")
_BEHIND = re.compile(r"/[a-z]+(?:-[a-z]+)*$")


@settings("evolution")
class Evolution(msgspec.Struct, frozen=True):
    """`secret` is what the webhook's headers or address bring; `instance` names the account's instances (none: all)."""

    secret: tuple[str, ...] = ()
    instance: tuple[str, ...] = ()


class _Skim(msgspec.Struct):
    event: Any = None
    instance: Any = None


_decoder = msgspec.json.Decoder(_Skim)


@dataclass(frozen=True)
class _TokenBeforeEvent(UrlToken):
    """With `byEvents` Evolution writes the event behind the whole address: `?token=…/messages-upsert`."""

    def __call__(self, incoming: Incoming) -> tuple[str, ...]:
        return super().__call__(incoming._replace(query=_BEHIND.sub("", incoming.query)))


@source
def evolution(own: PerAccount[Evolution]) -> Source:
    """`evolution.messages_upsert`, `evolution.connection_update`, …: one name, however Evolution spells it."""
    secrets = own.each("secret")
    plain = webhook(
        "evolution",
        title="Evolution API",
        steps=_("The instance's webhook: the secret in its headers (Authorization: Bearer …), and this address:"),
        authenticate=AnyOf([BearerToken(secrets), ApiKey(secrets), UrlToken(secrets), _TokenBeforeEvent(secrets)]),
        signal=event_name,
        key=key,
        repeat_id=repeat_id,
        paths=PATHS,
    )
    return replace(plain, describe=partial(describe, own, plain), scrub=scrub)


def describe(own: PerAccount[Evolution], plain: Source, incoming: Incoming) -> Named:
    """As usual, once the instance has said whose it is and the address has lost the event's name."""
    try:
        skim = _decoder.decode(incoming.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        skim = _Skim()  # refused below, with the place of the mistake
    sender = owners(own, incoming.sender or (), skim.instance)
    behind = f"/{_spelled(skim.event).replace('_', '-')}"
    return plain.describe(incoming._replace(path=incoming.path.removesuffix(behind), sender=sender))


def owners(own: PerAccount[Evolution], accounts: Sequence[str], instance: Any) -> tuple[str, ...]:
    """Of the accounts that a secret speaks for, those that have the instance; else those that name none."""
    naming = [each for each in accounts if instance in own.of(each).instance]
    return tuple(naming or [each for each in accounts if not own.of(each).instance])


def event_name(_incoming: Incoming, payload: Any) -> str | None:
    """`messages.upsert`, `MESSAGES_UPSERT` and `messages-upsert` are one event."""
    return _spelled(payload.get("event")) or None if isinstance(payload, dict) else None


def _spelled(event: Any) -> str:
    return re.sub("[.-]", "_", event).lower() if isinstance(event, str) else ""


def key(incoming: Incoming, payload: Any) -> str | None:
    """Whom it is about: the WhatsApp address, a Brazilian mobile's always with its ninth digit."""
    said = [field(path)(incoming, payload) for path in ("data.key.remoteJid", "data.remoteJid", "data.id")]
    address = next((each for each in said if each and "@" in each), None)
    if address is not None and address.endswith("@lid"):  # WhatsApp hides the number; Evolution may know it
        known = [field(f"data.key.{name}")(incoming, payload) for name in ("remoteJidAlt", "senderPn")]
        address = next((each for each in known if each), address)
    return address and one_spelling(address)


def one_spelling(address: str) -> str:
    """An address without the device's number, and with the ninth digit where there may be one."""
    number, at, server = address.partition("@")
    number = number.partition(":")[0]
    whole = e164(f"+{number}") if server == "s.whatsapp.net" else None
    return (max(spellings(whole), key=len).removeprefix("+") if whole else number) + at + server


def repeat_id(incoming: Incoming, payload: Any) -> str | None:
    """A message's id within its instance; of what has none, the body: it holds when it was sent."""
    event = event_name(incoming, payload)
    instance, number = field("instance")(incoming, payload), field("data.key.id")(incoming, payload)
    if number and event in NEW_MESSAGES:
        return f"{instance}:{event}:{number}"
    return hashlib.sha256(incoming.body).hexdigest() if payload.get("date_time") else None


def scrub(body: bytes, named: Named) -> bytes:
    """The body without keys; without what pairs a telephone, where that is what it tells."""
    is_pairing = named.name in ("evolution.qrcode_updated", "evolution.connection_update")
    return (_without_pairing if is_pairing else _without_secrets)(body, named)


_without_secrets, _without_pairing = scrubber(SECRETS), scrubber(PAIRING)
