"""Does the doctor see where the way by the tunnel, or by the proxy on the VPS, breaks?"""

from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.checks import forward, public, tunnel, vps
from dashboard.checks.vps import refused
from tests.rig import free_port, serving
from tests.rig_doctor import context, told

HEALTH = (200, {"status": "ok"})
OTHER = (200, {"status": "UP"})
NGROK_ERROR = (404, "The endpoint is offline. ERR_NGROK_3200")


def program(answers: dict[str, tuple[int, Any]]) -> Starlette:
    """Some program: the status and content it answers with at each path."""

    def endpoint(status: int, content: Any) -> Any:
        async def respond(_request: Request) -> Response:
            code = {"ngrok-error-code": "ERR_NGROK_3200"} if "ERR_NGROK" in str(content) else None
            return JSONResponse(content, status, headers=code)

        return respond

    return Starlette(routes=[Route(path, endpoint(*answer)) for path, answer in answers.items()])


async def by_tunnel(tmp_path: Path, address: str) -> dict[str, str]:
    """What is said where ngrok runs, with a tunnel of this address to our port."""
    running = {"tunnels": [{"public_url": address, "config": {"addr": "http://localhost:8000"}}]}
    with serving(program({"/api/tunnels": (200, running)})) as api:
        return told(await tunnel.check(context(tmp_path, SERVER_PORT="8000", NGROK_API=api)))


@pytest.mark.parametrize(
    ("answer", "code"),
    [(HEALTH, "tunnel.reached"), (OTHER, "tunnel.other"), (NGROK_ERROR, "tunnel.refused")],
)
async def test_a_tunnel_is_judged_by_what_answers_at_its_address(tmp_path: Path, answer: tuple[int, Any], code: str):
    with serving(program({"/health": answer})) as url:
        found = await by_tunnel(tmp_path, url)

    assert found == {code: "good" if code == "tunnel.reached" else "error"}


async def test_a_tunnel_that_is_not_there_or_leads_nowhere_is_told(tmp_path: Path):
    nowhere = await by_tunnel(tmp_path, f"http://127.0.0.1:{free_port()}")

    assert nowhere == {"tunnel.unreachable": "error"}
    assert told(await tunnel.check(context(tmp_path))) == {"tunnel.none": "error"}


async def test_an_error_of_ngroks_at_the_public_address_is_told_as_such(tmp_path: Path):
    with serving(program({"/health": NGROK_ERROR})) as url:
        found = told(await public.check(context(tmp_path, PUBLIC_URL=url)))

    assert found["public.ngrok"] == "error"


async def by_vps(tmp_path: Path, answers: dict[str, tuple[int, Any]], **settings: str) -> dict[str, str]:
    """What is said where VPS_URL is this program."""
    with serving(program(answers)) as url:
        return told(await vps.check(context(tmp_path, VPS_URL=url, **settings)))


@pytest.mark.parametrize(
    ("answers", "token", "code", "level"),
    [
        ({"/health": HEALTH, vps.FORWARD: (200, {"url": None})}, "its-token", "vps.forward", "good"),
        ({"/health": HEALTH, vps.FORWARD: (405, "")}, "its-token", "vps.forward", "good"),
        ({"/health": OTHER}, "its-token", "vps.other", "error"),
        ({"/health": HEALTH}, "", "vps.token", "warning"),
        ({"/health": HEALTH, vps.FORWARD: (401, "")}, "its-token", "vps.refused", "error"),
        ({"/health": HEALTH, vps.FORWARD: (403, "")}, "its-token", "vps.closed", "error"),
        ({"/health": HEALTH}, "its-token", "vps.cannot", "error"),
        ({"/health": HEALTH, vps.FORWARD: (500, "")}, "its-token", "vps.fails", "error"),
    ],
)
async def test_the_proxy_is_judged_by_what_it_answers(
    tmp_path: Path, answers: dict[str, tuple[int, Any]], token: str, code: str, level: str
):
    assert await by_vps(tmp_path, answers, VPS_TOKEN=token) == {code: level}


async def test_a_proxy_that_forwards_elsewhere_than_to_the_tunnel_is_told(tmp_path: Path):
    answers = {"/health": HEALTH, vps.FORWARD: (200, {"url": "https://stale.ngrok-free.app"})}
    found = await by_vps(tmp_path, answers, VPS_TOKEN="its-token", NGROK_DOMAIN="loja.ngrok-free.app")

    assert found == {"vps.address": "error"}


async def test_a_proxy_that_does_not_answer_is_told_and_none_is_asked_where_none_is_set(tmp_path: Path):
    gone = told(await vps.check(context(tmp_path, VPS_URL=f"http://127.0.0.1:{free_port()}", VPS_TOKEN="its-token")))

    assert gone == {"vps.unreachable": "error"}
    assert await vps.check(context(tmp_path)) == []


async def test_a_token_that_can_be_read_on_the_way_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def is_public(_host: str) -> bool:
        return False

    monkeypatch.setattr(vps, "is_private", is_public)
    found = await by_vps(tmp_path, {"/health": HEALTH, vps.FORWARD: (405, "")}, VPS_TOKEN="its-token")

    assert found == {"vps.plain": "warning", "vps.forward": "good"}


@pytest.mark.parametrize(
    ("answers", "key", "found"),
    [
        ({"/health": HEALTH}, "a-key-that-both-have", {"forward.reached": "good"}),
        ({"/health": HEALTH}, "", {"forward.key": "warning", "forward.reached": "good"}),
        ({"/health": OTHER}, "a-key-that-both-have", {"forward.other": "error"}),
        ({"/health": NGROK_ERROR}, "a-key-that-both-have", {"forward.other": "error"}),
    ],
)
async def test_a_proxy_is_told_whether_there_is_a_server_behind_it(
    tmp_path: Path, answers: dict[str, tuple[int, Any]], key: str, found: dict[str, str]
):
    with serving(program(answers)) as url:
        own = context(tmp_path, FORWARD_URL=f"{url}/webhook", FORWARD_SIGNING_KEY=key)
        assert told(await forward.check(own)) == found


async def test_a_proxy_whose_server_is_away_is_told_and_one_that_is_no_proxy_asks_nobody(tmp_path: Path):
    away = context(tmp_path, FORWARD_URL=f"http://127.0.0.1:{free_port()}", FORWARD_SIGNING_KEY="a-key-that-both-have")

    assert told(await forward.check(away)) == {"forward.away": "error"}
    assert await forward.check(context(tmp_path)) == []


def test_no_answer_at_all_is_a_failure_of_the_proxys():
    assert refused(0).code == "vps.fails"
