"""What does Chatwoot send, is it really from there, and whose is it?"""

import functools
import re
from collections.abc import Collection
from functools import partial
from gettext import gettext as _
from typing import Any
from urllib.parse import parse_qs

import msgspec

from clients.echoes import MARKER, OF_STATUS, Writes, own_mark, place_in
from config.accounts import Account, Home, Place, home_of
from config.settings import Settings
from handlers.chatwoot import connect, diagnosis
from handlers.chatwoot.message import whole_number
from relay import Incoming, Named, Refused, Source, source
from relay.event import Cause
from relay.source import any_same, basic_password, hmac_sha256, same, too_deep_at

# Chatwoot sets no replay window; its own pull request suggests five minutes.
SIGNATURE_SECONDS = 300
PATHS = (
    "/webhook",
    "/webhook/webhook",
    "/webhook/chatwoot",
    "/webhook/chatwoot/{account}",
    "/webhook/chatwoot/webhook",
)
_NAME = re.compile(r"[^a-z0-9_.]+")
# Live credentials that stand in bodies: the websocket's, and those of channels and bots. Every name is written out:
# a pattern that could begin with any letter would be tried at every word of every message.
_SECRETS = re.compile(
    rb'"(pubsub_token|access_token|api_access_token|hmac_token|auth_token|api_key|app_secret|secret|password|'
    rb"page_access_token|user_access_token|bot_token|account_sid|website_token|odoo_password|facebook_app_secret|"
    rb'instagram_app_secret|whatsapp_app_secret|line_channel_secret|line_channel_token)"\s*:\s*"(?:[^"\\]|\\.)*"'
)


class _Thing(msgspec.Struct):
    id: Any = None
    account: Any = None
    account_id: Any = None
    inbox_id: Any = None
    messages: Any = None


# An event that Chatwoot does not have yet may hold anything there. (`Any` would build all of a conversation.)
_Anything = _Thing | str | float | bool | list[Any] | None


class _Skim(msgspec.Struct):
    """The few fields that name an event; the rest of the body is not built in memory here."""

    event: str | None = None
    id: Any = None
    account: _Anything = None
    conversation: _Anything = None
    current_conversation: _Anything = None
    messages: Any = None
    message_type: Any = None
    inbox: Any = None
    inbox_id: Any = None
    source_id: Any = None


_decoder = msgspec.json.Decoder(_Skim)
# An event of these may be an echo of what we wrote.
_ECHOING = ("message_created", "conversation_updated", *OF_STATUS)
_MARKED = f'"{MARKER}"'.encode()
NOTHING_WRITTEN = Writes()


@source
def chatwoot(settings: Settings, writes: Writes = NOTHING_WRITTEN) -> Source:
    """Chatwoot's three kinds of webhook (account, API inbox, agent bot), rules, macros, and what speaks as it does."""
    return Source(
        name="chatwoot",
        paths=PATHS,
        authenticate=partial(authenticate, settings),
        describe=partial(describe, writes=writes),
        claims=_is_not_odoos,
        scrub=scrub,
        explain=diagnosis.explain,
        patience=5.0,
        headers=("x-chatwoot-delivery", "x-chatwoot-signature", "x-chatwoot-timestamp"),
        prove=partial(connect.prove, settings),
        set_up=partial(connect.set_up, settings),
        speaks_for=lambda homes: tuple(dict.fromkeys(map(_said_of, homes))),
        sender_for=partial(homes_for, settings),
    )


def _is_not_odoos(incoming: Incoming) -> bool:
    """Odoo's credential and mapping calls come to /webhook too and carry passwords: they are never Chatwoot's."""
    body = incoming.body
    if b'_sync"' not in body:
        return True
    try:
        return _decoder.decode(body).event not in ("credentials_sync", "mapping_sync")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return b'"source"' not in body


def authenticate(settings: Settings, incoming: Incoming) -> list[Home]:
    """For whom the sender may speak: those whose secret signed, or whose token was given.

    Where a secret is held, a wrong signature is refused whatever else is right; a token says whose secret that is.
    """
    homes = _addressed(settings.accounts.homes(), incoming.path)
    signature = incoming.headers.get("x-chatwoot-signature", "")
    given = (*parse_qs(incoming.query).get("token", ()), basic_password(incoming))
    trusting = [home for home in homes if any_same(given, home[0].webhook_tokens)]
    if signature and any(place.secrets for _account, place in trusting or homes):
        return _signed_by(trusting or homes, signature, incoming, settings)
    if trusting:
        return trusting
    if "chatwoot" in settings.allow_unauthenticated:
        return homes
    if signature:
        raise _unauthorized(diagnosis.NOT_HELD)
    raise _unauthorized(diagnosis.WRONG_TOKEN if any(given) else diagnosis.NOTHING_GIVEN)


def homes_for(settings: Settings, incoming: Incoming, accounts: Collection[str]) -> list[Home]:
    """For whom the sender may speak, where a proxy of ours has found that out."""
    homes = _addressed(settings.accounts.homes(), incoming.path)
    return [home for home in homes if _said_of(home) in accounts]


def _said_of(home: Home) -> str:
    """How a proxy names it: a secret is one place's, and two places may have the same number."""
    account, place = home
    return f"{account.id}@{place.name}" if place.name else account.id


def _addressed(homes: list[Home], path: str) -> list[Home]:
    """The homes that an address may mean: it can name an account, by our name for it or by Chatwoot's number."""
    named = path.removeprefix("/webhook/chatwoot/") if path.startswith("/webhook/chatwoot/") else ""
    if named in ("", "webhook"):
        return homes
    return [home for home in homes if named in (home[0].id, str(home[1].number))] or homes


def _signed_by(homes: list[Home], signature: str, incoming: Incoming, settings: Settings) -> list[Home]:
    timestamp = incoming.headers.get("x-chatwoot-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise _unauthorized(diagnosis.NO_TIMESTAMP)
    message = timestamp.encode() + b"." + incoming.body
    secrets = dict.fromkeys(secret for _account, place in homes for secret in place.secrets)
    right = {secret for secret in secrets if same(signature, f"sha256={hmac_sha256(secret, message)}")}
    if not right:
        others = _others(settings, secrets)
        raise _unauthorized(diagnosis.diagnose(signature, timestamp, incoming.body, secrets, others))
    skew = incoming.received / 1000 - int(timestamp)
    if abs(skew) > SIGNATURE_SECONDS:
        raise _unauthorized(diagnosis.too_old(skew))
    return [home for home in homes if not right.isdisjoint(home[1].secrets)]


def _others(settings: Settings, secrets: Collection[str]) -> list[tuple[str, str]]:
    """Values of ours that somebody may take for the secret of what sends, each after what it is."""
    found = [("a secret that was set here before", value) for value in settings.accounts.former_secrets]
    for account, place in settings.accounts.homes():
        found += [(f"a secret of the account {account.id}", value) for value in place.secrets]
        found += [("CHATWOOT_API_KEY", place.api_key), ("CHATWOOT_BOT_TOKEN", place.bot_token)]
        found += [("WEBHOOK_TOKEN", value) for value in account.webhook_tokens]
    return [(name, value) for name, value in found if value and value not in secrets]


def _unauthorized(reason: str) -> Refused:
    return Refused(401, reason, _("Not authorized."))


def describe(incoming: Incoming, writes: Writes = NOTHING_WRITTEN) -> Named:
    """The event's signal, account, key and what makes it a repeat. An unknown event or account is kept all the same."""
    skim = read_skim(incoming.body)
    if not skim.event:
        raise Refused(422, "the body has no event", _("The field {field} is missing.").format(field="event"))
    event = signal_name(skim.event)
    number = account_number(skim)
    home = home_of(incoming.sender, number, inbox_number(skim))
    if home is None or not _may_be_at(incoming.path, *home):
        home = None
    key = key_of(event, skim)
    whose = f"{home[0].id}@{home[1].name}" if home else "?"
    return Named(
        name=f"chatwoot.{event}",
        account=home[0].id if home else None,
        key=_key_in(home, number, key),
        repeat_id=incoming.headers.get("x-chatwoot-delivery") or None,
        fact_id=fact_of(event, skim, f"{whose}:{number}"),
        unmapped=home is None,
        cause=_cause(event, incoming.body, home, number, key, writes) if home and key and event in _ECHOING else None,
    )


def _cause(event: str, body: bytes, home: Home, number: int | None, key: str, writes: Writes) -> Cause | None:
    """What of ours this tells of, if anything: mostly nothing was written there of late, and nothing is read."""
    account, place = home
    own = account.place(place.name).number if number is None else number
    where = place_in(account.id, place.name, own, key.removeprefix("conversation:"))
    marked = event == "message_created" and _MARKED in body
    if not marked and where not in writes:
        return None
    told = msgspec.json.decode(body)
    cause = writes.echo(where, told)
    mark = own_mark(told) if cause is None and marked else None
    if mark is not None:  # written by a process before this one
        by = str(mark.get("kind")).partition(" ")[0]
        return Cause(str(mark.get("event")), by if ":" in by else "")
    return cause if isinstance(cause, Cause) else None


def _key_in(home: Home | None, number: int | None, key: str | None) -> str | None:
    if key is None:
        return None
    if home is None:
        return f"chatwoot account {number}: {key}"
    account, place = home
    # Display ids are each Chatwoot account's own: one that is not the place's declared account is named.
    other = f"#{number}" if number not in (None, account.place(place.name).number) else ""
    return f"{key}{other}@{place.name}" if place.name else f"{key}{other}"


def place_of(key: str | None) -> str:
    """Which of its account's places in Chatwoot a key belongs to."""
    return (key or "").partition("@")[2]


@functools.lru_cache(maxsize=256)
def signal_name(event: str) -> str:
    """Chatwoot's name of an event as the last part of a signal's name."""
    return _NAME.sub("_", event.lower()).strip(".")[:80] or "unknown"


def _may_be_at(path: str, account: Account, place: Place) -> bool:
    """Whether an address that names an account names this one."""
    named = path.removeprefix("/webhook/chatwoot/") if path.startswith("/webhook/chatwoot/") else ""
    return named in ("", "webhook", account.id, str(place.number))


def read_skim(body: bytes) -> _Skim:
    """Read the naming fields; whatever is not a JSON object of the right shape is refused with its place."""
    try:
        body.decode()
        return _decoder.decode(body)
    except UnicodeDecodeError as error:
        raise _bad(f"not UTF-8 at byte {error.start}") from error
    except msgspec.ValidationError as error:
        whole = "$." not in str(error)
        shape = f"{error} - at `$`" if whole else str(error)
        text = _("Unexpected shape: {error}").format(error=shape)
        raise Refused(400 if whole else 422, f"wrong shape: {shape}", text) from error
    except msgspec.DecodeError as error:
        raise _bad("the body is empty" if not body.strip() else str(error)) from error
    except RecursionError as error:
        raise _bad(_("nested too deeply at byte {place}").format(place=too_deep_at(body))) from error


def _bad(why: str) -> Refused:
    return Refused(400, f"not JSON: {why}", _("The body is not valid JSON: {error}").format(error=why))


def account_number(skim: _Skim) -> int | None:
    """Chatwoot's number of the account, wherever this version of it says so (before 4.14.2: in a message at best)."""
    if isinstance(skim.account, _Thing) and (known := whole_number(skim.account.id)) is not None:
        return known
    conversation = _conversation(skim) or _Thing()
    candidates = [
        _in(conversation.account, "id"),
        _in(skim.inbox, "account", "id"),
        *(_in(each, "account_id") for each in [*_list(skim.messages), *_list(conversation.messages)]),
        skim.id if skim.event == "account_created" else None,
    ]
    return next((number for each in candidates if (number := whole_number(each)) is not None), None)


def inbox_number(skim: _Skim) -> int | None:
    """Chatwoot's number of the inbox, where the event says so."""
    conversation = _conversation(skim)
    candidates = (_in(skim.inbox, "id"), conversation and conversation.inbox_id, skim.inbox_id)
    return next((number for each in candidates if (number := whole_number(each)) is not None), None)


def key_of(event: str, skim: _Skim) -> str | None:
    """What must stay in order: the conversation (its display id, as everywhere in Chatwoot's API), or the contact."""
    conversation = _conversation(skim)
    if conversation is not None:
        number = whole_number(conversation.id)
        return None if number is None else f"conversation:{number}"
    own = whole_number(skim.id)
    if own is None:
        return None
    if event.startswith("contact_"):
        return f"contact:{own}"
    if event.startswith(("conversation_", "automation_event.", "macro.")):
        return f"conversation:{own}"
    return None


def fact_of(event: str, skim: _Skim, whose: str) -> str | None:
    """What names a message across its owner's senders: Chatwoot's message id, or WhatsApp's by Evolution."""
    if event != "message_created" or whole_number(skim.id) is None:
        return None
    if isinstance(skim.source_id, str) and skim.source_id.startswith("WAID:") and skim.message_type == "incoming":
        return f"{whose}:{skim.source_id}"  # Evolution may bring it again into another conversation
    return f"{whose}:message_created:{skim.id}"


def scrub(body: bytes, named: Named) -> bytes:
    """The body without credentials; an inbox's channel record goes whole."""
    body = _SECRETS.sub(rb'"\1":"[removed]"', body)
    if named.name in ("chatwoot.inbox_created", "chatwoot.inbox_updated"):
        payload = msgspec.json.decode(body)
        channel = payload.get("channel")
        payload["channel"] = {"id": channel.get("id")} if isinstance(channel, dict) else None
        return msgspec.json.encode(payload)
    return body


def _conversation(skim: _Skim) -> _Thing | None:
    named = (skim.conversation, skim.current_conversation)
    return next((each for each in named if isinstance(each, _Thing)), None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _in(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
