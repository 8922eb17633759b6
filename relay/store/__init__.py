"""What is remembered: the store, opened once per process. One file per step stands beside this one."""

from relay.store.database import AlreadyRunning, NewerDatabase
from relay.store.store import History, State, Store

__all__ = ["AlreadyRunning", "History", "NewerDatabase", "State", "Store"]
