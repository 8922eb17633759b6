"""Chatwoot's own list of a day, compared with ours: the rule, the command, the page. dashboard/proof.py, audit.py."""

import csv
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clients.echoes import MARKER
from clients.testing import FakeChatwoot, message_payload
from dashboard.proof import bounds, concluded, next_word, row_of
from relay.store.found import Ended, Found
from scripts.audit import cell
from tests.rig import ROOT, RULES, Server, echo_to, eventually, fake_chatwoot
from tests.rig_pages import Visitor

ZONE = ZoneInfo("America/Sao_Paulo")
PAYMENT, PERSON = "Quais as formas de pagamento?", "Quero falar com um atendente"
AGENT = {"message_type": 1, "sender": {"id": 5, "name": "Rui", "type": "user"}}
NOW = 1_000_000_000_000


# The rule


def test_a_day_lasts_by_the_shops_own_clock():
    start, end = bounds(date(2026, 11, 27), ZONE)

    assert datetime.fromtimestamp(start / 1000, ZONE).isoformat() == "2026-11-27T00:00:00-03:00"
    assert end - start == 24 * 3_600_000


def test_a_day_on_which_the_clock_was_set_forward_is_shorter():
    start, end = bounds(date(2018, 11, 4), ZONE)  # in Brazil at midnight

    assert end - start == 23 * 3_600_000


@pytest.mark.parametrize(
    ("ended", "outcome", "why"),
    [
        pytest.param([("done", "answered from Pagamento")], "answered", "answered from Pagamento", id="answered"),
        pytest.param([("done", "handed over: not known")], "person", "handed over: not known", id="handed over"),
        pytest.param(
            [("done", "left alone: the contact is blocked")], "skipped", "left alone: the contact is blocked", id="left"
        ),
        pytest.param(
            [("done", "left alone: answered before, or together with another message")],
            "answered",
            "left alone: answered before, or together with another message",
            id="together",
        ),
        pytest.param(
            [("done", "left alone: the conversation is open: its inbox has no bot, or a person has it")],
            "person",
            "left alone: the conversation is open: its inbox has no bot, or a person has it",
            id="theirs already",
        ),
        pytest.param([("dead", "ValueError: x")], "failed", "ValueError: x", id="dead"),
        pytest.param([("parked", "not known"), ("done", "")], "failed", "not known", id="parked"),
        pytest.param([("waiting", ""), ("done", "")], "waiting", "", id="still waiting"),
        pytest.param(
            [("dead", "a plugin's"), ("done", "answered from Prazo")], "answered", "answered from Prazo", id="the best"
        ),
        pytest.param([("done", "told the CRM"), ("done", "")], "skipped", "", id="nobody's conclusion"),
        pytest.param([], "skipped", "", id="no handler"),
    ],
)
def test_what_became_of_a_message_is_what_its_handlers_concluded(ended: list[tuple[str, str]], outcome: str, why: str):
    assert concluded([Ended("h", *each) for each in ended]) == (outcome, why)


@pytest.mark.parametrize(
    ("later", "by"),
    [
        pytest.param([AGENT], "person", id="an agent"),
        pytest.param([{"message_type": 1, "sender": {"type": "agent_bot"}}], "bot", id="a bot"),
        pytest.param(
            [{**AGENT, "content_attributes": {MARKER: {"event": "1", "kind": "reply"}}}], "bot", id="our mark"
        ),
        pytest.param([{**AGENT, "private": True}], "", id="a note"),
        pytest.param([{**AGENT, "additional_attributes": {"campaign_id": 3}}], "", id="a campaign"),
        pytest.param([{"message_type": 3}, {"message_type": 0}, {"message_type": 2}], "", id="nobody's word"),
        pytest.param([{"message_type": 3}, AGENT], "person", id="after a greeting"),
        pytest.param([{"message_type": 1, "content_attributes": {"external_echo": True}}], "person", id="the phone"),
        pytest.param([{"message_type": 1, "source_id": "WAID:1", "sender": None}], "person", id="by Evolution"),
    ],
)
def test_who_wrote_next_is_told(later: list[dict[str, Any]], by: str):
    assert next_word(later)[0] == by


@pytest.mark.parametrize(
    ("found", "ago", "later", "outcome"),
    [
        pytest.param(None, 120, [], "missing", id="missing"),
        pytest.param(None, 30, [], "waiting", id="its webhook may be on its way"),
        pytest.param(None, 120, [AGENT], "missing", id="missing, though a person has answered"),
        pytest.param("left alone: the contact is blocked", 120, [AGENT], "person", id="a person wrote all the same"),
        pytest.param("answered from Prazo", 120, [AGENT], "answered", id="answered"),
    ],
)
def test_a_message_that_chatwoot_has_and_we_do_not_is_missing(
    found: str | None, ago: float, later: list[dict[str, Any]], outcome: str
):
    message = {"id": 7, "message_type": 0, "created_at": NOW / 1000 - ago, "conversation_id": 5}
    known = Found("19c0", NOW, True, (Ended("h", "done", found),)) if found else None
    row = row_of(message, later, known, NOW)

    assert (row.outcome, row.healed) == (outcome, found is not None)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+5541", "'+5541"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("a=b", "a=b"),
    ],
)
def test_no_cell_is_a_formula(value: str, written: str):
    assert cell(value) == written


# With a real server


@pytest.fixture
def chatwoot() -> Iterator[tuple[FakeChatwoot, str]]:
    with fake_chatwoot(bot_token="bot-token") as made:
        yield made


@pytest.fixture
def server(start_server: Callable[..., Server], chatwoot: tuple[FakeChatwoot, str]) -> Server:
    """A shop whose Chatwoot is not asked for what never came."""
    fake, url = chatwoot
    tokens = {"CHATWOOT_API_KEY": "user-token", "CHATWOOT_BOT_TOKEN": "bot-token"}
    server = start_server(CHATWOOT_BASE_URL=url, HEAL_EVERY_MINUTES="0", **tokens)
    fake.on_message = echo_to(server)
    server.sync_rules(RULES)
    return server


def say(server: Server, fake: FakeChatwoot, conversation: int, text: str, *, ago: float = 300.0, **changes: Any) -> int:
    """A customer writes, and Chatwoot tells of it."""
    message = fake.lists.write(conversation, text, ago=ago)
    contact = {"sender": {"id": 7, "name": "Ana", "blocked": True}} if changes.pop("blocked", False) else {}
    server.post_chatwoot(message_payload(message["id"], conversation, text, **contact, **changes))
    return int(message["id"])


def lose(fake: FakeChatwoot, conversation: int, text: str, *, ago: float = 300.0) -> int:
    """A customer writes, and its webhook never comes."""
    return int(fake.lists.write(conversation, text, ago=ago)["id"])


def audited(server: Server, **asked: str) -> dict[str, Any]:
    """What a comparison has found."""
    begun = server.http.post("/admin/api/audit/begin", json=asked).raise_for_status().json()
    asked = {"account": begun["account"], "day": begun["day"]}
    return dict(eventually(lambda: (found := server.admin("audit", **asked))["look"] is None and found))


def today() -> str:
    """The day five minutes ago, when everybody here writes."""
    return (datetime.now(ZONE) - timedelta(seconds=300)).date().isoformat()


def test_each_message_of_the_day_is_found_or_missing_with_what_became_of_it(
    server: Server, chatwoot: tuple[FakeChatwoot, str]
) -> None:
    fake, _url = chatwoot
    answered = say(server, fake, 5, PAYMENT)
    handed = say(server, fake, 6, PERSON)
    blocked = say(server, fake, 7, PAYMENT, blocked=True)
    lost = lose(fake, 8, "Alguém aí?")
    fake.write_as_person(8, "Oi!")
    lose(fake, 9, "anteontem", ago=2 * 86400)
    eventually(server.is_quiet)
    found = audited(server, day=today())

    of = {each["message"]: each for each in found["items"]}
    assert set(of) == {answered, handed, blocked, lost}
    assert [of[each]["outcome"] for each in (answered, handed, blocked, lost)] == [
        "answered", "person", "skipped", "missing",
    ]  # fmt: skip
    assert (of[answered]["why"], of[answered]["next_by"]) == ("respondida com: Formas de pagamento", "bot")
    assert of[blocked]["why"].endswith("o contato está bloqueado")
    assert (of[lost]["event"], of[lost]["next_by"]) == (None, "person")
    assert found["counts"] == {
        "all": 4, "missing": 1, "failed": 0, "waiting": 0, "skipped": 1, "person": 1, "answered": 1, "healed": 0,
    }  # fmt: skip
    assert server.admin(f"events/{of[answered]['event']}")["signal"] == "chatwoot.message_created"


def test_what_was_fetched_afterwards_is_told_as_such(server: Server, chatwoot: tuple[FakeChatwoot, str]) -> None:
    fake, url = chatwoot
    came, lost = say(server, fake, 5, PAYMENT), lose(fake, 8, PAYMENT)
    eventually(server.is_quiet)
    assert audited(server, day=today())["counts"]["missing"] == 1
    server.stop()
    fake.on_message = lambda *_: None
    healing = {"CHATWOOT_BASE_URL": url, "CHATWOOT_API_KEY": "user-token", "HEAL_EVERY_MINUTES": "0.01"}
    again = Server(server.folder, **healing).start()
    try:
        eventually(lambda: len(again.events(signal="chatwoot.message_created", q=PAYMENT)) == 2, 30)
        found = audited(again, day=today())
    finally:
        again.stop()

    assert {each["message"]: each["healed"] for each in found["items"]} == {came: False, lost: True}
    assert (found["counts"]["missing"], found["counts"]["healed"]) == (0, 1)


def test_a_conversation_of_many_pages_and_many_conversations_are_read_whole(
    server: Server, chatwoot: tuple[FakeChatwoot, str]
) -> None:
    fake, _url = chatwoot
    for number in range(45):
        lose(fake, 5, f"{number}", ago=300 - number)
    for conversation in range(100, 160):
        lose(fake, conversation, "oi")

    assert audited(server, day=today())["counts"]["missing"] == 105


def test_an_account_without_a_users_token_is_told_what_is_missing(start_server: Callable[..., Server]) -> None:
    server = start_server()
    refused = server.http.post("/admin/api/audit/begin", json={})

    assert refused.status_code == 422
    assert "CHATWOOT_API_KEY" in refused.text


@pytest.mark.parametrize("day", ["ontem", "2026-13-01", "2999-01-01"])
def test_a_day_that_is_none_or_to_come_is_refused(server: Server, day: str) -> None:
    assert server.http.post("/admin/api/audit/begin", json={"day": day}).status_code == 422


def test_where_chatwoot_breaks_off_it_is_said_and_nothing_is_proved(
    server: Server, chatwoot: tuple[FakeChatwoot, str]
) -> None:
    fake, _url = chatwoot
    lose(fake, 8, "oi")
    fake.fault = lambda what, _body: (503, False) if what == "list" else None
    server.http.post("/admin/api/audit/begin", json={"day": today()}).raise_for_status()
    eventually(lambda: server.admin("audit", day=today())["look"]["state"] == "failed")
    told = command(server, "--day", today())

    with Visitor(server) as visitor:
        page = visitor.see("audit", day=today())
    assert "Não foi lida até o fim" in page
    assert server.admin("audit", day=today())["checked"] is None
    assert told.returncode == 1
    assert "Não foi lida até o fim" in told.stderr


def test_the_page_shows_a_day_in_portuguese_and_says_where_the_proof_begins(
    server: Server, chatwoot: tuple[FakeChatwoot, str]
) -> None:
    fake, url = chatwoot
    say(server, fake, 5, PAYMENT)
    lose(fake, 8, "<script>alert(1)</script>")
    eventually(server.is_quiet)
    with Visitor(server) as visitor:
        before = visitor.see("audit", day=today())
        visitor.act("audit/begin", account="account_1", day=today()).raise_for_status()
        eventually(lambda: server.admin("audit", day=today())["checked"])
        page = visitor.see("audit", day=today())
        answered = visitor.see("audit", day=today(), outcome="answered")

    assert "Comparar com o Chatwoot" in before
    assert "Esta prova começa no Chatwoot" in page
    assert "Faltam aqui: 1 de 2 mensagens." in page
    assert f'<a href="{url}/app/accounts/1/conversations/8"' in page
    assert "alert(1)" not in page  # nothing that a customer wrote is shown
    assert page.count("<tr") == answered.count("<tr") == 2
    assert "respondida com: Formas de pagamento" in answered


def command(server: Server, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "scripts.audit", *words],
        env=server.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_ends_with_1_when_something_is_missing_and_writes_a_csv(
    server: Server, chatwoot: tuple[FakeChatwoot, str], tmp_path: Path
) -> None:
    fake, _url = chatwoot
    answered, lost = say(server, fake, 5, PAYMENT), lose(fake, 8, "oi")
    eventually(server.is_quiet)
    file = tmp_path / "dia.csv"
    shown = command(server, "--day", today(), "--csv", str(file))

    assert shown.returncode == 1, shown.stderr
    assert "Esta prova começa no Chatwoot" in shown.stdout
    assert str(lost) in shown.stdout
    assert str(answered) not in shown.stdout
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        headings, *rows = csv.reader(opened, delimiter=";")
    assert [each[headings.index("Mensagem")] for each in rows[:2]] == [str(answered), str(lost)]
    assert [each[headings.index("O que aconteceu")] for each in rows[:2]] == ["respondida", "falta aqui"]


def test_the_command_ends_with_0_when_all_have_come(server: Server, chatwoot: tuple[FakeChatwoot, str]) -> None:
    fake, _url = chatwoot
    answered = say(server, fake, 5, PAYMENT)
    eventually(server.is_quiet)
    shown = command(server, "--day", today(), "--account", "account_1", "--all")

    assert shown.returncode == 0, shown.stderr
    assert re.search(rf"respondida .*{answered}", shown.stdout)


def test_a_look_is_kept_for_a_month_of_days(server: Server) -> None:
    days = [(datetime.now(ZONE) - timedelta(days=each)).date().isoformat() for each in range(33)]
    for day in days:
        audited(server, day=day)

    assert [server.admin("audit", day=each)["checked"] is None for each in days] == [True, True, *31 * [False]]
