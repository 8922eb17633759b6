"""Which crew answers a question, what may it use, and when does a person? A file each; an account may change them."""

import functools
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import tomlkit

from hubcrew.items import SAID, Found
from hubcrew.meanings import GROUPS
from hubcrew.words import terms

FOLDER = Path(__file__).parent
# Has what no other crew asks for.
DEFAULT = "information"


class Crew(NamedTuple):
    """What a crew is chosen by and may do. Meanings are the groups of `meanings/`.

    `asks_for`: the meanings by which it is chosen; none: only by a special number. `knows`: what it may answer from,
    a kind of knowledge or one type of it ("permanent", "permanent:payment"). `hands_over`: meanings that a person
    answers. `closing` is said after each of its answers. A crew with an `address` runs in a process of its own, which
    is asked there with the `key`.
    """

    name: str
    asks_for: frozenset[str] = frozenset()
    knows: tuple[str, ...] = SAID
    hands_over: frozenset[str] = frozenset()
    closing: str = ""
    address: str = ""
    key: str = ""

    def may_use(self, found: Found) -> bool:
        """Whether it may answer from this."""
        return found.kind in self.knows or f"{found.kind}:{found.item.type}" in self.knows


def crews_with(changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Crew]:
    """The crews that ship, by their names, with an account's changes and its own."""
    own = {name: _changed(_shipped().get(name, Crew(name)), given) for name, given in changes.items()}
    return {**_shipped(), **own}


@functools.cache
def _shipped() -> dict[str, Crew]:
    files = sorted(FOLDER.glob("*.toml"))
    return {file.stem: _changed(Crew(file.stem), tomlkit.parse(file.read_text("utf-8")).unwrap()) for file in files}


def _changed(crew: Crew, given: Mapping[str, Any]) -> Crew:
    """The crew with what a declaration says of it; whoever reads the declaration has checked its form."""
    return Crew(
        crew.name,
        frozenset(given.get("asks_for", crew.asks_for)),
        tuple(given.get("knows", crew.knows)),
        frozenset(given.get("hands_over", crew.hands_over)),
        str(given.get("closing", crew.closing)),
        str(given.get("address", crew.address)),
        str(given.get("key", crew.key)),
    )


def meanings_of(question: str) -> frozenset[str]:
    """What a question speaks of, by the groups of `meanings/`."""
    return frozenset(group for term in terms(question) for group in term.groups)


def choose(crews: Mapping[str, Crew], question: str) -> Crew:
    """The crew that most of a question's meanings belong to; of two, the one that asks for less besides."""
    meant = meanings_of(question)
    best = max(crews.values(), key=lambda crew: (len(crew.asks_for & meant), -len(crew.asks_for)))
    return best if best.asks_for & meant else crews[DEFAULT]


def unknown_words(changes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Meanings and kinds of knowledge that an account's crews name and nobody knows, each with its place.

    They would never be met: a hand-over would not happen.
    """
    return [
        f"crew.{crew}.{field}: {each}"
        for crew, given in changes.items()
        for field in ("asks_for", "hands_over", "knows")
        for each in given.get(field, ())
        if (each.partition(":")[0] not in SAID if field == "knows" else each not in GROUPS)
    ]


def never_chosen(changes: Mapping[str, Mapping[str, Any]], special: Collection[str]) -> list[str]:
    """An account's own crews that neither a question nor a special number is for; `special` are the latter's crews."""
    crews = crews_with(changes)
    return [name for name in changes if not crews[name].asks_for and name not in special]
