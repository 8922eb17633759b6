"""When can what be booked, and on which terms? Both modules' scheduling rules, made into items of knowledge. Pure."""

from gettext import gettext as _
from typing import Any

from handlers.odoo.lists import id_of, listed, part_of, with_ids
from handlers.odoo.values import hour_of, line_of, lines_of, said, span_of, text_of, yes
from handlers.odoo.week import WEEK, WORKDAYS, span_text, week_text
from hubcrew import Item

_HOURS = ("morning_start", "morning_end", "afternoon_start", "afternoon_end")
LONGEST = 10_000  # hours or days; more is a mistake


def read_scheduling(payload: dict[str, Any]) -> list[Item]:
    """The scheduling rules of a call, each as an item; an empty list empties, a missing one is `Rejected`."""
    return with_ids([_item(rule) for rule, _place in listed(payload, "scheduling_rules")])


def _item(rule: dict[str, Any]) -> Item:
    kind = line_of(rule.get("service_type"))
    if kind == "other":
        kind = line_of(rule.get("service_type_other")) or kind
    service = _service(kind)
    name = line_of(rule.get("name"))
    return Item(id_of(rule, "rule_id", "id"), name or service, _text(rule, name, service), kind, original=rule)


def _text(rule: dict[str, Any], name: str, service: str) -> str:
    days = part_of(rule, "days_available")
    hours = {day: _hours(rule, day) if yes(days[day]) else None for day in WEEK if day in days}
    policies = {**part_of(rule, "additional_info"), **part_of(rule, "policies")}
    return lines_of(
        name,
        service,
        text_of(rule.get("description")),
        week_text(hours, _("no appointments")),
        said(_("Duration: {text}"), _duration(rule.get("duration"))),
        _ahead(_number(rule.get("min_advance_time")), _number(rule.get("max_advance_time"))),
        said(_("Cancellation: {text}"), policies.get("cancellation")),
        said(_("Rescheduling: {text}"), policies.get("rescheduling")),
        said(_("To book, please tell us: {text}"), policies.get("required_information")),
        said(_("After the confirmation: {text}"), policies.get("confirmation_instructions")),
    )


def _service(kind: str) -> str:
    known = {
        "consultation": _("Service: consultation"),
        "maintenance": _("Service: maintenance or repair"),
        "delivery": _("Service: delivery"),
        "installation": _("Service: installation"),
        "event": _("Service: event"),
        "other": "",
    }
    return known[kind] if kind in known else said(_("Service: {text}"), kind)


def _hours(rule: dict[str, Any], day: str) -> str | None:
    """The hours of a day that can be booked; None where they are all 0, which is none."""
    block = _block(rule, day)
    spans = [span_text(span) for span in _spans(block)]
    if len(spans) == 2:
        return _("{morning} and {afternoon}").format(morning=spans[0], afternoon=spans[1])
    if spans:
        return spans[0]
    known = all(hour_of(block.get(hour)) is not None for hour in _HOURS)
    return None if known else _("please ask for the hours")


def _block(rule: dict[str, Any], day: str) -> dict[str, Any]:
    """The hours of a day: v1 has them all under `hours`, business_rules2 the weekend's under `special_hours`."""
    hours = part_of(rule, "hours")
    if day in WORKDAYS:
        return part_of(hours, "weekdays") if "weekdays" in hours else hours
    return part_of(hours if day in hours else part_of(rule, "special_hours"), day)


def _spans(block: dict[str, Any]) -> list[tuple[str, str]]:
    """The day's one or two halves. Without a break it lasts from the first hour to the last."""
    morning, afternoon = _half(block, "morning"), _half(block, "afternoon")
    if not yes(block.get("has_afternoon", True)):
        afternoon = None
    elif not yes(block.get("has_lunch_break", True)) and hour_of(block.get("afternoon_end")) != "00:00":
        whole = span_of(block.get("morning_start"), block.get("afternoon_end"))
        return [whole] if whole else []
    if morning and afternoon and morning[1] == afternoon[0]:
        return [(morning[0], afternoon[1])]
    return [half for half in (morning, afternoon) if half]


def _half(block: dict[str, Any], half: str) -> tuple[str, str] | None:
    """Its hours; in this form 0 stands for no appointments, be it the end or where the afternoon begins."""
    start, end = block.get(f"{half}_start"), block.get(f"{half}_end")
    if hour_of(end) == "00:00" or (half == "afternoon" and hour_of(start) == "00:00"):
        return None
    return span_of(start, end)


def _number(value: Any) -> float:
    """A number of hours or days; 0 where it says nothing."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and 0 < value < LONGEST else 0


def _duration(value: Any) -> str:
    """Hours as people write them: "1h30", "2h", "45min"."""
    hours, minutes = divmod(round(_number(value) * 60), 60)
    if not hours:
        return f"{minutes}min" if minutes else ""
    return f"{hours}h{minutes:02}" if minutes else f"{hours}h"


def _ahead(hours: float, days: float) -> str:
    """How long before one may book: at least these hours, at most these days."""
    least = _("1 hour") if hours == 1 else _("{number} hours").format(number=f"{hours:g}")
    most = _("1 day") if days == 1 else _("{number} days").format(number=f"{days:g}")
    if hours and days:
        return _("Book at least {least} and at most {most} ahead.").format(least=least, most=most)
    if hours:
        return _("Book at least {least} ahead.").format(least=least)
    return _("Book at most {most} ahead.").format(most=most) if days else ""
