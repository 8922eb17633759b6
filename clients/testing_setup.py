"""A Chatwoot whose administration can be tested against: webhooks, agent bots, inboxes, and who may change them."""

import itertools
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from clients.chatwoot_setup import BOT_SIGNS_SINCE, WEBHOOK_SIGNS_SINCE, as_version
from clients.testing import FakeChatwoot

SUBSCRIPTIONS = {
    "conversation_created", "conversation_updated", "conversation_status_changed", "message_created",
    "message_updated", "contact_created", "contact_updated", "webwidget_triggered", "inbox_created", "inbox_updated",
    "conversation_typing_on", "conversation_typing_off",
}  # fmt: skip
Record = dict[str, Any]
Endpoint = Callable[[Request], Awaitable[Response]]


class FakeInstallation(FakeChatwoot):
    """A Chatwoot of a version, with one account, a user of a role in it, and what is set up there.

    `changes` holds what was changed, in order. `break_before` names a change that fails once; what is asked for at a
    path that ends in `fails_at` fails always.
    """

    def __init__(self, version: str = "4.15.1", *, number: int = 1, role: str = "administrator") -> None:
        super().__init__(user_token="user-token")  # noqa: S106  # made up
        self.version, self.number, self.role = version, number, role
        self.webhooks: dict[int, Record] = {}
        self.bots: dict[int, Record] = {}
        self.inboxes: dict[int, Record] = {}
        self.connected: dict[int, int] = {}
        self.changes: list[str] = []
        self.break_before = ""
        self.fails_at = "-"
        self._numbers = itertools.count(11)
        within = "/api/v1/accounts/{account:int}"
        self.app.router.routes += [
            Route("/api", self._tell_version, methods=["GET"]),
            Route(f"{within}/webhooks", self._of(self._webhooks), methods=["GET", "POST"]),
            Route(f"{within}/webhooks/{{id:int}}", self._of(self._change_webhook), methods=["PATCH"]),
            Route(f"{within}/agent_bots", self._of(self._agent_bots), methods=["GET", "POST"]),
            Route(f"{within}/agent_bots/{{id:int}}", self._of(self._change_bot), methods=["PATCH"]),
            Route(f"{within}/inboxes", self._of(self._list_inboxes), methods=["GET"]),
            Route(f"{within}/inboxes/{{id:int}}/agent_bot", self._of(self._show_connected), methods=["GET"]),
            Route(f"{within}/inboxes/{{id:int}}/set_agent_bot", self._of(self._connect), methods=["POST"]),
        ]

    # What an administrator does by hand

    def add_inbox(self, name: str, channel: str = "Channel::Whatsapp", url: str = "") -> int:
        """An inbox; one of type Channel::Api may have a webhook's address."""
        number = next(self._numbers)
        self.inboxes[number] = {"id": number, "name": name, "channel_type": channel}
        if channel == "Channel::Api":
            self.inboxes[number] |= {"webhook_url": url, "secret": secrets.token_urlsafe(18)}
        return number

    def add_webhook(self, url: str, *subscriptions: str) -> int:
        """A webhook of the account."""
        number = next(self._numbers)
        self.webhooks[number] = {
            "id": number, "name": "", "url": url, "subscriptions": list(subscriptions), "account_id": self.number,
            "secret": secrets.token_urlsafe(18),
        }  # fmt: skip
        return number

    def add_bot(self, name: str, url: str, *, is_system: bool = False) -> int:
        """An agent bot; a system's is nobody's account's."""
        number = next(self._numbers)
        own = {"access_token": secrets.token_urlsafe(18), "secret": secrets.token_urlsafe(18), "outgoing_url": url}
        self.bots[number] = {"id": number, "name": name, "system_bot": is_system, "bot_type": "webhook", **own}
        self.tokens[own["access_token"]] = "agent_bot"
        return number

    # Who may ask

    def _of(self, endpoint: Endpoint) -> Endpoint:
        async def guarded(request: Request) -> Response:
            if request.url.path.endswith(self.fails_at):
                return Response("Internal Server Error", 500)
            return self._refusal(request) or await endpoint(request)

        return guarded

    def _refusal(self, request: Request) -> Response | None:
        """Chatwoot's own order: a token at all, a known one, not a bot's, this account's, an administrator's."""
        told = self._unknown(request)
        if told is not None:
            return told
        if request.path_params.get("account", self.number) != self.number:
            return _no("You are not authorized to access this account")
        reads_more = request.method == "GET" and not request.url.path.endswith("/webhooks")
        return None if self.role == "administrator" or reads_more else _no("You are not authorized to do this action")

    def _unknown(self, request: Request) -> Response | None:
        if "api-access-token" not in request.headers:
            return JSONResponse({"errors": ["You need to sign in or sign up before continuing."]}, 401)
        kind = self.token_of(request)
        if kind is None:
            return _no("Invalid Access Token")
        return None if kind == "user" else _no("Access to this endpoint is not authorized for bots")

    async def _profile(self, request: Request) -> Response:
        if self.fails_at == "/profile":
            return Response("Internal Server Error", 500)
        accounts = [{"id": self.number, "name": "Loja", "role": self.role, "status": "active"}]
        return self._unknown(request) or JSONResponse({"id": 900, "name": "Robô", "accounts": accounts})

    async def _tell_version(self, _request: Request) -> Response:
        told = {"version": self.version, "timestamp": "2026-09-01 12:00:00", "queue_services": "ok"}
        return JSONResponse({**told, "data_services": "ok"})

    # What is asked

    async def _webhooks(self, request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse({"payload": {"webhooks": [self._webhook(each) for each in self.webhooks.values()]}})
        return await self._save_webhook(request, None)

    async def _change_webhook(self, request: Request) -> Response:
        return await self._save_webhook(request, request.path_params["id"])

    async def _save_webhook(self, request: Request, number: int | None) -> Response:
        given = (await request.json())["webhook"]
        if number is not None and number not in self.webhooks:
            return JSONResponse({"error": "Resource could not be found"}, 404)
        if any(each["url"] == given.get("url") and each["id"] != number for each in self.webhooks.values()):
            return JSONResponse({"message": "Url has already been taken", "attributes": ["url"]}, 422)
        if not given.get("subscriptions") or not SUBSCRIPTIONS.issuperset(given["subscriptions"]):
            return JSONResponse({"message": "Subscriptions Invalid events", "attributes": ["subscriptions"]}, 422)
        return self._broken("webhook") or self._stored_webhook(number, given)

    def _stored_webhook(self, number: int | None, given: Record) -> Response:
        number = self.add_webhook("") if number is None else number
        self.webhooks[number].update(given)
        return JSONResponse({"payload": {"webhook": self._webhook(self.webhooks[number])}})

    def _webhook(self, record: Record) -> Record:
        return self._shown(record, as_version(self.version) >= WEBHOOK_SIGNS_SINCE)

    def _shown(self, record: Record, signs: bool) -> Record:
        """Secrets are an administrator's to see, where this version has them."""
        is_seen = signs and self.role == "administrator"
        return {name: value for name, value in record.items() if name != "secret" or is_seen}

    async def _agent_bots(self, request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse([self._bot(each) for each in self.bots.values()])
        given = await request.json()
        if (broken := self._broken("bot")) is not None:
            return broken
        return JSONResponse(self._bot(self.bots[self.add_bot(given["name"], given["outgoing_url"])]))

    async def _change_bot(self, request: Request) -> Response:
        bot = self.bots.get(request.path_params["id"])
        if bot is None or bot["system_bot"]:
            return JSONResponse({"error": "Resource could not be found"}, 404)
        if (broken := self._broken("bot")) is not None:
            return broken
        bot.update(await request.json())
        return JSONResponse(self._bot(bot))

    def _bot(self, record: Record) -> Record:
        hidden = ("access_token", "secret", "outgoing_url") if record["system_bot"] else ()
        shown = self._shown(record, as_version(self.version) >= BOT_SIGNS_SINCE)
        return {name: value for name, value in shown.items() if name not in hidden}

    async def _list_inboxes(self, _request: Request) -> Response:
        signs = as_version(self.version) >= BOT_SIGNS_SINCE
        return JSONResponse({"payload": [self._shown(each, signs) for each in self.inboxes.values()]})

    async def _show_connected(self, request: Request) -> Response:
        bot = self.bots.get(self.connected.get(request.path_params["id"], 0))
        return JSONResponse({"agent_bot": self._bot(bot) if bot else None})

    async def _connect(self, request: Request) -> Response:
        bot, inbox = (await request.json())["agent_bot"], request.path_params["id"]
        if bot not in self.bots or inbox not in self.inboxes:
            return JSONResponse({"error": "Resource could not be found"}, 404)
        if (broken := self._broken("connection")) is not None:
            return broken
        self.connected[inbox] = bot
        return Response(status_code=200)

    def _broken(self, change: str) -> Response | None:
        """Note a change; what fails instead, once, where it is to fail."""
        if change == self.break_before:
            self.break_before = ""
            return Response("Bad Gateway", 502)
        self.changes.append(change)
        return None


def _no(why: str) -> Response:
    return JSONResponse({"error": why}, 401)
