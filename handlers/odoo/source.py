"""What does Odoo send, is it really from there, and whose is it?"""

import json
from collections.abc import Callable, Collection
from functools import partial
from gettext import gettext as _
from typing import Any
from urllib.parse import parse_qs

import msgspec

from config.accounts import Account
from config.settings import Settings
from handlers.odoo import connect
from relay import Incoming, Named, Refused, Source, source
from relay.source import any_same, basic_password, bearer_token, hmac_sha256, same, too_deep_at

# Every address of a call: business_rules2's, v1's, and the one with underscores of Odoo's own retrying queue.
CALLS = {
    "odoo.business_rules.sync": ("/business-rules/sync", "/business_rules", "/business_rules/sync"),
    # business_rules2's main button begins with this call, and gives up where it is not answered with 200.
    "odoo.company_metadata.sync": (
        "/company-metadata/sync", "/business-rules/sync-company-metadata", "/company_metadata",
        "/company_metadata/sync",
    ),
    "odoo.scheduling_rules.sync": (
        "/scheduling-rules/sync", "/business-rules/sync-scheduling-rules", "/scheduling_rules",
        "/scheduling_rules/sync",
    ),
    "odoo.support_documents.sync": (
        "/support-documents/sync", "/business-rules/sync-support-documents", "/support_documents",
        "/support_documents/sync",
    ),
}  # fmt: skip
# Some modules were given Chatwoot's address as their base.
SYNC_PATHS = {
    f"{base}{path}": signal
    for signal, paths in CALLS.items()
    for path in paths
    for base in ("/api/v1", "/webhook/api/v1")
}
# Calls that come to Chatwoot's address, with passwords in them; the newer module has an address for them.
WEBHOOK_PATHS = ("/webhook", "/webhook/webhook", "/odoo-webhook")
WEBHOOK_EVENTS = {"credentials_sync": "odoo.credentials.sync", "mapping_sync": "odoo.mapping.sync"}
# Of these calls nothing but the following is kept.
HARMLESS = frozenset({"source", "event", "account_id", "mapping"})
SIGNALS = frozenset({*CALLS, *WEBHOOK_EVENTS.values()})


class _Skim(msgspec.Struct):
    event: str | None = None
    token: Any = None


_decoder = msgspec.json.Decoder(_Skim)


@source
def odoo_rules(settings: Settings) -> Source:
    """The business_rules modules, old and new, at /api/v1."""
    return Source(
        name="odoo",
        paths=tuple(SYNC_PATHS),
        authenticate=partial(authenticate, settings),
        describe=describe_sync,
        explain=explain,
        headers=("x-webhook-signature",),
        component="odoo",
        handled_in="odoo",
        not_served={
            "/tools": _("Products are not synchronised with this server: nothing at /tools is served."),
            "/configs": _("Configurations are not kept here: nothing at /configs is served."),
            "/company-services": _(
                "Nothing at /company-services is served: synchronise by /api/v1/company-metadata/sync."
            ),
        },
        prove=partial(connect.prove, settings),
        speaks_for=speaks_for,
        sender_for=partial(owner_for, settings),
        envelope=partial(connect.envelope, SYNC_PATHS),
        set_up=partial(connect.set_up, settings),
    )


@source
def odoo_credentials(settings: Settings) -> Source:
    """The credentials and channel mapping that Odoo's ai_credentials_manager posts to /webhook."""
    return Source(
        name="odoo",
        paths=WEBHOOK_PATHS,
        claims=lambda incoming: _webhook_event(incoming.body) is not None,
        authenticate=partial(authenticate_webhook, settings),
        describe=describe_webhook,
        explain=explain,
        scrub=_only_harmless,
        headers=("x-webhook-signature",),
        component="odoo",
        handled_in="odoo",
        hides_head=True,
        prove=partial(connect.prove, settings),
        speaks_for=speaks_for,
        sender_for=partial(owner_for, settings),
        set_up=lambda _account: None,
    )


def explain(reason: str) -> str:
    """What the person in charge does about a refusal of Odoo's requests; "" where the reason says it."""
    told = {
        "no key": _("Odoo sends no key: enter ODOO_SYNC_KEY as the API key (api_token or token) in its settings."),
        "the key is wrong": _("Odoo sends another key than ODOO_SYNC_KEY: enter this one in its settings."),
        "X-Webhook-Signature": _("webhook_secret_key in Odoo and ODOO_SIGNING_SECRET here must be the same."),
        "keys of": _("The request brings keys of two shops: leave only one in Odoo's settings."),
        "the key is ": _("Odoo names another account than its key's: check account_id in its settings."),
    }
    return next((text for beginning, text in told.items() if reason.startswith(beginning)), "")


def authenticate(settings: Settings, incoming: Incoming) -> Account:
    """Whose key it is: X-API-Key or Bearer; where a signature is sent and its secret is set, it must be right too."""
    given = [incoming.headers.get("x-api-key", ""), bearer_token(incoming)]
    return _signed(_owner(settings, given, lambda account: account.odoo_keys), incoming)


def authenticate_webhook(settings: Settings, incoming: Incoming) -> Account:
    """The same; these calls may have no header, so the token in the body counts as well."""
    skim = _skimmed(incoming.body)
    in_body = skim.token if skim is not None and isinstance(skim.token, str) else ""
    return _signed(key_holder(settings, incoming, in_body), incoming)


def key_holder(settings: Settings, incoming: Incoming, *more: str, text: str = "") -> Account:
    """Whose key or token it is, wherever it stands: header, address, Basic authentication."""
    in_header = (incoming.headers.get("x-api-key", ""), bearer_token(incoming), basic_password(incoming))
    given = [*in_header, *parse_qs(incoming.query).get("token", ()), *more]
    return _owner(settings, given, lambda account: (*account.odoo_keys, *account.webhook_tokens), text)


def speaks_for(account: Account) -> tuple[str, ...]:
    """A key is one account's."""
    return (account.id,)


def owner_for(settings: Settings, incoming: Incoming, accounts: Collection[str]) -> Account:
    """Whose key it was, where a proxy of ours has found that out."""
    owner = next((account for account in settings.accounts if account.id in accounts), None)
    if owner is None:
        text = _("The proxy says it is of the account {name}, which is not known here.")
        named = ", ".join(accounts)
        raise Refused(403, f"a proxy vouches for the account {named}", text.format(name=named))
    return owner


def _owner(
    settings: Settings, given: list[str], keys_of: Callable[[Account], tuple[str, ...]], text: str = ""
) -> Account:
    """The account that one of the given keys belongs to; every account's are compared, so that time tells nothing."""
    owners = [account for account in settings.accounts if any_same(given, keys_of(account))]
    if len(owners) > 1:
        text = _("The keys in this request belong to different accounts.")
        raise Refused(403, f"keys of {', '.join(each.id for each in owners)}", text)
    if owners:
        return owners[0]
    if "odoo" in settings.allow_unauthenticated:
        return settings.accounts.first
    text = text or _(
        "Key refused: set the API key (api_token or token) in Odoo's settings to this server's ODOO_SYNC_KEY"
        " (another shop's: odoo_key in accounts.toml)."
    )
    raise Refused(401, "no key" if not any(given) else "the key is wrong", text)


def _signed(account: Account, incoming: Incoming) -> Account:
    """The one signature that is not over the raw bytes: hex HMAC-SHA256 over Python's sorted dump of the body."""
    signature = incoming.headers.get("x-webhook-signature", "")
    if not signature or not account.odoo_signing_secret:
        return account
    text = _("Wrong signature: webhook_secret_key in Odoo must be this server's ODOO_SIGNING_SECRET.")
    try:
        payload = json.loads(incoming.body, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
        dumped = json.dumps(payload, sort_keys=True).encode()
    except (ValueError, RecursionError) as error:
        raise Refused(401, f"signed, but it cannot be parsed: {error}", text) from error
    if not same(signature.removeprefix("sha256="), hmac_sha256(account.odoo_signing_secret, dumped)):
        raise Refused(401, "X-Webhook-Signature does not fit ODOO_SIGNING_SECRET", text)
    return account


def describe_sync(incoming: Incoming) -> Named:
    """The account is the credential's; where the query or the body says another, nothing is stored."""
    account: Account = incoming.sender
    payload = read_object(incoming.body)
    _check_account(account, payload, incoming.query)
    rule = payload.get("business_rule_id")
    key = f"business_rule:{rule}" if isinstance(rule, int) and rule else "business_rule"
    return Named(SYNC_PATHS[incoming.path], account.id, key)


def _check_account(account: Account, payload: dict[str, Any], query: str) -> None:
    nested = [payload[name] for name in ("metadata", "mapping") if isinstance(payload.get(name), dict)]
    said = [*parse_qs(query).get("account_id", ()), payload.get("account_id")]
    said += [each.get(name) for each in nested for name in ("account_id", "internal_account_id")]
    wrong = next((each for each in said if each not in (None, False, "", account.id)), None)
    if wrong is not None:
        text = _("This key belongs to the account {own}, not to {other}: check account_id in Odoo's settings.")
        reason = f"the key is {account.id}'s, the request says {str(wrong)[:80]!r}"
        raise Refused(403, reason, text.format(own=account.id, other=str(wrong)[:80]))


def describe_webhook(incoming: Incoming) -> Named:
    """Which of the two calls it is, of the account whose key it came with and of no other."""
    event = _webhook_event(incoming.body) or ""
    _check_account(incoming.sender, read_object(incoming.body), incoming.query)
    return Named(WEBHOOK_EVENTS[event], incoming.sender.id, event)


def read_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object with the numbers as they were written; refused with its place otherwise."""
    try:
        payload = json.loads(body, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise _bad(_("not UTF-8 at byte {place}").format(place=error.start)) from error
    except RecursionError as error:
        raise _bad(_("nested too deeply at byte {place}").format(place=too_deep_at(body))) from error
    except ValueError as error:
        raise _bad(str(error)) from error
    if not isinstance(payload, dict):
        text = _("The body must be a JSON object.")
        raise Refused(400, f"the body is a {type(payload).__name__}", text)
    return payload


def _bad(why: str) -> Refused:
    return Refused(400, f"not JSON: {why}", _("The body is not valid JSON: {error}").format(error=why))


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _webhook_event(body: bytes) -> str | None:
    if b"credentials_sync" not in body and b"mapping_sync" not in body:
        return None
    skim = _skimmed(body)
    return skim.event if skim is not None and skim.event in WEBHOOK_EVENTS else None


def _skimmed(body: bytes) -> _Skim | None:
    """The few fields that tell what it is and from whom, before anything else of a stranger's body is looked at."""
    try:
        return _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}


def _only_harmless(body: bytes, named: Named) -> bytes:
    return json.dumps({name: value for name, value in _parsed(body).items() if name in HARMLESS}).encode()
