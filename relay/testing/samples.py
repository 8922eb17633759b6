"""Which samples are there, and what would their sender send? For tests, for trying out, and for the list of signals.

A sample is a body: `samples/github.push.json`, or `samples/push.json` in a folder that is named for the source, with
`__which` after the signal where there are several. What its sender writes around it, the source knows.
"""

import contextlib
import difflib
import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from relay.event import Event, Incoming, Named, from_incoming, now_ms
from relay.source import Refused, Source, Unprovable

# Beside relay, in the same checkout.
SHIPPED = Path(__file__).resolve().parents[2] / "handlers"


class UnknownSample(LookupError):
    """There is no sample of this name; `near` are those that may be meant, `place` is where it would stand."""

    def __init__(self, name: str, near: Sequence[str], place: Path) -> None:
        told = f"there is no sample {name}: its body goes into {place.name}/samples/{name}.json"
        super().__init__(told + (f"; near: {', '.join(near)}" if near else ""))
        self.name, self.near = name, near


class Sample(NamedTuple):
    """A body that some source sends, or that a handler makes an event of."""

    signal: str
    file: Path

    @property
    def name(self) -> str:
        """The signal, and which of its samples it is."""
        return self.signal + "".join(self.file.stem.partition("__")[1:])

    @property
    def body(self) -> bytes:
        """The body as it is sent."""
        return self.file.read_bytes()


def samples_in(folders: Iterable[Path], sources: Collection[str] = ()) -> list[Sample]:
    """The samples that stand in these folders and in those below them, in the order of their names.

    Whether a name begins with its source is clear where the `sources` are known; else it does where it has a dot, and
    is a plugin's.
    """
    places = ("samples/*.json", "*/samples/*.json")
    found = dict.fromkeys(file for folder in folders for place in places for file in folder.glob(place))
    return sorted(Sample(_signal_of(file, sources), file) for file in found)


def _signal_of(file: Path, sources: Collection[str]) -> str:
    whole, shortened = _signals_of(file)
    if file.parents[1].name in sources:
        return shortened
    if whole.partition(".")[0] in sources:
        return whole
    return whole if "." in whole and file.parents[2] != SHIPPED else shortened


def _signals_of(file: Path) -> tuple[str, str]:
    """What a sample may be named for: its signal, or what its folder leaves out before it."""
    name = file.stem.partition("__")[0]
    return name, name if name.startswith(f"{file.parents[1].name}.") else f"{file.parents[1].name}.{name}"


def sample_of(name: str, folders: Sequence[Path], sources: Collection[str] = ()) -> Sample:
    """The sample of a signal, or the one of this name; raises `UnknownSample`."""
    known = samples_in(folders, sources)
    signal, which = name.partition("__")[0], name.partition("__")[2]
    alike = [each.file for each in known if signal in _signals_of(each.file)]
    named = [file for file in alike if file.stem.partition("__")[2] == which]
    found = named or ([] if which else alike)
    if not found:
        names = list(dict.fromkeys(each.name for each in known))
        raise UnknownSample(name, difflib.get_close_matches(name, names, n=5), folders[0])
    return Sample(signal, found[0])


def with_fields(body: bytes, fields: Mapping[str, Any]) -> bytes:
    """The body with other values at these paths ("repository.name", "items.0.id"); what is not there is made."""
    payload = msgspec.json.decode(body)
    for path, value in fields.items():
        *steps, last = path.split(".")
        place = payload
        for step in steps:
            place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
        place[int(last) if isinstance(place, list) else last] = value
    return msgspec.json.encode(payload)


# What its source makes of it


class Sent(NamedTuple):
    """A request with its proof, the source that takes it, and how that source names it."""

    source: Source
    incoming: Incoming
    named: Named

    @property
    def event(self) -> Event:
        """The event that would be kept."""
        return from_incoming(
            self.incoming, self.named, self.source.name, self.source.scrub(self.incoming.body, self.named)
        )


def as_sent(
    sources: Iterable[Source], signal: str, body: bytes, account: str, headers: Mapping[str, str] | None = None
) -> Sent | None:
    """The request by which one of the sources comes to this signal; None where none does.

    Raises `Refused` where the signal's source would not take its own request: because no secret is set, mostly.
    """
    refusal: Refused | None = None
    its = signal.partition(".")[0]
    for source in sorted(sources, key=lambda each: each.name != its):
        around = source.envelope(signal)
        given = {"content-type": "application/json", **_lower(around.headers), **(headers or {})}
        try:
            sent = _sent(source, around.path.replace("{account}", account), body, given, account)
        except Refused as refused:
            refusal = refused if source.name == its else refusal
        except Unprovable:  # some other system's, that says nothing of how it is proved
            continue
        except Exception:  # another source may make nothing of this body
            if source.name == its:
                raise
        else:
            if sent is not None and sent.named.name == signal:
                return sent
    if refusal is not None:
        raise refusal
    return None


def _sent(source: Source, path: str, body: bytes, headers: Mapping[str, str], account: str) -> Sent | None:
    path, _mark, query = path.partition("?")
    proof = source.prove(body, account)
    query = "&".join(filter(None, (query, proof.query)))
    given = {**headers, **_lower(proof.headers)}
    incoming = Incoming(source.methods[0], path, query, given, body, now_ms(), "127.0.0.1")
    if not source.claims(incoming):
        return None
    incoming = incoming._replace(sender=source.authenticate(incoming))
    return Sent(source, incoming, source.describe(incoming))


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


# Sent again, it would be a repeat


def fresh(sent: Sent, account: str) -> Sent:
    """The same request with other numbers where it would be a repeat of what came before."""
    known = _ids(sent.named)
    for place, value in [*_leaves(msgspec.json.decode(sent.incoming.body)), *sent.incoming.headers.items()]:
        if len(str(value)) > 1 and any(str(value) in each for each in known):
            other = _replaced(sent, place, value, account)
            if other is not None and not set(_ids(other.named)) & set(known):
                return other
            sent = other or sent
    return sent


def _ids(named: Named) -> list[str]:
    return [each for each in (named.repeat_id, named.fact_id) if each]


def _replaced(sent: Sent, place: str, value: Any, account: str) -> Sent | None:
    """The request with another value at a path or in a header, proved anew; None where it is no longer the same."""
    other = alike(value)
    headers, body = dict(sent.incoming.headers), sent.incoming.body
    if place in headers:
        headers[place] = other
    else:
        body = with_fields(body, {place: other})
    with contextlib.suppress(Refused):
        changed = _sent(sent.source, sent.incoming.path, body, headers, account)  # its query is that of the proof
        if changed is not None and (changed.named.name, changed.named.key) == (sent.named.name, sent.named.key):
            return changed
    return None


def alike(value: Any) -> Any:
    """Another text or number of the same form."""
    if isinstance(value, int):
        return int("1" + "".join(secrets.choice("0123456789") for _ in str(value)))
    return re.sub(r"[0-9a-f]", lambda found: secrets.choice("0123456789" if found[0].isdigit() else "abcdef"), value)


def _leaves(payload: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every text and number with its path."""
    inner: Collection[tuple[Any, Any]] = ()
    if isinstance(payload, dict):
        inner = payload.items()
    elif isinstance(payload, list):
        inner = list(enumerate(payload))
    elif isinstance(payload, str | int) and not isinstance(payload, bool):
        yield path, payload
    for step, value in inner:
        yield from _leaves(value, f"{path}.{step}" if path else str(step))
