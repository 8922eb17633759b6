"""Which alarms are on, from what is known? Tables, without a server."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard import alarms
from dashboard.alarms import CODES, Alarm, Backlog
from hubcrew.opening import open_seconds, read_opening
from hubcrew.undelivered import MOST_LISTED, with_undelivered
from relay.store.add_up import Line
from relay.store.watch import MOST_READ, Ended, Oldest, Refusal
from tests.rig import ROOT

NOW = 1_780_000_000_000
MINUTE = 60_000
DAY = 24 * 60 * MINUTE


def alarm(number: str, level: int = 0, since: int = 1) -> Alarm:
    return Alarm(number, number.partition(":")[0], None, "", since, "", level)


# What has changed


def looks(*found: list[Alarm], acknowledged: dict[str, int] | None = None) -> list[tuple[list[str], list[str]]]:
    """What each of several looks tells: the ids of what has begun, and of what is over."""
    on: dict[str, Alarm] = {}
    known, told = dict(acknowledged or {}), []
    for each in found:
        change = alarms.compare(on, known, each, ())
        on, known = change.on, change.acknowledged
        told.append(([one.id for one in change.begun], [one.id for one in change.over]))
    return told


def test_an_alarm_is_told_once_when_it_begins_and_once_when_it_is_over():
    assert looks([alarm("a")], [alarm("a")], [], []) == [(["a"], []), ([], []), ([], ["a"]), ([], [])]


def test_an_alarm_that_gets_worse_unseen_is_not_told_again():
    assert looks([alarm("a", 0)], [alarm("a", 5)]) == [(["a"], []), ([], [])]


def test_what_is_acknowledged_stays_off_until_it_is_worse():
    told = looks([alarm("a", 1)], [alarm("a", 2)], [alarm("a", 2)], [alarm("a", 1)], acknowledged={"a": 1})

    assert told == [([], []), (["a"], []), ([], []), ([], ["a"])]


def test_what_is_acknowledged_and_then_over_is_told_when_it_comes_anew():
    assert looks([alarm("a", 1)], [], [alarm("a", 1)], acknowledged={"a": 1}) == [([], []), ([], []), (["a"], [])]


def test_an_alarm_keeps_the_time_at_which_it_began():
    change = alarms.compare({"a": alarm("a", since=1)}, {}, [alarm("a", since=9)], ())

    assert change.on["a"].since == 1


def test_what_cannot_be_found_out_stays_as_it_was():
    known, acknowledged = {"disk_nearly_full": alarm("disk_nearly_full")}, {"source_silent:x": 0}
    change = alarms.compare(known, acknowledged, [], {"disk_nearly_full", "source_silent"})

    assert (list(change.on), change.begun, change.over) == (["disk_nearly_full"], [], [])
    assert change.acknowledged == acknowledged


@pytest.mark.parametrize(
    ("asked", "left"), [("dead:a", ["dead:b"]), ("dead", []), ("other", None)], ids=["one", "all of a code", "none"]
)
def test_an_acknowledged_alarm_is_over_at_its_level(asked: str, left: list[str] | None):
    known = {each: alarm(each, 3) for each in ("dead:a", "dead:b")}
    change = alarms.acknowledge(known, {}, asked)

    assert (None if change is None else list(change.on)) == left
    assert change is None or change.acknowledged == {each.id: 3 for each in change.over}


# Each alarm


def ids(found: list[Alarm]) -> list[tuple[str, int]]:
    return [(each.id, each.level) for each in found]


def test_dead_deliveries_are_an_alarm_for_each_account():
    found = alarms.ended_badly(alarms.DEAD, [Ended("a", 9), Ended("b", 7), Ended("a", 5)])

    assert ids(found) == [("deliveries_dead:a", 9), ("deliveries_dead:b", 7)]
    assert [(each.account, each.where) for each in found] == [
        ("a", "events?status=dead&account=a"),
        ("b", "events?status=dead&account=b"),
    ]
    assert found[0].text == "Entregas dadas por perdidas: 2."


def test_none_dead_is_no_alarm():
    assert alarms.ended_badly(alarms.DEAD, []) == []


def test_a_delivery_that_dies_after_the_acknowledgment_is_told_anew():
    first, second = ([Ended("a", 5)], [Ended("a", 9), Ended("a", 5)])
    found = [alarms.ended_badly(alarms.DEAD, rows) for rows in (first, second, first, [])]

    assert looks(*found, acknowledged={"deliveries_dead:a": 5}) == [
        ([], []),
        (["deliveries_dead:a"], []),
        ([], ["deliveries_dead:a"]),  # it was replayed; the older one is known
        ([], []),
    ]


def test_more_than_is_read_is_said_to_be_more():
    found = alarms.ended_badly(alarms.PARKED, [Ended(None, 1)] * MOST_READ)

    assert (found[0].id, found[0].account) == ("deliveries_parked", None)
    assert "1000 ou mais" in found[0].text


@pytest.mark.parametrize(
    ("minutes", "expected"), [(None, []), (9, []), (10, [("waiting_long", 0)]), (45, [("waiting_long", 2)])]
)
def test_what_could_run_and_waits_too_long_is_an_alarm(minutes: int | None, expected: list[Any]):
    since = None if minutes is None else NOW - minutes * MINUTE

    assert ids(alarms.waiting_long(since, NOW, 10)) == expected


def place(minutes_ago: int) -> int:
    """The id of an event that came so long ago."""
    return (NOW - minutes_ago * MINUTE) << 21


def waiting_minutes(*looks_at: tuple[int, int | None], start: int = 200) -> int:
    """How long the oldest has waited at the last of these looks: (minutes ago, when the oldest came or None)."""
    backlog, waited = alarms.backlog_at(NOW - start * MINUTE), 0
    for minutes_ago, came in looks_at:
        now = NOW - minutes_ago * MINUTE
        oldest = None if came is None else Oldest(place(came), place(came) >> 21)
        backlog = alarms.follow(backlog, oldest, now)
        waited = 0 if oldest is None else (now - backlog.waiting_since(oldest)) // MINUTE
    return waited


@pytest.mark.parametrize(
    ("looks_at", "expected"),
    [
        pytest.param([(60, None), (0, 30)], 30, id="one that came meanwhile counts from then"),
        pytest.param([(60, None), (30, 40), (0, 20)], 20, id="so does a backlog that is worked off"),
        pytest.param([(60, None), (5, 9999), (0, 9999)], 5, id="what a replay brings back counts from the replay"),
        pytest.param([(60, None), (5, 9999), (0, 8888)], 5, id="and so does all that it brought back"),
        pytest.param([(30, 40), (5, 9999), (0, 8888)], 5, id="also into a backlog"),
        pytest.param([(0, 9999)], 200, id="what an earlier process left counts from the start"),
    ],
)
def test_how_long_the_oldest_has_waited(looks_at: list[tuple[int, int | None]], expected: int):
    assert waiting_minutes(*looks_at) == expected


def test_a_second_replay_does_not_let_the_first_ones_events_look_old():
    backlog = Backlog(edge=place(9999), upto=place(10), returned=NOW - 10 * MINUTE)
    backlog = alarms.follow(backlog, Oldest(place(12_000), 0), NOW)

    assert backlog.waiting_since(Oldest(place(5000), place(5000) >> 21)) == NOW


def test_a_source_is_silent_after_its_minutes():
    assert alarms.source_silent("odoo", "a", NOW, 59, 60) == []
    (found,) = alarms.source_silent("odoo", "a", NOW, 60, 60)
    assert (found.id, found.account, found.where) == ("source_silent:a:odoo", "a", "events?signal=odoo.*&account=a")


SHOP = ZoneInfo("America/Sao_Paulo")
HOURS = read_opening(["Segunda a sexta: 08:00 às 18:00\nSábado: 18:00 às 02:00"])
MONDAY = datetime(2026, 6, 1, tzinfo=SHOP)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param(10.0, 12.5, 2.5, id="within a day"),
        pytest.param(17.0, 33.0, 2.0, id="over a night"),
        pytest.param(-24.0, -23.0, 1.0, id="what began on the day before"),
        pytest.param(-20.0, 8.0, 0.0, id="over a closed Sunday"),
        pytest.param(12.0, 12.0, 0.0, id="no time"),
        pytest.param(12.0, 11.0, 0.0, id="a clock that was set back"),
    ],
)
def test_silence_is_counted_while_the_shop_is_open(start: float, end: float, hours: float):
    seconds = open_seconds(HOURS, MONDAY + timedelta(hours=start), MONDAY + timedelta(hours=end))

    assert seconds / 3600 == hours


@pytest.mark.parametrize(("known", "hours"), [([], 48), (["02/06/2026: fechado"], 24)], ids=["nothing", "one day"])
def test_where_no_weekdays_hours_are_known_silence_is_counted_always(known: list[str], hours: int):
    assert open_seconds(read_opening(known), MONDAY, MONDAY + timedelta(hours=48)) == hours * 3600


def refusals(number: int) -> list[Refusal]:
    odd = [Refusal(NOW, "odoo", "the token is wrong")]
    return [*odd, *(Refusal(NOW - each, "chatwoot", f"the signature is {each} s old") for each in range(number - 1))]


@pytest.mark.parametrize(
    ("number", "was_on", "expected"),
    [(19, False, []), (20, False, [0]), (80, False, [2]), (12, True, [0]), (9, True, [])],
)
def test_many_refusals_are_an_alarm_until_they_are_clearly_fewer(number: int, was_on: bool, expected: list[int]):
    found = alarms.requests_refused(refusals(number), 20, was_on=was_on)

    assert [each.level for each in found] == expected


def test_the_most_frequent_reason_is_told():
    (found,) = alarms.requests_refused(refusals(30), 20, was_on=False)

    assert "30" in found.text
    assert "chatwoot: a assinatura é de 0 s atrás" in found.text


def test_no_refusals_are_no_alarm_however_it_was():
    assert alarms.requests_refused([], 1, was_on=True) == []


@pytest.mark.parametrize(("accounts", "whose"), [(["a"], "a"), (["a", "b"], None)])
def test_a_chatwoot_that_does_not_answer_is_one_alarm_for_all_its_accounts(accounts: list[str], whose: str | None):
    (found,) = alarms.chatwoot_unreachable("https://chat.example.com", accounts, NOW)

    assert (found.id, found.account) == ("chatwoot_unreachable:https://chat.example.com", whose)
    assert ", ".join(accounts) in found.text


def test_an_undelivered_reply_is_told_with_its_conversation_for_a_day():
    known = with_undelivered({}, "9", "12", "131026 - Message undeliverable", NOW)
    known = with_undelivered(known, "9", "12", "again", NOW + 5)
    (found,) = alarms.reply_undelivered("a", known, NOW + 10)

    assert (found.id, found.since, found.level) == ("reply_undelivered:a", NOW, NOW)
    assert "12" in found.text
    assert "131026" in found.text
    assert alarms.reply_undelivered("a", known, NOW + DAY) == []


def test_the_list_of_undelivered_replies_keeps_the_newest():
    known: dict[str, Any] = {}
    for number in range(60):
        known = with_undelivered(known, str(number), "1", "", number)

    assert list(known) == [str(number) for number in range(60 - MOST_LISTED, 60)]


@pytest.mark.parametrize(
    ("free", "was_on", "expected"),
    [(500, False, []), (499, False, [0]), (100, False, [2]), (599, True, [0]), (600, True, []), (0, False, [12])],
)
def test_a_disk_that_is_nearly_full(free: float, was_on: bool, expected: list[int]):
    assert [each.level for each in alarms.disk_nearly_full(free, 500, NOW, was_on=was_on)] == expected


def test_books_that_do_not_add_up():
    assert alarms.books_unbalanced([], NOW) == []
    (found,) = alarms.books_unbalanced([Line("deliveries.dead", 5, 1, ["0"])], NOW)
    assert (found.id, found.where) == ("books_unbalanced", "books")
    assert "deliveries.dead 5 / 1" in found.text


@pytest.mark.parametrize("code", CODES)
def test_every_alarm_stands_in_the_document(code: str):
    assert f"`{code}`" in (ROOT / "docs" / "alarms.md").read_text(encoding="utf-8")
