"""Can Odoo be called? Reached, and logged in to, for each account where that is set up."""

import asyncio
from contextlib import aclosing
from gettext import gettext as _
from urllib.parse import urlsplit

from clients.http import Failed, Refused
from clients.odoo_server import OdooConnection, OdooServer
from config.accounts import Account
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning

SECONDS = 6.0
FEW = {"allfields": ["name"], "attributes": ["type"]}


async def check(context: Context) -> list[Finding]:
    """One finding for each account that calls its Odoo."""
    callers = [each for each in context.accounts if each.odoo.url or each.odoo.api_key]
    return list(await asyncio.gather(*(_account(each) for each in callers)))


async def _account(account: Account) -> Finding:
    own = account.odoo
    if not (own.url and own.api_key):
        what, why = _("Of ODOO_URL and ODOO_API_KEY only one is set"), _("Its Odoo is not called.")
        remedy = _("Set both in .env (accounts.toml: url, api_key), or neither")
        return warning("odoo.half", what, why, remedy, account.id)
    connection = OdooConnection(own.url, own.database, own.api_key, own.login)
    host = urlsplit(own.url).netloc.rpartition("@")[2]
    try:
        async with aclosing(OdooServer(connection, waits=())) as server:
            await asyncio.wait_for(server.ask("res.partner", "fields_get", [], FEW, again=False), SECONDS)
    except (Failed, asyncio.TimeoutError) as failed:
        return _failure(account, host, failed)
    return good("odoo.login", _("Odoo at {host} takes the key").format(host=host), account.id)


def _failure(account: Account, host: str, failed: Exception) -> Finding:
    said = str(failed) or _("no answer in time")
    why = _("Orders are not looked up, and handlers that call Odoo fail.")
    if not isinstance(failed, Refused):
        what = _("Odoo at {host} does not answer: {error}").format(host=host, error=said)
        return error("odoo.unreachable", what, why, _("Correct ODOO_URL (accounts.toml: url), or start it"), account.id)
    if failed.status == 401:
        what = _("Odoo at {host} refuses the key").format(host=host)
        remedy = _(
            "In Odoo: your user → Preferences → Account Security → New API Key; then ODOO_API_KEY (to 18: ODOO_LOGIN)"
        )
        return error("odoo.key", what, why, remedy, account.id)
    if failed.status == 403:
        what = _("Odoo at {host} lets this user read no contacts").format(host=host)
        return error(
            "odoo.rights", what, why, _("In Odoo: Settings → Users, give it rights to contacts and sales"), account.id
        )
    what = _("Odoo at {host} cannot be used: {error}").format(host=host, error=said)
    return error("odoo.other", what, why, _("Correct ODOO_URL, ODOO_DB and ODOO_LOGIN: docs/odoo.md"), account.id)
