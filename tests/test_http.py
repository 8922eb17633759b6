"""What does an outside server's answer mean, and when is it left alone? clients/http.py: Destination and Breaker."""

from types import SimpleNamespace

import httpx
import pytest

from clients import http
from clients.http import (
    FAILURES_TO_OPEN,
    PROBE_SECONDS,
    Breaker,
    Destination,
    Failed,
    Refused,
    Slowed,
    Unavailable,
    Unknown,
    patiently,
)
from relay.retry import Retry, next_try
from tests.rig_http import BASE, Asked, always

# What an answer means


def destination(asked: Asked, breaker: Breaker | None = None) -> Destination:
    return Destination(f"{BASE}/api/v1", {}, breaker=breaker, transport=asked.transport)


def failing(error: Exception) -> Asked:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error

    return Asked(answer)


@pytest.mark.parametrize(
    ("asked", "error", "nothing_done"),
    [
        pytest.param(always(400, {}), Refused, True, id="400"),
        pytest.param(always(401, {}), Refused, True, id="401"),
        pytest.param(always(404, {}), Refused, True, id="404"),
        pytest.param(always(422, {"error": "Too many messages"}), Refused, True, id="422"),
        pytest.param(always(302, None, location="/x"), Refused, True, id="a redirect is not followed"),
        pytest.param(always(429), Slowed, True, id="429"),
        pytest.param(always(500), Unknown, False, id="500: it may have been stored"),
        pytest.param(always(502), Unknown, False, id="502: it may have been stored"),
        pytest.param(always(503), Unknown, False, id="503: it may have been stored"),
        pytest.param(failing(httpx.ConnectError("x")), Unavailable, True, id="no connection"),
        pytest.param(failing(httpx.ConnectTimeout("x")), Unavailable, True, id="no connection in time"),
        pytest.param(failing(httpx.PoolTimeout("x")), Unavailable, True, id="no connection was free"),
        pytest.param(failing(httpx.ReadTimeout("x")), Unknown, False, id="no answer in time"),
        pytest.param(failing(httpx.WriteTimeout("x")), Unknown, False, id="it could not be sent in time"),
        pytest.param(failing(httpx.RemoteProtocolError("x")), Unknown, False, id="it hung up"),
    ],
)
async def test_whether_anything_was_done_is_known_or_said_to_be_unknown(
    asked: Asked, error: type[Exception], nothing_done: bool
):
    with pytest.raises(error) as caught:
        await destination(asked).request("POST", "/x", json={})

    assert type(caught.value) is error
    assert caught.value.nothing_done is nothing_done
    assert len(asked.requests) == 1, "a POST is never repeated blindly"


async def test_an_answer_without_end_is_given_up_at_its_limit():
    asked = always(200, {"text": "x" * 2000})
    small = Destination(BASE, {}, transport=asked.transport, most_mb=0.001)

    with pytest.raises(Unknown, match="longer than"):
        await small.request("GET", "/x")


async def test_an_answer_that_is_no_json_is_unknown():
    asked = Asked(lambda request: httpx.Response(200, text="<html>"))

    with pytest.raises(Unknown):
        await destination(asked).request("GET", "/x")


async def test_an_empty_answer_is_none():
    asked = Asked(lambda request: httpx.Response(200))

    assert await destination(asked).request("POST", "/x") is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"retry_after": "120"}, 120.0, id="in seconds"),
        pytest.param({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0, id="a date that is over"),
        pytest.param({"retry_after": "logo"}, None, id="a word"),
    ],
)
async def test_what_a_429_asks_for_is_read(header: dict[str, str], seconds: float | None):
    with pytest.raises(Slowed) as caught:
        await destination(always(429, **header)).request("GET", "/x")

    assert caught.value.retry_after == seconds
    assert caught.value.least_wait == 60.0


@pytest.mark.parametrize(("header", "seconds"), [({}, None), ({"retry_after": "120"}, 120.0)])
async def test_what_a_503_asks_for_is_read(header: dict[str, str], seconds: float | None):
    with pytest.raises(Unknown) as caught:
        await destination(always(503, **header)).request("GET", "/x")

    assert caught.value.retry_after == seconds
    assert caught.value.costs_attempt is True


# The breaker


def is_open(breaker: Breaker, now: float) -> bool:
    try:
        breaker.check("chatwoot", now)
    except Unavailable:
        return True
    return False


def failed(times: int, now: float = 0.0) -> Breaker:
    breaker = Breaker()
    for _ in range(times):
        breaker.failed(now)
    return breaker


def test_a_few_failures_do_not_open_the_breaker():
    assert not is_open(failed(FAILURES_TO_OPEN - 1), 1.0)


def test_failures_in_a_row_open_it():
    assert is_open(failed(FAILURES_TO_OPEN), 1.0)


def test_a_success_in_between_starts_the_count_again():
    breaker = failed(FAILURES_TO_OPEN - 1)
    breaker.succeeded()
    breaker.failed(0.0)

    assert not is_open(breaker, 1.0)


def test_one_request_in_ten_seconds_tries_whether_it_is_over():
    breaker = failed(FAILURES_TO_OPEN)

    assert not is_open(breaker, PROBE_SECONDS)
    assert is_open(breaker, PROBE_SECONDS + 1)
    assert not is_open(breaker, 2 * PROBE_SECONDS)


def test_a_probe_that_succeeds_closes_it():
    breaker = failed(FAILURES_TO_OPEN)
    breaker.check("chatwoot", PROBE_SECONDS)
    breaker.succeeded()

    assert not is_open(breaker, PROBE_SECONDS + 0.1)


def test_what_the_open_breaker_holds_back_costs_no_attempt():
    with pytest.raises(Unavailable) as caught:
        failed(FAILURES_TO_OPEN).check("chatwoot", 1.0)

    assert caught.value.costs_attempt is False
    assert PROBE_SECONDS - 1 <= (caught.value.retry_after or 0.0) <= PROBE_SECONDS + 5


def test_a_connection_that_failed_costs_an_attempt():
    assert Unavailable("no connection").costs_attempt is True


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        pytest.param(always(503, None, retry_after="3600"), Unknown, id="503"),
        pytest.param(failing(httpx.ReadTimeout("x")), Unknown, id="no answer in time"),
        pytest.param(failing(httpx.ConnectError("x")), Unavailable, id="no connection"),
    ],
)
@pytest.mark.parametrize("failures", [FAILURES_TO_OPEN, FAILURES_TO_OPEN + 1], ids=["what opens it", "a probe"])
async def test_what_fails_while_the_breaker_is_open_costs_no_attempt(
    asked: Asked, error: type[Failed], failures: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(http, "time", SimpleNamespace(monotonic=lambda: PROBE_SECONDS, time=lambda: 0.0))
    with pytest.raises(error) as caught:
        await destination(asked, failed(failures - 1)).request("GET", "/x")

    assert caught.value.costs_attempt is False
    assert PROBE_SECONDS <= (caught.value.retry_after or 0.0) <= PROBE_SECONDS + 5


@pytest.mark.parametrize("down_for", [100.0, 330.0, 3600.0])
@pytest.mark.parametrize("chance", [0.0, 1.0])
async def test_one_conversation_alone_is_answered_within_half_a_minute_of_the_return(
    monkeypatch: pytest.MonkeyPatch, down_for: float, chance: float
):
    now, charged = 0.0, 0
    monkeypatch.setattr(http, "time", SimpleNamespace(monotonic=lambda: now, time=lambda: now))
    monkeypatch.setattr(http, "random", SimpleNamespace(random=lambda: chance))
    server = destination(Asked(lambda request: httpx.Response(503 if now < down_for else 200)))
    while True:
        try:
            await server.request("GET", "/x")
            break
        except Failed as error:
            wait = next_try(Retry(), error, failures=charged + 1, elapsed=now, chance=chance)
        assert wait is not None
        charged += wait.charged
        now += wait.seconds

    assert now - down_for < 30
    assert charged == FAILURES_TO_OPEN - 1


@pytest.mark.parametrize(
    ("asked", "still_closed_at", "open_again_at"),
    [
        pytest.param(None, 59.0, 61.0, id="no Retry-After: a minute"),
        pytest.param(5.0, 59.0, 61.0, id="a short one: a minute"),
        pytest.param(180.0, 179.0, 181.0, id="a longer one: as asked"),
        pytest.param(86400.0, 599.0, 601.0, id="a day: ten minutes at the most"),
    ],
)
def test_after_a_429_nothing_is_sent_for_a_while(asked: float | None, still_closed_at: float, open_again_at: float):
    breaker = Breaker()
    breaker.slowed(0.0, asked)

    assert is_open(breaker, still_closed_at)
    assert not is_open(breaker, open_again_at)


async def test_while_the_breaker_is_open_the_other_side_is_left_alone():
    asked = always(500)
    server = destination(asked)
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(Unknown):
            await server.request("GET", "/x")

    with pytest.raises(Unavailable):
        await server.request("GET", "/x")
    assert len(asked.requests) == FAILURES_TO_OPEN


async def test_a_refusal_opens_no_breaker():
    asked = always(422, {})
    server = destination(asked)
    for _ in range(2 * FAILURES_TO_OPEN):
        with pytest.raises(Refused):
            await server.request("GET", "/x")

    assert len(asked.requests) == 2 * FAILURES_TO_OPEN


async def test_what_the_breaker_holds_back_is_not_waited_for():
    asked = []

    async def ask() -> None:
        asked.append(1)
        raise Unavailable("left alone for a while", 9.0)

    with pytest.raises(Unavailable):
        await patiently(ask, (0.0, 0.0))
    assert asked == [1]
