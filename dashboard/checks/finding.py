"""What was found? One thing that is right, doubtful or wrong, with the reason and the next thing to do."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["good", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `code` is stable, for machines and docs/doctor.md; `account` "": the server's.

    `place` is which of an account's places in Chatwoot is meant, "" for the one without a name.
    `remedy` is a command or a place to click; `why` says what follows from it. What is good needs neither.
    """

    level: Level
    code: str
    what: str
    why: str = ""
    remedy: str = ""
    account: str = ""
    place: str = ""

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def good(code: str, what: str, account: str = "") -> Finding:
    """It is as it should be."""
    return Finding("good", code, what, account=account)


def warning(code: str, what: str, why: str, remedy: str, account: str = "") -> Finding:
    """It works, but not as well as it could, or not for long."""
    return Finding("warning", code, what, why, remedy, account)


def error(code: str, what: str, why: str, remedy: str, account: str = "") -> Finding:
    """It does not work."""
    return Finding("error", code, what, why, remedy, account)
