"""Slow senders: a deadline for headers and for bodies, an answer for whoever has begun, and the others go on."""

import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from relay import deadline
from tests.rig import eventually, free_port

LARGE = [b"%d" % n * 30_000 for n in range(10)]


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(await request.body())


async def large(_request: Request) -> StreamingResponse:
    return StreamingResponse(iterate(LARGE))


async def iterate(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(deadline, "HEADER_SECONDS", 0.4)
    monkeypatch.setattr(deadline, "BODY_SECONDS", 0.8)
    app = Starlette(routes=[Route("/", echo, methods=["POST"]), Route("/large", large)])
    port = free_port()
    configuration = uvicorn.Config(app, port=port, http=deadline.PatientProtocol, log_level="error", ws="none")
    server = uvicorn.Server(configuration)
    thread = threading.Thread(target=server.run)
    thread.start()
    eventually(lambda: server.started)
    yield port
    server.should_exit = True
    thread.join(20)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def everything(connection: socket.socket) -> bytes:
    received = b""
    while chunk := connection.recv(4096):
        received += chunk
    return received


def test_half_a_head_is_answered_408_and_closed(port: int) -> None:
    with connect(port) as slow:
        slow.sendall(b"POST / HTTP/1.1\r\nhost: x\r\n")
        begun = time.monotonic()
        answer = everything(slow)

    assert answer.startswith(b"HTTP/1.1 408")
    assert time.monotonic() - begun < 3


def test_a_connection_that_says_nothing_is_closed(port: int) -> None:
    with connect(port) as silent:
        assert everything(silent).startswith(b"HTTP/1.1 408")


def test_half_a_body_is_answered_408_and_closed(port: int) -> None:
    with connect(port) as slow:
        slow.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf")
        answer = everything(slow)

    assert answer.startswith(b"HTTP/1.1 408")


def test_a_body_in_pieces_within_the_deadline_is_taken(port: int) -> None:
    with connect(port) as patient:
        patient.sendall(b"POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 6\r\n\r\nwho")
        time.sleep(0.2)  # slower than one packet, quicker than the deadline
        patient.sendall(b"le!")
        answer = everything(patient)

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"whole!")


def packets_received(connection: socket.socket) -> int:
    """How many segments with data came, as Linux counts them (tcpi_data_segs_in of its struct tcp_info)."""
    return int.from_bytes(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160)[152:156], sys.byteorder)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how many packets came")
def test_an_answer_comes_in_one_packet(port: int) -> None:
    with connect(port) as sender:
        for number in range(1, 4):
            sender.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nhi")

            assert sender.recv(4096).endswith(b"\r\n\r\nhi")
            assert packets_received(sender) == number


def test_a_large_answer_comes_whole_and_in_order(port: int) -> None:
    answer = httpx.get(f"http://127.0.0.1:{port}/large").content

    assert answer == b"".join(LARGE)


def test_two_hundred_slow_ones_do_not_keep_others_waiting(port: int) -> None:
    slow = [connect(port) for _ in range(200)]
    for each in slow:
        each.sendall(b"POST / HTTP/1.1\r\n")
    with connect(port) as quick:
        quick.sendall(b"POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi")
        answer = everything(quick)
    ends = [everything(each) for each in slow]
    for each in slow:
        each.close()

    assert answer.endswith(b"hi")
    assert {end[:12] for end in ends} == {b"HTTP/1.1 408"}
