"""Who may send, how are its requests named, and how is a refusal explained?"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

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


def _takes_all(incoming: Incoming) -> bool:
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
    """

    name: str
    paths: tuple[str, ...]
    authenticate: Callable[[Incoming], Any]
    describe: Callable[[Incoming], Named]
    scrub: Callable[[bytes, Named], bytes] = _as_it_is
    claims: Callable[[Incoming], bool] = _takes_all
    methods: tuple[str, ...] = ("POST",)
    explain: Callable[[str], str] = _unexplained
    headers: Collection[str] = ()
    patience: float = 30.0
    component: str = "webhook"
    handled_in: str = "hub"
    hides_head: bool = False
    not_served: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wrong = [path for path in self.paths if not path.startswith("/")]
        if wrong or not self.paths:
            raise ValueError(f"the source {self.name} needs paths that begin with '/', not {wrong}")
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"a source's name has small letters, digits, - and _ only, not {self.name!r}")


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
