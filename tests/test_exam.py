"""The reliability exam, in its short form: what is answered with 200 survives kill -9, a full disk and a locked one."""

import asyncio
import contextlib
import os
import random
import resource
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from clients.testing import FakeChatwoot, as_sent, message_payload, signed
from tests.rig import RULES, SECRET, Server, eventually, fake_chatwoot

# The short form; EXAM=long is for whoever has the time.
ROUNDS, ACCEPTED_IN_ALL = (50, 5000) if os.environ.get("EXAM") == "long" else (8, 600)
QUESTIONS = ("Quais as formas de pagamento?", "Qual o prazo de entrega?", "Como faço troca e devolução?")


async def _send_until_dead(server: Server, accepted: list[int], numbers: list[int], stop: Callable[[], bool]) -> None:
    """Send new messages, each in a conversation of its own, noting those answered with 200, until `stop` is true."""
    limits = httpx.Limits(max_connections=24)
    async with httpx.AsyncClient(base_url=server.url, limits=limits, timeout=5) as client:

        async def send(number: int) -> None:
            body = as_sent(message_payload(number, number, QUESTIONS[number % 3]))
            try:
                answer = await client.post("/webhook", content=body, headers=signed(body, SECRET))
            except httpx.TransportError:
                return
            if answer.status_code == 200:
                accepted.append(number)

        async def one_sender() -> None:
            while not stop() and numbers:
                await send(numbers.pop())

        await asyncio.gather(*(one_sender() for _ in range(24)))


def test_kill_9_under_load_loses_nothing_and_replies_to_nobody_twice(start_server: Callable[..., Server]) -> None:
    chance = random.Random(42)
    accepted: list[int] = []
    numbers = list(range(400_000, 100_000, -1))
    with fake_chatwoot() as (fake, url):
        fake.seconds_to_store = 0.05
        server = start_server(CHATWOOT_BASE_URL=url, CHATWOOT_API_KEY="user-token")
        server.sync_rules(RULES)
        for number in range(ROUNDS):
            wanted = len(accepted) + ACCEPTED_IN_ALL // ROUNDS + chance.randrange(20)

            asyncio.run(_send_until_killed(server, accepted, numbers, wanted, fake))
            if number < ROUNDS - 1:
                server.start()
        server.start()
        eventually(server.is_quiet, 120)

        books = server.books()
        replied = {number: len(fake.replies(number)) for number in accepted}

    assert len(accepted) >= ACCEPTED_IN_ALL
    assert [number for number, replies in replied.items() if replies != 1] == []
    assert books["requests"]["events"] >= len(accepted)
    assert books["deliveries"]["dead"] == books["deliveries"]["parked"] == 0
    with contextlib.closing(sqlite3.connect(server.folder / "data" / "server.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def _send_until_killed(
    server: Server, accepted: list[int], numbers: list[int], wanted: int, fake: FakeChatwoot
) -> None:
    """Send until so many are accepted, then kill -9 while replies are in flight (else the round fails)."""
    killed_with: list[int] = []

    def stop() -> bool:
        in_flight = fake.in_flight  # read once: it changes in another thread
        if not killed_with and len(accepted) >= wanted and in_flight > 0:
            server.kill()
            killed_with.append(in_flight)
        return bool(killed_with)

    await asyncio.wait_for(_send_until_dead(server, accepted, numbers, stop), 60)
    assert killed_with


def test_a_full_disk_is_a_500_health_lives_and_it_recovers_by_itself(start_server: Callable[..., Server]) -> None:
    server = start_server()
    assert server.process is not None
    payload = message_payload(1, 1, "oi", message_type="outgoing", filler="x" * 50_000)
    server.post_chatwoot(payload)
    _, most = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    less_than_a_page = 4_000
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (less_than_a_page, most))
    statuses = [server.post_chatwoot({**payload, "id": number}).status_code for number in range(2, 12)]
    while_full = server.http.get("/health").status_code, server.http.get("/ready").status_code
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, most))
    eventually(lambda: server.http.get("/ready").status_code == 200, 10)
    repeated = [server.post_chatwoot({**payload, "id": number}) for number in range(2, 12)]
    eventually(server.is_quiet)

    assert set(statuses) == {500}
    assert while_full == (200, 503)
    assert {each.status_code for each in repeated} == {200}
    assert server.books()["requests"]["events"] == 11


@pytest.mark.alone
def test_a_locked_database_is_waited_for_within_the_senders_patience(start_server: Callable[..., Server]) -> None:
    server = start_server()
    server.post_chatwoot(message_payload(1, 1, "oi", message_type="outgoing"))
    eventually(server.is_quiet)
    other = sqlite3.connect(server.folder / "data" / "server.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    refused = server.post_chatwoot(message_payload(2, 1, "oi", message_type="outgoing")).status_code
    waited = time.monotonic() - begun
    unauthenticated = server.http.post("/webhook", json={}).status_code
    alive = server.http.get("/health").status_code
    other.execute("ROLLBACK")
    other.close()
    taken = server.post_chatwoot(message_payload(2, 1, "oi", message_type="outgoing")).json()
    eventually(server.is_quiet)

    assert (refused, unauthenticated, alive) == (500, 401, 200)
    assert 3 < waited < 5
    assert taken["status"] == "kept"


def test_a_second_process_is_kept_out_of_the_database(start_server: Callable[..., Server]) -> None:
    server = start_server()
    second = Server(server.folder)
    try:
        second.start()
        came_up = True
    except AssertionError as error:
        came_up, said = False, str(error)
    finally:
        second.http.close()

    assert not came_up
    assert "server.db.lock" in said


def test_sigterm_charges_no_attempt_and_a_restart_goes_on(start_server: Callable[..., Server]) -> None:
    with fake_chatwoot() as (fake, url):
        server = start_server(CHATWOOT_BASE_URL=url, CHATWOOT_API_KEY="user-token")
        server.sync_rules(RULES)
        fake.fault = lambda what, _: (503, False) if what == "show" else None
        server.post_chatwoot(message_payload(1, 1, QUESTIONS[0]))
        eventually(lambda: fake.asked)
        assert server.process is not None
        server.process.terminate()
        server.process.wait(30)
        fake.fault = lambda *_: None
        server.start()
        eventually(server.is_quiet, 30)

        assert [each["content"] for each in fake.replies(1)] == [RULES[0]["description"]]
        assert server.books()["deliveries"]["dead"] == 0


@contextlib.contextmanager
def handed_over(server: Server) -> Iterator[Callable[[], None]]:
    """A listening socket that outlives the server's processes; the function starts another one on it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", server.port))
        listener.listen(512)
        listener.set_inheritable(True)

        def start() -> None:
            server.start("--fd", str(listener.fileno()), pass_fds=(listener.fileno(),))

        yield start


def test_a_restart_on_a_socket_that_is_handed_over_refuses_nobody(tmp_path: Path) -> None:
    server = Server(tmp_path / "server")
    with handed_over(server) as start:
        start()
        old = server.process
        assert old is not None
        statuses: list[int] = []
        over = threading.Event()

        def send() -> None:
            number = 0
            while not over.is_set():
                number += 1
                answer = server.post_chatwoot(message_payload(number, 1, "oi", message_type="outgoing"))
                statuses.append(answer.status_code)

        sender = threading.Thread(target=send)
        sender.start()
        try:
            eventually(lambda: len(statuses) > 20)
            old.terminate()
            start()
            old.wait(30)
            before = len(statuses)
            eventually(lambda: len(statuses) > before + 20)
        finally:
            over.set()
            sender.join(20)
            server.stop()

    assert set(statuses) == {200}


BLOCKING = """
import time
from relay import Event, on

@on("chatwoot.message_created")
async def block(event: Event) -> None:
    time.sleep(20)
"""


def test_on_a_socket_that_is_handed_over_no_sender_waits_for_a_slow_or_blocked_handler(tmp_path: Path) -> None:
    with fake_chatwoot() as (fake, url), ThreadPoolExecutor() as threads:
        fake.seconds_to_store = 8
        server = Server(tmp_path / "server", CHATWOOT_BASE_URL=url, CHATWOOT_API_KEY="user-token")
        (server.folder / "plugins" / "blocking.py").write_text(BLOCKING)
        body = as_sent(message_payload(2, 2, "oi", message_type="outgoing"))

        def send() -> int:
            return httpx.post(
                server.url + "/webhook", content=body, headers=signed(body, SECRET), timeout=5
            ).status_code

        with handed_over(server) as start:
            start()
            old = server.process
            assert old is not None
            try:
                server.sync_rules(RULES)
                event = server.post_chatwoot(message_payload(1, 1, QUESTIONS[0])).json()["event"]
                eventually(lambda: fake.in_flight)
                old.terminate()
                sent = [threads.submit(send) for _ in range(3)]
                start()
                statuses = [each.result() for each in sent]
                tried = [each["attempts"] for each in server.admin(f"events/{event}")["deliveries"]]
            finally:
                server.stop()
                old.wait(30)

    assert statuses == [200] * 3
    assert [each["outcome"] for attempts in tried for each in attempts if each["outcome"] != "done"] == []
