"""What is pasted into a shop's Chatwoot and Odoo? The lines for one account, with its tokens."""

from gettext import gettext as _
from pathlib import Path
from urllib.parse import quote

from config.accounts import Account
from config.settings import Settings
from scripts.welcome import base_address


def shop_lines(settings: Settings, account: Account, path: Path) -> list[str]:
    """The lines, and what is still to be done by hand."""
    base = base_address(settings, settings.port)
    token = quote(account.webhook_token, safe="")
    remarks = [_("No command shows these tokens again; they stand in {path}.").format(path=path)]
    if not settings.public_url:
        text = _("PUBLIC_URL is not set: in place of {base} write the address by which they reach this server.")
        remarks.append(text.format(base=base))
    return [*_for_chatwoot(account, path, base, token), *_for_odoo(account, base, token), "", *remarks]


def _for_chatwoot(account: Account, path: Path, base: str, token: str) -> list[str]:
    return [
        "  Chatwoot",
        "    " + _("Settings → Integrations → Webhooks, URL") + ":",
        f"      {base}/webhook/chatwoot/{account.id}?token={token}",
        "    "
        + _("the secret that Chatwoot shows there goes to webhook_secret, the tokens to api_key and bot_token, in:"),
        f"      [[account.{account.id}.chatwoot]]  {path}",
    ]


def _for_odoo(account: Account, base: str, token: str) -> list[str]:
    return [
        "  Odoo",
        "    " + _("settings of business_rules, URL") + ":",
        f"      {base}",
        "    " + _("key (api_token)") + ":",
        f"      {account.odoo_key}",
        "    account_id:",
        f"      {account.id}",
        "    " + _("Odoo's own webhooks (17 and later; event=created and event=deleted likewise), URL") + ":",
        f"      {base}/webhook/odoo/{account.id}?token={token}&event=updated",
    ]
