"""What does a handler do in Odoo because of an event? It writes once, however often the delivery runs."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from clients.once import Find, Occasion, Outbox, act

# What is wrong with the call itself is wrong the next time too.
HOPELESS = (400, 404, 422)


class Asked(Protocol):
    """What writes to any account's Odoo."""

    def read(self, account: str, model: str, method: str, /, **named: Any) -> Awaitable[Any]: ...
    def write(self, account: str, model: str, method: str, /, **named: Any) -> Awaitable[Any]: ...
    def notify(self, account: str, payload: dict[str, Any]) -> Awaitable[dict[str, Any]]: ...


class InOdoo:
    """One account's Odoo, in the hands of an event's handler. What is written is an effect of the event, done once.

    If it is not known whether an earlier attempt succeeded, `find` looks it up (as for `event.once`); without it the
    delivery is parked. `effect` names it, where "write", "write 2" does not do. A test's writing goes to the outbox,
    and gives None.
    """

    def __init__(self, event: Occasion, account: str, odoo: Asked, outbox: Outbox | None) -> None:
        self._event = event
        self._account = account
        self._odoo = odoo
        self._outbox = outbox

    async def read(self, model: str, method: str, /, *, ids: Sequence[int] = (), **arguments: Any) -> Any:
        """Call a method that changes nothing: `read("sale.order", "search_read", domain=[…], fields=[…])`."""
        return await self._odoo.read(self._account, model, method, ids=ids, **arguments)

    async def write(
        self,
        model: str,
        method: str,
        /,
        *,
        ids: Sequence[int] = (),
        find: Find | None = None,
        effect: str = "",
        **arguments: Any,
    ) -> Any:
        """Call a method that changes something."""

        async def do() -> Any:
            return await self._odoo.write(self._account, model, method, ids=ids, **arguments)

        said = {"ids": list(ids), **arguments}
        return await self._once(effect or self._event.nth("write"), do, find, f"{model} {method}", said)

    async def notify(self, payload: dict[str, Any], *, find: Find | None = None, effect: str = "") -> Any:
        """Post to the webhook of the account's automation rule."""

        async def do() -> Any:
            return await self._odoo.notify(self._account, payload)

        return await self._once(effect or self._event.nth("notify"), do, find, "webhook", payload)

    async def _once(
        self, name: str, do: Callable[[], Awaitable[Any]], find: Find | None, about: str, said: dict[str, Any]
    ) -> Any:
        async def keep() -> Any:
            if self._outbox is not None:
                text = f"{about} {json.dumps(said, ensure_ascii=False, default=str)}"
                await self._outbox(self._account, "", "odoo", text, True)

        done = keep if self._event.test else do
        return await act(self._event, name, done, find, about=about, hopeless=HOPELESS)
