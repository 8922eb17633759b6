"""Do the books add up? Looked at every time, and hourly from every row, in the background."""

import asyncio
from typing import Any

from loguru import logger

from relay.event import now_ms
from relay.store import Store, add_up, look
from relay.store.add_up import Line

# A million events take three seconds.
FIRST_COUNT_SECONDS = 300.0
COUNT_EVERY_SECONDS = 3600.0


class Books:
    """What the last looks have found."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counted: tuple[int, list[Line]] | None = None
        self._balanced: int | None = None

    @property
    def is_counted(self) -> bool:
        """Whether every row was counted since the start."""
        return self._counted is not None

    async def lines(self) -> list[Line]:
        """The lines that do not add up now, or did not when every row was counted last."""
        at, known = now_ms(), self._counted
        found = await self._store.read(add_up.add_up)
        names = {each.name for each in found}
        found += [each for each in (known[1] if known else []) if each.name not in names]
        if not found:
            self._balanced = at
        return found

    async def count(self) -> None:
        """Count every row."""
        at = now_ms()
        self._counted = at, await self._store.read(add_up.count_rows)

    async def keep_counting(self) -> None:
        """Every hour, for as long as the server runs."""
        await asyncio.sleep(FIRST_COUNT_SECONDS)
        while True:
            try:
                await self.count()
            except Exception as error:  # noqa: BLE001  # the next hour counts again
                logger.bind(component="store").error("the books could not be counted: {}", error)
            await asyncio.sleep(COUNT_EVERY_SECONDS)

    async def told(self, *, all_rows: bool) -> dict[str, Any]:
        """The answer of /admin/api/books."""
        if all_rows:
            await self.count()
        found = await self.lines()
        return {
            "balanced": not found,
            "lines": [each._asdict() for each in found],
            "balanced_at": self._balanced,
            "counted_at": self._counted[0] if self._counted else None,
            "books": await self._store.read(look.books),
        }
