"""What has been set for a plugin? In `.env` under its prefix, and in accounts.toml in each account's own table."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from config.accounts import Accounts, is_secret

LookUp = Callable[[str], str | None]


class PluginSettings:
    """Looks up what is set under a plugin's prefix; what looks like a secret stays that of its account."""

    def __init__(self, look_up: LookUp, accounts: Accounts) -> None:
        self._look_up = look_up
        self._accounts = accounts
        self._in_env: dict[str, dict[str, str]] = {}

    def of(self, prefix: str, names: Collection[str]) -> Callable[[], dict[str, Mapping[str, Any]]]:
        """What is set of these names: account to values, as it is now; "" is for no account in particular."""
        in_env = self._in_env.setdefault(prefix, {})
        in_env.update({name: value for name in names if (value := self._in_environment(prefix, name))})
        for_all = {name: value for name, value in in_env.items() if not is_secret(name)}

        def values() -> dict[str, Mapping[str, Any]]:
            first = self._accounts.first.id
            own = {each.id: {**for_all, **each.plugins.get(prefix, {})} for each in self._accounts}
            own[first] = {**in_env, **self._accounts.first.plugins.get(prefix, {})}
            return {"": for_all, **own}

        return values

    def _in_environment(self, prefix: str, name: str) -> str:
        return (self._look_up(f"{prefix}_{name}".upper()) or "").strip()

    @property
    def secret_values(self) -> list[str]:
        """Every value of `.env` that must never be seen; those of accounts.toml are their account's."""
        named = [pair for values in self._in_env.values() for pair in values.items()]
        return [value for name, text in named if is_secret(name) for value in (text, *text.split(","))]
