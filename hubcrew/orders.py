"""Where is the customer's own order? What Odoo says of it, told to whoever has that very number. Pure."""

import re
from collections.abc import Sequence

from clients import Order
from hubcrew.tongue import said as _
from hubcrew.words import plain

_ORDER = frozenset({"pedido", "pedidos", "encomenda", "encomendas", "compra", "compras", "order"})
# What makes it a question after one's own order, and not after how to order.
_OWN = frozenset(
    """
    meu meus minha minhas my cade onde status andamento chegou chega chegar enviado enviada saiu rastreio rastrear
    situacao where
    """.split()
)
# "Meu sofá já saiu para entrega?": what became of it, by whatever name.
_BECAME = re.compile(
    r"\b(?:meu|minha|meus|minhas)\b(?: [a-z0-9]+){0,4} (?:ja )?(?:saiu|sairam|chegou|chegaram"
    r"|foi enviad[oa]|foi despachad[oa]|(?:ficou|esta|ta|tao) pront[oa]s?|chega hoje|chega quando)\b"
    r"|\bainda nao (?:chegou|recebi|veio|entregaram)\b|\bnao chegou (?:ainda|ate)\b"
)
_STATUS = frozenset(
    "cade onde status andamento chegou chega chegar enviado enviada saiu rastreio rastrear situacao where".split()
)
MOST_TOLD = 3


def asks_what_became(question: str) -> bool:
    """Whether somebody asks where an order of theirs is: no rule can say that."""
    said = " ".join(each.strip(".,;:!?()") for each in plain(question).split())
    return bool(_BECAME.search(said)) or (asks_for_own_order(question) and bool(set(said.split()) & _STATUS))


def asks_for_own_order(question: str) -> bool:
    """Whether somebody asks what became of an order of theirs."""
    words = {each.strip(".,;:!?()") for each in plain(question).split()}
    return bool(words & _ORDER) and bool(words & _OWN)


def told(orders: Sequence[Order]) -> str:
    """The newest orders, a line each."""
    return "\n".join(_line(each) for each in orders[:MOST_TOLD])


def _line(order: Order) -> str:
    states = {
        "sent": _("is a quotation that waits for your confirmation"),
        "sale": _("is confirmed"),
        "done": _("is completed"),
        "cancel": _("was cancelled"),
    }
    text = _("Order {name} of {date} {state}.") if order.date is not None else _("Order {name} {state}.")
    date = order.date.strftime("%d/%m/%Y") if order.date is not None else ""
    return text.format(name=order.name, date=date, state=states.get(order.state, order.state))
