"""How is Chatwoot set up for us? Its webhooks, agent bots and inboxes, seen and changed as an administrator does."""

import re
from typing import Any, NamedTuple

from clients.http import Destination, Refused, Transport, Unreadable
from clients.installation import api_root

# How long one question may take.
SECONDS = 5.0
WEBHOOK_SIGNS_SINCE = (4, 11, 2)
BOT_SIGNS_SINCE = (4, 13, 0)

Version = tuple[int, ...]


class User(NamedTuple):
    """Whose token it is, and its role ("administrator", "agent") by the number of each account that it is in."""

    id: int
    name: str
    roles: dict[int, str]


class Webhook(NamedTuple):
    """An account's webhook. `secret` is "" where this Chatwoot does not sign."""

    id: int
    url: str
    subscriptions: tuple[str, ...]
    secret: str = ""


class AgentBot(NamedTuple):
    """An agent bot. One of the whole installation has no account, and shows neither its token nor its secret."""

    id: int
    name: str
    url: str
    token: str = ""
    secret: str = ""
    is_system: bool = False


class Inbox(NamedTuple):
    """An inbox; `url` and `secret` are an API inbox's own webhook's."""

    id: int
    name: str
    channel: str
    url: str = ""
    secret: str = ""


def version_of(answer: Any) -> str:
    """The version that `GET /api` tells; "" where what answers is no Chatwoot."""
    told = answer if isinstance(answer, dict) else {}
    version = told.get("version")
    return version if isinstance(version, str) and "timestamp" in told else ""


def as_version(text: str) -> Version:
    """4.13.0 as numbers that can be compared; () where there is none."""
    found = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def address_of_version(base_url: str) -> str:
    """Where an installation tells its version, whichever form of its address was copied."""
    return api_root(base_url).removesuffix("/v1")


class ChatwootSetup:
    """One account of a Chatwoot, with a user's token, for `aclosing`. Every method raises `clients.http.Failed`."""

    def __init__(self, base_url: str, token: str, number: int, *, transport: Transport | None = None) -> None:
        headers = {"Api-Access-Token": token, "Accept-Encoding": "gzip", "Accept": "application/json"}
        self._server = Destination(api_root(base_url), headers, transport=transport)
        self._within = f"/accounts/{number}"

    async def aclose(self) -> None:
        """Close the connections."""
        await self._server.aclose()

    async def user(self) -> User:
        """Whose token it is."""
        told = await self._ask("GET", "/profile")
        number = _number(told, "a user")
        accounts = [each for each in _list(told, "accounts") if isinstance(each, dict) and "id" in each]
        return User(number, _text(told, "name"), {each["id"]: str(each.get("role")) for each in accounts})

    async def webhooks(self) -> list[Webhook]:
        """The account's webhooks; an administrator's to read."""
        told = await self._ask("GET", f"{self._within}/webhooks")
        return [_webhook(each) for each in _list(_in(told, "payload"), "webhooks")]

    async def create_webhook(self, url: str, name: str, subscriptions: tuple[str, ...]) -> Webhook:
        """Make a webhook; 422 where there is one with this address."""
        body = {"webhook": {"url": url, "name": name, "subscriptions": list(subscriptions)}}
        return _webhook(_in(await self._ask("POST", f"{self._within}/webhooks", body), "payload", "webhook"))

    async def change_webhook(self, number: int, url: str, subscriptions: tuple[str, ...]) -> Webhook:
        """Give a webhook this address and these subscriptions."""
        body = {"webhook": {"url": url, "subscriptions": list(subscriptions)}}
        told = await self._ask("PATCH", f"{self._within}/webhooks/{number}", body)
        return _webhook(_in(told, "payload", "webhook"))

    async def bots(self) -> list[AgentBot]:
        """The account's bots and the installation's."""
        return [_bot(each) for each in _list(await self._ask("GET", f"{self._within}/agent_bots"))]

    async def create_bot(self, name: str, description: str, url: str) -> AgentBot:
        """Make a bot; its token comes with it."""
        body = {"name": name, "description": description, "outgoing_url": url, "bot_type": "webhook"}
        return _bot(await self._ask("POST", f"{self._within}/agent_bots", body))

    async def change_bot(self, number: int, url: str) -> AgentBot:
        """Give a bot this address."""
        return _bot(await self._ask("PATCH", f"{self._within}/agent_bots/{number}", {"outgoing_url": url}))

    async def inboxes(self) -> list[Inbox]:
        """The inboxes that the user may see: an administrator, all."""
        return [_inbox(each) for each in _list(await self._ask("GET", f"{self._within}/inboxes"), "payload")]

    async def bot_of(self, inbox: int) -> AgentBot | None:
        """The bot that serves an inbox."""
        told = _in(await self._ask("GET", f"{self._within}/inboxes/{inbox}/agent_bot"), "agent_bot")
        return _bot(told) if told else None

    async def connect(self, inbox: int, bot: int) -> None:
        """Let this bot serve an inbox, in place of any other."""
        await self._ask("POST", f"{self._within}/inboxes/{inbox}/set_agent_bot", {"agent_bot": bot})

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return await self._server.request(method, path, json=body, seconds=SECONDS)


def is_refused_header(refused: Refused) -> bool:
    """Whether no token came: Chatwoot asks to sign in, where a wrong token is called invalid."""
    return refused.status == 401 and "sign in" in str(refused)


def is_refused_bot(refused: Refused) -> bool:
    """Whether it knows the token, as a bot's, which may do little."""
    return refused.status == 401 and "not authorized for bots" in str(refused)


def _webhook(told: Any) -> Webhook:
    return Webhook(
        _number(told, "a webhook"), _text(told, "url"), tuple(_list(told, "subscriptions")), _text(told, "secret")
    )


def _bot(told: Any) -> AgentBot:
    number = _number(told, "an agent bot")
    name, url, token, secret = (_text(told, each) for each in ("name", "outgoing_url", "access_token", "secret"))
    return AgentBot(number, name, url, token, secret, told.get("system_bot") is True)


def _inbox(told: Any) -> Inbox:
    number = _number(told, "an inbox")
    name, channel, url, secret = (_text(told, each) for each in ("name", "channel_type", "webhook_url", "secret"))
    return Inbox(number, name, channel, url, secret)


def _number(told: Any, what: str) -> int:
    if not isinstance(told, dict) or not isinstance(told.get("id"), int):
        raise Unreadable(f"the answer is not {what}")
    return int(told["id"])


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def _list(told: Any, name: str = "") -> list[Any]:
    found = told.get(name) if name and isinstance(told, dict) else told
    return found if isinstance(found, list) else []


def _in(told: Any, *names: str) -> Any:
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told
