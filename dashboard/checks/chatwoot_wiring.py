"""Does Chatwoot send us what we need, and would we take it? Webhooks, bots and inboxes, as an administrator sees them.

Several senders at once (webhook, bot, an API inbox) are fine: a message that comes three times is one event.
"""

import asyncio
from collections.abc import Iterable
from contextlib import aclosing
from gettext import gettext as _
from typing import NamedTuple

from clients.addresses import looks_like_ours, shown
from clients.chatwoot_setup import AgentBot, ChatwootSetup, Inbox, Webhook
from clients.http import Failed
from clients.living import Copy, Registered, judge
from config.accounts import Account, Place
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning
from dashboard.checks.senders import NEEDED, is_ours, standing

REGISTER = "python -m scripts.chatwoot register"
# Of so many inboxes it is asked which bot serves them.
MOST_INBOXES = 50


class Wired(NamedTuple):
    """What is registered in one account of a Chatwoot; `bots` has those of the account, `serving` each inbox's."""

    webhooks: list[Webhook]
    bots: list[AgentBot]
    inboxes: list[Inbox]
    serving: dict[int, AgentBot | None]


async def wired(setup: ChatwootSetup) -> Wired:
    """What is registered; raises `Failed`."""
    webhooks, bots, inboxes = await asyncio.gather(setup.webhooks(), setup.bots(), setup.inboxes())
    serving = await asyncio.gather(*(setup.bot_of(each.id) for each in inboxes[:MOST_INBOXES]))
    return Wired(webhooks, bots, inboxes, {each.id: bot for each, bot in zip(inboxes, serving, strict=False)})


async def check(context: Context, account: Account, place: Place) -> list[Finding]:
    """What an administrator sees of it; nothing where PUBLIC_URL is not set, since nobody could point there."""
    if context.settings is None or not context.settings.public_url or place.number is None:
        return []
    try:
        async with aclosing(ChatwootSetup(place.base_url, place.api_key, place.number)) as setup:
            there = await wired(setup)
    except Failed as failed:
        what = _("Webhooks and bots cannot be read: {error}").format(error=failed)
        remedy = _("Look at Chatwoot's own log")
        return [warning("chatwoot.wiring_unread", what, _("It is not known what is sent here."), remedy, account.id)]
    public_url = context.settings.public_url
    ours = our_bot(there.bots, account, place, public_url)
    return [
        *_living(there, (public_url, context.settings.tunnel.vps_url), account),
        *_webhooks(there.webhooks, account, place, public_url),
        *_bot(ours, account, place, public_url),
        *_inboxes(there, ours, account, place),
        *(found for each in there.inboxes for found in _inbox(each, account, place, public_url)),
    ]


def _living(there: Wired, addresses: tuple[str, ...], account: Account) -> list[Finding]:
    """Whether another copy of this server is the one that answers."""
    urls = (*(each.url for each in there.webhooks), *(each.url for each in there.bots + there.inboxes))
    standing = judge([Registered(tuple(filter(None, urls)), is_all=True)], Copy(tuple(filter(None, addresses)), ()))
    if standing is None:
        return []
    what = _("Chatwoot sends to {url}, not here").format(url=standing.about)
    why = _("This server takes another copy for the one that answers, and stands by: nobody is answered by it.")
    remedy = REGISTER + _("; if that address leads here, it is PUBLIC_URL")
    return [error("chatwoot.other_copy", what, why, remedy, account.id)]


def our_bot(bots: Iterable[AgentBot], account: Account, place: Place, public_url: str) -> AgentBot | None:
    """The bot whose token we hold, or else the one that sends to us."""
    bots = [each for each in bots if not each.is_system]
    by_token = [each for each in bots if each.token and each.token == place.bot_token]
    return next(iter([*by_token, *(each for each in bots if is_ours(each.url, public_url, account))]), None)


def _webhooks(webhooks: list[Webhook], account: Account, place: Place, public_url: str) -> list[Finding]:
    ours = [each for each in webhooks if is_ours(each.url, public_url, account)]
    if not ours:
        old = [shown(each.url) for each in webhooks if looks_like_ours(each.url)]
        what = _("No webhook of the account leads to {url}").format(url=public_url)
        if old:
            what += "; " + _("one leads to {url}").format(url=old[0])
        why = _("Of what the bot's own requests leave out or lose, nothing is heard: the bot may talk over a person.")
        return [warning("chatwoot.webhook", what, why, REGISTER, account.id)]
    found = [
        each for webhook in ours for each in _vouched(_("The webhook"), webhook.url, webhook.secret, account, place)
    ]
    missing = sorted(set(NEEDED).difference(*(each.subscriptions for each in ours)))
    if missing:
        what = _("The webhook is not subscribed to: {names}").format(names=", ".join(missing))
        why = _("The bot does not hear of it, and may talk over a person.")
        found.append(warning("chatwoot.subscriptions", what, why, REGISTER, account.id))
    return found or [good("chatwoot.webhook", _("The account's webhook leads here and is taken"), account.id)]


def _bot(ours: AgentBot | None, account: Account, place: Place, public_url: str) -> list[Finding]:
    if ours is None:
        what = _("No agent bot of the account leads to {url}").format(url=public_url)
        why = _("Conversations begin as open, which are a person's: nobody is answered (ANSWER_STATUSES=pending).")
        return [warning("chatwoot.bot", what, why, f"{REGISTER} --all", account.id)]
    if not is_ours(ours.url, public_url, account):
        what = _("The bot {name} sends to {url}, not here").format(name=ours.name, url=shown(ours.url))
        why = _("Customers' messages go elsewhere; where that fails, Chatwoot sets the conversation open.")
        return [error("chatwoot.bot_address", what, why, REGISTER, account.id)]
    found = _vouched(_("The bot {name}").format(name=ours.name), ours.url, ours.secret, account, place)
    if place.bot_token and ours.token and ours.token != place.bot_token:
        what = _("The bot {name} sends here, and CHATWOOT_BOT_TOKEN is another's").format(name=ours.name)
        why = _("Replies come from another bot than the one that is connected.")
        found.append(warning("chatwoot.bot_other", what, why, REGISTER, account.id))
    return found or [
        good("chatwoot.bot", _("The bot {name} leads here and is taken").format(name=ours.name), account.id)
    ]


def _inboxes(there: Wired, ours: AgentBot | None, account: Account, place: Place) -> list[Finding]:
    own = [each for each in there.inboxes if not place.inboxes or each.id in place.inboxes]
    served, others, none = (
        [f"{each.name} ({each.id})" for each in own if _served_by(there.serving.get(each.id), ours) == who]
        for who in ("ours", "another", "nobody")
    )
    if served:
        said = _("The bot serves: {names}").format(names=", ".join(served))
        if none or others:
            said += "; " + _("not: {names}").format(names=", ".join([*none, *others]))
        return [good("chatwoot.inboxes", said, account.id)]
    what = _("The bot serves no inbox")
    if others:
        what += "; " + _("another bot serves: {names}").format(names=", ".join(others))
    why = _("Conversations begin as open, which are a person's: nobody is answered (ANSWER_STATUSES=pending).")
    return [warning("chatwoot.inboxes", what, why, f"{REGISTER} --inbox N", account.id)]


def _served_by(bot: AgentBot | None, ours: AgentBot | None) -> str:
    if bot is None:
        return "nobody"
    return "ours" if ours is not None and bot.id == ours.id else "another"


def _inbox(inbox: Inbox, account: Account, place: Place, public_url: str) -> list[Finding]:
    if not is_ours(inbox.url, public_url, account):
        return []
    who = _("The API inbox {name} ({number})").format(name=inbox.name, number=inbox.id)
    return _vouched(who, inbox.url, inbox.secret, account, place)


def _vouched(who: str, url: str, secret: str, account: Account, place: Place) -> list[Finding]:
    """What is to be said of a sender that leads here; nothing where it is taken and checked."""
    how = standing(url, secret, account, place)
    if how == "refused" and secret:
        what, why = (
            _("{who} signs with a secret that is not set here").format(who=who),
            _("All that it sends is refused."),
        )
        return [error("chatwoot.secret", what, why, REGISTER, account.id)]
    if how == "refused":
        what, why = _("{who} has no valid token in its address").format(who=who), _("All that it sends is refused.")
        return [error("chatwoot.url_token", what, why, REGISTER, account.id)]
    if how == "unchecked":
        what = _("{who} signs, and no secret is set (CHATWOOT_WEBHOOK_SECRET)").format(who=who)
        why = _("The signature is not looked at: the token in the address is all that is checked.")
        return [warning("chatwoot.signature_unchecked", what, why, REGISTER, account.id)]
    return []
