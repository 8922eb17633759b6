"""What a Chatwoot lists, to test against: conversations by last activity, and each one's messages, page by page."""

import itertools
import time
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from clients.testing import FakeChatwoot

CONVERSATIONS_A_PAGE, MESSAGES_A_PAGE, MOST_AFTER, MOST_BETWEEN = 25, 20, 100, 1000
Record = dict[str, Any]


class FakeLists:
    """The part of a fake Chatwoot that is read page by page, and who writes there while no webhook tells of it.

    `account` is whose it all is, unless `account_of` says another one for a conversation.
    """

    def __init__(self, chatwoot: "FakeChatwoot") -> None:
        self._chatwoot = chatwoot
        self.account_of: dict[int, int] = {}
        self.pages: list[str] = []
        self._numbers = itertools.count(1000)

    def routes(self) -> list[Route]:
        """Where it is asked."""
        base = "/api/v1/accounts/{account:int}/conversations"
        return [
            Route(base, self._conversations, methods=["GET"]),
            Route(f"{base}/{{conversation:int}}/messages", self._messages, methods=["GET"]),
        ]

    def write(self, conversation: int, text: str, *, ago: float = 60.0, **changes: Any) -> Record:
        """Somebody writes, so many seconds ago: the customer, unless the changes say another; as the API shows it."""
        self._chatwoot.conversation(conversation)
        message = {
            "id": next(self._numbers),
            "content": text,
            "inbox_id": 3,
            "conversation_id": conversation,
            "message_type": 0,
            "content_type": "text",
            "status": "sent",
            "content_attributes": {},
            "created_at": int(time.time() - ago),
            "private": False,
            "source_id": None,
            "sender": {"id": 7, "name": "Ana", "phone_number": "+5541999990000", "type": "contact"},
            **changes,
        }
        self._chatwoot.messages.setdefault(conversation, []).append(message)
        return message

    async def _conversations(self, request: Request) -> Response:
        failed = await self._chatwoot.begin(request, "conversations of the account")
        if failed is not None:
            return failed
        page, account = int(request.query_params.get("page", "1")), request.path_params["account"]
        self.pages.append(f"conversations {page}")
        every = [self._listed(number) for number in self._chatwoot.messages if self._account(number) == account]
        if request.query_params.get("status", "open") != "all":
            every = [each for each in every if each["status"] == request.query_params.get("status", "open")]
        every.sort(key=lambda each: -int(each["last_activity_at"]))
        shown = every[(page - 1) * CONVERSATIONS_A_PAGE : page * CONVERSATIONS_A_PAGE]
        counts = {f"{name}_count": len(every) for name in ("mine", "assigned", "unassigned", "all")}
        return JSONResponse({"data": {"meta": counts, "payload": shown}})

    def _account(self, conversation: int) -> int:
        return self.account_of.get(conversation, 1)

    def _listed(self, number: int) -> Record:
        kept = self._chatwoot.messages[number]
        newest = max(each["created_at"] for each in kept)
        sender = {"id": 7, "name": "Ana", "phone_number": "+5541999990000"}
        conversation = self._chatwoot.conversation(number)
        return {
            "inbox_id": 3,
            "labels": [],
            **conversation,
            "meta": {"sender": sender, "channel": "Channel::Whatsapp", **conversation.get("meta", {})},
            "messages": kept[-1:],
            "last_non_activity_message": next((each for each in reversed(kept) if each["message_type"] != 2), None),
            "account_id": self._account(number),
            "timestamp": newest,
            "last_activity_at": newest,
            "updated_at": float(newest),
        }

    async def _messages(self, request: Request) -> Response:
        failed = await self._chatwoot.begin(request, "list")
        if failed is not None:
            return failed
        number = request.path_params["conversation"]
        if self._account(number) != request.path_params["account"]:
            return JSONResponse({"error": "Resource could not be found"}, 404)
        after, before = (request.query_params.get(name) for name in ("after", "before"))
        self.pages.append(f"{number} before {before}" if before else f"{number}")
        kept = [_with_sender(each) for each in self._chatwoot.messages.get(number, [])]
        return JSONResponse({"meta": {}, "payload": page_of(kept, after, before)})


def _with_sender(message: Record) -> Record:
    """What was posted with a token is its user's, or its bot's."""
    kinds = {"User": "user", "AgentBot": "agent_bot"}
    kind = kinds.get(message.get("sender_type", ""))
    return message if kind is None else {"sender": {"id": 900, "name": "Robô", "type": kind}, **message}


def page_of(kept: list[Record], after: str | None, before: str | None) -> list[Record]:
    """What Chatwoot shows of a conversation's messages, which are in the order of their numbers."""
    if after and before:
        return [each for each in kept if int(after) <= each["id"] < int(before)][:MOST_BETWEEN]
    if before:
        return [each for each in kept if each["id"] < int(before)][-MESSAGES_A_PAGE:]
    if after:
        return [each for each in kept if each["id"] > int(after)][:MOST_AFTER]
    return kept[-MESSAGES_A_PAGE:]
