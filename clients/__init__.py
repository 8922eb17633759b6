"""How we speak to others. Knows nothing of ours: settings are handed in as plain arguments."""

from clients.anywhere import Http
from clients.chatwoot import Chatwoot
from clients.contacts import Contact, Template
from clients.conversation import Conversation
from clients.http import Answer, Failed, Refused, Slowed, Unavailable, Unknown, Unreadable
from clients.installation import Access
from clients.llm import Llm, LlmConnection
from clients.odoo import Odoo, Order, Partner
from clients.odoo_server import OdooConnection
from clients.onward import Onward
from clients.outside import OutsideCrews

__all__ = [
    "Access",
    "Answer",
    "Chatwoot",
    "Contact",
    "Conversation",
    "Failed",
    "Http",
    "Llm",
    "LlmConnection",
    "Odoo",
    "OdooConnection",
    "Onward",
    "Order",
    "OutsideCrews",
    "Partner",
    "Refused",
    "Slowed",
    "Template",
    "Unavailable",
    "Unknown",
    "Unreadable",
]
