"""How is it shown? Tables and lines in colour, in the shop's time, safe whatever a customer wrote."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
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
# So many columns always fit; more of them want so wide a screen.
FEW, WIDE = 3, 120


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


class Listing:
    """Rows under a title: a table, or, on a screen too narrow for its columns, a block of lines for each row."""

    def __init__(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[Text]], unbroken: int) -> None:
        self._title, self._columns, self._rows, self._unbroken = title, columns, rows, unbroken

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What rich prints of it."""
        made = self._table()
        is_narrow = options.max_width < WIDE and len(self._columns) > FEW
        if is_narrow and console.measure(made, options=options.update(width=10_000)).maximum > options.max_width:
            yield Text(self._title, style="italic")
            yield from (line for row in self._rows for line in self._block(row))
        else:
            yield made

    def _table(self) -> Table:
        made = Table(title=self._title, title_justify="left", box=box.SIMPLE_HEAD)
        for number, name in enumerate(self._columns):
            made.add_column(name, no_wrap=number < self._unbroken, overflow="fold")
        for row in self._rows:
            made.add_row(*row)
        return made

    def _block(self, row: Sequence[Text]) -> Iterator[Text]:
        """What is never broken on one line, everything else by its name below it."""
        yield Text("\n") + Text("  ").join(each for each in row[: self._unbroken] if each)
        for name, value in zip(self._columns[self._unbroken :], row[self._unbroken :], strict=True):
            if value:
                yield Text(f"  {name}: ", style="dim") + value


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[Text | str]], unbroken: int = 2) -> Listing:
    """Rows whose first columns (ids and times, to copy) are never broken or cut."""
    told = [[plain(each) if isinstance(each, str) else each for each in row] for row in rows]
    return Listing(title, list(columns), told, unbroken)
