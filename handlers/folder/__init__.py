"""Knowledge without Odoo: files in a folder per account. See README.md beside this file."""

from handlers.folder import follow

__all__ = ["follow"]
