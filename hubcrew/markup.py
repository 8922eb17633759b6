"""What does HTML that was pasted into a field look like as plain lines? Pure.

Patterns, not a parser: a hundred thousand `<div>` that never close cost lexbor minutes, the square of their number.
"""

import html
import re

_INLINE = """
    a abbr acronym b big button cite code del em font i img input ins kbd label mark q s samp small source span strike
    strong sub sup time tt u var wbr
""".split()
_BLOCKS = """
    address article aside blockquote body caption center col colgroup dd details div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 head header hr html iframe legend li main meta nav ol option p picture pre script
    section select style summary svg template textarea title ul video xml
""".split()
_ROWS = ["table", "tbody", "tfoot", "thead", "tr"]
_CELLS = ["td", "th"]
_QUOTED = r"""(?:\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*)?"""
_TAG = re.compile(rf"<(/?)([a-z][a-z0-9]*(?::[a-z]+)?)(?:{_QUOTED}/?|\s[^<>]*)>", re.IGNORECASE)
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!doctype[^<>]*>|<(script|style|head|template|svg)(?=[\s>]).*?(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_LINK = re.compile(r"""<a\s[^<>]*?href=["'](https?://[^\s"'<>]+)["'][^<>]*>([^<]*)</a>""", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
# Where a text begins like this, all of it is HTML, and its own line ends are mere blanks.
_WHOLE = re.compile(
    r"\s*<(?:!|(?:html|body|p|div|h[1-6]|ul|ol|dl|table|section|article|main|header)[\s>])", re.IGNORECASE
)
_BLANKS = re.compile(r"[ \t]+")

# What stands in a tag's place until all are gone.
_EDGE, _ROW, _CELL = "\x1e", "\x1d", "\x1f"
_MARKS = {
    "br": "\n",
    **dict.fromkeys(_INLINE, ""),
    **dict.fromkeys(_BLOCKS, _EDGE),
    **dict.fromkeys(_ROWS, _ROW),
    **dict.fromkeys(_CELLS, _CELL),
}
_EDGES = re.compile(f"{_EDGE}(?: ?{_EDGE})*")
_CELL_END = re.compile(f"[ \n{_EDGE}]{{0,3}}{_CELL}[ \n{_EDGE}]{{0,3}}")
_LINE_ENDS = re.compile(f"[{_EDGE}{_ROW}](?: ?[{_EDGE}{_ROW}])*")


def plain_lines(text: str) -> str:
    """The text without its tags: paragraphs, list entries and table rows as lines, a row's cells parted by bars."""
    text = _HIDDEN.sub("", text) if "<" in text else text
    if any(_mark(tag) is not None for tag in _TAG.finditer(text)):
        text = " ".join(text.split()) if _WHOLE.match(text) else _BLANKS.sub(" ", text)
        text = _EDGES.sub(_EDGE, _TAG.sub(_instead, _LINK.sub(_with_address, text)))
        text = _LINE_ENDS.sub("\n", _in_rows(text) if _CELL in text else text)
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def _mark(tag: "re.Match[str]") -> str | None:
    """What marks a tag of HTML or Office (<o:p>). None for what is a text: <ana@example.com>, <nome>."""
    name = tag[2].lower()
    return _MARKS.get(name, "" if ":" in name else None)


def _instead(tag: "re.Match[str]") -> str:
    mark = _mark(tag)
    if mark is None:
        return tag[0]
    return "" if mark == _CELL and not tag[1] else mark


def _in_rows(text: str) -> str:
    """Cells side by side, whatever paragraphs they are made of."""
    rows = _CELL_END.sub(" | ", text).split(_ROW)
    return _ROW.join(row.rstrip(f" |{_EDGE}") for row in rows)


def _with_address(link: "re.Match[str]") -> str:
    """A customer who reads "click here" needs to know where."""
    address, words = link[1], link[2].strip()
    return words if address.partition("://")[2].strip("/") in words else f"{words} ({address})".strip()
