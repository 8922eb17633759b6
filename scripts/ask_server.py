"""How does a command ask the running server? Over /admin/api with the admin's token, by nothing but the stdlib."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from gettext import gettext as _
from typing import IO, Any
from urllib.parse import quote, urlencode

import click

from config.settings import Settings
from scripts.first_env import missing

PATIENCE_SECONDS = 30
LARGEST_PAGE = 500
EVERYWHERE = ("", "0.0.0.0", "::", "localhost")  # noqa: S104  # compared, not bound


class Failed(click.ClickException):
    """The command cannot go on: said in plain words, exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.secho(self.message, fg="red", err=True)


class NotAsked(Failed):
    """No server runs, or there is no token to ask it with."""


class RunningServer:
    """The server of these settings, as it runs on this machine."""

    def __init__(self, settings: Settings) -> None:
        host = "127.0.0.1" if settings.host in EVERYWHERE else settings.host
        self.url = f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
        self._token = settings.admin_token
        # A proxy of the environment (http_proxy) must not stand between two programs of one machine.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def get(self, path: str, **parameters: object) -> Any:
        """What /admin/api answers at this path; parameters that are None are left out."""
        given = {name: value for name, value in parameters.items() if value is not None}
        return self._admin("GET", f"{quote(path)}?{urlencode(given)}" if given else quote(path))

    def post(self, path: str, body: Any) -> Any:
        """What /admin/api answers to this body."""
        return self._admin("POST", quote(path), json.dumps(body).encode())

    def put(self, path: str, body: Any) -> Any:
        """The same, where something is set."""
        return self._admin("PUT", quote(path), json.dumps(body).encode())

    def listed(
        self, path: str, limit: int | None = None, which: Mapping[str, str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """The items of a list, page by page, up to `limit` of them; without one, all."""
        after, left = None, limit
        while left is None or left > 0:
            page = self.get(path, limit=min(left or LARGEST_PAGE, LARGEST_PAGE), next=after, **(which or {}))
            yield from page["items"]
            after = page["next"]
            left = None if left is None else left - len(page["items"])
            if after is None:
                return

    def send(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        """Send a request as an outside system does; the status and the text of the answer."""
        return self._request("POST", path, body, {"Content-Type": "application/json", **headers})

    def fetch(self, path: str) -> tuple[int, str]:
        """The status and the text of what is open to everybody."""
        return self._request("GET", path, None, {})

    def _admin(self, method: str, path: str, body: bytes | None = None) -> Any:
        if not self._token:
            raise NotAsked(missing(["ADMIN_TOKEN"]))
        headers = {"Authorization": f"Bearer {self._token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        status, text = self._request(method, f"/admin/api/{path}", body, headers)
        if status == 401:
            raise Failed(
                _("The server refuses this ADMIN_TOKEN: it was started with another. Restart it, or correct it.")
            )
        if status != 200:
            raise Failed(text or _("The server answered with status {status}.").format(status=status))
        try:
            return json.loads(text)
        except ValueError as error:
            raise Failed(_("What answers at {url} is not this server.").format(url=self.url)) from error

    def _request(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, str]:
        request = urllib.request.Request(self.url + path, body, dict(headers), method=method)  # noqa: S310  # http
        try:
            with self._opener.open(request, timeout=PATIENCE_SECONDS) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode(errors="replace")
        except TimeoutError as error:
            text = _("The server at {url} did not answer within {seconds} s.")
            raise Failed(text.format(url=self.url, seconds=PATIENCE_SECONDS)) from error
        except OSError as error:
            text = _("The server is not running at {url} ({error}). Start it: scripts/start")
            raise NotAsked(text.format(url=self.url, error=getattr(error, "reason", error))) from error
