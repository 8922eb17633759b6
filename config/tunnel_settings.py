"""By which tunnel is this machine reached, and which proxy is told of it? ngrok, and the server on the VPS."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

LOCAL_API = "http://127.0.0.1:4040"  # where ngrok's agent listens unless it is told otherwise


@dataclass(frozen=True)
class TunnelSettings:
    """What is "" is not set. `api` is the agent's local address, `path` its program where it is not looked for."""

    auth_token: str = field(default="", repr=False)
    domain: str = ""
    api: str = LOCAL_API
    path: Path | None = None
    vps_url: str = ""
    vps_token: str = field(default="", repr=False)

    @property
    def secret_values(self) -> list[str]:
        """What must never be seen in a log."""
        return [self.auth_token, self.vps_token]


def domain_of(value: str) -> str:
    """The domain, however it was pasted ("https://loja.ngrok.app/"); raises ValueError for what is none."""
    parts = urlsplit(value if "//" in value else f"//{value}")
    if value and (not parts.hostname or parts.path.strip("/") or parts.query or re.search(r"[\s@]", value)):
        raise ValueError(value)
    return parts.netloc.lower()
