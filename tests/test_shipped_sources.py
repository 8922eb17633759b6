"""GitHub, Standard Webhooks, Evolution API and JSON by configuration, on the real server: kept, refused, repeated."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from relay.authenticate import Authentication, BearerToken, HmacSignature, StandardWebhooks
from relay.testing.samples import sample_of
from tests.rig import ROOT, Server, eventually

ACCOUNTS = """
[account.loja2]
odoo_key = "loja2-odoo-key"
[account.loja2.plugin.github]
secret = "env:LOJA2_GITHUB"
[account.loja2.plugin.standard_webhooks]
secret = "whsec_bG9qYTItc3RhbmRhcmQtc2VjcmV0"
order_by = "data.customer"
[account.loja2.plugin.evolution]
secret = "loja2-evolution-secret"
instance = "loja-verde"
"""
SECRETS = {
    "GITHUB_SECRET": "first-github-secret",
    "LOJA2_GITHUB": "loja2-github-secret",
    "STANDARD_WEBHOOKS_SECRET": "whsec_Zmlyc3Qtc3RhbmRhcmQtc2VjcmV0",
    "STANDARD_WEBHOOKS_ORDER_BY": "data.id",
    "EVOLUTION_SECRET": "first-evolution-secret",
    "LOJA_VIRTUAL_SECRET": "first-till-secret",
    "LOJA2_TILL": "loja2-till-secret",
    "ERP_KEY": "erp-secret",
}
SHOPS = ("account_1", "loja2")


class Sender:
    """An outside system with a secret for each shop, and what it sends."""

    def __init__(self, name: str, folder: str, sample: str, ways: Mapping[str, Authentication], **headers: str) -> None:
        self.name = name
        self.signal = f"{name}.{sample}"
        self.body = sample_of(self.signal, [ROOT / "handlers" / folder]).body
        self.ways = ways
        self.headers = headers

    def post(
        self, server: Server, account: str, *, body: bytes = b"", path: str = "", **headers: str
    ) -> httpx.Response:
        """Sign the sample (or another body) as the shop's sender does, and send it."""
        proof = self.ways[account].prove(body or self.body, account)
        named = {name.replace("_", "-"): value for name, value in self.headers.items()}
        sent = {"Authorization": "", "Content-Type": "application/json", **named, **proof.headers, **headers}
        address = path or f"/webhook/{self.name}"
        return server.http.post(f"{address}?{proof.query}", content=body or self.body, headers=sent)


def of_both(way: Callable[[str], Authentication], first: str, second: str) -> dict[str, Authentication]:
    return {"account_1": way(SECRETS.get(first, first)), "loja2": way(SECRETS.get(second, second))}


SENDERS = [
    Sender(
        "github", "github", "push",
        of_both(lambda each: HmacSignature(each, "X-Hub-Signature-256", "sha256="), "GITHUB_SECRET", "LOJA2_GITHUB"),
        X_GitHub_Event="push", X_GitHub_Delivery="72d3162e-cc78-11e3-81ab-4c9367dc0958",
    ),
    Sender(
        "evolution", "evolution", "messages_upsert",
        of_both(BearerToken, "EVOLUTION_SECRET", "loja2-evolution-secret"),
    ),
    Sender(
        "loja_virtual", "generic", "order.paid",
        of_both(lambda each: HmacSignature(each, "X-Loja-Signature", "sha256="), "LOJA_VIRTUAL_SECRET", "LOJA2_TILL"),
    ),
]  # fmt: skip
STANDARD = of_both(StandardWebhooks, "STANDARD_WEBHOOKS_SECRET", "whsec_bG9qYTItc3RhbmRhcmQtc2VjcmV0")
each_sender = pytest.mark.parametrize("sender", SENDERS, ids=lambda each: each.name)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("shipped")
    (folder / "accounts.toml").write_text(ACCOUNTS)
    template = (ROOT / "config" / "sources.example.toml").read_text()
    both = 'secret = { account_1 = ["env:LOJA_VIRTUAL_SECRET"], loja2 = "env:LOJA2_TILL" }'
    (folder / "sources.toml").write_text(template.replace('secret = { account_1 = ["env:LOJA_VIRTUAL_SECRET"] }', both))
    server = Server(folder, **SECRETS).start()
    yield server
    server.stop()


def event(server: Server, response: httpx.Response) -> Any:
    """The event that a request has become."""
    assert (response.status_code, response.json()["status"]) == (200, "kept"), response.text
    return server.admin(f"events/{response.json()['event']}", body="whole")


def of_shop(sender: Sender, account: str) -> bytes:
    """The sample, from this shop's WhatsApp where that is told by the instance."""
    if sender.name != "evolution" or account == "account_1":
        return sender.body
    return json.dumps({**json.loads(sender.body), "instance": "loja-verde"}).encode()


@each_sender
def test_the_same_sample_of_two_shops_is_kept_once_for_each_and_never_meets(server: Server, sender: Sender) -> None:
    told = []
    for account in SHOPS:
        body = of_shop(sender, account)
        told.append(event(server, sender.post(server, account, body=body)))
        assert sender.post(server, account, body=body).json() == {"status": "repeated"}

    assert [(each["signal"], each["account"]) for each in told] == [(sender.signal, account) for account in SHOPS]
    assert told[0]["key"] == told[1]["key"] is not None


@each_sender
def test_the_secret_of_one_shop_opens_no_other_shops_address(server: Server, sender: Sender) -> None:
    refused = sender.post(server, "account_1", path=f"/webhook/{sender.name}/loja2", body=of_shop(sender, "loja2"))

    assert refused.status_code == 403
    assert server.admin("rejections")["items"][0]["reason"] == "its secret is not that of loja2"


@each_sender
def test_a_wrong_proof_is_refused_and_tells_the_sender_nothing(server: Server, sender: Sender) -> None:
    proof = sender.ways["account_1"].prove(sender.body, "account_1").headers
    wrong = {name: f"{value}x" for name, value in proof.items()}
    refused = [sender.post(server, "account_1", **wrong), server.http.post(f"/webhook/{sender.name}", json={})]

    assert [(each.status_code, "secret" in each.text) for each in refused] == [(401, False), (401, False)]


def test_standard_webhooks_are_kept_repeated_and_told_apart(server: Server) -> None:
    body = (ROOT / "handlers" / "standard_webhooks" / "samples" / "standard.invoice.paid.json").read_bytes()
    told = []
    for account in SHOPS:
        headers = {**STANDARD[account].prove(body, account).headers, "Authorization": ""}
        told.append(event(server, server.http.post("/webhook/standard", content=body, headers=headers)))
        again = server.http.post("/webhook/standard", content=body, headers=headers)
        wrong = server.http.post("/webhook/standard", content=body + b" ", headers=headers)
        assert (again.json(), wrong.status_code) == ({"status": "repeated"}, 401)

    assert [(each["signal"], each["account"], each["key"]) for each in told] == [
        ("standard.invoice.paid", "account_1", "inv_0001"),
        ("standard.invoice.paid", "loja2", "ctc_0001"),
    ]


def test_githubs_form_is_refused_with_what_to_choose_there(server: Server) -> None:
    form = urlencode({"payload": SENDERS[0].body.decode()}).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    refused = SENDERS[0].post(server, "account_1", body=form, **kind)

    assert (refused.status_code, "application/json" in refused.text) == (415, True)
    assert "Content type" in server.admin("rejections")["items"][0]["advice"]


def test_evolutions_events_come_by_one_address_each_also_behind_a_token(server: Server) -> None:
    evolution, token = SENDERS[1], SECRETS["EVOLUTION_SECRET"]
    read = (ROOT / "handlers" / "evolution" / "samples" / "messages_update.json").read_bytes()
    by_header = evolution.post(server, "account_1", path="/webhook/evolution/messages-update", body=read)
    url = f"/webhook/evolution/account_1?token={token}/send-message"
    sample = (ROOT / "handlers" / "evolution" / "samples" / "send_message.json").read_bytes()
    by_token = server.http.post(url, content=sample, headers={"Authorization": ""})

    told = [event(server, each) for each in (by_header, by_token)]
    assert [each["signal"] for each in told] == ["evolution.messages_update", "evolution.send_message"]
    assert {each["key"] for each in told} == {"5541999990001@s.whatsapp.net"}
    assert token not in json.dumps(told)


def test_another_instance_than_the_shops_is_kept_for_nobody(server: Server) -> None:
    strange = json.dumps({**json.loads(SENDERS[1].body), "instance": "loja-roxa"}).encode()
    kept = event(server, SENDERS[1].post(server, "loja2", body=strange))

    assert (kept["account"], kept["status"]) == (None, "unmapped")


def test_one_secret_for_all_shops_from_the_right_address_names_the_shop(server: Server) -> None:
    headers = {"X-ERP-Key": SECRETS["ERP_KEY"], "X-ERP-Event": "Stock.Low", "Authorization": ""}
    mine, nobodys = (server.http.post("/webhook/erp", json={"store": each}, headers=headers) for each in ("77", "78"))
    refused = server.http.post("/webhook/erp", json={"store": "77"}, headers={**headers, "X-ERP-Key": "wrong"})

    assert [(each["signal"], each["account"]) for each in (event(server, mine), event(server, nobodys))] == [
        ("erp.stock.low", "account_1"),
        ("erp.stock.low", None),
    ]
    assert refused.status_code == 401


def test_no_secret_is_kept_or_logged(server: Server) -> None:
    for sender in SENDERS:
        sender.post(server, "account_1")
    everything = b"".join(
        each.read_bytes() for each in server.folder.rglob("*") if each.is_file() and each.suffix != ".toml"
    )

    assert b"loja-azul" in everything
    hidden = [*SECRETS.values(), "loja2-evolution-secret", "made-up-instance-key", "11122233344"]
    kept = [each for each in hidden if each.encode() in everything and each != SECRETS["STANDARD_WEBHOOKS_ORDER_BY"]]
    assert kept == []


def test_set_up_tells_each_source_that_is_set_with_its_address_and_no_secret(server: Server) -> None:
    told = server.admin("setup")
    titles = {each["account"]: [source["title"] for source in each["sources"]] for each in told["items"]}
    shown = json.dumps(told)

    ours = {"Chatwoot", "Evolution API", "GitHub", "Loja virtual", "Odoo", "Standard Webhooks", "erp"}
    assert {account: set(each) for account, each in titles.items()} == {"account_1": ours, "loja2": ours}
    assert all(len(each) == len(set(each)) for each in titles.values())
    assert told["more"] == []
    assert "/webhook/github/loja2" in shown
    assert [each for each in SECRETS.values() if each in shown and each != "data.id"] == []


def test_what_is_not_set_takes_nothing_says_which_setting_and_stands_at_the_foot(
    start_server: Callable[..., Server],
) -> None:
    server = start_server()
    names = {"github": "GITHUB_SECRET", "standard": "STANDARD_WEBHOOKS_SECRET", "evolution": "EVOLUTION_SECRET"}
    for name, setting in names.items():
        assert server.http.post(f"/webhook/{name}", json={"type": "x", "event": "x"}).status_code == 401
        refusal = server.admin("rejections")["items"][0]
        assert (refusal["source"], setting in refusal["advice"]) == (name, True)

    told = server.admin("setup")
    assert [source["title"] for source in told["items"][0]["sources"]] == ["Chatwoot", "Odoo"]
    assert {each["missing"] for each in told["more"]} == set(names.values())


def test_a_plugin_reacts_to_what_a_shipped_source_takes(start_server: Callable[..., Server], tmp_path: Path) -> None:
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "commits.py").write_text(
        "from relay import Event, on\n\n\n"
        '@on("github.push")\nasync def note(event: Event) -> None:\n'
        "    event.explain(f\"{len(event.payload['commits'])} to {event.key}\")\n"
    )
    server = start_server(PLUGINS_DIR=str(plugins), GITHUB_SECRET=SECRETS["GITHUB_SECRET"])
    kept = SENDERS[0].post(server, "account_1").json()["event"]

    def reason() -> str:
        deliveries = server.admin(f"events/{kept}")["deliveries"]
        return str(deliveries[0]["reason"]) if deliveries and deliveries[0]["reason"] else ""

    assert eventually(reason) == "1 to loja-azul/catalogo"
