"""Can the outside reach this machine? A tunnel by ngrok to the server, what to paste where, and the proxy told."""

import asyncio
import dataclasses
import os
import signal
import sys
import time
from gettext import gettext as _
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click

from config.settings import Settings
from dashboard.checks import Context, Finding, ngrok, public, server, tunnel, vps
from dashboard.checks.examine import SECONDS, within
from scripts import ngrok_agent
from scripts.ask_server import Failed
from scripts.doctor import show as show_findings
from scripts.on_screen import plain, screen
from scripts.own_settings import own_settings, speak_as_set
from scripts.tunnel import TunnelWatch, has_agent
from scripts.welcome import addresses

# From outside in: the first that is wrong is where it breaks.
WAY = (public.check, vps.check, tunnel.check, ngrok.check, server.check)
AGAIN_SECONDS = (1.0, 10.0, 30.0)

speak_as_set()


@click.command(
    help=_(
        "Start ngrok's tunnel to this server, or find the one that runs; show what to paste into Chatwoot and Odoo, "
        "and tell the proxy on the VPS. Ends the tunnel when it ends (Ctrl-C). docs/ngrok.md"
    )
)
@click.option(
    "--check", "only_check", is_flag=True, help=_("only walk the whole way from outside in, and say where it breaks")
)
def main(only_check: bool) -> None:
    """Serve until Ctrl-C, or check; exit code 1 where it cannot be, or where the way breaks."""
    settings = own_settings()
    if only_check:
        code = _check()
        sys.stdout.flush()
        os._exit(code)  # not `sys.exit`, which would wait for threads that a name server keeps waiting
    for each in (signal.SIGTERM, signal.SIGHUP):  # as Ctrl-C: the tunnel is ended, too, when a terminal is closed
        signal.signal(each, signal.default_int_handler)
    try:
        _serve(settings)
    except KeyboardInterrupt:
        _say(_("The tunnel has ended."))


def _serve(settings: Settings) -> None:
    """Keep a tunnel. What fails at first ends this; later it is tried again: the network may be away for long."""
    agent = Agent(settings)
    watch = TunnelWatch(settings, _say, lambda address: _show(settings, address))
    pauses = 0
    try:
        while True:
            try:
                asyncio.run(watch.stay(agent.found_or_started()))
                pauses = 0
                _say(_("ngrok does not answer any more: it is looked for, or started again."))
            except Failed as failed:
                if not watch.led_here:
                    raise
                _say(failed.message)
            time.sleep(AGAIN_SECONDS[min(pauses, len(AGAIN_SECONDS) - 1)])
            pauses += 1
    finally:
        agent.end(watch)


class Agent:
    """The agent that is used: one that runs already, which goes on when this command ends, or one of our own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings.tunnel
        self._started: ngrok_agent.StartedAgent | None = None

    def found_or_started(self) -> str:
        """The address of its local API; raises `Failed` where it cannot be started."""
        if self._started is not None and self._started.is_alive:
            return self._started.url
        self._started = None
        if asyncio.run(has_agent(self._settings.api)):
            _say(_("ngrok runs already on this machine: it is used, and goes on when this command ends."))
            return self._settings.api
        self._started = ngrok_agent.start(self._settings)
        return self._started.url

    def end(self, watch: TunnelWatch) -> None:
        """End our own; of another, close only the tunnel that was opened here."""
        if self._started is not None:
            self._started.end()
        else:
            asyncio.run(watch.close())


def _say(text: str) -> None:
    print(text, flush=True)


def _show(settings: Settings, address: str) -> None:
    """The address, what is pasted where, and what is to be done on the VPS."""
    behind = settings.tunnel.vps_url
    pasted = dataclasses.replace(settings, public_url=behind or address)
    lines = ["", "  " + _("The tunnel leads here: {address}").format(address=address), ""]
    lines += addresses(pasted, settings.port, show_tokens=sys.stdout.isatty())
    lines += ["", *_on_the_vps(settings, address)]
    if settings.public_url != pasted.public_url:
        change = _("In .env: PUBLIC_URL={address}, then {command}")
        lines += ["", "  " + change.format(address=pasted.public_url, command="python -m scripts.chatwoot register")]
    lines += [
        "",
        "  " + _("Ctrl-C ends the tunnel. Does everything arrive? {command}").format(command=f"{ngrok.START} --check"),
        "",
    ]
    _say("\n".join(lines))


def _on_the_vps(settings: Settings, address: str) -> list[str]:
    """The steps for the proxy, where it is not told by this command."""
    if settings.tunnel.vps_url and settings.tunnel.vps_token:
        return ["  VPS       " + _("is told the address by this command: {url}").format(url=settings.tunnel.vps_url)]
    return [
        "  VPS       " + _("only with a proxy there (docs/ngrok.md): in its .env, then start it again") + ":",
        f"    FORWARD_URL={address}",
        "            " + _("Told by this command from now on, with both in .env here: VPS_URL=https://… VPS_TOKEN=…"),
    ]


def _check() -> int:
    """Every station from outside in; the exit code: 1 where the way breaks."""
    console = screen()
    findings = asyncio.new_event_loop().run_until_complete(_walk())
    show_findings(console, findings)
    broken = next((each for each in findings if each.level == "error"), None)
    if broken is None:
        console.print(plain(_("The way is whole: what is sent from outside arrives.")), style="green")
        return 0
    console.print(plain(_("It breaks here: {what}").format(what=broken.what)), style="bold red")
    console.print(plain(f"→ {broken.remedy}"))
    return 1


async def _walk() -> list[Finding]:
    context = Context.read()
    found = []
    for station in WAY:
        found += await within(SECONDS, station.__module__.rpartition(".")[2], station(context))
    return [each if each.code != "server.down" else _down(each) for each in found]


def _down(finding: Finding) -> Finding:
    """A server that does not run is doubtful to the doctor; on this way it is where it breaks."""
    return dataclasses.replace(finding, level="error")


if __name__ == "__main__":
    main()
