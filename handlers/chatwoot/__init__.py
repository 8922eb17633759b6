"""Chatwoot: its source and its handlers. See README.md beside this file."""

from handlers.chatwoot import heal, reply, rescue, rest, source, wrong

__all__ = ["heal", "reply", "rescue", "rest", "source", "wrong"]
