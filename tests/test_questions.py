"""How good are the answers? The tables of questions, asked of a real database: no change may make them worse."""

from pathlib import Path

import pytest

from scripts.score import TABLES, Score, ask_all, score

pytestmark = pytest.mark.anyio
# Ordinary questions, and three times as many that were written to be hard. Writing down a better figure is progress.
EVERYDAY = ("academia", "moda", "moveis")
LEAST_EVERYDAY = {"first": 0.92, "among_three": 0.97, "right": 0.85}
LEAST_OF_ALL = {"first": 0.80, "among_three": 0.93, "right": 0.59}
MOST_FALSE = 0.15


async def score_of(paths: list[Path]) -> Score:
    return score([each for path in paths for each in await ask_all(path)])


async def test_ordinary_questions_are_answered_rightly_or_not_at_all():
    found = await score_of([TABLES / f"{name}.toml" for name in EVERYDAY])

    assert found.questions >= 240
    assert {name: getattr(found, name) for name in LEAST_EVERYDAY if getattr(found, name) < LEAST_EVERYDAY[name]} == {}
    assert found.wrong <= 0.02
    assert found.false <= MOST_FALSE


async def test_hard_questions_are_rather_not_answered_than_wrongly():
    found = await score_of(sorted(TABLES.glob("*.toml")))

    assert found.questions >= 720
    assert {name: getattr(found, name) for name in LEAST_OF_ALL if getattr(found, name) < LEAST_OF_ALL[name]} == {}
    assert found.wrong <= 0.05
    assert found.false <= MOST_FALSE
