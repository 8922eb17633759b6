"""Does the test kit tell what a plugin does, by its own test's eyes, and does nothing leave while it does?"""

import asyncio
import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from relay.testing.only_loopback import ReachedOut, is_here, only_loopback
from tests.rig import ROOT

PLUGIN = """
import socket
import urllib.request
import msgspec
from clients import Chatwoot, Http, Odoo
from relay import Debounce, Event, PerAccount, Rejected, Source, State
from relay import answer, daily, field, on, settings, source, webhook
from relay.authenticate import HmacSignature, UrlToken

@source
def press() -> Source:
    return webhook("press", authenticate=UrlToken("t"), signal="run", key=lambda _incoming, body: body["press"]["id"])

@settings("till")
class Till(msgspec.Struct):
    secret: list[str] = []
    limit: int = 5

@source
def till(own: PerAccount[Till]) -> Source:
    way = HmacSignature(own.each("secret"), "X-Till-Signature", prefix="sha256=")
    return webhook("till", authenticate=way, signal=field("what"), key=field("order"), repeat_id=field("id"),
                   scrub=("card",))

@on("till.paid")
async def note(event: Event, own: Till, state: State) -> None:
    number = await state.change(event.account or "", "paid", lambda before: (before or 0) + 1)
    event.explain(f"{number} of {own.limit}: {event.payload['order']}, {event.key}, {event.payload['card']}")
    await event.emit("shop.paid", {"order": event.payload["order"]})

@on("till.paid")
def plainly(event: Event) -> None:
    event.once("print", lambda: "printed")
    event.emit("shop.printed", {})

@on("till.*")
async def strict(event: Event) -> None:
    if event.payload["total"] < 0:
        raise Rejected("less than nothing")

@answer("till.asked")
async def say(event: Event) -> dict:
    return {"left": 3}

@on("chatwoot.message_created")
async def tell(event: Event, chatwoot: Chatwoot) -> None:
    conversation = chatwoot.conversation(1, 5, account=event.account or "", test=event.test)
    await event.once("note", lambda: conversation.say("Fala em Procon.", {"event": event.id}, private=True))

@on("till.told")
async def write(event: Event, chatwoot: Chatwoot) -> None:
    mine = chatwoot.of(event)
    await mine.start_conversation(await mine.find_or_create_contact("+5541999990000"), 3, "oi")

@on("till.asked_elsewhere")
async def ask(event: Event, http: Http, odoo: Odoo) -> None:
    partners = await odoo.of(event).read("res.partner", "search_read", domain=[], fields=["name"])
    answer = await http.of(event).post(event.payload["url"], json={"partners": len(partners)})
    event.explain(f"{answer.status}")

@on("till.closed", debounce=Debounce(quiet=5, longest=60))
async def close(event: Event) -> None:
    event.explain(event.payload["order"])

@on("shop.printed")
async def shown(event: Event) -> None:
    event.explain(event.payload["order"])

@daily("20:00")
async def report(event: Event, state: State) -> None:
    paid = await state.of(event).get("paid") or 0
    event.explain(f"{paid} at {event.payload['at'][:10]}")

@on("till.calls")
async def call(event: Event) -> None:
    try:
        urllib.request.urlopen(event.payload["url"])
    except OSError:
        pass
"""
SAMPLES = {
    "till.paid": {"what": "paid", "id": 1, "order": "A1", "total": 10, "card": "4111"},
    "till.paid__nothing": {"what": "paid", "id": 2, "order": "A2", "total": -1, "card": "4111"},
    "till.asked": {"what": "asked", "id": 3, "order": "A1", "total": 1},
    "till.calls": {"what": "calls", "id": 4, "url": "https://example.com/", "total": 1},
    "till.asked_elsewhere": {"what": "asked_elsewhere", "id": 6, "url": "http://127.0.0.1:9", "total": 1},
    "shop.printed": {"order": "A1"},
    "press.run": {},
    "till.told": {"what": "told", "id": 8, "order": "A1", "total": 1},
    "till.closed": {"what": "closed", "id": 7, "order": "A1", "total": 1},
    "till.wrong": {"what": "other", "id": 5},
}
TESTS = """
import pytest
from clients.testing import FakeChatwoot, fake_chatwoot, served
from clients.testing_odoo import FakeOdoo
from relay import Rejected
from relay.testing.only_loopback import ReachedOut
from relay.testing.samples import UnknownSample
from relay.testing import send
from . import Till

def test_what_each_handler_does_is_told():
    sent = send("till.paid")
    assert sent["note"].reason == "1 of 5: A1, A1, [removed]"
    assert sent["note"].emitted == [("shop.paid", {"order": "A1"})]
    assert (sent["plainly"].effects, sent["plainly"].emitted) == ({"print": "printed"}, [("shop.printed", {})])
    assert (sent.event.account, sent.event.key, sent.errors) == ("account_1", "A1", {})

def test_a_place_of_the_body_and_the_settings_are_given():
    sent = send("till.paid", Till(secret=["mine"], limit=9), fields={"order": "B7"}, account="other")
    assert sent["note"].reason == "1 of 9: B7, B7, [removed]"
    assert sent.event.account == "other"

def test_an_error_is_kept(capsys):
    sent = send("till.paid__nothing")
    assert isinstance(sent.errors["strict"], Rejected)
    assert sent["note"].error is None
    assert "less than nothing" in capsys.readouterr().err

def test_an_answer_is_kept():
    assert send("till.asked")["say"].returned == {"left": 3}

def test_a_chatwoot_stands_in():
    sent = send("chatwoot.message_created")
    assert sent.double(FakeChatwoot).notes(5) == ["Fala em Procon."]
    assert sent.double(FakeChatwoot).replies(5) == []

async def coroutine_with_a_chatwoot_of_its_own():
    with fake_chatwoot() as (chatwoot, fake):
        fake.fault = lambda *_: (500, False)
        assert "tell" in send("chatwoot.message_created", chatwoot).errors

def test_it_may_be_a_coroutine():
    import asyncio
    asyncio.run(coroutine_with_a_chatwoot_of_its_own())

def test_a_test_message_stays_here():
    sent = send("chatwoot.message_created", test=True)
    assert sent.double(FakeChatwoot).outbox == [("5", "note", "Fala em Procon.")]

def test_odoo_and_any_other_server_stand_in():
    told = []

    async def elsewhere(scope, receive, reply):
        told.append((await receive())["body"])
        await reply({"type": "http.response.start", "status": 201, "headers": []})
        await reply({"type": "http.response.body", "body": b"{}"})

    with served(elsewhere) as url:
        sent = send("till.asked_elsewhere", fields={"url": url})
    assert (sent.errors, sent["ask"].reason, told) == ({}, "201", [b'{"partners": 0}'])
    assert sent.double(FakeOdoo).asked

def test_of_a_debounce_the_newest_comes_alone_as_from_the_server():
    sent = send("till.closed")
    assert (sent.errors, sent["close"].reason) == ({}, "A1")

def test_what_the_other_source_makes_of_its_body_does_not_matter():
    sent = send("shop.printed")
    assert (sent.event.source, sent["shown"].reason) == ("shop", "A1")
    with pytest.raises(KeyError, match="press"):
        send("press.run")

def test_a_schedule_needs_no_sample():
    sent = send("schedule.plugins.till.report", fields={"at": "2026-11-28T20:00:00-03:00"})
    assert (sent.errors, sent["report"].reason) == ({}, "0 at 2026-11-28")
    assert send("schedule.plugins.till.report")["report"].reason.startswith("0 at 20")
    with pytest.raises(LookupError, match="no schedule of till is named repot; there are: report"):
        send("schedule.plugins.till.repot")

def test_a_double_that_the_kit_did_not_make_is_told():
    with fake_chatwoot() as (chatwoot, _fake), pytest.raises(LookupError, match="no FakeChatwoot"):
        send("chatwoot.message_created", chatwoot).double(FakeChatwoot)

def test_an_inbox_that_the_fake_one_does_not_have_is_told():
    assert "contacts.add_inbox(3)" in str(send("till.told").errors["write"])

def test_nothing_leaves():
    with pytest.raises(ReachedOut, match=r"have: example\\.com\\. .*served"):
        send("till.calls")
    send("till.calls", fields={"url": "http://127.0.0.1:9/"})

def test_wrong_names_are_told():
    with pytest.raises(UnknownSample, match="till/samples/till.payed.json; near: till.paid"):
        send("till.payed")
    with pytest.raises(AssertionError, match="till.wrong.json is named otherwise"):
        send("till.wrong")
    with pytest.raises(KeyError, match="nobody_else did not take till.paid; who did: note"):
        send("till.paid")["nobody_else"]
"""


def write_folder(folder: Path) -> Path:
    plugin = folder / "till"
    (plugin / "samples").mkdir(parents=True)
    (plugin / "__init__.py").write_text(PLUGIN)
    (plugin / "test_till.py").write_text(TESTS)
    for name, payload in SAMPLES.items():
        (plugin / "samples" / f"{name}.json").write_text(json.dumps(payload))
    return plugin


def pytest_of(*words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("mode", ["prepend", "importlib"])
def test_a_folder_outside_the_checkout_tests_itself_by_the_kit(tmp_path: Path, mode: str):
    write_folder(tmp_path / "mine")
    ran = pytest_of(f"--import-mode={mode}", tmp_path / "mine")

    assert ran.returncode == 0, ran.stdout
    assert "15 passed" in ran.stdout


def test_a_file_alone_is_tested_by_the_test_that_is_named_for_it(tmp_path: Path):
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "shop.opened.json").write_text('{"at": 8}')
    handler = "@on('shop.opened')\nasync def act(event: Event) -> None:\n    event.explain(str(event.payload['at']))\n"
    (tmp_path / "greet.py").write_text("from relay import Event, on\n" + handler)
    test = "def test_it():\n    assert send('shop.opened')['act'].reason == '8'\n"
    (tmp_path / "test_greet.py").write_text("from relay.testing import send\n" + test)
    ran = pytest_of(tmp_path)

    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("", True), (None, True),
        (b"localhost", True), ("0.0.0.0", True), ("10.0.0.1", False), ("192.168.0.1", False), ("example.com", False),
        ("localhost.example.com", False), (b"example.com", False), ("fe80::1%eth0", False), ("::ffff:127.0.0.1", True),
    ],
)  # fmt: skip
def test_loopback_is_here_and_all_else_is_not(host: object, here: bool):
    assert is_here(host) is here


def connect() -> None:
    socket.create_connection(("192.0.2.1", 9), timeout=1)


def ask_a_name_server() -> None:
    socket.gethostbyname("example.com")


def send_a_datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", ("192.0.2.1", 9))


def connect_by_asyncio() -> None:
    asyncio.run(asyncio.open_connection("192.0.2.1", 9))


def connect_in_a_thread() -> None:
    with ThreadPoolExecutor(1) as thread:
        thread.submit(connect).result()


async def ask_by_httpx() -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            await client.get("https://example.com/")
        except httpx.ConnectError as error:
            raise ConnectionError from error


def ask_at_once_by_httpx() -> None:
    asyncio.run(ask_by_httpx())


def start_a_program() -> None:
    subprocess.run(["true"], check=True)


@pytest.mark.parametrize(
    "act",
    [
        *(connect, connect_by_asyncio, connect_in_a_thread, ask_a_name_server, ask_at_once_by_httpx),
        *(send_a_datagram, start_a_program),
    ],
)
def test_what_would_leave_is_refused_and_told_even_where_it_is_swallowed(act: object):
    match = r"192\.0\.2\.1|example\.com|the program true"
    with pytest.raises(ReachedOut, match=match), only_loopback(), pytest.raises(ConnectionError):
        act()


def test_afterwards_everything_is_as_before():
    with only_loopback():
        pass
    subprocess.run(["true"], check=True)
