"""Evolution API's own webhook (WhatsApp): its source. See README.md beside this file."""

from handlers.evolution import source

__all__ = ["source"]
