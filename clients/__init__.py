"""How we speak to others. Knows nothing of ours: settings are handed in as plain arguments."""

from clients.chatwoot import Access, Chatwoot, Conversation
from clients.http import Failed, Refused, Unavailable, Unknown

__all__ = ["Access", "Chatwoot", "Conversation", "Failed", "Refused", "Unavailable", "Unknown"]
