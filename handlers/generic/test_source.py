"""What config/sources.toml declares: every way to prove who one is, whose an event is, and what it is called."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from config.settings import ROOT, Settings, load
from handlers.generic.source import make
from relay import Incoming, Refused, Source
from relay.authenticate import AllOf, Anybody
from relay.event import now_ms

SAMPLES = Path(__file__).parent / "samples"
TWO_SHOPS = '[account.loja2]\nodoo_key = "k"\n'
PAID = b'{"event": "order.paid", "id": 7, "store": "77", "order": {"id": "A1"}, "password": "p"}'


def loaded(folder: Path, sources: str, **environment: str) -> Settings:
    (folder / "sources.toml").write_text(sources)
    (folder / "accounts.toml").write_text(TWO_SHOPS)
    files = {"SOURCES_FILE": str(folder / "sources.toml"), "ACCOUNTS_FILE": str(folder / "accounts.toml")}
    return load({**files, **environment})


def the_source(folder: Path, sources: str, **environment: str) -> Source:
    settings = loaded(folder, sources, **environment)
    return make(settings.sources[0], settings)


def sent(source: Source, body: bytes, account: str, headers: Mapping[str, str] | None = None) -> Incoming:
    proof = source.prove(body, account)
    lower = {name.lower(): value for name, value in {**(headers or {}), **proof.headers}.items()}
    path = f"/webhook/{source.name}"
    return Incoming("POST", path, proof.query, lower, body, now_ms(), "203.0.113.9")


WAYS = {
    "hmac": 'header = "X-Sig"',
    "hmac, as Slack": 'header = "X-Sig"\nprefix = "v0="\ntimestamp = "X-At"\nsigned_before = "v0:{timestamp}:"',
    "hmac, as Shopify": 'header = "X-Sig"\nencoding = "base64"\ndigest = "sha512"\ntolerance = 60',
    "standard_webhooks": 'prefix = "svix"',
    "bearer": "",
    "api_key": 'header = "X-Key"',
    "basic": "",
    "url_token": "",
}
EACH = 'secret = { account_1 = "b25lLW9uZQ==", loja2 = ["b2xk", "dHdvLXR3bw=="] }'


@pytest.mark.parametrize("way", WAYS)
def test_by_every_way_an_accounts_secret_speaks_for_that_account_alone(way: str, tmp_path: Path):
    lines = ("[source.till]", 'signal = "paid"', "[source.till.authenticate]", f'way = "{way.partition(",")[0]}"')
    source = the_source(tmp_path, "\n".join([*lines, WAYS[way], EACH]))

    for account in ("account_1", "loja2"):
        assert source.authenticate(sent(source, PAID, account)) == (account,)
    with pytest.raises(Refused) as refusal:
        source.authenticate(Incoming("POST", "/webhook/till", "", {}, PAID, now_ms()))
    assert refusal.value.status == 401


SHARED = """
[source.till]
signal = "body:event"
key = "body:order.id"
repeat_id = "header:X-Number"
account = "body:store"
accounts = { "77" = "loja2" }
scrub = ["password"]
[source.till.authenticate]
way = "bearer"
secret = "one-for-all"
"""


@pytest.mark.parametrize(
    ("store", "account"), [("77", "loja2"), ("loja2", "loja2"), ("account_1", "account_1"), ("78", None), (None, None)]
)
def test_with_one_secret_for_all_the_body_says_whose_it_is_in_its_words_or_ours(
    store: str | None, account: str | None, tmp_path: Path
):
    source = the_source(tmp_path, SHARED)
    incoming = sent(source, json.dumps({**json.loads(PAID), "store": store}).encode(), "", {"X-Number": "n1"})
    named = source.describe(incoming._replace(sender=source.authenticate(incoming)))

    assert (named.name, named.account, named.unmapped) == ("till.order.paid", account, account is None)
    assert (named.key, named.repeat_id) == ("A1", f"{account}:n1")
    assert source.scrub(PAID, named) == PAID.replace(b'"password": "p"', b'"password":"[removed]"')


def test_a_sender_that_speaks_for_one_account_cannot_name_another(tmp_path: Path):
    text = SHARED.replace('"one-for-all"', '{ account_1 = "only-the-first" }')
    source = the_source(tmp_path, text)
    incoming = sent(source, PAID, "account_1")

    with pytest.raises(Refused) as refusal:
        source.describe(incoming._replace(sender=source.authenticate(incoming)))
    assert refusal.value.status == 403


@pytest.mark.parametrize(
    ("needs", "address", "token", "taken"),
    [
        ("all", "203.0.113.9", True, True),
        ("all", "198.51.100.1", True, False),
        ("all", "203.0.113.9", False, False),
        ("any", "198.51.100.1", True, True),
        ("any", "203.0.113.9", False, True),
        ("any", "198.51.100.1", False, False),
    ],
)
def test_several_ways_must_all_be_right_or_any_as_it_is_said(
    needs: str, address: str, token: bool, taken: bool, tmp_path: Path
):
    text = f"""
        [source.till]
        signal = "paid"
        account = "account_1"
        needs = "{needs}"
        [[source.till.authenticate]]
        way = "url_token"
        secret = {{ account_1 = "t0ken" }}
        [[source.till.authenticate]]
        way = "addresses"
        networks = ["203.0.113.0/24"]
    """
    source = the_source(tmp_path, text)
    incoming = Incoming("POST", "/webhook/till", "token=t0ken" if token else "", {}, PAID, now_ms(), address)
    if taken:
        named = source.describe(incoming._replace(sender=source.authenticate(incoming)))
        assert named.account == "account_1"
    else:
        with pytest.raises(Refused):
            source.authenticate(incoming)


def test_an_account_that_is_gone_sends_nothing_any_more(tmp_path: Path):
    settings = loaded(tmp_path, f'[source.till]\nsignal = "paid"\n[source.till.authenticate]\nway = "bearer"\n{EACH}')
    source = make(settings.sources[0], settings)
    incoming = sent(source, PAID, "loja2")
    before = source.authenticate(incoming)
    (tmp_path / "accounts.toml").write_text("# nobody any more\n")
    settings.accounts.reload()

    assert before == ("loja2",)
    with pytest.raises(Refused):
        source.authenticate(incoming)


def test_whoever_asks_nobody_is_known_as_such_and_needs_leave_by_name(tmp_path: Path):
    text = '[source.till]\nsignal = "paid"\naccount = "account_1"\n[source.till.authenticate]\nway = "none"\n'

    assert isinstance(the_source(tmp_path, text).authenticate, Anybody)


def example() -> tuple[Settings, dict[str, Source]]:
    path = ROOT / "config" / "sources.example.toml"
    settings = load({"SOURCES_FILE": str(path), "LOJA_VIRTUAL_SECRET": "s3cret-one", "ERP_KEY": "s3cret-two"})
    return settings, {each.name: make(each, settings) for each in settings.sources}


@pytest.mark.parametrize("name", ["order.paid", "order.cancelled"])
def test_the_template_takes_its_samples(name: str):
    source = example()[1]["loja_virtual"]
    incoming = sent(source, (SAMPLES / f"loja_virtual.{name}.json").read_bytes(), "account_1")
    named = source.describe(incoming._replace(sender=source.authenticate(incoming)))

    assert (named.name, named.account, named.key) == (f"loja_virtual.{name}", "account_1", "4711")
    assert b"11122233344" not in source.scrub(incoming.body, named)


def test_what_the_template_declares_is_what_it_says():
    settings, sources = example()

    assert isinstance(sources["erp"].authenticate, AllOf)
    assert {"s3cret-one", "s3cret-two"} <= set(settings.secret_values)
    assert "s3cret" not in repr(settings.sources) + repr(sources)
    told: Any = sources["loja_virtual"].set_up("account_1")
    assert (told.title, told.steps[0][1], told.missing) == ("Loja virtual", "/webhook/loja_virtual/account_1", "")
    assert sources["erp"].envelope("erp.stock").headers == {"X-ERP-Event": "stock"}
