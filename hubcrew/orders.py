"""Where is the customer's own order? What Odoo says of it, told to whoever has that very number. Pure."""

from collections.abc import Sequence
from gettext import gettext as _

from clients import Order
from hubcrew.words import plain

_ORDER = frozenset({"pedido", "pedidos", "encomenda", "encomendas", "compra", "compras", "order"})
# What makes it a question after one's own order, and not after how to order.
_OWN = frozenset(
    """
    meu meus minha minhas my cade onde status andamento chegou chega chegar enviado enviada saiu rastreio rastrear
    situacao where
    """.split()
)
MOST_TOLD = 3


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
