"""Is an alarm told once when it begins, and once when it is over? With the real server, and by single looks."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from loguru import logger
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app import chatwoot_of, shop_of
from clients import Chatwoot, Failed
from clients.echoes import MARKER
from clients.http import FAILURES_TO_OPEN
from clients.receiver import Receiver, signed
from clients.testing import FakeChatwoot, message_payload
from config.settings import Settings, WrongSettings, load
from dashboard.watch import Watch
from hubcrew import HubCrew, Knowledge
from hubcrew.knowledge import Item, Scope
from relay.event import Event, Named, now_ms
from relay.store import State, Store
from relay.store.keep import Owed
from relay.store.take import SWITCHED_OFF
from tests.rig import Server, eventually, free_port, serving

HOUR = 3_600_000
CONTACT = {"event": "contact_created", "id": 5, "account": {"id": 1}, "name": "Ana"}
PLUGIN = """
from pathlib import Path
from relay import Event, Rejected, on

@on("chatwoot.contact_created")
async def react(event: Event) -> None:
    if not Path(__file__).with_name("mended").exists():
        raise Rejected("not yet")
"""


class Told:
    """Whoever is told: keeps what comes, and answers as it is set."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.on_request: Callable[[], None] = lambda: None
        self.app = Starlette(routes=[Route("/hooks/in", self._take, methods=["POST"])])
        self.url = ""

    async def _take(self, request: Request) -> PlainTextResponse:
        self.requests.append((dict(request.headers), await request.body()))
        await asyncio.to_thread(self.on_request)
        return PlainTextResponse("ok", self.status)

    @property
    def said(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.requests]

    @property
    def states(self) -> list[tuple[str, str]]:
        return [(each["alarm"], each["state"]) for each in self.said]


@pytest.fixture
def told() -> Iterator[Told]:
    told = Told()
    with serving(told.app) as url:
        told.url = f"{url}/hooks/in?key=secret-part"
        yield told


@pytest.fixture
def server(told: Told, tmp_path: Path) -> Iterator[Server]:
    server = Server(
        tmp_path, ALARM_WEBHOOK_URL=told.url, ALARM_WEBHOOK_SECRET="signing-secret", ALARM_EVERY_SECONDS="0.1"
    )
    (tmp_path / "plugins" / "shop.py").write_text(PLUGIN)
    yield server.start()
    server.stop()


def on_now(server: Server) -> list[str]:
    return [each["id"] for each in server.admin("alarms")["items"]]


def is_remembered(server: Server) -> bool:
    """Whether the server has on disk that something is on, and that all has been told."""
    with contextlib.closing(sqlite3.connect(server.folder / "data" / "server.db")) as database:
        found = database.execute("SELECT value FROM state WHERE account = '' AND name = 'alarms'").fetchone()
    memory = json.loads(found[0]) if found else {}
    return bool(memory.get("on")) and not memory["untold"]


def acknowledge(server: Server, alarm: Any) -> httpx.Response:
    return server.http.post("/admin/api/alarms/acknowledge", json={"alarm": alarm})


def look_twice(server: Server) -> None:
    """Wait until it has certainly been looked once more: something else has come and gone meanwhile."""
    refused = [
        server.http.post("/webhook?token=wrong", content=b"{}", headers={"Authorization": ""}) for _ in range(20)
    ]
    assert {each.status_code for each in refused} == {401}
    eventually(lambda: "requests_refused" in on_now(server))


def test_a_dead_delivery_is_told_once_also_after_a_restart_and_once_when_it_is_done(server: Server, told: Told):
    server.post_chatwoot(CONTACT)
    eventually(lambda: told.requests and is_remembered(server))
    server.kill()
    server.start()
    eventually(lambda: on_now(server) == ["deliveries_dead:account_1"])
    (server.folder / "plugins" / "mended").touch()
    server.http.post("/admin/api/replay", json={"status": "dead"}).raise_for_status()
    eventually(lambda: len(told.requests) > 1)
    look_twice(server)
    dead, over = told.said[:2]

    assert eventually(lambda: told.states[2:]) == [("requests_refused", "on")]
    assert told.states[:2] == [("deliveries_dead", "on"), ("deliveries_dead", "over")]
    assert (dead["text"], dead["content"]) == ("Entregas dadas por perdidas: 1.",) * 2
    assert (dead["account"], dead["where"]) == ("account_1", "events?status=dead&account=account_1")
    assert over["text"] == "Encerrado: Entregas dadas por perdidas: 1."
    assert over["since"] == dead["since"]


def test_what_is_told_is_signed_and_no_secret_is_logged(server: Server, told: Told):
    server.post_chatwoot(CONTACT)
    eventually(lambda: told.requests)
    headers, body = told.requests[0]
    message = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(b"signing-secret", message, hashlib.sha256).digest()

    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert "alarm: deliveries_dead:account_1" in server.logs()
    assert "secret-part" not in server.logs()
    assert "signing-secret" not in server.logs()


def test_a_kill_between_telling_and_remembering_repeats_it_once_with_its_number(server: Server, told: Told):
    told.on_request = server.kill
    server.post_chatwoot(CONTACT)
    eventually(lambda: server.process is None)
    told.on_request = lambda: None
    server.start()
    eventually(lambda: len(told.requests) > 1)
    look_twice(server)
    eventually(lambda: len(told.requests) > 2)

    assert told.states == [("deliveries_dead", "on")] * 2 + [("requests_refused", "on")]
    assert len({headers["webhook-id"] for headers, _body in told.requests[:2]}) == 1
    assert told.said[0] == told.said[1]


def test_what_nobody_takes_is_told_again_until_it_is_taken(server: Server, told: Told):
    told.status = 500
    server.post_chatwoot(CONTACT)
    eventually(lambda: told.requests)
    acknowledge(server, "deliveries_dead").raise_for_status()
    told.status = 200
    eventually(lambda: told.states[-1] == ("deliveries_dead", "over"))

    assert set(told.states[:-1]) == {("deliveries_dead", "on")}
    assert told.states[-1] == ("deliveries_dead", "over")
    assert "an alarm could not be told (webhook)" in server.logs()


def test_what_is_acknowledged_is_over_until_another_delivery_dies(server: Server, told: Told):
    server.post_chatwoot(CONTACT)
    eventually(lambda: on_now(server))
    seen = acknowledge(server, "deliveries_dead:account_1").json()
    look_twice(server)
    off = on_now(server)
    server.post_chatwoot({**CONTACT, "id": 6})
    eventually(lambda: "deliveries_dead:account_1" in on_now(server))

    assert seen == {"acknowledged": ["deliveries_dead:account_1"]}
    assert off == ["requests_refused"]
    assert eventually(
        lambda: len(told.states) > 3 and [each for each in told.states if each[0] == "deliveries_dead"]
    ) == [
        ("deliveries_dead", "on"),
        ("deliveries_dead", "over"),
        ("deliveries_dead", "on"),
    ]


def test_many_refusals_are_told_with_their_reason(server: Server, told: Told):
    look_twice(server)

    assert eventually(lambda: told.states) == [("requests_refused", "on")]
    assert "20" in told.said[0]["text"]
    assert "chatwoot: o token está errado" in told.said[0]["text"]


def test_a_reply_that_did_not_arrive_is_told_with_its_conversation(server: Server, told: Told):
    failed = message_payload(
        77, 12, "Aceitamos Pix.", event="message_updated", message_type="outgoing", status="failed",
        content_attributes={MARKER: {"event": "1", "kind": "reply"}, "external_error": "131026 - undeliverable"},
    )  # fmt: skip
    server.post_chatwoot(failed)
    eventually(lambda: told.requests)

    assert told.states == [("reply_undelivered", "on")]
    assert told.said[0]["account"] == "account_1"
    assert "conversa 12. 131026" in told.said[0]["text"]


@pytest.mark.parametrize(("body", "status"), [({"alarm": "nothing"}, 404), ({"alarm": 5}, 422), ({"other": 1}, 422)])
def test_what_cannot_be_acknowledged_is_said(start_server: Callable[..., Server], body: Any, status: int):
    server = start_server()

    assert server.http.post("/admin/api/alarms/acknowledge", json=body).status_code == status


def test_only_who_has_the_token_sees_alarms_and_books(start_server: Callable[..., Server]):
    server = start_server()
    asked = [("GET", "alarms"), ("GET", "books"), ("POST", "alarms/acknowledge")]
    closed = {"Authorization": "Bearer wrong"}
    answers = [server.http.request(how, f"/admin/api/{what}", headers=closed).status_code for how, what in asked]

    assert answers == [401, 401, 401]
    assert server.admin("alarms") == {"items": [], "next": None}


# Single looks


class Desk:
    """A watch over a store of its own, with a Chatwoot that can be switched off."""

    def __init__(self, store: Store, **settings: str) -> None:
        self.store = store
        self.fake = FakeChatwoot()
        self.down = False
        self.settings: Settings = load(
            {"CHATWOOT_BASE_URL": "http://chat.example.com", "CHATWOOT_API_KEY": "user-token",
             "CHATWOOT_ACCOUNT_ID": "1", "ALARM_DISK_MB": "0", **settings}
        )  # fmt: skip
        self.begin()

    def begin(self) -> None:
        """Start anew, as a process does."""
        inside = httpx.ASGITransport(app=self.fake.app)

        async def answer(request: httpx.Request) -> httpx.Response:
            if self.down:
                raise httpx.ConnectError("refused", request=request)
            return await inside.handle_async_request(request)

        class Line(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                return await answer(request)

        async def outbox(*_: Any) -> None:
            raise AssertionError("nothing goes to the outbox here")

        self.chatwoot = Chatwoot(partial(chatwoot_of, self.settings), outbox, Line())
        crew = HubCrew(Knowledge(self.store), shop_of=partial(shop_of, self.settings))
        self.watch = Watch(self.settings, self.store, self.chatwoot, crew)

    async def look(self) -> list[str]:
        await self.watch.look()
        return [each.id for each in self.watch.alarms]

    async def keep(self, source: str, *, hours_ago: float = 0.0, owed: bool = False) -> Event:
        received = now_ms() - int(hours_ago * HOUR)
        event = Event(f"{source}.said", b"{}", id=f"{received << 21:016x}", source=source, account="account_1")
        await self.store.register_handlers({"plugins.shop:react": "*"})
        given = [Owed(self.store.handler_ids["plugins.shop:react"])] if owed else []
        await self.store.keep(event, Named(event.name, "account_1", None), given)
        return event


@pytest.mark.anyio
async def test_a_chatwoot_that_is_away_is_an_alarm_until_it_answers(open_store: Callable[[], Store]):
    desk = Desk(open_store())
    desk.down = True
    seen = [await desk.look()]
    conversation = desk.chatwoot.conversation(1, 5, account="account_1", test=False)
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(Failed):
            await conversation.say("Oi", {})
    seen.append(await desk.look())
    desk.begin()  # a restart does not know that it was failing, and asks
    seen.append(await desk.look())
    desk.down = False
    seen.append(await desk.look())

    alarm = ["chatwoot_unreachable:http://chat.example.com"]
    assert seen == [[], alarm, alarm, []]


@pytest.mark.anyio
async def test_a_password_in_an_address_is_told_to_nobody(open_store: Callable[[], Store]):
    desk = Desk(open_store(), CHATWOOT_BASE_URL="http://nome:senha@chat.example.com/api/v1")
    desk.down = True
    conversation = desk.chatwoot.conversation(1, 5, account="account_1", test=False)
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(Failed):
            await conversation.say("Oi", {})
    await desk.look()
    (alarm,) = desk.watch.alarms

    assert alarm.id == "chatwoot_unreachable:http://chat.example.com"
    assert "http://chat.example.com" in alarm.text
    assert "senha" not in str(alarm)


@pytest.mark.anyio
async def test_an_alarm_is_a_private_note_in_a_conversation_of_the_shops_own(open_store: Callable[[], Store]):
    desk = Desk(open_store(), ALARM_CHATWOOT_CONVERSATION="44", ALARM_SILENT_MINUTES="odoo=60")
    await desk.keep("odoo", hours_ago=2)
    seen = [await desk.look(), await desk.look()]
    await desk.keep("odoo")
    seen.append(await desk.look())

    assert seen == [["source_silent:account_1:odoo"]] * 2 + [[]]
    assert desk.fake.notes(44) == [
        "Nada chega de odoo há 120 minutos de expediente.",
        "Encerrado: Nada chega de odoo há 120 minutos de expediente.",
    ]
    assert desk.fake.replies(44) == []


@pytest.mark.anyio
async def test_silence_outside_the_shops_hours_is_none(open_store: Callable[[], Store]):
    desk = Desk(open_store(), ALARM_SILENT_MINUTES="odoo=60")
    await desk.keep("odoo", hours_ago=2)
    hours = [Item("hours", "Horário", "Segunda a domingo: fechado", "hours")]
    await Knowledge(desk.store).replace([(Scope("account_1", "company"), hours)])

    assert await desk.look() == []


@pytest.mark.anyio
async def test_what_is_switched_off_by_a_zero_is_not_even_looked_at(open_store: Callable[[], Store]):
    desk = Desk(open_store(), ALARM_WAITING_MINUTES="0", ALARM_REFUSED="0")
    await desk.keep("shop", hours_ago=2, owed=True)
    said: list[str] = []
    sink = logger.add(said.append, level="ERROR")
    on = await desk.look()
    logger.remove(sink)

    assert (on, said) == ([], [])


@pytest.mark.anyio
async def test_a_source_that_has_never_spoken_is_not_waited_for(open_store: Callable[[], Store]):
    desk = Desk(open_store(), ALARM_SILENT_MINUTES="odoo=60,chatwoot=60")
    await desk.keep("chatwoot", hours_ago=2)

    assert await desk.look() == ["source_silent:account_1:chatwoot"]


@pytest.mark.anyio
async def test_what_waits_longer_than_its_limit_is_an_alarm_until_it_runs(open_store: Callable[[], Store]):
    desk = Desk(open_store(), ALARM_WAITING_MINUTES="0.001")
    seen = [await desk.look()]
    event = await desk.keep("shop", owed=True)
    await asyncio.sleep(0.1)
    seen.append(await desk.look())
    desk.begin()
    seen.append(await desk.look())
    await desk.store.write(lambda tx: tx.connection.exec_driver_sql("UPDATE deliveries SET state = 'running'"))
    seen.append(await desk.look())

    assert event.id
    assert [[each for each in one if each.startswith("waiting")] for one in seen] == [
        [],
        ["waiting_long"],
        ["waiting_long"],
        [],
    ]


@pytest.mark.anyio
async def test_what_a_replay_brings_back_has_not_waited_for_years(open_store: Callable[[], Store]):
    desk = Desk(open_store(), ALARM_WAITING_MINUTES="1")
    await desk.look()
    await desk.keep("shop", hours_ago=9000, owed=True)

    assert await desk.look() == []


@pytest.mark.anyio
async def test_what_cannot_be_found_out_leaves_the_others_and_itself_as_they_were(open_store: Callable[[], Store]):
    desk = Desk(open_store(), ALARM_SILENT_MINUTES="odoo=60")
    known = {"9": {"conversation": "1", "error": "", "at": now_ms()}}
    await State(desk.store).put("account_1", "undelivered replies", known)
    seen = [await desk.look()]
    await State(desk.store).put("account_1", "undelivered replies", "no list")
    await desk.keep("odoo", hours_ago=2)
    seen.append(sorted(await desk.look()))
    await State(desk.store).put("account_1", "undelivered replies", None)
    seen.append(await desk.look())

    assert seen == [
        ["reply_undelivered:account_1"],
        ["reply_undelivered:account_1", "source_silent:account_1:odoo"],
        ["source_silent:account_1:odoo"],
    ]


@pytest.mark.anyio
async def test_books_that_only_a_count_finds_wrong_stay_an_alarm_after_a_restart(open_store: Callable[[], Store]):
    desk = Desk(open_store())
    event = await desk.keep("odoo")
    statement = "DELETE FROM events WHERE id = :id"
    await desk.store.write(lambda tx: tx.connection.execute(text(statement), {"id": int(event.id, 16)}))
    await desk.watch.books.count()
    seen = [await desk.look()]
    desk.begin()
    seen.append(await desk.look())

    assert seen == [["books_unbalanced"], ["books_unbalanced"]]


@pytest.mark.anyio
async def test_a_disk_that_is_nearly_full_is_an_alarm(open_store: Callable[[], Store], tmp_path: Path):
    database = f"sqlite:///{tmp_path}/server.db"
    desk = Desk(open_store(), ALARM_DISK_MB="1000000", DATABASE_URL=database, LOG_DIR=str(tmp_path))

    assert await desk.look() == ["disk_nearly_full"]


@pytest.mark.anyio
async def test_nobody_at_the_receivers_address_is_a_failure(open_store: Callable[[], Store]):
    with pytest.raises(Failed, match="the alarms' receiver: no connection"):
        await Receiver(f"http://127.0.0.1:{free_port()}/hooks?key=secret").tell("alarm_1", {"text": "x"})


def test_a_secret_of_standard_webhooks_is_read_from_its_base64():
    key = base64.b64encode(b"key").decode()

    assert signed("a", 1, b"{}", f"whsec_{key}") == signed("a", 1, b"{}", "key")
    assert "webhook-signature" not in signed("a", 1, b"{}", "")


@pytest.mark.parametrize("value", ["chatwoot", "chatwoot=", "=5", "chatwoot=-1", "chatwoot=many"])
def test_minutes_of_silence_that_cannot_be_read_are_said(value: str):
    with pytest.raises(WrongSettings, match="ALARM_SILENT_MINUTES"):
        load({"ALARM_SILENT_MINUTES": value})


def test_a_wrong_receiver_is_said_without_its_address():
    with pytest.raises(WrongSettings) as caught:
        load({"ALARM_WEBHOOK_URL": "hooks.slack.com/services/secret"})

    assert "ALARM_WEBHOOK_URL" in str(caught.value)
    assert "services/secret" not in str(caught.value)


@pytest.mark.anyio
async def test_what_a_person_has_switched_off_is_no_alarm(open_store: Callable[[], Store]):
    desk = Desk(open_store())
    seen = []
    await desk.keep("shop", owed=True)
    for reason in (SWITCHED_OFF, "nobody knows whether it was sent"):
        change = "UPDATE deliveries SET state = 'parked', reason = ?"
        await desk.store.write(
            lambda tx, change=change, reason=reason: tx.connection.exec_driver_sql(change, (reason,))
        )
        seen.append([each for each in await desk.look() if each.startswith("deliveries")])

    assert seen == [[], ["deliveries_parked:account_1"]]
