"""Does the doctor see what is wrong around us? The running server, the way to it, the tunnel, Odoo and the model."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from clients.testing import message_payload
from clients.testing_llm import FakeLlm
from clients.testing_odoo import FakeOdoo, OdooError
from dashboard.checks import Context, chatwoot, llm, ngrok, odoo, public, server
from dashboard.checks.context import ngrok_files
from tests.rig import TOKENS, Server, eventually, free_port, serving
from tests.rig_doctor import answering, context, one, redirecting, told

# The server


def beside(running: Server, **changes: str) -> Context:
    """What is known to somebody with the running server's settings."""
    return context(running.folder, **{**running.environment, "SERVER_LANGUAGE": "en", **changes})


async def test_a_server_that_runs_is_good_and_one_that_does_not_is_told(start_server: Callable[..., Server]):
    running = start_server()

    assert told(await server.check(beside(running))) == {"server.ready": "good"}
    assert told(await server.check(beside(running, SERVER_PORT=str(free_port())))) == {"server.down": "warning"}


async def test_another_program_on_our_port_is_told(tmp_path: Path):
    with serving(answering({"/health": {"status": "UP"}})) as url:
        found = await server.check(context(tmp_path, SERVER_PORT=url.rpartition(":")[2]))

    assert told(found) == {"server.other": "error"}


async def test_a_server_that_cannot_keep_anything_is_told(start_server: Callable[..., Server]):
    running = start_server()
    with closing(sqlite3.connect(running.folder / "data" / "server.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        found = await server.check(beside(running))

    assert told(found)["server.not_ready"] == "error"


async def test_signatures_that_were_refused_are_told(start_server: Callable[..., Server]):
    running = start_server()
    running.post_chatwoot(message_payload(1, 1, "oi"), **{"x-chatwoot-signature": "sha256=00"})
    eventually(lambda: running.books()["requests"]["rejected"])
    found = await server.check(beside(running))

    assert told(found)["server.signature_refused"] == "warning"
    assert "fits none of the secrets" in one(found, "server.signature_refused").what


@pytest.mark.parametrize(
    ("hours_ago", "reason", "codes"),
    [
        (23, "the signature fits none of the secrets", {"server.ready", "server.signature_refused"}),
        (25, "the signature fits none of the secrets", {"server.ready"}),
        (1, "no signature, and the token is not valid", {"server.ready"}),
    ],
)
async def test_signatures_are_told_of_that_were_refused_in_the_last_day(
    tmp_path: Path, hours_ago: float, reason: str, codes: set[str]
):
    refused = {"received": (time.time() - hours_ago * 3600) * 1000, "reason": reason}
    answers = {"/health": {"status": "ok"}, "/ready": {}, "/admin/api/rejections": {"items": [refused]}}
    with serving(answering(answers)) as url:
        found = await server.check(context(tmp_path, SERVER_PORT=url.rpartition(":")[2]))

    assert set(told(found)) == codes


async def test_signatures_that_nobody_looked_at_are_told(start_server: Callable[..., Server]):
    running = start_server(CHATWOOT_WEBHOOK_SECRET="")
    address = f"/webhook?token={TOKENS['WEBHOOK_TOKEN']}"
    running.post_chatwoot(message_payload(1, 1, "oi"), address, **{"X-Event-Test": "true"})
    of_a_test = await server.check(beside(running))
    running.post_chatwoot(message_payload(2, 2, "oi"), address)
    eventually(running.is_quiet)
    found = await server.check(beside(running))

    assert "server.signature_unchecked" not in told(of_a_test)
    assert told(found)["server.signature_unchecked"] == "warning"


# The public address


async def test_no_public_address_is_told(tmp_path: Path):
    assert told(await public.check(context(tmp_path))) == {"public.unset": "warning"}


async def test_a_public_address_that_leads_here_is_good_and_a_private_one_is_told(start_server: Callable[..., Server]):
    running = start_server()
    found = await public.check(beside(running, PUBLIC_URL=running.url))

    assert told(found) == {"public.private": "warning", "public.reached": "good"}


async def test_an_address_that_is_not_encrypted_or_leads_nowhere_is_told(tmp_path: Path):
    found = await public.check(context(tmp_path, PUBLIC_URL="http://hub.invalid"))

    assert told(found) == {"public.plain": "warning", "public.unreachable": "error"}


async def test_an_address_that_leads_to_another_program_or_redirects_is_told(tmp_path: Path):
    with serving(answering({"/": {}})) as url:
        other = await public.check(context(tmp_path, PUBLIC_URL=url))
    with serving(redirecting("https://hub.example.com/health")) as url:
        redirected = await public.check(context(tmp_path, PUBLIC_URL=url))

    assert told(other)["public.other"] == told(redirected)["public.other"] == "error"
    assert "https://hub.example.com/health" in one(redirected, "public.other").why


async def test_no_password_of_an_address_is_told(tmp_path: Path):
    (tmp_path / "accounts.toml").write_text("[account.account_1]\nllm = true\n")
    with serving(answering({"/api": {"version": "3"}, "/v1/models": {"data": [{"id": "large"}]}})) as url:
        there = url.replace("//", "//nome:senha@")
        addresses = {"PUBLIC_URL": there, "CHATWOOT_BASE_URL": there, "ODOO_URL": there, "LLM_BASE_URL": f"{there}/v1"}
        keys = {"CHATWOOT_API_KEY": "x", "ODOO_API_KEY": "x", "LLM_MODEL": "small"}
        known = context(tmp_path, ACCOUNTS_FILE=f"{tmp_path}/accounts.toml", **addresses, **keys)
        found = [each for part in (public, chatwoot, odoo, llm) for each in await part.check(known)]
    found += await public.check(context(tmp_path, PUBLIC_URL="http://nome:senha@hub.invalid"))

    assert {each.code for each in found} == {
        "public.private", "public.other", "chatwoot.other", "odoo.other", "llm.model", "public.plain",
        "public.unreachable",
    }  # fmt: skip
    assert [each.what for each in found if "senha" in str(each)] == []


@pytest.mark.parametrize(
    ("shown", "hosts", "expected"),
    [({"/admin/login": {}}, "", "error"), ({"/admin/login": {}}, "hub.example.com", None), ({}, "", None)],
)
async def test_a_proxy_by_which_the_dashboard_is_open_to_everybody_is_told(
    shown: dict[str, Any], hosts: str, expected: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with serving(answering({"/health": {"status": "ok"}, **shown})) as url:
        monkeypatch.setenv("http_proxy", url)  # what stands at the public name, which no resolver here knows
        found = await public.check(context(tmp_path, PUBLIC_URL="http://hub.example.com", ADMIN_HOSTS=hosts))

    assert told(found)["public.reached"] == "good"
    assert told(found).get("public.admin") == expected


@pytest.mark.parametrize(
    ("host", "is_private"),
    [
        ("localhost", True), ("127.0.0.1", True), ("10.1.2.3", True), ("192.168.0.9", True), ("fd00::1", True),
        ("loja.local", True), ("8.8.8.8", False), ("nobody.invalid", False),
    ],
)  # fmt: skip
async def test_an_address_is_private_where_the_outside_cannot_reach_it(host: str, is_private: bool):
    assert await public.is_private(host) is is_private


async def test_a_name_is_not_private_if_the_outside_can_reach_one_of_its_addresses(monkeypatch: pytest.MonkeyPatch):
    async def addresses(*_asked: Any, **_how: Any) -> list[Any]:
        return [(0, 0, 0, "", (address, 0)) for address in ("10.1.2.3", "8.8.8.8")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", addresses)

    assert await public.is_private("loja.example.com") is False


# The tunnel


async def tunnelled(tmp_path: Path, address: str, leads_to: str, **settings: str) -> dict[str, str]:
    """What is said where ngrok runs with one tunnel."""
    tunnels = {"tunnels": [{"public_url": address, "config": {"addr": leads_to}}]}
    with serving(answering({"/api/tunnels": tunnels})) as url:
        known = context(tmp_path, SERVER_PORT="8000", NGROK_API=url, **settings)
        return told(await ngrok.check(known))


NGROK = "https://loja.ngrok-free.app"


async def test_a_tunnel_is_judged_by_where_it_leads(tmp_path: Path):
    right = await tunnelled(tmp_path, NGROK, "http://localhost:8000", PUBLIC_URL=NGROK)
    elsewhere = await tunnelled(tmp_path, NGROK, "localhost:3000", PUBLIC_URL=NGROK)
    renamed = await tunnelled(tmp_path, "https://new.ngrok-free.app", "http://localhost:8000", PUBLIC_URL=NGROK)
    somebodys = await tunnelled(tmp_path, NGROK, "http://localhost:3000", PUBLIC_URL="https://hub.example.com")

    assert (right, elsewhere) == ({"ngrok.tunnel": "good"}, {"ngrok.port": "error"})
    assert (renamed, somebodys) == ({"ngrok.address": "error"}, {"ngrok.port": "warning"})


async def test_a_tunnel_that_does_not_run_is_told_where_one_is_needed(tmp_path: Path):
    assert told(await ngrok.check(context(tmp_path, PUBLIC_URL=NGROK))) == {"ngrok.down": "error"}
    assert await ngrok.check(context(tmp_path)) == []


async def test_a_file_with_ngroks_token_that_others_can_read_is_told(tmp_path: Path):
    known = context(tmp_path)
    known.ngrok_files = (tmp_path / "ngrok.yml", tmp_path / "none.yml")
    known.ngrok_files[0].write_text("authtoken: x\n")
    known.ngrok_files[0].chmod(0o640)

    assert told(await ngrok.check(known)) == {"ngrok.mode": "warning"}
    assert all(path.name == "ngrok.yml" for path in ngrok_files())


# Odoo


async def asked(tmp_path: Path, fake: Any, **changes: str) -> dict[str, str]:
    """What is said of an Odoo."""
    with serving(fake) as url:
        given = {"ODOO_URL": url, "ODOO_API_KEY": "key", "ODOO_DB": "loja", "ODOO_LOGIN": "robo", **changes}
        return told(await odoo.check(context(tmp_path, **given)))


@pytest.mark.parametrize("version", [17, 19])
async def test_an_odoo_that_takes_the_key_is_good_and_one_that_does_not_is_told(tmp_path: Path, version: int):
    fake = FakeOdoo(version)

    assert await asked(tmp_path, fake.app) == {"odoo.login": "good"}
    assert await asked(tmp_path, fake.app, ODOO_API_KEY="old") == {"odoo.key": "error"}


async def test_an_odoo_that_lets_its_user_read_nothing_is_told(tmp_path: Path):
    fake = FakeOdoo()
    denied = OdooError("odoo.exceptions.AccessError", "You are not allowed to access", 403)

    def refuse(what: str) -> Any:
        return denied if what.startswith("res.partner") else None

    fake.fault = refuse

    assert await asked(tmp_path, fake.app) == {"odoo.rights": "error"}


async def test_what_is_no_odoo_or_not_there_or_half_set_up_is_told(tmp_path: Path):
    other = await asked(tmp_path, answering({"/web/version": {"name": "x"}}))
    nowhere = {"ODOO_URL": f"http://127.0.0.1:{free_port()}", "ODOO_API_KEY": "key"}

    assert other == {"odoo.other": "error"}
    assert told(await odoo.check(context(tmp_path, **nowhere))) == {"odoo.unreachable": "error"}
    assert told(await odoo.check(context(tmp_path, ODOO_URL="http://x.example.com"))) == {"odoo.half": "warning"}
    assert await odoo.check(context(tmp_path)) == []


# The model


async def modelled(tmp_path: Path, url: str, **changes: str) -> dict[str, str]:
    """What is said of a model's server."""
    (tmp_path / "accounts.toml").write_text(changes.pop("accounts", "[account.account_1]\nllm = true\n"))
    given = {"LLM_BASE_URL": url, "LLM_MODEL": "small", "LLM_API_KEY": "key", **changes}
    return told(await llm.check(context(tmp_path, ACCOUNTS_FILE=f"{tmp_path}/accounts.toml", **given)))


async def test_a_models_server_is_judged_without_asking_the_model(tmp_path: Path):
    fake = FakeLlm(key="key")
    with serving(fake.app) as url:
        lists_none = await modelled(tmp_path, url)
        fake.models = ["large", "small:latest"]
        has_it = await modelled(tmp_path, url)
        wrong_key = await modelled(tmp_path, url, LLM_API_KEY="old")
        wrong_name = await modelled(tmp_path, url, LLM_MODEL="tiny")
        unused = await modelled(tmp_path, url, accounts="")

    assert lists_none == has_it == {"llm.reached": "good"}
    assert (wrong_key, wrong_name, unused) == (
        {"llm.key": "error"},
        {"llm.model": "warning"},
        {"llm.unused": "warning"},
    )
    assert fake.asked == []


async def test_a_models_server_that_is_not_there_is_told(tmp_path: Path):
    nowhere = f"http://127.0.0.1:{free_port()}/v1"

    assert await modelled(tmp_path, nowhere) == {"llm.unreachable": "error"}
    assert await llm.check(context(tmp_path)) == []
