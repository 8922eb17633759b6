"""Odoo: what its business_rules modules synchronise. See README.md beside this file."""

from handlers.odoo import heal, mapping, native, source, support, sync

__all__ = ["heal", "mapping", "native", "source", "support", "sync"]
