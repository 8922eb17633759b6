"""Is what Chatwoot sends sent to us, and would it be taken? Judged from an address, a secret and our settings."""

from typing import Literal
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

from config.accounts import Account, Place

# What the conversation's history is made of: the subscriptions that we need.
NEEDED = (
    "message_created",
    "message_updated",
    "conversation_created",
    "conversation_updated",
    "conversation_status_changed",
)
ANYBODYS = ("/webhook", "/webhook/webhook", "/webhook/chatwoot", "/webhook/chatwoot/webhook")
_PORTS = {"http": 80, "https": 443}

# signed: by a secret that we hold; token: it cannot sign, and need not; unchecked: it signs, and only its token counts.
Standing = Literal["signed", "token", "unchecked", "refused"]


def our_address(public_url: str, account: Account, *, is_first: bool, with_token: bool) -> str:
    """The address for an account's Chatwoot."""
    path = "/webhook" if is_first else f"/webhook/chatwoot/{account.id}"
    token = f"?token={quote(account.webhook_token, safe='')}" if with_token else ""
    return f"{public_url}{path}{token}"


def is_ours(url: str, public_url: str, account: Account) -> bool:
    """Whether an address leads to this server's way in for this account's Chatwoot."""
    there, here = _parts(url), _parts(public_url)
    if there is None or here is None or not here.hostname:
        return False
    return (there.hostname, _port(there)) == (here.hostname, _port(here)) and _is_way_in(there, here, account)


def looks_like_ours(url: str) -> bool:
    """Whether an address could have been this server's, at another place: an earlier tunnel's, mostly."""
    there = _parts(url)
    return there is not None and (there.path.rstrip("/") == "/webhook" or there.path.startswith("/webhook/chatwoot"))


def standing(url: str, secret: str, account: Account, place: Place) -> Standing:
    """Whether what is sent to this address, signed with this secret ("": not signed), would be taken."""
    has_token = has_token_of(url, account)
    if not secret:
        return "token" if has_token else "refused"
    if secret in place.secrets:
        return "signed"
    holds_any = any(each.secrets for each in account.chatwoot)
    return "unchecked" if has_token and not holds_any else "refused"


def shown(url: str) -> str:
    """An address without its token and password."""
    parts = _parts(url)
    if parts is None:
        return "…"
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query="token=…" if parts.query else "").geturl()


def has_token_of(url: str, account: Account) -> bool:
    """Whether an address carries one of this account's tokens."""
    return not _tokens(url).isdisjoint(account.webhook_tokens)


def _tokens(url: str) -> set[str]:
    parts = _parts(url)
    if parts is None:
        return set()
    return {*parse_qs(parts.query).get("token", []), unquote(parts.password or "")} - {""}


def _is_way_in(there: SplitResult, here: SplitResult, account: Account) -> bool:
    """One of the addresses that any account's Chatwoot may use, or one that names this account."""
    base, path = here.path.rstrip("/"), there.path.rstrip("/")
    named = {account.id, *(str(place.number) for place in account.chatwoot if place.number is not None)}
    return path in {base + each for each in (*ANYBODYS, *(f"/webhook/chatwoot/{name}" for name in named))}


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        return None
    return parts


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)
