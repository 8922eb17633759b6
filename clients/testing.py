"""A Chatwoot to test against: it speaks HTTP, keeps what it gets, fails when told to, and sends its webhooks."""

import asyncio
import contextlib
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from clients import Access, Chatwoot, Http, Odoo, OdooConnection
from clients.customer import as_sent, message_payload, signed
from clients.testing_contacts import FakeContacts
from clients.testing_lists import FakeLists
from clients.testing_odoo import FakeOdoo

__all__ = [
    "FakeChatwoot",
    "as_sent",
    "changed_payload",
    "echo_payload",
    "fake_chatwoot",
    "fake_odoo",
    "message_payload",
    "served",
    "signed",
]

Fault = Callable[[str, Any], "tuple[int, bool] | tuple[int, bool, str] | None"]


NOT_FOR_BOTS = ("list", "show", "search", "contact", "conversations", "conversations of the account")


class FakeChatwoot:
    """An installation's API, as far as the server uses it, with the conversations and messages it holds.

    `fault` may answer a request with a status instead: a function of (what is asked, body) to (status, is it stored
    all the same?) and perhaps a text, or None to go on. What is asked is "reply", "note", "status", "label", "show"
    or "list"; of contacts "search", "contact" (a new one), "start" or "conversations"; "conversations of the account".
    `faults` does the same for single conversations.
    """

    def __init__(self, *, user_token: str = "user-token", bot_token: str = "") -> None:  # noqa: S107  # made up
        self.tokens = {user_token: "user", bot_token: "agent_bot"}
        self.conversations: dict[int, dict[str, Any]] = {}
        self.messages: dict[int, list[dict[str, Any]]] = {}
        self.asked: list[tuple[str, str]] = []
        self.outbox: list[tuple[str, str, str]] = []
        self.seconds_to_store = 0.0
        self.in_flight = 0
        self.fault: Fault = lambda *_: None
        self.faults: dict[int, Fault] = {}
        self.on_message: Callable[[dict[str, Any]], None] = lambda *_: None
        self.on_change: Callable[[dict[str, Any], dict[str, Any]], None] = lambda *_: None
        self.inboxes: dict[int, dict[str, Any]] = {}
        self.contacts = FakeContacts(self)
        self.lists = FakeLists(self)
        self.ids = itertools.count(10**9)  # like Chatwoot's: later than any message that a test makes up
        base = "/api/v1/accounts/{account:int}/conversations/{conversation:int}"
        self.app = Starlette(
            routes=[
                Route(f"{base}/messages", self._create, methods=["POST"]),
                Route(f"{base}/toggle_status", self._toggle, methods=["POST"]),
                Route(f"{base}/labels", self._labels, methods=["GET", "POST"]),
                Route(base, self._show, methods=["GET"]),
                Route("/api/v1/profile", self._profile, methods=["GET"]),
                *self.contacts.routes(),
                *self.lists.routes(),
            ]
        )

    def replies(self, conversation: int) -> list[dict[str, Any]]:
        """What the customer of this conversation was sent."""
        kept = self.messages.get(conversation, [])
        return [each for each in kept if each["message_type"] == 1 and not each["private"]]

    def notes(self, conversation: int) -> list[str]:
        """What only agents see."""
        return [each["content"] for each in self.messages.get(conversation, []) if each["private"]]

    def status(self, conversation: int) -> str:
        """The conversation's status."""
        return str(self.conversation(conversation)["status"])

    def write_as_person(self, conversation: int, text: str) -> None:
        """An agent writes in Chatwoot, and no webhook tells of it."""
        self.store({"content": text, "sender_type": "User"}, conversation)

    def conversation(self, number: int) -> dict[str, Any]:
        """The conversation, begun as pending when it is first named."""
        fresh = {"id": number, "status": "pending", "can_reply": True, "meta": {"assignee": None}}
        return self.conversations.setdefault(number, fresh)

    def token_of(self, request: Request) -> str | None:
        """Whose token it is: "user", "agent_bot"; None for an unknown one."""
        return self.tokens.get(request.headers.get("api-access-token", "-"))

    async def begin(self, request: Request, what: str, body: Any = None) -> Response | None:
        """Note the request; the answer if it fails, unless it is stored all the same (then state.stored is set)."""
        self.asked.append((what, request.url.path))
        if self.token_of(request) is None:
            return JSONResponse({"error": "Invalid Access Token"}, 401)
        if what in NOT_FOR_BOTS and self.token_of(request) == "agent_bot":
            return JSONResponse({"error": "Access to this endpoint is not authorized for bots"}, 401)
        failure = self.faults.get(request.path_params.get("conversation", 0), self.fault)(what, body)
        if failure is None:
            return None
        status, stored, *text = failure
        said = "".join(text) or ("Retry later" if status == 429 else "failed")
        request.state.fails_after = PlainTextResponse(said, status)
        return None if stored else request.state.fails_after

    async def _create(self, request: Request) -> Response:
        body = await request.json()
        failed = await self.begin(request, "note" if body.get("private") else "reply", body)
        if failed is not None:
            return failed
        self.in_flight += 1
        await asyncio.sleep(self.seconds_to_store)
        self.in_flight -= 1
        sender = "User" if self.token_of(request) == "user" else "AgentBot"
        message = self.store({**body, "sender_type": sender}, request.path_params["conversation"])
        self.on_message({**message, "account_id": request.path_params["account"]})
        return getattr(request.state, "fails_after", JSONResponse(message))

    def store(self, body: dict[str, Any], conversation: int) -> dict[str, Any]:
        """Keep a message as it is posted."""
        message = {
            "id": next(self.ids),
            "content": body["content"],
            "message_type": 1,
            "private": bool(body.get("private")),
            "content_attributes": body.get("content_attributes") or {},
            "additional_attributes": {"template_params": sent} if (sent := body.get("template_params")) else {},
            "created_at": int(time.time()),
            "conversation_id": conversation,
            "status": "sent",
            "source_id": None,
            "sender_type": body["sender_type"],
        }
        self.messages.setdefault(conversation, []).append(message)
        return message

    async def _toggle(self, request: Request) -> Response:
        body = await request.json()
        failed = await self.begin(request, "status", body)
        if failed is not None:
            return failed
        conversation = self.change(request.path_params["conversation"], status=body["status"])
        payload = {"success": None, "conversation_id": conversation["id"], "current_status": body["status"]}
        return getattr(request.state, "fails_after", JSONResponse({"meta": {}, "payload": payload}))

    def change(self, number: int, **changes: Any) -> dict[str, Any]:
        """Change a conversation, whoever does; `on_change` is told of it and of what was, as the webhooks are."""
        conversation = self.conversation(number)
        was = {name: conversation.get(name) for name in changes}
        conversation.update(changes)
        if was != changes:
            self.on_change(dict(conversation), was)
        return conversation

    async def _show(self, request: Request) -> Response:
        failed = await self.begin(request, "show")
        number = request.path_params["conversation"]
        public = [each for each in self.messages.get(number, []) if not each["private"]]
        return failed or JSONResponse({**self.conversation(number), "messages": public[-1:]})

    async def _labels(self, request: Request) -> Response:
        """Chatwoot replaces the whole list; a bot may neither read nor write it before 4.14.2."""
        if self.token_of(request) != "user":
            return JSONResponse({"error": "Access to this endpoint is not authorized for bots"}, 401)
        conversation = self.conversation(request.path_params["conversation"])
        if request.method == "POST" and (failure := self.fault("label", None)) is not None:
            return PlainTextResponse("failed", failure[0])
        if request.method == "POST":
            self.change(conversation["id"], labels=(await request.json())["labels"])
        return JSONResponse({"payload": conversation.get("labels", [])})

    async def _profile(self, request: Request) -> Response:
        if self.token_of(request) != "user":
            return JSONResponse({"error": "Invalid Access Token"}, 401)
        return JSONResponse({"id": 900, "name": "Robô"})


def echo_payload(message: dict[str, Any]) -> dict[str, Any]:
    """The webhook that Chatwoot sends for a message which was created through its API."""
    return message_payload(
        message["id"],
        message["conversation_id"],
        message["content"],
        message_type="outgoing",
        private=message["private"],
        content_attributes=message["content_attributes"],
        sender={"id": 900, "name": "Robô", "type": "user"},
    )


def changed_payload(conversation: dict[str, Any], was: dict[str, Any]) -> dict[str, Any]:
    """The conversation_updated that Chatwoot sends when something of a conversation has changed."""
    changes = [
        {{"labels": "label_list"}.get(name, name): {"previous_value": before, "current_value": conversation[name]}}
        for name, before in was.items()
    ]
    return {
        "event": "conversation_updated",
        "inbox_id": 3,
        "messages": [],
        "account": {"id": 1, "name": "Loja"},
        "labels": [],
        **conversation,
        "changed_attributes": changes,
        "updated_at": time.time(),
    }


@contextlib.contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve an ASGI application, something of the outside world, on loopback; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:  # whoever connects before it runs waits for it
        server = uvicorn.Server(uvicorn.Config(_without_keeping(app), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def _without_keeping(app: Any) -> Any:
    """No connection outlives its answer: nobody has to close one at the end of a test."""

    async def answering(scope: Any, receive: Any, send: Any) -> None:
        async def closing(message: Any) -> None:
            more = [(b"connection", b"close")] if message["type"] == "http.response.start" else []
            await send({**message, "headers": [*message.get("headers", ()), *more]} if more else message)

        await app(scope, receive, closing)

    return answering


@contextlib.contextmanager
def fake_chatwoot(account_number: int = 1) -> Iterator[tuple[Chatwoot, FakeChatwoot]]:
    """The service `Chatwoot`, of whom every account has a fake one, and that one, to look what was posted."""
    fake = FakeChatwoot(bot_token="bot-token")  # noqa: S106  # made up

    async def keep(_account: str, conversation: str, kind: str, content: str, _test: bool) -> None:
        fake.outbox.append((conversation, kind, content))

    with served(fake.app) as url:
        access = Access(url, "user-token", "bot-token", account_number)
        yield Chatwoot(lambda _account, _place: access, keep), fake


@contextlib.contextmanager
def fake_odoo() -> Iterator[tuple[Odoo, FakeOdoo]]:
    """The service `Odoo`, of whom every account has a fake one, and that one."""
    fake = FakeOdoo()
    with served(fake.app) as url:
        connection = OdooConnection(url, "loja", "key", "robo", "")
        yield Odoo(lambda _account: connection, outbox=_kept_nowhere), fake


@contextlib.contextmanager
def _http() -> Iterator[tuple[Http]]:
    """The service itself: what it asks is `served` by the test, elsewhere it does not come."""
    yield (Http(_kept_nowhere),)


async def _kept_nowhere(*_said: object) -> None:
    """What a test event would have sent needs no outbox where nobody looks into it."""


# What stands for a service in a plugin's test (relay/testing.py).
DOUBLES = {Chatwoot: fake_chatwoot, Odoo: fake_odoo, Http: _http}
