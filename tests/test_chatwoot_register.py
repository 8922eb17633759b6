"""Is Chatwoot wired by one command? Made, found again, mended, interrupted, and never at another's cost."""

import json
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from clients.testing import message_payload, signed
from clients.testing_setup import FakeInstallation
from tests.rig import Server, dumps, serving
from tests.rig_doctor import PUBLIC
from tests.test_commands import command

DIRECT = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
WEBHOOK = f"{PUBLIC}/webhook"
LOJA2 = """\
# a segunda loja
[account.loja2]
webhook_token = "token-da-loja2"   # não mudar
odoo_key = "chave"
[[account.loja2.chatwoot]]
base_url = "{url}"
number = 1
api_key = "user-token"
webhook_secret = "env:LOJA2_SECRET"
"""


class Wired:
    """A Chatwoot, and a server's folder whose `.env` leads there."""

    def __init__(self, fake: FakeInstallation, url: str, folder: Path) -> None:
        self.fake, self.url = fake, url
        self.server = Server(folder, SERVER_LANGUAGE="en", PUBLIC_URL=PUBLIC, **DIRECT)
        for name in ("CHATWOOT_WEBHOOK_SECRET", "CHATWOOT_ACCOUNT_ID"):
            del self.server.environment[name]
        self.env = folder / ".env"
        self.env.write_text(
            f"# da loja\nCHATWOOT_BASE_URL={url}/api/v1\nCHATWOOT_API_KEY='user-token' # meu\n\nCHATWOOT_ACCOUNT_ID=1\n"
        )
        self.env.chmod(0o644)
        self.inbox = fake.add_inbox("WhatsApp")

    def register(self, *words: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        said = command(self.server, "chatwoot", "register", *words, **changes)
        assert "Traceback" not in said.stderr, said.stderr
        shown = said.stdout + said.stderr
        secrets = [each["secret"] for each in [*self.fake.webhooks.values(), *self.fake.bots.values()]]
        tokens = [each["access_token"] for each in self.fake.bots.values()]
        assert not [each for each in (*secrets, *tokens, "user-token", "rig-webhook-token") if each in shown]
        return said

    @property
    def set(self) -> dict[str, str]:
        """What `.env` sets."""
        return dict(line.split("=", 1) for line in self.env.read_text().splitlines() if "=" in line)

    @property
    def own(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The only webhook and the only bot."""
        (webhook,), (bot,) = self.fake.webhooks.values(), self.fake.bots.values()
        return webhook, bot


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Wired]]:
    """Give a way to open a Chatwoot of a version; it is closed at the end."""
    opened = []

    def open_(*arguments: Any, **named: Any) -> Wired:
        fake = FakeInstallation(*arguments, **named)
        serve = serving(fake.app)
        opened.append(serve)
        return Wired(fake, serve.__enter__(), tmp_path)

    yield open_
    for serve in opened:
        serve.__exit__(None, None, None)


def test_one_command_makes_what_is_needed_and_keeps_its_secrets(make: Callable[..., Wired]):
    wired = make()
    said = wired.register("--inbox", str(wired.inbox))
    webhook, bot = wired.own

    assert said.returncode == 0, said.stderr
    assert (webhook["url"], bot["outgoing_url"]) == (WEBHOOK, WEBHOOK)
    assert set(webhook["subscriptions"]) == {
        "message_created", "message_updated", "conversation_created", "conversation_updated",
        "conversation_status_changed",
    }  # fmt: skip
    assert wired.fake.connected == {wired.inbox: bot["id"]}
    assert wired.set["CHATWOOT_WEBHOOK_SECRET"].split(",") == [webhook["secret"], bot["secret"]]
    assert wired.set["CHATWOOT_BOT_TOKEN"] == bot["access_token"]
    assert "Start the server again" in said.stdout
    assert "python -m scripts.doctor" in said.stdout


def test_of_the_env_file_every_other_line_stays_and_it_is_its_owners_alone(make: Callable[..., Wired]):
    wired = make()
    before = wired.env.read_text()
    wired.register()

    assert wired.env.read_text().startswith(before)
    assert stat.S_IMODE(wired.env.stat().st_mode) == 0o600
    assert [path.name for path in wired.env.parent.glob(".env*")] == [".env"]


def test_the_secrets_that_are_known_already_are_kept_beside_the_new_ones(make: Callable[..., Wired]):
    wired = make()
    wired.env.write_text(wired.env.read_text() + "CHATWOOT_WEBHOOK_SECRET=of-an-inbox,of-another\n")
    said = wired.register()
    webhook, bot = wired.own

    assert said.returncode == 0, said.stderr
    assert wired.set["CHATWOOT_WEBHOOK_SECRET"] == f"of-an-inbox,of-another,{webhook['secret']},{bot['secret']}"


def test_a_second_run_changes_nothing_and_says_so(make: Callable[..., Wired]):
    wired = make()
    wired.register("--all")
    changes, env = list(wired.fake.changes), wired.env.read_text()
    again = wired.register("--all")

    assert again.returncode == 0, again.stderr
    assert "nothing was changed" in again.stdout
    assert (wired.fake.changes, wired.env.read_text()) == (changes, env)


def test_after_it_the_doctor_finds_nothing_wrong_in_chatwoot(make: Callable[..., Wired]):
    wired = make()
    wired.register("--all")
    said = json.loads(command(wired.server, "doctor", "--json").stdout)
    levels = {each["code"]: each["level"] for each in said["findings"] if each["code"].startswith("chatwoot.")}

    assert set(levels.values()) == {"good"}
    assert "chatwoot.inboxes" in levels


@pytest.mark.parametrize("broken", ["bot", "webhook", "connection"])
def test_interrupted_half_way_and_run_again_it_ends_well(make: Callable[..., Wired], broken: str):
    wired = make()
    wired.fake.break_before = broken
    first = wired.register("--all")
    second = wired.register("--all")
    third = wired.register("--all")
    webhook, bot = wired.own

    assert (first.returncode, second.returncode, third.returncode) == (1, 0, 0)
    assert "Run the same command again" in first.stderr
    assert wired.set["CHATWOOT_WEBHOOK_SECRET"].split(",") == [webhook["secret"], bot["secret"]]
    assert wired.fake.connected == {wired.inbox: bot["id"]}
    assert "nothing was changed" in third.stdout


def test_what_was_made_and_not_written_down_is_found_again(make: Callable[..., Wired]):
    wired = make()
    wired.register("--all")
    wired.env.write_text("\n".join(line for line in wired.env.read_text().splitlines() if "SECRET" not in line))
    wired.register("--all")
    webhook, bot = wired.own

    assert wired.set["CHATWOOT_WEBHOOK_SECRET"].split(",") == [webhook["secret"], bot["secret"]]


def test_a_dry_run_only_says_what_would_be_done(make: Callable[..., Wired]):
    wired = make()
    before = wired.env.read_text()
    said = wired.register("--all", "--dry-run")

    assert (wired.fake.changes, wired.fake.connected, wired.env.read_text()) == ([], {}, before)
    assert f"webhook made, which sends to {WEBHOOK}" in said.stdout
    assert f"inbox WhatsApp ({wired.inbox})" in said.stdout
    assert "Nothing was changed" in said.stdout


def test_after_a_move_both_follow_the_new_address(make: Callable[..., Wired]):
    wired = make()
    wired.register("--all")
    wired.register("--all", "--url", "https://new.example.com/")
    webhook, bot = wired.own

    assert (webhook["url"], bot["outgoing_url"]) == ("https://new.example.com/webhook",) * 2


def test_a_webhook_made_by_hand_is_mended_and_keeps_what_it_has_more(make: Callable[..., Wired]):
    wired = make()
    by_hand = f"{WEBHOOK}?token=rig-webhook-token"
    number = wired.fake.add_webhook(by_hand, "message_created", "contact_updated")
    wired.register()
    webhook, _bot = wired.own

    assert (webhook["id"], webhook["url"]) == (number, by_hand)
    assert {"contact_updated", "conversation_updated"} < set(webhook["subscriptions"])
    assert webhook["secret"] in wired.set["CHATWOOT_WEBHOOK_SECRET"]


@pytest.mark.parametrize(("version", "signing"), [("4.10.0", 0), ("4.11.2", 1), ("4.13.0", 2)])
def test_only_what_cannot_sign_has_the_token_in_its_address(make: Callable[..., Wired], version: str, signing: int):
    wired = make(version)
    said = wired.register("--all")
    webhook, bot = wired.own

    assert said.returncode == 0, said.stderr
    assert [each for each in (webhook["url"], bot["outgoing_url"]) if "token=rig-webhook-token" in each] == [
        f"{WEBHOOK}?token=rig-webhook-token"
    ] * (2 - signing)
    assert len([each for each in wired.set.get("CHATWOOT_WEBHOOK_SECRET", "").split(",") if each]) == signing
    assert "nothing was changed" in wired.register("--all").stdout


def test_what_cannot_sign_needs_a_token(make: Callable[..., Wired]):
    wired = make("4.10.0")
    said = wired.register(WEBHOOK_TOKEN="")

    assert (said.returncode, wired.fake.changes) == (2, [])
    assert "WEBHOOK_TOKEN" in said.stderr


# Others' things


def test_an_api_inboxs_own_webhook_is_never_touched_but_its_secret_is_kept(make: Callable[..., Wired]):
    wired = make()
    ours = wired.fake.add_inbox("Site", "Channel::Api", WEBHOOK)
    others = wired.fake.add_inbox("Evolution", "Channel::Api", "https://evolution.example.com/chatwoot/webhook/x")
    wired.register("--all")
    inboxes = wired.fake.inboxes

    assert inboxes[ours]["webhook_url"] == WEBHOOK
    assert inboxes[others]["webhook_url"] == "https://evolution.example.com/chatwoot/webhook/x"
    assert inboxes[ours]["secret"] in wired.set["CHATWOOT_WEBHOOK_SECRET"]
    assert inboxes[others]["secret"] not in wired.env.read_text()


def test_another_bots_inbox_is_taken_only_when_told(make: Callable[..., Wired]):
    wired = make()
    other = wired.fake.add_bot("Outro", "https://outro.example.com/")
    theirs = wired.fake.add_inbox("E-mail", "Channel::Email")
    wired.fake.connected[theirs] = other
    refused = wired.register("--inbox", str(theirs))
    untouched = list(wired.fake.changes)
    every = wired.register("--all")
    left = dict(wired.fake.connected)
    taken = wired.register("--inbox", str(theirs), "--replace")

    assert (refused.returncode, untouched) == (2, [])
    assert "another bot serves E-mail" in refused.stderr
    assert (every.returncode, left[theirs]) == (0, other)
    assert "another bot serves E-mail" in every.stdout
    assert taken.returncode == 0
    assert wired.fake.connected[theirs] == wired.fake.connected[wired.inbox] != other
    assert wired.fake.bots[other]["outgoing_url"] == "https://outro.example.com/"


def test_an_inbox_that_there_is_not_is_told_before_anything_is_done(make: Callable[..., Wired]):
    wired = make()
    said = wired.register("--inbox", "999")

    assert (said.returncode, wired.fake.changes) == (2, [])
    assert "999" in said.stderr
    assert f"WhatsApp ({wired.inbox})" in said.stderr


# What stands in the way


def test_of_an_account_that_is_not_its_users_it_does_not_say_that_all_is_well(make: Callable[..., Wired]):
    wired = make()
    said = wired.register("--all", CHATWOOT_ACCOUNT_ID="7")

    assert said.returncode == 1
    assert "administrator of account 7" in said.stderr
    assert "Everything is registered" not in said.stdout


def test_an_agents_token_is_not_enough(make: Callable[..., Wired]):
    wired = make(role="agent")
    said = wired.register()

    assert (said.returncode, wired.fake.changes) == (1, [])
    assert "administrator of account 1" in said.stderr


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({"CHATWOOT_API_KEY": ""}, "CHATWOOT_API_KEY"),
        ({"CHATWOOT_BASE_URL": "http://127.0.0.1:1"}, "does not answer"),
        ({"CHATWOOT_WEBHOOK_SECRET": "from-the-environment"}, "Set in the environment"),
    ],
)
def test_what_is_missing_or_in_the_way_is_told_in_plain_words(make: Callable[..., Wired], changes: Any, told: str):
    wired = make()
    said = wired.register(**changes)

    assert said.returncode in (1, 2)
    assert told in said.stderr
    assert wired.fake.changes == []


# The other shops


def test_another_shops_secrets_go_into_its_table(make: Callable[..., Wired]):
    wired = make()
    path = wired.env.parent / "accounts.toml"
    path.write_text(LOJA2.format(url=wired.url))
    path.chmod(0o600)
    changes = {"LOJA2_SECRET": "old-secret", "CHATWOOT_ACCOUNT_ID": "7"}
    said = wired.register("--account", "loja2", "--all", **changes)
    webhook, bot = wired.own
    again = wired.register("--account", "loja2", "--all", **changes)
    table = tomlkit.parse(path.read_text())["account"]["loja2"]["chatwoot"][0]  # type: ignore[index]

    assert said.returncode == 0, said.stderr
    assert webhook["url"] == bot["outgoing_url"] == f"{PUBLIC}/webhook/chatwoot/loja2"
    assert table["webhook_secret"] == ["env:LOJA2_SECRET", webhook["secret"], bot["secret"]]
    assert table["bot_token"] == bot["access_token"]
    assert "# a segunda loja" in path.read_text()
    assert "# não mudar" in path.read_text()
    assert "SECRET" not in wired.env.read_text()
    assert "nothing was changed" in again.stdout


def test_what_it_registers_is_taken_by_the_server(make: Callable[..., Wired]):
    wired = make()
    wired.register("--all")
    webhook, bot = wired.own
    server = wired.server.start()
    try:
        for number, secret in enumerate((webhook["secret"], bot["secret"]), start=1):
            body = dumps(message_payload(number, number, "oi", message_type="outgoing"))
            headers = {**signed(body, secret), "Authorization": ""}
            server.http.post("/webhook", content=body, headers=headers).raise_for_status()
        requests = server.books()["requests"]
    finally:
        server.stop()

    assert (requests["events"], requests["rejected"]) == (2, 0)


# Show


def test_show_tells_what_is_registered_without_any_secret(make: Callable[..., Wired]):
    wired = make("4.10.0")
    wired.fake.add_webhook("https://x:password@crm.example.com/h?key=hidden", "contact_created")
    wired.register("--all")
    said = command(wired.server, "chatwoot", "show")

    assert said.returncode == 0, said.stderr
    for word in (WEBHOOK, "crm.example.com", "Servidor Unificado", "WhatsApp", "conversation_updated"):
        assert word in said.stdout
    tokens = [each["access_token"] for each in wired.fake.bots.values()]
    for hidden in ("password", "hidden", "rig-webhook-token", *tokens):
        assert hidden not in said.stdout
