"""Does the tunnel lead here, does everybody learn its address, and does nobody learn its token?"""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from clients.ngrok import error_code, tunnels_in
from config.tunnel_settings import domain_of
from dashboard.checks.ngrok_errors import in_plain_words
from tests.rig import TOKENS, Server, eventually, free_port, serving
from tests.rig_doctor import answering
from tests.rig_ngrok import SCRIPT, TOKEN, Command, Ngrok, command, fake_vps, kill, processes

StartServer = Callable[..., Server]
LEADS = "The tunnel leads here: "


@pytest.fixture
def ngrok(tmp_path: Path) -> Ngrok:
    return Ngrok(tmp_path / "ngrok")


# It is there


def test_the_tunnel_leads_here_and_ends_with_ctrl_c(start_server: StartServer, ngrok: Ngrok):
    server = start_server()
    with command(ngrok, server) as running:
        running.says(LEADS + ngrok.addresses[0])
        through = httpx.get(f"{ngrok.addresses[0]}/health", trust_env=False)
        ended = running.ends(signal.SIGINT)

    assert through.json() == {"status": "ok"}
    assert (ended, ngrok.ended_in_order, ngrok.runs()) == (0, True, False)
    assert "Traceback" not in running.said
    assert running.said.rstrip().endswith("The tunnel has ended.")
    assert ngrok.opened[0]["addr"] == server.url
    assert ngrok.opened[0]["inspect"] is False


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP], ids=["stopped", "terminal closed"])
def test_the_tunnel_ends_however_the_command_is_ended(start_server: StartServer, ngrok: Ngrok, how: signal.Signals):
    with command(ngrok, start_server()) as running:
        running.says(LEADS)
        ended = running.ends(how)

    assert (ended, ngrok.ended_in_order, ngrok.runs()) == (0, True, False)
    assert "Traceback" not in running.said


def test_the_token_is_seen_in_no_command_line_output_log_or_environment(start_server: StartServer, ngrok: Ngrok):
    server = start_server()
    with command(ngrok, server, NGROK_AUTHTOKEN=TOKEN) as running:
        running.says(LEADS)
        shown = processes()
    file = server.folder / "data" / "ngrok.yml"
    logged = "".join(each.read_text() for each in (server.folder / "logs").iterdir())

    assert str(file) in shown
    assert TOKEN not in shown + running.said + logged + str(ngrok.seen)
    assert [each for each in TOKENS.values() if each in str(ngrok.seen) + running.said] == []
    assert TOKEN in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_is_pasted_where_is_shown_without_tokens_where_it_may_be_kept(start_server: StartServer, ngrok: Ngrok):
    with command(ngrok, start_server()) as running:
        running.says("Ctrl-C ends the tunnel")

    for line in (
        f"    {ngrok.addresses[0]}/webhook?token=…",
        f"    {ngrok.addresses[0]}/webhook/odoo?token=…&event=updated",
        f"    FORWARD_URL={ngrok.addresses[0]}",
        f"  In .env: PUBLIC_URL={ngrok.addresses[0]}, then python -m scripts.chatwoot register",
    ):
        assert line in running.said.splitlines()


def test_the_tokens_are_shown_on_a_terminal(start_server: StartServer, ngrok: Ngrok):
    with command(ngrok, start_server(), on_terminal=True) as running:
        running.says("Ctrl-C ends the tunnel")

    assert f"    {ngrok.addresses[0]}/webhook?token={TOKENS['WEBHOOK_TOKEN']}" in running.said.splitlines()
    assert TOKEN not in running.said


def test_a_fixed_domain_is_asked_for(start_server: StartServer, ngrok: Ngrok):
    domain = f"127.0.0.1:{free_port()}"
    with command(ngrok, start_server(), NGROK_DOMAIN=f"https://{domain}/") as running:
        running.says(f"{LEADS}http://{domain}")

    assert ngrok.opened[0]["domain"] == domain


def test_a_tunnel_that_runs_is_found_and_goes_on(start_server: StartServer, ngrok: Ngrok):
    server = start_server()
    with command(ngrok, server) as first:
        first.says(LEADS)
        with command(ngrok, server, NGROK_AUTH_TOKEN="", NGROK_PATH="/nowhere") as second:
            second.says(LEADS + ngrok.addresses[0])
            ended = second.ends(signal.SIGINT)
        through = httpx.get(f"{ngrok.addresses[0]}/health", trust_env=False)

    assert (ended, through.status_code, len(ngrok.opened)) == (0, 200, 1)
    assert "ngrok runs already on this machine" in second.said


def test_of_an_agent_that_runs_only_the_tunnel_opened_here_is_closed(start_server: StartServer, ngrok: Ngrok):
    other, server = start_server(), start_server()
    with command(ngrok, other) as first:
        first.says(LEADS)
        with command(ngrok, server) as second:
            second.says(LEADS + ngrok.addresses[1])
            second.ends(signal.SIGINT)
        left = httpx.get(f"{ngrok.api}/api/tunnels", trust_env=False).json()["tunnels"]

    assert [each["public_url"] for each in left] == [ngrok.addresses[0]]


def test_it_waits_for_the_server_and_says_so(tmp_path: Path, ngrok: Ngrok):
    server = Server(tmp_path / "server")
    with command(ngrok, server) as running:
        running.says(f"The server does not answer on port {server.port} yet")
        assert LEADS not in running.said
        server.start()
        running.says(LEADS)
    server.stop()

    assert running.said.count("does not answer on port") == 1


# The proxy on the VPS


def test_the_proxy_is_told_the_address_and_again_when_it_changes(start_server: StartServer, ngrok: Ngrok):
    with fake_vps() as (vps, settings), command(ngrok, start_server(), **settings) as running:
        eventually(lambda: vps.told == ngrok.addresses[:1])
        ngrok.stop_tunnel()
        eventually(lambda: vps.told == ngrok.addresses[:2])
        kill(ngrok.seen["pid"])
        eventually(lambda: vps.told == ngrok.addresses[:3], 40)
        running.says(f"The proxy at {settings['VPS_URL']} now forwards to {ngrok.addresses[2]}")

    assert f"{settings['VPS_URL']}/webhook?token=…" in running.said
    assert "vps-admin-token" not in running.said + processes()


@pytest.mark.parametrize(
    ("status", "settings", "told"),
    [
        (200, {"VPS_TOKEN": "another"}, "The proxy does not accept VPS_TOKEN"),
        (403, {}, "The proxy shows its /admin to nobody from outside\n→ On the VPS, in .env: ADMIN_HOSTS="),
        (404, {}, "The server at VPS_URL forwards nothing"),
        (500, {}, "The proxy does not take an address just now (status 500)"),
        (200, {"VPS_URL": "http://127.0.0.1:9"}, "Nothing answers at VPS_URL: http://127.0.0.1:9"),
    ],
)
def test_a_proxy_that_does_not_take_it_is_told_once_in_plain_words(
    start_server: StartServer, ngrok: Ngrok, status: int, settings: dict[str, str], told: str
):
    with fake_vps() as (vps, reached), command(ngrok, start_server(), **{**reached, **settings}) as running:
        vps.status = status
        running.says(told)
        ended = running.ends(signal.SIGINT)

    assert ended == 0
    assert running.said.count(told) == 1


# What goes wrong


def refusal(code: int, text: str) -> str:
    return f"{text}\r\n\r\nERR_NGROK_{code}\r\n"


@pytest.mark.parametrize(
    ("plan", "settings", "told"),
    [
        ({}, {"NGROK_AUTH_TOKEN": ""}, "your account's token, and there is none (ERR_NGROK_4018)\n→ Copy it"),
        ({}, {"NGROK_AUTH_TOKEN": "2wrong_token"}, "ngrok does not accept the token (ERR_NGROK_107)\n→ Compare"),
        (
            {"session_error": refusal(108, "Your account is limited to 3 simultaneous ngrok agent sessions.")}, {},
            "already runs as many agents as it may (ERR_NGROK_108)\n→ Stop the other one",
        ),
        (
            {"tunnel_error": refusal(334, "The endpoint 'https://loja.ngrok.app' is already online.")}, {},
            "This domain is online already, by another ngrok (ERR_NGROK_334)\n→ Stop that one",
        ),
        (
            {"tunnel_error": refusal(320, "This domain is reserved for another account.")}, {},
            "NGROK_DOMAIN is not a domain of this ngrok account (ERR_NGROK_320)\n→ Write one",
        ),
        ({"tunnel_error": f"odd, authtoken: {TOKEN}"}, {}, "ngrok opens no tunnel: "),
        ({"session_error": f"odd, with {TOKEN}"}, {}, "ngrok does not start: authentication failed: odd, with …"),
        ({"no_network": True}, {}, "ngrok does not reach its servers: no network, or a firewall\n→ Look"),
        ({}, {"NGROK_PATH": "/nowhere/ngrok"}, "NGROK_PATH names no program: /nowhere/ngrok"),
        (
            {}, {"NGROK_PATH": "", "PATH": "/nowhere", "https_proxy": "http://127.0.0.1:9"},
            "ngrok's program is not there, and it cannot be fetched: no network",
        ),
    ],
    ids=[
        "no token", "wrong token", "second session", "domain online", "domain of another", "tunnel, unknown",
        "session, unknown", "no network", "no program there", "no program and no network",
    ],
)  # fmt: skip
def test_each_error_of_the_start_is_told_in_plain_words(
    tmp_path: Path, ngrok: Ngrok, plan: dict[str, object], settings: dict[str, str], told: str
):
    ngrok.plan(**plan)
    running = Command(ngrok, Server(tmp_path / "server"), **settings)
    ended = running.ends()

    assert ended == 1
    assert told in running.said
    assert [each for each in (TOKEN, "2wrong_token", "Traceback") if each in running.said] == []
    assert not ngrok.runs()


def test_another_program_at_the_agents_address_is_told(tmp_path: Path, ngrok: Ngrok):
    with serving(answering({"/": {}})) as url:
        running = Command(ngrok, Server(tmp_path / "server"), NGROK_API=url)
        ended = running.ends()

    assert ended == 1
    assert f"Another program has the address that ngrok listens at on this machine: {url}\n→ In .env" in running.said


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("ERR_NGROK_727", "The ngrok account's limit of this month is used up (ERR_NGROK_727)"),
        ("ERR_NGROK_3200", "The tunnel is offline: no ngrok serves this address (ERR_NGROK_3200)"),
    ],
)
def test_what_ngrok_says_instead_of_the_server_is_told_until_it_is_over(
    start_server: StartServer, ngrok: Ngrok, code: str, told: str
):
    ngrok.plan(edge_error=code)
    with command(ngrok, start_server()) as running:
        running.says(told)
        ngrok.plan(edge_error="")
        running.says(LEADS)

    assert running.said.count(told) == 1


def test_the_users_own_ngrok_file_serves_where_no_token_is_set(start_server: StartServer, ngrok: Ngrok):
    file = ngrok.folder / ".config" / "ngrok" / "ngrok.yml"
    file.parent.mkdir(parents=True)
    file.write_text(f'version: "3"\nagent:\n  authtoken: {TOKEN}\n')
    ngrok.plan(session_error=refusal(108, "limited"))
    running = Command(ngrok, start_server(), NGROK_AUTH_TOKEN="")

    assert running.ends() == 1
    assert str(file) in ngrok.seen["argv"]


# --check


def check(ngrok: Ngrok, server: Server, **settings: str) -> "subprocess.CompletedProcess[str]":
    """What `--check` says."""
    own = {"NGROK_AUTH_TOKEN": TOKEN, "NGROK_API": ngrok.api, "HOME": str(ngrok.folder), "SERVER_LANGUAGE": "en"}
    environment = {**server.environment, **own, **settings}
    return subprocess.run(
        [sys.executable, str(SCRIPT), "--check"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def breaks_at(ended: "subprocess.CompletedProcess[str]") -> str:
    """Where it says that it breaks; "" where the way is whole."""
    assert (ended.returncode, ended.stderr) == (int("It breaks here" in ended.stdout), "")
    return ended.stdout.rpartition("It breaks here: ")[2] if ended.returncode else ""


def test_a_whole_way_is_said_to_be_whole(start_server: StartServer, ngrok: Ngrok):
    server = start_server()
    with fake_vps() as (_vps, settings), command(ngrok, server, **settings) as running:
        running.says("now forwards to")
        ended = check(ngrok, server, **settings, PUBLIC_URL=settings["VPS_URL"])

    assert breaks_at(ended) == ""
    assert "The way is whole" in ended.stdout
    assert [
        each for each in ("vps.forward", "tunnel.reached", "ngrok.tunnel", "server.ready") if each not in ended.stdout
    ] == []


def test_where_the_way_breaks_is_said(start_server: StartServer, ngrok: Ngrok):
    server = start_server()
    with fake_vps() as (vps, settings), command(ngrok, server, **settings) as running:
        running.says("now forwards to")
        vps.told.append("http://stale.example.com")
        stale = check(ngrok, server, **settings)
        refused = check(ngrok, server, **{**settings, "VPS_TOKEN": "another"})
        gone = check(ngrok, server, VPS_URL="http://127.0.0.1:9")
        ngrok.plan(edge_error="ERR_NGROK_727")
        used_up = check(ngrok, server)
        ngrok.plan(edge_error="")
        server.stop()
        down = check(ngrok, server)
    nothing = check(ngrok, server)

    assert "The proxy forwards to http://stale.example.com, the tunnel's address is" in breaks_at(stale)
    assert "The proxy does not accept VPS_TOKEN" in breaks_at(refused)
    assert "Nothing answers at VPS_URL" in breaks_at(gone)
    assert "limit of this month is used up (ERR_NGROK_727)" in breaks_at(used_up)
    assert "no server answers behind it (ERR_NGROK_8012)" in breaks_at(down)
    assert "No tunnel is known: no ngrok runs here" in breaks_at(nothing)
    assert TOKEN not in "".join(each.stdout for each in (stale, refused, gone, used_up, down, nothing))


def test_a_plain_python_runs_it_inside_the_virtual_environment(tmp_path: Path):
    bare = {"PATH": os.environ["PATH"], "ENV_FILE": str(tmp_path / ".env"), "SERVER_LANGUAGE": "en"}
    plain = subprocess.run(
        ["python3", "-I", str(SCRIPT), "--help"], env=bare, capture_output=True, text=True, timeout=60, check=False
    )

    assert (plain.returncode, plain.stderr) == (0, "")
    assert "--check" in plain.stdout


# In the small


@pytest.mark.parametrize(
    ("value", "domain"),
    [
        ("loja.ngrok-free.app", "loja.ngrok-free.app"), ("https://Loja.ngrok.app/", "loja.ngrok.app"), ("", ""),
        ("127.0.0.1:4050", "127.0.0.1:4050"),
    ],
)  # fmt: skip
def test_a_domain_is_taken_however_it_is_pasted(value: str, domain: str):
    assert domain_of(value) == domain


@pytest.mark.parametrize("value", ["https://loja.ngrok.app/webhook", "loja ngrok app", "https://", "me@loja.app"])
def test_what_is_no_domain_is_refused(value: str):
    with pytest.raises(ValueError, match=r".*"):
        domain_of(value)


@pytest.mark.parametrize(
    ("told", "ports"),
    [
        ({"tunnels": []}, []),
        (
            {"tunnels": [{"config": {"addr": "localhost:8000"}}, {"config": {"addr": "http://127.0.0.1:3000"}}]},
            [8000, 3000],
        ),
        (
            {"tunnels": [{"config": None}, {"config": {"addr": "file:///srv"}}, {"config": {"addr": "a:b"}}, 1]},
            [None] * 3,
        ),
        ({"tunnels": None}, None),
        ([], None),
        (None, None),
    ],
)
def test_what_the_agent_tells_is_read_whatever_it_is(told: object, ports: list[int | None] | None):
    found = tunnels_in(told)

    assert (None if found is None else [each.port for each in found]) == ports


def test_the_header_names_the_error_where_the_page_does_not():
    assert error_code("<html>", {"ngrok-error-code": "ERR_NGROK_3200"}) == "3200"
    assert error_code("… ERR_NGROK_108\r\n") == "108"
    assert error_code("<html>") == ""
    assert in_plain_words("ERR_NGROK_9999") is None
