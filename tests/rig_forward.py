"""Two servers, one behind the other: a proxy, and a receiver that notes what it is handed."""

from pathlib import Path

from clients.testing import message_payload
from tests.rig import Server

KEY = "a-key-that-both-servers-have"
NOTING = """
from relay import Event, on

@on('chatwoot.message_created')
async def note(event: Event) -> None:
    with open({noted!r}, 'a') as file:
        file.write(f"{{event.payload['conversation']['id']}}:{{event.payload['id']}}\\n")
"""


class Pair:
    """A receiver with a plugin that notes what it is handed, and the proxy before it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.noted = folder / "noted"
        self.receiver = Server(folder / "receiver", FORWARD_SIGNING_KEY=KEY, ANSWER_MODE="off")
        (self.receiver.folder / "plugins" / "noting.py").write_text(NOTING.format(noted=str(self.noted)))
        given = {"FORWARD_URL": self.receiver.url, "FORWARD_SIGNING_KEY": KEY, **settings}
        self.proxy = Server(folder / "proxy", **given)

    def start(self) -> "Pair":
        """Start both."""
        self.receiver.start()
        self.proxy.start()
        return self

    def stop(self) -> None:
        """Stop both."""
        self.proxy.stop()
        self.receiver.stop()

    def send(self, *numbers: int, conversation: int = 1) -> None:
        """Send messages of one conversation to the proxy."""
        for number in numbers:
            payload = message_payload(number, conversation, "oi", message_type="outgoing")
            assert self.proxy.post_chatwoot(payload).status_code == 200

    def notes(self) -> list[str]:
        """What was handled behind, as conversation:message, in that order."""
        return self.noted.read_text().splitlines() if self.noted.exists() else []

    def are_quiet(self) -> bool:
        """Whether nothing waits or runs on either side."""
        return self.proxy.is_quiet() and self.receiver.is_quiet()
