"""Are we open? What a shop's hours say of now, of a weekday, a date or a holiday: computed, not looked up. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from hubcrew.calendar import (
    EVERY,
    HOLIDAY,
    WEEKDAYS,
    Asked,
    days_asked,
    in_ranges,
    is_holiday,
    is_unusual,
    keys_of,
    names_a_day,
    names_a_month,
    said_plainly,
    take_days,
)
from hubcrew.tongue import said as _
from hubcrew.words import Term, plain, terms, tokens

Spans = list[tuple[int, int]]  # minutes after midnight; none: closed
Week = Mapping[int, Spans]  # by weekday, Monday 0; a day that is missing is not spoken of
DAY = 24 * 60
FAR = 60  # days; an opening that is farther off is not looked for


class Opening(NamedTuple):
    """A shop's hours: those of the weekdays, and those that go before them, by the keys of calendar.py.

    None there: something is said of such a day, but not its hours.
    """

    week: Week
    special: Mapping[str, Spans | None]


_RANGES = frozenset({"a", "ate", "to", "through", "al", "-"})
_CLOSED = re.compile(r"\b(?:fechad[oa]s?|closed|cerrad[oa]s?)\b|\bnao (?:abr|funcion|atend|trabalh)\w+")
_OPEN_ALL_DAY = re.compile(r"\b24 ?(?:h|horas|hours)\b")
# The first hour, the word between, the second: "8h às 18h", "08:00-12:30", "das 9 às 14".
_SPAN = re.compile(
    r"(?<![\d/.,:])(\d{1,2})(?:([:h])(\d\d)?)? ?(?:h|hs|hrs|horas)? ?(as|a|to|-|ate)(?: as)? ?"
    r"(\d{1,2})(?:([:h])(\d\d)?)?(?![\d/:])(?! ?[ap]\.?m)"
)
# A line, or what follows an hour and names the next day: "seg a sex 8h às 18h e sábado 8h às 12h".
_LINES = re.compile(
    r"[\n;]|(?:(?<=\dh)|(?<=:\d\d)|(?<=h\d\d)|(?<=horas)|(?<=\dhs)|(?<=h\))|(?<=:\d\d\)))[,.]? (?:e |and )?"
    r"(?=(?:aos? |n?[oa]s? )?(?:segunda|ter[c\u00e7]a|quarta|quinta|sexta|s[a\u00e1]b|dom|feriado)\w*)",
    re.IGNORECASE,
)
_LUNCH = re.compile(r"\((?:almoco|lunch|almuerzo)([^()]*)\)")
_UNSURE = re.compile(
    r"\b(?:exce[pt]\w*|salvo|menos|alguns|algumas|some|consult\w+|confirm\w+|combinar)\b|\d ?[ap]\.?m\b"
)
# Holidays that are not the whole country's, the days before, or some of them.
_SOME_HOLIDAYS = re.compile(r"vespera|municip|estadua|loca(?:l|is)|prolongad|facultativ|feriad\w+ (?:d[aeo]|n[ao])\b")
_BUT_HOLIDAYS = re.compile(
    r"[,(]? ?\b(?:exceto|excepto|except|menos|salvo) (?:n?os |aos |em )?(?:feriados?|holidays|festivos)\b"
)
# What may stand beside the days that a line of hours is about; any other word makes it a line about something else.
_ABOUT_DAYS = frozenset(
    """
    a o as os ao aos de do da dos das e em no na nos nas ate dia dias feira feiras todo todos toda todas demais outros
    entre nacional nacionais horario horarios funcionamento atendimento loja especial abrimos aberto abertos aberta abre
    funcionamos atendemos sera estamos estaremos util uteis final fim semana ter festas
    the on and from to through of hours open opening we are every all y el los las del al abierto abrimos
    """.split()
)
# Besides the hours' own words, these may stand in a question for them; any other subject makes it another question.
_BESIDE = frozenset("almoc feri lunch almuerz tard noit manh util moment especial normal vesp entre estara tim".split())
# With a day these ask for the hours as well: "vocês atendem no Natal?"
_WORK = re.compile(r"\b(?:atend|trabalh|funcion)\w+|\bwork\b")
_USUALLY = re.compile(r"\b(?:horarios?|funcionamento|hours)\b")
# The meanings that ask for the hours, wherever else they are met.
_HOURS = frozenset({"hours", "clock"})


def read_opening(texts: Iterable[str]) -> Opening:
    """What texts say of the hours, a line per subject: "Sábado: 08:00 às 12:00", "Natal: fechado".

    Of a holiday or a date the first text counts that speaks of it; the week is that of the first text that has one.
    """
    found = Opening({}, {})
    for each in map(_read, texts):
        found = Opening(found.week or each.week, {**each.special, **found.special})
    return found


def _read(text: str) -> Opening:
    week: dict[int, Spans] = {}
    special: dict[str, Spans | None] = {}
    for line in filter(None, map(str.strip, _LINES.split(text))):
        head, hours = _parted(said_plainly(line))
        keys, days, is_sure = _subjects(head)
        if not is_sure:
            special = {**dict.fromkeys(keys), **special}
            continue
        spans = _spans(hours) if keys or days else None
        special.update((key, None if len(key) == 2 else spans) for key in keys)  # "dia 24": of which month?
        for day in days:
            week.pop(day, None)
            if spans is not None:
                week[day] = spans
    return Opening(week, special)


def _parted(line: str) -> tuple[str, str]:
    """What a line speaks of, and what it says of it."""
    head, found, hours = line.partition(": ")
    first = _SPAN.search(line)
    if not found and first and not any(each.isdigit() for each in line[: first.start()]):
        return line[: first.start()], line[first.start() :]
    for sign in (" - ", ":"):
        if not found:
            head, found, hours = line.partition(sign)
    if found:
        return head, hours
    return (_CLOSED.sub(" ", line), "fechado") if _CLOSED.search(line) else ("", "")


def _subjects(head: str) -> tuple[list[str], list[int], bool]:
    """The keys of dates and holidays that a line speaks of, and the weekdays; whether it is about them alone."""
    keys, rest = take_days(_BUT_HOLIDAYS.sub("", re.sub(r"\([^()]*\)", "", head)))
    days = [] if any(key[:1].isdigit() for key in keys) else _days_in(rest)  # "quinta-feira, 24/12" is no weekday
    keys = [key for key in in_ranges(keys, rest) if key]
    words = [word for word in re.findall(r"[a-z]+", HOLIDAY.sub("", rest)) if word not in WEEKDAYS]
    if HOLIDAY.search(rest):
        keys = keys if _SOME_HOLIDAYS.search(rest) else [*keys, EVERY]
        days = [] if _SOME_HOLIDAYS.search(rest) else days
    return keys, days, _ABOUT_DAYS.issuperset(words)


def _days_in(text: str) -> list[int]:
    """The days that a text names, alone or from one to another."""
    words = [word for word in re.findall(r"[a-z]+|-", text) if word not in ("feira", "aos", "os", "as", "de")]
    found: list[int] = []
    for place, word in enumerate(words):
        if word not in WEEKDAYS:
            continue
        first = found[-1] if place and words[place - 1] in _RANGES and found else WEEKDAYS[word]
        days = [(first + each) % 7 for each in range((WEEKDAYS[word] - first) % 7 + 1)]  # "domingo a quinta" goes round
        found += [day for day in days if day not in found]
    return found


def _spans(text: str) -> Spans | None:
    """The hours that a text gives; None where it gives none that are sure."""
    text = _BUT_HOLIDAYS.sub("", text)
    away = _LUNCH.search(text)
    spans = _times(_LUNCH.sub("", text))
    if _UNSURE.search(text) or _days_in(text) or spans is None:
        return None
    if _CLOSED.search(text):
        return None if spans else []
    if not spans:
        return [(0, DAY)] if _OPEN_ALL_DAY.search(text) else None
    lunch = _times(away[1]) if away else []
    if lunch and len(lunch) == len(spans) == 1 and spans[0][0] < lunch[0][0] < lunch[0][1] < spans[0][1]:
        return [(spans[0][0], lunch[0][0]), (lunch[0][1], spans[0][1])]
    return spans


def _times(text: str) -> Spans | None:
    """The spans of a text in their order; None where they are no hours of one day."""
    found: Spans = []
    for start, sign, minutes, word, end, end_sign, end_minutes in _SPAN.findall(text):
        if not (sign or end_sign or word == "as"):  # "10 a 20" of something else
            return None
        opens, closes = int(start) * 60 + int(minutes or 0), int(end) * 60 + int(end_minutes or 0)
        if max(opens, closes) > DAY or (found and opens < found[-1][1]):
            return None
        # What ends before it begins ends on the next day: "18:00 às 02:00".
        found.append((opens, closes if opens < closes else closes + DAY))
    return found


def hours_on(opening: Opening, day: date, *, as_holiday: bool = False) -> Spans | None:
    """The hours of a day; None where they are not known. `as_holiday`: it is one, whether we know of it or not.

    A date goes before a named holiday, that before holidays in general, and those before the weekday.
    On a holiday that nothing is said of, the usual hours do not count, save that what is closed stays closed.
    """
    keys = [*keys_of(day), *([EVERY] if as_holiday or is_holiday(day) else [])]
    for key in keys:
        if key in opening.special:
            return opening.special[key]
    usual = opening.week.get(day.weekday())
    return usual if not usual or not (as_holiday or is_unusual(day)) else None


def _is_special(opening: Opening, day: date) -> bool:
    return is_unusual(day) or any(key in opening.special for key in keys_of(day))


def asks_for_hours(question: str) -> bool:
    """Whether a question is about the opening hours and nothing else."""
    keys, rest = take_days(said_plainly(question))
    rest = re.sub(r"\bfeiras?\b", " ", HOLIDAY.sub("feriado", rest.replace("#", " ")))
    asked = terms(rest)
    has_day = bool(keys) or any(word in WEEKDAYS for word in tokens(rest))
    is_own = any(_HOURS & each.groups for each in asked) or (has_day and bool(_WORK.search(rest)))
    return is_own and all(_fits(each) for each in asked)


def _fits(term: Term) -> bool:
    is_own = bool((_HOURS | {"weekend"}) & term.groups) or term.stem in _BESIDE or term.word in WEEKDAYS
    says_nothing = term.common and not term.groups and not names_a_month(term.word)  # a street's: "da 7 de setembro"
    return is_own or says_nothing or term.word.isdigit()


def names_a_holiday(question: str, today: date | None = None) -> bool:
    """Whether it asks for a day on which the usual hours say nothing: a holiday, or a date.

    With `today`, also "amanhã", "sábado", "semana que vem" or now, where that is a holiday, or has one.
    """
    if today is None or names_a_day(question):
        return names_a_day(question)
    asked = days_asked(question, today)
    if asked is None:
        return any(is_unusual(today + timedelta(days=ahead)) for ahead in range(14))
    if not asked.days and _USUALLY.search(plain(question)):
        return False
    return any(is_unusual(day) for day in asked.days or (today,))


def tell(opening: Opening, question: str, now: datetime) -> str:
    """What the hours answer: open or closed now, or the hours of the days that are asked for; "" where not known."""
    asked = days_asked(question, now.date())
    if asked is None:
        return ""
    if not asked.days and not asked.every_holiday:
        return _of_now(opening, now)
    said = [_of_day(opening, day, now, asked) for day in asked.days]
    if asked.days and hours_on(opening, asked.days[-1], as_holiday=asked.as_holiday) == []:
        said[-1] = f"{said[-1]} {_next_opening(opening, asked.days[-1] + timedelta(days=1), now)}".strip()
    if asked.every_holiday:
        said.append(_sentence(_("on holidays"), opening.special.get(EVERY)))
    return " ".join(said) if all(said) else ""


def _of_day(opening: Opening, day: date, now: datetime, asked: Asked) -> str:
    is_near = 0 <= (day - now.date()).days < 2
    by_date = asked.by_date or (_is_special(opening, day) and not is_near)
    hours = hours_on(opening, day, as_holiday=asked.as_holiday)
    return _sentence(_date_name(day) if by_date else _name(day, now), hours)


def _sentence(name: str, hours: Spans | None) -> str:
    """What is said of a day's hours; "" where they are not known."""
    if hours is None:
        return ""
    day = name[0].upper() + name[1:]
    if not hours:
        return _("{day} we are closed.").format(day=day)
    text = _(" and ").join(_("from {start} to {end}").format(start=_clock(a), end=_clock(b)) for a, b in hours)
    return _("{day} we are open {hours}.").format(day=day, hours=text)


def _is_open_until(opening: Opening, now: datetime) -> tuple[bool, int | None]:
    """Whether that is known, and until which minute it is open now, also by what began the day before."""
    minute = now.hour * 60 + now.minute
    yesterday = now.date() - timedelta(days=1)
    today, before = hours_on(opening, now.date()), hours_on(opening, yesterday)
    usual = opening.week.get(yesterday.weekday(), [])
    spans = [*(today or []), *((start - DAY, end - DAY) for start, end in before or [])]
    may_go_on = before is None and any(minute < end - DAY for _start, end in usual)
    return today is not None and not may_go_on, next((end for start, end in spans if start <= minute < end), None)


def _of_now(opening: Opening, now: datetime) -> str:
    is_known, end = _is_open_until(opening, now)
    if not is_known:
        return ""
    if end is not None:
        return _("We are open now, until {end}.").format(end=_clock(end))
    closed = _("We are closed at the moment.")
    return f"{closed} {_next_opening(opening, now.date(), now)}".strip()


def _next_opening(opening: Opening, first: date, now: datetime) -> str:
    """When it opens next, from a day on; "" where a day comes before of which the hours are not known."""
    minute = now.hour * 60 + now.minute if first == now.date() else 0
    for ahead in range(FAR):
        day = first + timedelta(days=ahead)
        hours = hours_on(opening, day)
        if hours is None and _is_special(opening, day):
            return ""
        for start, _end in hours or []:
            if start > minute or day > now.date():
                return _("We open {day} at {start}.").format(day=_name(day, now), start=_clock(start))
    return ""


def open_seconds(opening: Opening, start: datetime, end: datetime) -> float:
    """For how long it was open between two moments of one time zone; what is farther back than two months is left out.

    A day that nothing is said of counts as closed; where no weekday's hours are known, every day is open but for what
    is said of single ones.
    """
    start = max(start, end - timedelta(days=FAR))
    if not opening.week and not opening.special:
        return max((end - start).total_seconds(), 0.0)
    opening = opening if opening.week else opening._replace(week={day: [(0, DAY)] for day in range(7)})
    total, day = 0.0, start.date() - timedelta(days=1)  # yesterday's may go on past midnight
    while day <= end.date():
        midnight = datetime(day.year, day.month, day.day, tzinfo=end.tzinfo)
        for opens, closes in hours_on(opening, day) or []:
            since, until = midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes)
            total += max((min(until, end) - max(since, start)).total_seconds(), 0.0)
        day += timedelta(days=1)
    return total


def when_next(texts: Iterable[str], now: datetime) -> str:
    """When somebody will be there, by the hours; "" while somebody should be, or where nothing is known."""
    opening = read_opening(texts)
    is_known, end = _is_open_until(opening, now)
    return _next_opening(opening, now.date(), now) if is_known and end is None else ""


def _name(day: date, now: datetime) -> str:
    """A day as it is seen from now: today, tomorrow, a weekday; a date where it is a week or more away."""
    ahead = (day - now.date()).days
    if ahead > 1:
        return _day_names()[day.weekday()] if ahead < 7 else _date_name(day)
    return _("tomorrow") if ahead else _("today")


def _date_name(day: date) -> str:
    return _dated_names()[day.weekday()].format(date=f"{day:%d/%m}")


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _day_names() -> Sequence[str]:
    return (
        _("on Monday"), _("on Tuesday"), _("on Wednesday"), _("on Thursday"), _("on Friday"), _("on Saturday"),
        _("on Sunday"),
    )  # fmt: skip


def _dated_names() -> Sequence[str]:
    return (
        _("on {date} (Monday)"), _("on {date} (Tuesday)"), _("on {date} (Wednesday)"), _("on {date} (Thursday)"),
        _("on {date} (Friday)"), _("on {date} (Saturday)"), _("on {date} (Sunday)"),
    )  # fmt: skip
