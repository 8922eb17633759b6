"""How is a body made that tells of nobody? Whatever could is replaced by something made up of the same form.

The same word becomes the same made-up word wherever it stands, so that what belonged together still does. What is kept
is what a program reads: names of fields, kinds and states, times, amounts, yes and no.
"""

import hashlib
import hmac
import re
from collections.abc import Collection
from typing import Any, NamedTuple

_KIND = re.compile(r"(^|_)(event|action|type|kind|status|state|object|currency|channel|locale|language|priority)$")
_KIND_VALUE = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,60}")
_TIME = re.compile(r"(^|_)(at|on|time|timestamp|date|created|updated|deleted|since|until)$")
_TIME_VALUE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|UTC|[+-]\d\d:?\d\d))?)?")
_BIRTH = re.compile(r"birth|nasc", re.IGNORECASE)
_ID = re.compile(r"(^|_)(id|ids|number|phone|cpf|cnpj|document)$|[a-z]Id$", re.IGNORECASE)
_PLACE = re.compile(r"(^|_)(lat|lng|lon|latitude|longitude)$", re.IGNORECASE)
_FIELD = re.compile(r"[A-Za-z_][A-Za-z_.:@-]{0,60}|[A-Za-z_][A-Za-z0-9_]{0,30}")
_WORDS = ("true", "false", "null", "yes", "no", "[removed]")
_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?P<host>[^/?#\s]*)(?P<rest>\S*)")
_MAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
# Brazil's numbers as they are written; nobody has area 29, and it is still a number to whoever reads it.
AREA = "29"
_PHONE = re.compile(r"(?<!\d)(?P<before>\+?55[ (]*|\(?)(?P<area>\d\d)(?P<after>[ )]*9?\d{4}[ -]?\d{4})(?!\d)")
_PART = re.compile(r"[^\W\d_]+|\d+")
_LETTERS = ("aeiou", "bcdfghjklmnpqrstvwxyz", "áéíóú")
MANY_DIGITS = 6


class Replaced(NamedTuple):
    """One value that was replaced, and where it stood."""

    path: str
    before: Any
    after: Any


class MadeUp:
    """Makes values up, by a key that is thrown away: what was there cannot be found from what is.

    `kept` are values that stay, as the parts of the signal's name; `kept_paths` are places whose values do.
    """

    def __init__(self, secret: bytes, kept: Collection[str] = (), kept_paths: Collection[str] = ()) -> None:
        self._secret = secret
        self._kept = {each.lower() for each in kept}
        self._kept_paths = set(kept_paths)
        self.replaced: list[Replaced] = []

    def of(self, value: Any, path: str = "") -> Any:
        """The same structure, with other values."""
        if path in self._kept_paths:
            return value
        if isinstance(value, dict):
            return {self._field(name): self.of(inner, f"{path}.{name}".strip(".")) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.of(inner, f"{path}.{number}".strip(".")) for number, inner in enumerate(value)]
        made = self._scalar(value, next((each for each in reversed(path.split(".")) if not each.isdigit()), ""))
        if made != value:
            self.replaced.append(Replaced(path, value, made))
        return made

    def _field(self, name: str) -> str:
        return name if _FIELD.fullmatch(name) and not _MAIL.fullmatch(name) else self._text(name)

    def _scalar(self, value: Any, name: str) -> Any:
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, float):
            return float(self._digits(f"{abs(value):.4f}".replace(".", ""))) / 1e4 if _PLACE.search(name) else value
        if isinstance(value, int):
            tells = _ID.search(name) or (len(str(abs(value))) >= MANY_DIGITS and not _TIME.search(name))
            return int(self._digits(str(abs(value)))) if tells else value
        return value if self._is_kept(value, name) else self._text(value)

    def _is_kept(self, text: str, name: str) -> bool:
        if text.lower() in self._kept or text.lower() in _WORDS:
            return True
        if _TIME_VALUE.fullmatch(text):
            return not _BIRTH.search(name)
        return bool(_KIND.search(name) and _KIND_VALUE.fullmatch(text) and not re.search(r"\d{6}", text))

    def _text(self, text: str) -> str:
        """A text with every word, number, address and telephone number in it made up."""
        whole = re.compile("|".join(each.pattern for each in (_URL, _MAIL, _PHONE, _PART)))
        return whole.sub(self._piece, text)

    def _piece(self, found: "re.Match[str]") -> str:
        piece = found[0]
        if found["scheme"]:
            return f"{found['scheme']}example.com{_PART.sub(self._piece_of_word, found['rest'])}"
        if "@" in piece:
            return f"{_PART.sub(self._piece_of_word, piece.partition('@')[0])}@example.com"
        if found["area"]:
            blank, kind, rest = re.split(r"(\d)", found["after"], maxsplit=1)  # its first digit: mobile or not
            return f"{found['before']}{AREA}{blank}{kind}{re.sub(r'[0-9]+', self._piece_of_word, rest)}"
        return self._word(piece)

    def _piece_of_word(self, found: "re.Match[str]") -> str:
        return self._word(found[0])

    def _word(self, word: str) -> str:
        return self._digits(word) if word.isdecimal() else self._letters(word)

    def _letters(self, word: str) -> str:
        drawn = self._drawn(word.lower(), len(word))
        return "".join(_other(letter, number) for letter, number in zip(word, drawn, strict=True))

    def _digits(self, digits: str) -> str:
        drawn = self._drawn(digits, len(digits))
        made = "".join(str((int(digit) + 1 + number % 9) % 10) for digit, number in zip(digits, drawn, strict=True))
        return made if made[0] != "0" else f"{'2' if digits[0] == '1' else '1'}{made[1:]}"

    def _drawn(self, of: str, length: int) -> bytes:
        """As many numbers as needed, always the same for the same word."""
        made = b""
        while len(made) < length:
            made += hmac.digest(self._secret, f"{len(made)}:{of}".encode(), hashlib.sha256)
        return made[:length]


def _other(letter: str, number: int) -> str:
    """Another letter of its kind: vowel for vowel, capital for capital."""
    lower = letter.lower()
    letters = next((each for each in _LETTERS if lower in each), _LETTERS[2])
    others = letters.replace(lower, "")
    made = others[number % len(others)]
    return made.upper() if letter.isupper() else made
