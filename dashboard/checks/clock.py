"""Is the clock right? Compared with what the other servers say in their answers: signatures are valid for minutes."""

import asyncio
from gettext import gettext as _
from urllib.parse import urlsplit

from clients.chatwoot_setup import address_of_version
from clients.odoo_server import origin
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning

# Chatwoot's signatures are refused when they are older, or newer, than this.
SIGNATURE_SECONDS = 300
DOUBTFUL_SECONDS = 60


async def check(context: Context) -> list[Finding]:
    """By how much the clocks differ; nothing where nobody tells the time."""
    addresses = _addresses(context)
    answers = await asyncio.gather(*(context.look_or_none(each) for each in addresses))
    skews = {url: each.skew for url, each in zip(addresses, answers, strict=True) if each and each.skew is not None}
    if not skews:
        return []
    url, skew = max(skews.items(), key=lambda each: abs(each[1] or 0.0))
    return [judged(urlsplit(url).hostname or url, skew or 0.0)]


def judged(host: str, skew: float) -> Finding:
    """Whether a difference of so many seconds, ours less theirs, is one to live with."""
    if abs(skew) <= DOUBTFUL_SECONDS:
        return good("clock.right", _("The clock agrees with {host}").format(host=host))
    direction = _("before") if skew > 0 else _("behind")
    what = _("The clock is {seconds} s {direction} that of {host}")
    said = what.format(seconds=round(abs(skew)), direction=direction, host=host)
    remedy = _("On the machine whose clock is wrong: timedatectl set-ntp true")
    if abs(skew) > SIGNATURE_SECONDS:
        return error("clock.wrong", said, _("Signatures count as too old: what Chatwoot signs is refused."), remedy)
    why = _("Beyond {seconds} s what Chatwoot signs is refused.").format(seconds=SIGNATURE_SECONDS)
    return warning("clock.skewed", said, why, remedy)


def _addresses(context: Context) -> list[str]:
    chatwoots = [address_of_version(place.base_url) for _account, place in context.places() if place.base_url]
    odoos = [f"{origin(each.odoo.url)}/web/health" for each in context.accounts if each.odoo.url]
    return list(dict.fromkeys([*chatwoots, *odoos]))
