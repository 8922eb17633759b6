"""How is Chatwoot made to send us what we need? Bot and webhook made or mended, secrets kept, inboxes linked.

Whatever is there is found by what it is, not by what was written down: a run that was interrupted is simply run again.
"""

from collections.abc import Awaitable, Callable, Sequence
from gettext import gettext as _
from typing import NamedTuple, TypeVar

from clients.addresses import shown
from clients.chatwoot_setup import (
    BOT_SIGNS_SINCE,
    WEBHOOK_SIGNS_SINCE,
    AgentBot,
    ChatwootSetup,
    Inbox,
    Version,
    Webhook,
)
from config.accounts import Account, Place
from dashboard.checks.chatwoot_wiring import Wired, our_bot, wired
from dashboard.checks.senders import NEEDED, has_token_of, is_ours, our_address
from scripts.change_accounts import Unusable

NAME = "Servidor Unificado"
Made = TypeVar("Made")


class Wanted(NamedTuple):
    """What is to be: the address that leads here, and the inboxes that the bot shall serve (None: all that it may)."""

    public_url: str
    is_first: bool
    inboxes: Sequence[int] | None
    replace: bool = False


class Kept(NamedTuple):
    """What has to be written down here: the bot's token, "" where it is known, and secrets that are not known yet."""

    bot_token: str
    secrets: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.bot_token or self.secrets)


class Wiring:
    """One run over one place of an account. `said` is what was done; with `dry_run`, what would be."""

    def __init__(self, version: Version, account: Account, place: Place, wanted: Wanted, *, dry_run: bool) -> None:
        self._version = version
        self._account, self._place, self._wanted = account, place, wanted
        self._dry_run = dry_run
        self.said: list[str] = []
        self.left: list[str] = []
        self.has_kept = False

    async def run(self, setup: ChatwootSetup, keep: Callable[[Kept], str]) -> None:
        """Do it; `keep` writes down what must be, and tells where. Raises `Unusable` and `clients.http.Failed`."""
        there = await wired(setup)
        chosen = self._chosen(there)
        bot, webhook = await self._bot(setup, there), await self._webhook(setup, there)
        kept = self._to_keep(there, bot, webhook)
        if kept and not self._dry_run:
            self.said.append(_("secrets and token written to {path}").format(path=keep(kept)))
            self.has_kept = True
        for inbox in chosen:
            # Last: until its secret is known here, what the bot sends would be refused.
            await self._connect(setup, inbox, bot, there.serving.get(inbox.id))

    def _chosen(self, there: Wired) -> list[Inbox]:
        """The inboxes to link; complains before anything is changed."""
        ours = our_bot(there.bots, self._account, self._place, self._wanted.public_url)
        own = {each.id: each for each in there.inboxes if not self._place.inboxes or each.id in self._place.inboxes}
        unknown = [number for number in self._wanted.inboxes or () if number not in own]
        if unknown:
            names = ", ".join(_named(each) for each in own.values()) or "-"
            text = _("There is no inbox {numbers}. There are: {names}")
            raise Unusable(text.format(numbers=", ".join(str(each) for each in unknown), names=names))
        chosen = list(own.values()) if self._wanted.inboxes is None else [own[each] for each in self._wanted.inboxes]
        taken = [each for each in chosen if _is_anothers(there.serving.get(each.id), ours)]
        return chosen if self._wanted.replace else self._spared(chosen, taken)

    def _spared(self, chosen: list[Inbox], taken: list[Inbox]) -> list[Inbox]:
        names = ", ".join(_named(each) for each in taken)
        text = _("another bot serves {names}: to take it over, --replace").format(names=names)
        if taken and self._wanted.inboxes is not None:
            raise Unusable(_("Nothing was changed: {text}").format(text=text))
        if taken:
            self.left.append(text)
        return [each for each in chosen if each not in taken]

    async def _bot(self, setup: ChatwootSetup, there: Wired) -> AgentBot:
        found = our_bot(there.bots, self._account, self._place, self._wanted.public_url)
        signs = bool(found.secret) if found else self._version >= BOT_SIGNS_SINCE
        url = self._address(signs)
        if found is None:
            what = _("agent bot {name} made, which sends to {url}").format(name=NAME, url=shown(url))
            description = _("Answers from the shop's rules")
            found = await self._do(what, AgentBot(0, NAME, url), lambda: setup.create_bot(NAME, description, url))
        if self._is_right(found.url, signs=bool(found.secret) or found.id == 0):
            return found
        known, url = found, self._address(bool(found.secret))
        what = _("agent bot {name} sends to {url} now").format(name=found.name, url=shown(url))
        changed = await self._do(what, found, lambda: setup.change_bot(known.id, url))
        return changed._replace(token=changed.token or found.token, secret=changed.secret or found.secret)

    async def _webhook(self, setup: ChatwootSetup, there: Wired) -> Webhook:
        found = self._our_webhook(there.webhooks)
        url = self._address(self._version >= WEBHOOK_SIGNS_SINCE)
        if found is None:
            what = _("webhook made, which sends to {url}").format(url=shown(url))
            made = Webhook(0, url, NEEDED)
            found = await self._do(what, made, lambda: setup.create_webhook(url, NAME, NEEDED))
        subscriptions = tuple(dict.fromkeys([*found.subscriptions, *NEEDED]))
        is_right = self._is_right(found.url, signs=bool(found.secret) or found.id == 0)
        if is_right and set(subscriptions) == set(found.subscriptions):
            return found
        known, url = found, found.url if is_right else self._address(bool(found.secret))
        what = _("webhook mended, which sends to {url}").format(url=shown(url))
        changed = await self._do(what, found, lambda: setup.change_webhook(known.id, url, subscriptions))
        return changed._replace(secret=changed.secret or found.secret)

    def _our_webhook(self, webhooks: Sequence[Webhook]) -> Webhook | None:
        """One that leads here; or led here once, as a secret or token tells that only this server has."""
        here = [each for each in webhooks if is_ours(each.url, self._wanted.public_url, self._account)]
        known = self._place.secrets
        once = [each for each in webhooks if each.secret in known or has_token_of(each.url, self._account)]
        return next(iter([*here, *once]), None)

    def _address(self, signs: bool) -> str:
        """Without a token where the sender signs: addresses are written into many logs."""
        if not signs and not self._account.webhook_token:
            text = _("This Chatwoot does not sign: WEBHOOK_TOKEN (accounts.toml: webhook_token) must be set first.")
            raise Unusable(text)
        url, is_first = self._wanted.public_url, self._wanted.is_first
        return our_address(url, self._account, is_first=is_first, with_token=not signs)

    def _is_right(self, url: str, *, signs: bool) -> bool:
        is_here = is_ours(url, self._wanted.public_url, self._account)
        return is_here and (signs or has_token_of(url, self._account))

    def _to_keep(self, there: Wired, bot: AgentBot, webhook: Webhook) -> Kept:
        """Of an API inbox that sends here the secret too: where one secret is held, every signature is checked."""
        ours = [each for each in there.inboxes if is_ours(each.url, self._wanted.public_url, self._account)]
        secrets = dict.fromkeys([webhook.secret, bot.secret, *(each.secret for each in ours)])
        unknown = tuple(each for each in secrets if each and each not in self._place.secrets)
        return Kept("" if bot.token == self._place.bot_token else bot.token, unknown)

    async def _connect(self, setup: ChatwootSetup, inbox: Inbox, bot: AgentBot, serving: AgentBot | None) -> None:
        if serving is not None and serving.id == bot.id:
            return
        what = _("inbox {name}: served by the bot").format(name=_named(inbox))
        if serving is not None:
            what += " " + _("(before: {name})").format(name=serving.name)
        await self._do(what, None, lambda: setup.connect(inbox.id, bot.id))

    async def _do(self, what: str, pretended: Made, do: Callable[[], Awaitable[Made]]) -> Made:
        made = pretended if self._dry_run else await do()
        self.said.append(what)
        return made


def _named(inbox: Inbox) -> str:
    """An inbox's name and number, without what could move a terminal's cursor."""
    return f"{''.join(each for each in inbox.name if each.isprintable())} ({inbox.id})"


def _is_anothers(serving: AgentBot | None, ours: AgentBot | None) -> bool:
    return serving is not None and (ours is None or serving.id != ours.id)
