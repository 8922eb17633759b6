"""Does this copy of the server act, or stand by? And who pauses it, or lets it go on?"""

from gettext import gettext as _
from typing import Annotated, Any

import msgspec
from loguru import logger
from msgspec import Meta

from clients.living import ELSEWHERE, Standing
from clients.living import PAUSED as BY_SOMEBODY
from dashboard.asked import Nothing
from dashboard.inside import Inside

# Where it is kept why this server is paused; a restored backup begins with it.
PAUSED = "paused"


class PauseAsked(msgspec.Struct, kw_only=True):
    """Whether it is to be paused, and why."""

    paused: Annotated[bool, Meta(description="True: nobody is answered and nothing is fetched, until it is false.")]
    why: Annotated[str, Meta(max_length=300, description="What is shown to whoever looks.")] = ""


async def pause(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """Whether this server is paused, and why; which accounts it stands by for, while another copy is the living one."""
    why = str(await inside.state.get("", PAUSED) or "")
    return {"paused": bool(why), "why": why, "standing_by": await standing_by(inside)}


async def set_pause(inside: Inside, asked: PauseAsked) -> dict[str, Any]:
    """Pause this server, or let it go on: what has come meanwhile is dealt with then."""
    why = (asked.why.strip() or _("Somebody has paused it.")) if asked.paused else None
    await inside.state.put("", PAUSED, why)
    logger.bind(component="server").warning("the server was {}", "paused" if asked.paused else "let go on")
    return await pause(inside, Nothing())


async def standing_by(inside: Inside) -> list[dict[str, Any]]:
    """The accounts that this server does not act for now, each with why, and what is to be said of it."""
    standing = {each.id: await inside.living.standing(each.id) for each in inside.settings.accounts}
    return [
        {"account": account, "why": each.why, "about": each.about, "text": in_words(each)}
        for account, each in standing.items()
        if each is not None
    ]


def in_words(standing: Standing) -> str:
    """Why it stands by, for people."""
    if standing.why == BY_SOMEBODY:
        return _("Paused: {why}").format(why=standing.about)
    if standing.why == ELSEWHERE:
        return _(
            "Chatwoot sends to {address}, not here. If this server is to answer: python -m scripts.chatwoot register; "
            "if that address leads here, write it into .env as PUBLIC_URL."
        ).format(address=standing.about)
    return _("Whether Chatwoot sends here is being found out.")
