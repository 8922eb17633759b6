"""What does a file say? Markdown as passages under their headings, CSV as one rule per row. Reads one file, no more."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from hubcrew import Item
from hubcrew.passages import passages_of, titled

# Which kind of knowledge each kind of file is.
KINDS = {".md": "document", ".csv": "permanent"}
LARGEST = 10 * 1024 * 1024
COLUMNS = {
    "name": ("name", "nome", "titulo", "título", "pergunta"),
    "text": ("text", "texto", "description", "descricao", "descrição", "resposta"),
    "type": ("type", "tipo"),
    "starts": ("starts", "inicio", "início", "de"),
    "ends": ("ends", "fim", "ate", "até"),
}
_BRAZILIAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class Unreadable(Exception):
    """The file is not what it should be; says where."""


def read_file(path: Path) -> list[Item]:
    """The items that a file holds; `Unreadable` where it is not text, too large, or a table without its columns."""
    if path.stat().st_size > LARGEST:
        raise Unreadable(f"larger than {LARGEST // 1048576} MB")
    text = _text(path.read_bytes())
    return list(_rows(text)) if path.suffix.lower() == ".csv" else _passages(path.stem, text)


def _text(raw: bytes) -> str:
    """UTF-8, or what Excel writes in Brazil."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _passages(name: str, text: str) -> list[Item]:
    title = name.replace("_", " ").replace("-", " ").strip().capitalize()
    return [
        Item(str(number), titled(title, each), each.text, "document")
        for number, each in enumerate(passages_of(text), start=1)
    ]


def _rows(text: str) -> Iterator[Item]:
    first = text.partition("\n")[0]
    table = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    names = {(each or "").strip().lower(): each for each in table.fieldnames or ()}
    column = {ours: next((names[each] for each in theirs if each in names), "") for ours, theirs in COLUMNS.items()}
    if not column["text"]:
        raise Unreadable(f"no column {' or '.join(COLUMNS['text'])} in the first line")
    for number, row in enumerate(table, start=2):
        values = {ours: (row.get(theirs) or "").strip() for ours, theirs in column.items()}
        if values["text"]:
            days = [_day(values[each], number) for each in ("starts", "ends")]
            yield Item(str(number), values["name"] or values["text"][:60], values["text"], values["type"], *days)


def _day(value: str, number: int) -> str | None:
    """A day as 2026-11-22 or 22/11/2026."""
    match = _BRAZILIAN.fullmatch(value)
    try:
        if match is not None:
            return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
        return date.fromisoformat(value).isoformat() if value else None
    except ValueError as error:
        raise Unreadable(f"line {number}: {value} is not a date (22/11/2026)") from error
