"""What is asked of an account's Odoo? Reading and writing, its webhook, and the orders of the customer who writes."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from clients.http import WAITS_BETWEEN_READS, Breaker, Destination, Refused, Transport, Unknown
from clients.odoo_once import InOdoo
from clients.odoo_server import OdooConnection, OdooServer, origin
from clients.once import Occasion, Outbox, account_of
from clients.phone import e164, spellings

# More partners than this with one number: it stands for "none", and belongs to nobody.
MOST_PARTNERS = 40
MOST_ORDERS = 5
PHONE_FIELDS = ("phone", "mobile")  # there is no `mobile` from version 19 on, unless a module brings it back


class Partner(NamedTuple):
    """A person or company in Odoo; what it does not know is ""."""

    id: int
    name: str
    phone: str
    email: str


class Order(NamedTuple):
    """A sales order. `state` is Odoo's: sent (a quotation), sale, done, cancel."""

    name: str
    state: str
    date: datetime | None
    amount_total: float
    currency: str


class _Found(NamedTuple):
    """A partner, with every number it has, and the company or person that Odoo counts it to."""

    partner: Partner
    numbers: set[str | None]
    company: int


class Odoo:
    """The Odoo of each account, where there is one. Made once; what it finds out of each is remembered."""

    def __init__(
        self,
        connection_of: Callable[[str], OdooConnection | None],
        *,
        outbox: Outbox | None = None,
        transport: Transport | None = None,
        waits: Sequence[float] = WAITS_BETWEEN_READS,
    ) -> None:
        self._connection_of = connection_of
        self._outbox = outbox
        self._transport = transport
        self._waits = tuple(waits)
        self._servers: dict[OdooConnection, OdooServer] = {}
        self._webhooks: dict[str, Destination] = {}
        self._breakers: dict[str, Breaker] = {}
        self._phone_fields: dict[OdooServer, list[str]] = {}

    def of(self, event: Occasion) -> InOdoo:
        """The Odoo of the event's account, as its handler acts in it."""
        return InOdoo(event, account_of(event), self, self._outbox)

    def can_ask(self, account: str) -> bool:
        """Whether the account has an Odoo that may be read and written."""
        return self._connection_for_asking(account) is not None

    def can_notify(self, account: str) -> bool:
        """Whether the account's Odoo has a webhook of its own."""
        connection = self._connection_of(account)
        return connection is not None and bool(connection.webhook_url)

    async def read(self, account: str, model: str, method: str, /, *, ids: Sequence[int] = (), **arguments: Any) -> Any:
        """Call a method that changes nothing. Without an answer it is called again, twice, within two seconds.

        Arguments go by their names: `read("account_1", "sale.order", "search_read", domain=[…], fields=[…])`.
        """
        return await self._server(account).ask(model, method, ids, arguments, again=True)

    async def write(
        self, account: str, model: str, method: str, /, *, ids: Sequence[int] = (), **arguments: Any
    ) -> Any:
        """Call a method that changes something, once. Only after `Unknown` may it have been done in spite of the error.

        Use it within `event.once`.
        """
        return await self._server(account).ask(model, method, ids, arguments, again=False)

    async def notify(self, account: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Post to the webhook of the account's automation rule, which finds its record by `_model` and `_id`.

        Odoo answers 500 when the rule fails half-way, and keeps what it had done by then: that is `Unknown`.
        """
        connection = self._connection_of(account)
        if connection is None or not connection.webhook_url:
            raise Refused(f"{account} has no webhook in Odoo")
        answer = await self._webhook(connection).request(
            "POST", _path(connection.webhook_url), json=payload, about="POST to Odoo's webhook"
        )
        if not isinstance(answer, dict) or answer.get("status") != "ok":
            raise Unknown("POST to Odoo's webhook: it does not say that it was done")
        return answer

    async def find_partner(self, account: str, *, phone: str = "", email: str = "") -> Partner | None:
        """Who has this number or this address; None where nobody has, or several who are not of one company."""
        found = await self._those_with(account, phone, email)
        if len(found) <= 1:
            return found[0].partner if found else None
        company = found[0].company
        known = next((each.partner for each in found if each.partner.id == company), None)
        return known or await self._partner(account, company)

    async def order_status(self, account: str, phone: str) -> list[Order]:
        """The latest orders, at most five, of the one customer who has this very number; none if that is not certain.

        Only for a number that the channel vouches for (WhatsApp's, not one that was typed into a web form): whoever
        names a number is told its orders. Quotations not yet sent are not told.
        """
        found = await self._those_with(account, phone, "")
        if not found:
            return []
        rows = await self.read(
            account,
            "sale.order",
            "search_read",
            domain=[["partner_id", "in", [each.partner.id for each in found]], ["state", "!=", "draft"]],
            fields=["name", "state", "date_order", "amount_total", "currency_id"],
            order="date_order desc, id desc",
            limit=MOST_ORDERS,
        )
        return [_order(row) for row in rows]

    def _connection_for_asking(self, account: str) -> OdooConnection | None:
        connection = self._connection_of(account)
        return connection if connection and connection.url and connection.api_key else None

    def _server(self, account: str) -> OdooServer:
        connection = self._connection_for_asking(account)
        if connection is None:
            raise Refused(f"{account} has no Odoo, or no key for it")
        if connection not in self._servers:
            # Of the installation, whichever account asks.
            breaker = self._breakers.setdefault(origin(connection.url), Breaker())
            self._servers[connection] = OdooServer(
                connection, breaker=breaker, transport=self._transport, waits=self._waits
            )
        return self._servers[connection]

    def _webhook(self, connection: OdooConnection) -> Destination:
        """With a breaker of its own: a rule that fails says nothing of the rest of Odoo."""
        url = connection.webhook_url
        if url not in self._webhooks:
            headers = {"X-Odoo-Database": connection.database} if connection.database else {}
            self._webhooks[url] = Destination(
                origin(url), headers, transport=self._transport, quote=lambda _status, _text: ""
            )
        return self._webhooks[url]

    async def _those_with(self, account: str, phone: str, email: str) -> list[_Found]:
        """The partners with this very number or address; none where they are not of one company or person."""
        number = e164(phone)
        numbers = spellings(number) if number else set()
        address = email.strip().casefold() if "@" in email else ""
        if not (numbers or address):
            return []
        candidates = await self._candidates(account, number, address)
        exact = [each for each in candidates if each.numbers & numbers or _is_address(each.partner.email, address)]
        certain = len(candidates) < MOST_PARTNERS and len({each.company for each in exact}) == 1
        return exact if certain else []

    async def _candidates(self, account: str, number: str | None, address: str) -> list[_Found]:
        """Whoever may be meant: Odoo keeps numbers as they were typed, so that it can only be asked broadly."""
        fields = await self._fields_for_numbers(account)
        either = [[field, "ilike", "%".join(number[-8:])] for field in fields] if number else []
        if address:
            either.append(["email", "=ilike", re.sub(r"([\\%_])", r"\\\1", address)])
        if not either:
            return []
        domain = ["|"] * (len(either) - 1) + either
        asked = ["name", "email", "commercial_partner_id", *fields]
        try:
            rows = await self.read(
                account, "res.partner", "search_read", domain=domain, fields=asked, limit=MOST_PARTNERS, order="id"
            )
        except Unknown:
            self._phone_fields.clear()  # an Odoo that was renewed may have lost one of them
            raise
        return [_found(row, fields) for row in rows]

    async def _partner(self, account: str, number: int) -> Partner | None:
        fields = await self._fields_for_numbers(account)
        asked = ["name", "email", "commercial_partner_id", *fields]
        rows = await self.read(account, "res.partner", "read", ids=[number], fields=asked)
        return _found(rows[0], fields).partner if rows else None

    async def _fields_for_numbers(self, account: str) -> list[str]:
        server = self._server(account)
        if server not in self._phone_fields:
            wanted = list(PHONE_FIELDS)
            there = await self.read(account, "res.partner", "fields_get", allfields=wanted, attributes=["type"])
            self._phone_fields[server] = [field for field in wanted if field in there]
        return self._phone_fields[server]


def _found(row: dict[str, Any], fields: Sequence[str]) -> _Found:
    """Empty texts come as `false`; a reference as `[id, name]`."""
    typed = [row[field] for field in fields if row.get(field)]
    partner = Partner(row["id"], row.get("name") or "", typed[0] if typed else "", row.get("email") or "")
    company = row.get("commercial_partner_id")
    return _Found(partner, {e164(each) for each in typed} - {None}, company[0] if company else partner.id)


def _is_address(written: str, address: str) -> bool:
    return bool(address) and written.strip().casefold() == address


def _order(row: dict[str, Any]) -> Order:
    currency = row["currency_id"]
    return Order(
        row["name"], row["state"], _moment(row["date_order"]), row["amount_total"], currency[1] if currency else ""
    )


def _moment(text: Any) -> datetime | None:
    """Odoo writes moments without their zone, which is UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc) if text else None


def _path(url: str) -> str:
    parts = urlsplit(url.strip())
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
