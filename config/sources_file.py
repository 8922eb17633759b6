"""What does config/sources.toml say? Outside systems that send JSON, declared without code; all mistakes at once."""

import hmac
import ipaddress
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from gettext import gettext as _
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from config.toml_reader import LookUp, TomlReader

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
# Whose names are taken: what ships has sources of its own, and so have events that handlers or the clock make.
TAKEN = ("chatwoot", "evolution", "github", "health", "odoo", "relay", "schedule", "standard")
# Each way to prove who one is, with what may be set for it beside its secret.
WAYS: Mapping[str, Sequence[str]] = {
    "hmac": (
        "header", "prefix", "encoding", "digest", "timestamp", "timestamp_prefix", "signed_before", "tolerance",
    ),
    "standard_webhooks": ("prefix", "tolerance"),
    "bearer": (),
    "api_key": ("header",),
    "basic": (),
    "url_token": (),
    "addresses": ("networks",),
    "none": (),
}  # fmt: skip
WITHOUT_SECRET = ("addresses", "none")
_SOURCE = ("title", "signal", "key", "repeat_id", "account", "accounts", "scrub", "needs", "authenticate")
# Where a value is read: a path into the body, a header; a text without a colon is itself.
_READ = re.compile(r"body:[^\s:]+|header:[A-Za-z0-9-]+")
_ITSELF = re.compile(r"[^:]*")


@dataclass(frozen=True)
class Way:
    """How a sender proves who it is. `secrets` are each account's; those of "" are of no account in particular."""

    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class DeclaredSource:
    """One outside system. Values are read from `body:path`, `header:Name`, or are what they say.

    `accounts` are its names for ours; `needs` says whether all of its ways must be right, or any.
    """

    name: str
    title: str = ""
    signal: str = ""
    key: str = ""
    repeat_id: str = ""
    account: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)
    scrub: tuple[str, ...] = ()
    needs: str = "all"
    ways: tuple[Way, ...] = ()

    @property
    def secret_values(self) -> list[str]:
        """Every value that must never be seen."""
        return [value for way in self.ways for values in way.secrets.values() for value in values]


def read_sources_file(
    path: Path | None, look_up: LookUp, accounts: Collection[str]
) -> tuple[list[DeclaredSource], list[str]]:
    """The sources that the file declares, and one sentence per mistake; a file that is not there declares none."""
    if path is None or not path.exists():
        return [], []
    try:
        return read_sources(path.read_text("utf-8"), look_up, accounts)
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        return [], [_("{path} cannot be read: {error}").format(path=path, error=error)]


def read_sources(text: str, look_up: LookUp, accounts: Collection[str]) -> tuple[list[DeclaredSource], list[str]]:
    """The same of a text."""
    read = TomlReader(look_up, "sources.toml")
    content = read.table(tomlkit.parse(text).unwrap(), "", ("source",))
    declared = content.get("source", {})
    if not isinstance(declared, dict):
        return [], [*read.errors, _("sources.toml: write [source.name] above each source.")]
    return [_source(read, name, table, accounts) for name, table in declared.items()], read.errors


def _source(read: TomlReader, name: str, value: Any, accounts: Collection[str]) -> DeclaredSource:
    place = f"source.{name}"
    table = read.table(value, place, _SOURCE)
    if not NAME.fullmatch(name):
        read.wrong(place, _("a name has small letters, digits, - and _ only"))
    if name in TAKEN:
        read.wrong(place, _("is the name of a source that ships; choose another"))
    source = DeclaredSource(
        name=name,
        title=read.text(table, "title", place),
        signal=_where(read, table, "signal", place, itself=True),
        key=_where(read, table, "key", place),
        repeat_id=_where(read, table, "repeat_id", place),
        account=_where(read, table, "account", place, itself=True),
        accounts=_accounts(read, table, place, accounts),
        scrub=read.texts(table, "scrub", place),
        needs=_needs(read, table, place),
        ways=_ways(read, table, place, accounts),
    )
    if not source.signal:
        read.wrong(f"{place}.signal", _("is missing: what names the event, like body:event"))
    _check_whose(read, source, place, accounts)
    return source


def _check_whose(read: TomlReader, source: DeclaredSource, place: str, accounts: Collection[str]) -> None:
    """Every event must be able to be some account's."""
    if source.account and ":" not in source.account and source.account not in accounts:
        read.wrong(f"{place}.account", _unknown(source.account, accounts))
    nobodys = any(way.kind not in WITHOUT_SECRET and "" in way.secrets for way in source.ways)
    somebodys = any(account for way in source.ways for account in way.secrets)
    if source.ways and not source.account and (nobodys or not somebodys):
        example = 'secret = { account_1 = "env:NAME" }'
        text = _("whose is it? Say account, or give each account its secret: {example}")
        read.wrong(place, text.format(example=example))


def _unknown(account: str, accounts: Collection[str]) -> str:
    return _("{name} is no account; there are: {names}").format(name=account, names=", ".join(sorted(accounts)))


def _where(read: TomlReader, table: dict[str, Any], name: str, place: str, *, itself: bool = False) -> str:
    value = read.text(table, name, place)
    if value and not _READ.fullmatch(value) and not (itself and _ITSELF.fullmatch(value)):
        read.wrong(f"{place}.{name}", _("write where it stands: body:order.id, or header:X-Event"))
    return value


def _accounts(read: TomlReader, table: dict[str, Any], place: str, accounts: Collection[str]) -> dict[str, str]:
    value = table.get("accounts", {})
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        read.wrong(f"{place}.accounts", _("write its names and ours: {example}").format(example='"77" = "account_1"'))
        return {}
    for account in sorted({each for each in value.values() if each not in accounts}):
        read.wrong(f"{place}.accounts", _unknown(account, accounts))
    return value


def _needs(read: TomlReader, table: dict[str, Any], place: str) -> str:
    value = read.text(table, "needs", place, "all")
    if value not in ("all", "any"):
        read.wrong(f"{place}.needs", _("one of: {choices}").format(choices="all, any"))
    return value


def _ways(read: TomlReader, table: dict[str, Any], place: str, accounts: Collection[str]) -> tuple[Way, ...]:
    value = table.get("authenticate", [])
    tables = value if isinstance(value, list) else [value]
    if not tables:
        read.wrong(place, _("needs [[{place}.authenticate]]: how its sender proves who it is").format(place=place))
    ways = tuple(_way(read, each, f"{place}.authenticate[{number}]", accounts) for number, each in enumerate(tables))
    if len(ways) > 1 and any(way.kind == "none" for way in ways):
        read.wrong(f"{place}.authenticate", _("none stands alone: beside another it would let everybody in"))
    return ways


def _way(read: TomlReader, value: Any, place: str, accounts: Collection[str]) -> Way:
    kind = str(value.get("way")) if isinstance(value, dict) else ""
    if kind not in WAYS:
        read.wrong(f"{place}.way", _("one of: {choices}").format(choices=", ".join(WAYS)))
        return Way("none")
    secret = () if kind in WITHOUT_SECRET else ("secret",)
    table = read.table(value, place, ("way", *secret, *WAYS[kind]))
    options = {name: _option(read, table, name, place) for name in WAYS[kind] if name in table}
    if kind == "hmac" and not options.get("header"):
        read.wrong(f"{place}.header", _("is missing: the header that has the signature"))
    if options.get("timestamp") and "{timestamp}" not in (options.get("signed_before") or "{timestamp}"):
        read.wrong(f"{place}.signed_before", _("{timestamp} is missing: a time that is not signed proves nothing"))
    if kind == "addresses" and not options.get("networks"):
        read.wrong(f"{place}.networks", _("is missing: the networks it sends from, like 203.0.113.0/24"))
    return Way(kind, options, _secrets(read, table, place, accounts) if secret else {})


def _secrets(
    read: TomlReader, table: dict[str, Any], place: str, accounts: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Each account's, or one of no account in particular; each may have several, while one is replaced."""
    value = table.get("secret")
    given = value if isinstance(value, dict) else {"": value}
    for account in sorted(given.keys() - {"", *accounts}):
        read.wrong(f"{place}.secret", _unknown(account, accounts))
    found = {account: read.texts({"secret": each}, "secret", place) for account, each in given.items() if each}
    if not found:
        read.wrong(f"{place}.secret", _("is missing: {example}").format(example='{ account_1 = "env:NAME" }'))
    return {account: texts for account, texts in found.items() if texts}


def _option(read: TomlReader, table: dict[str, Any], name: str, place: str) -> Any:
    here = f"{place}.{name}"
    if name == "tolerance":
        return read.number(table, name, place)
    if name == "networks":
        return _networks(read, table, place)
    value = read.text(table, name, place)
    if name == "encoding" and value not in ("hex", "base64"):
        read.wrong(here, _("one of: {choices}").format(choices="hex, base64"))
    if name == "digest" and not _is_digest(value):
        read.wrong(here, _("one of: {choices}").format(choices="sha1, sha256, sha512, …"))
    return value


def _is_digest(name: str) -> bool:
    try:
        hmac.digest(b"", b"", name)
    except ValueError:
        return False
    return True


def _networks(read: TomlReader, table: dict[str, Any], place: str) -> tuple[str, ...]:
    networks = read.texts(table, "networks", place)
    for each in networks:
        try:
            ipaddress.ip_network(each)
        except ValueError:  # noqa: PERF203  # a few, at the start
            read.wrong(f"{place}.networks", _("{network} is no network, like 203.0.113.0/24").format(network=each))
    return networks
