"""The core: one event's life, a file per step. It knows no outside system."""

from relay.batch import Batch
from relay.deliver import Emit
from relay.effects import Unresolvable
from relay.event import Event, Incoming, Named, Rejected
from relay.retry import NEVER, Retry
from relay.signals import answer, every, on, source
from relay.source import Refused, Source
from relay.store import History, State

__all__ = [
    "NEVER",
    "Batch",
    "Emit",
    "Event",
    "History",
    "Incoming",
    "Named",
    "Refused",
    "Rejected",
    "Retry",
    "Source",
    "State",
    "Unresolvable",
    "answer",
    "every",
    "on",
    "source",
]
