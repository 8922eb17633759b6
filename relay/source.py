"""Who may send, how are its requests named, and how is a refusal explained?"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from relay.event import Incoming, Named

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
# Sent twice with different values, these would let two readers of one request disagree.
SENT_ONCE = frozenset({"authorization", "content-length", "host", "transfer-encoding", "x-api-key"})


class Refused(Exception):
    """A request that is not taken. `reason` is for our record, `text` is all that the sender is told."""

    def __init__(self, status: int, reason: str, text: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.text = text
        self.source: Source | None = None
        self.authenticated = False


class Proof(NamedTuple):
    """What a sender adds to a request to prove who it is: headers, and a query string."""

    headers: Mapping[str, str] = {}
    query: str = ""


class Envelope(NamedTuple):
    """What a sender writes around a body of some signal, beside its proof: the path it posts to, and headers."""

    path: str
    headers: Mapping[str, str] = {}


class SetUp(NamedTuple):
    """What people are told of how one account's sender is connected.

    `steps` are what is done over there, each with the path and query that is pasted with it. `checks` say what is set
    and what is not. `missing` names the settings without which nothing is taken; "" where none is missing.
    """

    title: str
    steps: Sequence[tuple[str, str]] = ()
    checks: Sequence[tuple[bool, str]] = ()
    missing: str = ""


class Unprovable(Exception):
    """A source does not say how its senders prove who they are: it needs a `prove`."""


def _unproved(body: bytes, account: str) -> Proof:
    raise Unprovable


def _anyhow(signal: str) -> Envelope:
    raise AssertionError("unreachable: every source has an envelope")


def _untold(account: str) -> SetUp | None:
    return None


def _as_accounts(sender: Any) -> tuple[str, ...]:
    """What every ready-made way to authenticate returns, or None; whoever returns something else says so itself."""
    if sender is None:
        return ()
    if not isinstance(sender, tuple) or not all(isinstance(each, str) for each in sender):
        raise TypeError(f"a source whose sender is a {type(sender).__name__} needs speaks_for and sender_for")
    return sender


def _accounts_themselves(_incoming: Incoming, accounts: tuple[str, ...]) -> tuple[str, ...]:
    return accounts


def takes_all(incoming: Incoming) -> bool:
    """Claim every request at the source's addresses: it shares them with nobody."""
    return True


def _unexplained(reason: str) -> str:
    return ""


def _as_it_is(body: bytes, named: Named) -> bytes:
    return body


@dataclass(frozen=True)
class Source:
    """An outside system that sends us requests.

    `authenticate` raises `Refused` with 401; what it returns of who it was, `describe` finds as `incoming.sender`.
    `describe` raises `Refused` with 400, 403 or 422. `claims` tells this source's requests
    from others' at the same path; `scrub` removes from the body what must never be stored. `explain` tells people what
    to do about a refusal's reason. `headers` are those that
    it trusts, in lower case: one that comes twice is refused. `patience`
    is for how many seconds its sender waits for an answer. `component` is the log that its requests are written to,
    `handled_in` the one for what its handlers say. `hides_head`: a refused body is not shown, not even redacted.
    `not_served` names the beginnings of addresses that its senders may try in vain, with what they are told.
    `prove` is the other side of `authenticate`: what an account's sender would add to a body; where `authenticate` has
    one, it is that. `envelope` is what it would write around a body of a signal, `set_up` what people are told of how
    an account is connected (None: nothing, another source of this name tells it). `credentials` are headers of its own
    that carry a secret: never stored, like the usual ones; those of a ready-made `authenticate` are known.
    `speaks_for` are the accounts of a sender that `authenticate` has found; `sender_for` is its other side, the sender
    of a request that a proxy of ours vouches for. Both only where `authenticate` does not return the accounts.
    """

    name: str
    paths: tuple[str, ...]
    authenticate: Callable[[Incoming], Any]
    describe: Callable[[Incoming], Named]
    scrub: Callable[[bytes, Named], bytes] = _as_it_is
    claims: Callable[[Incoming], bool] = takes_all
    methods: tuple[str, ...] = ("POST",)
    explain: Callable[[str], str] = _unexplained
    headers: Collection[str] = ()
    patience: float = 30.0
    component: str = "webhook"
    handled_in: str = "hub"
    hides_head: bool = False
    not_served: Mapping[str, str] = field(default_factory=dict)
    credentials: frozenset[str] = frozenset()
    prove: Callable[[bytes, str], Proof] = _unproved
    envelope: Callable[[str], Envelope] = _anyhow
    set_up: Callable[[str], SetUp | None] = _untold
    speaks_for: Callable[[Any], tuple[str, ...]] = _as_accounts
    sender_for: Callable[[Incoming, tuple[str, ...]], Any] = _accounts_themselves

    def __post_init__(self) -> None:
        wrong = [path for path in self.paths if not path.startswith("/")]
        if wrong or not self.paths:
            raise ValueError(f"the source {self.name} needs paths that begin with '/', not {wrong}")
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"a source's name has small letters, digits, - and _ only, not {self.name!r}")
        known = getattr(self.authenticate, "credentials", ())
        object.__setattr__(self, "credentials", frozenset(each.lower() for each in (*self.credentials, *known)))
        plain = next((path for path in self.paths if "{" not in path), self.paths[0])
        if self.prove is _unproved:
            object.__setattr__(self, "prove", getattr(self.authenticate, "prove", _unproved))
        if self.envelope is _anyhow:
            object.__setattr__(self, "envelope", partial(_to, plain))
        if self.set_up is _untold:
            object.__setattr__(self, "set_up", partial(_at, self.name, plain))

    def without_credentials(self, incoming: Incoming) -> Incoming:
        """The request without the source's own credentials in headers."""
        if self.credentials.isdisjoint(incoming.headers):
            return incoming
        kept = {name: each for name, each in incoming.headers.items() if name not in self.credentials}
        return incoming._replace(headers=kept)


def _to(path: str, _signal: str) -> Envelope:
    return Envelope(path)


def _at(name: str, path: str, _account: str) -> SetUp:
    return SetUp(name, [("", path)])


def same(given: str, expected: str) -> bool:
    """Whether two credentials are equal, in constant time. An empty one never is."""
    one, other = given.encode(errors="surrogatepass"), expected.encode(errors="surrogatepass")
    return bool(one and other) and hmac.compare_digest(one, other)


def any_same(given: Iterable[str], expected: Collection[str]) -> bool:
    """Whether one of the credentials is one of those expected; all are compared, so that the time tells nothing."""
    return sum(same(one, other) for one in given for other in expected) > 0


def basic_password(incoming: Incoming) -> str:
    """The password of HTTP Basic authentication, or ""."""
    scheme, _, encoded = incoming.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except ValueError:  # not base64, or not UTF-8
        return ""


def bearer_token(incoming: Incoming) -> str:
    """The token of `Authorization: Bearer …`, or "" (an empty header counts as none)."""
    scheme, _, token = incoming.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def hmac_sha256(secret: str, message: bytes) -> str:
    """The lower-case hexadecimal HMAC-SHA256."""
    return hmac.digest(secret.encode(), message, hashlib.sha256).hex()


# A key that is a plain name, and JSON's own words, are kept; of any other text, number or word only that it was there.
_PART = re.compile(
    r'(?P<kept>"[A-Za-z_]{1,40}"\s*:|\b(?:true|false|null)\b)|(?P<text>"(?:[^"\\]|\\.)*(?:"|$))'
    r"|(?P<number>-?\d[\d.eE+-]*)|[^\W\d_]+"
)
_LETTER, _DIGIT = re.compile(r"[^\W\d_]"), re.compile(r"\d")
HEAD_BYTES = 300


def redacted_head(body: bytes) -> str:
    """The first bytes of a refused body without anything that could be personal or secret: its shape alone."""
    head = body[:HEAD_BYTES].decode(errors="replace")
    if head.lstrip()[:1] in ("{", "["):
        return _PART.sub(_redacted, head)
    return _DIGIT.sub("0", _LETTER.sub("x", head))[:100]


def _redacted(part: re.Match[str]) -> str:
    shown = {"kept": part[0], "text": '"..."', "number": "0"}
    return shown.get(part.lastgroup or "", "x")


_NESTING = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{\]}]')
# Nobody means so many; parsers give up somewhat later, and do not say where.
DEEP = 500


def too_deep_at(body: bytes) -> int:
    """The byte at which JSON begins to be nested too deeply."""
    depth = 0
    for found in _NESTING.finditer(body):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(found[0], 0)
        if depth > DEEP:
            return found.start()
    return 0
