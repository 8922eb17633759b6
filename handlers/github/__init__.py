"""GitHub: its source. See README.md beside this file."""

from handlers.github import source

__all__ = ["source"]
