"""Who may look in? From where, with what, and for how long."""

import contextlib
import re
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from starlette.requests import Request

from config.settings import load
from dashboard.access import COOKIE, SESSIONS, Sessions, is_inside
from relay.event import now_ms
from relay.store import State, Store
from tests.rig import TOKENS, Server

PAGES = ("/admin", "/admin/events", "/admin/dead", "/admin/handlers", "/admin/setup", "/admin/logs")


@pytest.mark.parametrize(
    ("host", "others", "expected"),
    [
        ("localhost:8000", {}, True),
        ("LOCALHOST", {}, True),
        ("127.0.0.1:8000", {}, True),
        ("[::1]:8000", {}, True),
        ("192.168.0.7:8000", {}, True),
        ("servidor:8000", {}, True),
        ("loja.local", {}, True),
        ("painel.loja.com.br", {}, True),  # named in ADMIN_HOSTS
        ("painel.loja.com.br:443", {"x-forwarded-for": "8.8.8.8"}, True),
        ("outro.loja.com.br", {}, False),
        ("abc.ngrok-free.app", {"x-forwarded-for": "8.8.8.8"}, False),
        ("localhost:8000", {"x-forwarded-for": "8.8.8.8"}, False),
        ("localhost:8000", {"x-forwarded-host": "abc.ngrok-free.app"}, False),
        ("localhost:8000", {"forwarded": "for=8.8.8.8"}, False),
        ("localhost:8000", {"x-real-ip": "8.8.8.8"}, False),
        ("localhost:8000", {"cf-connecting-ip": "8.8.8.8"}, False),
        ("localhost:8000", {"via": "1.1 proxy"}, False),
        ("localhost:8000", {"x-forwarded-proto": "https"}, False),
        ("8.8.8.8:8000", {}, False),
        ("localhost.evil.com", {}, False),
        ("127.0.0.1.nip.io", {}, False),
        ("", {}, True),  # no Host: no browser sends that
    ],
)
def test_what_comes_from_outside_is_told_by_its_host_and_by_what_proxies_add(
    host: str, others: dict[str, str], expected: bool
) -> None:
    assert is_inside({"host": host, **others}, ("painel.loja.com.br",), "127.0.0.1") is expected


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("192.168.0.9", True),
        ("172.17.0.1", True),
        ("::ffff:10.0.0.2", True),
        ("", True),  # through a socket of this machine
        ("8.8.8.8", False),
        ("::ffff:8.8.8.8", False),
        ("2001:4860:4860::8888", False),
    ],
)
def test_who_connects_from_a_public_address_is_outside_whatever_host_they_name(peer: str, expected: bool) -> None:
    assert is_inside({"host": "localhost:8000"}, (), peer) is expected
    assert is_inside({"host": "painel.loja.com.br"}, ("painel.loja.com.br",), peer)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    proxy = {"ADMIN_HOSTS": "painel.loja.com.br", "TRUSTED_PROXIES": "127.0.0.1"}
    server = Server(tmp_path_factory.mktemp("access"), **proxy).start()
    yield server
    server.stop()


@pytest.fixture
def browser(server: Server) -> Iterator[httpx.Client]:
    """Somebody without the token, who follows no redirect."""
    with httpx.Client(base_url=server.url, timeout=10) as client:
        yield client


def log_in(browser: httpx.Client, token: str = TOKENS["ADMIN_TOKEN"]) -> httpx.Response:
    return browser.post("/admin/login", data={"token": token})


def csrf_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_leads_to_the_login_and_from_there_back(browser: httpx.Client, path: str) -> None:
    refused = browser.get(path)
    came_in = browser.post(refused.headers["location"], data={"token": TOKENS["ADMIN_TOKEN"]})

    assert refused.status_code == came_in.status_code == 303
    assert came_in.headers["location"] == path
    assert browser.get(path).status_code == 200


@pytest.mark.parametrize("back", ["//evil.com", "https://evil.com", "/\\evil.com", "/webhook", "/admin\\@evil"])
def test_a_login_never_leads_to_anothers_page(browser: httpx.Client, back: str) -> None:
    came_in = browser.post("/admin/login", params={"next": back}, data={"token": TOKENS["ADMIN_TOKEN"]})

    assert came_in.headers["location"] == "/admin"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites_forms(browser: httpx.Client) -> None:
    cookie = log_in(browser).headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert TOKENS["ADMIN_TOKEN"] not in cookie


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_cookie_of_an_encrypted_page_is_sent_to_no_other(browser: httpx.Client, scheme: str) -> None:
    through_proxy = {"Host": "painel.loja.com.br", "X-Forwarded-For": "192.168.0.9", "X-Forwarded-Proto": scheme}
    came_in = browser.post("/admin/login", data={"token": TOKENS["ADMIN_TOKEN"]}, headers=through_proxy)

    assert ("secure" in came_in.headers["set-cookie"].lower()) is (scheme == "https")


def test_logging_out_ends_the_session_everywhere(browser: httpx.Client) -> None:
    log_in(browser)
    kept = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    browser.post("/admin/logout", data={"csrf": csrf_in(browser.get("/admin").text)})

    assert browser.get("/admin", headers={"Cookie": kept}).status_code == 303


def test_a_session_outlives_a_restart_and_ends_with_another_token(tmp_path: Path) -> None:
    server = Server(tmp_path).start()
    try:
        with httpx.Client(base_url=server.url, timeout=10) as browser:
            log_in(browser)
            server.kill()
            server.start()
            after_restart = browser.get("/admin").status_code
            server.kill()
            server.environment["ADMIN_TOKEN"] = "another-admin-token"
            server.start()
            after_change = browser.get("/admin").status_code
    finally:
        server.stop()

    assert (after_restart, after_change) == (200, 303)


def test_a_form_without_its_secret_does_nothing(server: Server, browser: httpx.Client) -> None:
    log_in(browser)
    act = {"handler": "handlers.chatwoot.reply:remember", "on": "false"}
    refused = [browser.post("/admin/acts/handlers/switch", data={**act, **forged}) for forged in ({}, {"csrf": "x"})]

    assert [each.status_code for each in refused] == [403, 403]
    assert all(each["on"] for each in server.admin("handlers")["items"])


def test_too_many_wrong_tokens_make_wait_even_with_the_right_one(tmp_path: Path) -> None:
    server = Server(tmp_path).start()
    try:
        with httpx.Client(base_url=server.url, timeout=10) as browser:
            wrong = [log_in(browser, "a-slip-of-the-pen").status_code for _ in range(6)]
            right = log_in(browser)
        logs = server.logs()
    finally:
        server.stop()

    assert wrong == [401] * 5 + [429]
    assert right.status_code == 429
    assert "set-cookie" not in right.headers
    assert "a login from 127.0.0.1 was refused" in logs
    assert [each for each in (TOKENS["ADMIN_TOKEN"], "a-slip-of-the-pen") if each in logs] == []


def test_wrong_tokens_that_come_all_at_once_have_no_more_tries(start_server: Callable[..., Server]) -> None:
    server = start_server()
    form = b"token=wrong"
    head = f"POST /admin/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(form)}\r\nConnection: close\r\n"
    with contextlib.ExitStack() as stack:
        tries = [stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 10)) for _ in range(12)]
        for each in tries:
            each.sendall(head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
        server.http.get("/health").raise_for_status()  # all of them are being dealt with, and wait for their forms
        for each in tries:
            each.sendall(form)
        answers = Counter(each.makefile("rb").read(12)[9:] for each in tries)

    assert answers == {b"401": 5, b"429": 7}


def test_a_form_that_is_too_large_is_not_read(server: Server, browser: httpx.Client) -> None:
    too_large = f"token={'x' * 1_100_000}".encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    announced = browser.post("/admin/login", content=too_large, headers=kind)
    chunked = browser.post("/admin/login", content=iter([too_large]), headers=kind)
    log_in(browser)
    act = browser.post("/admin/acts/playground", content=too_large, headers=kind)

    assert [each.status_code for each in (announced, chunked, act)] == [413, 413, 413]


@pytest.mark.parametrize("path", ["/admin/api/stats", "/metrics", "/openapi.json"])
def test_the_token_cannot_be_guessed_without_end_past_the_login(tmp_path: Path, path: str) -> None:
    server = Server(tmp_path).start()
    try:
        wrong = [
            server.http.get(path, headers={"Authorization": f"Bearer {number}"}).status_code for number in range(61)
        ]
        right = server.http.get(path)
    finally:
        server.stop()

    assert wrong == [401] * 60 + [429]
    assert right.status_code == 429


@pytest.mark.parametrize(
    "path",
    ["/admin", "/admin/login", "/admin/api/stats", "/admin/acts/replay", "/openapi.json", "/docs", "/metrics"],
)
def test_nothing_of_it_is_shown_to_the_outside(server: Server, path: str) -> None:
    method = "POST" if "acts" in path else "GET"
    outside = [
        server.http.request(method, path, headers=headers)
        for headers in ({"Host": "abc.ngrok-free.app"}, {"X-Forwarded-For": "8.8.8.8"})
    ]
    named = server.http.request(method, path, headers={"Host": "painel.loja.com.br", "X-Forwarded-For": "8.8.8.8"})

    assert [each.status_code for each in outside] == [403, 403]
    assert all("ADMIN_HOSTS" in each.text for each in outside)
    assert named.status_code in (200, 303)


def test_nobody_leaves_a_file_at_the_login(browser: httpx.Client) -> None:
    assert browser.post("/admin/login", files={"token": ("a", b"x" * 1000)}).status_code == 400


def test_no_address_leads_round_in_a_circle_or_to_another_host(browser: httpx.Client) -> None:
    answers = [browser.get(path, headers={"Host": "evil.com"}) for path in ("/admin/static", "/admin/static/")]

    assert [each.status_code for each in answers] == [404, 404]


def test_pages_allow_nothing_from_elsewhere(browser: httpx.Client) -> None:
    log_in(browser)
    page = browser.get("/admin")

    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["x-frame-options"] == "DENY"
    assert not re.search(r"<script(?! src=\"/)|<style|style=\"| on[a-z]+=", page.text)


# How a session is remembered


@pytest.fixture
def state(store: Store) -> State:
    """Give what sessions are remembered in."""
    return State(store)


@pytest.fixture
def sessions(state: State) -> Sessions:
    """Give the sessions of a server with the tests' ADMIN_TOKEN."""
    return Sessions(load(TOKENS), state)


def asking(secret: str) -> Request:
    """A request of a browser that holds this secret."""
    return Request({"type": "http", "headers": [(b"cookie", f"{COOKIE}={secret}".encode())]})


async def test_a_session_ends_when_its_time_is_over_and_is_forgotten(sessions: Sessions, state: State) -> None:
    secret = await sessions.log_in(TOKENS["ADMIN_TOKEN"], "127.0.0.1") or ""
    before = await sessions.of(asking(secret))
    await state.change("", SESSIONS, lambda known: {key: {**each, "until": now_ms()} for key, each in known.items()})
    after = await sessions.of(asking(secret))
    await sessions.log_in(TOKENS["ADMIN_TOKEN"], "127.0.0.1")

    assert before is not None
    assert after is None
    assert before.key not in await state.get("", SESSIONS)


async def test_what_is_kept_of_a_session_opens_nothing(sessions: Sessions, state: State) -> None:
    secret = await sessions.log_in(TOKENS["ADMIN_TOKEN"], "127.0.0.1") or ""
    kept = msgspec.json.encode(await state.get("", SESSIONS)).decode()
    (key,) = msgspec.json.decode(kept)

    assert [each for each in (secret, TOKENS["ADMIN_TOKEN"]) if each in kept] == []
    assert await sessions.of(asking(key)) is None


async def test_wrong_tokens_from_ever_other_addresses_make_all_wait(sessions: Sessions) -> None:
    for number in range(30):
        assert not sessions.must_wait("10.0.1.1")
        await sessions.log_in("wrong", f"10.0.0.{number}")

    assert sessions.must_wait("10.0.1.1")
