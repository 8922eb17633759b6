"""What does looking in need of the running server?"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from gettext import gettext as _

from clients import Onward
from clients.living import Living
from config.accounts import Account
from config.settings import Settings
from dashboard.asked import NotThere
from dashboard.figures import Minutes
from dashboard.reading import Audits
from dashboard.runs import Runs
from dashboard.watch import Watch
from hubcrew import HubCrew
from relay.blame import Blame
from relay.deliver import Deliver
from relay.signals import Signals
from relay.source import Source
from relay.store import State, Store

# POST to this server itself: path, body, headers; the status and the text of the answer.
Send = Callable[[str, bytes, Mapping[str, str]], Awaitable[tuple[int, str]]]


@dataclass(frozen=True)
class Inside:
    """The parts of the running server that pages and JSON show or touch.

    `send` is its own way in, `in_words` says for people why a person must answer.
    """

    settings: Settings
    store: Store
    state: State
    deliver: Deliver
    signals: Signals
    sources: list[Source]
    crew: HubCrew
    runs: Runs
    watch: Watch
    send: Send
    in_words: Callable[[str], str]
    minutes: Minutes
    blame: Blame
    onward: Onward
    living: Living
    audits: Audits

    def account(self, name: str | None) -> Account:
        """The account that is asked for, or the first; `NotThere` where there is none of that name."""
        account = self.settings.accounts.get(name or self.settings.accounts.first.id)
        if account is None:
            raise NotThere(_("There is no account {name}.").format(name=name))
        return account

    def handler_ids(self, *, answering: bool) -> list[int]:
        """The ids of the loaded handlers that answer requests, or of the others."""
        handlers = [each for each in self.signals.all_handlers() if each.keep and each.answers is answering]
        return [self.store.handler_ids[each.name] for each in handlers]
