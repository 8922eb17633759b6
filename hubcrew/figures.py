"""How is a figure written, so that two spellings of it read alike? Number words, ranges, hours, months, units. Pure."""

import re
from decimal import Decimal

from hubcrew.words import plain

# With bounds everywhere: a text of nothing but digits is read as quickly as any other.
NUMBER = r"\d{1,20}(?:[.,]\d{1,20}){0,6}"

# "um", "dos", "doce", "once" are left out: articles, sweets, "one time". "um" counts before a unit alone.
_WORDS = {
    word: value
    for value, words in {
        2: "dois duas two", 3: "tres three", 4: "quatro cuatro four", 5: "cinco five", 6: "seis six",
        7: "sete siete seven", 8: "oito ocho eight", 9: "nove nueve nine", 10: "dez diez ten", 11: "onze eleven",
        12: "doze twelve", 13: "treze trece thirteen", 14: "quatorze catorze catorce fourteen",
        15: "quinze quince fifteen", 16: "dezesseis sixteen", 17: "dezessete seventeen", 18: "dezoito eighteen",
        19: "dezenove nineteen", 20: "vinte veinte twenty", 30: "trinta treinta thirty",
        40: "quarenta cuarenta forty", 50: "cinquenta cincuenta fifty", 60: "sessenta sesenta sixty",
        70: "setenta seventy", 80: "oitenta ochenta eighty", 90: "noventa ninety", 100: "cem cento cien hundred",
        200: "duzentos duzentas", 300: "trezentos trezentas", 400: "quatrocentos quatrocentas",
        500: "quinhentos quinhentas", 600: "seiscentos seiscentas", 700: "setecentos", 800: "oitocentos",
        900: "novecentos",
    }.items()
    for word in words.split()
}  # fmt: skip
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_IN_WORDS = re.compile(rf"\b(?:{_WORD})(?:(?:\s+(?:e|y)\s+|-|\s+)(?:{_WORD}))*\b")
_THOUSANDS = re.compile(rf"(?<![\d.,])(\d{{1,3}})\s+(?:mil|thousand)\b(?!\s*(?:e|y)?\s*{NUMBER})")

MONTHS = {
    name: number
    for number, names in enumerate(
        "janeiro enero january jan;fevereiro febrero february fev feb;marco marzo march mar;abril april abr apr;"
        "maio mayo may mai;junho junio june jun;julho julio july jul;agosto august ago aug;"
        "setembro septiembre september set sep;outubro octubre october out oct;"
        "novembro noviembre november nov;dezembro diciembre december dez dec".split(";"),
        start=1,
    )
    for name in names.split()
}
MONTH = "(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b"

UNITS = {
    "business day": r"dias?\s+ute?is|dia\s+util|(?:business|working)\s+days?|dias?\s+habil(?:es)?",
    "day": r"dias?(?:\s+corridos)?|(?:calendar\s+)?days?",
    "week": r"semanas?|weeks?",
    "month": r"mes(?:es)?|months?",
    "year": r"anos?|years?",
    "minute": r"min(?:utos?|utes?)?",
    "km": r"km|quilometros?|kilometros?|kilomet(?:er|re)s?",
    "m": r"m|metros?|met(?:er|re)s?",
    "cm": r"cm|centimetros?",
    "kg": r"kgs?|quilos?|kilos?",
    "g": r"gr?|gramas?|grams?",
    "ml": r"ml",
    "l": r"l|litros?|lit(?:er|re)s?",
    "times": r"x|vezes|veces|times|parcelas?|prestacoes|installments?|cuotas?",
    "person": r"pessoas?|personas?|people|persons?",
}
UNIT = "(?:" + "|".join(UNITS.values()) + r")(?![a-z])"
HOUR = r"(?:hs?|hrs?|horas?|hours?)(?![a-z])"

_TO = r"\s*(?:-|\b(?:as?|ate|e|ou|to|until|and|or|y|al?|hasta)\b)\s*"
_SUFFIX = rf"%|reais\b|[ap]m\b|{HOUR}|{UNIT}"
_UP_TO = r"\s*(?:-|\b(?:as?|ate|to)\b)\s*"
_ALONE = rf"(?![\d:]|[,./]\d|\s*(?:{_SUFFIX}))"
_CLOCK = r"\b(\d{1,2})(:\d\d|h\d\d)?(?:h|\s*horas?)?\s+(?:da|de\s+la|in\s+the|at)\s+"
# What is done first, in this order: afterwards every figure carries what it counts.
_REWRITES = tuple(
    (re.compile(pattern, re.MULTILINE), into)
    for pattern, into in (
        (r"^ ?(?:[-*•] ?)?\d{1,2}(?:\ufe0f?\u20e3|[.)](?=\s)|\s?-\s(?=[a-z]))", " "),
        (r"\bmeio[- ]dia\b|\bnoon\b|\bmediodia\b", "12h"),
        (r"\bmeia[- ]noite\b|\bmidnight\b|\bmedianoche\b", "0h"),
        (r"\b(?:primeiro|1[oº])\s+de\s+(?=[a-z])", "1 de "),
        (rf"\b(?:um|uma|un|una|one)\s+(?=real\b|{UNIT})", "1 "),
        (rf"\b(?:uma|una|one|an)\s+(?={HOUR})", "1 "),
        (r"\b([ap])\.\s?m\b\.?", r"\1m"),
        (r"\b(\d{1,2})\s*(?:h|horas?)?\s+e\s+meia\b", r"\1h30"),
        (rf"{_CLOCK}(?:manha|manana|morning)\b", r"\1\2 am"),
        (rf"{_CLOCK}(?:tarde|noite|noche|afternoon|evening|night)\b", r"\1\2 pm"),
        (rf"\b(\d{{1,2}})(o?{_TO}\d{{1,2}}o?\s*(?:de\s+)?{MONTH})", r"\1 de \3 \2"),
        (rf"(?<![\d:h.,/])(\d{{1,2}})({_TO})(\d{{1,2}}(?::|h)\d\d)", r"\1h\2\3"),
        (rf"(?<![\d:.,/$])(?<!\$\s)({NUMBER})({_TO})({NUMBER})\s*({_SUFFIX})", r"\1 \4\2\3 \4"),
        (rf"(?<!\d)(\d{{1,2}}h(?:\d\d)?|\d{{1,2}}:\d\d)({_UP_TO})(\d{{1,2}}){_ALONE}", r"\1\2\3h"),
        (rf"(r\$|us\$|€)(\s*{NUMBER})({_UP_TO})({NUMBER}){_ALONE}", r"\1\2\3\1 \4"),
    )
)


def rewritten(text: str) -> str:
    """The text, plain, in which figures are written in digits and each has its unit beside it."""
    seen = re.sub("[\u2010-\u2015\u2212]", "-", plain(text))
    seen = re.sub(r" ?\n\s*", "\n", re.sub(r"[^\S\n]+", " ", seen))
    seen = re.sub(r"\b(?:por cento|por ciento|per ?cent)\b", "%", seen)
    seen = _THOUSANDS.sub(r"\g<1>000", _IN_WORDS.sub(_in_digits, seen))
    for pattern, into in _REWRITES:
        seen = pattern.sub(into, seen)
    return seen


def _in_digits(found: re.Match[str]) -> str:
    """Number words in digits: "vinte e cinco" is 25; "dois e tres" are two numbers."""
    parts = re.split(r"(\s+(?:e|y)\s+|-|\s+)", found[0])
    text, total = "", _WORDS[parts[0]]
    for joint, word in zip(parts[1::2], parts[2::2], strict=True):
        value = _WORDS[word]
        if total >= 20 and value < 10 ** (len(str(total)) - len(str(total).rstrip("0"))):
            total += value
        else:
            text, total = f"{text}{total}{joint}", value
    return f"{text}{total}"


def amount(written: str) -> Decimal:
    """The number that is written: the last separator is the decimal one, unless thousands are parted by it.

    One comma is always the decimal one: a single "1,234" is read the Portuguese way.
    """
    last = max(written.rfind("."), written.rfind(","))
    if last < 0:
        return Decimal(written)
    sign, digits_after = written[last], len(written) - last - 1
    groups = written.count(sign) > 1 or (sign == "." and digits_after == 3)
    whole = re.sub(r"[.,]", "", written if groups else written[:last])
    return Decimal(whole if groups else f"{whole}.{written[last + 1 :]}").normalize()


def unit_of(text: str) -> str:
    """What a unit is called here, in whichever language it is written; "" for none."""
    return next((name for name, pattern in UNITS.items() if re.fullmatch(pattern, text)), "")
