"""Is what pages show of a person as little as it may be, and text nothing but text? By tables of literals."""

import json

import pytest

from config.settings import load
from dashboard.shown import HIDDEN, filters, redacted, visible, whole


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"event": "message_created", "content": "Ana"}', {"event": "message_created", "content": HIDDEN}),
        ('{"id": 7, "is": false, "name": null, "to": ""}', {"id": 7, "is": False, "name": None, "to": ""}),
        ('{"tags": ["Ana", {"status": "open", "by": "Ana"}]}', {"tags": [HIDDEN, {"status": "open", "by": HIDDEN}]}),
        ('["Ana"]', [HIDDEN]),
        ('"Ana"', HIDDEN),
    ],
)  # fmt: skip
def test_of_a_body_only_its_shape_is_shown(body: str, shown: object) -> None:
    assert json.loads(redacted(body)) == shown


@pytest.mark.parametrize(
    ("body", "shown"), [("nome=Ana", HIDDEN), ("[" * 100_000, HIDDEN), ('{"nome": "Ana"', HIDDEN), ("", ""), (None, "")]
)
def test_of_what_is_no_json_nothing_is_shown(body: str | None, shown: str) -> None:
    assert redacted(body) == shown


@pytest.mark.parametrize(("body", "shown"), [("nome=Ana", "nome=Ana"), ("[" * 100_000, "[" * 100_000), (None, "")])
def test_what_is_no_json_is_shown_whole_as_it_came(body: str | None, shown: str) -> None:
    assert whole(body) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("a\x00b\x7f", "a␀b␡"),
        ("a\r\n\tb", "a␍\n\tb"),
        ("gpj.\u202eexe", "gpj.\ufffdexe"),
        ("\u2066x\u2069", "\ufffdx\ufffd"),
        ("maçã 🌻", "maçã 🌻"),
    ],
)
def test_what_is_not_to_be_seen_is_seen(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_time_is_the_shops() -> None:
    shown = filters(load({"TIMEZONE": "America/Noronha"}))

    assert shown["moment"](1_700_000_000_000) == "14/11/2023 20:13:20"
    assert shown["moment"](None) == ""
