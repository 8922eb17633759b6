"""Can we be reached? The public address, asked as Chatwoot and Odoo would ask it."""

import asyncio
import ipaddress
import socket
from gettext import gettext as _
from urllib.parse import urlsplit

from clients.addresses import shown
from dashboard.access import is_inside
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning
from dashboard.checks.ngrok_errors import in_plain_words
from dashboard.checks.server import is_health

LOCAL_NAMES = ("localhost", ".localhost", ".local", ".internal", ".lan")


async def check(context: Context) -> list[Finding]:
    """Whether PUBLIC_URL is one that others may use, and whether it leads here."""
    url = context.settings.public_url if context.settings else ""
    if not url:
        what = _("PUBLIC_URL is not set")
        why = _(
            "It is not known by which address Chatwoot and Odoo reach this server: nothing can be registered, and "
            "whether another copy of it is the one that answers cannot be found out."
        )
        return [warning("public.unset", what, why, _("In .env: PUBLIC_URL=https://… (your domain or tunnel)"))]
    reached = await _reached(context, url)
    return [*await _kind(url), reached, *(await _shows_admin(context, url) if reached.level == "good" else [])]


async def _kind(url: str) -> list[Finding]:
    parts = urlsplit(url)
    if await is_private(parts.hostname or ""):
        what = _("PUBLIC_URL is a private address: {url}").format(url=shown(url))
        why = _("Chatwoot 4.14.0 and later refuses to send to it (no public ip addresses), and says so nowhere here.")
        remedy = _(
            "A public address; or in Chatwoot's environment SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true (4.14.1 and later)"
        )
        return [warning("public.private", what, why, remedy)]
    if parts.scheme == "http":
        what, why = (
            _("PUBLIC_URL is not encrypted: {url}").format(url=shown(url)),
            _("Tokens and messages can be read on the way."),
        )
        return [warning("public.plain", what, why, _("An https:// address: a tunnel, or a proxy with a certificate"))]
    return []


async def _reached(context: Context, url: str) -> Finding:
    answer = await context.look_or_none(f"{url}/health")
    if answer is None:
        what = _("Nothing answers at PUBLIC_URL, asked from here: {url}").format(url=shown(url))
        why = _("What Chatwoot and Odoo send does not arrive.")
        return error("public.unreachable", what, why, _("Start the tunnel or proxy, or correct PUBLIC_URL in .env"))
    if is_health(answer):
        return good("public.reached", _("{url} leads to this server").format(url=shown(url)))
    plainly = in_plain_words(answer.text, answer.headers)
    if plainly is not None:
        what = f"{plainly.what} (ERR_NGROK_{plainly.code}): {shown(url)}"
        return error("public.ngrok", what, _("What Chatwoot and Odoo send does not arrive."), plainly.remedy)
    what = _("{url}/health does not lead to this server: status {status}").format(url=shown(url), status=answer.status)
    why = _("What Chatwoot and Odoo send goes elsewhere.")
    if 300 <= answer.status < 400:
        why = _("It redirects to {place}; older Chatwoots do not follow.").format(
            place=answer.headers.get("location", "?")
        )
    return error("public.other", what, why, _("Correct PUBLIC_URL in .env, or where the proxy leads to"))


async def _shows_admin(context: Context, url: str) -> list[Finding]:
    """Whether the dashboard's login is shown there, which only ADMIN_HOSTS may allow."""
    host = (urlsplit(url).hostname or "").lower()
    if (context.settings and host in context.settings.admin_hosts) or is_inside({"host": host}, (), ""):
        return []
    answer = await context.look_or_none(f"{url}/admin/login")
    if answer is None or answer.status != 200:
        return []
    what = _("The dashboard's login is open to everybody at {url}/admin").format(url=shown(url))
    why = _("The proxy names this machine as the host, and adds no header: its requests look like ones from here.")
    return [error("public.admin", what, why, _("In the proxy: set X-Forwarded-For (nginx: proxy_set_header)"))]


async def is_private(host: str) -> bool:
    """Whether a name or address means only places that the outside cannot reach."""
    if host.endswith(LOCAL_NAMES):
        return True
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False  # that nobody knows the name is told where it is asked
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    return bool(addresses) and not any(each.is_global for each in addresses)
