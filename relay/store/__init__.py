"""What is remembered: the store, opened once per process. One file per step stands beside this one."""

from relay.store.store import AlreadyRunning, History, State, Store

__all__ = ["AlreadyRunning", "History", "State", "Store"]
