"""Does the tunnel lead here? ngrok's own agent asked, where one runs or PUBLIC_URL needs one."""

import stat
from gettext import gettext as _
from urllib.parse import urlsplit

from clients.ngrok import TUNNELS, Tunnel, tunnels_in
from config.settings import Settings
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning

START = "python scripts/start_ngrok_unified.py"


async def check(context: Context) -> list[Finding]:
    """The tunnels that run, and the file with the token."""
    assert context.settings is not None
    return [*_files(context), *_judged(context.settings, await running_tunnels(context))]


async def running_tunnels(context: Context) -> list[Tunnel] | None:
    """What the agent on this machine has; None where none runs."""
    assert context.settings is not None
    answer = await context.look_or_none(f"{context.settings.tunnel.api}{TUNNELS}", direct=True)
    return tunnels_in(answer.json) if answer and answer.status == 200 else None


def _files(context: Context) -> list[Finding]:
    open_ = [path for path in context.ngrok_files if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    why = _("It holds your ngrok token.")
    what = _("{path} can be read by other users of this machine")
    return [warning("ngrok.mode", what.format(path=path), why, f"chmod 600 {path}") for path in open_]


def _judged(settings: Settings, tunnels: list[Tunnel] | None) -> list[Finding]:
    by_ngrok = ".ngrok" in (urlsplit(settings.public_url).hostname or "")
    if tunnels is None:
        if not by_ngrok:
            return []
        what, why = (
            _("PUBLIC_URL is a tunnel's, and no ngrok runs here"),
            _("What Chatwoot and Odoo send does not arrive."),
        )
        return [error("ngrok.down", what, why, START)]
    ours = [each.address for each in tunnels if each.port == settings.port]
    if not ours:
        ports = ", ".join(sorted({str(each.port) for each in tunnels})) or "-"
        what = _("ngrok runs, but leads to port {ports} and not to {port}").format(ports=ports, port=settings.port)
        level = error if by_ngrok else warning
        return [level("ngrok.port", what, _("What comes through the tunnel does not reach this server."), START)]
    if by_ngrok and settings.public_url not in ours:
        what = _("The tunnel's address is {address}, PUBLIC_URL another").format(address=ours[0])
        why = _("Chatwoot and Odoo are told an address that leads nowhere.")
        return [error("ngrok.address", what, why, _("In .env: PUBLIC_URL={address}, then {command}").format(
            address=ours[0], command="python -m scripts.chatwoot register"
        ))]  # fmt: skip
    return [good("ngrok.tunnel", _("{address} leads to port {port}").format(address=ours[0], port=settings.port))]
