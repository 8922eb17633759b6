"""What does a check know? The settings, or why there are none, and what has been seen of the outside so far."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from clients.http import Failed
from clients.look import Answer, look_at
from config.accounts import Account, Place
from config.settings import Settings, WrongSettings, env_path, load

EVERYWHERE = ("", "0.0.0.0", "::", "localhost")  # noqa: S104  # compared, not bound


def ngrok_files() -> tuple[Path, ...]:
    """Where ngrok keeps its token."""
    home = Path.home()
    places = (".config/ngrok", "Library/Application Support/ngrok", ".ngrok2")
    return own_ngrok_file(), *(home / place / "ngrok.yml" for place in places)


def own_ngrok_file() -> Path:
    """Where the token of `.env` is kept for ngrok: never on its command line, which everybody may read."""
    return env_path().parent / "data" / "ngrok.yml"


@dataclass
class Context:
    """What checks go by. `settings` None: they cannot be read, and `wrong` says why.

    With settings, `wrong` is what accounts.toml has wrong. `chosen` names the only account that is looked at.
    """

    settings: Settings | None
    wrong: list[str] = field(default_factory=list)
    env_file: Path = field(default_factory=env_path)
    chosen: str = ""
    offline: bool = False
    ngrok_files: tuple[Path, ...] = field(default_factory=ngrok_files)
    _looks: dict[str, "asyncio.Future[Answer]"] = field(default_factory=dict)

    @classmethod
    def read(cls, *, chosen: str = "", offline: bool = False) -> "Context":
        """The settings as a command finds them, however wrong they are."""
        settings, wrong = None, []
        try:
            settings = load()
        except WrongSettings as errors:
            wrong = errors.errors
            with suppress(WrongSettings):
                settings = load(need_accounts=False)
        return cls(settings, wrong, chosen=chosen, offline=offline)

    @property
    def accounts(self) -> list[Account]:
        """The accounts that are looked at."""
        every = list(self.settings.accounts) if self.settings else []
        return [each for each in every if not self.chosen or each.id == self.chosen]

    def places(self) -> Iterator[tuple[Account, Place]]:
        """The declared places of these accounts; what Odoo's mapping has added is reached by the same ways."""
        for account in self.accounts:
            yield from ((account, place) for place in account.chatwoot if not place.learned)

    async def look(self, url: str, *, direct: bool = False) -> Answer:
        """What answers at an address, asked once however many checks want to know."""
        if url not in self._looks:
            self._looks[url] = asyncio.ensure_future(look_at(url, direct=direct))
        return await asyncio.shield(self._looks[url])  # a check that is out of time takes it from no other

    async def look_or_none(self, url: str, *, direct: bool = False) -> Answer | None:
        """The same, or None where nothing answers."""
        try:
            return await self.look(url, direct=direct)
        except Failed:
            return None


def local_url(settings: Settings) -> str:
    """The server's address on this machine."""
    host = "127.0.0.1" if settings.host in EVERYWHERE else settings.host
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
