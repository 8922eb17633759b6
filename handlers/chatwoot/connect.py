"""How is an account's Chatwoot connected, and how would it prove that it is itself?"""

import time
from gettext import gettext as _
from urllib.parse import quote

from config.accounts import Account
from config.settings import Settings
from relay import Proof, SetUp
from relay.source import hmac_sha256


def prove(settings: Settings, body: bytes, account: str) -> Proof:
    """As the account's Chatwoot signs this body; where we hold no secret of it, the token in the address."""
    own = settings.accounts.get(account)
    secret = next((each for place in own.chatwoot for each in place.secrets), "") if own else ""
    if own is None or not secret:
        return Proof(query=f"token={quote(own.webhook_token, safe='')}") if own else Proof()
    now = str(int(time.time()))
    signature = hmac_sha256(secret, now.encode() + b"." + body)
    return Proof({"X-Chatwoot-Timestamp": now, "X-Chatwoot-Signature": f"sha256={signature}"})


def set_up(settings: Settings, account: str) -> SetUp | None:
    """The address for bot and webhook, and what is set to check them and to answer."""
    own = settings.accounts.get(account)
    if own is None:
        return None
    step = _(
        "An agent bot for the inboxes, and a webhook of the account (Settings → Integrations → Webhooks), both with"
        " this address:"
    )
    return SetUp("Chatwoot", [(step, f"/webhook/chatwoot/{own.id}?token=…")], _checks(own))


def _checks(own: Account) -> list[tuple[bool, str]]:
    has_secret = any(any(each.secrets) for each in own.chatwoot)
    can_post = any(each.base_url and (each.api_key or each.bot_token) for each in own.chatwoot)
    has_bot = any(each.bot_token for each in own.chatwoot)
    return [
        _said(has_secret, _("Signatures are checked"), _("Signatures are not checked: CHATWOOT_WEBHOOK_SECRET")),
        _said(
            any(own.webhook_tokens),
            _("The token in the address is known"),
            _("No token for the address: WEBHOOK_TOKEN"),
        ),
        _said(
            can_post,
            _("Replies can be posted"),
            _("Replies stay in the outbox: CHATWOOT_BASE_URL, CHATWOOT_API_KEY"),
        ),
        _said(
            has_bot,
            _("They are posted by the bot"),
            _("They are posted in a person's name: CHATWOOT_BOT_TOKEN"),
        ),
    ]


def _said(is_so: bool, so: str, otherwise: str) -> tuple[bool, str]:
    return is_so, so if is_so else otherwise
