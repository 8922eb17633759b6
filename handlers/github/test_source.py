"""What GitHub sends: whether it is really from there, what it is called, and what people are told of a refusal."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from handlers.github.source import GitHub, explain, github
from relay import Incoming, Named, PerAccount, Refused, Source

SAMPLES = Path(__file__).parent / "samples"
# docs.github.com, "Validating webhook deliveries": the secret, the body, the signature.
SECRET, BODY = "It's a Secret to Everybody", b"Hello, World!"
SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def source(**secrets: list[str]) -> Source:
    return github(PerAccount(GitHub, "github", lambda: {who: {"secret": its} for who, its in secrets.items()}))


def request(body: bytes, *, path: str = "/webhook/github", **headers: str) -> Incoming:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Incoming("POST", path, "", named, body, 0)


def sent(source: Source, sample: str, account: str = "shop", number: str = "72d3162e") -> Incoming:
    body = (SAMPLES / f"{sample}.json").read_bytes()
    proof = {name.lower(): value for name, value in source.prove(body, account).headers.items()}
    incoming = Incoming(
        "POST", "/webhook/github", "", {**proof, "x-github-event": sample, "x-github-delivery": number}, body, 0
    )
    return incoming._replace(sender=source.authenticate(incoming))


def test_githubs_own_vector_is_taken_and_one_byte_more_is_not():
    shop = source(shop=[SECRET])

    assert shop.authenticate(request(BODY, x_hub_signature_256=SIGNATURE)) == ("shop",)
    with pytest.raises(Refused, match="wrong signature"):
        shop.authenticate(request(BODY + b" ", x_hub_signature_256=SIGNATURE))


@pytest.mark.parametrize("sample", ["push", "pull_request", "issues", "ping", "secret_scanning_alert"])
def test_an_event_is_called_as_github_calls_it_and_is_in_order_by_repository(sample: str):
    shop = source(shop=["one"], other=["two"])

    named = shop.describe(sent(shop, sample))

    assert named == Named(f"github.{sample}", "shop", "loja-azul/catalogo", "shop:72d3162e")


def test_the_same_delivery_of_two_accounts_is_two():
    shop = source(shop=["one"], other=["two"])
    named = [shop.describe(sent(shop, "push", account)) for account in ("shop", "other")]

    assert [each.account for each in named] == ["shop", "other"]
    assert len({each.repeat_id for each in named}) == 2


def test_what_a_secret_scan_found_is_never_kept():
    shop = source(shop=["one"])
    body = (SAMPLES / "secret_scanning_alert.json").read_bytes()

    kept = shop.scrub(body, Named("github.secret_scanning_alert"))

    assert json.loads(kept)["alert"]["secret"] == "[removed]"
    assert b"made-up-secret" in body
    assert b"made-up-secret" not in kept


@pytest.mark.parametrize("make", [source, lambda: source(shop=[]), lambda: source(shop=[""])])
def test_without_a_secret_nothing_is_taken_and_the_setting_is_named(make: Callable[[], Source]):
    shop = make()

    with pytest.raises(Refused) as refusal:
        shop.authenticate(request(BODY, x_hub_signature_256=SIGNATURE))
    assert (refusal.value.status, refusal.value.reason) == (401, "no secret is set for this source: GITHUB_SECRET")
    assert "GITHUB_SECRET" in shop.explain(refusal.value.reason)
    told = shop.set_up("shop")
    assert told is not None
    assert told.missing == "GITHUB_SECRET"


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("the body is application/x-www-form-urlencoded", "application/json"),
        ("no signature in X-Hub-Signature-256", "GITHUB_SECRET"),
        ("wrong signature", "GITHUB_SECRET"),
        ("not JSON: the body is empty", ""),
    ],
)
def test_people_are_told_what_to_do_about_a_refusal(reason: str, said: str):
    assert said in explain(reason)
    assert bool(said) == bool(explain(reason))
