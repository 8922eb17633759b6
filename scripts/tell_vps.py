"""How does the proxy on the VPS learn the tunnel's address? It is told, again when that changes, until it took it."""

import time
from gettext import gettext as _

from clients.http import Destination, Failed
from config.tunnel_settings import TunnelSettings
from dashboard.checks.vps import FORWARD, refused

AGAIN_SECONDS = 15.0


class TellVps:
    """What the proxy was told last, and what it said."""

    def __init__(self, settings: TunnelSettings) -> None:
        self._settings = settings
        self._told = ""
        self._said = ""
        self._next_try = 0.0

    async def tell(self, address: str) -> str:
        """Tell it this address, unless it has it or was asked a moment ago; what there is to say of it, if anything."""
        is_set = self._settings.vps_url and self._settings.vps_token
        if not is_set or address == self._told or time.monotonic() < self._next_try:
            return ""
        said = await self._put(address)
        if address != self._told:
            self._next_try = time.monotonic() + AGAIN_SECONDS
        is_new, self._said = said != self._said, said
        return said if is_new else ""

    async def _put(self, address: str) -> str:
        headers = {"Authorization": f"Bearer {self._settings.vps_token}"}
        proxy = Destination(self._settings.vps_url, headers, most_mb=1)
        try:
            await proxy.answer("PUT", FORWARD, json={"url": address}, about=f"PUT {FORWARD}", seconds=15)
        except Failed as failed:
            return self._in_words(failed)
        finally:
            await proxy.aclose()
        self._told = address
        return _("The proxy at {vps} now forwards to {address}").format(vps=self._settings.vps_url, address=address)

    def _in_words(self, failed: Failed) -> str:
        if failed.status is None:
            what = _("Nothing answers at VPS_URL: {url}").format(url=self._settings.vps_url)
            return what + "\n→ " + _("It is tried again until it answers")
        finding = refused(failed.status)
        return f"{finding.what}\n→ {finding.remedy}"
