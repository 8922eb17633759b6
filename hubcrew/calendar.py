"""Which day is meant? Brazil's holidays, and the days that a question or a line of a shop's hours names. Pure."""

import functools
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from hubcrew.words import plain, tokens

EVERY = "holiday"  # the key of holidays in general; others: "2026-12-25", "12-25", "25", or a name of HOLIDAYS
WEEKDAYS = {
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
_NUMBER_OF_MONTH = {
    name: number
    for number, names in enumerate(
        (
            "janeiro jan january enero", "fevereiro fev february feb febrero", "marco mar march marzo",
            "abril abr april apr", "maio mai may mayo", "junho jun june junio", "julho jul july julio",
            "agosto ago august aug", "setembro set september sep septiembre", "outubro out october oct octubre",
            "novembro nov november noviembre", "dezembro dez december dec diciembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


class Holiday(NamedTuple):
    """A day that has a name: how it is written, when it is, and what it changes.

    `legal`: a holiday of the whole country. `usual`: no more than a name, on which a shop's usual hours hold.
    """

    said: str
    fixed: tuple[tuple[int, int], ...] = ()  # month and day
    from_easter: tuple[int, ...] = ()  # days
    legal: bool = False
    usual: bool = False


# "A loja da Tiradentes" stands in a street of that name.
_NO_STREET = r"(?<! da )(?<!rua )(?<!avenida )(?<!av )(?<!praca )"
# The narrower name first: it is found first, and what is said of it goes before what is said of the wider.
HOLIDAYS = {
    "christmas_eve": Holiday(r"vespera (?:d[eo] )?natal|christmas eve|nochebuena", ((12, 24),)),
    "new_year_eve": Holiday(
        r"vespera (?:d[eo] )?(?:ano novo|reveillon)|reveillon|virada d[eo] ano|new year(?: s|s)? eve|nochevieja",
        ((12, 31),),
    ),
    "christmas": Holiday(r"(?<!em )natal|christmas|navidad", ((12, 25),), legal=True),
    "new_year": Holiday(r"ano novo|new year(?: s|s)?(?: day)?|ano nuevo", ((1, 1),), legal=True),
    "carnival_saturday": Holiday(r"sabado (?:de|do) carnaval", from_easter=(-50,), usual=True),
    "carnival_sunday": Holiday(r"domingo (?:de|do) carnaval", from_easter=(-49,), usual=True),
    "carnival_monday": Holiday(r"segunda(?: feira)? (?:de|do) carnaval", from_easter=(-48,)),
    "carnival_tuesday": Holiday(r"terca(?: feira)? (?:de|do) carnaval", from_easter=(-47,)),
    "carnival": Holiday(r"carnaval|carnival", from_easter=(-48, -47)),
    "ash_wednesday": Holiday(
        r"(?:quarta(?: feira)? (?:de )?)?cinzas|ash wednesday|miercoles de ceniza", from_easter=(-46,)
    ),
    "good_friday": Holiday(
        r"sexta(?: feira)? (?:santa|da paixao)|paixao de cristo|good friday|viernes santo",
        from_easter=(-2,),
        legal=True,
    ),
    "holy_saturday": Holiday(r"sabado (?:de aleluia|santo)", from_easter=(-1,), usual=True),
    "holy_week": Holiday(
        r"semana santa|feriad(?:o|ao) (?:de|da) (?:pascoa|semana santa)", from_easter=(-2, -1, 0), usual=True
    ),
    "easter": Holiday(r"(?:domingo (?:de|da) )?pascoa|easter(?: sunday)?|pascua", from_easter=(0,)),
    "tiradentes": Holiday(rf"{_NO_STREET}(?<! na )tiradentes", ((4, 21),), legal=True),
    "labour": Holiday(
        r"dia (?:do|dos|del) (?:trabalho|trabalhador|trabalhadores|trabajo)|labou?r day", ((5, 1),), legal=True
    ),
    "corpus_christi": Holiday(r"corpus(?: (?:ch?risti|ch?risto|ch?rist))?", from_easter=(60,)),
    "independence": Holiday(
        rf"sete de setembro|(?:dia|feriado) da independencia|{_NO_STREET}independencia", ((9, 7),), legal=True
    ),
    "aparecida": Holiday(
        r"(?:nossa senhora|n ?s|nsa sra)(?: de)? aparecida|padroeira|dia (?:das|de) criancas", ((10, 12),), legal=True
    ),
    "souls": Holiday(r"(?:dia (?:de|dos) )?finados", ((11, 2),), legal=True),
    "republic": Holiday(r"(?:proclamacao|dia) da republica", ((11, 15),), legal=True),
    "awareness": Holiday(r"consciencia negra|zumbi(?: dos palmares)?", ((11, 20),), legal=True),
    "year_end": Holiday(r"(?:festas de )?(?:fim|final) d[eo] ano", ((12, 24), (12, 25), (12, 31), (1, 1)), usual=True),
}  # fmt: skip
# Those that people mean by "o feriado", besides the legal ones.
_CALLED_HOLIDAY = ("carnival", "corpus_christi")

_MONTHS = "|".join(sorted(_NUMBER_OF_MONTH, key=len, reverse=True))
_OF_MONTH = rf"(?:/\d\d?(?:/\d{{4}}|/\d\d)?(?![\d/])| (?:de |of )?(?:{_MONTHS})\b(?: (?:de )?20\d\d)?)"
_MENTION = re.compile(
    "|".join(rf"(?P<{name}>\b(?:{holiday.said})\b)" for name, holiday in HOLIDAYS.items())
    + rf"""|(?P<iso>(?<!\d)\d{{4}}-\d\d?-\d\d?(?!\d))
    |(?P<dotted>(?<!\d)\d\d?[.-]\d\d?[.-]\d{{4}}(?!\d))
    |(?P<dated>(?<![\d/]){_NO_STREET}(?<![ ]na[ ])(?!24/7\b)(?:\d\d?[o°]?|primeiro){_OF_MONTH})
    |(?P<month_first>\b(?:{_MONTHS})[ ]\d\d?(?:st|nd|rd|th)?\b)
    |(?P<day>\bdias?[ ](?:\d\d?o?|primeiro)\b(?![:/h]|[ ]?horas?\b|{_OF_MONTH}))""".replace("\n    ", "")
)
_IS = re.compile(r"\b(?:\u00e9|eh)\b", re.IGNORECASE)  # without its accent it would be "and"
_DASH = re.compile("[\u2012-\u2015]")
_WITHIN_A_WORD = re.compile(r"(?<=[a-z])(?:['\u2019](?=[a-z])|-(?=feira|santa|novo|ch?rist))")
# "24 e 25/12" is "24/12 e 25/12", "dias 24 e 25" is "dia 24 e dia 25".
_SHARED_MONTH = re.compile(rf"(?<![\d/])(\d\d?)((?:,| e| ou| a| ao| ate| -) (?:o )?(?:dia )?)(\d\d?)({_OF_MONTH})")
_SHARED_DAY = re.compile(r"\b(dias? \d\d?)((?:,| e| ou| a| ao| ate) )(\d\d?)\b(?![/:h]| de )")
RANGE = re.compile(r"# ?(?:a|ao|ate|to|through|al|-) ?(?:o )?(?:dia )?#|\bentre (?:o )?(?:dia )?# e (?:o )?(?:dia )?#")
HOLIDAY = re.compile(r"\b(?:feriad(?:o|os|ao|oes)|holidays?|festivos?)\b")
# "Domingo e feriado" are two subjects; in "amanhã é feriado" it is one.
_EVERY_HOLIDAY = re.compile(
    r"\b(?:feriados|feriadoes|holidays|festivos|"
    r"(?:(?:sabados?|domingos?|semana|sundays?|saturdays?|weekends?) (?:e|and|y)|ou|nem|or) (?:n?os? |aos? |em )?"
    r"(?:feriado|holiday|festivo))\b"
)
_PAST = re.compile(r"\b(?:ontem|yesterday|ayer|passad[oa]|last)\b")
_NEXT = re.compile(r"\b(?:que vem|que viene|proxim[oa]|next)\b")
_NEXT_WEEK = re.compile(r"\b(?:semana que (?:vem|viene)|proxima semana|next week)\b")
_NEAR_BUT_NOT_ON = re.compile(
    r"\b(?:entre|antes|apos|desde|vesperas?|a partir|depois d(?:[ao]s?|e(?! amanha))|semana d[aeo]"
    r"|between|before|after)\b"
)
_WEEKEND = re.compile(r"\b(?:fim de semana|fin de semana|finde|weekend)\b")
_RELATIVE = {
    2: re.compile(r"\b(?:depois de amanha|pasado manana|day after tomorrow)\b"),
    1: re.compile(r"\b(?:amanha|tomorrow|manana)\b"),
    0: re.compile(r"\b(?:hoje|today|hoy|tonight)\b"),
}


def easter(year: int) -> date:
    """Easter Sunday, by the rule of Meeus, Jones and Butcher."""
    golden, century, within = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (within // 4) - epact - within % 4) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def days_of(name: str, year: int) -> list[date]:
    """The days of a holiday in a year, the earliest first."""
    holiday = HOLIDAYS[name]
    fixed = [date(year, month, day) for month, day in holiday.fixed]
    return sorted([*fixed, *(easter(year) + timedelta(days=each) for each in holiday.from_easter)])


@functools.lru_cache(maxsize=16)
def _names_by_day(year: int) -> dict[date, list[str]]:
    found: dict[date, list[str]] = {}
    for name in HOLIDAYS:
        for day in days_of(name, year):
            found.setdefault(day, []).append(name)
    return found


def names_of(day: date) -> Sequence[str]:
    """What a day is called, the narrower name first."""
    return _names_by_day(day.year).get(day, ())


def is_holiday(day: date) -> bool:
    """Whether it is a holiday of the whole country."""
    return any(HOLIDAYS[name].legal for name in names_of(day))


def is_unusual(day: date) -> bool:
    """Whether it is a day of which a shop's usual hours say nothing: a holiday, or one that shops keep as they like."""
    return any(not HOLIDAYS[name].usual for name in names_of(day))


def keys_of(day: date) -> list[str]:
    """The keys under which something may be said of a day alone, what goes before first."""
    return [day.isoformat(), f"{day:%m-%d}", f"{day:%d}", *names_of(day)]


def said_plainly(text: str) -> str:
    """One line without accents, signs within words and needless spaces; lists of days with a month for each."""
    said = plain(_DASH.sub("-", _IS.sub("sera", unicodedata.normalize("NFC", text))))
    said = _WITHIN_A_WORD.sub(" ", said.replace("#", " "))
    said = re.sub(r"\s+", " ", said).strip()
    for _ in range(6):
        said = _SHARED_DAY.sub(r"\1\2dia \3", _SHARED_MONTH.sub(r"\1\4\2\3\4", said))
    return said


def take_days(said: str) -> tuple[list[str], str]:
    """The keys of the dates and holidays that are named ("" for no real date), in order; and the text with # there."""
    keys = [_key(found) for found in _MENTION.finditer(said)]
    return keys, _MENTION.sub("#", said)


def _key(found: re.Match[str]) -> str:
    kind, text = found.lastgroup or "", found[0]
    if kind in HOLIDAYS:
        return kind
    numbers = [int(each) for each in re.findall(r"\d+", text.replace("primeiro", "1"))]
    named = [_NUMBER_OF_MONTH[word] for word in re.findall(r"[a-z]+", text) if word in _NUMBER_OF_MONTH]
    if kind == "iso":
        return _written(*numbers)
    if kind == "day":
        return f"{numbers[0]:02}" if 1 <= numbers[0] <= 31 else ""
    day, month, *year = [numbers[0], *named, *numbers[1:]]
    return _written(*(each + 2000 * (each < 100) for each in year), month, day)


def _written(*numbers: int) -> str:
    """The key of year (if it is said), month and day; "" where there is no such date, or not in our days."""
    *year, month, day = numbers
    found = _date(year[0] if year else 2000, month, day)
    return "" if found is None or not 2000 <= found.year <= 2100 else found.isoformat() if year else f"{found:%m-%d}"


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def in_ranges(keys: Sequence[str], rest: str) -> list[str]:
    """The keys that `take_days` found, with all days between two that are a range there: "de 24/12 a 01/01"."""
    gaps = rest.split("#")
    found = list(keys[:1])
    for place in range(1, len(keys)):
        is_range = RANGE.search(f"{gaps[place - 1][-10:]}#{gaps[place]}#")
        found[len(found) - bool(is_range) :] = between(keys[place - 1], keys[place]) if is_range else [keys[place]]
    return found


def between(first: str, last: str) -> list[str]:
    """The keys of all days from one to another, at most a year; where that cannot be told, these two."""
    start, end = _first_key(first), _first_key(last)
    days = [_date(*(int(each) for each in key.split("-"))) for key in _with_years(start, end)]
    length = (days[1] - days[0]).days if days[0] and days[1] else -1
    yearly = len(start) == len(end) == 5
    if days[0] is None or days[1] is None or not (yearly or 0 <= length <= 366):
        return [first, last]
    all_days = [days[0] + timedelta(days=ahead) for ahead in range(length % 366 + 1)]
    return [f"{day:%m-%d}" if yearly else day.isoformat() for day in all_days]


def _with_years(first: str, last: str) -> tuple[str, str]:
    """Both ends with a year: that of the other where one has none, and any where neither has."""
    if {len(first), len(last)} - {5, 10}:
        return "0-0-0", "0-0-0"
    if len(first) < len(last):
        return f"{int(last[:4]) - (first > last[5:])}-{first}", last
    if len(first) > len(last):
        return first, f"{int(first[:4]) + (last < first[5:])}-{last}"
    return (first, last) if len(first) == 10 else (f"2000-{first}", f"2000-{last}")


def _first_key(key: str) -> str:
    fixed = HOLIDAYS[key].fixed if key in HOLIDAYS else ()
    return f"{fixed[0][0]:02}-{fixed[0][1]:02}" if fixed else "" if key in HOLIDAYS else key


class Asked(NamedTuple):
    """The days that a question asks for; none: now.

    Whether they are named otherwise than by weekday, are called a holiday, and whether it asks for every holiday too.
    """

    days: tuple[date, ...] = ()
    by_date: bool = False
    as_holiday: bool = False
    every_holiday: bool = False


def names_a_month(word: str) -> bool:
    """Whether it is a month's name."""
    return word in _NUMBER_OF_MONTH


def names_a_day(question: str) -> bool:
    """Whether a question names a date or a holiday."""
    keys, rest = take_days(said_plainly(question))
    return bool(keys) or bool(HOLIDAY.search(rest))


def days_asked(question: str, today: date) -> Asked | None:
    """Which days a question asks for; None where that cannot be told, or where they are past."""
    keys, rest = take_days(said_plainly(question))
    said = " ".join(tokens(rest.replace("#", " ")))
    holiday, every = bool(HOLIDAY.search(said)), bool(_EVERY_HOLIDAY.search(said))
    is_near_one = (keys or holiday or "vespera" in said) and _NEAR_BUT_NOT_ON.search(said)
    if is_near_one or _PAST.search(said) or RANGE.search(rest):
        return None
    days = _resolved(keys, said, today) if keys else _spoken_of(said, today)
    if days is None or any(day < today for day in days):
        return None
    if holiday and not every and not days:
        days = next_holiday(today)
    as_holiday = holiday and not every
    return Asked(tuple(dict.fromkeys(days)), bool(keys) or as_holiday, as_holiday, every)


def _resolved(keys: Sequence[str], said: str, today: date) -> list[date] | None:
    year = re.search(r"\b20\d\d\b", said)
    found: list[date] = []
    for key in keys:
        days = days_of(key, int(year[0])) if year and key in HOLIDAYS else _days_at(key, today, found)
        if not days or days[-1].year > today.year + 2:
            return None
        found += days
    return found


def _days_at(key: str, today: date, before: Sequence[date]) -> list[date]:
    """The days of a key that are meant today, when these stand before it; [] for none."""
    if key in HOLIDAYS:
        return _coming(key, today)
    if len(key) == 10:
        return [date.fromisoformat(key)]
    if len(key) == 2:
        first = before[-1] if before else today  # "dias 31 e 1"
        ahead = (first + timedelta(days=each) for each in range(62))
        return [next(day for day in ahead if f"{day:%d}" == key)]
    month, day = (int(each) for each in key.split("-")) if key else (0, 0)
    found = _date(today.year, month, day)
    if found is not None and found < today - timedelta(days=30):  # long gone: next year's is meant
        found = _date(today.year + 1, month, day)
    return [found] if found else []


def _coming(name: str, today: date) -> list[date]:
    """The days of a holiday from today on: what is left of it, or the next ones."""
    days = [day for year in (today.year, today.year + 1) for day in days_of(name, year) if day >= today]
    return [day for day in days if day - days[0] < timedelta(days=30)]


def next_holiday(today: date) -> list[date]:
    """The days of what is called "the holiday" today."""
    names = [name for name, holiday in HOLIDAYS.items() if holiday.legal or name in _CALLED_HOLIDAY]
    return min(_coming(name, today) for name in names)


def _spoken_of(said: str, today: date) -> list[date] | None:
    """Today, tomorrow and weekdays, where they are named one by one."""
    found = []
    for ahead, pattern in _RELATIVE.items():
        if pattern.search(said):
            found.append(today + timedelta(days=ahead))
            said = pattern.sub(" ", said)
    is_sunday_of = _WEEKEND.search(said) and today.weekday() == 6 and not _NEXT.search(said)
    weekdays = [6] if is_sunday_of else _weekdays(said)
    if _NEXT_WEEK.search(said):
        monday = today + timedelta(days=7 - today.weekday())
        return [*found, *(monday + timedelta(days=each) for each in weekdays)] or None
    wait = 7 if _NEXT.search(said) else 0
    ahead_of = [(weekday - today.weekday()) % 7 or wait for weekday in weekdays]
    return [*sorted(found), *(today + timedelta(days=each) for each in ahead_of)]


def _weekdays(said: str) -> list[int]:
    """The weekdays that are named; none for "from … to …", which asks for the usual week."""
    if _WEEKEND.search(said):
        return [5, 6]
    words = [word for word in said.split() if word not in ("feira", "ter")]  # "vai ter": to have
    places = [place for place, word in enumerate(words) if word in WEEKDAYS]
    if any(words[place + 1 : place + 2] in (["a"], ["ate"], ["to"]) and place + 2 in places for place in places):
        return []
    return [WEEKDAYS[words[place]] for place in places]
