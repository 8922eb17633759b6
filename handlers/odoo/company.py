"""What does the shop say of itself? The company calls of both modules, made into items of knowledge. Pure."""

from gettext import gettext as _
from typing import Any

from handlers.odoo.lists import object_at, part_of
from handlers.odoo.values import hour_of, line_of, lines_of, said, span_of, text_of, yes
from handlers.odoo.week import WEEK, WORKDAYS, span_text, week_text
from hubcrew import Item
from relay import Rejected

# business_rules2 sends the first, v1's company call the next four, v1's rules call the last.
BLOCKS = ("company_metadata", "company_info", "customer_service", "business_hours", "social_media", "basic_info")


def read_company(payload: dict[str, Any]) -> list[Item]:
    """What is said of the shop, an item per subject: about, hours, contact, and (not for customers) manner."""
    blocks = {name: object_at(payload[name], name) for name in BLOCKS if payload.get(name) not in (None, False)}
    if not blocks:
        raise Rejected(_("Nothing about the company was sent: nothing was changed."))
    basic = blocks.get("basic_info", {})
    company = blocks.get("company_metadata") or blocks.get("company_info") or basic
    collections = payload.get("enabled_collections")
    items = [
        _about(company if collections is None else {**company, "enabled_collections": collections}),
        _hours(blocks.get("business_hours") or part_of(basic, "business_hours")),
        _contact(company, blocks.get("social_media", {})),
        _manner(blocks.get("customer_service") or basic),
    ]
    return [each for each in items if each.text]


def _about(company: dict[str, Any]) -> Item:
    name = line_of(company.get("name")) or line_of(company.get("company_name"))
    text = lines_of(
        name,
        text_of(company.get("description")),
        said(_("Our values: {text}"), company.get("company_values")),
        said(_("Line of business: {text}"), _area(company)),
    )
    return Item("about", said(_("About us: {text}"), name) or _("About us"), text, "about", original=company)


def _area(company: dict[str, Any]) -> str:
    area = line_of(company.get("business_area"))
    return line_of(company.get("business_area_other")) if area == "other" else _areas().get(area, area)


def _hours(block: dict[str, Any]) -> Item:
    days = part_of(block, "days")
    text = week_text({day: _day(block, day) if yes(days[day]) else None for day in WEEK if day in days}, _("closed"))
    return Item("hours", _("Opening hours: when we open and close"), text, "hours", original=block)


def _day(block: dict[str, Any], day: str) -> str | None:
    """The hours of a day that the shop opens; Saturday and Sunday have their own, or none that we know of."""
    hours = block if day in WORKDAYS else part_of(part_of(block, "days"), f"{day}_hours")
    span = span_of(hours.get("start"), hours.get("end"))
    if span is not None:
        return _with_lunch(span, part_of(block, "lunch_break")) if day in WORKDAYS else span_text(span)
    known = hour_of(hours.get("start")) is not None and hour_of(hours.get("end")) is not None
    return None if known else _("open, please ask for the hours")


def _with_lunch(span: tuple[str, str], lunch: dict[str, Any]) -> str:
    away = span_of(lunch.get("start"), lunch.get("end")) if yes(lunch.get("enabled", True)) else None
    if away is None or not span[0] < away[0] < away[1] < span[1]:
        return span_text(span)
    return _("{hours} (lunch {lunch})").format(hours=span_text(span), lunch=span_text(away))


def _contact(company: dict[str, Any], social: dict[str, Any]) -> Item:
    """Where the shop is found on the net, if it wants to be: only v1's company call says so."""
    named = {"website": company.get("website"), **social}
    text = lines_of(
        said(_("Website: {text}"), _shown(social, "show_website", named["website"])),
        said("Instagram: {text}", _shown(social, "show_instagram", social.get("instagram_url"))),
        said("Facebook: {text}", _shown(social, "show_facebook", social.get("facebook_url"))),
    )
    return Item("contact", _("Website and social media: where to find us"), text, "contact", original=named)


def _shown(social: dict[str, Any], flag: str, address: Any) -> Any:
    return address if social.get(flag) is None or yes(social[flag]) else None


def _manner(service: dict[str, Any]) -> Item:
    style, emojis = line_of(service.get("communication_style")), line_of(service.get("emoji_usage"))
    offers = service.get("inform_promotions_at_start")
    text = lines_of(
        said(_("Greeting: {text}"), service.get("greeting_message")),
        said(_("Style: {text}"), _styles().get(style, style)),
        said(_("Emojis: {text}"), _emoji_usages().get(emojis, emojis)),
        "" if offers is None else _("Offers are told first: yes") if yes(offers) else _("Offers are told first: no"),
    )
    return Item("manner", _("How we speak to customers"), text, "manner", original=service)


def _styles() -> dict[str, str]:
    return {
        "formal": _("formal"),
        "casual": _("casual"),
        "friendly": _("friendly"),
        "technical": _("technical"),
    }


def _emoji_usages() -> dict[str, str]:
    return {"none": _("none"), "moderate": _("a few"), "frequent": _("many")}


def _areas() -> dict[str, str]:
    return {
        "retail": _("shop"),
        "ecommerce": _("online shop"),
        "healthcare": _("health care"),
        "education": _("education"),
        "manufacturing": _("manufacturing"),
        "services": _("services"),
        "restaurant": _("restaurant"),
        "financial": _("financial services"),
        "technology": _("technology"),
        "hospitality": _("hotel business"),
        "real_estate": _("real estate"),
    }
