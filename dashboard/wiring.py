"""Which addresses are pasted where, and has anything come by them yet?"""

from typing import Any

from dashboard.asked import Nothing
from dashboard.inside import Inside
from relay.source import SetUp
from relay.store import handled


async def setup(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """Per account, how each source is connected (never a token), and when the latest event came from it.

    Every source tells it itself; those that are set for no account stand in `more`, with the settings they lack.
    """
    came = await inside.store.read(handled.last_by_source)
    base = inside.settings.public_url
    items: list[dict[str, Any]] = []
    lacking: dict[str, str] = {}
    for account in inside.settings.accounts:
        told = [(each.name, found) for each in inside.sources if (found := each.set_up(account.id))]
        ready = [_shown(name, found, base, came.get((name, account.id))) for name, found in told if not found.missing]
        items.append({"account": account.id, "name": account.name, "sources": ready})
        lacking |= {found.title: found.missing for _name, found in told if found.missing}
    taken = {source["title"] for item in items for source in item["sources"]}
    more = [{"title": title, "missing": lacking[title]} for title in sorted(lacking.keys() - taken)]
    return {"public_url": base, "items": items, "more": more, "next": None}


def _shown(name: str, found: SetUp, base: str, last: int | None) -> dict[str, Any]:
    return {
        "source": name,
        "title": found.title,
        "last": last,
        "steps": [{"text": text, "address": f"{base}{path}"} for text, path in found.steps],
        "checks": [{"is_so": is_so, "text": text} for is_so, text in found.checks],
    }
