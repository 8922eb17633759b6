"""Does what `deploy/` holds for a VPS fit together, and is only the proxy that is named believed?"""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from config.settings import known_names
from scripts.first_env import GENERATED
from tests.rig import ROOT, TOKENS, Server, eventually, free_port

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.vps.yaml").read_text())
DOCKERFILE = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
PINNED = re.compile(r"[a-z0-9./-]+:\d+\.\d+\.\d+[a-z0-9.-]*")
ROOMS = ("app.py", "relay", "clients", "hubcrew", "handlers", "dashboard", "config", "scripts")


def lines(word: str) -> list[str]:
    """What stands after this instruction, each time it does."""
    return re.findall(rf"^{word} (.+)$", DOCKERFILE, re.MULTILINE)


# Containers


def test_every_image_is_one_version() -> None:
    images = [COMPOSE["services"]["caddy"]["image"], *(each.partition(" ")[0] for each in lines("FROM"))]

    assert [each for each in images if not PINNED.fullmatch(each)] == []


def test_the_container_runs_as_nobody_and_says_whether_it_is_well() -> None:
    (user,), (command,), (health,) = lines("USER"), lines("CMD"), lines("HEALTHCHECK")
    server = COMPOSE["services"]["server"]

    assert user.split(":")[0] not in ("0", "root")
    assert (ROOT / shlex.split(command.strip("[]"))[-1]).is_file()
    assert "scripts.ready" in health
    assert (server["read_only"], server["cap_drop"], server["security_opt"]) == (
        True, ["ALL"], ["no-new-privileges:true"],
    )  # fmt: skip


def test_only_caddy_is_reached_from_outside_and_only_caddy_is_believed() -> None:
    server, caddy = COMPOSE["services"]["server"], COMPOSE["services"]["caddy"]

    assert "ports" not in server
    assert server["environment"]["TRUSTED_PROXIES"] == caddy["networks"]["inside"]["ipv4_address"]
    assert caddy["environment"]["SERVER"] == f"server:{server['environment']['SERVER_PORT']}"


def test_what_is_mounted_is_there_or_is_made_by_the_page_that_tells_it() -> None:
    page = (ROOT / "docs" / "vps.md").read_text()
    mounted = [each for service in COMPOSE["services"].values() for each in service["volumes"]]
    sources = [DEPLOY / each["source"] for each in mounted if each["type"] == "bind"]
    absent = {path.resolve().name for path in sources if not (path.is_file() or path.name == "plugins")}

    assert absent == {".env", "data", "logs", "backups", "knowledge"}
    assert all(re.search(rf"(mkdir|cp|> ).*{re.escape(name)}", page) for name in absent)


def test_compose_holds_no_secret() -> None:
    assert set(COMPOSE["services"]["server"]["environment"]) == {"SERVER_HOST", "SERVER_PORT", "TRUSTED_PROXIES"}
    assert {"SERVER_HOST", "SERVER_PORT", "TRUSTED_PROXIES"} <= known_names()


def test_what_goes_into_the_image_is_all_that_the_server_needs(tmp_path: Path) -> None:
    copied = [each.split() for each in lines("COPY") if not each.startswith("--from")]
    for source, target in (each for each in copied if each[0] != "requirements.txt"):
        place = tmp_path / source if target == "./" else tmp_path / target
        copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
        copy(ROOT / source, place)
    server = Server(tmp_path / "house", SERVER_LANGUAGE="pt_BR")
    with (server.folder / "output").open("wb") as output:
        server.process = subprocess.Popen(
            [sys.executable, "scripts/start_unified_server.py"],
            cwd=tmp_path, env=server.environment, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        eventually(server._is_up)
        ready = subprocess.run(
            [sys.executable, "-m", "scripts.ready"], cwd=tmp_path, env=server.environment, timeout=60, check=False
        )
        page = server.http.get("/admin/login", headers={"Authorization": ""})
    finally:
        server.stop()

    assert {source for source, _target in copied} == {*ROOMS, "requirements.txt"}
    assert ready.returncode == 0
    assert "<form" in page.text


def test_a_server_that_is_not_there_is_not_ready(tmp_path: Path) -> None:
    server = Server(tmp_path, SERVER_LANGUAGE="en")
    told = subprocess.run(
        [sys.executable, "-m", "scripts.ready", "--seconds", "0.3"],
        cwd=ROOT, env=server.environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert told.returncode == 1
    assert "not running" in told.stderr


# The page


def commands(page: str) -> list[str]:
    """What a page's blocks tell to type, without remarks."""
    blocks = re.findall(r"^```(?:sh)?\n(.*?)^```", (ROOT / "docs" / page).read_text(), re.MULTILINE | re.DOTALL)
    lines = (line.partition(" #")[0].rstrip() for block in blocks for line in block.splitlines() if "──" not in line)
    return [line for line in lines if line and "TLS" not in line]


def test_both_languages_tell_the_same_commands() -> None:
    assert commands("vps.md") == commands("vps.pt-BR.md")


def test_the_page_sets_nothing_but_settings() -> None:
    names = {found[1] for line in commands("vps.md") if (found := re.match(r"([A-Z_]+)=", line))}

    assert {"FORWARD_URL", "FORWARD_SIGNING_KEY", "VPS_TOKEN"} <= names <= known_names()


def test_the_settings_of_the_page_make_a_proxy_that_keeps(tmp_path: Path) -> None:
    server = Server(tmp_path)
    page = (ROOT / "docs" / "vps.md").read_text()
    text = re.findall(r"<<'END'\n(.*?)^END$", page, re.MULTILINE | re.DOTALL)[0]
    filled = {"FORWARD_SIGNING_KEY": "a-key-that-both-servers-have", **{name: TOKENS[name] for name in GENERATED}}
    for name, value in filled.items():
        text = text.replace(f"{name}=\n", f"{name}={value}\n")
    (tmp_path / ".env").write_text(text)
    for name in (*TOKENS, "CHATWOOT_ACCOUNT_ID"):
        del server.environment[name]
    server.start()
    try:
        kept = server.http.post("/webhook?token=rig-webhook-token", json={"event": "x"}, headers={"Authorization": ""})
        told = server.admin("forward")
    finally:
        server.stop()

    assert kept.json()["status"] == "kept"
    assert told["url"] == "https://loja.ngrok-free.app"


@pytest.mark.parametrize("page", ["vps.md", "vps.pt-BR.md"])
def test_what_the_page_leads_to_and_runs_is_there(page: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    paths = {each.partition("#")[0] for each in re.findall(r"\]\(([^)]+)\)", text)}
    modules = set(re.findall(r"python -m scripts\.(\w+)", text))

    assert [each for each in paths if not (ROOT / "docs" / each).exists()] == []
    assert [each for each in modules if not (ROOT / "scripts" / f"{each}.py").is_file()] == []
    assert (ROOT / "scripts" / "upgrade").stat().st_mode & 0o100


# Whose address is it?


def seen(server: Server, **headers: str) -> str:
    """The address that a refused request came from, as the server has it."""
    server.http.post("/webhook", json={}, headers={"Authorization": "", **headers})
    return str(server.admin("rejections", limit=1)["items"][0]["address"])


def cookie(server: Server) -> str:
    """What a browser is told of the session, after a login by https as a proxy says."""
    form, proto = {"token": TOKENS["ADMIN_TOKEN"]}, {"X-Forwarded-Proto": "https", "Host": "vps.example.com"}
    with httpx.Client(base_url=server.url, trust_env=False) as browser:
        return browser.post("/admin/login", data=form, headers=proto).headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("trusted", "sent", "expected"),
    [
        ("", "203.0.113.5", "127.0.0.1"),
        ("10.0.0.0/8", "203.0.113.5", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "192.0.2.66, 203.0.113.5", "203.0.113.5"),  # the first is the sender's own word
        ("127.0.0.0/8,198.51.100.7", "203.0.113.5, 198.51.100.7", "203.0.113.5"),  # two proxies, both named
        ("127.0.0.1", "203.0.113.5, 198.51.100.7", "198.51.100.7"),  # the first of two is not
    ],
)
def test_a_senders_address_is_believed_from_a_trusted_proxy_alone(
    start_server: Callable[..., Server], trusted: str, sent: str, expected: str
) -> None:
    server = start_server(TRUSTED_PROXIES=trusted, ADMIN_HOSTS="vps.example.com")

    assert seen(server, **{"X-Forwarded-For": sent}) == expected
    assert ("secure" in cookie(server)) is (trusted.startswith("127"))


# The proxies themselves, where they are installed


@contextlib.contextmanager
def running(command: list[str], url: str, **environment: str) -> Iterator[None]:
    """A proxy, from when it answers."""
    process = subprocess.Popen(command, env={**os.environ, **environment})

    def answers() -> bool:
        assert process.poll() is None
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{url}/health", verify=False, trust_env=False).status_code == 200
        return False

    try:
        eventually(answers)
        yield
    finally:
        process.terminate()
        process.wait(30)


def certificate(folder: Path) -> tuple[Path, Path]:
    key, own = folder / "key.pem", folder / "own.pem"
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*words, "-keyout", str(key), "-out", str(own)], check=True, capture_output=True)
    return key, own


def nginx(folder: Path, name: str, port: int, **changes: str) -> list[str]:
    """The command that runs nginx by this configuration, with its paths and ports here."""
    key, own = certificate(folder)
    text = (DEPLOY / "nginx" / name).read_text()
    text = re.sub(r"listen \[::\]:.*", "", text)
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}").replace(
        "listen 80", f"listen 127.0.0.1:{free_port()}"
    )
    text = text.replace("/etc/letsencrypt/live/vps.example.com/fullchain.pem", str(own))
    text = text.replace("/etc/letsencrypt/live/vps.example.com/privkey.pem", str(key))
    text = text.replace("/var/log/nginx/servidor.log", str(folder / "access.log"))
    for old, new in changes.items():
        text = text.replace(old.replace("__", "."), new)
    places = "".join(
        f"{each}_temp_path {folder}/{each};\n" for each in ("proxy", "fastcgi", "uwsgi", "scgi", "client_body")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    whole = (
        f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\nhttp {{\n{places}{text}}}\n"
    )
    (folder / "nginx.conf").write_text(whole)
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]


def through(url: str, server: Server) -> tuple[str, int, Any]:
    """By a proxy: the address seen of a sender who claims another; what a sender of ours, and a look in, are told."""
    with httpx.Client(verify=False, trust_env=False) as client:
        forged = {"X-Forwarded-For": "192.0.2.66", "X-Forwarded-Proto": "http", "Host": "vps.example.com"}
        client.post(f"{url}/webhook", json={}, headers=forged)
        kept = client.post(f"{url}/webhook?token=rig-webhook-token", json={"event": "x"}, headers=forged)
        admin = client.get(f"{url}/admin/login", headers={"Host": "vps.example.com"})
    return str(server.admin("rejections", limit=1)["items"][0]["address"]), kept.status_code, admin.status_code


@pytest.mark.skipif(not (shutil.which("nginx") and shutil.which("openssl")), reason="nginx is not here")
def test_nginx_hands_on_who_really_asks_and_logs_no_token(start_server: Callable[..., Server], tmp_path: Path) -> None:
    server, port = start_server(TRUSTED_PROXIES="127.0.0.1", CHATWOOT_WEBHOOK_SECRET=""), free_port()
    command = nginx(tmp_path, "servidor.conf", port, **{"127__0__0__1:8000": server.url.removeprefix("http://")})
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with running(command, f"https://localhost:{port}"):
        found = through(f"https://localhost:{port}", server)
    log = (tmp_path / "access.log").read_text()

    assert found == ("127.0.0.1", 200, 403)
    assert "POST /webhook 200" in log
    assert "rig-webhook-token" not in log


@pytest.mark.skipif(not (shutil.which("nginx") and shutil.which("openssl")), reason="nginx is not here")
def test_nginx_takes_the_way_straight_to_the_tunnel(tmp_path: Path) -> None:
    command = nginx(tmp_path, "straight-to-tunnel.conf", free_port())

    assert subprocess.run([*command, "-t"], check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not here")
@pytest.mark.parametrize("name", ["Caddyfile", "straight-to-tunnel.Caddyfile"])
def test_caddy_takes_its_configuration(name: str, tmp_path: Path) -> None:
    own = {"DOMAIN": "vps.example.com", "TUNNEL": "loja.ngrok-free.app", "HOME": str(tmp_path)}
    told = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "caddy" / name)],
        env={"PATH": os.environ["PATH"], **own}, check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert told.returncode == 0, told.stderr


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not here")
def test_caddy_hands_on_who_really_asks(start_server: Callable[..., Server], tmp_path: Path) -> None:
    server, port = start_server(TRUSTED_PROXIES="127.0.0.1", CHATWOOT_WEBHOOK_SECRET=""), free_port()
    text = (DEPLOY / "caddy" / "Caddyfile").read_text()
    (tmp_path / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{text}")
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")]
    own = {"DOMAIN": f"http://:{port}", "SERVER": server.url.removeprefix("http://"), "HOME": str(tmp_path)}
    with running(command, f"http://127.0.0.1:{port}", **own):
        found = through(f"http://127.0.0.1:{port}", server)

    assert found == ("127.0.0.1", 200, 403)
