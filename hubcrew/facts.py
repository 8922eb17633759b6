"""Which facts does a text state, to be held against another? Figures, dates, hours, days, addresses. Pure."""

import functools
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from hubcrew.figures import HOUR, MONTH, MONTHS, NUMBER, UNIT, amount, rewritten, unit_of
from hubcrew.masking import PHONE
from hubcrew.vocabulary import STOPWORDS

LONGEST_PHONE = 12
# The unit of what is counted by a word that is no unit.
THINGS = "things"


class Fact(NamedTuple):
    """Something stated: a value that is the same in every spelling; `of` is its unit, its currency or its year."""

    kind: str
    value: Any
    of: Any = ""


_Make = Callable[[re.Match[str]], "list[Fact] | None"]

_DAYS = (
    "segundas? segunda-feira segundas-feiras seg lunes mondays? mon",
    "tercas? terca-feira tercas-feiras martes tuesdays? tue",
    "quartas? quarta-feira quartas-feiras qua miercoles wednesdays? wed",
    "quintas? quinta-feira quintas-feiras qui jueves thursdays? thu",
    "sextas? sexta-feira sextas-feiras sex viernes fridays? fri",
    "sabados? sab saturdays? sat",
    "domingos? dom sundays? sun",
)
_DAY_PATTERNS = [re.compile("|".join(names.split())) for names in _DAYS]
_DAY = "(?:" + "|".join(name for names in _DAYS for name in reversed(names.split())) + r")(?:-feiras?)?\b"
_EVERY_DAY = (
    r"todos\s+os\s+dias|todos\s+los\s+dias|diariamente|every\s*day|daily|(?:segunda|seg)\s+a\s+(?:segunda|seg)\b"
)
_WEEKEND = r"fi(?:m|ns|nes)\s+de\s+semana|fin\s+de\s+semana|weekends?|fds"
_WEEK = r"dias?\s+ute?is|dia\s+util|dias?\s+habil(?:es)?|(?:business|working)\s+days?|weekdays?|durante\s+a\s+semana"
_TOP_LEVEL = (
    "com|net|org|br|io|app|shop|store|me|co|site|online|link|ly|gl|gg|info|biz|tv|dev|cc|to|page|xyz|top|click|us|pt|es|"
    "ar|ai|club|vip|live|blog|eu|de|uk|mx|cl|uy|py|ru|cn"
)
_RELATIVE = {
    "hoje": 0,
    "today": 0,
    "hoy": 0,
    "amanha": 1,
    "tomorrow": 1,
    "manana": 1,
    "ontem": -1,
    "yesterday": -1,
    "ayer": -1,
}
# "Nos 15 primeiros dias": what is counted comes later.
_BEFORE_UNITS = frozenset("primeiros primeiras ultimos ultimas proximos proximas first last next".split())
# "may", "march", "set", "out" are other words as well: only beside a day are they months.
_LONE_MONTH = "|".join(name for name in MONTHS if len(name) > 3 and name != "march")


def facts_of(text: str) -> tuple[Fact, ...]:
    """Everything stated in a text that can be held against another: each fact once, in no order that matters."""
    return taken_apart(text)[0]


@functools.lru_cache(maxsize=1000)
def taken_apart(text: str) -> tuple[tuple[Fact, ...], str]:
    """The facts that a text states, and the words between them."""
    left, found = rewritten(text), dict[Fact, None]()
    for pattern, make in _KINDS:
        left = pattern.sub(lambda match, make=make: _taken(match, make, found), left)  # type: ignore[misc]
    return tuple(found), left


def _taken(match: re.Match[str], make: _Make, found: dict[Fact, None]) -> str:
    made = make(match)
    if made is None:
        return match[0]
    found.update(dict.fromkeys(made))
    return " | "


def _link(match: re.Match[str]) -> list[Fact]:
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", match[0])
    return [Fact("link", bare.rstrip(".,;:!?)]}*_~/"))]


def _phone(match: re.Match[str]) -> list[Fact]:
    digits = re.sub(r"\D", "", match[0]).lstrip("0")
    return [Fact("phone", digits[2:] if digits.startswith("55") and len(digits) >= LONGEST_PHONE else digits)]


def _date(day: str, month: str, year: str | None = None) -> list[Fact] | None:
    number = MONTHS.get(month) or int(month)
    if not (1 <= int(day) <= 31 and 1 <= number <= 12):
        return None
    known = int(year) + (2000 if len(year) == 2 else 0) if year else ""
    return [Fact("date", (int(day), number), known)]


def _hour(hour: str, minute: str | None = None, half: str | None = None) -> list[Fact]:
    later = 12 if half == "pm" and int(hour) < 12 else -12 if half == "am" and int(hour) == 12 else 0
    return [Fact("hour", (int(hour) + later, int(minute or 0)))]


def _price(currency: str, number: str) -> list[Fact]:
    return [Fact("price", amount(number), _CURRENCIES.get(currency.strip(), ""))]


def _number(match: re.Match[str]) -> list[Fact]:
    """With its unit; of "10 sessoes" it is known at least that they are no minutes."""
    counted = match[3] and match[3] not in STOPWORDS and match[3] not in _BEFORE_UNITS
    return [Fact("number", amount(match[1]), THINGS if counted else unit_of(match[2] or ""))]


def _days(match: re.Match[str]) -> list[Fact]:
    first, last = _weekday(match[1]), _weekday(match[2])
    return [Fact("day", each % 7) for each in range(first, first + (last - first) % 7 + 1)]


def _weekday(name: str) -> int:
    bare = re.sub("-feiras?$", "", name)
    return next(number for number, names in enumerate(_DAY_PATTERNS) if names.fullmatch(bare) or names.fullmatch(name))


def _all(first: int, last: int) -> _Make:
    return lambda _match: [Fact("day", each) for each in range(first, last + 1)]


_CURRENCIES = {
    "r$": "BRL", "brl": "BRL", "reais": "BRL", "real": "BRL", "us$": "USD", "dolares": "USD", "dollars": "USD",
    "€": "EUR", "euros": "EUR",
}  # fmt: skip
_AMOUNT_SIGN = r"(r\$|us\$|u\$s|\$|€|brl)"
_AMOUNT_WORD = r"(reais|real|dolares|dollars|euros|brl)\b"

_KINDS: tuple[tuple[re.Pattern[str], _Make], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", lambda match: [Fact("e-mail", match[0].rstrip("."))]),
        (r"(?:https?://|www\.)[^\s<>\"']+", _link),
        (rf"\b[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}\.(?:{_TOP_LEVEL})\b(?:/[^\s<>\"']*)?", _link),
        (r"(?<!\w)@[\w.]+", lambda match: [Fact("link", match[0].rstrip("."))]),
        (r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", lambda match: _date(match[3], match[2], match[1])),
        (
            r"(?<![\d/,.])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?!\d)",
            lambda match: _date(match[1], match[3], match[4]),
        ),
        (r"(?<![\d/,.])(\d{1,2})/(\d{1,2})(?![\d/])", lambda match: _date(match[1], match[2])),
        (
            rf"(?<![\d.,])(\d{{1,2}})(?:o|st|nd|rd|th)?\s*(?:de\s+|of\s+)?{MONTH}(?:\s*(?:de|,)?\s*(\d{{4}})(?!\d))?",
            lambda match: _date(match[1], match[2], match[3]),
        ),
        (
            rf"\b{MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:h%]|[.,]\d)(?:,?\s*(\d{{4}})(?!\d))?",
            lambda match: _date(match[2], match[1], match[3]),
        ),
        (PHONE, _phone),
        (
            r"(?<![\d.,])(\d{1,2})\s*(?::|h)\s?(\d\d)(?!\d)(?::\d\d)?\s*(?:min\b|hs?\b)?\s*([ap]m\b)?",
            lambda match: _hour(match[1], match[2], match[3]),
        ),
        (r"(?<![\d.,])(\d{1,2})\s*([ap]m)\b", lambda match: _hour(match[1], None, match[2])),
        (rf"(?<![\d.,])(\d{{1,3}})\s*{HOUR}", lambda match: _hour(match[1])),
        (rf"({NUMBER})\s*%", lambda match: [Fact("percentage", amount(match[1]))]),
        (rf"{_AMOUNT_SIGN}\s*({NUMBER})", lambda match: _price(match[1], match[2])),
        (rf"({NUMBER})\s*{_AMOUNT_WORD}", lambda match: _price(match[2], match[1])),
        (
            rf"(?<![\d.,])((?:\d{{1,3}}(?:\.\d{{3}})+|\d+),\d\d)(?![\d.,]\d|\d|\s*{UNIT})",
            lambda match: _price("", match[1]),
        ),
        (rf"(?<!\d)({NUMBER})\s*(?:({UNIT})|(?=([a-z]{{4,}})\b))?", _number),
        (_EVERY_DAY, _all(0, 6)),
        (rf"\b({_DAY})\.?\s*(?:-|/|\ba|\bate|\bto|\bthrough|\bal?)\s*({_DAY})", _days),
        (_WEEKEND, _all(5, 6)),
        (_WEEK, _all(0, 4)),
        (rf"\b({_DAY})", lambda match: [Fact("day", _weekday(match[1]))]),
        (r"\b(?:feriados?|holidays?|festivos?)\b", lambda _match: [Fact("day", "holiday")]),
        (rf"\b({_LONE_MONTH})\b", lambda match: [Fact("month", MONTHS[match[1]])]),
        (rf"\b({'|'.join(_RELATIVE)})\b", lambda match: [Fact("relative day", _RELATIVE[match[1]])]),
    )
)  # fmt: skip


def stands_among(fact: Fact, known: Sequence[Fact]) -> bool:
    """Whether a fact is stated by one of those known, perhaps in another spelling or more exactly."""
    return any(_is_stated(fact, each) for each in known)


def _is_stated(fact: Fact, known: Fact) -> bool:
    if fact.kind != known.kind:
        return fact.kind == "number" and not fact.of and _is_figure(fact.value, known)
    if fact.kind == "phone":
        return bool(known.value.endswith(fact.value))
    vague = not fact.of or (not known.of and fact.kind != "date")  # "R$ 50" of "50,00"; but no year that was not told
    return bool(fact.value == known.value) and (vague or bool(fact.of == known.of))


def _is_figure(value: Decimal, known: Fact) -> bool:
    """A bare number may be a price or an hour that stands there with its sign."""
    return bool(
        (known.kind == "price" and known.value == value) or (known.kind == "hour" and known.value == (value, 0))
    )
