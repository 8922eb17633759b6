"""What we know and what we answer: knowledge per account, and answers grounded in it. Knows no web framework."""

from hubcrew.crew import Answer, HandOver, HubCrew
from hubcrew.items import Item
from hubcrew.knowledge import Knowledge

__all__ = ["Answer", "HandOver", "HubCrew", "Item", "Knowledge"]
