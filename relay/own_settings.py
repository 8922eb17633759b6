"""What may a plugin be told by whoever runs the server? Its own settings: declared, typed, each account's its own."""

import contextlib
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

Own = TypeVar("Own", bound=msgspec.Struct)
# The ends of a secret's name: it is one account's alone, and never shown.
SECRETS = ("token", "tokens", "key", "keys", "secret", "secrets", "password", "passwords")
# What has been set under a prefix, by account, as it is now; "" is for no account in particular.
Values = Callable[[], Mapping[str, Mapping[str, Any]]]


class PerAccount(Generic[Own]):
    """The settings of one kind, for every account.

    In `.env` they are `<PREFIX>_<NAME>`, for the account that is set up there, and, where they are no secret, for all
    others too; in accounts.toml they stand under `[account.<id>.plugin.<prefix>]`.
    """

    def __init__(self, kind: type[Own], prefix: str, values: Values) -> None:
        self.kind, self.prefix = kind, prefix
        self._values = values
        self._known: dict[str, tuple[Mapping[str, Any], Own]] = {}

    def of(self, account: str | None) -> Own:
        """The account's settings as they are now; raises `ValueError` that says which one is wrong."""
        values = self._values()
        return self._own(account, values.get(account or "", values.get("", {})))

    def _own(self, account: str | None, given: Mapping[str, Any]) -> Own:
        known = self._known.get(account or "")
        if known is None or known[0] != given:
            known = self._known[account or ""] = (given, self._convert(account or "", given))
        return known[1]

    def each(self, name: str) -> "Each":
        """One setting of every account, for a source's `authenticate`: account to texts. What is wrong is left out.

        Raises `ValueError` for one whose name is no secret's: what stands in `.env` under it is every account's.
        """
        if name not in self.kind.__struct_fields__:
            has = ", ".join(self.kind.__struct_fields__)
            raise ValueError(f"{self.kind.__name__} has no {name!r}; it has: {has}")
        if not name.endswith(SECRETS):
            wanted = ", ".join(f"_{each}" for each in SECRETS)
            raise ValueError(f"{self.prefix}_{name} proves nobody's identity: name it as a secret, with {wanted} last")
        return Each(self, name)

    def wrong(self) -> list[str]:
        """One sentence per setting that cannot be used."""
        sentences = []
        for account in self._values():
            try:
                self.of(account)
            except ValueError as error:  # noqa: PERF203  # a few accounts, at the start
                sentences.append(str(error))
        return list(dict.fromkeys(sentences))

    def all(self) -> Iterator[tuple[str, Own]]:
        """Every account with its settings; "" is for no account in particular."""
        for account, given in self._values().items():
            with contextlib.suppress(ValueError):  # told at the start; one account's mistake is not another's
                yield account, self._own(account, given)

    def _convert(self, account: str, given: Mapping[str, Any]) -> Own:
        hints = typing.get_type_hints(self.kind)
        named = {name: _split(value, hints.get(name)) for name, value in given.items()}
        where = f"account.{account}.plugin.{self.prefix}" if account else self.prefix
        unknown = sorted(named.keys() - hints.keys())
        if unknown:
            raise ValueError(f"{where}: {unknown[0]} is not known; known are: {', '.join(hints)}")
        try:
            return msgspec.convert(named, self.kind, strict=False)
        except msgspec.ValidationError as error:
            told = _without_value(error)
            field = re.search(r"at `(\w+)", told)
            in_env = f"{self.prefix}_{field[1]}".upper() if field and not account else ""
            raise ValueError(f"{in_env or where}: {told}") from None


@dataclass(frozen=True)
class Each:
    """One setting of every account. Called, it gives them as they are now; `setting` is its name in `.env`."""

    settings: PerAccount[Any]
    name: str

    def __call__(self) -> dict[str, tuple[str, ...]]:
        return {account: _texts(getattr(own, self.name)) for account, own in self.settings.all() if account}

    @property
    def setting(self) -> str:
        """As people write it."""
        return f"{self.settings.prefix}_{self.name}".upper()


def _without_value(error: msgspec.ValidationError) -> str:
    """What is wrong and where; never what was given, which may be a secret."""
    return str(error).replace(" - at `$.", " at `").replace("Object", "The table")


def _split(value: Any, hint: Any) -> Any:
    """A text with commas, where several are wanted."""
    several = typing.get_origin(hint) in (list, tuple, set, frozenset)
    if several and isinstance(value, str):
        return [each.strip() for each in value.split(",") if each.strip()]
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if value is None or isinstance(value, types.EllipsisType | msgspec.UnsetType):
        return ()
    return (str(value),) if isinstance(value, str) else tuple(map(str, value))
