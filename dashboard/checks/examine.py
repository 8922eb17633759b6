"""How are they all looked at? Beside each other, each within its time, so that one that hangs delays no other."""

import asyncio
import threading
import traceback
from collections.abc import Awaitable, Callable
from gettext import gettext as _
from pathlib import Path

import anyio

from config.settings import Settings
from dashboard.checks import (
    accounts,
    chatwoot,
    clock,
    folders,
    forward,
    llm,
    ngrok,
    odoo,
    plugins,
    proxies,
    public,
    server,
    settings,
    store,
    vps,
)
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error

# All of it is over after little more than this.
SECONDS = 9.0

Local = Callable[[Context], list[Finding]]
Outside = Callable[[Context], Awaitable[list[Finding]]]
# In the order in which they are told. The local ones block, and have a thread each.
LOCAL: tuple[Local, ...] = (settings.check, accounts.check, folders.check, store.check, proxies.check)
OUTSIDE: tuple[Outside, ...] = (
    server.check,
    public.check,
    ngrok.check,
    vps.check,
    forward.check,
    clock.check,
    chatwoot.check,
    odoo.check,
    llm.check,
)
# What a start can afford, and does not tell already as not configured.
AT_START: tuple[Local, ...] = (settings.check_files, accounts.check_file, folders.check, proxies.check)


async def examine(context: Context, *, seconds: float = SECONDS) -> list[Finding]:
    """Every finding. Where the settings cannot be read, only that."""
    if context.settings is None:
        return settings.check(context)
    local = [(_name(each), _in_thread(each, context)) for each in LOCAL]
    outside = [(_name(each), each(context)) for each in (plugins.check, *(OUTSIDE if not context.offline else ()))]
    found = await asyncio.gather(*(within(seconds, name, check) for name, check in [*local, *outside]))
    return [finding for findings in found for finding in findings]


def at_start(own: Settings) -> list[Finding]:
    """What is doubtful or wrong as far as a glance at this machine tells."""
    context = Context(own)
    return [found for check in AT_START for found in _guarded(check, context) if found.level != "good"]


async def within(seconds: float, name: str, check: Awaitable[list[Finding]]) -> list[Finding]:
    """What a check finds; that it took too long, or failed, is a finding too."""
    with anyio.move_on_after(seconds):
        try:
            return await check
        except Exception as raised:  # noqa: BLE001  # one thing that nobody thought of must not hide the others
            return [_failed(name, raised)]
    what = _("{name}: not known within {seconds} s").format(name=name, seconds=f"{seconds:g}")
    why = _("A disk, a name server or another server does not answer.")
    return [error("doctor.slow", what, why, _("Try again; if it stays so, look at that disk or server."))]


def _guarded(check: Local, context: Context) -> list[Finding]:
    try:
        return check(context)
    except Exception as raised:  # noqa: BLE001  # a server must not fail to start for being looked at
        return [_failed(_name(check), raised)]


def _failed(name: str, raised: Exception) -> Finding:
    """Where it failed, without the error's own words, which may quote a secret."""
    last = traceback.extract_tb(raised.__traceback__)[-1]
    where = f"{type(raised).__name__}, {Path(last.filename).name}:{last.lineno}"
    what = _("{name}: it could not be looked at ({error})").format(name=name, error=where)
    why = _("Something here is as this version does not expect it.")
    return error("doctor.failed", what, why, _("Look at it by hand; please report it with the line above."))


async def _in_thread(check: Local, context: Context) -> list[Finding]:
    """In a thread that nobody waits for at the end: a disk that hangs must not hold the command up."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[list[Finding]] = loop.create_future()

    def tell(how: Callable[..., None], outcome: object) -> None:
        if not done.done():
            how(outcome)

    def run() -> None:
        try:
            outcome, how = check(context), done.set_result
            loop.call_soon_threadsafe(tell, how, outcome)
        except Exception as raised:  # noqa: BLE001  # raised again where it is awaited
            loop.call_soon_threadsafe(tell, done.set_exception, raised)

    threading.Thread(target=run, name=f"check-{_name(check)}", daemon=True).start()
    return await done


def _name(check: Local | Outside) -> str:
    return check.__module__.rpartition(".")[2]
