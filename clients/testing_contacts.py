"""The contacts of a Chatwoot to test against: searched, made once for each number, and written to first."""

import itertools
import re
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Record = dict[str, Any]
PER_PAGE = 15
LATEST = 20
_E164 = re.compile(r"\+[1-9][0-9]{1,14}")


class Chatwoot(Protocol):
    """The installation that they are of."""

    inboxes: dict[int, Record]
    conversations: dict[int, Record]
    on_message: Callable[[Record], None]

    def store(self, body: Record, conversation: int) -> Record: ...
    def token_of(self, request: Request) -> str | None: ...
    async def begin(self, request: Request, what: str, body: Any = None) -> Response | None: ...
    def conversation(self, number: int) -> Record: ...


class FakeContacts:
    """What Chatwoot does with contacts. A bot's token may begin a conversation, and neither read nor make contacts."""

    def __init__(self, chatwoot: Chatwoot) -> None:
        self.chatwoot = chatwoot
        self.known: dict[int, Record] = {}
        self._numbers = itertools.count(501)
        self._conversations = itertools.count(7001)

    def routes(self) -> list[Route]:
        """Its part of the API."""
        base = "/api/v1/accounts/{account:int}"
        return [
            Route(f"{base}/contacts/search", self._search, methods=["GET"]),
            Route(f"{base}/contacts", self._create, methods=["POST"]),
            Route(f"{base}/contacts/{{contact:int}}/conversations", self._listed, methods=["GET"]),
            Route(f"{base}/conversations", self._start, methods=["POST"]),
        ]

    def add(self, phone: str | None, name: str = "", **more: Any) -> int:
        """A contact that is there already."""
        number = next(self._numbers)
        fields = {"id": number, "name": name, "phone_number": phone, "email": None, "identifier": None}
        self.known[number] = {**fields, "contact_inboxes": [], **more}
        return number

    def add_inbox(self, number: int, channel: str = "Channel::Whatsapp", *, locked: bool = False) -> int:
        """An inbox; one that is `locked` keeps to one conversation for each customer."""
        record = {"id": number, "name": channel, "channel_type": channel, "lock_to_single_conversation": locked}
        self.chatwoot.inboxes[number] = record
        return number

    async def _search(self, request: Request) -> Response:
        if (failed := await self.chatwoot.begin(request, "search")) is not None:
            return failed
        sought = request.query_params.get("q", "").strip().lower()
        if not sought:
            return JSONResponse({"error": "Specify search string with parameter q"}, 422)
        found = [each for each in self.known.values() if any(sought in text for text in _texts(each))]
        meta = {"count": len(found[:PER_PAGE]), "current_page": 1, "has_more": len(found) > PER_PAGE}
        return JSONResponse({"meta": meta, "payload": found[:PER_PAGE]})

    async def _create(self, request: Request) -> Response:
        body = await request.json()
        if (failed := await self.chatwoot.begin(request, "contact", body)) is not None:
            return failed
        phone, email = body.get("phone_number"), body.get("email")
        if phone is not None and not _E164.fullmatch(phone):
            return _invalid("Phone number should be in e164 format", "phone_number")
        for name, value, words in (("email", email, "Email"), ("phone_number", phone, "Phone number")):
            if value and any(each[name] == value for each in self.known.values()):
                return _invalid(f"{words} has already been taken", name)
        made = self.known[self.add(phone, body.get("name", ""), email=email)]
        answer = JSONResponse({"payload": {"contact": made, "contact_inbox": None}})
        return getattr(request.state, "fails_after", answer)

    async def _listed(self, request: Request) -> Response:
        if (failed := await self.chatwoot.begin(request, "conversations")) is not None:
            return failed
        contact = request.path_params["contact"]
        if contact not in self.known:
            return _missing()
        own = [each for each in self.chatwoot.conversations.values() if each.get("contact_id") == contact]
        return JSONResponse({"payload": sorted(own, key=lambda each: -each["id"])[:LATEST]})

    async def _start(self, request: Request) -> Response:
        body = await request.json()
        if (failed := await self.chatwoot.begin(request, "start", body)) is not None:
            return failed
        contact, inbox = self.known.get(body.get("contact_id")), self.chatwoot.inboxes.get(body.get("inbox_id"))
        if contact is None or inbox is None:
            return _missing(f"in the test: fake.contacts.add_inbox({body.get('inbox_id')})" if contact else "")
        address = body.get("source_id") or _address(contact, inbox)
        if address is None:
            return JSONResponse({"error": "param is missing or the value is empty: contact phone number"}, 422)
        conversation = self._begun(contact, inbox, address, body)
        sender = "User" if self.chatwoot.token_of(request) == "user" else "AgentBot"
        if message := body.get("message"):
            kept = self.chatwoot.store({**message, "sender_type": sender}, conversation["id"])
            conversation["last_activity_at"] = int(time.time())
            self.chatwoot.on_message({**kept, "account_id": request.path_params["account"]})
        return getattr(request.state, "fails_after", JSONResponse(conversation))

    def _begun(self, contact: Record, inbox: Record, address: str, body: Record) -> Record:
        _reached_by(contact, inbox["id"], address)
        if inbox.get("lock_to_single_conversation"):
            for each in self.chatwoot.conversations.values():
                if (each.get("contact_id"), each.get("inbox_id")) == (contact["id"], inbox["id"]):
                    return each
        conversation = self.chatwoot.conversation(next(self._conversations))
        own = {"inbox_id": inbox["id"], "contact_id": contact["id"], "status": body.get("status", "open")}
        conversation |= {**own, "contact_inbox": {"source_id": address}, "labels": []}
        return conversation


def _texts(contact: Record) -> Iterable[str]:
    return (str(contact[name]).lower() for name in ("name", "email", "phone_number", "identifier") if contact[name])


def _address(contact: Record, inbox: Record) -> str | None:
    """The customer's address in a channel: WhatsApp's is the number without its plus sign."""
    phone = contact["phone_number"]
    if inbox["channel_type"] == "Channel::Whatsapp":
        return phone and str(phone).lstrip("+")
    return str(uuid.uuid4())


def _reached_by(contact: Record, inbox: int, address: str) -> None:
    own = {"source_id": address, "inbox": {"id": inbox}}
    if own not in contact["contact_inboxes"]:
        contact["contact_inboxes"].append(own)


def _invalid(message: str, attribute: str) -> Response:
    return JSONResponse({"message": message, "attributes": [attribute]}, 422)


def _missing(hint: str = "") -> Response:
    return JSONResponse({"error": "Resource could not be found", **({"hint": hint} if hint else {})}, 404)
