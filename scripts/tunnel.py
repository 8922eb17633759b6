"""Is the tunnel there, and does it lead here? One that runs is found, else opened; looked at until this ends."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from gettext import gettext as _
from urllib.parse import urlsplit

from clients.http import Failed as NoAnswer
from clients.ngrok import NgrokAgent, Tunnel
from config.settings import Settings
from config.tunnel_settings import TunnelSettings
from dashboard.checks import Context
from dashboard.checks.context import local_url
from dashboard.checks.ngrok_errors import in_plain_words
from dashboard.checks.server import is_health
from dashboard.checks.tunnel import look_through
from scripts.ask_server import Failed
from scripts.ngrok_agent import without_token
from scripts.tell_vps import TellVps

LOOK_SECONDS = 2.0
# A look through the tunnel counts among the requests that a free account may make in a month (20 000).
THROUGH_SECONDS = 900.0
LONGEST_PAUSE = 30.0

Say = Callable[[str], None]


async def has_agent(url: str) -> bool:
    """Whether an agent runs at this address."""
    async with contextlib.aclosing(NgrokAgent(url)) as agent:
        try:
            await agent.tunnels()
        except NoAnswer:
            return False
    return True


class TunnelWatch:
    """The one tunnel to this server; `say` tells people, `show` the address and what to do."""

    def __init__(self, settings: Settings, say: Say, show: Say) -> None:
        self._settings = settings
        self._api = ""
        self._say = say
        self._show = show
        self._vps = TellVps(settings.tunnel)
        self._opened: Tunnel | None = None
        self._shown = ""
        self._next_look = 0.0
        self._doubt = ""

    @property
    def led_here(self) -> bool:
        """Whether there was a tunnel that led here."""
        return bool(self._shown)

    async def stay(self, api: str) -> None:
        """By the agent at `api`: find or open it, wait until it leads here, keep looking; returns when it is gone.

        Raises `Failed` where ngrok opens none.
        """
        self._api = api
        async with contextlib.aclosing(NgrokAgent(api)) as agent:
            with contextlib.suppress(NoAnswer):
                while True:
                    await self._look(agent)
                    await asyncio.sleep(LOOK_SECONDS)

    async def _look(self, agent: NgrokAgent) -> None:
        tunnel = await self._find_or_open(agent)
        if tunnel.address != self._shown:
            if not await self._leads_here(agent, tunnel):
                return
            self._shown = tunnel.address
            self._show(tunnel.address)
        told = await self._vps.tell(tunnel.address)
        if told:
            self._say(told)
        await self._look_through_now_and_then(tunnel.address)

    async def close(self) -> None:
        """Close what was opened here; the agent may be somebody else's, and goes on."""
        if self._opened is None:
            return
        async with contextlib.aclosing(NgrokAgent(self._api)) as agent:
            with contextlib.suppress(NoAnswer):
                await agent.close(self._opened)

    async def _find_or_open(self, agent: NgrokAgent) -> Tunnel:
        domain = self._settings.tunnel.domain
        ours = [each for each in await agent.tunnels() if each.port == self._settings.port]
        fitting = [each for each in ours if not domain or urlsplit(each.address).netloc == domain]
        if fitting:
            # Of several always the same one: the agent lists them in no order.
            return max(fitting, key=lambda each: (each.address == self._shown, each.address[:6] == "https:", each))
        try:
            self._opened = await agent.open(local_url(self._settings), domain)
        except NoAnswer as refusal:
            if refusal.answer is None:
                raise
            raise Failed(_in_words(refusal.answer.text, self._settings.tunnel)) from refusal
        return self._opened

    async def _leads_here(self, agent: NgrokAgent, tunnel: Tunnel) -> bool:
        """Wait until this server answers through it; what stands in the way is said once. False: it is gone."""
        pause = 0.5
        while self._is_doubtful(await self._doubts(tunnel.address)):
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)
            if tunnel.address not in [each.address for each in await agent.tunnels()]:
                return False
        self._next_look = time.monotonic() + THROUGH_SECONDS
        return True

    async def _doubts(self, address: str) -> str:
        """What keeps requests from arriving; "" where nothing does. The server is asked first: that costs nothing."""
        context = Context(self._settings)
        here = await context.look_or_none(f"{local_url(self._settings)}/health", direct=True)
        if here is None or not is_health(here):
            what = _("The server does not answer on port {port} yet").format(port=self._settings.port)
            return f"{what}\n→ " + _("Start the server in another terminal: scripts/start")
        found = await look_through(context, address)
        return "" if found.level == "good" else f"{found.what}\n→ {found.remedy}"

    def _is_doubtful(self, doubt: str) -> bool:
        """Say it where it is another one; whether there is any."""
        if doubt and doubt != self._doubt:
            self._say(doubt)
        self._doubt = doubt
        return bool(doubt)

    async def _look_through_now_and_then(self, address: str) -> None:
        """A monthly limit, or a server that has ended, are not seen at the agent."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + THROUGH_SECONDS
        before = self._doubt
        if not self._is_doubtful(await self._doubts(address)) and before:
            self._say(_("Requests arrive again by {address}").format(address=address))


def _in_words(said: str, settings: TunnelSettings) -> str:
    plainly = in_plain_words(said)
    if plainly is None:
        return _("ngrok opens no tunnel: {error}").format(error=without_token(said, settings))
    return str(plainly)
