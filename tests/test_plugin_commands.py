"""From nothing to a plugin that takes signed requests: each command as a person runs it, against the real server."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from relay.authenticate import HmacSignature
from tests.rig import ROOT, Server, eventually

MADE = {
    "ESTOQUE_SECRET": "the-secret-of-the-shelf",
    "GITHUB_SECRET": "the-secret-of-the-hub",
    "STANDARD_WEBHOOKS_SECRET": "whsec_bWFkZSB1cCBmb3IgdGhlIHRlc3Rz",
    "EVOLUTION_SECRET": "the-secret-of-evolution",
    "SERVER_LANGUAGE": "en",
}


def run(server: Server, *words: str, answer: str = "", **changes: str) -> "subprocess.CompletedProcess[str]":
    environment = {**server.environment, **changes}
    return subprocess.run(
        [sys.executable, "-m", *words],
        env=environment,
        cwd=ROOT,
        input=answer,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a plugin of each kind, made by the command."""
    running = Server(tmp_path_factory.mktemp("kit"), **MADE)
    for words in (["estoque", "--source"], ["avisos"]):
        made = run(running, "scripts.new_plugin", *words)
        assert made.returncode == 0, made.stderr
    running.start()
    yield running
    running.stop()


def plugin(server: Server, name: str) -> Path:
    return Path(server.environment["PLUGINS_DIR"]) / name


def test_what_was_made_passes_its_own_tests(server: Server):
    ran = run(server, "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", server.environment["PLUGINS_DIR"])

    assert ran.returncode == 0, ran.stdout
    assert "3 passed" in ran.stdout


def test_what_was_made_is_as_the_project_is(server: Server):
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--config", str(ROOT / "ruff.toml"), server.environment["PLUGINS_DIR"]]
    for words in (["check"], ["format", "--check"]):
        ran = subprocess.run([*ruff, *words, *config], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["estoque"], "is there already; nothing was written"),
        (["chatwoot"], "ships with the server"),
        (["health"], "ships with the server"),
        (["Estoque Novo"], "small letters"),
        (["class"], "small letters"),
    ],
)
def test_a_name_that_will_not_do_is_told(server: Server, words: list[str], said: str):
    before = sorted(Path(server.environment["PLUGINS_DIR"]).rglob("*.py"))
    made = run(server, "scripts.new_plugin", *words)

    assert made.returncode == 1
    assert said in made.stderr
    assert sorted(Path(server.environment["PLUGINS_DIR"]).rglob("*.py")) == before


def test_a_sample_is_sent_signed_and_marked_as_a_test(server: Server):
    sent = run(server, "scripts.send", "estoque.created")
    [event] = server.events(signal="estoque.created", limit=1)

    assert sent.returncode == 0, sent.stderr + sent.stdout
    assert "plugins.estoque:react  done  A-17 was created" in sent.stdout
    assert event["id"] in sent.stdout
    assert (event["test"], event["account"], event["key"]) == (True, "account_1", "test:A-17")


def test_it_is_no_repeat_however_often_it_is_sent(server: Server):
    first, second = (run(server, "scripts.send", "estoque.created") for _ in range(2))

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert len({each["id"] for each in server.events(signal="estoque.created")}) >= 2


def test_places_of_the_body_are_changed(server: Server):
    sent = run(server, "scripts.send", "estoque.created", "--field", "id=B-2", "--field", "more.deep=7")
    [event] = server.events(signal="estoque.created", limit=1)

    assert "B-2 was created" in sent.stdout
    assert json.loads(server.admin(f"events/{event['id']}")["body"])["more"] == {"deep": 7}


def test_what_ships_is_sent_as_well(server: Server):
    sent = run(server, "scripts.send", "chatwoot.message_created__incoming")

    assert sent.returncode == 0, sent.stderr + sent.stdout
    assert "plugins.avisos:react  done  chatwoot.message_created of account_1 came" in sent.stdout
    assert "handlers.chatwoot.reply:answer_customer" in sent.stdout


@pytest.mark.parametrize("signal", ["github.push", "standard.invoice.paid", "evolution.messages_upsert"])
def test_a_shipped_source_is_sent_to_as_its_system_sends(server: Server, signal: str):
    sent = run(server, "scripts.send", signal)
    [event] = server.events(signal=signal, limit=1)

    assert sent.returncode == 0, sent.stderr + sent.stdout
    assert "No handler took it: the event is unhandled." in sent.stdout
    assert (event["test"], event["account"]) == (True, "account_1")


def test_what_is_answered_at_once_is_shown(server: Server):
    sent = run(server, "scripts.send", "odoo.business_rules.sync")

    assert sent.returncode == 0, sent.stderr + sent.stdout
    assert "The answer:" in sent.stdout


@pytest.mark.parametrize(
    ("words", "changes", "said"),
    [
        (["estoque.creatd"], {}, "There is no sample of estoque.creatd. Near: estoque.created"),
        (["zzz"], {}, "All: python -m scripts.send"),
        (["estoque.created", "--account", "nobody"], {}, "There is no account nobody; there are: account_1"),
        (["estoque.created"], {"ESTOQUE_SECRET": ""}, "ESTOQUE_SECRET is not set"),
        (["estoque.created"], {"ESTOQUE_SECRET": "another"}, "The server refused estoque.created (401)"),
        (["estoque.created"], {"SERVER_PORT": "1"}, "The server is not running at http://127.0.0.1:1"),
        (["estoque.created", "--field", "event=other"], {}, "No source sends estoque.created"),
        (["estoque.created", "--field", "id.deeper=1"], {}, "The body has no such place"),
        (["chatwoot.message_unanswered"], {}, "No source sends chatwoot.message_unanswered"),
    ],
)
def test_why_nothing_was_sent_is_told_in_plain_words(
    server: Server, words: list[str], changes: dict[str, str], said: str
):
    sent = run(server, "scripts.send", *words, **changes)

    assert sent.returncode == 1
    assert said in sent.stderr
    assert "Traceback" not in sent.stderr


def test_a_plugin_that_the_running_server_does_not_have_yet_is_told(server: Server):
    run(server, "scripts.new_plugin", "novo", "--source")
    sent = run(server, "scripts.send", "novo.created", NOVO_SECRET="x")

    assert (sent.returncode, "start it again" in sent.stderr) == (1, True)


def test_without_a_signal_the_samples_are_listed(server: Server):
    listed = run(server, "scripts.send").stdout.splitlines()

    assert {"estoque.created", "chatwoot.message_created__incoming", "odoo.mapping.sync"} <= set(listed)


def test_an_event_that_came_becomes_a_sample_and_a_test_that_passes(server: Server):
    body = {"event": "created", "delivery": "d-77", "id": "C-5", "who": {"name": "Ana Souza", "phone": "41999990000"}}
    event_id = post(server, body)
    captured = run(server, "scripts.capture", event_id, "--name", "real")
    sample = plugin(server, "estoque") / "samples" / "estoque.created__real.json"
    made = json.loads(sample.read_text())
    ran = run(server, "pytest", "-q", "-p", "no:cacheprovider", str(plugin(server, "estoque")))

    assert captured.returncode == 0, captured.stderr
    assert '- who.name: "Ana Souza"' in captured.stdout
    assert f'+ who.name: "{made["who"]["name"]}"' in captured.stdout
    assert (made["event"], made.keys()) == ("created", body.keys())
    assert not {"Ana", "Souza", "41999990000", "C-5"} & set(sample.read_text().replace('"', " ").split())
    assert ran.returncode == 0, ran.stdout
    assert "3 passed" in ran.stdout


def test_nothing_is_overwritten_unasked(server: Server):
    event_id = post(server, {"event": "created", "delivery": "d-78", "id": "C-6"})
    words = ("scripts.capture", event_id, "--name", "twice")
    run(server, *words)
    sample = plugin(server, "estoque") / "samples" / "estoque.created__twice.json"
    before = sample.read_text()
    refused, agreed = run(server, *words), run(server, *words, answer="y\n")

    assert (refused.returncode, agreed.returncode) == (1, 0)
    assert "Nothing was written." in refused.stderr
    assert sample.read_text() != before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["00000000000000ab"], "There is no event 00000000000000ab."),
        (["{event}", "--into", "/nowhere/at/all"], "/nowhere/at/all is no folder."),
    ],
)
def test_what_cannot_be_captured_is_told(server: Server, words: list[str], said: str):
    event_id = server.events(signal="estoque.created", limit=1)[0]["id"]
    captured = run(server, "scripts.capture", *(each.format(event=event_id) for each in words))

    assert captured.returncode == 1
    assert said in captured.stderr


def post(server: Server, body: dict[str, Any]) -> str:
    """As the outside system sends it; the event's id, once its handler is through."""
    content = json.dumps(body).encode()
    signature = HmacSignature(MADE["ESTOQUE_SECRET"], "X-Signature", prefix="sha256=").prove(content, "").headers
    answer = server.http.post("/webhook/estoque", content=content, headers=signature)
    eventually(server.is_quiet)
    return str(answer.json()["event"])
