"""Odoo: what its business_rules modules synchronise. See README.md beside this file."""

from handlers.odoo import source, sync

__all__ = ["source", "sync"]
