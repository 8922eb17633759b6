"""Does what a proxy hands on arrive? Asked where FORWARD_URL is set."""

from gettext import gettext as _

from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning
from dashboard.checks.ngrok_errors import in_plain_words
from dashboard.checks.server import is_health


async def check(context: Context) -> list[Finding]:
    """Whether a server answers behind this one, and whether this one can vouch for what it hands on."""
    assert context.settings is not None
    forward = context.settings.forward
    if not forward.is_proxy:
        return []
    return [*_key(forward.key), await _receiver(context, forward.url())]


def _key(key: str) -> list[Finding]:
    if key:
        return []
    what, why = _("FORWARD_SIGNING_KEY is not set"), _("What waits for minutes, or has a token, is refused over there.")
    return [warning("forward.key", what, why, _("openssl rand -hex 32, the same in .env of both servers"))]


async def _receiver(context: Context, url: str) -> Finding:
    why = _("What comes is kept here, and waits.")
    remedy = _("Start the server and its tunnel there, or tell the address: PUT /admin/api/forward")
    answer = await context.look_or_none(f"{url}/health")
    if answer is None:
        return error("forward.away", _("Nothing answers at {url}").format(url=url), why, remedy)
    if is_health(answer):
        return good("forward.reached", _("Everything is handed on to {url}, which answers").format(url=url))
    plainly = in_plain_words(answer.text, answer.headers)
    what = _("What answers at {url} is not this server: status {status}").format(url=url, status=answer.status)
    return error("forward.other", plainly.what if plainly else what, why, plainly.remedy if plainly else remedy)
