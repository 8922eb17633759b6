"""Standard Webhooks, of whoever sends by that specification: its source. See README.md beside this file."""

from handlers.standard_webhooks import source

__all__ = ["source"]
