"""Does the canary come back by whatever way there is, reach no customer, and say where it breaks?"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scripts.canary import refused
from tests.rig import ROOT, Server, eventually, fake_chatwoot, free_port, serving

NGROK_PAGE = "The endpoint is offline. ERR_NGROK_3200"
PLUGIN = """
from relay import Event, Rejected, on

@on("chatwoot.message_created")
async def refuse(event: Event) -> None:
    raise Rejected("not like this")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("here"), SERVER_LANGUAGE="en").start()
    yield running
    running.stop()


def canary(server: Server, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "scripts.canary", "--seconds", "1.5", *words],
        env={**server.environment, "no_proxy": "*", **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def broken(server: Server, **settings: str) -> str:
    """Where it breaks, in the command's own words."""
    ended = canary(server, **settings)
    assert ended.returncode == 1, ended.stdout
    return ended.stderr


def passing_on(to: Server) -> Starlette:
    """A plain proxy: everything as it came."""

    async def pass_on(request: Request) -> Response:
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        address = f"{to.url}{request.url.path}?{request.url.query}"
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(address, content=await request.body(), headers=headers)
        return Response(answer.content, answer.status_code, media_type="application/json")

    return Starlette(routes=[Route("/webhook", pass_on, methods=["POST"])])


@pytest.mark.parametrize("proof", [{}, {"CHATWOOT_WEBHOOK_SECRET": ""}], ids=["signed", "by token"])
def test_it_comes_back_by_the_public_address_and_reaches_no_customer(
    start_server: Callable[..., Server], proof: dict[str, str]
) -> None:
    with fake_chatwoot() as (chatwoot, url):
        server = start_server(SERVER_LANGUAGE="en", CHATWOOT_BASE_URL=url, CHATWOOT_API_KEY="user-token", **proof)
        with serving(passing_on(server)) as public:
            ended = canary(server, PUBLIC_URL=public)
        (event,) = server.events()
        eventually(server.is_quiet)
        outbox = server.admin("outbox")["items"]

    assert ended.returncode == 0, ended.stderr
    assert f"It came by {public} after 0." in ended.stdout
    assert event["id"] in ended.stdout
    assert (event["test"], event["status"]) == (True, "done")
    assert (outbox, chatwoot.asked) == ([], [])
    assert "rig-" not in ended.stdout


def test_without_an_address_nothing_is_sent(server: Server) -> None:
    assert "It breaks at the address: PUBLIC_URL is not set" in broken(server)


def test_an_address_at_which_nothing_answers(server: Server) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"

    assert f"It breaks at the address: Nothing answers at {nowhere}" in broken(server, PUBLIC_URL=nowhere)


def test_a_proxy_that_says_200_and_throws_away(server: Server) -> None:
    with serving(Starlette(routes=[Route("/webhook", lambda _request: Response("ok"), methods=["POST"])])) as url:
        said = broken(server, PUBLIC_URL=url)

    assert "It breaks at the proxy" in said
    assert "what Chatwoot sends there is lost" in said


def test_a_server_that_does_not_run(tmp_path: Path) -> None:
    stopped = Server(tmp_path, SERVER_LANGUAGE="en")

    assert "It breaks at the server: The server is not running" in broken(stopped, PUBLIC_URL=stopped.url)


def test_secrets_that_differ_are_told_with_the_reason_that_was_written_down(server: Server) -> None:
    said = broken(server, PUBLIC_URL=server.url, CHATWOOT_WEBHOOK_SECRET="another-secret")

    assert "It breaks at the signature" in said
    assert "the signature fits none" in said
    assert "→ " in said
    assert "another-secret" not in said


def test_an_address_that_leads_to_another_server(server: Server, start_server: Callable[..., Server]) -> None:
    other = start_server()
    said = broken(server, PUBLIC_URL=other.url)
    (event,) = other.events()

    assert f"It breaks at the address: {other.url} leads to another server" in said
    assert event["id"] in said


@pytest.fixture
def proxy(server: Server, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start the proxy on the VPS, with these settings."""
    started: list[Server] = []

    def start(**settings: str) -> Server:
        started.append(Server(tmp_path / "vps", **settings).start())
        return started[0]

    yield start
    for each in started:
        each.stop()


@pytest.mark.parametrize("token", ["rig-admin-token", ""], ids=["that tells", "that tells nothing"])
def test_a_proxy_that_keeps_it_and_cannot_hand_it_on(server: Server, proxy: Callable[..., Server], token: str) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    vps = proxy(FORWARD_URL=nowhere)
    said = broken(server, PUBLIC_URL=vps.url, VPS_URL=vps.url, VPS_TOKEN=token)
    (event,) = vps.events()

    assert f"It breaks at the tunnel: The proxy kept it, as event {event['id']}" in said
    assert (f"It hands on to {nowhere}; 1 wait; last error: " in said) is bool(token)
    assert "start_ngrok_unified.py --check" in said


@pytest.mark.parametrize("key", ["a-key-that-both-servers-have", ""], ids=["vouched for", "not vouched for"])
def test_it_comes_back_by_way_of_the_proxy(proxy: Callable[..., Server], tmp_path: Path, key: str) -> None:
    here = Server(tmp_path / "here", SERVER_LANGUAGE="en", FORWARD_SIGNING_KEY=key).start()
    try:
        vps = proxy(FORWARD_URL=here.url, FORWARD_SIGNING_KEY=key)
        ended = canary(here, "--seconds", "10", PUBLIC_URL=vps.url, VPS_URL=vps.url)
        (event,) = here.events()
    finally:
        here.stop()

    assert ended.returncode == 0, ended.stderr
    assert event["id"] in ended.stdout
    assert event["test"]


def test_a_proxy_that_asks_itself_says_whether_its_receiver_took_it(proxy: Callable[..., Server]) -> None:
    vps = proxy(FORWARD_URL=f"http://127.0.0.1:{free_port()}", SERVER_LANGUAGE="en")

    assert "It breaks at the tunnel: It arrived" in broken(vps, PUBLIC_URL=vps.url)


def test_what_arrives_and_is_not_dealt_with(tmp_path: Path) -> None:
    here = Server(tmp_path, SERVER_LANGUAGE="en")
    (here.folder / "plugins" / "refusing.py").write_text(PLUGIN)
    here.start()
    try:
        said = broken(here, PUBLIC_URL=here.url)
    finally:
        here.stop()

    assert "It breaks at the server: It arrived" in said
    assert "plugins.refusing:refuse: dead not like this" in said


@pytest.mark.parametrize(
    ("status", "text", "station"),
    [
        (404, NGROK_PAGE, "tunnel"),
        (502, "ERR_NGROK_8012", "tunnel"),
        (200, "<html>welcome</html>", "proxy"),
        (301, "", "proxy"),
        (403, "Forbidden", "proxy"),
        (404, "nginx", "proxy"),
        (502, "Bad Gateway", "proxy"),
        (504, "Gateway Timeout", "proxy"),
        (401, "Not authorized.", "signature"),
        (429, "Too many refused requests", "signature"),
        (500, "Internal error: nothing was kept.", "server"),
    ],
)
def test_an_answer_tells_where_it_breaks(status: int, text: str, station: str) -> None:
    assert refused("https://vps.example.com", status, text, {}).station == station


def test_ngroks_page_is_told_in_plain_words(server: Server) -> None:
    page = Response(NGROK_PAGE, 404, headers={"ngrok-error-code": "ERR_NGROK_3200"})
    with serving(Starlette(routes=[Route("/webhook", lambda _request: page, methods=["POST"])])) as url:
        said = broken(server, PUBLIC_URL=url)

    assert "It breaks at the tunnel" in said
    assert "ERR_NGROK" not in said.splitlines()[0]
