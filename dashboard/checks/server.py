"""Does the server run, and take what comes? Asked over HTTP on this machine, as anybody would ask it."""

import time
from gettext import gettext as _
from typing import Any

from clients.http import Failed
from clients.look import Answer, look_at
from config.settings import Settings
from dashboard.checks.context import Context, local_url
from dashboard.checks.finding import Finding, error, good, warning

REGISTER = "python -m scripts.chatwoot register"
# How far back refusals and signatures are looked at.
DAY_MS = 86_400_000
LATEST = 20
NEWEST_READ = 3


async def check(context: Context) -> list[Finding]:
    """Whether it is alive and ready, and what it says of the signatures of late."""
    settings = context.settings
    assert settings is not None
    url = local_url(settings)
    alive = await context.look_or_none(f"{url}/health", direct=True)
    if alive is None:
        what, why = _("The server does not run at {url}").format(url=url), _("Nothing is taken from Chatwoot and Odoo.")
        return [warning("server.down", what, why, "scripts/start")]
    if not is_health(alive):
        what = _("Another program answers at {url}").format(url=url)
        why = _("The server cannot start there, or listens elsewhere.")
        return [error("server.other", what, why, _("Set SERVER_PORT to another port, or stop that program"))]
    return [await _readiness(context, url), *await _signatures(settings)]


def is_health(answer: Answer) -> bool:
    """Whether this is how our /health answers."""
    told = answer.json
    return answer.status == 200 and isinstance(told, dict) and told.get("status") == "ok"


async def _readiness(context: Context, url: str) -> Finding:
    ready = await context.look_or_none(f"{url}/ready", direct=True)
    if ready is not None and ready.status == 200:
        return good("server.ready", _("The server runs at {url} and keeps what comes in").format(url=url))
    told = ready.json if ready else None
    reason = str(told.get("reason")) if isinstance(told, dict) else _("no answer")
    what = _("The server runs at {url}, but cannot keep anything: {reason}").format(url=url, reason=reason)
    why = _("Every request is answered with 500 until it can.")
    return error("server.not_ready", what, why, _("Look at the disk and at the newest lines in {folder}").format(
        folder=context.settings.log_dir if context.settings else ""
    ))  # fmt: skip


async def _signatures(settings: Settings) -> list[Finding]:
    """What its record says: signed, and nobody looked; or refused for its signature."""
    since = int(time.time() * 1000) - DAY_MS
    rejections = await ask_admin(settings, f"rejections?limit={LATEST}")
    if rejections is None:
        return []
    refused = [
        each for each in rejections.get("items", [])
        if each["received"] >= since and "signature" in each["reason"] and "no signature" not in each["reason"]
    ]  # fmt: skip
    return [*_refused(refused), *await _unchecked(settings, since)]


def _refused(refused: list[dict[str, Any]]) -> list[Finding]:
    if not refused:
        return []
    what = _("{number} of the latest refusals are for a signature: {reason}")
    why = _("What Chatwoot sends is lost: the secret is another object's, or old, or a clock is wrong.")
    said = what.format(number=len(refused), reason=refused[0]["reason"])
    return [warning("server.signature_refused", said, why, f"{REGISTER}; python -m scripts.events --rejections")]


async def _unchecked(settings: Settings, since: int) -> list[Finding]:
    """Whether events of accounts that hold no secret came signed of late."""
    bare = {each.id for each in settings.accounts if not any(place.secrets for place in each.chatwoot)}
    listed = await ask_admin(settings, f"events?limit={LATEST}&signal=chatwoot.*&since={since}") if bare else None
    found: dict[str, Finding] = {}
    for item in [each for each in (listed or {}).get("items", []) if each["account"] in bare][:NEWEST_READ]:
        event = await ask_admin(settings, f"events/{item['id']}")
        if event and "x-chatwoot-signature" in (event.get("headers") or {}) and not item["test"]:
            what = _("Chatwoot signs what it sends, and no secret is set (CHATWOOT_WEBHOOK_SECRET)")
            why = _("The signature is not looked at: the token in the address is all that is checked.")
            found[item["account"]] = warning("server.signature_unchecked", what, why, REGISTER, item["account"])
    return list(found.values())


async def ask_admin(settings: Settings, path: str) -> dict[str, Any] | None:
    """What the running server tells at /admin/api; None where it tells nothing."""
    if not settings.admin_token:
        return None
    headers = {"Authorization": f"Bearer {settings.admin_token}"}
    try:
        told = (await look_at(f"{local_url(settings)}/admin/api/{path}", headers=headers, direct=True)).json
    except Failed:
        return None
    return told if isinstance(told, dict) else None
