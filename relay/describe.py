"""What does a request tell? Its signal, account, key and repeat-id, each read from where its source says it stands."""

import hashlib
import re
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from gettext import gettext as _
from typing import Any

import msgspec

from relay.authenticate import UNSET, Authentication, is_set, setting_of
from relay.event import Incoming, Named
from relay.source import Envelope, Proof, Refused, SetUp, Source, too_deep_at

# Reads one value from a request and the JSON of its body; None where there is none.
Read = Callable[[Incoming, Any], "str | None"]
LONGEST = 200
_NAME = re.compile(r"[^a-z0-9_.]+")


@dataclass(frozen=True)
class _Header:
    name: str

    def __call__(self, incoming: Incoming, _payload: Any) -> str | None:
        return incoming.headers.get(self.name.lower()) or None


def header(name: str) -> Read:
    """The value of a header."""
    return _Header(name)


def field(path: str) -> Read:
    """What stands at a path in the body: "repository.full_name", "items.0.id". Only texts, numbers and yes or no."""
    steps = path.split(".")

    def read(_incoming: Incoming, payload: Any) -> str | None:
        for step in steps:
            if isinstance(payload, dict):
                payload = payload.get(step)
            elif isinstance(payload, list) and step.isdigit():
                payload = payload[int(step)] if int(step) < len(payload) else None
            else:
                return None
        return _as_text(payload)

    return read


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) and value != "" else None


def webhook(
    name: str,
    *,
    authenticate: Authentication,
    signal: Read | str,
    account: Read | str = "",
    key: Read | None = None,
    repeat_id: Read | None = None,
    scrub: Collection[str] = (),
    title: str = "",
    steps: str = "",
    **more: Any,
) -> Source:
    """A source that sends JSON to `/webhook/<name>`, or to `/webhook/<name>/<account>` (or to the first of `paths`).

    Its signals are `<name>.<signal>`. The account is the one whose secret was used; where that is several, or none in
    particular, the address names it, or `account` does. `scrub` names the fields, wherever they stand in the body,
    that are removed before anything is stored. `title` and `steps` are for people: what it is called, and what is
    done over there. `more` is as for `Source`.
    """
    _check_way(authenticate)
    for what, read in (("key", key), ("repeat_id", repeat_id)):
        if read is not None and not callable(read):
            raise TypeError(f'{what} is field("{read}"), header(…) or a function of (incoming, payload), not {read!r}')
    paths = more.get("paths") or (f"/webhook/{name}", f"/webhook/{name}/{{account}}")
    address = paths[0].partition("/{")[0]
    described = _Described(name, address, signal, account, key, repeat_id)
    usual = {
        "paths": paths,
        "describe": described,
        "scrub": scrubber(scrub),
        "explain": explain_unset,
        "envelope": described.envelope,
        "set_up": partial(_set_up, address, title or name, steps, authenticate),
    }
    return Source(name=name, authenticate=authenticate, **{**usual, **more})


def _check_way(authenticate: Any) -> None:
    if isinstance(authenticate, type) or not callable(authenticate):
        name = getattr(authenticate, "__name__", "ApiKey")
        told = "the class" if isinstance(authenticate, type) else repr(type(authenticate).__name__)
        raise TypeError(f"authenticate is a way to prove who one is, made with its secrets: {name}(…), not {told}")


def explain_unset(reason: str) -> str:
    """What the person in charge does where a source has no secret yet; "" for every other refusal."""
    _before, unset, setting = reason.partition(f"{UNSET}: ")
    if not unset:
        return ""
    text = _("{setting} is not set: put it into .env, or another account's into accounts.toml; then it is taken.")
    return text.format(setting=setting.partition(";")[0])


def _set_up(address: str, title: str, steps: str, authenticate: Authentication, account: str) -> SetUp:
    """The address with what is sent along, as the proof of an account's sender shows it: never a secret."""
    setting, (headers, query) = setting_of(authenticate), _proof_of(authenticate)
    names = ", ".join(headers)
    steps = steps or (_("POST JSON here, with: {headers}").format(headers=names) if names else _("POST JSON here"))
    token = "".join(f"?{pair.partition('=')[0]}=…" for pair in query.split("&") if pair)
    asked = [(steps, f"{address}/{account}{token}")]
    if not is_set(authenticate, account):
        return SetUp(title, asked, missing=setting or _("its secret"))
    checks = ((True, _("The secret is set: {setting}").format(setting=setting)),) if setting else ()
    return SetUp(title, asked, checks)


def _proof_of(authenticate: Authentication) -> Proof:
    """The shape of a proof. A way of somebody's own may have none, and a secret may not be fit to sign with."""
    try:
        return authenticate.prove(b"", "")
    except (AttributeError, Refused):
        return Proof()


def scrubber(names: Collection[str]) -> Callable[[bytes, Named], bytes]:
    """Removes the texts and numbers of fields with these names from a body, wherever they stand."""
    if not names:
        return lambda body, _named: body
    # Every name is written out: a pattern that could begin with any letter would be tried at every word.
    known = "|".join(re.escape(each) for each in names).encode()
    pattern = re.compile(rb'"(' + known + rb')"\s*:\s*(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)')
    return lambda body, _named: pattern.sub(rb'"\1":"[removed]"', body)


@dataclass(frozen=True)
class _Described:
    source: str
    address: str
    signal: Read | str
    account: Read | str
    key: Read | None
    repeat_id: Read | None

    def __call__(self, incoming: Incoming) -> Named:
        payload = read_json(incoming.body)
        signal = self.signal if isinstance(self.signal, str) else self.signal(incoming, payload)
        if not signal:
            raise Refused(422, "nothing names the event", _("The event's name is missing."))
        account = self._account(incoming, payload)
        number = _cut(self.repeat_id and self.repeat_id(incoming, payload))
        return Named(
            name=f"{self.source}.{_signal_name(signal)}",
            account=account,
            key=_cut(self.key and self.key(incoming, payload)),
            repeat_id=f"{account}:{number}" if number else None,
            unmapped=account is None,
        )

    def envelope(self, signal: str) -> Envelope:
        """The headers by which its sender names this signal, and a number that no other request has."""
        named = {self.signal.name: signal.removeprefix(f"{self.source}.")} if isinstance(self.signal, _Header) else {}
        fresh = {self.repeat_id.name: secrets.token_hex(16)} if isinstance(self.repeat_id, _Header) else {}
        return Envelope(self.address, {**named, **fresh})

    def _account(self, incoming: Incoming, payload: Any) -> str | None:
        """Whose it is: the sender's only account, or the one of them that the address or the body names."""
        speaks_for: Sequence[str] = incoming.sender or ()
        said = self.account if isinstance(self.account, str) else self.account(incoming, payload)
        if not speaks_for:
            return said or None  # whoever is known by no account's secret does not choose one by the address
        named = incoming.path.removeprefix(self.address).strip("/") or said
        if not named:
            return speaks_for[0] if len(speaks_for) == 1 else None
        if named not in speaks_for:
            raise Refused(403, f"its secret is not that of {named}", _("This account is not yours."))
        return named


def read_json(body: bytes) -> Any:
    """The body's JSON; raises `Refused` with 400 and the place of the mistake."""
    try:
        return msgspec.json.decode(body)
    except UnicodeDecodeError as error:
        raise _not_json(f"not UTF-8 at byte {error.start}") from error
    except msgspec.DecodeError as error:
        raise _not_json("the body is empty" if not body.strip() else str(error)) from error
    except RecursionError as error:
        raise _not_json(f"nested too deeply at byte {too_deep_at(body)}") from error


def _not_json(why: str) -> Refused:
    return Refused(400, f"not JSON: {why}", _("The body is not valid JSON: {error}").format(error=why))


@lru_cache(maxsize=1024)
def _signal_name(signal: str) -> str:
    return _NAME.sub("_", signal.lower()).strip("._")[:80] or "unknown"


def _cut(value: str | None) -> str | None:
    """What is longer keeps its beginning, and a digest by which it is no other's that begins alike."""
    if not value or len(value) <= LONGEST:
        return value or None
    return value[: LONGEST - 32] + hashlib.blake2b(value.encode(errors="replace"), digest_size=16).hexdigest()
