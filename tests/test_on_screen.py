"""Is a list readable, however wide the screen is?"""

import io

import pytest
from rich.console import Console

from scripts.on_screen import Listing, table

COLUMNS = ("ID", "Received", "Signal", "Account", "Key")
ROW = ("3442672d8a92d4bb", "2026-11-25 12:01:00", "chatwoot.message_created", "account_1", "conversation:1284")


def shown(listing: Listing, width: int) -> list[str]:
    screen = Console(file=io.StringIO(), width=width, highlight=False)
    screen.print(listing)
    return [line.rstrip() for line in screen.file.getvalue().splitlines() if line.strip()]  # type: ignore[attr-defined]


def test_a_wide_screen_shows_a_table():
    lines = shown(table("Events", COLUMNS, [ROW]), 200)

    assert [all(each in line for each in ROW) for line in lines].count(True) == 1
    assert all(each in lines[1] for each in COLUMNS)


def test_on_a_narrow_screen_each_row_is_a_block():
    lines = shown(table("Events", COLUMNS, [ROW, (*ROW[:3], "", "x")]), 80)

    assert lines[:5] == [
        "Events",
        "3442672d8a92d4bb  2026-11-25 12:01:00",
        "  Signal: chatwoot.message_created",
        "  Account: account_1",
        "  Key: conversation:1284",
    ]
    assert "  Account:" not in lines[5:]  # what is empty is left out


@pytest.mark.parametrize("columns", [COLUMNS[:2], COLUMNS])
def test_what_fits_is_a_table_on_any_screen(columns: tuple[str, ...]):
    lines = shown(table("Few", columns, [("1", "2", "3", "4", "5")[: len(columns)]]), 80)

    assert all(each in lines[1] for each in columns)
