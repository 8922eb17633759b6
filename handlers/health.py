"""Is the server alive, and may requests be sent to it?"""

import time
from gettext import gettext as _

from starlette.responses import JSONResponse

from relay import Event, Incoming, Named, Source, answer, source
from relay.store import Store

NAMES = {"/health": "health.alive", "/webhook/health": "health.alive", "/ready": "health.ready"}


@source
def health() -> Source:
    """Open to everybody, since monitors and Odoo's modules ask without a key; it tells nothing but yes or no."""
    return Source(
        name="health",
        paths=tuple(NAMES),
        methods=("GET",),
        authenticate=_anybody,
        describe=_describe,
        component="health",
        set_up=lambda _account: None,
        speaks_for=lambda _nobody: (),
    )


def _anybody(incoming: Incoming) -> None:
    return None


def _describe(incoming: Incoming) -> Named:
    return Named(NAMES[incoming.path])


@answer("health.alive", keep=False)
async def alive(event: Event) -> dict[str, str]:
    """Alive: answered from memory, whatever else is down."""
    return {"status": "ok"}


@answer("health.ready", keep=False, timeout=5)
async def ready(event: Event, store: Store) -> JSONResponse:
    """Ready: what comes in can be put on disk."""
    started = time.monotonic()
    try:
        await store.check()
    except Exception as error:  # noqa: BLE001  # whatever it is, requests should go elsewhere until it is over
        text = _("The database cannot be written: {error}").format(error=type(error).__name__)
        return JSONResponse({"status": "unavailable", "reason": text}, status_code=503)
    return JSONResponse({"status": "ready", "write_ms": round((time.monotonic() - started) * 1000, 1)})
