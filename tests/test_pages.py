"""What do the pages show, and what is done by them? Asked as a browser asks, of the real server."""

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from clients.testing import message_payload, signed
from tests.rig import RULES, SECRET, TOKENS, Server, eventually, fake_chatwoot

HOSTILE = "<script>alert(1)</script> \x1b[31mred\r\nX-Forged: yes =HYPERLINK(1) \u202egnp.exe"
PLUGIN = '''
import os
from relay import Event, Rejected, on

@on("chatwoot.conversation_created")
async def look_up(event: Event) -> None:
    """Looks a customer up."""
    if not os.path.exists(os.path.join(os.path.dirname(__file__), "..", "mended")):
        raise Rejected("unknown: " + event.payload["name"])

@on("chatwoot.conversation_updated")
async def post(event: Event) -> None:
    async def do() -> dict[str, int]:
        raise ConnectionError("the line broke")
    try:
        await event.once("posted", do)
    except ConnectionError:
        await event.once("posted", do)
'''


class Browser:
    """Somebody who has logged in, and uses the pages by their links and forms."""

    def __init__(self, server: Server) -> None:
        self.http = httpx.Client(base_url=server.url, timeout=10, follow_redirects=True)
        self.http.post("/admin/login", data={"token": TOKENS["ADMIN_TOKEN"]}).raise_for_status()

    def open(self, path: str) -> str:
        return self.http.get(f"/admin/{path}").raise_for_status().text

    def send(self, page: str, act: str, which: int = 0, **fields: str) -> str:
        """Send the page's form for an act, as it stands there; what comes of it, confirmed where that is asked."""
        forms = re.findall(rf'<form method="post" action="/admin/acts/{act}".*?</form>', page, re.DOTALL)
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', forms[which]))
        values = {name: _unescaped(value) for name, value in hidden.items()}
        answer = self.http.post(f"/admin/acts/{act}", data={**values, **fields})
        answer.raise_for_status()
        return answer.text


def _unescaped(text: str) -> str:
    for written, meant in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(written, meant)
    return text


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    (tmp_path / "plugins" / "crm.py").write_text(PLUGIN)
    (tmp_path / "plugins" / "torn.py").write_text("def x(:\n")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def browser(server: Server) -> Iterator[Browser]:
    browser = Browser(server)
    yield browser
    browser.http.close()


def conversation(number: int, event: str = "conversation_created", **fields: Any) -> dict[str, Any]:
    return {"event": event, "id": number, "account": {"id": 1}, "name": "Ana", **fields}


def give_up(server: Server, number: int = 1, name: str = "Ana") -> str:
    """An event whose delivery to the plugin is dead."""
    server.post_chatwoot(conversation(number, name=name)).raise_for_status()
    eventually(server.is_quiet)
    return str(server.events(limit=1)[0]["id"])


def state_of(server: Server, event: str, handler: str) -> str:
    deliveries = server.admin(f"events/{event}")["deliveries"]
    return next(str(each["state"]) for each in deliveries if each["handler"] == handler)


def test_every_page_shows_hostile_text_as_text(server: Server, browser: Browser) -> None:
    server.sync_rules(RULES)
    server.post_chatwoot(message_payload(1, 1, HOSTILE), **{"X-Event-Test": "true"})
    event = give_up(server, name=HOSTILE)
    server.http.post("/webhook?x=<script>", json={"event": HOSTILE}, headers={"Authorization": "", "User-Agent": "<b>"})
    server.post_chatwoot({**conversation(2), "event": "x<script>"})
    pages = ("", "events", f"events/{event}?body=whole", "dead", "rejections", "outbox", "handlers", "setup", "logs")
    shown = {page: browser.open(page) for page in pages}

    assert [page for page, text in shown.items() if "<script>alert" in text or "\x1b" in text or "\u202e" in text] == []
    assert "unknown: &lt;script&gt;alert(1)" in shown["dead"]
    assert "unknown: &lt;script&gt;alert(1)" in shown[f"events/{event}?body=whole"]


def test_a_body_is_shown_without_texts_until_it_is_asked_for(server: Server, browser: Browser) -> None:
    event = give_up(server, name="Ana Maria Souza")
    hidden, shown = browser.open(f"events/{event}"), browser.open(f"events/{event}?body=whole")
    body_hidden = re.search(r'<pre class="body"[^>]*>(.*?)</pre>', hidden, re.DOTALL)

    assert body_hidden is not None
    assert "conversation_created" in body_hidden[1]
    assert "Ana Maria Souza" not in body_hidden[1]
    assert "Ana Maria Souza" in shown


def test_what_is_dead_runs_again_once_its_cause_is_mended(server: Server, browser: Browser) -> None:
    event = give_up(server)
    (server.folder / "mended").touch()
    counted = browser.send(browser.open("dead"), "run-again")
    browser.send(counted, "run-again")
    eventually(lambda: state_of(server, event, "plugins.crm:look_up") == "done")

    assert ">1<" in counted
    assert state_of(server, event, "handlers.chatwoot.reply:remember") == "done"
    assert server.books()["deliveries"]["dead"] == 0


def test_counting_first_changes_nothing(server: Server, browser: Browser) -> None:
    event = give_up(server)
    browser.send(browser.open("dead"), "run-again")
    browser.send(browser.open("dead"), "discard")

    assert state_of(server, event, "plugins.crm:look_up") == "dead"


def test_of_what_was_done_already_only_the_chosen_deliveries_own_is_counted(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    rejects = (
        "from relay import Rejected, on\n@on('chatwoot.message_created')\nasync def no(event):\n    raise Rejected"
    )
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "strict.py").write_text(rejects)
    server = start_server(PLUGINS_DIR=str(tmp_path / "plugins"))
    server.sync_rules(RULES, **{"X-Event-Test": "true"})
    server.post_chatwoot(message_payload(1, 1, "Quais as formas de pagamento?"), **{"X-Event-Test": "true"})
    eventually(server.is_quiet)
    event = server.events(status="dead")[0]["id"]
    counted = server.http.post("/admin/api/dead/run-again", json={"ids": [event], "dry_run": True}).json()

    assert server.admin(f"events/{event}")["effects"]  # the answer's
    assert (counted["deliveries"], counted["effects_done"]) == (1, 0)


def test_only_what_was_chosen_is_discarded(server: Server, browser: Browser) -> None:
    kept, gone = give_up(server, 1, "Ana"), give_up(server, 2, "Bia")
    page = browser.open(f"events/{gone}")
    browser.send(browser.send(page, "discard"), "discard")
    eventually(lambda: state_of(server, gone, "plugins.crm:look_up") == "discarded")

    assert state_of(server, kept, "plugins.crm:look_up") == "dead"
    assert server.books()["deliveries"] | {"done": 0} == {
        "dead": 1, "parked": 0, "running": 0, "waiting": 0, "discarded": 1, "done": 0,
    }  # fmt: skip


@pytest.mark.parametrize(("which", "state", "tried"), [(0, "done", 0), (1, "parked", 1)])
def test_a_person_says_whether_an_effect_was_done(
    server: Server, browser: Browser, which: int, state: str, tried: int
) -> None:
    server.post_chatwoot(conversation(1, "conversation_updated"))
    eventually(server.is_quiet)
    event = server.events(limit=1)[0]["id"]
    assert state_of(server, event, "plugins.crm:post") == "parked"
    page = browser.send(browser.open(f"events/{event}"), "settle", which)
    browser.send(browser.send(page, "run-again"), "run-again")
    wanted = (state, ["intended" if tried else "done"])  # parked it was before: its effect tells that it has run again

    def is_now() -> tuple[str, list[str]]:
        effects = server.admin(f"events/{event}")["effects"]
        return state_of(server, event, "plugins.crm:post"), [each["state"] for each in effects]

    eventually(lambda: server.is_quiet() and is_now() == wanted)


def test_a_handler_that_is_switched_off_is_owed_what_comes_and_gets_it_later(server: Server, browser: Browser) -> None:
    (server.folder / "mended").touch()
    handler = {"handler": "plugins.crm:look_up"}
    page = browser.open("handlers")
    off = browser.send(page, "handlers/switch", **handler, on="false")
    server.post_chatwoot(conversation(1))
    eventually(server.is_quiet)
    event = server.events(limit=1)[0]["id"]
    while_off = (
        state_of(server, event, "plugins.crm:look_up"),
        state_of(server, event, "handlers.chatwoot.reply:remember"),
    )
    server.kill()
    server.start()
    after_restart = state_of(server, event, "plugins.crm:look_up")
    browser.send(off, "handlers/switch", **handler, on="true")
    eventually(lambda: state_of(server, event, "plugins.crm:look_up") == "done")

    assert while_off == ("parked", "done")
    assert after_restart == "parked"
    assert server.books()["deliveries"]["parked"] == 0


def test_a_broken_plugin_is_named_with_its_place(browser: Browser) -> None:
    page = browser.open("handlers")

    assert "plugins.torn" in page
    assert "torn.py, line 1" in page


def test_a_handlers_last_failure_is_shown_with_its_trace(server: Server, browser: Browser) -> None:
    event = give_up(server)
    page = browser.open("handlers")
    failed = [each for each in server.admin("handlers")["items"] if each["failure"]]

    assert [(each["handler"], each["failure"]["event"]) for each in failed] == [("plugins.crm:look_up", event)]
    assert "crm.py&#34;, line 9, in look_up" in page


def test_a_run_is_stopped_half_way_and_what_was_done_stays_done(server: Server, browser: Browser) -> None:
    for number in range(150):
        server.post_chatwoot(conversation(number, name=f"Ana {number}"))
    eventually(lambda: server.is_quiet() and server.books()["deliveries"]["dead"] == 150)
    run = server.http.post("/admin/api/dead/discard", json={"handler": "plugins.crm:look_up"}).json()
    server.http.post(f"/admin/api/runs/{run['id']}/stop", json={}).raise_for_status()
    ended = eventually(lambda: server.admin(f"runs/{run['id']}")["ended"] and server.admin(f"runs/{run['id']}"))
    books = server.books()["deliveries"]

    assert ended["state"] == "stopped"
    assert ended["changed"] == books["discarded"] < 150
    assert books["dead"] == 150 - books["discarded"]


def test_signals_that_nobody_handles_are_listed(server: Server, browser: Browser) -> None:
    server.post_chatwoot(conversation(1, "conversation_typing_on"))

    assert "chatwoot.conversation_typing_on" in browser.open("handlers")
    assert [each["signal"] for each in server.admin("handlers")["unhandled"]] == ["chatwoot.conversation_typing_on"]


def test_set_up_turns_green_when_the_first_event_comes(server: Server, browser: Browser) -> None:
    before = browser.open("setup")
    server.post_chatwoot(conversation(1))
    after = browser.open("setup")

    assert (before.count("state done"), after.count("state done")) == (0, 1)
    assert [each for each in TOKENS.values() if each in after + server.http.get("/admin/api/setup").text] == []


def test_logs_are_filtered_by_level_and_text(server: Server, browser: Browser) -> None:
    event = give_up(server)
    lines = server.admin("logs", q=event, level="WARNING")["lines"]

    assert lines
    assert all(event in line and "WARNING" in line for line in lines)
    assert event in browser.open(f"logs?q={event}")
    assert server.http.get("/admin/api/logs", params={"file": "../.env"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("events/nothing", 422),
        ("events/0000000000000001", 404),
        ("events?status=broken", 422),
        ("events?limit=0", 422),
        ("events?limit=501", 422),
        ("events/ffffffffffffffff", 422),
        ("rejections?next=-1", 422),
        ("rejections?next=²", 422),
        ("outbox?next=9999999999999999999", 422),
        ("events?since=yesterday", 422),
        ("events?since=99999999999999999999", 422),
        ("runs/99", 404),
        ("logs?file=/etc/passwd", 404),
    ],
)
def test_a_wrong_question_is_told_on_a_page(browser: Browser, path: str, status: int) -> None:
    answer = browser.http.get(f"/admin/{path}")

    assert answer.status_code == status
    assert 'role="alert"' in answer.text


def test_an_event_is_dealt_with_once_more_and_what_was_done_is_not_repeated(server: Server, browser: Browser) -> None:
    server.sync_rules(RULES, **{"X-Event-Test": "true"})
    server.post_chatwoot(message_payload(1, 1, "Quais as formas de pagamento?"), **{"X-Event-Test": "true"})
    eventually(server.is_quiet)
    event = server.events(signal="chatwoot.message_created")[0]["id"]
    kept = len(server.admin("outbox")["items"])
    page = browser.open(f"events/{event}")
    done = browser.send(browser.send(page, "replay"), "replay")
    eventually(server.is_quiet)

    assert "<progress" in done
    assert len(server.admin("outbox")["items"]) == kept > 0
    assert "respondida com: Formas de pagamento" in page
    assert "<h2>Resposta " in browser.open("outbox")


def test_a_refusal_says_which_usual_mistake_it_is_and_stays_refused(server: Server, browser: Browser) -> None:
    body = b'{"event":"message_created","account":{"id":1},"id":5}'
    rewritten = b'{"event": "message_created", "account": {"id": 1}, "id": 5}'
    refused = server.http.post("/webhook", content=rewritten, headers={**signed(body, SECRET), "Authorization": ""})
    page = browser.open("rejections")

    assert refused.status_code == 401
    assert "o corpo foi reescrito no caminho: a assinatura é de compact JSON" in page
    assert "deixe passar os bytes como são" in page
    assert SECRET not in page


def test_who_waits_for_a_person_is_listed_until_one_writes(start_server: Callable[..., Server]) -> None:
    with fake_chatwoot() as (_fake, url):
        server = start_server(CHATWOOT_BASE_URL=url, CHATWOOT_API_KEY="user-token")
        server.post_chatwoot(message_payload(1, 5, "Quero falar com um atendente"))
        eventually(lambda: server.is_quiet() and server.admin("now")["waiting_for_person"])
        waiting = server.admin("now")["waiting_for_person"]
        agent = {"id": 9, "type": "user", "name": "Bia"}
        server.post_chatwoot(message_payload(2, 5, "Oi, sou a Bia", message_type="outgoing", sender=agent))
        eventually(lambda: not server.admin("now")["waiting_for_person"])

    assert [(each["account"], each["key"]) for each in waiting] == [("account_1", "conversation:5")]


def test_a_fault_of_ours_is_told_without_its_trace(server: Server, browser: Browser) -> None:
    with contextlib.closing(sqlite3.connect(server.folder / "data" / "server.db")) as database:
        database.execute("DROP TABLE outbox")
    answers = [browser.http.get("/admin/outbox"), server.http.get("/admin/api/outbox")]

    assert [(each.status_code, each.text) for each in answers] == [
        (500, "Erro interno: o log do servidor diz mais.")
    ] * 2
    assert "no such table: outbox" in server.logs()
