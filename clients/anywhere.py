"""How is any server asked, by its whole address? What a plugin speaks to the rest of the world with."""

import json as to_json
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from clients.http import Answer, Destination, Refused, Transport
from clients.once import Find, Occasion, Outbox, act, hopelessly, nothing_found

SECONDS = 30.0
MOST_MB = 10.0
# So many servers are known at once; one that has not been asked for the longest time is forgotten.
MOST_SERVERS = 500
# What is wrong with the request itself is wrong the next time too.
HOPELESS = (400, 413, 415, 422)
REPEATABLE = ("PUT", "DELETE")
JSON, FORM = "application/json", "application/x-www-form-urlencoded"

Content = bytes | str | Mapping[str, Any]


class Http:
    """Any server, asked within limits: 30 s for all of it, 10 MB of an answer, no redirect followed, no cookie kept.

    An answer of 200 to 299 is returned; anything else is raised: `Refused`, `Slowed`, `Unavailable`, `Unknown`. A
    server that fails five times in a row, or asks for fewer requests, is left alone for a while by the `account` that
    asked: its key may be used up, another's is not. No request is repeated by itself.
    """

    def __init__(self, outbox: Outbox, *, transport: Transport | None = None) -> None:
        self._outbox = outbox
        self._transport = transport
        self._servers: dict[tuple[str, str], Destination] = {}

    def of(self, event: Occasion) -> "HttpOnce":
        """The same, for what is to be done once because of this event, however often its delivery runs."""
        return HttpOnce(self, event)

    async def get(
        self,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = SECONDS,
        account: str | None = None,
    ) -> Answer:
        """Read something."""
        return await self.request("GET", url, params=params, headers=headers, timeout=timeout, account=account)

    async def post(self, url: str, **sent: Any) -> Answer:
        """Send `json`, or `data` (a form's fields, or text or bytes as they are); the rest is as for `get`."""
        return await self.request("POST", url, **sent)

    async def put(self, url: str, **sent: Any) -> Answer:
        """The same as `post`."""
        return await self.request("PUT", url, **sent)

    async def patch(self, url: str, **sent: Any) -> Answer:
        """The same as `post`."""
        return await self.request("PATCH", url, **sent)

    async def delete(self, url: str, **sent: Any) -> Answer:
        """The same as `post`."""
        return await self.request("DELETE", url, **sent)

    async def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        data: Content | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = SECONDS,
        account: str | None = None,
    ) -> Answer:
        """Ask once. `timeout` is in seconds, from connecting to the answer's last byte; `account` is whose it is.

        Errors name the server and not the path, which may be a secret.
        """
        parts = _parts(url)
        body, content_type = _encoded(json, data)
        named = {name.lower(): value for name, value in (headers or {}).items()}
        if content_type:
            named.setdefault("content-type", content_type)
        return await self._server(parts, account or "").answer(
            method,
            _path(parts, params or {}),
            about=about(method, url),
            seconds=timeout,
            silence=timeout,
            content=body,
            headers=named,
        )

    async def keep(self, event: Occasion, method: str, url: str, sent: Mapping[str, Any]) -> Answer:
        """What a test would have sent, kept in the outbox; an empty answer."""
        body, _ = _encoded(sent.get("json"), sent.get("data"))
        said = f"{about(method, url)} {(body or b'').decode(errors='replace')}".rstrip()
        await self._outbox(event.account or "", "", method, said, True)
        return Answer(204, {}, b"")

    def _server(self, parts: SplitResult, account: str) -> Destination:
        origin = f"{parts.scheme}://{parts.netloc}"
        server = self._servers.pop((account, origin), None) or Destination(
            origin, {}, transport=self._transport, most_mb=MOST_MB, quote=lambda *_: ""
        )
        self._servers[account, origin] = server
        if len(self._servers) > MOST_SERVERS:
            del self._servers[next(iter(self._servers))]
        return server


class HttpOnce:
    """Requests that an event causes, each an effect: its answer is kept, and returned at a later attempt.

    If it is not known whether an earlier attempt was served, `find` looks it up, as for `event.once`; it returns
    whatever stands for the answer. Without it PUT and DELETE are sent again, which is the same, and so is what is
    `repeatable`, since the other side knows it by a number of its own; for the rest the delivery is parked. `effect`
    names it, where "post", "post 2" in the order of the calls does not do. A test's requests are kept in the outbox.
    """

    def __init__(self, http: Http, event: Occasion) -> None:
        self._http = http
        self._event = event

    async def post(self, url: str, **sent: Any) -> Answer:
        """As `Http.post`, once; also `effect`, `find`, `repeatable`."""
        return await self._send("POST", url, **sent)

    async def put(self, url: str, **sent: Any) -> Answer:
        """As `Http.put`, once."""
        return await self._send("PUT", url, **sent)

    async def patch(self, url: str, **sent: Any) -> Answer:
        """As `Http.patch`, once."""
        return await self._send("PATCH", url, **sent)

    async def delete(self, url: str, **sent: Any) -> Answer:
        """As `Http.delete`, once."""
        return await self._send("DELETE", url, **sent)

    async def _send(
        self,
        method: str,
        url: str,
        *,
        effect: str = "",
        find: Find | None = None,
        repeatable: bool = False,
        **sent: Any,
    ) -> Answer:
        async def do() -> Any:
            if self._event.test:
                return _kept(await self._http.keep(self._event, method, url, sent))
            return _kept(await self._http.request(method, url, account=self._event.account, **sent))

        repeats = repeatable or method in REPEATABLE or self._event.test
        looked_up = _kept_by(find) if find else nothing_found if repeats else None
        name = effect or self._event.nth(method.lower())
        return _again(await act(self._event, name, do, looked_up, about=about(method, url), hopeless=HOPELESS))


def about(method: str, url: str) -> str:
    """What a request may be called: its path and its query are often a secret."""
    parts = urlsplit(url)
    return f"{method} {parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise hopelessly(Refused("a whole address is needed, that begins with https:// or http://"))
    return parts


def _path(parts: SplitResult, params: Mapping[str, Any]) -> str:
    """What stands after the server's name, with what the address had in its query and what is added."""
    query = "&".join(filter(None, [parts.query, urlencode(params, doseq=True)]))
    # Two slashes at its beginning would be read as another server's name, and left out.
    path = f"/.{parts.path}" if parts.path.startswith("//") else parts.path or "/"
    return f"{path}{'?' if query else ''}{query}"


def _encoded(json: Any, data: Content | None) -> tuple[bytes | None, str]:
    """A body, and its type where it tells."""
    if json is not None:
        return to_json.dumps(json, ensure_ascii=False).encode(), JSON
    if isinstance(data, Mapping):
        return urlencode(data, doseq=True).encode(), FORM
    return (data.encode() if isinstance(data, str) else data), ""


def _kept(answer: Answer) -> dict[str, Any]:
    """An answer as the ledger keeps it; a cookie is a credential."""
    headers = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
    return {"status": answer.status, "headers": headers, "body": answer.text}


def _kept_by(find: Find) -> Find:
    async def look_up(known: Any) -> Any:
        found = await find(known)
        return _kept(found) if isinstance(found, Answer) else found

    return look_up


def _again(kept: Any) -> Answer:
    """The answer that was kept, or what `find` has found in its place."""
    if isinstance(kept, dict) and kept.keys() == {"status", "headers", "body"}:
        return Answer(kept["status"], kept["headers"], kept["body"].encode())
    return Answer(200, {}, to_json.dumps(kept).encode())
