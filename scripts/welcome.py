"""What does the operator need at the start? One screen: addresses to paste, where the logs are, what is missing."""

from collections.abc import Sequence
from gettext import gettext as _
from urllib.parse import quote

from config import logs
from config.settings import Settings
from dashboard.checks.finding import Finding

SHOWN_BY = "python -m scripts.addresses"
DOCTOR = "python -m scripts.doctor"
SIGNS = {"warning": "⚠", "error": "✖"}


def welcome(settings: Settings, port: int, is_first: bool, *, show_tokens: bool) -> str:
    """The screen. Tokens are shown only on a terminal; elsewhere the command that shows them is named."""
    here = f"http://{_host(settings)}:{port}"
    lines = ["", f"  Servidor Unificado  ·  {here}", ""]
    if is_first:
        lines += ["  " + _("First start: .env was written with new tokens."), ""]
    lines += addresses(settings, port, show_tokens=show_tokens)
    lines += ["", "  " + _("Logs") + ":"]
    lines += [f"    {path}" for path in logs.paths(settings)]
    lines += ["", "  " + _("Look in, with the ADMIN_TOKEN of .env: {address}").format(address=f"{here}/admin")]
    missing = not_configured(settings)
    if missing:
        lines += ["", "  " + _("Not configured yet") + ":", *(f"    - {each}" for each in missing)]
    lines += ["", "  " + _("Try it in another terminal: {command}").format(command="python -m scripts.simulate"), ""]
    return "\n".join(lines)


def doubts(findings: Sequence[Finding]) -> str:
    """What a glance at this machine found, under the screen; nothing where nothing was."""
    if not findings:
        return ""
    lines = [f"    {SIGNS[each.level]} {each.code}  {each.what}" for each in findings]
    hint = _("More, and what to do: {command}").format(command=DOCTOR)
    return "\n".join(["  " + _("Found at this start") + ":", *lines, f"    {hint}", "", ""])


def addresses(settings: Settings, port: int, *, show_tokens: bool) -> list[str]:
    """The lines to paste into Chatwoot and Odoo."""
    base = base_address(settings, port)
    account = settings.accounts.first
    token = quote(account.webhook_token, safe="") if show_tokens else "…"
    key = account.odoo_key if show_tokens else "…"
    lines = [
        "  Chatwoot  " + _("Settings → Integrations → Webhooks, URL") + ":",
        f"    {base}/webhook?token={token}",
        "  Odoo      " + _("business_rules settings: URL and API key") + ":",
        f"    {base}",
        f"    {key}",
        "  Odoo 17+  " + _("Automation rule, action Send Webhook Notification, URL") + ":",
        f"    {base}/webhook/odoo?token={token}&event=updated",
    ]
    if not show_tokens:
        lines.append("  " + _("The tokens are shown by: {command}").format(command=SHOWN_BY))
    return lines


def base_address(settings: Settings, port: int) -> str:
    """The address by which the outside reaches this server; without PUBLIC_URL, that on this machine."""
    return settings.public_url or f"http://{_host(settings)}:{port}"


def not_configured(settings: Settings) -> list[str]:
    """What is not set yet, and what it would bring."""
    account = settings.accounts.first
    home = account.home
    nothing_vouches = not account.webhook_token and not home.secrets
    checks = (
        (nothing_vouches, _("WEBHOOK_TOKEN: without it and without a secret, everything from Chatwoot is refused")),
        (not account.odoo_key, _("ODOO_SYNC_KEY: without it everything from Odoo is refused")),
        (not settings.admin_token, _("ADMIN_TOKEN: without it /admin/api and the commands are closed")),
        (
            not home.base_url or not (home.api_key or home.bot_token),
            _("CHATWOOT_BASE_URL, CHATWOOT_API_KEY: until they are set, replies go to python -m scripts.outbox"),
        ),
        (
            not home.number,
            _("CHATWOOT_ACCOUNT_ID: every Chatwoot account counts as this one"),
        ),
        (
            not home.secrets,
            _("CHATWOOT_WEBHOOK_SECRET: signatures are not checked, the token in the address is"),
        ),
        (not settings.public_url, _("PUBLIC_URL: the address by which Chatwoot and Odoo reach this server")),
    )
    return [text for applies, text in checks if applies]


def _host(settings: Settings) -> str:
    return "localhost" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104  # compared, not bound
