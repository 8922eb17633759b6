"""Whom do the ready-made authentications let in? By the vectors of the senders' own documentation."""

import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from relay.authenticate import (
    MOST_SIGNATURES,
    Addresses,
    AllOf,
    Anybody,
    AnyOf,
    ApiKey,
    Authentication,
    BasicPassword,
    BearerToken,
    HmacSignature,
    Proof,
    StandardWebhooks,
    UrlToken,
    is_set,
    lets_everybody_in,
    setting_of,
)
from relay.event import Incoming, now_ms
from relay.source import Refused

SHOPS = {"shop": ("s3cret-one",), "other": ("s3cret-two", "s3cret-old")}
SLACK_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
GITHUB = HmacSignature("It's a Secret to Everybody", "X-Hub-Signature-256", prefix="sha256=")
SLACK = HmacSignature(
    "8f742231b10e8888abcd99yyyzzz85a5", "X-Slack-Signature",
    prefix="v0=", timestamp="X-Slack-Request-Timestamp", signed_before="v0:{timestamp}:",
)  # fmt: skip
STRIPE = HmacSignature(
    "whsec_test", "Stripe-Signature", prefix="v1=", timestamp="Stripe-Signature", timestamp_prefix="t="
)
SHOPIFY = HmacSignature("hush", "X-Shopify-Hmac-SHA256", encoding="base64")
STANDARD = StandardWebhooks("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def shops() -> Mapping[str, tuple[str, ...]]:
    return SHOPS


def incoming(
    body: bytes, headers: Mapping[str, str], *, at: int | None = None, query: str = "", address: str = ""
) -> Incoming:
    lower = {name.lower(): value for name, value in headers.items()}
    return Incoming("POST", "/webhook/x", query, lower, body, (at * 1000) if at else now_ms(), address)


GITHUB_HEADERS = {
    "X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
}
SLACK_HEADERS = {
    "X-Slack-Request-Timestamp": "1531420618",
    "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
}
STANDARD_HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


@pytest.mark.parametrize(
    ("way", "body", "headers", "at"),
    [
        (GITHUB, b"Hello, World!", GITHUB_HEADERS, None),  # docs.github.com, "Validating webhook deliveries"
        (SLACK, SLACK_BODY, SLACK_HEADERS, 1531420618),  # api.slack.com, "Verifying requests from Slack"
        (STANDARD, b'{"test": 2432232314}', STANDARD_HEADERS, 1614265330),  # standardwebhooks.com's own libraries
    ],
    ids=["github", "slack", "standard webhooks"],
)
def test_the_senders_own_vectors_are_taken_and_one_byte_more_is_not(
    way: Authentication, body: bytes, headers: Mapping[str, str], at: int | None
):
    assert way(incoming(body, headers, at=at)) == ()
    with pytest.raises(Refused, match="wrong signature"):
        way(incoming(body + b" ", headers, at=at))


@pytest.mark.parametrize(("way", "headers", "at"), [(SLACK, SLACK_HEADERS, 1531420618)])
@pytest.mark.parametrize(("seconds", "taken"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_a_signature_counts_for_five_minutes_either_way(
    way: Authentication, headers: Mapping[str, str], at: int, seconds: int, taken: bool
):
    later = incoming(SLACK_BODY, headers, at=at + seconds)
    if taken:
        assert way(later) == ()
    else:
        with pytest.raises(Refused, match=r"301 s (old|in the future): a replay, or a clock"):
            way(later)


@pytest.mark.parametrize("time", ["", "1531420618.5", "-1", "9" * 13, "١٥٣١٤٢٠٦١٨"])
def test_a_signed_time_is_a_plain_number_of_seconds(time: str):
    way = HmacSignature("s", "X-Sig", timestamp="X-Time")
    signature = hmac.digest(b"s", f"{time}.".encode(), "sha256").hex()
    with pytest.raises(Refused, match="the signature has no time"):
        way(incoming(b"", {"X-Time": time, "X-Sig": signature}))


EVERY_WAY: dict[str, Callable[[Any], Authentication]] = {
    "hmac": lambda secrets: HmacSignature(secrets, "X-Signature"),
    "hmac base64": lambda secrets: HmacSignature(secrets, "X-Signature", encoding="base64", digest="sha512"),
    "slack": lambda secrets: HmacSignature(
        secrets, "X-Sig", prefix="v0=", timestamp="X-Time", signed_before="v0:{timestamp}:"
    ),
    "stripe": lambda secrets: HmacSignature(
        secrets, "X-Sig", prefix="v1=", timestamp="X-Sig", timestamp_prefix="t="
    ),
    "bearer": BearerToken,
    "key": ApiKey,
    "basic": BasicPassword,
    "url": UrlToken,
    "both": lambda secrets: AllOf([UrlToken(secrets), ApiKey(secrets)]),
    "either": lambda secrets: AnyOf([HmacSignature(secrets, "X-Signature"), UrlToken(secrets)]),
}  # fmt: skip


def sent(proof: Proof, body: bytes) -> Incoming:
    return incoming(body, proof.headers, query=proof.query)


@pytest.mark.parametrize("name", EVERY_WAY)
def test_who_proves_it_by_an_accounts_secret_speaks_for_that_account_alone(name: str):
    way = EVERY_WAY[name](shops)

    for account in SHOPS:
        assert way(sent(way.prove(b'{"a":1}', account), b'{"a":1}')) == (account,)


@pytest.mark.parametrize("name", EVERY_WAY)
def test_an_older_secret_counts_while_it_is_set(name: str):
    way, before = EVERY_WAY[name](shops), EVERY_WAY[name](lambda: {"other": ["s3cret-old"]})

    assert way(sent(before.prove(b"{}", "other"), b"{}")) == ("other",)


@pytest.mark.parametrize("name", EVERY_WAY)
@pytest.mark.parametrize("secrets", [{}, {"shop": []}, {"shop": [""]}])
def test_where_no_secret_is_set_nobody_is_let_in(name: str, secrets: dict[str, list[str]]):
    way = EVERY_WAY[name](lambda: secrets)

    with pytest.raises(Refused, match=r"no secret is set|no signature") as refusal:
        way(sent(way.prove(b"{}", "shop"), b"{}"))
    assert (refusal.value.status, refusal.value.text.count("secret")) == (401, 0)


@pytest.mark.parametrize("name", EVERY_WAY)
def test_without_a_proof_nobody_is_let_in(name: str):
    with pytest.raises(Refused) as refusal:
        EVERY_WAY[name](shops)(incoming(b"{}", {}))
    assert refusal.value.status == 401


def test_a_secret_shared_by_two_accounts_speaks_for_both():
    shared = {"shop": ["same"], "other": ["same"]}

    assert BearerToken(lambda: shared)(incoming(b"", {"Authorization": "Bearer same"})) == ("shop", "other")


def test_two_credentials_of_different_accounts_are_none():
    way = AllOf([UrlToken(shops), ApiKey(shops)])

    with pytest.raises(Refused, match="different accounts"):
        way(incoming(b"", {"X-API-Key": "s3cret-two"}, query="token=s3cret-one"))


@pytest.mark.parametrize(
    ("address", "taken"),
    [("203.0.113.7", True), ("198.51.100.1", True), ("2001:db8::5", True), ("203.0.114.7", False), ("", False)],
)
def test_a_list_of_addresses_lets_in_those_of_its_networks(address: str, taken: bool):
    way = Addresses(["203.0.113.0/24", "198.51.100.1", "2001:db8::/32"])
    if taken:
        assert way(incoming(b"", {}, address=address)) == ()
    else:
        with pytest.raises(Refused, match="address"):
            way(incoming(b"", {}, address=address))


@pytest.mark.parametrize("wrong", [{"encoding": "hexa"}, {"digest": "sha257"}])
def test_a_signature_that_nobody_could_make_is_told_when_it_is_declared(wrong: dict[str, str]):
    with pytest.raises(ValueError, match=r"hexa|sha257|digest"):
        HmacSignature("secret", "X-Signature", **wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="network"):
        Addresses(["nowhere"])


def test_a_standard_webhooks_secret_that_is_not_base64_is_told_in_our_record():
    with pytest.raises(Refused, match="not base64"):
        StandardWebhooks("not a secret!")(incoming(b"{}", STANDARD_HEADERS, at=1614265330))


def test_a_secret_is_not_shown_by_what_holds_it():
    assert "s3cret" not in "".join(map(repr, (BearerToken("s3cret"), GITHUB, UrlToken("s3cret"), STANDARD, Anybody())))


class FromEnvironment:
    """A setting of every account, as a plugin's own settings give it."""

    setting = "TILL_SECRET"

    def __init__(self, **secrets: list[str]) -> None:
        self.secrets = secrets

    def __call__(self) -> dict[str, list[str]]:
        return self.secrets


@pytest.mark.parametrize("name", EVERY_WAY)
def test_where_no_secret_is_set_our_record_names_the_setting_once(name: str):
    way = EVERY_WAY[name](FromEnvironment())

    with pytest.raises(Refused) as refusal:
        way(incoming(b"{}", {}))
    assert refusal.value.reason == "no secret is set for this source: TILL_SECRET"
    assert setting_of(way) == "TILL_SECRET"


@pytest.mark.parametrize(
    ("way", "known"),
    [
        (BearerToken(lambda: {"shop": ["x"], "other": [""]}), (True, False)),
        (BearerToken("x"), (True, True)),
        (BearerToken(""), (False, False)),
        (AllOf([BearerToken("x"), ApiKey(lambda: {"shop": ["y"]})]), (True, False)),
        (AnyOf([BearerToken(""), ApiKey(lambda: {"other": ["y"]})]), (False, True)),
        (Addresses(["203.0.113.1"]), (True, True)),
        (Anybody(), (True, True)),
    ],
)
def test_it_is_known_for_whom_a_way_is_set(way: Authentication, known: tuple[bool, bool]):
    assert (is_set(way, "shop"), is_set(way, "other")) == known


def test_one_accounts_secret_that_is_no_base64_keeps_no_other_out():
    right = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    way = StandardWebhooks(lambda: {"shop": ["não é"], "third": ["a"], "other": [right]})

    assert way(sent(StandardWebhooks(right).prove(b"{}", ""), b"{}")) == ("other",)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_===="])
def test_a_standard_webhooks_secret_of_no_bytes_lets_nobody_in(secret: str):
    signature = b64encode(hmac.digest(b"", b"1.1614265330.{}", "sha256")).decode()
    headers = {"webhook-id": "1", "webhook-timestamp": "1614265330", "webhook-signature": f"v1,{signature}"}

    with pytest.raises(Refused, match="not base64"):
        StandardWebhooks(secret)(incoming(b"{}", headers, at=1614265330))


@pytest.mark.parametrize("name", ["hmac", "standard"])
def test_of_a_body_one_signature_is_computed_for_each_secret_however_many_are_given(name: str, monkeypatch: Any):
    digest, computed = hmac.digest, []
    secrets = {"shop": ["QQ=="], "other": ["Qg=="]}
    way = HmacSignature(lambda: secrets, "X-Sig") if name == "hmac" else StandardWebhooks(lambda: secrets)
    headers = {"X-Sig": "a " * 5000, **STANDARD_HEADERS, "webhook-signature": "v1,a " * 5000}
    monkeypatch.setattr(hmac, "digest", lambda *given: computed.append(given) or digest(*given))

    with pytest.raises(Refused, match="wrong signature"):
        way(incoming(b"{}", headers, at=1614265330))
    assert len(computed) == len(secrets)


def test_of_several_signatures_the_first_few_are_looked_at():
    proof = dict(GITHUB.prove(b"{}", "").headers)
    right = proof["X-Hub-Signature-256"]

    assert GITHUB(incoming(b"{}", {"X-Hub-Signature-256": "sha256=0," * (MOST_SIGNATURES - 1) + right})) == ()
    with pytest.raises(Refused, match="wrong signature"):
        GITHUB(incoming(b"{}", {"X-Hub-Signature-256": "sha256=0," * MOST_SIGNATURES + right}))


def test_a_time_that_would_not_be_signed_is_told_when_it_is_declared():
    with pytest.raises(ValueError, match="signed_before"):
        HmacSignature("secret", "X-Signature", timestamp="X-Time", signed_before="v0:")


@pytest.mark.parametrize("several", [AllOf, AnyOf])
def test_several_ways_are_one_at_least(several: Any):
    with pytest.raises(ValueError, match="one at least"):
        several([])


@pytest.mark.parametrize(
    ("way", "everybody"),
    [
        (Anybody(), True),
        (AnyOf([BearerToken("x"), Anybody()]), True),
        (AllOf([Anybody(), AnyOf([Anybody()])]), True),
        (AllOf([Anybody(), BearerToken("x")]), False),
        (Addresses(["203.0.113.1"]), False),
        (lambda _incoming: ("shop",), False),
    ],
)
def test_it_is_known_which_way_lets_everybody_in(way: Any, everybody: bool):
    assert lets_everybody_in(way) == everybody


def test_what_is_proved_twice_at_once_is_two_messages():
    way = StandardWebhooks("bWFkZS11cA==")

    assert len({way.prove(b"{}", "").headers["webhook-id"] for _ in range(50)}) == 50
