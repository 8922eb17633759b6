"""Is an event's log found, and no page held up by a long file?"""

from datetime import datetime
from pathlib import Path

import pytest

from config.settings import Settings, load
from dashboard import log_files
from dashboard.log_files import lines_of

NUMBER = "0337c2c6f1800001"
RECEIVED = 1_700_000_000_000  # on the evening of the 14th in São Paulo, in the night to the 15th farther east


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give settings whose logs are the test's own."""
    return load({"LOG_DIR": str(tmp_path)})


def write(settings: Settings, day: str, *lines: str) -> None:
    path = settings.log_dir / f"{day}_unified_server.log"
    path.write_text("".join(f"{each}\n" for each in lines))


async def test_an_events_lines_are_those_of_the_day_it_came_and_of_today(settings: Settings) -> None:
    write(settings, "20231114", f"received {NUMBER}", "of another")
    write(settings, "20231115", f"of neither day {NUMBER}")
    write(settings, f"{datetime.now(settings.zone):%Y%m%d}", f"replayed {NUMBER}")

    assert await lines_of(settings, NUMBER, RECEIVED) == [f"received {NUMBER}", f"replayed {NUMBER}"]


async def test_of_a_long_file_the_end_is_read_from_the_beginning_of_a_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_files, "MOST_BYTES", 50)
    write(settings, "20231114", f"early {NUMBER}", f"torn {NUMBER}", f"late {NUMBER}", "x" * 20)

    assert await lines_of(settings, NUMBER, RECEIVED) == [f"late {NUMBER}"]


async def test_where_nothing_was_logged_nothing_is_found(settings: Settings) -> None:
    assert await lines_of(settings, NUMBER, RECEIVED) == []
