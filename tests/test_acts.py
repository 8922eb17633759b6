"""Is nothing done but what was meant? Acts by JSON that are not said exactly, or of what is not there."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.rig import Server, eventually

PLUGIN = """
from relay import Event, Rejected, on

@on("chatwoot.contact_created")
async def refuse(event: Event) -> None:
    raise Rejected("never")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one event, whose delivery is dead."""
    folder = tmp_path_factory.mktemp("acts")
    server = Server(folder)
    (folder / "plugins" / "crm.py").write_text(PLUGIN)
    server.start()
    server.post_chatwoot({"event": "contact_created", "id": 5, "account": {"id": 1}, "name": "Ana"})
    eventually(lambda: server.books()["deliveries"]["dead"])
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("dead/discard", {}),
        (
            "dead/discard",
            {"state": "dead", "handlr": "plugins.other:do"},
        ),  # a slip, and all that is dead would be meant
        ("dead/run-again", {"state": "dead", "dry-run": True}),
        ("dead/run-again", {"state": "dead", "dry_run": "yes"}),
        ("replay", {}),
        ("replay", {"status": "dead", "acount": "another"}),
        ("replay", {"status": "dead", "dry_run": "true"}),
        ("replay/begin", {"source": ""}),
        ("handlers/switch", {"handler": "plugins.crm:refuse", "on": "false"}),
    ],
)
def test_an_act_that_does_not_say_exactly_what_is_meant_does_nothing(
    server: Server, path: str, body: dict[str, Any]
) -> None:
    before = server.admin(f"events/{server.events()[0]['id']}")
    refused = server.http.post(f"/admin/api/{path}", json=body)

    assert refused.status_code == 422
    assert server.admin("runs")["items"] == []
    assert server.admin(f"events/{before['id']}") == before
    assert before["status"] == "dead"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("dead/settle", {"id": "0337c2c6f1800001", "handler": "plugins.crm:refuse", "effect": "x", "was_done": True}),
        ("dead/settle", {"id": "0337c2c6f1800001", "handler": "nobody", "effect": "x", "was_done": True}),
        ("handlers/switch", {"handler": "plugins.crm:nobody", "on": False}),
        ("handlers/switch", {"handler": "handlers.odoo.sync:sync_rules", "on": False}),  # somebody waits for its answer
        ("alarms/acknowledge", {"alarm": "deliveries_dead"}),
        ("knowledge/restore", {"account": "account_1", "revision": 7}),
        ("knowledge/restore", {"account": "account_1", "revision": 7, "dry_run": True}),
    ],
)
def test_what_is_not_there_cannot_be_acted_on(server: Server, path: str, body: dict[str, Any]) -> None:
    answered = {each["handler"]: each["answers"] for each in server.admin("handlers")["items"]}

    assert server.http.post(f"/admin/api/{path}", json=body).status_code == 404
    assert answered["handlers.odoo.sync:sync_rules"] is True
