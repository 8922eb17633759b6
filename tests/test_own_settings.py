"""What is a plugin told of its own settings? What stands in .env and in each account's table, typed, and no other's."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from config.accounts import is_secret
from config.settings import load
from relay import Event, PerAccount
from relay.handler import Handler
from relay.own_settings import SECRETS
from tests.rig import Server, eventually


class Till(msgspec.Struct, frozen=True):
    secret: list[str] = []
    limit: int = 5
    note: str = ""


def till(tmp_path: Path, accounts: str = "", **environment: str) -> PerAccount[Till]:
    path = tmp_path / "accounts.toml"
    path.write_text(accounts)
    settings = load({"ACCOUNTS_FILE": str(path), "ACCOUNT_ID": "shop", **environment})
    return PerAccount(Till, "till", settings.plugins.of("till", ("secret", "limit", "note")))


TABLE = "account.shop.plugin.till"
OTHER = """
[account.other]
odoo_key = "k"
[account.other.plugin.till]
secret = "env:OTHER_SECRET"
limit = 7
"""


def test_each_account_has_its_own_and_what_is_no_secret_is_all_the_accounts(tmp_path: Path):
    own = till(tmp_path, OTHER, TILL_SECRET="one, two", TILL_NOTE="for all", OTHER_SECRET="three")

    assert own.of("shop") == Till(["one", "two"], 5, "for all")
    assert own.of("other") == Till(["three"], 7, "for all")
    assert own.of(None) == Till([], 5, "for all")
    assert own.each("secret")() == {"shop": ("one", "two"), "other": ("three",)}


def test_a_secret_of_the_environment_is_never_another_accounts(tmp_path: Path):
    own = till(tmp_path, '[account.other]\nodoo_key = "k"\n', TILL_SECRET="only the shop's")

    assert own.of("other").secret == own.of("nobody").secret == []


def test_the_account_of_the_environment_may_have_a_table_too(tmp_path: Path):
    own = till(tmp_path, '[account.shop.plugin.till]\nnote = "here"\n', TILL_NOTE="there", TILL_LIMIT="9")

    assert own.of("shop") == Till([], 9, "here")


def test_what_every_account_has_is_looked_up_once_however_many_accounts_there_are():
    looked_up = []

    def values() -> dict[str, dict[str, str]]:
        looked_up.append(1)
        return {f"shop{number}": {"secret": f"s{number}"} for number in range(50)}

    assert len(PerAccount(Till, "till", values).each("secret")()) == 50
    assert len(looked_up) == 1


def test_what_does_not_look_like_a_secret_proves_nobodys_identity(tmp_path: Path):
    with pytest.raises(ValueError, match=r"till_note.*_secret"):
        till(tmp_path).each("note")


def test_what_names_a_secret_is_the_same_for_who_declares_it_and_for_who_reads_it():
    assert [each for each in SECRETS if not is_secret(f"till_{each}")] == []


def test_several_secrets_are_secrets_too(tmp_path: Path):
    path = tmp_path / "accounts.toml"
    path.write_text('[account.other]\nodoo_key = "k"\n')
    settings = load({"ACCOUNTS_FILE": str(path), "ACCOUNT_ID": "shop", "TILL_TOKENS": "one,two"})

    assert settings.plugins.of("till", ("tokens",))() == {"": {}, "shop": {"tokens": "one,two"}, "other": {}}


@pytest.mark.parametrize(
    ("accounts", "environment", "said"),
    [
        ("", {"TILL_LIMIT": "many"}, "TILL_LIMIT: Expected `int`, got `str` at `limit`"),
        (f"[{TABLE}]\nlimt = 3\n", {}, f"{TABLE}: limt is not known; known are: secret, limit, note"),
        (f"[{TABLE}]\nnote = 3.5\n", {}, f"{TABLE}: Expected `str`, got `float` at `note`"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_by_its_place_and_without_its_value(
    tmp_path: Path, accounts: str, environment: dict[str, str], said: str
):
    assert said in "\n".join(till(tmp_path, accounts, **environment).wrong())


def test_a_table_is_read_again_when_the_file_changes(tmp_path: Path):
    path = tmp_path / "accounts.toml"
    path.write_text("[account.shop.plugin.till]\nlimit = 1\n")
    settings = load({"ACCOUNTS_FILE": str(path), "ACCOUNT_ID": "shop"})
    own = PerAccount(Till, "till", settings.plugins.of("till", ("limit",)))
    before = own.of("shop").limit
    path.write_text("[account.shop.plugin.till]\nlimit = 22\n")
    settings.accounts.reload()

    assert (before, own.of("shop").limit) == (1, 22)


async def test_a_handler_is_given_the_settings_of_its_events_account(tmp_path: Path):
    own = till(tmp_path, OTHER, OTHER_SECRET="x")
    given = []

    async def handle(event: Event, mine: Till, all_of_them: PerAccount[Till]) -> None:
        given.append((mine.limit, all_of_them is own))

    handler = Handler(handle, ("x",))
    assert handler.bind({Till: own, PerAccount[Till]: own}) == []
    await handler.call(Event("x", b"{}", account="other"))
    await handler.call([Event("x", b"{}", account="shop")])

    assert given == [(7, True), (5, True)]


PLUGIN = """
import msgspec
from relay import Event, PerAccount, Source, field, on, settings, source, webhook
from relay.authenticate import BearerToken

@settings("till")
class Till(msgspec.Struct):
    token: list[str] = []
    limit: int = 5

@source
def till(own: PerAccount[Till]) -> Source:
    return webhook("till", authenticate=BearerToken(own.each("token")), signal=field("what"), repeat_id=field("id"))

@on("till.*")
async def note(event: Event, till: Till) -> None:
    event.log.info("{} of {}, with {}", event.payload["id"], till.limit, till.token)
    event.explain(f"at most {till.limit}")
"""


@pytest.fixture
def serve(start_server: Callable[..., Server], tmp_path: Path) -> Callable[..., Server]:
    """Start a server with the plugin, and these settings."""

    def start(**settings: str) -> Server:
        (tmp_path / "plugins").mkdir()
        (tmp_path / "plugins" / "till.py").write_text(PLUGIN)
        return start_server(PLUGINS_DIR=str(tmp_path / "plugins"), **settings)

    return start


def test_a_plugins_sender_is_known_by_what_is_set_for_it_and_no_log_shows_that(serve: Callable[..., Server]):
    server = serve(TILL_TOKEN="till-token-1,till-token-2", TILL_LIMIT="9")
    paid = {"what": "paid", "id": 1}
    answers = [
        server.http.post("/webhook/till", json=paid, headers={"Authorization": f"Bearer {token}"})
        for token in ("till-token-2", "till-token-2", "rig-admin-token", "wrong")
    ]
    assert [each.status_code for each in answers] == [200, 200, 401, 401]
    assert [each.json()["status"] for each in answers[:2]] == ["kept", "repeated"]

    [event] = eventually(lambda: [each for each in server.events(signal="till.*") if each["status"] == "done"])
    [delivery] = server.admin(f"events/{event['id']}")["deliveries"]
    assert (event["signal"], event["account"], delivery["reason"]) == ("till.paid", "account_1", "at most 9")
    logs = "".join(path.read_text() for path in (server.folder / "logs").glob("*.log"))
    assert "[secret]" in logs
    assert "till-token" not in logs


def test_a_plugin_that_is_told_nonsense_is_set_aside_with_what_is_wrong(serve: Callable[..., Server]):
    server = serve(TILL_LIMIT="many", TILL_TOKEN="till-token-1")

    assert server.post_chatwoot({"event": "x"}).status_code == 200
    logs = "".join(path.read_text() for path in (server.folder / "logs").glob("*.log"))
    assert "plugins.till is set aside: TILL_LIMIT: Expected `int`, got `str` at `limit`" in logs
    assert server.http.post("/webhook/till", json={}).status_code == 404
