"""How we speak to others. Knows nothing of ours: settings are handed in as plain arguments."""

from clients.chatwoot import Access, Chatwoot, Conversation
from clients.http import Failed, Refused, Unavailable, Unknown
from clients.odoo import Odoo, Order, Partner
from clients.odoo_server import OdooConnection

__all__ = [
    "Access",
    "Chatwoot",
    "Conversation",
    "Failed",
    "Odoo",
    "OdooConnection",
    "Order",
    "Partner",
    "Refused",
    "Unavailable",
    "Unknown",
]
