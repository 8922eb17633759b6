"""Is one more shop one more command? Added, checked, listed, paused and removed, with and without a running server."""

import stat
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from clients.testing import message_payload
from tests.rig import RULES, TOKENS, Server, eventually, fake_chatwoot, free_port
from tests.test_commands import command, run

ONE_AFTER_THE_OTHER = """
import sys
from scripts.account import main
for name in sys.argv[1:]:
    main(["add", name], standalone_mode=False)
"""
QUESTION = "Quais as formas de pagamento?"
LISTED = """\
[account.recife]
name = "Recife"
special_numbers = { "+5581999990000" = "admin" }
[[account.recife.chatwoot]]
number = 2
[account.curitiba]
odoo_key = "chave-de-curitiba"
"""
READY = """\
[account.{0}]
odoo_key = "chave-{0}"
[[account.{0}.chatwoot]]
number = {1}
base_url = "{2}"
api_key = "{3}"
webhook_secret = "s"
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose file names no shop yet, but has a remark."""
    made = Server(tmp_path_factory.mktemp("accounts"), SERVER_LANGUAGE="en", PUBLIC_URL="https://hub.example.com")
    file_of(made).write_text("# as outras lojas\n")
    file_of(made).chmod(0o640)
    yield made.start()
    made.stop()


@pytest.fixture
def stopped(tmp_path: Path) -> Server:
    """The settings of a server that does not run."""
    return Server(tmp_path, SERVER_LANGUAGE="en")


def account(server: Server, *words: str, **more: Any) -> "subprocess.CompletedProcess[str]":
    shown = command(server, "account", *words, **more)
    assert "Traceback" not in shown.stderr
    return shown


def added(server: Server, name: str, *words: str) -> dict[str, Any]:
    """The table of a shop that was just added."""
    shown = account(server, "add", name, *words)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    return written(server)[name]


def file_of(server: Server) -> Path:
    return server.folder / "accounts.toml"


def written(server: Server) -> dict[str, Any]:
    return dict(tomlkit.parse(file_of(server).read_text()).unwrap()["account"])


def served(server: Server) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in server.admin("accounts")["items"]}


def ask(server: Server, name: str, token: str, number: int, text: str = QUESTION) -> dict[str, Any]:
    """A customer writes to a shop, at the shop's own address; the event with all that became of it."""
    payload = message_payload(number, number, text, account={"id": 1, "name": "Loja"})
    address = f"/webhook/chatwoot/{name}?token={token}"
    sent = server.http.post(address, json=payload, headers={"Authorization": ""}).raise_for_status()
    eventually(server.is_quiet)
    return dict(server.admin(f"events/{sent.json()['event']}"))


def concluded(event: dict[str, Any]) -> str:
    return " ".join(each["reason"] or "" for each in event["deliveries"])


# Add


def test_a_shop_that_is_added_is_served_at_once_and_takes_messages(server: Server):
    said = account(server, "add", "loja2", "--name", "Loja Dois", "--timezone", "America/Recife")
    made = written(server)["loja2"]

    assert said.returncode == 0, said.stderr
    assert served(server)["loja2"]["has_webhook_token"]
    assert f"https://hub.example.com/webhook/chatwoot/loja2?token={made['webhook_token']}\n" in said.stdout
    assert f"https://hub.example.com/webhook/odoo/loja2?token={made['webhook_token']}&event=" in said.stdout
    assert made["odoo_key"] in said.stdout
    assert "has taken it over" in said.stdout
    tried = server.events(account="loja2")[0]
    assert tried["test"] is True
    assert f"A test message came in for loja2: {tried['id']}" in said.stdout


def test_what_is_sent_to_a_shop_is_its_own(server: Server):
    made = added(server, "propria")
    event = ask(server, "propria", made["webhook_token"], 501, "só desta loja")

    assert event["account"] == "propria"
    assert server.events(account="account_1", q="só desta loja") == []


def test_its_odoo_key_teaches_it_alone(server: Server):
    made = added(server, "sabida")
    key = {"X-API-Key": made["odoo_key"], "Authorization": ""}
    rules = {"permanent_rules": RULES, "temporary_rules": []}
    body = {"account_id": "sabida", "business_rule_id": 1, "rules": rules}
    taught = server.http.post("/api/v1/business-rules/sync", json=body, headers=key)
    foreign = server.sync_rules(RULES, **key)
    own = ask(server, "sabida", made["webhook_token"], 511)
    other = ask(server, "account_1", "rig-webhook-token", 512)

    assert (taught.status_code, foreign.status_code) == (200, 403)
    assert "suggested from Formas de pagamento" in concluded(own)
    assert "handed over: not known" in concluded(other)


def test_a_shop_that_signs_is_tried_with_its_signature(server: Server):
    said = account(
        server, "add", "assinada", "--chatwoot-number", "7", "--inbox", "4", "--inbox", "5",
        "--webhook-secret", "-", "--api-key", "-", answer="segredo-um\nsegredo-dois\n",
    )  # fmt: skip
    place = written(server)["assinada"]["chatwoot"][0]

    assert said.returncode == 0, said.stderr
    assert "A test message came in for assinada" in said.stdout
    assert (place["webhook_secret"], place["api_key"], place["inboxes"]) == (["segredo-um"], "segredo-dois", [4, 5])
    assert served(server)["assinada"]["chatwoot"][0]["has_api_key"] is True
    assert "segredo" not in said.stdout + said.stderr + server.http.get("/admin/api/accounts").text


def test_a_secret_that_is_asked_for_must_be_given(stopped: Server):
    said = account(stopped, "add", "loja2", "--bot-token", "-", answer="\n")

    assert (said.returncode, file_of(stopped).exists()) == (2, False)
    assert "--bot-token: nothing was entered" in said.stderr


def test_every_wrong_option_is_told_at_once_in_plain_words(stopped: Server):
    said = account(stopped, "add", "loja2", "--timezone", "Lua", "--chatwoot-url", "chat")

    assert (said.returncode, file_of(stopped).exists()) == (2, False)
    assert "account.loja2.timezone" in said.stderr
    assert "account.loja2.chatwoot[0].base_url" in said.stderr


def test_without_a_server_the_file_is_written_for_its_owner_alone(stopped: Server):
    said = account(stopped, "add", "loja2")

    assert said.returncode == 0, said.stderr
    assert "The server is not running" in said.stdout
    assert stat.S_IMODE(file_of(stopped).stat().st_mode) == 0o600
    assert [path.name for path in stopped.folder.glob("accounts*")] == ["accounts.toml"]


def test_the_twentieth_shop_is_added_like_the_second(server: Server):
    names = [f"filial{number}" for number in range(2, 20)]
    said = run(server, "-c", ONE_AFTER_THE_OTHER, *names, SERVER_PORT=str(free_port()))
    last = account(server, "add", "filial20")

    assert (said.returncode, last.returncode) == (0, 0), said.stderr
    assert "A test message came in for filial20" in last.stdout
    listed = account(server, "list").stdout
    assert [name for name in [*names, "filial20"] if name not in listed] == []


def test_of_shops_that_are_added_at_the_same_time_none_is_lost(stopped: Server):
    names = ["norte", "sul", "leste", "oeste"]
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda name: account(stopped, "add", name), names))

    assert [each.returncode for each in said] == [0] * len(names)
    assert written(stopped).keys() == set(names)


# Pause, remove


def test_a_paused_shop_leaves_messages_alone_until_it_goes_on(server: Server):
    token = added(server, "cansada")["webhook_token"]
    paused = account(server, "pause", "cansada")
    alone = ask(server, "cansada", token, 521)
    awake = account(server, "pause", "cansada", "--off")
    answered = ask(server, "cansada", token, 522)

    assert (paused.returncode, awake.returncode) == (0, 0)
    assert "left alone: answering is switched off" in concluded(alone)
    assert "left to the agents: not known" in concluded(answered)


def test_a_removed_shop_is_refused_and_what_it_had_stays(server: Server):
    token = added(server, "fechada")["webhook_token"]
    kept = ask(server, "fechada", token, 531)["id"]
    no = account(server, "remove", "fechada", answer="n\n")
    yes = account(server, "remove", "fechada", answer="sim\n")
    late = server.http.post(
        f"/webhook/chatwoot/fechada?token={token}", json={"event": "x"}, headers={"Authorization": ""}
    )

    assert (no.returncode, yes.returncode, late.status_code) == (1, 0, 401)
    assert "Nothing was removed." in no.stderr
    assert "fechada" not in served(server)
    assert server.admin(f"events/{kept}")["account"] == "fechada"
    assert file_of(server).read_text().startswith("# as outras lojas\n")
    assert stat.S_IMODE(file_of(server).stat().st_mode) == 0o640


def test_only_what_stands_in_the_file_can_be_changed(stopped: Server):
    of_env, nobody = account(stopped, "remove", "account_1"), account(stopped, "pause", "loja9")

    assert (of_env.returncode, nobody.returncode) == (2, 2)
    assert "ANSWER_MODE=off" in of_env.stderr
    assert "There is no account loja9. There are: account_1." in nobody.stderr


# Check, list


def test_a_broken_file_is_told_with_every_mistake_and_the_server_keeps_what_it_had(server: Server):
    right, before = file_of(server).read_text(), served(server).keys()
    file_of(server).write_text(f"{right}\n[account.torta]\npaused = 5\ntimezone = 'Lua'\n[acount.x]\n")
    try:
        said = [account(server, *words) for words in (("check",), ("list",), ("add", "loja9"))]
        eventually(lambda: "the accounts stay as they were" in server.logs())
        during = served(server).keys()
    finally:
        file_of(server).write_text(right)

    assert [each.returncode for each in said] == [2, 0, 2]  # what only looks in goes on
    for place in ("account.torta.paused", "account.torta.timezone", "accounts.toml: acount"):
        assert place in said[0].stderr
    assert during == before


def test_check_says_what_is_missing_and_what_does_not_answer(stopped: Server):
    with fake_chatwoot() as (_chatwoot, url):
        nowhere = f"http://127.0.0.1:{free_port()}"
        places = {"pronta": (2, url, "user-token"), "errada": (3, url, "another-token"), "longe": (4, nowhere, "x")}
        tables = [READY.format(name, *place) for name, place in places.items()]
        file_of(stopped).write_text("\n".join([*tables, "[account.vazia]"]))
        direct = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
        all_of_them, one = account(stopped, "check", **direct), account(stopped, "check", "pronta", **direct)

    told = {each.partition("  ")[0].strip(): each for each in all_of_them.stdout.replace("\n  ", "  ").splitlines()}
    assert (all_of_them.returncode, one.returncode) == (1, 0)
    assert "complete" in told["pronta"]
    assert "does not know the user's token" in told["errada"]
    assert "does not answer" in told["longe"]
    for word in ("[[account.vazia.chatwoot]]", "webhook_token", "odoo_key", "can be read by other users"):
        assert word in all_of_them.stdout
    assert "errada" not in one.stdout
    assert "-token" not in all_of_them.stdout.replace("webhook_token", "")


def test_check_sees_what_the_server_does_not_have(server: Server, tmp_path: Path):
    (tmp_path / "other.toml").write_text("[account.alheia]\n")
    own, other = account(server, "check"), account(server, "check", ACCOUNTS_FILE=str(tmp_path / "other.toml"))

    assert "does not have it" not in own.stdout
    assert other.returncode == 1
    assert "alheia\n  ✗ the running server does not have it" in other.stdout


def test_list_without_a_server_shows_what_is_written(stopped: Server):
    file_of(stopped).write_text(LISTED)
    said = account(stopped, "list")

    assert said.returncode == 0, said.stderr
    for word in ("recife", "Recife", "account 2", "+5581999990000 admin", "curitiba", "is not running"):
        assert word in said.stdout
    assert "chave" not in said.stdout


def test_a_server_that_refuses_the_token_is_told(server: Server):
    said = account(server, "list", ADMIN_TOKEN="another")

    assert said.returncode == 1
    assert "refuses this ADMIN_TOKEN" in said.stderr


# What is shown of an account


def test_accounts_are_shown_to_the_admin_alone_and_never_a_secret(server: Server):
    answered = server.http.get("/admin/api/accounts")

    assert server.http.get("/admin/api/accounts", headers={"Authorization": ""}).status_code == 401
    assert served(server)["account_1"]["has_odoo_key"] is True
    assert [each for each in TOKENS.values() if each in answered.text] == []
