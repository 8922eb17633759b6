"""The core: one event's life, a file per step. It knows no outside system."""

from relay.batch import Batch, Debounce
from relay.deliver import Emit
from relay.describe import field, header, webhook
from relay.effects import Unresolvable
from relay.event import Cause, Event, Incoming, Named, Rejected
from relay.own_settings import PerAccount
from relay.reconcile import Reconcile
from relay.retry import NEVER, Retry
from relay.signals import answer, daily, every, meanwhile, on, settings, source
from relay.source import Envelope, Proof, Refused, SetUp, Source
from relay.store import History, State

__all__ = [
    "NEVER",
    "Batch",
    "Cause",
    "Debounce",
    "Emit",
    "Envelope",
    "Event",
    "History",
    "Incoming",
    "Named",
    "PerAccount",
    "Proof",
    "Reconcile",
    "Refused",
    "Rejected",
    "Retry",
    "SetUp",
    "Source",
    "State",
    "Unresolvable",
    "answer",
    "daily",
    "every",
    "field",
    "header",
    "meanwhile",
    "on",
    "settings",
    "source",
    "webhook",
]
