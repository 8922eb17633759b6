"""When is somebody to be told, and where? The alarms' settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class AlarmSettings:
    """The limits beyond which an alarm is on (0: that alarm is off), and where it is told beside the log and the page.

    `silent_minutes` is by source, in minutes of opening; `conversation` is a number in the first account's Chatwoot.
    """

    every_seconds: float = 30.0
    waiting_minutes: float = 10.0
    silent_minutes: Mapping[str, float] = field(default_factory=dict)
    refused: int = 20
    disk_mb: int = 500
    webhook_url: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    conversation: int | None = None

    @property
    def secret_values(self) -> list[str]:
        """What must never be seen in a log: of the address, whatever comes after the host is often a secret."""
        parts = urlsplit(self.webhook_url)
        path = parts.path.strip("/")
        return [self.webhook_url, self.webhook_secret, path if len(path) >= 16 else "", parts.password or ""]


def read_minutes(text: str) -> dict[str, float]:
    """Minutes by source, from "chatwoot=120,odoo=1440"; raises ValueError for anything else."""
    pairs = [each.partition("=") for each in text.split(",") if each.strip()]
    minutes = {name.strip(): float(value) for name, _, value in pairs}
    if not all(name and 0 < value <= 100_000 for name, value in minutes.items()):
        raise ValueError(text)
    return minutes
