"""More than memory holds: the disk is the buffer, the order is kept, nothing is forgotten."""

from collections.abc import Callable
from pathlib import Path

import httpx

from clients.testing import as_sent, message_payload, signed
from tests.rig import SECRET, Server, eventually

PLUGIN = """
import asyncio
from relay import Event, on

gate = asyncio.Event()

@on("chatwoot.message_created", concurrency=8)
async def slowly(event: Event) -> None:
    await asyncio.wait_for(gate.wait(), 50)
    with open({order!r}, "a") as file:
        file.write(f"{{event.key}} {{event.payload['id']}}\\n")

@on("chatwoot.contact_updated")
async def let_go(event: Event) -> None:
    gate.set()
"""


def test_more_than_memory_holds_waiting_for_one_slow_handler_are_all_handled_in_the_order_of_their_keys(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    order = tmp_path / "order"
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "slow.py").write_text(PLUGIN.format(order=str(order)))
    server = start_server(PLUGINS_DIR=str(tmp_path / "plugins"), LOG_LEVEL="WARNING")
    with httpx.Client(base_url=server.url) as client:
        for number in range(4400):
            body = as_sent(message_payload(number, number % 40, "oi", message_type="outgoing"))
            assert client.post("/webhook", content=body, headers=signed(body, SECRET)).status_code == 200
    server.post_chatwoot({"event": "contact_updated", "id": 1, "account": {"id": 1}})
    eventually(server.is_quiet, 60)
    by_key: dict[str, list[int]] = {}
    for line in order.read_text().splitlines():
        key, number = line.split()
        by_key.setdefault(key, []).append(int(number))

    assert sum(len(each) for each in by_key.values()) == 4400
    assert all(each == sorted(each) for each in by_key.values())
    assert len(by_key) == 40
