"""Odoo: what its business_rules modules synchronise. See README.md beside this file."""

from handlers.odoo import mapping, native, source, support, sync

__all__ = ["mapping", "native", "source", "support", "sync"]
