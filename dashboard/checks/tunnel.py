"""Does the tunnel's address lead here? Asked from outside, as a sender or the proxy would ask it."""

from gettext import gettext as _
from urllib.parse import urlsplit

from config.settings import Settings
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good
from dashboard.checks.ngrok import START, running_tunnels
from dashboard.checks.ngrok_errors import in_plain_words
from dashboard.checks.server import is_health


async def check(context: Context) -> list[Finding]:
    """Whether what is sent to the tunnel arrives."""
    assert context.settings is not None
    address = await address_of(context)
    if not address:
        what = _("No tunnel is known: no ngrok runs here, and NGROK_DOMAIN is not set")
        return [error("tunnel.none", what, _("The outside does not reach this machine."), START)]
    return [await look_through(context, address)]


async def address_of(context: Context) -> str:
    """The address of the tunnel that runs; else the one that it should have; "" where none is known."""
    assert context.settings is not None
    settings = context.settings
    ours = [each.address for each in await running_tunnels(context) or [] if each.port == settings.port]
    return _wanted(ours, settings)


def _wanted(ours: list[str], settings: Settings) -> str:
    domain = settings.tunnel.domain
    fixed = next((each for each in ours if urlsplit(each).netloc == domain), f"https://{domain}") if domain else ""
    by_ngrok = settings.public_url if ".ngrok" in (urlsplit(settings.public_url).hostname or "") else ""
    return fixed or next(iter(sorted(ours, reverse=True)), by_ngrok)  # https:// before http://


async def look_through(context: Context, address: str) -> Finding:
    """What answers at the tunnel's address: this server, ngrok itself, another program, or nobody."""
    answer = await context.look_or_none(f"{address}/health")
    if answer is None:
        what = _("Nothing answers at the tunnel's address, asked from here: {url}").format(url=address)
        remedy = _("Look at this machine's network; then: {command}").format(command=START)
        return error("tunnel.unreachable", what, _nothing_arrives(), remedy)
    if is_health(answer):
        return good("tunnel.reached", _("{url} leads to this server").format(url=address))
    plainly = in_plain_words(answer.text, answer.headers)
    if plainly:
        what = f"{plainly.what} (ERR_NGROK_{plainly.code}): {address}"
        return error("tunnel.refused", what, _nothing_arrives(), plainly.remedy)
    what = _("{url}/health does not lead to this server: status {status}").format(url=address, status=answer.status)
    return error(
        "tunnel.other", what, _nothing_arrives(), _("Another program has SERVER_PORT, or the domain is another's")
    )


def _nothing_arrives() -> str:
    return _("What Chatwoot and Odoo send does not arrive.")
