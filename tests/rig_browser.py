"""What tests in a real browser need: Chromium, somebody who has logged in, and which buttons there are to press."""

import contextlib
import gettext
import os
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from dashboard.access import COOKIE
from dashboard.views import ACTS, PAGES
from tests.rig import ROOT, TOKENS, Server

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: scripts/browser installs it where it may")
# What would ask Google's hosts at every start; and there is no sandbox for root.
WORDS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SIZES = {"desk": (1280, 850), "phone": (390, 844)}
# Where pictures are kept, if anywhere: PICTURES=docs/pictures; SCHEME=dark, or light, for both sizes.
PICTURES, SCHEME = os.environ.get("PICTURES"), os.environ.get("SCHEME")
TEMPLATES = ROOT / "dashboard" / "templates"
# How a control and its label are written: as an element, or by a macro.
LABELLED = re.compile(
    r"<(?:a|button|summary)\b(?:[^<>{]|\{\{.*?\}\}|\{%.*?%\})*>\{\{ (_\(.*?) \}\}</(?:a|button|summary)>"
    r"|parts\.act\(session, .*?, (_\(.*?), \{"
    r"|parts\.more\(data, given, (_\(.*?)\)\s*\}\}"
)
# The macro itself; what is confirmed is named by its act.
NO_LABEL = ("parts.html", *(act.confirm for act in ACTS))
# Those that stand on any page.
ANYWHERE = ("layout.html", "failed.html", "parts.html", "knowledge_parts.html")
TELL_OF_CLICKS = """addEventListener("click", click => {
  const own = click.target.closest("a, button, summary");
  if (own) pressed(location.pathname, own.textContent.trim());
}, true)"""
# Longer than anything takes on a machine that does ten other things.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)
_translated = gettext.translation("server", ROOT / "config" / "locale", ["pt_BR"]).gettext

Control = tuple[str, str]


# What a phone shows as a desk does, and what takes long.
on_a_desk = pytest.mark.parametrize("page", ["desk"], indirect=True)


# Which buttons there are, and which were pressed


def press(template: str, *labels: str) -> Any:
    """Mark a test that presses these buttons, links or folds of a template (in English): it fails where it did not."""
    return pytest.mark.press(template, *labels)


def promised(test: Any) -> set[Control]:
    """What a test's marks say that it presses."""
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "press"]
    return {(mark.args[0], label) for mark in marks for label in mark.args[1:]}


@cache
def controls() -> frozenset[Control]:
    """Every button, link and fold whose label is a text of ours, read from the templates themselves."""
    found = {
        (file.name, text)
        for file in TEMPLATES.glob("*.html")
        for label in re.findall(LABELLED, file.read_text(encoding="utf-8"))
        for text in re.findall(r'_\("([^"]+)"\)', "".join(label))
    }
    return frozenset(found | {(act.confirm, act.title) for act in ACTS if act.count})


def overlooked() -> list[str]:
    """Buttons that `controls` does not see, since they are written in another way."""
    left = {file.name: re.sub(LABELLED, "", file.read_text(encoding="utf-8")) for file in TEMPLATES.glob("*.html")}
    return [
        name
        for name, html in left.items()
        if name not in NO_LABEL and re.search(r"<button|parts\.act|parts\.more", html)
    ]


def _meant(path: str, label: str) -> set[Control]:
    """Which of the controls was pressed at this address, with this text on it."""
    templates = (*ANYWHERE, *(name for address, name in _templates() if re.fullmatch(address, path)))
    return {
        (template, text)
        for template, text in controls()
        if template in templates and re.fullmatch(re.sub(r"\\{\w+\\}", ".*", re.escape(_translated(text))), label)
    }


@cache
def _templates() -> list[tuple[str, str]]:
    """Which template an address shows, as a pattern."""
    shown = [("/admin/login", "login.html"), *((each.address, each.template) for each in PAGES)]
    confirmed = [(each.address, each.confirm) for each in ACTS]
    return [(re.sub(r"\{\w+\}", "[^/]+", address), template) for address, template in (*shown, *confirmed)]


# The browser


@contextlib.contextmanager
def open_chromium() -> Iterator[Browser]:
    """Chromium without a screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(WORDS))
        yield browser
        browser.close()


@contextlib.contextmanager
def opened(browser: Browser, server: Server, request: Any) -> Iterator[Page]:
    """A page of somebody who has logged in, of the size that the test's parameter names.

    In the end nothing was said in the console but what the test expects (its `page.said`), nobody else was asked, and
    what the test promises to press was pressed.
    """
    size = request.param
    width, height = SIZES[size]
    scheme: Any = SCHEME or ("dark" if size == "phone" else "light")
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="pt-BR")
    context.set_default_timeout(PATIENCE_MS)
    said, asked, pressed = _watched(context)
    context.add_cookies([_session(server)])
    yield context.new_page()
    context.close()
    expected = request.node.get_closest_marker("refused")
    assert [each for each in said if expected is None or f"status of {expected.args[0]}" not in each] == []
    assert [url for url in asked if not url.startswith((server.url, "data:"))] == []
    assert promised(request.function) - pressed == set(), "not pressed"


def _watched(context: BrowserContext) -> tuple[list[str], list[str], set[Control]]:
    """What will be said in the console, asked of any server, and pressed."""
    said: list[str] = []
    asked: list[str] = []
    pressed: set[Control] = set()

    def hear(message: ConsoleMessage) -> None:
        said.append(message.text)

    context.on("console", hear)
    context.on("weberror", lambda error: said.append(str(error.error)))
    context.on("request", lambda sent: asked.append(sent.url))
    context.expose_binding("pressed", lambda _source, path, label: pressed.update(_meant(path, label)))
    context.add_init_script(TELL_OF_CLICKS)
    return said, asked, pressed


def _session(server: Server) -> Any:
    """The cookie of somebody who has just logged in."""
    answer = httpx.post(f"{server.url}/admin/login", data={"token": TOKENS["ADMIN_TOKEN"]})
    return {"name": COOKIE, "value": answer.cookies[COOKIE], "url": server.url}


def picture(page: Page, name: str) -> None:
    """Keep what is seen, where pictures are wanted."""
    if PICTURES:
        size = page.viewport_size or {}
        page.screenshot(path=Path(PICTURES) / f"{name}-{'phone' if size.get('width') == 390 else 'desk'}.png")


def click(page: Page, name: str) -> None:
    """Press the button of exactly this name."""
    page.get_by_role("button", name=name, exact=True).click()
