"""How is an account's Odoo connected, and how would it prove that it is itself?"""

import json
from gettext import gettext as _
from urllib.parse import quote

from config.settings import Settings
from relay import Envelope, Proof, SetUp
from relay.source import hmac_sha256


def prove(settings: Settings, body: bytes, account: str) -> Proof:
    """The account's key, and a signature where its secret is set; without a key, the token in the address."""
    own = settings.accounts.get(account)
    if own is None:
        return Proof()
    if not own.odoo_key:
        return Proof(query=f"token={quote(own.webhook_token, safe='')}")
    secret = own.odoo_signing_secret
    return Proof({"X-API-Key": own.odoo_key, **({"X-Webhook-Signature": _signature(secret, body)} if secret else {})})


def _signature(secret: str, body: bytes) -> str:
    """As the module makes it: over Python's sorted dump of what the body says."""
    return hmac_sha256(secret, json.dumps(json.loads(body or b"null"), sort_keys=True).encode())


def envelope(paths: dict[str, str], signal: str) -> Envelope:
    """The first of the addresses that mean this signal; of several, the newest module's."""
    return Envelope(next((path for path, named in paths.items() if named == signal), next(iter(paths))))


def native_envelope(signal: str) -> Envelope:
    """The trigger stands in the address, not in the body."""
    event = signal.rpartition(".")[2]
    return Envelope("/webhook/odoo" if event == "changed" else f"/webhook/odoo?event={event}")


def set_up(settings: Settings, account: str) -> SetUp | None:
    """The address for the modules, the one for Odoo's own webhook, and whether a key is set."""
    own = settings.accounts.get(account)
    if own is None:
        return None
    has_key = any(own.odoo_keys)
    return SetUp(
        "Odoo",
        [
            (_("business_rules settings: this address and the API key"), ""),
            (
                _("Odoo 17 and newer: an automation rule with Send Webhook Notification"),
                f"/webhook/odoo/{own.id}?event=updated&token=…",
            ),
        ],
        [(has_key, _("The API key is known") if has_key else _("No API key: ODOO_SYNC_KEY"))],
    )
