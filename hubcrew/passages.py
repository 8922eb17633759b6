"""Into which passages is a document cut, so that one of them answers a question? Pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from hubcrew.plain_text import plain_text

MOST = 700  # characters of a passage
LONGEST_HEADING = 120
# A paragraph this short that no full stop ends belongs to the next one: "Aceitamos:".
FRAGMENT = 80
# HTML and Markdown mark six levels of headings; a line that only looks like one lies below them.
GUESSED = 7
_MARKS = frozenset("#" * level for level in range(1, GUESSED))

_HEADING_TAG = re.compile(r"<h([1-6])(?:\s[^<>]*)?>", re.IGNORECASE)
_BOLD_LINE = re.compile(
    r"<(?:p|div)(?:\s[^<>]*)?>\s*<(b|strong)(?:\s[^<>]*)?>[^<>]{1,120}</\1>\s*</(?:p|div)>", re.IGNORECASE
)
_TITLE = re.compile(r"(?:\d[\d.)]* ?)?[A-ZÀ-ÖØ-Þ][^|]{0,76}[^\W_][)\"\u201d]?")
_QUESTION = re.compile(r"(?:[^\w\s]\s?|\d[\d.)]* )?[A-ZÀ-ÖØ-Þ¿][^|]*\?")
_PROSE = 60
_FULL_STOPS = ".!?…"
_BLANK_LINES = re.compile(r"\n{2,}")
_SENTENCE_END = re.compile(r"[.!?…][\"'\u201d\u2019»)\]]*\s+(?![a-zà-öø-ÿ])")


class Passage(NamedTuple):
    """A piece of a document, and the headings it stands under."""

    headings: tuple[str, ...]
    text: str


def titled(name: str, passage: Passage) -> str:
    """What a passage is called: the document's name, and the headings that it stands under."""
    return " \u203a ".join(dict.fromkeys(filter(None, [name, *passage.headings])))


def passages_of(content: str) -> Iterator[Passage]:
    """A document's passages in their order, whether it is HTML, Markdown, plain or PDF text."""
    for headings, body in _sections(plain_text(_marked(content)).split("\n")):
        for paragraph in _paragraphs(body):
            for piece in _pieces(paragraph):
                yield Passage(headings, piece)


def _marked(content: str) -> str:
    """HTML's headings marked as Markdown's are; a line that is all bold is parted from the one before it."""
    if "</" not in content:
        return content
    parted = _BOLD_LINE.sub(r"<br>\g<0>", content)
    return _HEADING_TAG.sub(lambda tag: f"<br>{tag[0]}{'#' * int(tag[1])} ", parted)


def _sections(lines: list[str]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """What stands under each heading. A marked heading leaves the text, a guessed one stays: it may be none."""
    levels: list[tuple[int, str]] = []
    body: list[str] = []
    for number, line in enumerate(lines):
        level, heading = _heading(lines, number)
        if level == 0:
            body.append(heading)
            continue
        if any(body):
            yield _names(levels), body
        elif levels and level <= levels[-1][0]:
            yield _names(levels), [levels[-1][1]]
        levels = [*(each for each in levels if each[0] < level), (level, heading)]
        body = [line] if level == GUESSED else []
    if any(body) or levels:
        yield _names(levels), body if any(body) else [levels[-1][1]]


def _names(levels: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(heading for _, heading in levels)


def _heading(lines: list[str], number: int) -> tuple[int, str]:
    """How deep a heading the line is, and its words; 0 where it is none."""
    line = lines[number]
    marks, _, words = line.partition(" ")
    if marks in _MARKS:
        words = words if words.strip("# ") else ""
        return (len(marks) if 0 < len(words) <= LONGEST_HEADING else 0), words
    if not line or len(line) > LONGEST_HEADING or line[-1] in ".,;:!…":
        return 0, line
    following = next((each for each in lines[number + 1 : number + 3] if each), "")
    if not following:
        return 0, line
    guessed = _QUESTION.fullmatch(line) if line[-1] == "?" else _is_title(lines, number, following)
    return (GUESSED if guessed else 0), line


def _is_title(lines: list[str], number: int, following: str) -> bool:
    """Whether a line begins a paragraph and has prose under it; one that stands apart may end a list instead."""
    if number > 0 and lines[number - 1]:
        return False
    before = lines[number - 2] if number > 1 else ""
    if not lines[number + 1] and before and before[-1] not in _FULL_STOPS:
        return False
    prose = len(following) > _PROSE or following[-1] in _FULL_STOPS
    return prose and _TITLE.fullmatch(lines[number]) is not None


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """The paragraphs, each fragment with what comes after it."""
    whole = ""
    for paragraph in _BLANK_LINES.split("\n".join(lines).strip("\n")):
        if whole and _is_fragment(whole) and len(whole) + len(paragraph) <= MOST:
            whole = f"{whole}\n\n{paragraph}"
            continue
        if whole:
            yield whole
        whole = paragraph
    if whole:
        yield whole


def _is_fragment(text: str) -> bool:
    return text.endswith(":") or (len(text) < FRAGMENT and not text.endswith((".", "!", "…")))


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that are short enough, cut at the end of a sentence, a line or at least a word."""
    start = 0
    while len(text) - start > MOST:
        end = start + _cut(text[start : start + MOST + 1])
        yield text[start:end].strip()
        start = end
    if rest := text[start:].strip():
        yield rest


def _cut(window: str) -> int:
    """Where to cut: not so early that little is left. What is longer than a passage and has no blank is no word."""
    ends = [end.end() for end in _SENTENCE_END.finditer(window) if end.end() > MOST // 4]
    lines = [end for end in ends if window[end - 1] == "\n" and end > MOST // 2]
    if ends:
        return (lines or ends)[-1]
    return next((end + 1 for end in (window.rfind("\n"), window.rfind(" ")) if end > 0), MOST)
