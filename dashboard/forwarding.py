"""Where does a proxy hand on to, does that answer, and what waits for it?"""

from gettext import gettext as _
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dashboard.asked import Nothing, NotThere, WrongQuestion
from dashboard.inside import Inside
from relay.event import now_ms
from relay.store import look

ONGOING = ("waiting", "retrying", "running")


class ForwardAsked(msgspec.Struct, kw_only=True):
    """Where to hand on to from now on."""

    url: Annotated[str, Meta(description="The receiver's address.", examples=["https://loja.ngrok-free.app"])]


async def forward(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """Where this proxy hands on to, how many events wait for it, and what was last wrong (times are epoch ms)."""
    told = await told_of(inside)
    if told is None:
        raise NotThere(_("This server hands nothing on: FORWARD_URL is not set."))
    return told


async def change(inside: Inside, asked: ForwardAsked) -> dict[str, Any]:
    """Hand on to another address from now on; what waits goes there too."""
    await forward(inside, Nothing())
    try:
        inside.settings.forward.change(asked.url)
    except ValueError:
        wanted = _("an address that begins with https:// or http://, without password, ? and #")
        raise WrongQuestion(_("url: expected {wanted}").format(wanted=wanted)) from None
    return await forward(inside, Nothing())


async def told_of(inside: Inside) -> dict[str, Any] | None:
    """The same; None where this server is no proxy."""
    if not inside.settings.forward.is_proxy:
        return None
    rows = [each for each in await inside.store.read(look.backlog, now_ms()) if each["state"] in ONGOING]
    return {
        "url": inside.settings.forward.url(),
        "away": inside.onward.is_away,
        "failed": inside.onward.failed,
        "waiting": sum(each["number"] for each in rows),
        "oldest": min((each["oldest"] for each in rows), default=None),
    }
