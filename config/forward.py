"""Is this server a proxy, and for which? `FORWARD_URL` says it at the start, a file while it runs."""

from collections.abc import Sequence
from pathlib import Path

from loguru import logger

from config.reader import check_url

NOTE = "# FORWARD_URL="


class Forward:
    """Where a proxy hands on to. `keys` are those that it, or those that hand on to this server, vouch with.

    The address stands in `file` once somebody has changed it there, by hand or by `change`; it counts as long as
    `FORWARD_URL` is what it was then.
    """

    def __init__(self, url: str = "", keys: Sequence[str] = (), file: Path = Path("forward_url")) -> None:
        self.is_proxy = bool(url)
        self.keys = tuple(keys)
        self._url = _plain(url)
        self._file = file
        self._seen: tuple[int, int] | None = None
        self._in_file = ""
        self._was = ""

    @property
    def key(self) -> str:
        """The key that this server vouches with, or ""."""
        return self.keys[0] if self.keys else ""

    def url(self) -> str:
        """The address as it is now."""
        try:
            stat = self._file.stat()
        except OSError:
            self._seen, self._in_file = None, ""
            return self._told(self._url)
        if (stat.st_mtime_ns, stat.st_ino) != self._seen:
            self._seen = (stat.st_mtime_ns, stat.st_ino)
            self._in_file = self._read()
        return self._told(self._in_file or self._url)

    def _told(self, url: str) -> str:
        """The same; that it is another than before stands in the log."""
        if self._was and url != self._was:
            logger.bind(component="server").info("it hands on to {} from now on", url)
        self._was = url
        return url

    def change(self, url: str) -> str:
        """Hand on to this address from now on; raises ValueError for what is none. Returns it as it is used."""
        check_server(url)
        plain = _plain(url)
        if not plain:
            raise ValueError(url)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_name(f"{self._file.name}.new")
        new.write_text(f"{plain}\n{NOTE}{self._url}\n", encoding="utf-8")
        new.replace(self._file)
        return self.url()

    def _read(self) -> str:
        """The address in the file, unless it is none, or `FORWARD_URL` has been changed since."""
        log = logger.bind(component="server")
        try:
            lines = [line.strip() for line in self._file.read_text(encoding="utf-8").splitlines()]
            address = next((_plain(line) for line in lines if line and not line.startswith("#")), "")
            check_server(address)
        except (OSError, ValueError) as error:
            log.error("{} is not read, it hands on to {}: {}", self._file, self._url, type(error).__name__)
            return ""
        noted = next((line.removeprefix(NOTE) for line in lines if line.startswith(NOTE)), self._url)
        if noted != self._url:
            log.warning("FORWARD_URL has been changed since {} was written: it hands on to {}", self._file, self._url)
            return ""
        return address


def check_server(url: str) -> None:
    """Raise ValueError for what is no server's address: paths are added to it, and it is shown and logged."""
    check_url(url)
    if not set(url).isdisjoint("@?#"):
        raise ValueError(url)


def _plain(url: str) -> str:
    """The server's own address: what comes is handed on to the same path there."""
    return url.strip().rstrip("/").removesuffix("/webhook").rstrip("/")
