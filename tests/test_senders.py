"""Whose is an address, and would what comes from there be taken? And: one value changed in `.env`."""

from typing import Any

import pytest

from clients.addresses import looks_like_ours, shown
from clients.chatwoot_setup import AgentBot, as_version, version_of
from config.accounts import Account, Place
from dashboard.checks.chatwoot_wiring import our_bot
from dashboard.checks.senders import is_ours, our_address, standing
from scripts.change_env import with_values

LOJA = Account(id="loja2", webhook_tokens=("t 1", "t2"), chatwoot=(Place(number=7),))


@pytest.mark.parametrize(
    ("url", "public_url", "ours"),
    [
        ("https://hub.example.com/webhook", "https://hub.example.com", True),
        ("http://x:y@HUB.example.com:80/webhook/?token=1", "http://hub.example.com", True),
        ("https://hub.example.com:443/webhook/chatwoot", "https://hub.example.com", True),
        ("https://hub.example.com/webhook/chatwoot/loja2", "https://hub.example.com", True),
        ("https://hub.example.com/webhook/chatwoot/7", "https://hub.example.com", True),
        ("https://hub.example.com/webhook/chatwoot/loja3", "https://hub.example.com", False),
        ("https://hub.example.com/under/webhook", "https://hub.example.com/under", True),
        ("https://hub.example.com/webhook", "https://hub.example.com/under", False),
        ("https://hub.example.com:8443/webhook", "https://hub.example.com", False),
        ("https://hub.example.com/webhook/odoo", "https://hub.example.com", False),
        ("https://hub.example.com.evil.example.com/webhook", "https://hub.example.com", False),
        ("https://[broken/webhook", "https://hub.example.com", False),
        ("", "", False),
    ],
)
def test_an_address_is_ours_by_host_port_and_path(url: str, public_url: str, ours: bool):
    assert is_ours(url, public_url, LOJA) is ours


@pytest.mark.parametrize(
    ("url", "secret", "secrets", "expected"),
    [
        ("https://h/webhook", "s", ("s",), "signed"),
        ("https://h/webhook", "s", ("old",), "refused"),
        ("https://h/webhook?token=t2", "s", ("old",), "refused"),
        ("https://h/webhook?token=t2", "s", (), "unchecked"),
        ("https://h/webhook?token=t%201", "", (), "token"),
        ("https://x:t2@h/webhook", "", ("old",), "token"),
        ("https://h/webhook?token=no", "", (), "refused"),
        ("https://h/webhook", "", (), "refused"),
    ],
)
def test_a_sender_is_taken_by_its_secret_or_by_its_token(url: str, secret: str, secrets: Any, expected: str):
    place = Place(secrets=secrets)
    account = Account(id="loja2", webhook_tokens=("t 1", "t2"), chatwoot=(place,))

    assert standing(url, secret, account, place) == expected


@pytest.mark.parametrize(
    ("bots", "ours"),
    [
        ([(1, "https://h/webhook", ""), (2, "https://elsewhere/webhook", "held")], 2),
        ([(1, "https://elsewhere/webhook", "another"), (2, "https://h/webhook", "")], 2),
        ([(1, "https://elsewhere/webhook", "another")], None),
        ([(1, "https://elsewhere/webhook", "")], None),
    ],
)
def test_our_bot_is_known_by_its_token_or_else_by_where_it_sends(bots: list[Any], ours: int | None):
    every = [AgentBot(number, "x", url, token) for number, url, token in bots]
    found = our_bot(every, LOJA, Place(bot_token="held"), "https://h")

    assert (found and found.id) == ours
    assert (
        our_bot([each._replace(is_system=True) for each in every], LOJA, Place(bot_token="held"), "https://h") is None
    )


def test_an_address_is_made_and_shown_without_its_token():
    made = our_address("https://h", LOJA, is_first=False, with_token=True)

    assert made == "https://h/webhook/chatwoot/loja2?token=t%201"
    assert standing(made, "", LOJA, Place()) == "token"
    assert shown(made) == "https://h/webhook/chatwoot/loja2?token=…"
    assert shown("https://x:y@h/webhook") == "https://h/webhook"
    assert our_address("https://h", LOJA, is_first=True, with_token=False) == "https://h/webhook"


@pytest.mark.parametrize(
    ("url", "is_like"), [("https://a.ngrok.app/webhook", True), ("https://a/webhook/chatwoot/1", True), ("x", False)]
)
def test_an_address_looks_like_ours_by_its_path(url: str, is_like: bool):
    assert looks_like_ours(url) is is_like


@pytest.mark.parametrize(
    ("text", "version"), [("4.13.0", (4, 13, 0)), ("4.13.0-rc.1", (4, 13, 0)), ("v4", ()), ("", ())]
)
def test_a_version_is_compared_by_its_numbers(text: str, version: tuple[int, ...]):
    assert as_version(text) == version


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ({"version": "4.15.1", "timestamp": "2026-09-01 12:00:00"}, "4.15.1"), ({"version": "4.15.1"}, ""),
        ({"version": 4, "timestamp": "2026-09-01 12:00:00"}, ""), ([], ""), (None, ""),
    ],
)  # fmt: skip
def test_a_chatwoot_is_known_by_how_it_tells_its_version(answer: Any, version: str):
    assert version_of(answer) == version


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", "A=new\n"),
        ("B=1", "B=1\nA=new\n"),
        ("# A=0\nA=1\n\nB=2\n", "# A=0\nA=new\n\nB=2\n"),
        ("A=1\nB=2\n\nexport A='x'  # y\nC=3", "A=1\nB=2\n\nexport A=new\nC=3"),
        ('B="\nA=1\n"\nA=2\r\nC=3\r\n', 'B="\nA=1\n"\nA=new\r\nC=3\r\n'),
        ("A=\nB=2\n", "A=new\nB=2\n"),
    ],
)
def test_a_value_is_changed_where_it_counts_and_every_other_line_stays(text: str, changed: str):
    assert with_values(text, {"A": "new"}) == changed
    assert with_values(changed, {"A": "new"}) == changed
