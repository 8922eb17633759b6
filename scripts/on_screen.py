"""How is it shown? Tables and lines in colour, in the shop's time, safe whatever a customer wrote."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

# From bad to good; words that are not states are left as they are.
COLOURS = {
    "dead": "bold red",
    "parked": "red",
    "unmapped": "red",
    "waiting": "yellow",
    "running": "yellow",
    "intended": "yellow",
    "discarded": "dim",
    "unhandled": "dim",
    "done": "green",
}
WIDTH_WHEN_PIPED = 200


def screen() -> Console:
    """Where a command writes: the terminal, or a wide page when its output goes into a file or a pipe."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH_WHEN_PIPED)


def plain(value: object) -> Text:
    """Somebody's text, as text: no markup, and nothing that could move the terminal's cursor."""
    written = "" if value is None else str(value)
    return Text("".join(each if each.isprintable() or each == "\n" else " " for each in written))


def state(value: str) -> Text:
    """A state in its colour."""
    return Text(value, style=COLOURS.get(value, ""))


def moment(milliseconds: int | None, zone: ZoneInfo) -> str:
    """A time of the store, by the shop's clock."""
    if milliseconds is None:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, zone).strftime("%Y-%m-%d %H:%M:%S")


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[Text | str]], unbroken: int = 2) -> Table:
    """A table whose first columns (ids and times, to copy) are never broken or cut."""
    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for number, name in enumerate(columns):
        made.add_column(name, no_wrap=number < unbroken, overflow="fold")
    for row in rows:
        made.add_row(*(plain(each) if isinstance(each, str) else each for each in row))
    return made
