"""How is Chatwoot called? Replies, notes and hand-overs in a conversation, and what can be read there."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import httpx

from clients.http import Breaker, Destination, Failed, Refused, Slowed

# Where our messages carry what they are: kept and sent back by Chatwoot since 4.9.0.
MARKER = "servidor_unificado"

# Chatwoot is asked in so long whether it answers at all.
SECONDS_TO_ANSWER = 10.0

# Liquid's own. A brace before a back-tick too: there Chatwoot puts a `{% raw %}`, and both together would be broken.
_LIQUID = re.compile(r"\{[{%`]")
_BACK_TICKED = re.compile(r"(`.*?`)", re.DOTALL)
# What would end the protection from within, however it is spaced.
_END_RAW = re.compile(r"\{(%-?\s*endraw)")

Outbox = Callable[[str, str, str, str, bool], Awaitable[None]]


def api_root(base_url: str) -> str:
    """The address that `/accounts/…` is appended to, whichever form was copied into the setting."""
    trimmed = re.split(r"(?<!/)/(?:api|app)(?:/|$)", base_url.strip().rstrip("/") + "/", maxsplit=1)[0].rstrip("/")
    return f"{trimmed}/api/v1"


def protect_braces(text: str) -> str:
    """Chatwoot runs outgoing text through Liquid, which would eat `{{…}}` and `{%…%}`: they are sent as they are.

    What stands between back-ticks Chatwoot protects itself, in the same way; that cannot be nested.
    """
    if not _LIQUID.search(text):
        return text
    parts = _BACK_TICKED.split(_END_RAW.sub(r"{ \1", text))
    return "".join(f"{{% raw %}}{part}{{% endraw %}}" if _needs_raw(part) else part for part in parts)


def _needs_raw(part: str) -> bool:
    return not _BACK_TICKED.fullmatch(part) and (part.endswith("{") or _LIQUID.search(part) is not None)


class ConversationFull(Refused):
    """The conversation has had its number of messages for this minute, the customer's among them."""


class Access(NamedTuple):
    """How an account reaches its Chatwoot: the bot's token posts and hands over, the user's reads, and posts alone.

    `number` is the account's there, for events that do not say it.
    """

    base_url: str
    user_token: str
    bot_token: str
    number: int | None = None

    @property
    def can_post(self) -> bool:
        """Whether anything can be sent."""
        return bool(self.base_url and (self.user_token or self.bot_token))


class Chatwoot:
    """Every account's Chatwoot. `access_of` tells how an account reaches it, by our names of account and place."""

    def __init__(
        self,
        access_of: Callable[[str, str], Access],
        outbox: Outbox,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._access_of = access_of
        self._outbox = outbox
        self._transport = transport
        self._breakers: dict[str, Breaker] = {}
        self._installations: dict[Access, Installation] = {}

    def conversation(
        self, account_number: int | None, display_id: int, *, account: str, place: str = "", test: bool
    ) -> "Conversation":
        """A conversation by its number in the address of Chatwoot's pages. With `test`, nothing leaves for Chatwoot."""
        installation = self._installation(self._access_of(account, place))
        account_number = installation.access.number if account_number is None else account_number
        real = installation.access.can_post and account_number is not None and not test
        path = f"/accounts/{account_number}/conversations/{display_id}"
        return Conversation(self, installation, path if real else None, str(display_id), account, test)

    def fails(self, base_url: str) -> bool:
        """Whether the Chatwoot at this address has been failing whoever asked it, and is left alone for a while."""
        breaker = self._breakers.get(api_root(base_url))
        return breaker is not None and breaker.is_open

    async def answers(self, account: str, place: str = "") -> bool:
        """Whether an account's Chatwoot answers, whatever it says: it is asked now."""
        return await self._installation(self._access_of(account, place)).answers()

    def _installation(self, access: Access) -> "Installation":
        if access not in self._installations:
            breaker = self._breakers.setdefault(api_root(access.base_url), Breaker())
            self._installations[access] = Installation(access, breaker, self._transport)
        return self._installations[access]

    async def keep(self, conversation: "Conversation", kind: str, content: str) -> None:
        """Keep in the outbox what is not sent."""
        await self._outbox(conversation.account, conversation.display_id, kind, content, conversation.test)


class Installation:
    """One Chatwoot installation, asked with one account's tokens. The breaker is the installation's, whoever asks."""

    def __init__(self, access: Access, breaker: Breaker, transport: httpx.AsyncBaseTransport | None) -> None:
        self.access = access
        tokens = {"user": access.user_token, "bot": access.bot_token}
        self._by_token = {
            name: Destination(
                api_root(access.base_url),
                # With underscores nginx would drop the header; exotic encodings were answered with 401 (4.12.1).
                {"Api-Access-Token": token, "Accept-Encoding": "gzip", "Accept": "application/json"},
                breaker=breaker,
                transport=transport,
            )
            for name, token in tokens.items()
            if access.base_url and token
        }
        self._own_user: int | None = None

    async def answers(self) -> bool:
        """Whether it answers at all; also a refusal is an answer."""
        for destination in self._by_token.values():
            try:
                await destination.request("GET", "/profile", seconds=SECONDS_TO_ANSWER)
            except (Refused, Slowed):  # noqa: PERF203  # two tokens at most
                return True
            except Failed:
                return False
            else:
                return True
        return True  # nothing can be asked there, and nothing is

    async def own_user_id(self) -> int | None:
        """The id of the user whose token we hold: its assignments and messages are not a person's."""
        if self._own_user is None and "user" in self._by_token:
            try:
                self._own_user = (await self._by_token["user"].request("GET", "/profile") or {}).get("id")
            except Refused:
                return None  # asked again next time: the token may be mended meanwhile
        return self._own_user

    async def post(self, path: str, json: Any) -> Any:
        """Post as the bot, or as the user where there is no bot."""
        return await self._by_token["bot" if "bot" in self._by_token else "user"].request("POST", path, json=json)

    async def write(self, path: str, json: Any) -> bool:
        """Post what not every token may (labels: a bot's since 4.14.2); False where none may."""
        for destination in self._by_token.values():
            try:
                await destination.request("POST", path, json=json)
            except Refused as refused:  # noqa: PERF203  # two tokens at most
                if refused.status not in (401, 403, 404):
                    raise
            else:
                return True
        return False

    async def read(self, path: str, params: dict[str, Any] | None = None, *, bot_may: bool = True) -> Any:
        """Read as the user; the bot's token may read conversations since 4.14.2. None: no token may read this."""
        for name in ("user", "bot") if bot_may else ("user",):
            if name in self._by_token:
                try:
                    return await self._by_token[name].request("GET", path, params=params)
                except Refused as refused:
                    if refused.status not in (401, 403, 404):
                        raise
        return None


class Conversation:
    """One conversation in Chatwoot, or, where nothing may be sent, in the outbox."""

    def __init__(
        self,
        chatwoot: Chatwoot,
        installation: Installation,
        path: str | None,
        display_id: str,
        account: str,
        test: bool,
    ) -> None:
        self._chatwoot = chatwoot
        self._installation = installation
        self._path = path
        self.display_id = display_id
        self.account = account
        self.test = test

    async def own_user_id(self) -> int | None:
        """The id of the user whose token we hold."""
        return await self._installation.own_user_id()

    async def say(self, text: str, mark: dict[str, Any], *, private: bool = False) -> dict[str, Any]:
        """Post a reply, or a note that only agents see. Returns the message's id in Chatwoot."""
        if self._path is None:
            await self._chatwoot.keep(self, "note" if private else "reply", text)
            return {"id": None}
        body = {
            "content": protect_braces(text),
            "message_type": "outgoing",
            "private": private,
            "content_type": "text",
            "content_attributes": {MARKER: mark},
        }
        try:
            answer = await self._installation.post(f"{self._path}/messages", body)
        except Refused as refused:
            if refused.status == 422 and "Too many messages" in str(refused):
                raise ConversationFull(str(refused), 422) from refused
            raise
        return {"id": answer.get("id") if isinstance(answer, dict) else None}

    async def set_status(self, status: str) -> dict[str, Any]:
        """Set the conversation's status: open, pending, resolved or snoozed."""
        if self._path is None:
            await self._chatwoot.keep(self, "status", status)
            return {"status": status}
        answer = await self._installation.post(f"{self._path}/toggle_status", {"status": status})
        payload = answer.get("payload") if isinstance(answer, dict) else None
        # `success` is null for a bot's hand-over that worked: the status tells.
        return {"status": payload.get("current_status") if isinstance(payload, dict) else None}

    async def add_label(self, name: str) -> bool:
        """Add a label to those that are there, since Chatwoot replaces them all; False where it could not be done."""
        if self._path is None:
            await self._chatwoot.keep(self, "label", name)
            return False
        answer = await self._installation.read(f"{self._path}/labels")
        found = answer.get("payload") if isinstance(answer, dict) else None
        if not isinstance(found, list):
            return False
        if name in found:
            return True
        return await self._installation.write(f"{self._path}/labels", {"labels": [*found, name]})

    async def show(self) -> dict[str, Any] | None:
        """The conversation as it is now; None where no token may read it."""
        answer = await self._installation.read(self._path) if self._path else None
        return answer if isinstance(answer, dict) else None

    async def messages(self, after: int | None = None) -> list[dict[str, Any]] | None:
        """The messages after the one with this id (at most 100), oldest first; None where no token may list them.

        Without `after`, the latest 20.
        """
        if self._path is None:
            return None
        parameters = None if after is None else {"after": after}
        answer = await self._installation.read(f"{self._path}/messages", parameters, bot_may=False)
        found = answer.get("payload") if isinstance(answer, dict) else answer
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else None
