"""How we speak to others. Knows nothing of ours: settings are handed in as plain arguments."""

from clients.chatwoot import Access, Chatwoot, Conversation
from clients.http import Failed, Refused, Unavailable, Unknown
from clients.llm import Llm, LlmConnection
from clients.odoo import Odoo, Order, Partner
from clients.odoo_server import OdooConnection
from clients.outside import OutsideCrews

__all__ = [
    "Access",
    "Chatwoot",
    "Conversation",
    "Failed",
    "Llm",
    "LlmConnection",
    "Odoo",
    "OdooConnection",
    "Order",
    "OutsideCrews",
    "Partner",
    "Refused",
    "Unavailable",
    "Unknown",
]
