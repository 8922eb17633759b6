"""What of a customer's message must not leave the house? Numbers and addresses that name a person are masked. Pure."""

import re
import unicodedata
from collections.abc import Callable, Sequence

# What stands where something was masked.
MASK = re.compile(r"\[(?:e-mail|cartão|cnpj|cpf|rg|telefone|número)\]", re.IGNORECASE)

# What is not seen, and parts digits all the same.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_EMAIL = re.compile(r"[\w.+%-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63})+")
# The letters of a CNPJ's first twelve signs came in 2026.
_CNPJ = re.compile(
    r"""
    (?<!\w)[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/[0-9A-Z]{4}-?\d{2}(?!\w)
    | (?<!\w)\d{2}[.\ ]\d{3}[.\ ]\d{3}[\ /]\d{4}[\ -]\d{2}(?!\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CPF = re.compile(r"(?<!\d)\d{3}[. ]\d{3}[. ]\d{3}[-. /]?\d{2}(?!\d)|(?<!\d)\d{9}[-. /]\d{2}(?!\d)")
_RG = re.compile(r"(?<!\d)\d{1,2}\.\d{3}\.\d{3}-[\dX](?!\w)", re.IGNORECASE)
_CARD = re.compile(r"(?<!\d)\d{4}([ .-])\d{4}\1\d{4}\1\d{1,7}(?!\d)|(?<!\d)\d{4}([ .-])\d{6}\2\d{4,5}(?!\d)")
_MONEY_AFTER = r"(?!\d|,\d\d(?!\d)|\s*(?:reais|rs\b|d[oó]lares|euros))"
# Public: `facts.py` finds the same ones in what a model wrote.
PHONE = re.compile(
    rf"""
    (?:\+|(?<!\d)00)\d{{1,3}}[\s().-]*\d(?:[\s().-]{{0,2}}\d){{6,13}}(?!\d)
    | (?<![\d,])0[3589]00[\s.-]?\d{{3}}[\s.-]?\d{{4}}(?!\d)
    | (?<![\d,])(?:55[\s.-]*)?\(?0?(?:\d{{2}}[\s.-]?)?[1-9]\d\)?[\s.-]*9?[\s.-]?[2-9]\d{{3}}[\s.-]?\d{{4}}{_MONEY_AFTER}
    | (?<![\d$,.])(?<!\$\s)9[\s.]?[6-9]\d{{3}}[\s.-]?\d{{4}}{_MONEY_AFTER}
    | (?<![\d$,.])(?<!\$\s)[2-9]\d{{3}}-\d{{4}}{_MONEY_AFTER}
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Eight digits alone are a CEP, a date or an order; after one of these words a telephone.
_CALLED = re.compile(
    r"(?i)\b(fones?|telefones?|tel|cel|celular|zap|whats(?:app)?|wpp|ligar|liga|ligue|chama)\b([^\d\n]{0,20})\d{4}[\s.-]?\d{4}(?!\d)"
)
_RUN = re.compile(r"\d(?:[.-]?\d){8,}")
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d\d)?(?!\d)|\d{1,2}[-.]\d{1,2}[-.]\d{4}(?!\d)")


def masked(text: str) -> str:
    """The text with `[cpf]`, `[telefone]` and the like where a person's numbers and addresses stood.

    Prices, dates, hours, CEPs, sizes and numbers of up to eight digits stay.
    """
    seen = _DASHES.sub("-", _UNSEEN.sub("", unicodedata.normalize("NFKC", text)))
    for pattern, put in _STEPS:
        seen = pattern.sub(put, seen)
    return seen


def _card(found: re.Match[str]) -> str:
    return "[cartão]" if _is_card(_digits(found[0])) else "[número]"


def _run(found: re.Match[str]) -> str:
    """Many digits in a row: which kind, if their check digits or their length tell."""
    if _AMOUNT.fullmatch(found[0]):
        return found[0]
    digits = _digits(found[0])
    if len(digits) == 11 and _checks(digits, range(2, 12)):
        return "[cpf]"
    if len(digits) == 14 and _checks(digits, (*range(2, 10), *range(2, 7))):
        return "[cnpj]"
    return "[cartão]" if _is_card(digits) else "[número]"


def _phone(found: re.Match[str]) -> str:
    digits = _digits(found[0])
    if digits == found[0] and len(digits) > 9:
        kind = _run(found)
        return "[telefone]" if kind == "[número]" else kind
    return "[telefone]"


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _is_card(digits: str) -> bool:
    """Luhn's sum over 13 to 19 digits."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return 13 <= len(digits) <= 19 and sum(each - 9 * (each > 9) for each in doubled) % 10 == 0


def _checks(digits: str, weights: Sequence[int]) -> bool:
    """Whether the last two are the check digits of those before, weighed from the right; all alike is nobody's."""
    for end in (len(digits) - 2, len(digits) - 1):
        total = sum(int(digit) * weight for digit, weight in zip(reversed(digits[:end]), weights, strict=False))
        if int(digits[end]) != (total * 10 % 11) % 10:
            return False
    return len(set(digits)) > 1


_STEPS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (_EMAIL, "[e-mail]"),
    (_CARD, _card),
    (_CNPJ, "[cnpj]"),
    (_CPF, "[cpf]"),
    (_RG, "[rg]"),
    (PHONE, _phone),
    (_CALLED, r"\1\2[telefone]"),
    (_RUN, _run),
)
