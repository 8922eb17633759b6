"""Are we open? What a shop's hours say of now, of today and of another day: computed, not looked up. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from hubcrew.tongue import said as _
from hubcrew.words import Term, plain, terms, tokens

Spans = list[tuple[int, int]]  # minutes after midnight
Week = Mapping[int, Spans]  # by weekday, Monday 0; a day that is missing is not spoken of
DAY = 24 * 60

_DAYS = {
    name: number
    for number, names in enumerate(
        (
            "segunda seg monday mon lunes", "terca ter tuesday tue martes", "quarta qua wednesday wed miercoles",
            "quinta qui thursday thu jueves", "sexta sex friday fri viernes", "sabado sab saturday sat sabados",
            "domingo dom sunday sun domingos",
        )
    )
    for name in names.split()
}  # fmt: skip
_RANGES = frozenset({"a", "ate", "to", "through", "al"})
_CLOSED = frozenset({"fechado", "fechada", "fechados", "closed", "cerrado"})
_TIME = re.compile(r"\b(\d{1,2})(?:[:h](\d\d)?|(?= ?(?:as|a|to|-|ate)\b))")
_LUNCH = re.compile(r"\((?:almoco|lunch|almuerzo)\D*([^)]*)\)")
# Besides the hours' own words, these may stand in a question for them; any other subject makes it another question.
_BESIDE = frozenset({"almoc", "feri", "lunch", "almuerz", "tard", "noit", "manh", "util", "moment"})
_NOW = frozenset({"agora", "now", "ahora", "agorinha"})
_TOMORROW = frozenset({"amanha", "tomorrow", "manana"})
_HOLIDAYS = frozenset(
    {"feriado", "feriados", "natal", "carnaval", "pascoa", "reveillon", "holiday", "corpus", "festivo"}
)


def read_week(text: str) -> dict[int, Spans]:
    """The hours of each day that a text speaks of: "Segunda a sexta: 08:00 às 18:00 (almoço 12:00 às 13:00)"."""
    week: dict[int, Spans] = {}
    for line in re.split(r"[\n;]", plain(text).replace("\u2013", "-")):
        head, found, hours = line.partition(":")
        days = _days_in(head) if found else []
        if days:
            week.update(dict.fromkeys(days, _spans(hours)))
    return week


def _days_in(text: str) -> list[int]:
    """The days that a text names, alone or from one to another."""
    words = [word for word in re.findall(r"[a-z]+", text) if word not in ("feira", "aos", "os", "as", "de")]
    found: list[int] = []
    for place, word in enumerate(words):
        if word not in _DAYS:
            continue
        first = found[-1] if place and words[place - 1] in _RANGES and found else _DAYS[word]
        days = [(first + each) % 7 for each in range((_DAYS[word] - first) % 7 + 1)]  # "domingo a quinta" goes round
        found += [day for day in days if day not in found]
    return found


def _spans(text: str) -> Spans:
    if any(word in _CLOSED for word in re.findall(r"[a-z]+", text)):
        return []
    if re.search(r"\b24 ?(?:h|horas|hours)", text):
        return [(0, DAY)]
    away = _LUNCH.search(text)
    times = _times(_LUNCH.sub("", text))
    if len(times) < 2 or len(times) % 2:
        return []
    # What ends before it begins ends on the next day: "18:00 às 02:00".
    spans = [(start, end if start < end else end + DAY) for start, end in zip(times[::2], times[1::2], strict=True)]
    lunch = _times(away[1]) if away else []
    if len(lunch) == 2 and len(spans) == 1 and spans[0][0] < lunch[0] < lunch[1] < spans[0][1]:
        return [(spans[0][0], lunch[0]), (lunch[1], spans[0][1])]
    return spans


def _times(text: str) -> list[int]:
    return [int(found[1]) * 60 + int(found[2] or 0) for found in _TIME.finditer(text)]


def asks_for_hours(question: str) -> bool:
    """Whether a question is about the opening hours and nothing else."""
    asked = terms(question)
    return any("hours" in each.groups for each in asked) and all(_fits(each) for each in asked)


def _fits(term: Term) -> bool:
    is_own = bool({"hours", "weekend"} & term.groups) or term.stem in _BESIDE or term.word in _DAYS
    return is_own or (term.common and not term.groups) or term.word.isdigit()


def names_a_holiday(question: str) -> bool:
    """Whether it asks for a day on which the usual hours say nothing: a holiday, or a date."""
    return not _HOLIDAYS.isdisjoint(tokens(question)) or bool(re.search(r"\b\d{1,2}(?:/\d| de [a-z])", plain(question)))


def tell(week: Week, question: str, now: datetime) -> str:
    """What the hours answer: open or closed now, or a day's hours; "" where the text does not speak of that day."""
    day = _day_asked(question, now)
    if day is None:
        return _of_now(week, now) if now.weekday() in week else ""
    if day not in week:
        return ""
    name = _name(day, now)
    if not week[day]:
        return _("{day} we are closed.").format(day=name[0].upper() + name[1:])
    hours = _(" and ").join(_("from {start} to {end}").format(start=_clock(a), end=_clock(b)) for a, b in week[day])
    return _("{day} we are open {hours}.").format(day=name[0].upper() + name[1:], hours=hours)


def _day_asked(question: str, now: datetime) -> int | None:
    """The weekday that is asked for; None for now."""
    asked = tokens(question)
    if not _NOW.isdisjoint(asked):
        return None
    named = [_DAYS[word] for word in asked if word in _DAYS]
    if named:
        return named[0]
    if not _TOMORROW.isdisjoint(asked):
        return (now.weekday() + 1) % 7
    if "semana" in asked and "fim" in asked:
        return 5
    return now.weekday() if {"hoje", "today", "hoy"} & set(asked) else None


def _open_until(week: Week, now: datetime) -> int | None:
    """Until which minute it is open now, also by what began the day before; None while it is closed."""
    minute = now.hour * 60 + now.minute
    today, before = week.get(now.weekday(), []), week.get((now.weekday() - 1) % 7, [])
    spans = [*today, *((start - DAY, end - DAY) for start, end in before)]
    return next((end for start, end in spans if start <= minute < end), None)


def _of_now(week: Week, now: datetime) -> str:
    end = _open_until(week, now)
    if end is not None:
        return _("We are open now, until {end}.").format(end=_clock(end))
    opening = _next_opening(week, now)
    closed = _("We are closed at the moment.")
    return f"{closed} {opening}" if opening else closed


def _next_opening(week: Week, now: datetime) -> str:
    minute = now.hour * 60 + now.minute
    for ahead in range(8):
        moment = now + timedelta(days=ahead)
        for start, _end in week.get(moment.weekday(), []):
            if ahead or start > minute:
                name = _name(moment.weekday(), now) if ahead < 7 else _day_names()[moment.weekday()]
                return _("We open {day} at {start}.").format(day=name, start=_clock(start))
    return ""


def when_next(texts: Iterable[str], now: datetime) -> str:
    """When somebody will be there, by the hours; "" while somebody should be, or where nothing is known."""
    week = next((found for found in map(read_week, texts) if found), {})
    if now.weekday() not in week or _open_until(week, now) is not None:
        return ""
    return _next_opening(week, now)


def _name(day: int, now: datetime) -> str:
    ahead = (day - now.weekday()) % 7
    return {0: _("today"), 1: _("tomorrow")}.get(ahead, _day_names()[day])


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _day_names() -> Sequence[str]:
    return (
        _("on Monday"), _("on Tuesday"), _("on Wednesday"), _("on Thursday"), _("on Friday"), _("on Saturday"),
        _("on Sunday"),
    )  # fmt: skip
