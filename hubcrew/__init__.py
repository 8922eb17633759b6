"""What we know and what we answer: knowledge per account, and answers grounded in it. Knows no web framework."""

from hubcrew.answer import Answer, HandOver
from hubcrew.crew import HubCrew
from hubcrew.items import Item
from hubcrew.knowledge import Knowledge
from hubcrew.shop import Shop

__all__ = ["Answer", "HandOver", "HubCrew", "Item", "Knowledge", "Shop"]
