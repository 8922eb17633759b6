"""What may config/sources.toml say? Everything wrong in it is told at once, with its place and no secret."""

import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import WrongSettings, load
from config.sources_file import DeclaredSource, Way, read_sources
from tests.rig import ROOT, Server

ACCOUNTS = ("account_1", "loja2")
WHOLE = """
[source.till]
title = "Caixa"
signal = "body:event"
key = "header:X-Order"
account = "body:store"
accounts = { "77" = "loja2" }
scrub = ["password", "cpf"]
needs = "any"
[[source.till.authenticate]]
way = "hmac"
header = "X-Sig"
tolerance = 60
secret = { account_1 = "env:TILL_SECRET", loja2 = ["one", "two"] }
[[source.till.authenticate]]
way = "addresses"
networks = ["203.0.113.0/24"]
"""


def wrong(text: str) -> list[str]:
    return read_sources(text, {}.get, ACCOUNTS)[1]


def test_a_source_has_what_its_table_says():
    [till], errors = read_sources(WHOLE, {"TILL_SECRET": "from the environment"}.get, ACCOUNTS)

    assert errors == []
    secrets = {"account_1": ("from the environment",), "loja2": ("one", "two")}
    assert till == DeclaredSource(
        name="till",
        title="Caixa",
        signal="body:event",
        key="header:X-Order",
        account="body:store",
        accounts={"77": "loja2"},
        scrub=("password", "cpf"),
        needs="any",
        ways=(
            Way("hmac", {"header": "X-Sig", "tolerance": 60}, secrets),
            Way("addresses", {"networks": ("203.0.113.0/24",)}),
        ),
    )
    assert till.secret_values == ["from the environment", "one", "two"]
    assert "one" not in repr(till)


def table(lines: str = "", way: str = 'way = "bearer"\nsecret = { account_1 = "x" }', name: str = "till") -> str:
    return f'[source.{name}]\nsignal = "body:event"\n{lines}\n[[source.{name}.authenticate]]\n{way}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (table(name="Till"), "source.Till: um nome só tem"),
        (table(name="github"), "source.github: é o nome de uma fonte"),
        (table(name="relay"), "source.relay: é o nome de uma fonte"),
        (table(name="schedule"), "source.schedule: é o nome de uma fonte"),
        (
            table(way='way = "hmac"\nheader = "X"\ntimestamp = "T"\nsigned_before = "v0:"\nsecret = { loja2 = "x" }'),
            "authenticate[0].signed_before: falta {timestamp}",
        ),
        (table('repeat_id = "order.id"'), "source.till.repeat_id: escreva onde está"),
        (table('key = "bdy:order.id"'), "source.till.key: escreva onde está"),
        (table('account = "loja3"'), "source.till.account: loja3 não é uma conta; há: account_1, loja2"),
        (table('accounts = { "77" = "loja3" }'), "source.till.accounts: loja3 não é uma conta"),
        (table('accounts = ["77"]'), "source.till.accounts: escreva"),
        (table('needs = "some"'), "source.till.needs: um destes: all, any"),
        (table('sgnal = "x"'), "source.till.sgnal: não é conhecido"),
        (table(way='way = "hmca"'), "source.till.authenticate[0].way: um destes: hmac"),
        (table(way='way = "hmac"\nsecret = { loja2 = "x" }'), "authenticate[0].header: falta"),
        (table(way='way = "bearer"'), "authenticate[0].secret: falta"),
        (table(way='way = "bearer"\nsecret = { loja3 = "x" }'), "authenticate[0].secret: loja3 não é uma conta"),
        (table(way='way = "bearer"\nsecret = "x"'), "source.till: de quem é?"),
        (table(way='way = "bearer"\nsecret = "env:GONE"'), "a variável de ambiente GONE não está definida"),
        (
            table(way='way = "bearer"\nheader = "X"\nsecret = { loja2 = "x" }'),
            "authenticate[0].header: não é conhecido",
        ),
        (
            table(way='way = "hmac"\nheader = "X"\nencoding = "hexa"\nsecret = { loja2 = "x" }'),
            "encoding: um destes: hex, base64",
        ),
        (table(way='way = "hmac"\nheader = "X"\ndigest = "md55"\nsecret = { loja2 = "x" }'), "digest: um destes"),
        (table('account = "loja2"', 'way = "addresses"'), "authenticate[0].networks: falta"),
        (table('account = "loja2"', 'way = "addresses"\nnetworks = ["here"]'), "here não é uma rede"),
        (table(way='way = "addresses"\nnetworks = ["203.0.113.1"]'), "source.till: de quem é?"),
        (table(way='way = "none"'), "source.till: de quem é?"),
        (
            table(way='way = "none"\n[[source.till.authenticate]]\nway = "bearer"\nsecret = { loja2 = "x" }'),
            "source.till.authenticate: none fica sozinho",
        ),
        ('[source.till]\nsignal = "paid"\n', "source.till: precisa de [[source.till.authenticate]]"),
        ('[source.till.authenticate]\nway = "bearer"\nsecret = { loja2 = "x" }\n', "source.till.signal: falta"),
        ("source = 3\n", "escreva [source.nome]"),
        ("[sources.till]\n", "sources: não é conhecido"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, said: str):
    assert [each for each in wrong(text) if said in each], wrong(text)


def test_all_mistakes_are_told_at_once_with_those_of_the_other_files(tmp_path: Path):
    (tmp_path / "accounts.toml").write_text("[account.loja2]\nllm = 3\n")
    (tmp_path / "sources.toml").write_text(table('needs = "some"') + table('key = "x"', name="erp"))
    environment = {
        "ACCOUNTS_FILE": str(tmp_path / "accounts.toml"),
        "SOURCES_FILE": str(tmp_path / "sources.toml"),
        "SERVER_PORT": "many",
    }

    with pytest.raises(WrongSettings) as told:
        load(environment)

    places = ("SERVER_PORT", "account.loja2.llm", "source.till.needs", "source.erp.key")
    assert [sum(place in each for each in told.value.errors) for place in places] == [1, 1, 1, 1]


@pytest.mark.parametrize("content", [b"[source.till\n", b'[source.till]\nsignal = "\xff"\n'])
def test_a_file_that_cannot_be_read_is_named(content: bytes, tmp_path: Path):
    (tmp_path / "sources.toml").write_bytes(content)

    with pytest.raises(WrongSettings, match=r"sources\.toml"):
        load({"SOURCES_FILE": str(tmp_path / "sources.toml")})


def test_a_file_that_is_not_there_declares_nothing(tmp_path: Path):
    assert load({"SOURCES_FILE": str(tmp_path / "sources.toml")}).sources == ()


def test_the_server_does_not_start_with_a_mistake_and_never_shows_a_secret(tmp_path: Path):
    server = Server(tmp_path)
    way = 'way = "bearer"\nsecret = { loja9 = "s3cret-value" }'
    (tmp_path / "sources.toml").write_text(table('needs = "some"', way))
    command = [sys.executable, str(ROOT / "scripts" / "start_unified_server.py")]

    ended = subprocess.run(command, env=server.environment, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 2
    assert "source.till.needs" in ended.stderr + ended.stdout
    assert "loja9" in ended.stderr + ended.stdout
    assert "s3cret-value" not in ended.stderr + ended.stdout
