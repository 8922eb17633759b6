"""What tests of pages need: a browser without a screen, logged in as the person in charge."""

import re
from typing import Any

import httpx

from tests.rig import TOKENS, Server

# A second shop, beside the one of .env.
ACCOUNTS = """
[account.lojinha]
answer_mode = "on"
odoo_key = "another-odoo-key"
[[account.lojinha.chatwoot]]
base_url = "https://chat.example.com"
number = 2
webhook_secret = "another-webhook-secret"
"""


class Visitor:
    """Somebody who has logged in, and what they send with forms."""

    def __init__(self, server: Server) -> None:
        self.http = httpx.Client(base_url=server.url, timeout=10, follow_redirects=True)
        self.http.post("/admin/login", data={"token": TOKENS["ADMIN_TOKEN"]}).raise_for_status()
        self._csrf = fields(self.see(""))["csrf"]

    def __enter__(self) -> "Visitor":  # noqa: PYI034  # Self is not in Python 3.10
        return self

    def __exit__(self, *_error: object) -> None:
        self.http.close()

    def see(self, path: str, **parameters: Any) -> str:
        """A page's HTML."""
        return self.http.get(f"/admin/{path}", params=parameters or None).raise_for_status().text

    def act(self, path: str, **values: str) -> httpx.Response:
        """Send a form; the page that it leads to."""
        return self.http.post(f"/admin/acts/{path}", data={"csrf": self._csrf, **values})


def fields(html: str) -> dict[str, str]:
    """The hidden fields of a page's forms; of the same name the last."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
