"""What does `account check` say that would make a shop's answers other than they are meant?"""

from pathlib import Path

import pytest

from config.settings import load
from scripts.check_account import missing


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("llm = true", "llm: there is no model"),
        ('[account.account_1.crew.sales]\nhands_over = ["atacado"]', "crew.sales.hands_over: atacado is not known"),
        ('[account.account_1.crew.sales]\nknows = ["permanente"]', "crew.sales.knows: permanente is not known"),
        ('[account.account_1.crew.vendas]\nclosing = "Oi"', "crew.vendas: nothing chooses it"),
        ('special_numbers = { "+5541999990000" = "admin" }', "special_numbers: there is no crew admin"),
        ("", "odoo: url and api_key are both needed"),
    ],
)
def test_what_is_half_set_is_told(tmp_path: Path, text: str, said: str):
    path = tmp_path / "accounts.toml"
    path.write_text(f"[account.account_1]\n{text}\n")
    half = {} if text else {"ODOO_URL": "https://odoo.example.com"}
    settings = load({"SERVER_LANGUAGE": "en", "ACCOUNTS_FILE": str(path), **half})

    assert [each for each in missing(settings, settings.accounts.first) if said in each]


def test_what_is_set_as_it_should_be_is_not_told(tmp_path: Path):
    path = tmp_path / "accounts.toml"
    path.write_text("""
        [account.account_1]
        llm = true
        special_numbers = { "+5541999990000" = "admin" }
        [account.account_1.crew.admin]
        knows = ["permanent"]
    """)
    model = {"LLM_BASE_URL": "http://127.0.0.1:11434/v1", "LLM_MODEL": "small"}
    settings = load({"SERVER_LANGUAGE": "en", "ACCOUNTS_FILE": str(path), **model})

    assert not [each for each in missing(settings, settings.accounts.first) if "crew" in each or "llm" in each]
