"""Do the daily commands do what they say, also where something is wrong? Each runs as a person runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clients.testing import message_payload
from tests.rig import ROOT, RULES, Server, eventually, free_port

NOBODY = "00000000000000ab"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without Chatwoot's token: what it says goes to the outbox."""
    running = Server(tmp_path_factory.mktemp("commands"), SERVER_LANGUAGE="en").start()
    running.sync_rules(RULES)
    running.post_chatwoot(message_payload(7001, 71, "Quais as formas de pagamento?", inbox={"name": "[bold]\x9b2J"}))
    running.post_chatwoot({**message_payload(7002, 72, "de ninguém"), "event": "something_new"})
    running.http.post("/webhook", json={"event": "message_created"}, headers={"Authorization": ""})
    eventually(running.is_quiet)
    yield running
    running.stop()


def run(server: Server, *words: str, answer: str | None = None, **changes: str) -> "subprocess.CompletedProcess[str]":
    """The command with the server's environment; `answer` is what the person types."""
    return subprocess.run(
        [sys.executable, *words],
        env={**server.environment, "HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1", **changes},
        cwd=ROOT,
        input=answer or "",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def command(server: Server, name: str, *words: str, **more: Any) -> "subprocess.CompletedProcess[str]":
    return run(server, "-m", f"scripts.{name}", *words, **more)


def question(server: Server) -> dict[str, Any]:
    return server.events(signal="chatwoot.message_created", q="7001")[0]


def finished(server: Server, event_id: str) -> list[int]:
    """When each delivery of this event ended."""
    return [each["finished"] for each in server.admin(f"events/{event_id}")["deliveries"]]


def test_events_lists_what_came_in(server: Server) -> None:
    shown = command(server, "events")

    assert shown.returncode == 0, shown.stderr
    assert question(server)["id"] in shown.stdout
    for word in ("chatwoot.message_created", "odoo.business_rules.sync", "conversation:71", "done"):
        assert word in shown.stdout


def test_events_keeps_to_its_filters(server: Server) -> None:
    shown = command(server, "events", "--signal", "odoo.*", "--account", "account_1", "--since", "2020-01-01")

    assert "odoo.business_rules.sync" in shown.stdout
    assert "chatwoot" not in shown.stdout


def test_events_says_when_there_are_none(server: Server) -> None:
    shown = command(server, "events", "--until", "2020-01-01T00:00:00Z")

    assert (shown.returncode, shown.stdout.strip()) == (0, "There are none.")


def test_events_shows_no_more_than_the_limit(server: Server) -> None:
    shown = command(server, "events", "--limit", "1")

    assert sum(f"  {each['id']}  " in shown.stdout for each in server.events()) == 1


def test_events_with_an_id_shows_deliveries_attempts_and_effects(server: Server) -> None:
    shown = command(server, "events", question(server)["id"])

    assert shown.returncode == 0, shown.stderr
    for word in ("answer_customer", "answered from: Formas de pagamento", "attempt 1", "Done outside", "Aceitamos Pix"):
        assert word in shown.stdout


def test_a_customers_text_is_shown_as_text_and_moves_no_cursor(server: Server) -> None:
    shown = command(server, "events", question(server)["id"])

    assert "[bold]" in shown.stdout
    assert "\x9b" not in shown.stdout


def test_an_unknown_id_is_told_in_plain_words(server: Server) -> None:
    unknown, wrong = command(server, "events", NOBODY), command(server, "events", "not-an-id")

    assert (unknown.returncode, wrong.returncode) == (1, 1)
    assert unknown.stderr == f"There is no event {NOBODY}.\n"
    assert "no event's id" in wrong.stderr


def test_a_wrong_status_is_told_with_the_right_ones(server: Server) -> None:
    shown = command(server, "events", "--status", "broken")

    assert shown.returncode == 1
    assert "running, waiting, discarded, done" in shown.stderr


def test_an_id_and_filters_are_not_mixed(server: Server) -> None:
    assert command(server, "events", NOBODY, "--rejections").returncode == 2
    assert command(server, "replay", NOBODY, "--status", "dead").returncode == 2
    assert command(server, "replay").returncode == 2


def test_events_shows_rejections_and_reasons(server: Server) -> None:
    rejections, reasons = command(server, "events", "--rejections"), command(server, "events", "--reasons")

    assert "401" in rejections.stdout
    assert "no signature, and no valid token" in rejections.stdout
    assert "answered from: Formas de pagamento" in reasons.stdout


def test_outbox_shows_what_was_kept_instead_of_sent(server: Server) -> None:
    shown = command(server, "outbox")

    assert shown.returncode == 0, shown.stderr
    assert "Aceitamos Pix, cartão e boleto." in shown.stdout


def test_replay_asks_first_and_does_nothing_without_yes(server: Server) -> None:
    event_id = question(server)["id"]
    before = finished(server, event_id)

    refused = [command(server, "replay", event_id, answer=answer) for answer in ("n\n", "\n", "")]

    assert [each.returncode for each in refused] == [1, 1, 1]
    for each in refused:
        assert "Effects already done, not done again: 1" in each.stdout
        assert f"  {event_id}  handlers.chatwoot.reply:answer_customer  reply\n" in each.stdout
        assert "Nothing was replayed." in each.stderr
    assert finished(server, event_id) == before


def test_replay_runs_the_deliveries_again_and_says_nothing_twice(server: Server) -> None:
    event_id = question(server)["id"]
    before, said = finished(server, event_id), len(server.admin("outbox")["items"])

    replayed = command(server, "replay", event_id, answer="sim\n")

    assert replayed.returncode == 0, replayed.stderr
    assert f"{len(before)} deliveries were replayed." in replayed.stdout
    eventually(lambda: server.is_quiet() and min(finished(server, event_id)) > max(before))
    assert len(server.admin("outbox")["items"]) == said


def test_replay_by_filter_goes_on_batch_after_batch(server: Server) -> None:
    for number in range(101):
        server.post_chatwoot(message_payload(8000 + number, 800 + number, "lote grande", private=True))
    eventually(server.is_quiet)

    replayed = command(server, "replay", "--q", "lote grande", "--yes")

    assert replayed.returncode == 0, replayed.stderr
    assert "Events: 101" in replayed.stdout
    assert "404 deliveries were replayed." in replayed.stdout
    eventually(server.is_quiet)


def test_replay_of_an_unknown_id_is_refused_as_a_whole(server: Server) -> None:
    event_id = question(server)["id"]
    before = finished(server, event_id)

    nobody = command(server, "replay", NOBODY, "--yes")
    mixed = command(server, "replay", NOBODY, event_id, "--yes")
    wrong = command(server, "replay", "not-an-id", "--yes")

    assert [each.returncode for each in (nobody, mixed, wrong)] == [1, 1, 1]
    assert nobody.stderr == "There are no such events.\n"
    assert "Of 2 events only 1 exist" in mixed.stderr
    assert finished(server, event_id) == before


def test_addresses_shows_the_tokens(server: Server) -> None:
    shown = command(server, "addresses")

    assert shown.returncode == 0, shown.stderr
    assert f"{server.port}/webhook?token=rig-webhook-token" in shown.stdout
    assert "rig-odoo-key" in shown.stdout


def test_addresses_says_which_token_is_missing(server: Server) -> None:
    shown = command(server, "addresses", WEBHOOK_TOKEN="")

    assert shown.returncode == 1
    assert "WEBHOOK_TOKEN" in shown.stderr


@pytest.mark.parametrize("secret", ["rig-webhook-secret", ""])
def test_simulate_shows_answers_and_a_hand_over(server: Server, tmp_path: Path, secret: str) -> None:
    chosen = server if secret else Server(tmp_path, SERVER_LANGUAGE="en", CHATWOOT_WEBHOOK_SECRET="").start()
    try:
        shown = command(chosen, "simulate")
        again = command(chosen, "simulate")
    finally:
        if chosen is not server:
            chosen.stop()

    assert (shown.returncode, again.returncode) == (0, 0), shown.stderr + again.stderr
    for each in (shown, again):
        assert "The server knows 10 rules now." in each.stdout
        for text in ("Shop: Aceitamos Pix", "Shop: Entregamos em Curitiba", "Shop: Orquídeas com"):
            assert text in each.stdout
        assert each.stdout.count("The conversation is now: open") == 1
        assert each.stdout.count("Note for the team: ") == 1


def test_what_simulate_sends_is_a_test_and_answers_no_customer(server: Server) -> None:
    assert command(server, "simulate").returncode == 0

    conversation = server.events(signal="chatwoot.message_created", q="atendente", limit=1)[0]
    server.post_chatwoot(message_payload(7003, 73, "Tem alguma promoção de orquideas?"))
    eventually(server.is_quiet)

    assert conversation["test"] is True
    said = [each["content"] for each in server.admin("outbox")["items"] if each["conversation"] == "73"]
    assert not any("Orquídeas" in each for each in said)


@pytest.mark.parametrize("name", ["events", "outbox", "simulate"])
def test_a_server_that_does_not_run_is_told_in_plain_words(server: Server, name: str) -> None:
    shown = command(server, name, SERVER_PORT=str(free_port()))

    assert shown.returncode == 1
    assert "The server is not running at http://127.0.0.1:" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_a_wrong_admin_token_is_told_in_plain_words(server: Server) -> None:
    wrong, none = (command(server, "events", ADMIN_TOKEN=token) for token in ("another-token", ""))

    assert (wrong.returncode, none.returncode) == (1, 1)
    assert "refuses this ADMIN_TOKEN" in wrong.stderr
    assert "Not set: ADMIN_TOKEN." in none.stderr


@pytest.mark.parametrize(
    "name", ["account", "addresses", "events", "outbox", "replay", "simulate", "webhook.setup_logging"]
)
def test_every_command_explains_itself(server: Server, name: str) -> None:
    shown = command(server, name, "--help")

    assert shown.returncode == 0, shown.stderr
    assert "--help" in shown.stdout


def test_setup_logging_finds_its_line_in_every_file(server: Server, tmp_path: Path) -> None:
    shown = run(server, "scripts/webhook/setup_logging.py", LOG_DIR=str(tmp_path / "new"))

    assert shown.returncode == 0, shown.stderr
    files = {path.name for path in (tmp_path / "new").iterdir()}
    assert {"webhook.log", "hub.log", "odoo_api.log"} < files
    assert len(files) == shown.stdout.count("✓") == 4
    assert "tail -F" in shown.stdout


def test_setup_logging_tells_the_file_in_which_nothing_arrives(server: Server, tmp_path: Path) -> None:
    (tmp_path / "hub.log").symlink_to("/dev/null")
    shown = run(server, "scripts/webhook/setup_logging.py", LOG_DIR=str(tmp_path))

    assert shown.returncode == 1
    assert "did not arrive in: hub.log." in shown.stderr
    assert f"✗ {tmp_path}/hub.log" in shown.stdout
    assert f"✓ {tmp_path}/webhook.log" in shown.stdout


@pytest.mark.parametrize("settings", [{"LOG_LEVEL": "ERROR"}, {"LOG_FORMAT": "json"}])
def test_setup_logging_works_with_any_level_and_format(
    server: Server, tmp_path: Path, settings: dict[str, str]
) -> None:
    shown = run(server, "scripts/webhook/setup_logging.py", LOG_DIR=str(tmp_path), **settings)

    assert shown.returncode == 0, shown.stderr
    if "LOG_FORMAT" in settings:
        assert json.loads((tmp_path / "hub.log").read_text())["component"] == "hub"


def test_setup_logging_tells_every_wrong_setting_at_once(server: Server) -> None:
    shown = run(server, "scripts/webhook/setup_logging.py", LOG_LEVEL="LOUD", SERVER_PORT="many")

    assert shown.returncode == 2
    assert "LOG_LEVEL" in shown.stderr
    assert "SERVER_PORT" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_setup_logging_tells_a_rotation_that_nobody_understands(server: Server, tmp_path: Path) -> None:
    shown = run(server, "scripts/webhook/setup_logging.py", LOG_DIR=str(tmp_path), LOG_ROTATION="now and then")

    assert shown.returncode == 2
    assert "LOG_ROTATION" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_setup_logging_says_what_to_do_where_it_cannot_write(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    shown = run(server, "scripts/webhook/setup_logging.py", LOG_DIR=str(tmp_path / "file" / "logs"))

    assert shown.returncode == 1
    assert "LOG_DIR" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "scripts" / "README.md").read_text()
    for path in (ROOT / "scripts").iterdir():
        if path.is_file() and path.suffix in ("", ".py") and path.stem != "__init__":
            assert path.stem in text, path.name
    assert os.access(ROOT / "scripts" / "start", os.X_OK)


def test_ask_shows_what_a_customer_would_be_told_and_why(server: Server) -> None:
    shown = command(server, "ask", "vcs aceitam cartao?")

    assert shown.returncode == 0, shown.stderr
    assert "cartão" in shown.stdout
    assert "Formas de pagamento" in shown.stdout


def test_ask_says_why_a_person_would_answer(server: Server) -> None:
    shown = command(server, "ask", "quero falar com um atendente")

    assert shown.returncode == 0, shown.stderr
    assert "A person would answer: a person was asked for." in shown.stdout


def test_ask_for_an_account_that_there_is_not_says_so(server: Server) -> None:
    shown = command(server, "ask", "--account", "nobody", "pix?")

    assert shown.returncode != 0
    assert "account" in shown.stderr
