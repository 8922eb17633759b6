"""How is one Chatwoot asked, and with which of an account's tokens?"""

import re
from typing import Any, NamedTuple

from clients.http import Breaker, Destination, Failed, Refused, Slowed, Transport

# It is asked in so long whether it answers at all.
SECONDS_TO_ANSWER = 10.0
# What a token may not do, or may not know of.
FORBIDDEN = (401, 403, 404)


def api_root(base_url: str) -> str:
    """The address that `/accounts/…` is appended to, whichever form was copied into the setting."""
    trimmed = re.split(r"(?<!/)/(?:api|app)(?:/|$)", base_url.strip().rstrip("/") + "/", maxsplit=1)[0].rstrip("/")
    return f"{trimmed}/api/v1"


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


class Installation:
    """One Chatwoot installation, asked with one account's tokens. The breaker is the installation's, whoever asks."""

    def __init__(self, access: Access, breaker: Breaker, transport: Transport | None) -> None:
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

    @property
    def has_bot(self) -> bool:
        """Whether it is the bot that posts."""
        return "bot" in self._by_token

    async def post(self, path: str, json: Any) -> Any:
        """Post as the bot, or as the user where there is no bot."""
        return await self._by_token["bot" if self.has_bot else "user"].request("POST", path, json=json)

    async def write(self, path: str, json: Any) -> bool:
        """Post what not every token may (labels: a bot's since 4.14.2); False where none may."""
        for destination in self._by_token.values():
            try:
                await destination.request("POST", path, json=json)
            except Refused as refused:  # noqa: PERF203  # two tokens at most
                if refused.status not in FORBIDDEN:
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
                    if refused.status not in FORBIDDEN:
                        raise
        return None

    async def post_as_user(self, path: str, json: Any) -> Any:
        """Post what no bot's token may; None where there is no other."""
        user = self._by_token.get("user")
        return None if user is None else await user.request("POST", path, json=json)
