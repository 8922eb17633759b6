"""What never came? A source's events made of what it tells when it is asked: once each, marked, delivered as ever."""

from collections.abc import Sequence

from relay.deliver import Deliver
from relay.event import RECONCILED, Event, Named
from relay.store import Store
from relay.store.keep import known_facts

# Says to whoever handles such an event, or looks at it, what it is.
HEADER = "x-event-reconciled"


class Reconcile:
    """Makes the events whose requests were lost, named as their source would have named them."""

    def __init__(self, deliver: Deliver, store: Store) -> None:
        self._deliver = deliver
        self._store = store

    async def known(self, source: str, fact_ids: Sequence[str]) -> set[str]:
        """Which of these facts have come in already, also where retention has taken their bodies since."""
        return await self._store.read(known_facts, source, fact_ids)

    async def __call__(self, source: str, named: Named, body: bytes, *, remark: str = "true") -> bool:
        """Make one; whether it is new: its request may have come meanwhile. Handlers find `remark` in its header."""
        event = Event(
            named.name,
            body,
            source=source,
            account=named.account,
            key=named.key,
            headers={HEADER: remark, **(named.cause.as_headers if named.cause else {})},
            path=RECONCILED,
        )
        is_new = await self._deliver.make(event, named)
        if is_new:
            self._deliver.figures.reconciled.labels(source, named.account or "").inc()
        return is_new
