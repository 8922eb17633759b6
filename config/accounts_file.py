"""What does config/accounts.toml say? Several shops, each with its keys and its places; all mistakes told at once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from gettext import gettext as _
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomlkit
from tomlkit.exceptions import TOMLKitError

from config.accounts import MODES, Account, OdooAccess, Place, RuleModel
from config.toml_reader import LookUp, TomlReader

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class AccountsFile:
    """The file, read again when it has changed; none, or one that is not there, declares no account."""

    def __init__(self, path: Path | None, look_up: LookUp) -> None:
        self.path = path
        self.look_up = look_up
        self._seen: tuple[int, ...] | None = None

    def read(self, first: Account) -> tuple[list[Account], list[str]]:
        """The accounts, and one sentence per mistake."""
        self._seen = self._state()
        try:
            text = self.path.read_text("utf-8") if self.path is not None and self._seen is not None else ""
        except (OSError, UnicodeDecodeError) as error:
            return [first], [_("{path} cannot be read: {error}").format(path=self.path, error=error)]
        return self.judge(text, first)

    def judge(self, text: str, first: Account) -> tuple[list[Account], list[str]]:
        """What the file would declare if this stood in it."""
        try:
            return read_accounts(text, first, self.look_up)
        except TOMLKitError as error:
            return [first], [_("{path} cannot be read: {error}").format(path=self.path, error=error)]

    def has_changed(self) -> bool:
        """Whether it is another file than the one that was read last; not while it is gone, or empty.

        So it is for a moment when an editor saves it: nobody's shop must be gone for that.
        """
        state = self._state()
        return state != self._seen and state is not None and state[1] > 0

    def _state(self) -> tuple[int, ...] | None:
        try:
            found = self.path.stat() if self.path is not None else None
        except FileNotFoundError:
            return None
        return found and (found.st_mtime_ns, found.st_size, found.st_ino)


def read_accounts(text: str, first: Account, look_up: LookUp) -> tuple[list[Account], list[str]]:
    """The first account, and those that the file's text declares beside it; and what is wrong with them.

    The first has its table too, for what `.env` has no names for: its special numbers and rule models.
    """
    content = tomlkit.parse(text).unwrap()
    declared = content.get("account", {})
    reader = TomlReader(look_up, "accounts.toml")
    for name in sorted(content.keys() - {"account"}):
        reader.wrong(name, _("is not known; known are: {names}").format(names="account"))
    if not isinstance(declared, dict):
        return [first], [*reader.errors, _("accounts.toml: write [account.name] above each account.")]
    accounts = [
        _with_more(reader, first, declared.get(first.id, {})),
        *(_account(reader, name, table) for name, table in declared.items() if name != first.id),
    ]
    _check_shared(reader, accounts)
    return accounts, reader.errors


def _with_more(read: TomlReader, first: Account, value: Any) -> Account:
    """The account of `.env`, with what it can only say here."""
    place = f"account.{first.id}"
    table = value if isinstance(value, dict) else {}
    for name in sorted(table.keys() - set(_FIRST)):
        known = _("is set in .env (ACCOUNT_ID); here only: {names}")
        text = known if name in _ACCOUNT else _("is not known; known are: {names}")
        read.wrong(f"{place}.{name}", text.format(names=", ".join(_FIRST)))
    return replace(first, **_answering(read, table, place))


# What is said in this file alone, also of the account of `.env`.
_FIRST = (
    "special_numbers", "rule_model", "llm", "inbox_modes", "resolve_after_hours", "resume_after_hours", "crew",
    "synonyms", "opening", "plugin",
)  # fmt: skip
_ACCOUNT = (
    "name", "timezone", "answer_mode", "paused", "webhook_token", "odoo_key", "odoo_signing_secret", "chatwoot",
    "odoo", *_FIRST,
)  # fmt: skip
_HOURS = re.compile(
    r"closed|{span}(?:, {span})*".replace("{span}", r"(?:[01]\d|2[0-4]):[0-5]\d-(?:[01]\d|2[0-4]):[0-5]\d")
)
_CREW_LISTS = ("asks_for", "knows", "hands_over")


def _account(read: TomlReader, name: str, value: Any) -> Account:
    place = f"account.{name}"
    table = read.table(value, place, _ACCOUNT)
    if not NAME.fullmatch(name):
        read.wrong(place, _("a name has small letters, digits, - and _ only"))
    return Account(
        id=name,
        name=read.text(table, "name", place),
        timezone=_zone(read, read.text(table, "timezone", place, "America/Sao_Paulo"), place),
        answer_mode=_one_of(read, read.text(table, "answer_mode", place, "suggest"), MODES, f"{place}.answer_mode"),
        paused=read.yes(table, "paused", place),
        webhook_tokens=read.texts(table, "webhook_token", place),
        odoo_keys=read.texts(table, "odoo_key", place),
        odoo_signing_secret=read.text(table, "odoo_signing_secret", place),
        chatwoot=tuple(_places(read, table.get("chatwoot", []), f"{place}.chatwoot")),
        odoo=_odoo(read, table.get("odoo", {}), f"{place}.odoo"),
        **_answering(read, table, place),
    )


def _answering(read: TomlReader, table: dict[str, Any], place: str) -> dict[str, Any]:
    """How customers are answered: what only this file can say."""
    return {
        "llm": read.yes(table, "llm", place),
        "special_numbers": _special_numbers(read, table.get("special_numbers", {}), f"{place}.special_numbers"),
        "rule_models": tuple(_rule_models(read, table.get("rule_model", []), f"{place}.rule_model")),
        "inbox_modes": _inbox_modes(read, table.get("inbox_modes", {}), f"{place}.inbox_modes"),
        "resolve_after_hours": read.hours(table, "resolve_after_hours", place),
        "resume_after_hours": read.hours(table, "resume_after_hours", place),
        "crews": _crews(read, table.get("crew", {}), f"{place}.crew"),
        "opening": _opening(read, table.get("opening", {}), f"{place}.opening"),
        "plugins": _plugins(read, table.get("plugin", {}), f"{place}.plugin"),
        "synonyms": _synonyms(read, table.get("synonyms", []), f"{place}.synonyms"),
    }


def _inbox_modes(read: TomlReader, value: Any, place: str) -> tuple[tuple[int, str], ...]:
    """`"7" = "suggest"`: TOML has no numbers as names."""
    if not isinstance(value, dict) or not all(
        each.isascii() and each.isdigit() and mode in MODES for each, mode in value.items()
    ):
        read.wrong(place, _("write inboxes and modes: {example}").format(example='"7" = "suggest"'))
        return ()
    return tuple((int(number), mode) for number, mode in value.items())


def _crews(read: TomlReader, value: Any, place: str) -> dict[str, dict[str, Any]]:
    """Each crew's changes: lists of texts, a closing sentence, and where it runs if it runs elsewhere."""
    if not isinstance(value, dict):
        read.wrong(place, _("write [account.name.crew.sales] above each crew"))
        return {}
    crews: dict[str, dict[str, Any]] = {}
    for name, given in value.items():
        here = f"{place}.{name}"
        table = read.table(given, here, (*_CREW_LISTS, "closing", "address", "key"))
        crews[name] = {field: read.texts(table, field, here) for field in _CREW_LISTS if field in table}
        ways = {"closing": read.text, "address": read.address, "key": read.text}
        crews[name] |= {field: way(table, field, here) for field, way in ways.items() if field in table}
    return crews


def _plugins(read: TomlReader, value: Any, place: str) -> dict[str, dict[str, Any]]:
    """Each plugin's own settings: texts are looked up, the rest is for the plugin to judge."""
    if not isinstance(value, dict) or not all(isinstance(each, dict) for each in value.values()):
        read.wrong(place, _("write [account.name.plugin.github] above each plugin's settings"))
        return {}
    return {name: {each: read.any(table, each, f"{place}.{name}") for each in table} for name, table in value.items()}


def _opening(read: TomlReader, value: Any, place: str) -> tuple[str, ...]:
    """Exceptions to the hours: a day, several in a row, or "holidays", each closed or with its hours."""
    if not isinstance(value, dict):
        read.wrong(place, _("write [account.name.opening] above the days"))
        return ()
    for day, hours in value.items():
        if not (_is_day(day) and isinstance(hours, str) and _HOURS.fullmatch(hours)):
            example = '2026-12-24 = "08:00-12:00", "2026-12-25 to 2026-12-26" = "closed"'
            read.wrong(f"{place}.{day}", _("write days and hours: {example}").format(example=example))
    return tuple(f"{day}: {hours}" for day, hours in value.items())


def _is_day(text: str) -> bool:
    try:
        days = [] if text == "holidays" else [date.fromisoformat(each) for each in text.split(" to ", 1)]
    except ValueError:
        return False
    return days == sorted(days)


def _synonyms(read: TomlReader, value: Any, place: str) -> tuple[tuple[str, ...], ...]:
    """Sets of words for the same thing."""
    sets = value if isinstance(value, list) else [None]
    found = tuple(tuple(each) for each in sets if isinstance(each, list) and len(each) > 1)
    if len(found) < len(sets) or not all(isinstance(word, str) for each in found for word in each):
        read.wrong(place, _("write lists of words: {example}").format(example='[["mimo", "brinde"]]'))
        return ()
    return found


def _zone(read: TomlReader, zone: str, place: str) -> str:
    try:
        ZoneInfo(zone)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        read.wrong(f"{place}.timezone", _("{zone} is no time zone, like America/Sao_Paulo").format(zone=zone))
        return "America/Sao_Paulo"
    return zone


def _one_of(read: TomlReader, value: str, choices: Sequence[str], place: str) -> str:
    if value not in choices:
        read.wrong(place, _("one of: {choices}").format(choices=", ".join(choices)))
        return choices[0]
    return value


def _special_numbers(read: TomlReader, value: Any, place: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        read.wrong(place, _("write numbers and crews: {example}").format(example='"+5541999990000" = "admin"'))
        return ()
    return tuple(value.items())


def _tables(read: TomlReader, value: Any, place: str) -> list[Any]:
    if isinstance(value, list):
        return value
    read.wrong(place, _("write it with two brackets: [[{place}]]").format(place=place))
    return []


def _places(read: TomlReader, value: Any, place: str) -> Iterable[Place]:
    known = ("name", "base_url", "number", "inboxes", "webhook_secret", "api_key", "bot_token")
    names: set[str] = set()
    for number, each in enumerate(_tables(read, value, place)):
        here = f"{place}[{number}]"
        table = read.table(each, here, known)
        name = read.text(table, "name", here)
        if name in names or (name and not NAME.fullmatch(name)):
            read.wrong(f"{here}.name", _("several places of one account need different names, in small letters"))
        names.add(name)
        yield Place(
            name=name,
            base_url=read.address(table, "base_url", here),
            number=read.number(table, "number", here),
            inboxes=read.numbers(table, "inboxes", here),
            secrets=read.texts(table, "webhook_secret", here),
            api_key=read.text(table, "api_key", here),
            bot_token=read.text(table, "bot_token", here),
        )


def _odoo(read: TomlReader, value: Any, place: str) -> OdooAccess:
    addresses, texts = ("url", "webhook_url"), ("database", "login", "api_key")
    table = read.table(value, place, (*addresses, *texts))
    found = {name: read.address(table, name, place) for name in addresses}
    return OdooAccess(**found, **{name: read.text(table, name, place) for name in texts})


def _rule_models(read: TomlReader, value: Any, place: str) -> Iterable[RuleModel]:
    fields = ("name", "text", "type", "starts", "ends")
    for number, each in enumerate(_tables(read, value, place)):
        here = f"{place}[{number}]"
        table = read.table(each, here, ("model", *fields, "shown_if"))
        if not table.get("model"):
            read.wrong(f"{here}.model", _("the model's technical name is missing, like x_shop_rule"))
        given = {name: read.text(table, name, here) for name in ("model", *fields) if name in table}
        shown = {"shown_if": read.texts(table, "shown_if", here)} if "shown_if" in table else {}
        yield RuleModel(**{"model": "", **given}, **shown)  # type: ignore[arg-type]  # texts, and the tuple


def _check_shared(read: TomlReader, accounts: Sequence[Account]) -> None:
    """No two accounts may be told apart by the same key, or live in the same place: their data would meet."""
    seen: dict[object, str] = {}
    for account in accounts:
        claims: list[tuple[object, str]] = [(("key", each), _("a key or token")) for each in account.odoo_keys]
        claims += [(("key", each), _("a key or token")) for each in account.webhook_tokens]
        for place in account.chatwoot:
            what = _("a Chatwoot account and inbox")
            if place.number is not None:  # where it is not set, only the account's own credentials lead to it
                claims += [((place.installation, place.number, inbox), what) for inbox in place.inboxes or (None,)]
        for claim, what in dict(claims).items():
            other = seen.setdefault(claim, account.id)
            if other != account.id:
                why = _("has {what} that {other} has too").format(what=what, other=other)
                read.wrong(f"account.{account.id}", why)
