"""Who may look in? Whoever has the admin's token, from where the server is not public."""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Collection, Mapping
from gettext import gettext as _
from typing import Any, NamedTuple

import limits
from loguru import logger
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from config.settings import Settings
from relay.event import Incoming, now_ms
from relay.source import any_same, bearer_token, same
from relay.store import State

SESSION_MS = 12 * 3_600_000
SESSIONS = "sessions"
COOKIE = "servidor_session"
TRIES = limits.parse("5/minute")
ALL_TRIES = limits.parse("30/minute")
# Programs ask more often than people: one with an old token must not soon shut out its neighbours on the machine.
GUESSES = limits.parse("60/minute")
_guesses = limits.strategies.MovingWindowRateLimiter(limits.storage.MemoryStorage())
# What a proxy or a tunnel adds, or anything that begins with "x-forwarded": such a request came from outside.
_FORWARDED = ("forwarded", "x-real-ip", "cf-connecting-ip", "true-client-ip", "via")


class Session(NamedTuple):
    """Somebody who has logged in. `csrf` stands in every form of theirs."""

    key: str
    csrf: str
    until: int


def is_inside(headers: Mapping[str, str], hosts: tuple[str, ...], peer: str) -> bool:
    """Whether a request was made to and from this network, and through no proxy; or to one of the `hosts`.

    A name of one word, or one that only a local network knows, is inside; what a browser was led to by a public name
    is not, even if that name means this machine (DNS rebinding). Whoever connects from a public address (`peer`) is
    not, whatever host they name.
    """
    host = _host_of(headers.get("host", ""))
    if host in hosts:
        return True
    if any(name in _FORWARDED or name.startswith("x-forwarded") for name in headers):
        return False
    if _is_public(peer):
        return False
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".lan", ".internal", ".home.arpa"))


def _is_public(peer: str) -> bool:
    """Whether an address is one of the internet's; a socket's path, which has none, is not."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_global


def _host_of(value: str) -> str:
    """The name or address in a Host header, without the port."""
    if value.startswith("["):
        return value[1:].partition("]")[0].lower()
    return value.partition(":")[0].lower().rstrip(".")


def outside(request: Request, settings: Settings) -> Response | None:
    """What a request from outside is told; None where it may go on."""
    if is_inside(request.headers, settings.admin_hosts, request.client.host if request.client else ""):
        return None
    logger.bind(component="server").warning("{} was asked for from outside and refused", request.url.path[:100])
    text = _("This is not shown at a public address. Open it on the server's own network, or name this host in {name}.")
    return PlainTextResponse(text.format(name="ADMIN_HOSTS"), 403)


def without_token(request: Request, tokens: Collection[str], said: str) -> Response | None:
    """What a program is told that has none of the tokens, or had too many wrong ones; None where it may go on."""
    address = request.client.host if request.client else ""
    if not _guesses.test(GUESSES, address):
        return PlainTextResponse(_("Too many wrong tokens: wait a minute."), 429)
    headers = {"authorization": request.headers.get("authorization", "")}
    token = bearer_token(Incoming("GET", "", "", headers, b"", 0))
    if any_same([token], tokens):
        return None
    if token:
        _guesses.hit(GUESSES, address)
    return PlainTextResponse(said, 401, headers={"WWW-Authenticate": "Bearer"})


class Sessions:
    """Who has logged in: on the disk, so that a restart ends nobody's session, and logging out does."""

    def __init__(self, settings: Settings, state: State) -> None:
        self._settings = settings
        self._state = state
        self._tries = limits.strategies.MovingWindowRateLimiter(limits.storage.MemoryStorage())

    async def log_in(self, token: str, address: str) -> str | None:
        """Begin a session: what the cookie is to hold; None where the token is wrong."""
        if not same(token, self._settings.admin_token):
            self._tries.hit(TRIES, address)
            self._tries.hit(ALL_TRIES)
            logger.bind(component="server").warning("a login from {} was refused: wrong ADMIN_TOKEN", address)
            return None
        secret, now = secrets.token_urlsafe(32), now_ms()
        entry = {"csrf": secrets.token_urlsafe(24), "until": now + SESSION_MS}
        key = self._key(secret)

        def add(known: Any) -> dict[str, Any]:
            return {**{name: each for name, each in (known or {}).items() if each["until"] > now}, key: entry}

        await self._state.change("", SESSIONS, add)
        logger.bind(component="server").info("somebody logged in from {}", address)
        return secret

    def must_wait(self, address: str) -> bool:
        """Whether there were too many wrong tokens in this minute, from there or at all."""
        return not (self._tries.test(TRIES, address) and self._tries.test(ALL_TRIES))

    async def of(self, request: Request) -> Session | None:
        """The session of a request, if it has one that has not ended."""
        secret = request.cookies.get(COOKIE, "")
        if not secret:
            return None
        key = self._key(secret)
        found = (await self._state.get("", SESSIONS) or {}).get(key)
        if found is None or found["until"] <= now_ms():
            return None
        return Session(key, found["csrf"], found["until"])

    async def end(self, session: Session) -> None:
        """Log out: nobody has this session any more."""

        def remove(known: Any) -> dict[str, Any]:
            return {name: each for name, each in (known or {}).items() if name != session.key}

        await self._state.change("", SESSIONS, remove)

    def _key(self, secret: str) -> str:
        """What a session is kept under: its secret never is, and another ADMIN_TOKEN ends them all."""
        return hmac.digest(self._settings.admin_token.encode(), secret.encode(), hashlib.sha256).hex()


def set_cookie(response: Response, secret: str, *, secure: bool) -> None:
    """Let the browser keep the session, out of every script's reach; a link in Odoo's page may lead here with it."""
    response.set_cookie(
        COOKIE, secret, max_age=SESSION_MS // 1000, path="/", secure=secure, httponly=True, samesite="lax"
    )
