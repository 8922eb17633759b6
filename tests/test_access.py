"""Who may look in? From where, with what, and for how long."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dashboard.access import is_inside
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
    server = Server(tmp_path_factory.mktemp("access"), ADMIN_HOSTS="painel.loja.com.br").start()
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
            wrong = [log_in(browser, "wrong").status_code for _ in range(6)]
            right = log_in(browser)
        logs = server.logs()
    finally:
        server.stop()

    assert wrong == [401] * 5 + [429]
    assert right.status_code == 429
    assert "set-cookie" not in right.headers
    assert TOKENS["ADMIN_TOKEN"] not in logs


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


@pytest.mark.parametrize("path", ["/admin", "/admin/login", "/admin/api/stats", "/admin/acts/replay"])
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
    assert page.headers["cache-control"] == "no-store"
    assert not re.search(r"<script(?! src=\"/)|<style|style=\"| on[a-z]+=", page.text)
