"""How does a sender prove who it is? The usual ways, ready-made: each is a source's `authenticate`.

Each is called with the request and returns the accounts for which its sender may speak, or raises `Refused` with 401;
`prove` is the other side of it: what a sender of ours adds to a body, so that a sample can be sent to the real way in.
Secrets are compared in constant time, all of them, and looked up anew for every request.
"""

import base64
import hmac
import ipaddress
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from gettext import gettext as _
from itertools import islice
from typing import Any, Protocol
from urllib.parse import parse_qs, quote

from relay.event import Incoming, now_ms
from relay.source import Proof, Refused, any_same, basic_password, bearer_token, same

# An account's secrets, for every account, as they are set now; a text is the one secret of no account in particular.
Secrets = str | Callable[[], Mapping[str, Collection[str]]]
# Standard Webhooks 1.0 and Slack: five minutes either way.
TOLERANCE_SECONDS = 300.0
UNSET = "no secret is set for this source"
# While a secret is replaced there are two. Of thousands that somebody made up nobody compares each.
MOST_SIGNATURES = 10
NOT_BASE64 = "a secret of this source is not base64 (whsec_…)"


class Authentication(Protocol):
    """A way to prove who one is."""

    def __call__(self, incoming: Incoming) -> tuple[str, ...]:
        """The accounts for which the sender may speak; none: it is known, but not whose. Raises `Refused`."""
        ...

    def prove(self, body: bytes, account: str) -> Proof:
        """What the account's sender would add to this body."""
        ...


def held(secrets: Secrets) -> dict[str, tuple[str, ...]]:
    """The secrets that are set, by account."""
    known = {"": [secrets]} if isinstance(secrets, str) else secrets()
    return {account: tuple(filter(None, its)) for account, its in known.items() if any(its)}


def refused(reason: str) -> Refused:
    """The refusal of a sender that has not proved who it is: the reason is for our record alone."""
    return Refused(401, reason, _("Not authorized."))


def is_set(way: Any, account: str) -> bool:
    """Whether anything is set by which this account's sender could prove who it is."""
    if isinstance(way, AllOf | AnyOf):
        known = [is_set(each, account) for each in way.ways]
        return all(known) if isinstance(way, AllOf) else any(known)
    secrets = getattr(way, "secrets", None)
    return secrets is None or not held(secrets).keys().isdisjoint(("", account))


def lets_everybody_in(way: Any) -> bool:
    """Whether nothing is asked for, however that is wrapped."""
    if isinstance(way, AllOf | AnyOf):
        return (all if isinstance(way, AllOf) else any)(map(lets_everybody_in, way.ways))
    return isinstance(way, Anybody)


def setting_of(way: Any) -> str:
    """The name of the setting that its secrets come from, or ""."""
    ways = way.ways if isinstance(way, AllOf | AnyOf) else ()
    return next(filter(None, map(setting_of, ways)), "") or str(getattr(getattr(way, "secrets", ""), "setting", ""))


def _known(secrets: Secrets) -> dict[str, tuple[str, ...]]:
    known = held(secrets)
    if not known:
        setting = getattr(secrets, "setting", "")
        raise refused(f"{UNSET}: {setting}" if setting else UNSET)
    return known


def _speaks_for(secrets: Secrets, is_right: Callable[[str], bool], otherwise: str) -> tuple[str, ...]:
    """The accounts one of whose secrets is right; all are tried, so that the time tells nothing."""
    known = _known(secrets)
    right = [account for account, its in known.items() if sum(map(is_right, its))]
    if not right:
        raise refused(otherwise)
    return tuple(filter(None, right))


def _first(secrets: Secrets, account: str) -> str:
    known = held(secrets)
    return next(iter(known.get(account) or known.get("") or ()), "")


@dataclass(frozen=True)
class HmacSignature:
    """The body's HMAC in a header, as GitHub, Slack, Stripe, Shopify and many others send it.

    `prefix` stands before the signature ("sha256="); of several in one header, apart by commas or blanks, one must be
    right. `timestamp` names the header with the time of sending in epoch seconds, after `timestamp_prefix`; the
    signature is then over `signed_before` ("{timestamp}.") and the body, and `tolerance` seconds old at most.
    """

    secrets: Secrets = field(repr=False)
    header: str
    prefix: str = ""
    encoding: str = "hex"
    digest: str = "sha256"
    timestamp: str = ""
    timestamp_prefix: str = ""
    signed_before: str = "{timestamp}."
    tolerance: float = TOLERANCE_SECONDS

    def __post_init__(self) -> None:
        if self.encoding not in ("hex", "base64"):
            raise ValueError(f"the encoding of a signature is hex or base64, not {self.encoding!r}")
        try:
            hmac.digest(b"", b"", self.digest)
        except ValueError as error:
            raise ValueError(f"there is no digest {self.digest!r}") from error
        if self.timestamp and "{timestamp}" not in self.signed_before:
            raise ValueError(f"a time that is not signed proves nothing: signed_before={self.signed_before!r}")

    def __call__(self, incoming: Incoming) -> tuple[str, ...]:
        _known(self.secrets)
        given = list(islice(_parts(incoming.headers.get(self.header.lower(), ""), self.prefix), MOST_SIGNATURES))
        if not given:
            raise refused(f"no signature in {self.header}")
        time = next(_parts(incoming.headers.get(self.timestamp.lower(), ""), self.timestamp_prefix), "")
        signed = self._signed(time, incoming.body)
        accounts = _speaks_for(self.secrets, lambda secret: self._is_right(given, secret, signed), "wrong signature")
        if self.timestamp:
            check_age(time, incoming.received, self.tolerance)
        return accounts

    def prove(self, body: bytes, account: str) -> Proof:
        time = str(now_ms() // 1000) if self.timestamp else ""
        signature = self.prefix + self._sign(_first(self.secrets, account), self._signed(time, body))
        if self.timestamp.lower() == self.header.lower():
            return Proof({self.header: f"{self.timestamp_prefix}{time},{signature}"})
        dated = {self.timestamp: self.timestamp_prefix + time} if self.timestamp else {}
        return Proof({self.header: signature, **dated})

    def _signed(self, time: str, body: bytes) -> bytes:
        return self.signed_before.replace("{timestamp}", time).encode() + body if self.timestamp else body

    def _is_right(self, given: Sequence[str], secret: str, signed: bytes) -> bool:
        expected = self._sign(secret, signed)
        return any_same([each.lower() if self.encoding == "hex" else each for each in given], [expected])

    def _sign(self, secret: str, signed: bytes) -> str:
        raw = hmac.digest(secret.encode(), signed, self.digest)
        return raw.hex() if self.encoding == "hex" else base64.b64encode(raw).decode()


@dataclass(frozen=True)
class StandardWebhooks:
    """webhook-id, webhook-timestamp and webhook-signature (v1), as standardwebhooks.com has them, and Svix.

    A secret is base64, with or without "whsec_" before it.
    """

    secrets: Secrets = field(repr=False)
    tolerance: float = TOLERANCE_SECONDS
    prefix: str = "webhook"

    def __call__(self, incoming: Incoming) -> tuple[str, ...]:
        _known(self.secrets)
        number, time, given = (
            incoming.headers.get(f"{self.prefix}-{name}", "") for name in ("id", "timestamp", "signature")
        )
        if not (number and time and given):
            raise refused(f"{self.prefix}-id, {self.prefix}-timestamp or {self.prefix}-signature is missing")
        ours = [each.removeprefix("v1,") for each in given.split() if each.startswith("v1,")][:MOST_SIGNATURES]
        signed = f"{number}.{time}.".encode() + incoming.body
        accounts = _speaks_for(
            self.secrets, lambda secret: any_same(ours, _signed_standard(secret, signed)), self._why()
        )
        check_age(time, incoming.received, self.tolerance)
        return accounts

    def _why(self) -> str:
        known = [secret for its in held(self.secrets).values() for secret in its]
        return "wrong signature" if all(map(_standard_key, known)) else f"wrong signature; {NOT_BASE64}"

    def prove(self, body: bytes, account: str) -> Proof:
        number, time = f"msg_{uuid.uuid4().hex}", str(now_ms() // 1000)
        signature = "".join(_signed_standard(_first(self.secrets, account), f"{number}.{time}.".encode() + body))
        return Proof(
            {
                f"{self.prefix}-id": number,
                f"{self.prefix}-timestamp": time,
                f"{self.prefix}-signature": f"v1,{signature}",
            }
        )


def _signed_standard(secret: str, signed: bytes) -> list[str]:
    """The signature by this secret; none, where it is no key: it keeps nobody else's out."""
    key = _standard_key(secret)
    return [base64.b64encode(hmac.digest(key, signed, "sha256")).decode()] if key else []


def _standard_key(secret: str) -> bytes:
    """The key that a secret is; of no bytes where it is none, or everybody's."""
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:  # letters beside ASCII among them
        return b""


def check_age(time: str, received: int, tolerance: float) -> None:
    """Whether a signed time, in epoch seconds, is near the time of receipt (epoch milliseconds); raises `Refused`."""
    if not (time.isascii() and time.isdigit() and len(time) <= 12):
        raise refused("the signature has no time")
    skew = received / 1000 - int(time)
    if abs(skew) > tolerance:
        when = "old" if skew > 0 else "in the future"
        raise refused(f"the signature is {abs(skew):.0f} s {when}: a replay, or a clock that is wrong")


@dataclass(frozen=True)
class BearerToken:
    """`Authorization: Bearer …`."""

    secrets: Secrets = field(repr=False)

    def __call__(self, incoming: Incoming) -> tuple[str, ...]:
        return _speaks_for(self.secrets, lambda secret: same(bearer_token(incoming), secret), "wrong or no token")

    def prove(self, body: bytes, account: str) -> Proof:
        return Proof({"Authorization": f"Bearer {_first(self.secrets, account)}"})


@dataclass(frozen=True)
class ApiKey:
    """A key in a header of its own."""

    secrets: Secrets = field(repr=False)
    header: str = "X-API-Key"

    @property
    def credentials(self) -> tuple[str, ...]:
        """The header that holds the key itself."""
        return (self.header,)

    def __call__(self, incoming: Incoming) -> tuple[str, ...]:
        given = incoming.headers.get(self.header.lower(), "")
        return _speaks_for(self.secrets, lambda secret: same(given, secret), f"wrong or no {self.header}")

    def prove(self, body: bytes, account: str) -> Proof:
        return Proof({self.header: _first(self.secrets, account)})


@dataclass(frozen=True)
class BasicPassword:
    """HTTP Basic authentication; the name before the colon is not looked at."""

    secrets: Secrets = field(repr=False)

    def __call__(self, incoming: Incoming) -> tuple[str, ...]:
        given = basic_password(incoming)
        return _speaks_for(self.secrets, lambda secret: same(given, secret), "wrong or no password")

    def prove(self, body: bytes, account: str) -> Proof:
        pair = f"sender:{_first(self.secrets, account)}".encode()
        return Proof({"Authorization": f"Basic {base64.b64encode(pair).decode()}"})


@dataclass(frozen=True)
class UrlToken:
    """`?token=…`, for senders that can do nothing else; it is removed before anything is stored."""

    secrets: Secrets = field(repr=False)

    def __call__(self, incoming: Incoming) -> tuple[str, ...]:
        given = parse_qs(incoming.query).get("token", [""])[0]
        return _speaks_for(self.secrets, lambda secret: same(given, secret), "wrong or no token in the address")

    def prove(self, body: bytes, account: str) -> Proof:
        return Proof(query=f"token={quote(_first(self.secrets, account), safe='')}")


@dataclass(frozen=True)
class Addresses:
    """Whoever sends from one of these networks ("203.0.113.0/24", or a single address)."""

    networks: Collection[str]

    def __post_init__(self) -> None:
        for each in self.networks:
            ipaddress.ip_network(each)  # one that is none is told at the start

    def __call__(self, incoming: Incoming) -> tuple[str, ...]:
        try:
            address = ipaddress.ip_address(incoming.address)
        except ValueError:
            raise refused("the address of the sender is not known") from None
        if not any(address in ipaddress.ip_network(each) for each in self.networks):
            raise refused(f"{address} is none of the addresses of this source")
        return ()

    def prove(self, body: bytes, account: str) -> Proof:
        return Proof()


@dataclass(frozen=True)
class _Several:
    """Some ways to prove who one is."""

    ways: Sequence[Authentication]

    def __post_init__(self) -> None:
        if not self.ways:
            raise ValueError("of several ways to prove who one is there is one at least: none would let everybody in")

    @property
    def credentials(self) -> tuple[str, ...]:
        """The headers of all of them that hold a secret itself."""
        return tuple(header for way in self.ways for header in getattr(way, "credentials", ()))


class AllOf(_Several):
    """Every one of these: an address and a token."""

    def __call__(self, incoming: Incoming) -> tuple[str, ...]:
        said = [set(way(incoming)) for way in self.ways]
        named = [accounts for accounts in said if accounts]
        both = set.intersection(*named) if named else set()
        if named and not both:
            raise refused("its credentials are those of different accounts")
        return tuple(sorted(both))

    def prove(self, body: bytes, account: str) -> Proof:
        proofs = [way.prove(body, account) for way in self.ways]
        headers = {name: value for proof in proofs for name, value in proof.headers.items()}
        return Proof(headers, "&".join(filter(None, (proof.query for proof in proofs))))


class AnyOf(_Several):
    """One of these, in this order."""

    def __call__(self, incoming: Incoming) -> tuple[str, ...]:
        reasons = []
        for way in self.ways:
            try:
                return way(incoming)
            except Refused as refusal:  # noqa: PERF203  # the next way may be the sender's
                reasons.append(refusal.reason)
        raise refused("; ".join(dict.fromkeys(reasons)))

    def prove(self, body: bytes, account: str) -> Proof:
        return self.ways[0].prove(body, account)


@dataclass(frozen=True)
class Anybody:
    """Nothing is asked for. A source that uses it is set aside unless `ALLOW_UNAUTHENTICATED` names it."""

    def __call__(self, incoming: Incoming) -> tuple[str, ...]:
        return ()

    def prove(self, body: bytes, account: str) -> Proof:
        return Proof()


def _parts(value: str, prefix: str) -> Iterator[str]:
    """What stands after the prefix in each part of a header's value."""
    for part in value.replace(",", " ").split():
        if part.startswith(prefix) and len(part) > len(prefix):
            yield part[len(prefix) :]
