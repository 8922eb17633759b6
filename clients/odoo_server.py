"""How is one Odoo spoken to? In JSON-2 from version 19 on, in JSON-RPC before; which one is found out once."""

import functools
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from clients.http import (
    WAITS_BETWEEN_READS,
    Breaker,
    Destination,
    Failed,
    Refused,
    Transport,
    Unavailable,
    Unknown,
    patiently,
)

JSON2_SINCE = 19
LONGEST_QUOTE = 200
# What of Odoo's errors is a plain no, and the status that JSON-2 gives it. Whatever else Odoo raises is a 500 there.
REFUSALS = {
    "odoo.exceptions.AccessDenied": 401,
    "odoo.exceptions.AccessError": 403,
    "odoo.exceptions.LockError": 409,
    "odoo.exceptions.MissingError": 404,
    "odoo.exceptions.UserError": 422,
    "odoo.exceptions.ValidationError": 422,
    "werkzeug.exceptions.BadRequest": 400,
    "werkzeug.exceptions.Forbidden": 403,
    "werkzeug.exceptions.NotFound": 404,
}
# A customer's address or number: Odoo likes to repeat what it was asked for.
_PERSONAL = re.compile(r"[^\s'\"<>(\[,]+@[^\s'\"<>)\],]+|[+(]*\d[\d\s().%/-]{4,}\d")

Dialect = Callable[[str, str, Sequence[int], dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True)
class OdooConnection:
    """How an account's Odoo is reached. `login` and `database` are needed before version 19.

    `webhook_url` is the whole address of an automation rule's own webhook, `https://…/web/hook/<uuid>`: who knows it
    may use it.
    """

    url: str
    database: str = ""
    api_key: str = field(default="", repr=False)
    login: str = ""
    webhook_url: str = field(default="", repr=False)


class OdooServer:
    """One Odoo, asked as one user."""

    def __init__(
        self,
        connection: OdooConnection,
        *,
        breaker: Breaker | None = None,
        transport: Transport | None = None,
        waits: Sequence[float] = WAITS_BETWEEN_READS,
    ) -> None:
        self._connection = connection
        self._waits = waits
        self._server = Destination(
            origin(connection.url),
            _headers(connection),
            breaker=breaker,
            transport=transport,
            quote=functools.partial(quote, connection.api_key),
        )
        self._dialect: Dialect | None = None

    async def ask(self, model: str, method: str, ids: Sequence[int], arguments: dict[str, Any], *, again: bool) -> Any:
        """Call a model's method; with `again`, once more after each wait while no answer comes."""
        if self._dialect is None:
            self._dialect = await self._find_dialect()
        dialect = self._dialect
        return await patiently(lambda: dialect(model, method, ids, arguments), self._waits if again else ())

    async def aclose(self) -> None:
        """Close the connections."""
        await self._server.aclose()

    async def _find_dialect(self) -> Dialect:
        """A failure here is never of unknown outcome: what the caller wants was not yet asked."""
        try:
            version = major_version(await patiently(self._ask_version, self._waits))
            if version is None:
                raise Refused("what answers at this address is not an Odoo")
            return self._json2 if version >= JSON2_SINCE else await patiently(self._log_in, self._waits)
        except Unknown as error:
            raise Unavailable(str(error)) from error

    async def _ask_version(self) -> Any:
        try:
            return await self._server.request("GET", "/web/version")
        except Refused:  # there is no such address before version 19
            return await self._server.request("POST", "/web/webclient/version_info", json=_envelope({}))

    async def _json2(self, model: str, method: str, ids: Sequence[int], arguments: dict[str, Any]) -> Any:
        body = {**arguments, "ids": list(ids)} if ids else arguments
        return await self._server.request("POST", f"/json/2/{model}/{method}", json=body)

    async def _log_in(self) -> Dialect:
        known = self._connection
        if not (known.database and known.login):
            raise Refused("before version 19, Odoo has to be told the database and the user's login")
        user = await self._rpc("log-in", "common", "authenticate", [known.database, known.login, known.api_key, {}])
        if not user:
            raise Refused("POST /jsonrpc (log-in): the login or the API key is wrong", 401)
        return functools.partial(self._execute, int(user))

    async def _execute(self, user: int, model: str, method: str, ids: Sequence[int], arguments: dict[str, Any]) -> Any:
        named = dict(arguments)
        positional: list[Any] = [list(ids)] if ids else []
        if method == "create" and "vals_list" in named:  # Odoo looks at the first positional one, and fails without
            positional = [named.pop("vals_list")]
        call = [self._connection.database, user, self._connection.api_key, model, method, positional, named]
        return await self._rpc(f"{model}.{method}", "object", "execute_kw", call)

    async def _rpc(self, what: str, service: str, method: str, arguments: list[Any]) -> Any:
        about = f"POST /jsonrpc ({what})"
        try:
            body = _envelope({"service": service, "method": method, "args": arguments})
            return self._result(about, await self._server.request("POST", "/jsonrpc", json=body, about=about))
        except Refused as refused:
            if refused.status in (401, 404):
                self._dialect = None  # the user was made anew, or Odoo has been renewed: found out again next time
            raise

    def _result(self, about: str, answer: Any) -> Any:
        if not isinstance(answer, dict):
            raise Unknown(f"{about}: the answer is not JSON-RPC")
        if answer.get("error"):
            raise self._failure(about, answer["error"])
        return answer.get("result")

    def _failure(self, about: str, error: Any) -> Failed:
        """Of an error that came with status 200: what the same one would be in JSON-2."""
        data = error.get("data") if isinstance(error, dict) else None
        data = data if isinstance(data, dict) else {}
        text = f"{about}: {in_short(data, self._connection.api_key)}"
        status = REFUSALS.get(str(data.get("name")))
        return Unknown(text) if status is None else Refused(text, status)


def origin(url: str) -> str:
    """The part of an address up to the path: Odoo lives at a server's root, whichever of its pages was copied."""
    parts = urlsplit(url.strip() if "://" in url else f"https://{url.strip()}")
    return f"{parts.scheme}://{parts.netloc}"


def major_version(answer: Any) -> int | None:
    """17, of `[17, 0, …]` or `["saas~17", 4, …]` in whichever answer tells the version; None if it tells none."""
    told = answer if isinstance(answer, dict) else {}
    told = told["result"] if isinstance(told.get("result"), dict) else told
    number = re.search("[0-9]+", str(told.get("version_info") or told.get("server_version_info")))
    return int(number[0]) if number else None


def quote(secret: str, status: int, text: str) -> str:
    """What is told of an error's body: of Odoo's own its name and first line, of a page for browsers nothing."""
    try:
        error = json.loads(text)
    except ValueError:
        error = None
    if isinstance(error, dict) and error.get("name"):
        return in_short(error, secret)
    return "(is the database named?)" if status == 404 else ""


def in_short(error: dict[str, Any], secret: str) -> str:
    """The exception's name and its message's first line, without the trace, the key, or a customer's data."""
    message = str(error.get("message") or "").strip().partition("\n")[0]
    message = (message.replace(secret, "…") if secret else message)[: 10 * LONGEST_QUOTE]
    name = re.sub(r"[^\w.]", "", str(error.get("name") or "error"))
    return f"{name[:LONGEST_QUOTE]}: {_PERSONAL.sub('…', message)[:LONGEST_QUOTE]}"


def _headers(connection: OdooConnection) -> dict[str, str]:
    headers = {"Authorization": f"bearer {connection.api_key}", "User-Agent": "servidor-unificado"}
    return {**headers, "X-Odoo-Database": connection.database} if connection.database else headers


def _envelope(parameters: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": "call", "id": 1, "params": parameters}
