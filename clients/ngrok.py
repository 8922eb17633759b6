"""What does ngrok's agent say and do? Its local API: the tunnels that it has, opened and closed.

The agent is a program on this machine; whoever reaches its port may ask it (https://ngrok.com/docs/agent/api).
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from clients.http import Destination, Unreadable

TUNNELS = "/api/tunnels"
# Opening one asks ngrok's own servers.
SECONDS_TO_OPEN = 20.0
_CODE = re.compile(r"ERR_NGROK_(\d+)")


class Tunnel(NamedTuple):
    """One way in: `address` is the public one, `leads_to` what stands behind it as the agent was told."""

    name: str
    address: str
    leads_to: str

    @property
    def port(self) -> int | None:
        """The local port that it leads to; None where the agent tells none."""
        try:
            return urlsplit(self.leads_to if "//" in self.leads_to else f"//{self.leads_to}").port
        except ValueError:
            return None


class NgrokAgent:
    """The agent that listens at an address of this machine."""

    def __init__(self, url: str) -> None:
        self._server = Destination(url, {}, direct=True, most_mb=1)

    async def tunnels(self) -> list[Tunnel]:
        """All that it has; raises `Failed` where no agent answers."""
        found = tunnels_in(await self._server.request("GET", TUNNELS, seconds=4))
        if found is None:
            raise Unreadable("what answers is no ngrok agent")
        return found

    async def open(self, leads_to: str, domain: str = "") -> Tunnel:
        """Open one to an address on this machine; raises `Failed`, whose answer holds ngrok's own words.

        What passes is not kept in the agent's inspector, which everybody on this machine may read.
        """
        wanted = {"name": _name(leads_to, domain), "proto": "http", "addr": leads_to, "schemes": ["https"]}
        body = {**wanted, "inspect": False, **({"domain": domain} if domain else {})}
        told = await self._server.request("POST", TUNNELS, json=body, seconds=SECONDS_TO_OPEN)
        return _tunnel(told if isinstance(told, dict) else {})

    async def close(self, tunnel: Tunnel) -> None:
        """Close one; raises `Failed`."""
        await self._server.request("DELETE", f"{TUNNELS}/{quote(tunnel.name, safe='')}", seconds=4)

    async def aclose(self) -> None:
        """Close the connections to the agent."""
        await self._server.aclose()


def tunnels_in(told: Any) -> list[Tunnel] | None:
    """The tunnels in an answer of the agent's; None where it is no such answer."""
    listed = told.get("tunnels") if isinstance(told, dict) else None
    return [_tunnel(each) for each in listed if isinstance(each, dict)] if isinstance(listed, list) else None


def error_code(text: str, headers: Mapping[str, str] | None = None) -> str:
    """The number of ngrok's error that a text or its error page's header names; "" where it names none."""
    found = _CODE.search((headers or {}).get("ngrok-error-code", "")) or _CODE.search(text)
    return found.group(1) if found else ""


def _tunnel(told: dict[str, Any]) -> Tunnel:
    config = told.get("config")
    leads_to = str(config.get("addr", "")) if isinstance(config, dict) else ""
    return Tunnel(str(told.get("name", "")), str(told.get("public_url", "")), leads_to)


def _name(leads_to: str, domain: str) -> str:
    """A name of its own in the agent, for what it leads to and by which domain."""
    return re.sub(r"[^a-z0-9]+", "-", f"servidor {domain} {leads_to.partition('//')[2]}".lower()).strip("-")
