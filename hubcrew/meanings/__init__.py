"""Which words mean the same to a customer and to a shop? Brazilian Portuguese as it is typed, Spanish and English.

All without accents. A group's words stand in their stems' place: "entrega" covers "entregam" and "entregue". Several
words in a row are joined by "_"; "#" stands for a number. Words of any trade belong here, where a customer and a shop
say the same thing differently; a shop's own names do not. A trade that is missing is one more file.
"""

from collections.abc import Mapping

from hubcrew.meanings import beauty_and_health, every_shop, food_and_stay, services, talk, things_sold


def _joined(*trades: Mapping[str, str]) -> dict[str, str]:
    """All groups; one that several files have words for has all of them."""
    found: dict[str, list[str]] = {}
    for groups in trades:
        for name, members in groups.items():
            found.setdefault(name, []).append(members)
    return {name: " ".join(members) for name, members in found.items()}


_GENERAL = (every_shop.GROUPS, talk.GROUPS)
_TRADES = (beauty_and_health.GROUPS, food_and_stay.GROUPS, services.GROUPS, things_sold.GROUPS)
GROUPS = _joined(*_GENERAL, *_TRADES)
# What only a trade's file has: things and kinds of work rather than ways to say one.
OF_A_TRADE = frozenset().union(*_TRADES) - frozenset().union(*_GENERAL)
