"""What goes round is cut, parked, told, and goes on only if a person says so. relay/rounds.py."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relay import Event
from relay import rounds as module
from relay.event import Cause
from relay.rounds import Rounds, WentRound, shown
from tests.rig import Server, eventually

LOOP = """
from relay import Event, on

@on("chatwoot.contact_updated", "ring.one")
async def to_two(event: Event) -> None:
    await event.emit("ring.two", {"n": 1})

@on("ring.two")
async def to_one(event: Event) -> None:
    await event.emit("ring.one", {"n": 1})
"""
ITSELF = """
from relay import Event, on

@on("chatwoot.contact_updated", "tick.*")
async def tick(event: Event) -> None:
    step = event.name.rpartition(".")[2]
    number = int(step) if step.isdigit() else 0
    await event.emit("tick.same" if {same} else f"tick.{{number + 1}}", {{}})
"""
ACTING = """
from relay import Event, on

async def did():
    return "did"

@on("chatwoot.contact_updated")
async def act(event: Event) -> None:
    await event.once(f"write {event.payload['at']}", did)
    event.explain("acted")
"""


def event(name: str, way: dict[str, int], key: str | None = "order:5") -> Event:
    return Event(name, b"{}", key=key, account="account_1", headers=Cause("1", "p:f", way).as_headers)


@pytest.fixture
def start(start_server: Callable[..., Server], tmp_path: Path) -> Callable[..., Server]:
    def begin(plugin: str, **settings: str) -> Server:
        (tmp_path / "plugins").mkdir()
        (tmp_path / "plugins" / "going.py").write_text(plugin)
        return start_server(PLUGINS_DIR=str(tmp_path / "plugins"), ALARM_EVERY_SECONDS="0.2", **settings)

    return begin


def update(server: Server, at: int = 0, contact: int = 7) -> None:
    payload = {"event": "contact_updated", "id": contact, "at": at, "account": {"id": 1}}
    assert server.post_chatwoot(payload).json()["status"] == "kept"


def parked(server: Server) -> list[dict[str, Any]]:
    eventually(server.is_quiet)
    return [server.admin(f"events/{each['id']}") for each in server.events(status="parked")]


# The rule


@pytest.mark.parametrize(
    ("name", "way", "cut"),
    [
        pytest.param("a", {"a p:f": 2}, None, id="twice"),
        pytest.param("a", {"a p:f": 3}, "went round: a (p:f) → a (3 times, 3 steps)", id="itself"),
        pytest.param("a", {"a p:f": 2, "a q:g": 1}, "went round: a (p:f) → a (3 times, 3 steps)", id="by several"),
        pytest.param("b", {"a p:f": 3}, None, id="another signal"),
        pytest.param(
            "b",
            {"x": 1, "b p:f": 3, "c q:g": 3},
            "went round: b (p:f) → c (q:g) → b (3 times, 7 steps)",
            id="what led to the round is no part of it",
        ),
        pytest.param("s.51", {f"s.{n} p:f": 1 for n in range(49)}, None, id="long, and never the same"),
        pytest.param(
            "s.51",
            {f"s.{n} p:f": 1 for n in range(50)},
            "went round: s.44 (p:f) → s.45 (p:f) → s.46 (p:f) → s.47 (p:f) → s.48 (p:f) → s.49 (p:f) → s.51 "
            "(1 times, 50 steps)",
            id="too long",
        ),
    ],
)
def test_a_way_that_meets_its_own_signal_again_and_again_goes_round(name: str, way: dict[str, int], cut: str | None):
    assert Rounds(rounds=3).gone(event(name, way)) == cut


def test_what_no_handler_has_caused_goes_no_way():
    assert Rounds(rounds=1).gone(Event("a", b"{}")) is None


def test_with_nought_nothing_is_cut():
    rounds = Rounds(0, 0)
    for number in range(100):
        rounds.act("p:f", Event("a", b"{}", key="k", id=str(number)))

    assert rounds.gone(event("a", {"a p:f": 1000})) is None


def test_a_way_is_counted_and_not_repeated():
    first = Event("a", b"{}", id="1")
    second = Event("b", b"{}", id="2", headers=first.leads_to("p:f").as_headers)
    third = Event("a", b"{}", id="3", headers=second.leads_to("q:g").as_headers)

    assert third.leads_to("p:f") == Cause("3", "p:f", {"a p:f": 2, "b q:g": 1})
    assert shown({"a p:f": 2, "b q:g": 1}, "b") == "a (p:f) → b"


def test_a_handler_that_acts_too_often_for_one_key_is_stopped(monkeypatch: pytest.MonkeyPatch):
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    rounds = Rounds(acts=2)
    first, second, third = (Event("a", b"{}", key="order:5", id=each) for each in "123")
    for each in (first, second, first, second):  # however much because of the same
        rounds.act("p:f", each)

    with pytest.raises(WentRound, match=r"^went round: p:f has acted 2 times in 60 s for order:5, now because of a$"):
        rounds.act("p:f", third)
    rounds.act("q:g", third)
    rounds.act("p:f", Event("a", b"{}", key="order:6"))
    rounds.act("p:f", Event("a", b"{}"))
    now[0] += 61
    rounds.act("p:f", third)


# In a server


def test_signals_that_lead_to_one_another_are_cut_and_parked_with_what_went_round(start: Callable[..., Server]):
    server = start(LOOP, LOOP_ROUNDS="5")
    update(server)
    eventually(lambda: server.events(status="parked"))
    (cut,) = parked(server)

    ring = "ring.two (plugins.going:to_one) → ring.one (plugins.going:to_two)"
    assert cut["deliveries"][0]["reason"] == f"went round: {ring} → ring.two (5 times, 11 steps)"
    assert cut["deliveries"][0]["attempts"] == []
    assert len(server.events(signal="ring.*")) == 11
    (alarm,) = eventually(lambda: server.admin("alarms")["items"])
    assert (alarm["code"], alarm["account"]) == ("went_round", "account_1")
    assert ring in alarm["text"]
    assert 'servidor_cuts_total{handler="plugins.going:to_two"} 1.0' in server.http.get("/metrics").text
    assert f"cut: went round: {ring}" in server.logs()


def test_what_a_person_replays_goes_one_step_further_and_is_cut_again(start: Callable[..., Server]):
    server = start(LOOP, LOOP_ROUNDS="3")
    update(server)
    eventually(lambda: server.events(status="parked"))
    (cut,) = parked(server)
    server.http.post("/admin/api/replay", json={"id": cut["id"]}).raise_for_status()
    eventually(lambda: server.events(status="parked") and server.events(status="parked")[0]["id"] != cut["id"])
    (again,) = parked(server)

    assert again["path"] == f"event/{cut['id']}"
    assert again["deliveries"][0]["reason"].startswith("went round: ")


@pytest.mark.parametrize(("same", "number"), [(True, 10), (False, 50)], ids=["the same signal", "ever new ones"])
def test_a_handler_that_emits_what_it_reacts_to_is_cut(start: Callable[..., Server], same: bool, number: int):
    server = start(ITSELF.format(same=same))
    update(server)
    eventually(lambda: server.events(status="parked"))
    eventually(server.is_quiet)

    assert len(server.events(signal="tick.*", limit=500)) == number + (1 if same else 0)
    assert len(parked(server)) == 1


def test_a_handler_that_acts_for_one_key_again_and_again_is_parked(start: Callable[..., Server]):
    server = start(ACTING, LOOP_ACTS="3")
    for number in range(5):
        update(server, number)
    update(server, contact=8)
    eventually(lambda: len(server.events(status="parked")) == 2)
    reasons = {own["reason"] for each in parked(server) for own in each["deliveries"]}

    assert reasons == {
        "went round: plugins.going:act has acted 3 times in 60 s for contact:7, now because of chatwoot.contact_updated"
    }
    assert all(not each["effects"] for each in parked(server))  # nothing was done, and nothing is said to have been
    assert server.books()["deliveries"]["parked"] == 2
