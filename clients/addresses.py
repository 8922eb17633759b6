"""Where does an address lead: to this server, to one like it, or elsewhere? And how is it shown without its secrets?"""

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

# The addresses that any account's Chatwoot may send to.
WAYS_IN = ("/webhook", "/webhook/webhook", "/webhook/chatwoot", "/webhook/chatwoot/webhook")
_PORTS = {"http": 80, "https": 443}


def leads_to(url: str, base_url: str, names: Iterable[str]) -> bool:
    """Whether an address leads to a server's way in for Chatwoot; an account may be named there by one of `names`."""
    there, here = parts_of(url), parts_of(base_url)
    if there is None or here is None or not here.hostname:
        return False
    base, path = here.path.rstrip("/"), there.path.rstrip("/")
    ways = {base + each for each in (*WAYS_IN, *(f"/webhook/chatwoot/{name}" for name in names))}
    return (there.hostname, _port(there)) == (here.hostname, _port(here)) and path in ways


def is_at(url: str, base_url: str) -> bool:
    """Whether an address is a way in of the server at another one, whatever account it names."""
    there, here = parts_of(url), parts_of(base_url)
    if there is None or here is None or not here.hostname:
        return False
    same = (there.hostname, _port(there)) == (here.hostname, _port(here))
    return same and there.path.startswith(f"{here.path.rstrip('/')}/webhook")


def looks_like_ours(url: str) -> bool:
    """Whether an address could be such a server's, at another place: an earlier tunnel's, mostly."""
    there = parts_of(url)
    return there is not None and (there.path.rstrip("/") == "/webhook" or there.path.startswith("/webhook/chatwoot"))


def shown(url: str) -> str:
    """An address without its token and password."""
    parts = parts_of(url)
    if parts is None:
        return "…"
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query="token=…" if parts.query else "").geturl()


def parts_of(url: str) -> SplitResult | None:
    """An address taken apart; None for what is none."""
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        return None
    return parts


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)
