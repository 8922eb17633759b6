"""Which telephone number is meant? One spelling to compare by, whatever people type."""

import re

BRAZIL = "55"

# The area code; then a mobile number with its ninth digit in front, or the eight digits of any other.
_NATIONAL = re.compile(r"[1-9][1-9](?:9[0-9]{8}|[2-9][0-9]{7})")
# What is dialled before the area code within Brazil: 0, or 0 and a carrier's two digits.
_TRUNK = re.compile(r"^0(?:[0-9]{2})?(?=[0-9]{10,11}$)")
# Before there was a ninth digit, mobile numbers began with 6 to 9 and landlines with 2 to 5: taking the 9 from a
# newer mobile number like 95123-4567 would give somebody else's landline.
_WITH_NINTH = re.compile(r"(\+55[0-9]{2})9([6-9][0-9]{7})")
_WITHOUT_NINTH = re.compile(r"(\+55[0-9]{2})([6-9][0-9]{7})")


def e164(text: str, country: str = BRAZIL) -> str | None:
    """The number in its international form, `+5541999990000`; None when the text is not one whole number.

    Without a plus sign or 00 it is a number of the country. Without its area code it could be anybody's: None.
    """
    digits = re.sub("[^0-9]", "", text)
    if re.match(r"[^0-9+]*\+", text):
        return _international(digits)
    if digits.startswith("00"):
        return _international(digits[2:])
    if country != BRAZIL:
        return _international(country + digits.removeprefix("0"))
    return _brazilian(digits) or (_international(digits) if digits.startswith(BRAZIL) else None)


def spellings(number: str) -> set[str]:
    """The international forms that ring the same telephone: a Brazilian mobile's with its ninth digit and without."""
    for pattern, ninth in ((_WITH_NINTH, ""), (_WITHOUT_NINTH, "9")):
        if match := pattern.fullmatch(number):
            return {number, f"{match[1]}{ninth}{match[2]}"}
    return {number}


def _international(digits: str) -> str | None:
    if digits.startswith(BRAZIL):
        return _brazilian(digits.removeprefix(BRAZIL))
    return f"+{digits}" if re.fullmatch("[1-9][0-9]{7,14}", digits) else None


def _brazilian(digits: str) -> str | None:
    national = _TRUNK.sub("", digits)
    return f"+{BRAZIL}{national}" if _NATIONAL.fullmatch(national) else None
