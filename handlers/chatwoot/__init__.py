"""Chatwoot: its source and its handlers. See README.md beside this file."""

from handlers.chatwoot import reply, rescue, rest, source, wrong

__all__ = ["reply", "rescue", "rest", "source", "wrong"]
