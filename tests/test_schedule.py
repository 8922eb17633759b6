"""relay/schedule.py: at which moments the clock makes an event, whatever summer time and the clock do."""

from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.schedule import Daily, Every
from relay.signals import Signals

SAO_PAULO, BERLIN, NEW_YORK = ZoneInfo("America/Sao_Paulo"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NUUK, APIA = ZoneInfo("America/Nuuk"), ZoneInfo("Pacific/Apia")
UTC = timezone.utc


def at(text: str, zone: tzinfo = UTC, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()


@pytest.mark.parametrize(
    ("interval", "now", "slot", "coming"),
    [
        ("5m", "2026-11-28T10:07:30", "2026-11-28T10:05:00Z", "2026-11-28T10:10:00"),
        ("5m", "2026-11-28T10:05:00", "2026-11-28T10:05:00Z", "2026-11-28T10:10:00"),
        ("5m", "2026-11-28T10:04:59.999", "2026-11-28T10:00:00Z", "2026-11-28T10:05:00"),
        ("1h", "2026-11-28T10:59:59", "2026-11-28T10:00:00Z", "2026-11-28T11:00:00"),
        ("1d", "2026-11-28T10:00:00", "2026-11-28T00:00:00Z", "2026-11-29T00:00:00"),
        ("1s", "2026-11-28T10:00:00.500", "2026-11-28T10:00:00Z", "2026-11-28T10:00:01"),
    ],
)
def test_slots_of_an_interval_are_the_same_whoever_looks(interval: str, now: str, slot: str, coming: str):
    every = Every.read(interval)

    assert every.slot(at(now), SAO_PAULO) == (slot, at(slot.removesuffix("Z")))
    assert every.next_at(at(now), BERLIN) == at(coming)


@pytest.mark.parametrize(
    ("hours", "now", "zone", "slot"),
    [
        pytest.param("08:00", at("2026-11-28T08:00", SAO_PAULO), SAO_PAULO, "2026-11-28T08:00", id="at the moment"),
        pytest.param("08:00", at("2026-11-28T07:59", SAO_PAULO), SAO_PAULO, None, id="before it, not yesterday's"),
        pytest.param("08:00", at("2026-11-28T23:59", SAO_PAULO), SAO_PAULO, "2026-11-28T08:00", id="late, same day"),
        pytest.param("23:59", at("2026-11-29T00:01", SAO_PAULO), SAO_PAULO, None, id="after midnight it is past"),
        pytest.param("08:00", at("2026-11-28T10:59"), SAO_PAULO, None, id="the shop's hour, not UTC's"),
        pytest.param("08:00", at("2026-11-28T11:00"), SAO_PAULO, "2026-11-28T08:00", id="the shop's hour in UTC"),
        pytest.param("08:00 18:30", at("2026-11-28T19:00"), UTC, "2026-11-28T18:30", id="several: the newest alone"),
        pytest.param("18:30 08:00", at("2026-11-28T09:00"), UTC, "2026-11-28T08:00", id="several, in any order"),
        pytest.param("02:30", at("2026-03-29T00:59"), BERLIN, None, id="before the hour that is left out"),
        pytest.param("02:30", at("2026-03-29T01:30"), BERLIN, "2026-03-29T02:30", id="left out: an hour later"),
        pytest.param("02:30", at("2026-10-25T00:30"), BERLIN, "2026-10-25T02:30", id="twice: the first time"),
        pytest.param("02:30", at("2026-10-25T01:10"), BERLIN, "2026-10-25T02:30", id="set back before it: still past"),
        pytest.param("02:30", at("2026-10-25T01:30"), BERLIN, "2026-10-25T02:30", id="twice: the same slot again"),
        pytest.param("00:00", at("2018-11-04T03:00"), SAO_PAULO, "2018-11-04T00:00", id="a midnight that is left out"),
        pytest.param(
            "23:30", at("2019-02-17T02:30"), SAO_PAULO, "2019-02-16T23:30", id="a day's last hour comes twice"
        ),
        pytest.param("23:30", at("2024-03-31T01:30"), NUUK, "2024-03-30T23:30", id="left out till after midnight"),
        pytest.param("08:00", at("2011-12-31T08:00", APIA), APIA, "2011-12-31T08:00", id="a day that is left out"),
    ],
)
def test_the_newest_slot_of_the_shops_own_day(hours: str, now: float, zone: ZoneInfo, slot: str | None):
    found = Daily(tuple(hours.split())).slot(now, zone)

    assert (found and found.name) == slot


ZONES = st.sampled_from([SAO_PAULO, BERLIN, NEW_YORK, NUUK, ZoneInfo("Australia/Lord_Howe"), UTC])
HOURS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
# Every change of summer time that these zones had in these years.
DAYS = st.integers(0, 366 * 12).map(lambda days: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(days=days))


@given(ZONES, HOURS, DAYS, st.lists(st.integers(-90, 240), min_size=1, max_size=12))
@settings(max_examples=300, deadline=None)
def test_each_day_has_its_slot_once_also_when_the_clock_is_set_back(
    zone: tzinfo, hour: str, begun: datetime, steps: list[int]
):
    daily, now, made = Daily((hour,)), begun.timestamp(), []
    for step in [*steps, *[15] * 96 * 4]:  # the clock jumps about, then four days pass
        now += step * 60
        slot = daily.slot(now, zone)
        if slot is not None and slot.name not in made:
            made.append(slot.name)
        assert now < daily.next_at(now, zone) <= now + 2 * 86400
    days = sorted(datetime.fromisoformat(each).date() for each in made)

    assert len(set(days)) == len(days)
    assert days[-4:] == [days[-4] + timedelta(days=each) for each in range(4)]


@given(ZONES, HOURS, DAYS)
@settings(max_examples=200, deadline=None)
def test_whoever_sleeps_until_the_next_slot_misses_none(zone: tzinfo, hour: str, begun: datetime):
    daily, now, days = Daily((hour,)), begun.timestamp(), []
    for _ in range(5):
        now = daily.next_at(now, zone)
        slot = daily.slot(now, zone)
        assert slot is not None
        days.append(datetime.fromisoformat(slot.name).date())

    assert days == [days[0] + timedelta(days=each) for each in range(5)]


@pytest.mark.parametrize("hours", [(), ("8:00",), ("24:00",), ("08:60",), ("0800",), ("08:00", "noon"), (8,)], ids=str)
def test_what_is_no_time_of_day_is_refused_in_a_sentence(hours: tuple[Any, ...]):
    with pytest.raises(ValueError, match="@daily takes"):
        Signals().daily(*hours)


def test_seconds_belong_to_another_decorator():
    with pytest.raises(TypeError, match=r"@every takes .*; @meanwhile takes seconds"):
        Signals().every(15.0)  # type: ignore[arg-type]  # what is tested
