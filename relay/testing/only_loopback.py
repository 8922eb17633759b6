"""How does nothing leave this machine while a test runs? Python tells of each connection before it is made."""

import contextlib
import ipaddress
import sys
import threading
from collections.abc import Iterator
from typing import Any

_CONNECTIONS = ("socket.connect", "socket.sendto", "socket.sendmsg")
_NAMES = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
# A program of its own would be out of our hands.
_PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn")


class ReachedOut(AssertionError):
    """A test would have left this machine."""


class Refused(ConnectionError):
    """Not from a test."""


class _Watch:
    """Whether it is looked at, and what would have been reached. Python never forgets a hook: there is one."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = 0
        self.added = False
        self.reached: list[str] = []

    def __call__(self, what: str, given: tuple[Any, ...]) -> None:
        if self.now and (where := _outside(what, given)):
            self.reached.append(where)
            raise Refused(f"in a test nothing leaves this machine: {where}")


_watch = _Watch()


@contextlib.contextmanager
def only_loopback() -> Iterator[None]:
    """Refuse every connection to elsewhere, every look-up of a name, and every program, in all threads.

    Raises `ReachedOut` in the end, also where whoever tried made nothing of the refusal.
    """
    with _watch.lock:
        if not _watch.added:
            sys.addaudithook(_watch)
        _watch.added = True
        _watch.now += 1
        before = len(_watch.reached)
    try:
        yield
    finally:
        with _watch.lock:
            _watch.now -= 1
            reached = _watch.reached[before:]
    if reached:
        raise ReachedOut(
            f"in a test nothing leaves this machine, but this would have: {', '.join(reached)}. What it asks may stand "
            "here: clients.testing.served(app) gives an address for the plugin's settings"
        )


def _outside(what: str, given: tuple[Any, ...]) -> str:
    """Where it would have gone; "" where that is here."""
    if what in _PROGRAMS:
        return f"the program {given[0]!s}"
    if what in _CONNECTIONS:
        address = given[1]
        return "" if not isinstance(address, tuple) or is_here(address[0]) else f"{address[0]}:{address[1]}"
    return _text(given[0]) if what in _NAMES and not is_here(given[0]) else ""


def is_here(host: Any) -> bool:
    """Whether a host is this machine: a loopback address, or none at all."""
    name = _text(host) if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified


def _text(host: Any) -> str:
    return host.decode(errors="replace") if isinstance(host, bytes) else str(host)
