"""Sources of config/sources.toml, without a line of code. See README.md beside this file."""

from handlers.generic import source

__all__ = ["source"]
