"""Which further systems send us JSON? Those of config/sources.toml: named, told apart and ordered without code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from config.settings import Settings
from config.sources_file import DeclaredSource, Way
from relay import Incoming, Source, header, source, webhook
from relay import field as at
from relay.authenticate import (
    Addresses,
    AllOf,
    Anybody,
    AnyOf,
    ApiKey,
    Authentication,
    BasicPassword,
    BearerToken,
    HmacSignature,
    StandardWebhooks,
    UrlToken,
)
from relay.describe import Read

WITH_SECRETS: Mapping[str, Callable[..., Authentication]] = {
    "hmac": HmacSignature,
    "standard_webhooks": StandardWebhooks,
    "bearer": BearerToken,
    "api_key": ApiKey,
    "basic": BasicPassword,
    "url_token": UrlToken,
}


@source
def declared(settings: Settings) -> list[Source]:
    """A source for each of the file's tables."""
    return [make(each, settings) for each in settings.sources]


def make(said: DeclaredSource, settings: Settings) -> Source:
    """`/webhook/<name>`, as the file says."""
    ways = [_way(each, settings) for each in said.ways]
    several = AllOf(ways) if said.needs == "all" else AnyOf(ways)
    signal = read_at(said.signal)
    trusted = [each.get("header", "") for each in (way.options for way in said.ways)]
    return webhook(
        said.name,
        title=said.title,
        authenticate=ways[0] if len(ways) == 1 else several,
        signal=signal or said.signal,
        key=read_at(said.key),
        repeat_id=read_at(said.repeat_id),
        account=_Account(said, settings) if said.account else "",
        scrub=said.scrub,
        headers=tuple(each.lower() for each in trusted if each),
    )


def _way(way: Way, settings: Settings) -> Authentication:
    if way.kind == "none":
        return Anybody()
    if way.kind == "addresses":
        return Addresses(way.options["networks"])
    options = {name: value for name, value in way.options.items() if value is not None}
    return WITH_SECRETS[way.kind](_Secrets(way.secrets, settings), **options)


@dataclass(frozen=True)
class _Secrets:
    """The secrets of those accounts that there still are."""

    secrets: Mapping[str, tuple[str, ...]] = field(repr=False)
    settings: Settings = field(repr=False)
    setting = "config/sources.toml"

    def __call__(self) -> dict[str, tuple[str, ...]]:
        known = self.settings.accounts
        return {account: each for account, each in self.secrets.items() if not account or known.get(account)}


@dataclass(frozen=True)
class _Account:
    """Whose it is by the sender's own word, in our words; nobody's where that is none of our accounts."""

    said: DeclaredSource
    settings: Settings = field(repr=False)

    def __call__(self, incoming: Incoming, payload: Any) -> str | None:
        read = read_at(self.said.account)
        word = read(incoming, payload) if read else self.said.account
        account = self.settings.accounts.get(self.said.accounts.get(word or "", word))
        return account.id if account else None


def read_at(where: str) -> Read | None:
    """What `body:path` and `header:Name` stand for; None for a text that is itself."""
    kind, _colon, place = where.partition(":")
    return {"body": at, "header": header}[kind](place) if place else None
