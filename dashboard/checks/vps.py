"""Does the proxy on the VPS answer, and does it forward to our tunnel? Asked where VPS_URL is set."""

from gettext import gettext as _
from urllib.parse import urlsplit

from clients.http import Failed
from clients.look import Answer, look_at
from config.tunnel_settings import TunnelSettings
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning
from dashboard.checks.ngrok import START
from dashboard.checks.public import is_private
from dashboard.checks.server import is_health
from dashboard.checks.tunnel import address_of

FORWARD = "/admin/api/forward"


async def check(context: Context) -> list[Finding]:
    """Whether it is alive, and where it forwards to."""
    assert context.settings is not None
    vps = context.settings.tunnel
    if not vps.vps_url:
        return []
    answer = await context.look_or_none(f"{vps.vps_url}/health")
    why = _("What Chatwoot and Odoo send to it does not arrive.")
    if answer is None:
        what = _("Nothing answers at VPS_URL: {url}").format(url=vps.vps_url)
        return [error("vps.unreachable", what, why, _("Start the server there, or correct VPS_URL in .env"))]
    if not is_health(answer):
        what = _("What answers at VPS_URL is not this server: status {status}").format(status=answer.status)
        return [error("vps.other", what, why, _("Correct VPS_URL in .env, or the proxy before it"))]
    return [*await _plain(vps), await _forward(context, vps)]


async def _plain(vps: TunnelSettings) -> list[Finding]:
    parts = urlsplit(vps.vps_url)
    if parts.scheme == "https" or await is_private(parts.hostname or ""):
        return []
    what = _("VPS_URL is not encrypted: VPS_TOKEN can be read on the way")
    why = _("Whoever has it can forward your customers' messages elsewhere.")
    return [warning("vps.plain", what, why, _("Put Caddy or nginx with a certificate before it: https://"))]


async def _forward(context: Context, vps: TunnelSettings) -> Finding:
    """Where the proxy says that it forwards to, beside where it should."""
    if not vps.vps_token:
        what, why = _("VPS_TOKEN is not set"), _("The proxy is not told when the tunnel's address changes.")
        return warning("vps.token", what, why, _("In .env: VPS_TOKEN=… (the ADMIN_TOKEN of the server on the VPS)"))
    answer = await _ask(vps)
    if answer is not None and answer.status == 405:
        return good("vps.forward", _("The proxy answers; it does not tell where it forwards to"))
    if answer is None or answer.status != 200:
        return refused(answer.status if answer else 0)
    to = answer.json.get("url") if isinstance(answer.json, dict) else None
    address = await address_of(context)
    if not address or to == address:
        return good("vps.forward", _("The proxy answers, and forwards to {url}").format(url=to))
    what = _("The proxy forwards to {theirs}, the tunnel's address is {ours}").format(theirs=to or "-", ours=address)
    return error("vps.address", what, _("What comes to it waits there, or is lost."), START)


async def _ask(vps: TunnelSettings) -> Answer | None:
    try:
        return await look_at(f"{vps.vps_url}{FORWARD}", headers={"Authorization": f"Bearer {vps.vps_token}"})
    except Failed:
        return None


def refused(status: int) -> Finding:
    """Why the proxy does not say or take an address, by the status of its answer (0: none came)."""
    why = _("It is not told when the tunnel's address changes.")
    if status == 401:
        what = _("The proxy does not accept VPS_TOKEN")
        return error("vps.refused", what, why, _("VPS_TOKEN in .env must be the ADMIN_TOKEN of the server on the VPS"))
    if status == 403:
        what = _("The proxy shows its /admin to nobody from outside")
        return error("vps.closed", what, why, _("On the VPS, in .env: ADMIN_HOSTS=… (the domain of VPS_URL)"))
    if status == 404:
        what = _("The server at VPS_URL forwards nothing: it has no {path}").format(path=FORWARD)
        return error("vps.cannot", what, why, _("On the VPS: a version that forwards, with FORWARD_URL set"))
    what = _("The proxy does not take an address just now (status {status})").format(status=status or "-")
    return error("vps.fails", what, why, _("Look into its logs"))
