"""How is a setting read? One after the other, and what is wrong is collected instead of stopping at the first."""

from collections.abc import Callable
from gettext import gettext as _
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from config.toml_reader import is_address

SECRETS = ("TOKEN", "KEY", "SECRET")
# Addresses in which a password may stand.
WITH_SECRETS = ("DATABASE_URL", "ALARM_WEBHOOK_URL", "FORWARD_URL")


class Reader:
    """Reads settings by their names from what looks them up; `errors` and `names` are what came of it."""

    def __init__(self, look_up: Callable[[str], str | None]) -> None:
        self._look_up = look_up
        self.errors: list[str] = []
        self.names: set[str] = set()

    def _get(self, name: str) -> str:
        self.names.add(name)
        return (self._look_up(name) or "").strip()

    def text(self, name: str, default: str = "", one_of: tuple[str, ...] = ()) -> str:
        """The setting as it is written; a secret's name asks for no blanks, and `one_of` for one of these."""
        value = self._get(name) or default
        if name.endswith(SECRETS) and not (value.isascii() and value == "".join(value.split())):
            self.wrong(name, value, _("a secret as it was given, without blanks and accents"), "abc123")
        if one_of and value not in one_of:
            self.wrong(name, value, _("one of: {choices}").format(choices=", ".join(one_of)), default)
        return value

    def words(self, name: str, default: str = "", each_of: tuple[str, ...] = ()) -> tuple[str, ...]:
        """What commas separate; `each_of`: only these."""
        value = self._get(name) or default
        words = tuple(word.strip() for word in value.split(",") if word.strip())
        if each_of and not set(words) <= set(each_of):
            self.wrong(name, value, _("some of: {choices}").format(choices=", ".join(each_of)), default or each_of[0])
        return words

    def number(self, name: str, default: float, least: float, most: float, *, whole: bool = False) -> float:
        """A number within these limits."""
        value = self._get(name)
        try:
            number = float(value) if value else default
        except ValueError:
            number = float("nan")
        if not least <= number <= most or (whole and number % 1):
            wanted = _("a number from {least} to {most}").format(least=f"{least:g}", most=f"{most:g}")
            self.wrong(name, value, wanted + (_(", without a fraction") if whole else ""), f"{default:g}")
            return default
        return number

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A number without a fraction."""
        return int(self.number(name, default, least, most, whole=True))

    def url(self, name: str) -> str:
        """An address that a server can be called at, or nothing."""
        wanted = _("an address that begins with https:// or http://")
        return self.checked(name, "", check_url, wanted, "https://chat.example.com")

    def checked(self, name: str, default: str, check: Callable[[str], Any], wanted: str, example: str) -> str:
        """What `check` raises no ValueError for; it is told as `wanted`."""
        value = self._get(name) or default
        try:
            if value:
                check(value)
        except (ValueError, ZoneInfoNotFoundError, OSError):
            self.wrong(name, value, wanted, example)
        return value

    def wrong(self, name: str, value: str, wanted: str, example: str) -> None:
        """Write a mistake down, without a secret's value."""
        shown = _("(not shown)") if name.endswith((*SECRETS, *WITH_SECRETS)) else repr(value)
        text = _("{name} = {value}: expected {wanted}. For example: {name}={example}")
        self.errors.append(text.format(name=name, value=shown, wanted=wanted, example=example))


def check_url(value: str) -> None:
    """Raise ValueError for what is no address."""
    if value and not is_address(value):
        raise ValueError(value)
