"""Several shops in one server: what their file may say, and whose an event from Chatwoot is."""

import re
from pathlib import Path

import pytest

from config.accounts import Account, Accounts, Home, Place, home_of
from config.accounts_file import AccountsFile, read_accounts
from config.settings import ROOT, WrongSettings, load

FIRST = Account("account_1", webhook_tokens=("first-token",), odoo_keys=("first-key",))
ENVIRONMENT = {"LOJA2_TOKEN": "token-da-loja-dois"}


def read(text: str) -> tuple[list[Account], list[str]]:
    accounts, wrong = read_accounts(text, FIRST, ENVIRONMENT.get)
    assert (accounts[0].id, accounts[0].odoo_keys) == (FIRST.id, FIRST.odoo_keys)
    return accounts[1:], wrong


def test_an_account_has_what_its_table_says_and_starts_by_suggesting():
    (account,), wrong = read("""
        [account.loja2]
        webhook_token = "env:LOJA2_TOKEN"
        odoo_key = ["um", "dois"]
        special_numbers = { "+5581999990000" = "admin" }
        [[account.loja2.chatwoot]]
        base_url = "https://chat.example.com"
        number = 2
        inboxes = [3, 5]
    """)

    assert wrong == []
    assert (account.id, account.mode, account.webhook_tokens) == ("loja2", "suggest", ("token-da-loja-dois",))
    assert account.odoo_keys == ("um", "dois")
    assert account.special_numbers == (("+5581999990000", "admin"),)
    assert account.home == Place(base_url="https://chat.example.com", number=2, inboxes=(3, 5))


def test_how_customers_are_answered_is_said_of_every_account_also_of_the_first():
    text = """
        [account.account_1]
        llm = true
        inbox_modes = { "7" = "suggest" }
        resolve_after_hours = 12
        resume_after_hours = 0.5
        synonyms = [["mimo", "brinde"]]
        [account.account_1.opening]
        2026-12-24 = "08:00-12:00, 13:00-17:00"
        "2026-12-25 to 2027-01-01" = "closed"
        holidays = "closed"
        [account.account_1.crew.sales]
        closing = "Boas compras!"
        hands_over = ["wholesale"]
    """
    (first,), wrong = read_accounts(text, FIRST, ENVIRONMENT.get)

    assert wrong == []
    assert (first.llm, first.mode_in(7), first.mode_in(8), first.mode_in(None)) == (True, "suggest", "on", "on")
    assert (first.resolve_after_hours, first.resume_after_hours) == (12, 0.5)
    assert first.crews == {"sales": {"hands_over": ("wholesale",), "closing": "Boas compras!"}}
    assert first.opening[:2] == ("2026-12-24: 08:00-12:00, 13:00-17:00", "2026-12-25 to 2027-01-01: closed")
    assert first.synonyms == (("mimo", "brinde"),)


def test_a_place_that_is_no_longer_there_is_not_another():
    (account,), _ = read("""
        [[account.loja2.chatwoot]]
        name = "norte"
        base_url = "https://norte.example.com"
    """)

    assert (account.place("norte").base_url, account.place("sul").base_url) == ("https://norte.example.com", "")
    assert account.place("") == account.home


@pytest.mark.parametrize("saved", ["gone", "empty"])
def test_a_file_that_an_editor_is_just_saving_takes_nobodys_shop_away(tmp_path: Path, saved: str):
    path = tmp_path / "accounts.toml"
    path.write_text("[account.loja2]\n")
    accounts = load({"ACCOUNTS_FILE": str(path)}).accounts
    path.unlink() if saved == "gone" else path.write_text("")
    meanwhile = accounts.reload()
    path.write_text("[account.loja2]\n[account.loja3]\n")

    assert (meanwhile, accounts.reload()) == (False, True)
    assert [each.id for each in accounts] == ["account_1", "loja2", "loja3"]


def test_a_paused_account_is_off_in_every_inbox():
    (account,), _ = read('[account.loja2]\npaused = true\ninbox_modes = { "7" = "on" }')

    assert account.mode_in(7) == "off"


def test_a_secret_may_lie_in_a_file_of_its_own(tmp_path: Path):
    (tmp_path / "key").write_text("chave-do-arquivo\n")
    (account,), wrong = read(f'[account.loja2]\nodoo_key = "file:{tmp_path}/key"')

    assert (account.odoo_keys, wrong) == (("chave-do-arquivo",), [])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[account.loja2]\ntimezone = 'Lua/Mar'", "account.loja2.timezone"),
        ("[account.loja2]\nanswer_mode = 'always'", "account.loja2.answer_mode"),
        ("[account.loja2]\npaused = 'yes'", "account.loja2.paused"),
        ("[account.loja2]\nodoo_keys = 'x'", "account.loja2.odoo_keys"),
        ("[account.loja2]\nodoo_key = 5", "account.loja2.odoo_key"),
        ("[account.loja2]\nodoo_key = 'env:NOT_SET'", "NOT_SET"),
        ("[account.loja2]\nodoo_key = 'file:/does/not/exist'", "/does/not/exist"),
        ("[account.loja2]\nspecial_numbers = ['x']", "account.loja2.special_numbers"),
        ("[account.loja2]\ninbox_modes = { 7 = 'always' }", "account.loja2.inbox_modes"),
        ("[account.loja2]\ninbox_modes = { vendas = 'on' }", "account.loja2.inbox_modes"),
        ("[account.loja2]\nresolve_after_hours = 0", "account.loja2.resolve_after_hours"),
        ("[account.loja2]\nresolve_after_hours = 721", "account.loja2.resolve_after_hours"),
        ("[account.loja2]\nresume_after_hours = '12'", "account.loja2.resume_after_hours"),
        ("[account.loja2]\nsynonyms = ['mimo', 'brinde']", "account.loja2.synonyms"),
        ("[account.loja2]\nsynonyms = [['mimo']]", "account.loja2.synonyms"),
        ("[account.loja2.crew.sales]\nasks = ['price']", "account.loja2.crew.sales.asks"),
        ("[account.loja2.crew.sales]\nasks_for = [1]", "account.loja2.crew.sales.asks_for"),
        ("[account.loja2.opening]\n2026-12-25 = 'fechado'", "account.loja2.opening.2026-12-25"),
        ("[account.loja2.opening]\n2026-02-30 = 'closed'", "account.loja2.opening.2026-02-30"),
        ("[account.loja2.opening]\n'2026-12-26 to 2026-12-24' = 'closed'", "account.loja2.opening.2026-12-26"),
        ("[account.loja2.opening]\nnatal = 'closed'", "account.loja2.opening.natal"),
        ("[account.loja2]\nopening = 'closed'", "account.loja2.opening"),
        ("[account.loja2]\ncrew = 'sales'", "account.loja2.crew"),
        ("[account.loja2.chatwoot]\nnumber = 1", "[[account.loja2.chatwoot]]"),
        ("[[account.loja2.chatwoot]]\nnumber = '1'", "account.loja2.chatwoot[0].number"),
        ("[[account.loja2.chatwoot]]\ninboxes = [true]", "account.loja2.chatwoot[0].inboxes"),
        ("[[account.loja2.chatwoot]]\nbase_url = 'chat.example.com'", "account.loja2.chatwoot[0].base_url"),
        ("[[account.loja2.chatwoot]]\n[[account.loja2.chatwoot]]", "account.loja2.chatwoot[1].name"),
        ("[[account.loja2.rule_model]]\nname = 'x'", "account.loja2.rule_model[0].model"),
        ("[account.'Loja 2']", "account.Loja 2"),
        ("[account.account_1]\npaused = true", "account.account_1.paused"),
        ("account = 5", "[account."),
        ("[acount.loja2]", "acount"),
        ("[[account.loja2.chatwoot]]\nbase_url = 'https://[chat'", "account.loja2.chatwoot[0].base_url"),
        (
            "[[account.loja2.chatwoot]]\nbase_url = 'https://chat.example.com:99999'",
            "account.loja2.chatwoot[0].base_url",
        ),
        ("[account.loja2.odoo]\nurl = 'odoo.example.com'", "account.loja2.odoo.url"),
        ("[account.loja2.odoo]\nwebhook_url = 'https://odoo example.com/web/hook/1'", "account.loja2.odoo.webhook_url"),
        ("[account.loja2]\nodoo_key = 'first-key'", "account_1"),
        ("[account.loja2]\nwebhook_token = 'first-key'", "account_1"),
        ("[account.a]\nodoo_key = 'x'\n[account.b]\nodoo_key = 'x'", "account.b"),
        ("[[account.a.chatwoot]]\nnumber = 9\n[[account.b.chatwoot]]\nnumber = 9", "account.b"),
        (
            """
            [[account.a.chatwoot]]
            base_url = 'https://chat.example.com'
            number = 9
            [[account.b.chatwoot]]
            base_url = 'https://Chat.example.com/api/v1/'
            number = 9
            """,
            "account.b",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, place: str):
    wrong = read(text)[1]

    assert len(wrong) == 1
    assert place in wrong[0]


def test_places_without_a_number_claim_nothing_from_one_another():
    assert read("[[account.a.chatwoot]]\n[[account.b.chatwoot]]\n")[1] == []


def test_what_is_left_empty_is_not_shared():
    accounts, wrong = read("[account.a]\nodoo_key = ''\nwebhook_token = ['']\n[account.b]\nodoo_key = ''\n")

    assert wrong == []
    assert [each for account in accounts for each in (*account.odoo_keys, *account.webhook_tokens)] == []


def test_all_mistakes_are_told_at_once():
    assert len(read("[account.A]\npaused = 1\n[account.b]\nllm = 2\nnonsense = 3")[1]) == 4


def test_what_is_no_toml_says_where(tmp_path: Path):
    (tmp_path / "accounts.toml").write_text("[account.loja2\n")
    accounts, wrong = AccountsFile(tmp_path / "accounts.toml", ENVIRONMENT.get).read(FIRST)

    assert accounts == [FIRST]
    assert "line 1" in wrong[0]


def test_the_shipped_example_is_right():
    text = (ROOT / "config" / "accounts.example.toml").read_text()
    wrong = read(re.sub(r'"(env|file):[^"]*"', '"x"', text.replace("LOJA2_WEBHOOK_TOKEN", "y")))[1]

    assert [each for each in wrong if "loja2 " not in each] == []


def test_no_secret_is_shown_with_an_account():
    (account,), _wrong = read("""
        [account.loja2]
        webhook_token = "segredo-1"
        odoo_key = "segredo-2"
        odoo_signing_secret = "segredo-3"
        [account.loja2.odoo]
        api_key = "segredo-4"
        webhook_url = "segredo-5"
        [[account.loja2.chatwoot]]
        webhook_secret = "segredo-6"
        api_key = "segredo-7"
        bot_token = "segredo-8"
    """)

    assert "segredo" not in repr(account)
    assert sorted(each for each in account.secret_values if each) == [f"segredo-{number}" for number in range(1, 9)]


# Read again


def test_the_file_is_read_again_when_it_changes_and_a_wrong_one_changes_nothing(tmp_path: Path):
    path = tmp_path / "accounts.toml"
    accounts = load({"ACCOUNTS_FILE": str(path)}).accounts
    path.write_text("[account.loja2]\n")
    changed = accounts.reload()
    path.write_text("[account.loja2]\npaused = 5\n")
    with pytest.raises(WrongSettings):
        accounts.reload()

    assert changed
    assert [each.id for each in accounts] == ["account_1", "loja2"]
    assert accounts.reload() is False  # it is told once


def test_the_account_of_the_environment_may_have_more_here():
    text = "[account.account_1.special_numbers]\n'+55' = 'admin'\n[[account.account_1.rule_model]]\nmodel = 'x_regra'"
    (first,), wrong = read_accounts(text, FIRST, ENVIRONMENT.get)

    assert wrong == []
    assert (first.special_numbers, [each.model for each in first.rule_models]) == ((("+55", "admin"),), ["x_regra"])
    assert first.odoo_keys == FIRST.odoo_keys


def test_what_another_account_declares_goes_before_what_was_learned(tmp_path: Path):
    path = tmp_path / "accounts.toml"
    accounts = load({"ACCOUNTS_FILE": str(path), "CHATWOOT_ACCOUNT_ID": "1"}).accounts
    accounts.learn("account_1", [(7, None)], {})
    before = [each.number for each in accounts.first.chatwoot]
    path.write_text("[[account.loja2.chatwoot]]\nnumber = 7\n")
    accounts.reload()

    assert before == [1, 7]
    assert [each.number for each in accounts.first.chatwoot] == [1]


# Whose is it?

HERE, THERE = "https://chat.example.com", "https://other.example.com"


def home(account: str, number: int | None, *inboxes: int, name: str = "", base_url: str = HERE) -> Home:
    place = Place(name, base_url, number, inboxes)
    return Account(account, chatwoot=(place,)), place


@pytest.mark.parametrize(
    ("homes", "number", "inbox", "account"),
    [
        pytest.param([home("a", 1), home("b", 2)], 2, None, "b", id="by the number"),
        pytest.param([home("a", 1), home("b", 2)], 3, None, None, id="a number that nobody has"),
        pytest.param([home("a", 1, 5), home("b", 1, 6)], 1, 6, "b", id="two shops in one Chatwoot account, by inbox"),
        pytest.param([home("a", 1), home("b", 1, 6)], 1, 6, "b", id="a named inbox goes before all inboxes"),
        pytest.param([home("a", 1), home("b", 1, 6)], 1, 7, "a", id="every other inbox"),
        pytest.param([home("a", 1, 5), home("b", 1, 6)], 1, None, None, id="two shops, and no inbox is said"),
        pytest.param([home("a", 1, 5)], 1, None, "a", id="one shop, and no inbox is said"),
        pytest.param([home("a", 1, 5)], 1, 9, None, id="an inbox that is nobody's"),
        pytest.param([home("a", None)], 7, None, "a", id="the only shop's number is not set"),
        pytest.param([home("a", 1)], None, None, "a", id="no number is said, and there is one shop"),
        pytest.param([home("a", 1), home("b", 2)], None, None, None, id="no number is said, and there are two"),
        pytest.param([home("a", None), home("b", 2)], 7, None, None, id="not set, and there are two"),
        pytest.param([home("a", 1, 3), home("b", 1, 4)], None, 4, "b", id="no number is said, but an inbox is"),
        pytest.param([home("a", 1, 3)], None, 4, None, id="no number, and an inbox that is not the only shop's"),
        pytest.param([], 1, None, None, id="nobody"),
    ],
)
def test_an_event_belongs_to_one_shop_or_to_nobody(
    homes: list[Home], number: int | None, inbox: int | None, account: str | None
):
    found = home_of(homes, number, inbox)

    assert (found[0].id if found else None) == account


# What Odoo's mapping adds


def test_a_mapping_adds_a_place_with_the_accounts_own_secrets():
    accounts = Accounts([Account("a", chatwoot=(Place(base_url=HERE, number=1, secrets=("s",)),))])
    accounts.learn("a", [(4, 9)], {"+5541999990000": "admin"})

    assert accounts.first.chatwoot[1] == Place("", HERE, 4, (9,), ("s",), learned=True)
    assert accounts.first.special_numbers == (("+5541999990000", "admin"),)


@pytest.mark.parametrize(
    ("number", "inbox", "other"),
    [(2, None, "b"), (2, 5, "b"), (1, None, None), (3, 7, "c"), (3, 8, None), (3, None, None), (9, None, None)],
)
def test_a_mapping_may_not_claim_what_another_account_has(number: int, inbox: int | None, other: str | None):
    accounts = Accounts([home("a", 1)[0], home("b", 2)[0], home("c", 3, 7)[0], home("d", 9, base_url=THERE)[0]])

    assert accounts.claimed_by_another("a", number, inbox) == other
