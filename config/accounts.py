"""Whose is it? The accounts (tenants) that this server serves, and what outside systems call them."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

MODES = ("off", "suggest", "on")


@dataclass(frozen=True)
class Place:
    """Where an account lives in Chatwoot: an installation, the account's number there, and its inboxes (none: all).

    `name` tells several places of one account apart; the only one, or the first, needs none. `number` None: not set.
    """

    name: str = ""
    base_url: str = ""
    number: int | None = None
    inboxes: tuple[int, ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    api_key: str = field(default="", repr=False)
    bot_token: str = field(default="", repr=False)
    learned: bool = False

    @property
    def installation(self) -> str:
        """Which installation it is, however its address was written."""
        return self.base_url.strip().lower().rstrip("/").removesuffix("/api/v1")


@dataclass(frozen=True)
class OdooAccess:
    """How an account's Odoo is called by us; all empty where it is not."""

    url: str = ""
    database: str = ""
    login: str = ""
    api_key: str = field(default="", repr=False)
    webhook_url: str = field(default="", repr=False)


@dataclass(frozen=True)
class RuleModel:
    """Which fields of an Odoo model of one's own are a rule's; `shown_if` names those of which none may be false."""

    model: str
    name: str = "name"
    text: str = "description"
    type: str = "type"
    starts: str = ""
    ends: str = ""
    shown_if: tuple[str, ...] = ("active",)


@dataclass(frozen=True)
class Account:
    """One tenant. `special_numbers` are telephone numbers with the crew that answers them.

    `inbox_modes` are answer modes of single inboxes, by Chatwoot's number. A conversation that a person has is
    resolved after so many quiet hours, and the bot's again after so many (None: never). `crews`, `synonyms`
    and `opening` (exceptions to the hours) are what hubcrew makes of them. `plugins` are the own settings of each.
    """

    id: str
    name: str = ""
    timezone: str = "America/Sao_Paulo"
    answer_mode: str = "on"
    paused: bool = False
    llm: bool = False
    webhook_tokens: tuple[str, ...] = field(default=(), repr=False)
    odoo_keys: tuple[str, ...] = field(default=(), repr=False)
    odoo_signing_secret: str = field(default="", repr=False)
    special_numbers: tuple[tuple[str, str], ...] = ()
    chatwoot: tuple[Place, ...] = ()
    odoo: OdooAccess = OdooAccess()
    rule_models: tuple[RuleModel, ...] = ()
    inbox_modes: tuple[tuple[int, str], ...] = ()
    resolve_after_hours: float | None = None
    resume_after_hours: float | None = None
    crews: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    synonyms: tuple[tuple[str, ...], ...] = ()
    opening: tuple[str, ...] = ()
    plugins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def mode(self) -> str:
        """off, suggest or on; a paused account is off."""
        return "off" if self.paused else self.answer_mode

    def mode_in(self, inbox: int | None) -> str:
        """The mode in one inbox: its own, where it has one."""
        return "off" if self.paused else dict(self.inbox_modes).get(inbox or 0, self.answer_mode)

    @property
    def secret_values(self) -> list[str]:
        """Every value of this account that must never be seen."""
        places = [each for place in self.chatwoot for each in (*place.secrets, place.api_key, place.bot_token)]
        odoo = [*self.odoo_keys, self.odoo_signing_secret, self.odoo.api_key, self.odoo.webhook_url]
        crews = [str(each["key"]) for each in self.crews.values() if each.get("key")]
        return [*self.webhook_tokens, *places, *odoo, *crews, *_secrets_of_plugins(self.plugins)]

    @property
    def webhook_token(self) -> str:
        """The token that is shown for addresses, or ""."""
        return next(iter(self.webhook_tokens), "")

    @property
    def odoo_key(self) -> str:
        """The key that is shown for Odoo's settings, or ""."""
        return next(iter(self.odoo_keys), "")

    @property
    def names_in_address(self) -> tuple[str, ...]:
        """What it may be called in the address that its Chatwoot sends to: our name, Chatwoot's number."""
        return self.id, *(str(each.number) for each in self.chatwoot if each.number is not None)

    @property
    def home(self) -> Place:
        """Its first place in Chatwoot."""
        return next(iter(self.chatwoot), Place())

    def place(self, name: str) -> Place:
        """The place of this name; one that is no longer there is nowhere, and never another."""
        return next((each for each in self.chatwoot if each.name == name), Place() if name else self.home)


def is_secret(name: str) -> bool:
    """Whether the setting of this name must never be shown."""
    return name.lower().removesuffix("s").endswith(("token", "key", "secret", "password"))


def _secrets_of_plugins(plugins: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for table in plugins.values():
        for name, value in table.items():
            if is_secret(name):
                yield from (value,) if isinstance(value, str) else map(str, value)


Home = tuple[Account, Place]


class Accounts:
    """The accounts as they are now: read again when their file changes, and with what Odoo's mapping has added."""

    def __init__(self, declared: Sequence[Account], read: Callable[[], Sequence[Account] | None] | None = None) -> None:
        self._declared = tuple(declared)
        self._read = read
        self._learned: dict[str, list[tuple[int, int | None]]] = {}
        self._numbers: dict[str, dict[str, str]] = {}
        self._now = self._declared
        self._joining = threading.Lock()
        self._homes: tuple[tuple[Account, ...], list[Home]] = ((), [])
        self.former_secrets: set[str] = set()  # only to tell whoever still signs with one what is wrong

    def __iter__(self) -> Iterator[Account]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)

    @property
    def first(self) -> Account:
        """The account of `.env`."""
        return self._now[0]

    def get(self, account: str | None) -> Account | None:
        """The account of this name; None when there is none, or no longer."""
        return next((each for each in self._now if each.id == account), None)

    def homes(self) -> list[Home]:
        """Every place of every account."""
        if self._homes[0] is not self._now:
            self._homes = (self._now, [(account, place) for account in self._now for place in account.chatwoot])
        return self._homes[1]

    def reload(self) -> bool:
        """Read the file again if it has changed; True when it had. Where that raises, nothing has changed."""
        fresh = self._read() if self._read is not None else None
        if fresh is not None:
            before = {secret for _account, place in self.homes() for secret in place.secrets}
            self._declared = tuple(fresh)
            self._join()
            self.former_secrets |= before - {secret for _account, place in self.homes() for secret in place.secrets}
        return fresh is not None

    def learn(self, account: str, places: Iterable[tuple[int, int | None]], numbers: Mapping[str, str]) -> None:
        """Take Odoo's mapping for an account: (Chatwoot account, inbox or None for all) pairs, and special numbers."""
        self._learned[account] = list(places)
        self._numbers[account] = dict(numbers)
        self._join()

    def claimed_by_another(self, account: str, number: int, inbox: int | None) -> str | None:
        """Which other account of the same installation would lose messages to this Chatwoot account and inbox."""
        return _claimed(self._now, account, number, inbox)

    def _join(self) -> None:
        """What is declared goes before what was learned, also another account's. Others read `_now` meanwhile."""
        with self._joining:
            self._now = tuple(self._joined(each) for each in self._declared)

    def _joined(self, account: Account) -> Account:
        learned = [
            pair for pair in self._learned.get(account.id, ()) if not _claimed(self._declared, account.id, *pair)
        ]
        numbers = {**self._numbers.get(account.id, {}), **dict(account.special_numbers)}
        places = (*account.chatwoot, *_places(account, learned))
        return replace(account, chatwoot=places, special_numbers=tuple(numbers.items()))


def _claimed(accounts: Iterable[Account], account: str, number: int, inbox: int | None) -> str | None:
    """Which of these accounts, other than this one, has this Chatwoot account and inbox of the same installation."""
    accounts = tuple(accounts)
    installation = next((each.home.installation for each in accounts if each.id == account), "")
    for other in accounts:
        for place in other.chatwoot if other.id != account else ():
            its_inbox = not place.inboxes or inbox in place.inboxes  # an inbox that is named goes before all inboxes
            if (place.installation, place.number) == (installation, number) and its_inbox:
                return other.id
    return None


def _places(account: Account, learned: Iterable[tuple[int, int | None]]) -> list[Place]:
    """Learned places have the secrets of the account's first; those that it declares itself are left out."""
    own = {(each.number, inbox) for each in account.chatwoot for inbox in each.inboxes or (None,)}
    return [
        replace(account.home, number=number, inboxes=() if inbox is None else (inbox,), learned=True)
        for number, inbox in learned
        if (number, inbox) not in own
    ]


def home_of(homes: Sequence[Home], number: int | None, inbox: int | None) -> Home | None:
    """Whose event it is, of the homes that its sender may speak for; None when nobody's, or not clearly one's.

    An inbox that is named goes before "all inboxes". An event without a number (conversations and typing, before
    Chatwoot 4.14.2) belongs to the only account there is, and so does every event while its number is not set.
    """
    if len(homes) == 1 and number is not None and homes[0][1].number == number and not homes[0][1].inboxes:
        return homes[0]  # a server with one shop
    numbered = [each for each in homes if number is None or each[1].number == number]
    fitting = [each for each in numbered if inbox is None or not each[1].inboxes or inbox in each[1].inboxes]
    found = [each for each in fitting if inbox is not None and each[1].inboxes] or fitting
    if not found and len({account.id for account, _ in homes}) == 1:
        found = [each for each in homes if each[1].number is None]
    alike = {(account.id, place.name, place.number) for account, place in found}
    return found[0] if len(alike) == 1 else None
