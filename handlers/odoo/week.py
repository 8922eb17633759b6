"""On which days, and from when until when? Written as a customer reads it. Pure."""

from collections.abc import Mapping
from gettext import gettext as _

WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
WEEK = (*WORKDAYS, "saturday", "sunday")


def week_text(hours: Mapping[str, str | None], closed: str) -> str:
    """A line for the days that share their hours, and last those that have none (None): closed.

    A day that is missing is not spoken of. Where none is open, nobody filled in the form: nothing is said.
    """
    sharing: dict[str | None, list[int]] = {}
    for number, day in enumerate(WEEK):
        if day in hours:
            sharing.setdefault(hours[day], []).append(number)
    free = sharing.pop(None, [])
    lines = [f"{_days(numbers)}: {text}" for text, numbers in sharing.items()]
    return "\n".join([*lines, f"{_days(free)}: {closed}"] if lines and free else lines)


def span_text(span: tuple[str, str]) -> str:
    """From when until when: "08:00 às 18:00"."""
    if span == ("00:00", "24:00"):
        return _("24 hours")
    return _("{start} to {end}").format(start=span[0], end=span[1])


def _days(numbers: list[int]) -> str:
    """The days' names, three and more in a row as "segunda a sexta"."""
    names = _names()
    parts = []
    for row in _rows(numbers):
        if len(row) > 2:
            parts.append(_("{first_day} to {last_day}").format(first_day=names[row[0]], last_day=names[row[-1]]))
        else:
            parts += [names[number] for number in row]
    text = parts[0]
    if len(parts) > 1:
        text = _("{days} and {last_day}").format(days=", ".join(parts[:-1]), last_day=parts[-1])
    return text[0].upper() + text[1:]


def _rows(numbers: list[int]) -> list[list[int]]:
    rows: list[list[int]] = []
    for number in numbers:
        if rows and rows[-1][-1] == number - 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    return rows


def _names() -> list[str]:
    return [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
