"""Every Chatwoot event, old and new: taken with 200, under the right signal, account and key."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rig import ROOT, Server, eventually

SAMPLES = sorted((ROOT / "handlers" / "chatwoot" / "samples").glob("*.json"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("contract"), CHATWOOT_ACCOUNT_ID="7").start()
    yield running
    running.stop()


def without(value: Any, name: str) -> Any:
    """The payload of an older version: a key gone everywhere."""
    if isinstance(value, dict):
        return {key: without(inner, name) for key, inner in value.items() if key != name}
    return [without(each, name) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_kept_under_its_name_for_its_account(server: Server, sample: Path) -> None:
    payload = json.loads(sample.read_text())
    answer = server.post_chatwoot(payload)
    event = server.events(limit=1)[0]
    name = sample.stem.partition("__")[0]

    assert answer.status_code == 200
    assert event["signal"] == f"chatwoot.{payload['event']}"
    assert name in (payload["event"], "message_unanswered")
    assert event["account"] == "account_1" or event["status"] == "unmapped"


@pytest.mark.parametrize("name", ["account", "conversation", "sender", "meta", "messages", "inbox", "id", "content"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_missing_or_null_key_is_never_a_fault(server: Server, sample: Path, name: str) -> None:
    payload = json.loads(sample.read_text())
    for changed in (without(payload, name), {**payload, name: None}):
        assert server.post_chatwoot({**changed, "event": payload["event"]}).status_code == 200


def test_and_none_of_them_troubled_a_handler(server: Server) -> None:
    eventually(server.is_quiet)
    deliveries = server.books()["deliveries"]

    assert deliveries["dead"] == deliveries["parked"] == 0
    assert " ERROR " not in server.logs()
