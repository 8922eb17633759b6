"""Does a change of accounts.toml change one account, and nothing else? And what is shown of an account?"""

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config import language
from config.accounts import Account, Accounts, OdooAccess, Place
from config.settings import Settings, load
from dashboard.accounts import shown
from scripts import change_accounts
from scripts.change_accounts import Unusable
from scripts.serving import is_served

WRITTEN = """\
# As lojas da rede

# a do Recife
[account.recife]
name = "Recife"  # desde 2019
# os donos
[account.recife.special_numbers]
"+5581999990000" = "admin"

[[account.recife.chatwoot]]
number = 2

# ---- no Sul ----

# a de Curitiba
[account.curitiba]
paused = false  # nunca pausar em dezembro
odoo_key = "chave-de-curitiba"
# fim
"""


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """What is said in English here is said in Portuguese afterwards."""
    yield
    language.speak(language.DEFAULT)


def settings_of(folder: Path, text: str) -> Settings:
    """The settings of somebody whose file says this."""
    (folder / "accounts.toml").write_text(text)
    return load({"ACCOUNTS_FILE": str(folder / "accounts.toml"), "SERVER_LANGUAGE": "en"})


@pytest.mark.parametrize(
    ("name", "told"),
    [("recife", "already"), ("account_1", "already"), ("Loja 3", "small letters"), ("x" * 41, "small letters")],
)
def test_a_name_that_cannot_be_had_is_told(tmp_path: Path, name: str, told: str):
    with pytest.raises(Unusable, match=told):
        change_accounts.check_new(settings_of(tmp_path, WRITTEN), name)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"timezone": "Lua"}, "account.nova.timezone"),
        ({"chatwoot": [{"base_url": "chat"}]}, "base_url"),
        ({"odoo_key": "env:NOT_SET"}, "NOT_SET"),
        ({"odoo_key": "chave-de-curitiba"}, "curitiba"),
        ({"chatwoot": [{"number": 2}]}, "recife"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(tmp_path: Path, values: dict[str, Any], told: str):
    settings = settings_of(tmp_path, WRITTEN)

    with pytest.raises(Unusable, match=told):
        change_accounts.add(settings, "nova", values)
    assert change_accounts.path_of(settings).read_text() == WRITTEN


# The file as lines


def test_a_table_goes_with_its_own_remarks_and_leaves_the_others():
    gone = change_accounts.without(WRITTEN, "recife")

    assert gone == WRITTEN[:20] + WRITTEN[WRITTEN.index("# ---- no Sul") :]


def test_the_last_table_leaves_the_remarks_below_it():
    gone = change_accounts.without(WRITTEN, "curitiba")

    assert gone == WRITTEN[: WRITTEN.index("# a de Curitiba")] + "# fim\n"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("curitiba", "paused = false  # nunca", "paused = true  # nunca"),
        ("recife", "[account.recife]\n", "[account.recife]\npaused = true\n"),
    ],
)
def test_a_pause_changes_one_line(tmp_path: Path, name: str, old: str, new: str):
    settings = settings_of(tmp_path, WRITTEN)
    change_accounts.pause(settings, name, True)

    assert change_accounts.path_of(settings).read_text() == WRITTEN.replace(old, new)


def test_the_files_remarks_order_and_mode_stay(tmp_path: Path):
    settings = settings_of(tmp_path, WRITTEN)
    path = change_accounts.path_of(settings)
    path.chmod(0o640)
    change_accounts.add(settings, "nova", {"paused": False})
    change_accounts.pause(settings, "nova", True)
    grown = path.read_text()
    change_accounts.remove(settings, "nova")

    assert grown == f"{WRITTEN}\n[account.nova]\npaused = true\n"
    assert path.read_text().rstrip() == WRITTEN.rstrip()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("text", ["account = { a = {}, b = {} }\n", "[account]\na.name = 'x'\n[account.b]\n"])
def test_what_is_written_in_another_form_is_left_to_a_person(tmp_path: Path, text: str):
    settings = settings_of(tmp_path, text)

    with pytest.raises(Unusable, match="only a person"):
        change_accounts.remove(settings, "a")
    assert change_accounts.path_of(settings).read_text() == text


def test_a_link_stays_a_link(tmp_path: Path):
    real, link = tmp_path / "real.toml", tmp_path / "accounts.toml"
    real.write_text("[account.a]\n")
    link.symlink_to(real)
    change_accounts.pause(load({"ACCOUNTS_FILE": str(link)}), "a", True)

    assert link.is_symlink()
    assert real.read_text() == "[account.a]\npaused = true\n"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    settings = load({"ACCOUNTS_FILE": str(tmp_path / "none" / "accounts.toml")})

    with pytest.raises(Unusable, match="none"):
        change_accounts.add(settings, "a", {})


# What is shown of an account


def test_what_odoo_has_added_is_shown_as_such():
    accounts = Accounts([Account("a", chatwoot=(Place(base_url="https://nome:senha@chat.example.com", number=1),))])
    accounts.learn("a", [(4, 9)], {"+5541999990000": "admin"})
    seen = shown(accounts.first)

    assert [(each["number"], each["inboxes"], each["learned"]) for each in seen["chatwoot"]] == [
        (1, [], False),
        (4, [9], True),
    ]
    assert seen["special_numbers"] == {"+5541999990000": "admin"}
    assert "senha" not in str(seen)


def test_of_an_accounts_secrets_only_that_there_are_some_is_shown():
    places = (
        Place(base_url="https://chat.example.com", secrets=("segredo1",), api_key="segredo2", bot_token="segredo3"),
    )
    odoo = OdooAccess(url="https://segredo4@odoo.example.com", api_key="segredo5", webhook_url="https://x/segredo6")
    tokens = {"webhook_tokens": ("segredo7",), "odoo_keys": ("segredo8",), "odoo_signing_secret": "segredo9"}
    seen = shown(Account("a", chatwoot=places, odoo=odoo, **tokens))

    assert "segredo" not in str(seen)
    assert [seen[f"has_{each}"] for each in ("webhook_token", "odoo_key", "odoo_signing_secret")] == [True] * 3
    assert [seen["chatwoot"][0][f"has_{each}"] for each in ("secrets", "api_key", "bot_token")] == [True] * 3


def test_what_odoo_has_added_makes_no_difference_to_the_file_and_all_else_does():
    declared = Account("a", chatwoot=(Place(number=1),), special_numbers=(("+551", "admin"),))
    accounts = Accounts([declared])
    accounts.learn("a", [(4, 9)], {"+552": "admin"})
    running = {"a": shown(accounts.first)}

    assert is_served(declared, running)
    for other in (replace(declared, paused=True), replace(declared, chatwoot=()), replace(declared, id="b")):
        assert not is_served(other, running)
