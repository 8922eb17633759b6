"""What is one piece of knowledge, whose is it, and what replaces it?"""

from typing import Any, NamedTuple

# What may be said to customers; other kinds ("manner") are for ourselves.
SAID = ("permanent", "temporary", "scheduling", "company", "document")


class Item(NamedTuple):
    """One piece of knowledge. Its dates are the shop's days, the end inclusive; None: no limit."""

    id: str
    name: str
    text: str
    type: str = ""
    starts: str | None = None
    ends: str | None = None
    original: Any = None


class Scope(NamedTuple):
    """What one snapshot replaces: the items of one kind that one business rule of an account had."""

    account: str
    kind: str
    business_rule: str = ""


def is_numbered(scope: Scope) -> bool:
    """Whether its business rule is a module's number: not a file, a record, one document, or none."""
    return scope.business_rule.isdigit()


def space_of(account: str | None, test: bool) -> str:
    """Under which name an account's knowledge is kept: what a test synchronises never answers a customer."""
    return f"{account}{'/test' if test else ''}"


def account_of(space: str) -> str:
    """Whose knowledge it is, a test's or not."""
    return space.removesuffix("/test")


class Revision(NamedTuple):
    """One state of a scope: how many items it has, when it was made, and what it changed, by the items' names."""

    id: int
    scope: Scope
    size: int
    made: str
    current: bool
    added: list[str]
    removed: list[str]
    changed: list[str]


class Found(NamedTuple):
    """An item that may answer, with its kind and its index terms."""

    kind: str
    item: Item
    terms: str = ""
