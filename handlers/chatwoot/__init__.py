"""Chatwoot: its source and its handlers. See README.md beside this file."""

from handlers.chatwoot import reply, rescue, source

__all__ = ["reply", "rescue", "source"]
