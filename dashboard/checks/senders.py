"""Is what Chatwoot sends sent to us, and would it be taken? Judged from an address, a secret and our settings."""

from typing import Literal
from urllib.parse import parse_qs, quote, unquote

from clients.addresses import leads_to, parts_of
from config.accounts import Account, Place

# What the conversation's history is made of: the subscriptions that we need.
NEEDED = (
    "message_created",
    "message_updated",
    "conversation_created",
    "conversation_updated",
    "conversation_status_changed",
)

# signed: by a secret that we hold; token: it cannot sign, and need not; unchecked: it signs, and only its token counts.
Standing = Literal["signed", "token", "unchecked", "refused"]


def our_address(public_url: str, account: Account, *, is_first: bool, with_token: bool) -> str:
    """The address for an account's Chatwoot."""
    path = "/webhook" if is_first else f"/webhook/chatwoot/{account.id}"
    token = f"?token={quote(account.webhook_token, safe='')}" if with_token else ""
    return f"{public_url}{path}{token}"


def is_ours(url: str, public_url: str, account: Account) -> bool:
    """Whether an address leads to this server's way in for this account's Chatwoot."""
    return leads_to(url, public_url, account.names_in_address)


def standing(url: str, secret: str, account: Account, place: Place) -> Standing:
    """Whether what is sent to this address, signed with this secret ("": not signed), would be taken."""
    has_token = has_token_of(url, account)
    if not secret:
        return "token" if has_token else "refused"
    if secret in place.secrets:
        return "signed"
    holds_any = any(each.secrets for each in account.chatwoot)
    return "unchecked" if has_token and not holds_any else "refused"


def has_token_of(url: str, account: Account) -> bool:
    """Whether an address carries one of this account's tokens."""
    return not _tokens(url).isdisjoint(account.webhook_tokens)


def _tokens(url: str) -> set[str]:
    parts = parts_of(url)
    if parts is None:
        return set()
    return {*parse_qs(parts.query).get("token", []), unquote(parts.password or "")} - {""}
