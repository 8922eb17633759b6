"""How is a value read from a TOML file of the operator's? What is wrong is told with its place, all of it at once."""

import re
from collections.abc import Callable, Iterable
from gettext import gettext as _
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LookUp = Callable[[str], str | None]


def is_address(value: str) -> bool:
    """Whether a server can be called at this address."""
    try:
        parts = urlsplit(value)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that do not close, a port that is none
        return False
    return named and value.startswith(("http://", "https://")) and not re.search(r"\s", value)


class TomlReader:
    """Reads one value after the other, and collects what is wrong instead of stopping at the first."""

    def __init__(self, look_up: LookUp, file: str) -> None:
        self._look_up = look_up
        self._file = file
        self.errors: list[str] = []

    def wrong(self, place: str, why: str) -> None:
        """One more mistake."""
        self.errors.append(_("{file}: {place}: {why}").format(file=self._file, place=place, why=why))

    def table(self, value: Any, place: str, known: Iterable[str]) -> dict[str, Any]:
        """A table; every name that is not known is told."""
        if not isinstance(value, dict):
            self.wrong(place, _("must be a table"))
            return {}
        for name in value.keys() - set(known):
            names = ", ".join(sorted(known))
            self.wrong(f"{place}.{name}", _("is not known; known are: {names}").format(names=names))
        return value

    def text(self, table: dict[str, Any], name: str, place: str, default: str = "") -> str:
        """A text, looked up where it says so."""
        value = table.get(name, default)
        if not isinstance(value, str):
            self.wrong(f"{place}.{name}", _("must be a text in quotes"))
            return default
        return self._looked_up(value, f"{place}.{name}")

    def address(self, table: dict[str, Any], name: str, place: str) -> str:
        """An address of a server."""
        value = self.text(table, name, place)
        if value and not is_address(value):
            self.wrong(f"{place}.{name}", _("an address that begins with https:// or http://"))
        return value

    def texts(self, table: dict[str, Any], name: str, place: str) -> tuple[str, ...]:
        """A text, or a list of them, each looked up."""
        value = table.get(name, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            self.wrong(f"{place}.{name}", _("must be a list of texts"))
            return ()
        found = [self._looked_up(each, f"{place}.{name}") for each in values]
        return tuple(each for each in found if each)

    def any(self, table: dict[str, Any], name: str, place: str) -> Any:
        """Whatever stands there; texts are looked up."""
        if isinstance(table[name], list):
            return self.texts(table, name, place)
        return self.text(table, name, place) if isinstance(table[name], str) else table[name]

    def yes(self, table: dict[str, Any], name: str, place: str) -> bool:
        """A yes or no: true or false in the file."""
        value = table.get(name, False)
        if not isinstance(value, bool):
            self.wrong(f"{place}.{name}", _("must be true or false"))
        return value is True

    def number(self, table: dict[str, Any], name: str, place: str) -> int | None:
        """A whole number, or None."""
        value = table.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            self.wrong(f"{place}.{name}", _("must be a number without quotes"))
            return None
        return value

    def hours(self, table: dict[str, Any], name: str, place: str) -> float | None:
        """A number of hours, or None."""
        value = table.get(name)
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 720
        ):
            self.wrong(f"{place}.{name}", _("must be a number of hours, like 12"))
            return None
        return value

    def numbers(self, table: dict[str, Any], name: str, place: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        value = table.get(name, [])
        if not isinstance(value, list) or not all(type(each) is int for each in value):
            self.wrong(f"{place}.{name}", _("must be a list of numbers"))
            return ()
        return tuple(value)

    def _looked_up(self, value: str, place: str) -> str:
        """`env:NAME` and `file:/path` stand for what is there, so that secrets need not stand in the file."""
        kind, _colon, name = value.partition(":")
        if kind == "env":
            found = self._look_up(name)
            if not found:
                self.wrong(place, _("the environment variable {name} is not set").format(name=name))
            return found or ""
        if kind == "file":
            try:
                return Path(name).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                self.wrong(place, _("{path} cannot be read: {error}").format(path=name, error=error))
                return ""
        return value
