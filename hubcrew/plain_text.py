"""What does a text say that was pasted in from HTML or PDF? Clean lines, as a customer may read them. Pure."""

import re
import unicodedata

from hubcrew.markup import plain_lines

_MANY_LINES = re.compile(r"\n{3,}")
_LIGATURE = re.compile("[\ufb00-\ufb04]")
# Controls, zero-width and direction marks, halves of characters, a font's private ones (bullets), and none at all.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ufffe\uffff]"
)
# It joins emoji (a woman and a laptop: a programmer), and is of no use elsewhere.
_JOINER = "\u200d"
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_LONELY_JOINER = re.compile(f"(?<![{_EMOJI}]){_JOINER}|{_JOINER}(?![{_EMOJI}])")

_SOFT_HYPHEN = re.compile("\u00ad([^\\S\r\n]*[\r\n])?")
_BROKEN_WORD = re.compile("[-\u2010]\n(?=([a-zà-öø-ÿ]+))")
_WORD_BEFORE = re.compile(r"[^\W\d_]+\Z")
_LONGEST_BEFORE = 24
# These have their hyphen also where the line does not end.
_HYPHENATED = re.compile(
    r"(?:segunda|terça|quarta|quinta|sexta)-feiras?|(?:pós|pré|pró|recém|além|ex)-\w+|e-mails?|\w*[áêôí]-l[oa]s?",
    re.IGNORECASE,
)


def plain_text(text: str) -> str:
    """The text as plain lines: no tags, no invisible characters, no words broken at a line's end; emoji stay."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", plain_lines(text)))
    text = _LIGATURE.sub(lambda letters: unicodedata.normalize("NFKC", letters[0]), text)
    text = _LONELY_JOINER.sub("", text) if _JOINER in text else text
    text = _SOFT_HYPHEN.sub(lambda hyphen: f"-{hyphen[1]}" if hyphen[1] else "", text)
    text = "\n".join(" ".join(line.split()) for line in text.splitlines())
    return _MANY_LINES.sub("\n\n", _BROKEN_WORD.sub(_mended, text)).strip()


def _mended(line_end: "re.Match[str]") -> str:
    """What joins a word's halves: nothing, or the hyphen that is its own."""
    start = line_end.start()
    before = _WORD_BEFORE.search(line_end.string[max(0, start - _LONGEST_BEFORE) : start])
    if before is None:
        return line_end[0]
    return "-" if _HYPHENATED.fullmatch(f"{before[0]}-{line_end[1]}") else ""
