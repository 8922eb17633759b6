"""What is one thing that can be asked of the dashboard? A function, and the kind of its question."""

import typing
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from dashboard.inside import Inside


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked: `answer` is given what was asked, as the kind that its annotation says.

    `from_outside`: whoever has the token may ask it at a public address too.
    """

    method: str
    path: str
    answer: Callable[[Inside, Any], Awaitable[Any]]
    from_outside: bool = False

    @cached_property
    def asked(self) -> type[msgspec.Struct]:
        """What its question is made of."""
        hints = typing.get_type_hints(self.answer)
        kind: type[msgspec.Struct] = next(hint for name, hint in hints.items() if name not in ("inside", "return"))
        return kind

    @property
    def summary(self) -> str:
        """What it does, in a sentence."""
        return (self.answer.__doc__ or "").partition("\n")[0]
