"""What do the doctor's tests stand on? A context of settings, and doubles of what it looks at, over HTTP."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from clients.testing_setup import FakeInstallation
from config.settings import load
from dashboard.checks import Context, Finding
from dashboard.checks.senders import NEEDED
from tests.rig import TOKENS, free_port, serving

PUBLIC = "https://hub.example.com"


def context(folder: Path, **settings: str) -> Context:
    """What checks go by, with nothing of this machine in it."""
    (folder / "plugins").mkdir(exist_ok=True)
    given = {
        "SERVER_LANGUAGE": "en",
        "SERVER_HOST": "127.0.0.1",
        "SERVER_PORT": str(free_port()),
        "DATABASE_URL": f"sqlite:///{folder}/server.db",
        "LOG_DIR": str(folder),
        "PLUGINS_DIR": str(folder / "plugins"),
        "NGROK_API": f"http://127.0.0.1:{free_port()}",
        **{name: value for name, value in TOKENS.items() if name != "CHATWOOT_WEBHOOK_SECRET"},
        **settings,
    }
    return Context(load(given), env_file=folder / ".env", ngrok_files=())


def told(findings: list[Finding]) -> dict[str, str]:
    """Codes and levels: what was found, in short."""
    return {each.code: each.level for each in findings}


def one(findings: list[Finding], code: str) -> Finding:
    """The finding with this code."""
    return next(each for each in findings if each.code == code)


@contextlib.contextmanager
def installation(*arguments: Any, **named: Any) -> Iterator[tuple[FakeInstallation, dict[str, str]]]:
    """A Chatwoot that answers, and the settings that reach it."""
    fake = FakeInstallation(*arguments, **named)
    with serving(fake.app) as url:
        yield fake, {"CHATWOOT_BASE_URL": url, "CHATWOOT_API_KEY": "user-token", "CHATWOOT_ACCOUNT_ID": "1"}


def wire(fake: FakeInstallation, **changes: str) -> dict[str, str]:
    """Register there by hand what should be; the settings that go with it."""
    webhook = fake.add_webhook(changes.get("webhook", f"{PUBLIC}/webhook"), *NEEDED)
    bot = fake.add_bot("Nosso", changes.get("bot", f"{PUBLIC}/webhook"))
    fake.connected[fake.add_inbox("WhatsApp")] = bot
    secrets = (fake.webhooks[webhook]["secret"], fake.bots[bot]["secret"])
    token = fake.bots[bot]["access_token"]
    return {"PUBLIC_URL": PUBLIC, "CHATWOOT_WEBHOOK_SECRET": ",".join(secrets), "CHATWOOT_BOT_TOKEN": token}


def dropping(app: Any, *names: bytes) -> Any:
    """A proxy before an application that lets these headers fall, as nginx does those with underscores."""

    async def proxy(scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name not in names]
        await app({**scope, "headers": headers}, receive, send)

    return proxy


def answering(answers: dict[str, Any], **headers: str) -> Starlette:
    """Some program: what it answers at each path."""

    def endpoint(answer: Any) -> Any:
        async def respond(_request: Any) -> Response:
            return JSONResponse(answer, headers=headers)

        return respond

    return Starlette(routes=[Route(path, endpoint(answer)) for path, answer in answers.items()])


def redirecting(place: str) -> Starlette:
    """A server that sends everybody elsewhere."""

    async def endpoint(_request: Any) -> Response:
        return RedirectResponse(place, 301)

    return Starlette(routes=[Route("/{path:path}", endpoint)])


@contextlib.contextmanager
def hanging() -> Iterator[str]:
    """A server that takes connections and never says a word; gives its address."""
    with socket.create_server(("127.0.0.1", free_port())) as listener:
        taken: list[socket.socket] = []

        def take() -> None:
            with contextlib.suppress(OSError):
                while True:
                    taken.append(listener.accept()[0])

        threading.Thread(target=take, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        for each in taken:
            each.close()
