"""What the shop says of itself: both modules' calls, made into items of knowledge."""

import json
from pathlib import Path
from typing import Any

import pytest

from handlers.odoo.company import read_company
from hubcrew import Item
from relay import Rejected

SAMPLES = Path(__file__).parent / "samples"
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


@pytest.fixture(autouse=True)
def _in_portuguese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "pt_BR")


def sample(name: str) -> dict[str, Any]:
    return dict(json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8")))


def read(payload: dict[str, Any]) -> dict[str, Item]:
    return {item.id: item for item in read_company(payload)}


def open_on(*days: str, **more: Any) -> dict[str, Any]:
    return {**dict.fromkeys(days, True), **more}


def hours(days: dict[str, Any], **block: Any) -> str:
    """The opening hours of a shop that opens from 8 to 18 where nothing else is said."""
    found = read({"business_hours": {"start": 8.0, "end": 18.0, "days": days, **block}})
    return found["hours"].text if found else ""


# Both dialects


def test_the_old_modules_call_is_read():
    found = read(sample("company_metadata.sync__v1"))

    assert {identity: item.text for identity, item in found.items()} == {
        "about": (
            "Ateliê Flor de Ipê\nFlores, vasos e cestas feitas à mão. 🌻\nDesde 1998 em Curitiba.\n"
            "Nossos valores: Flor fresca, palavra cumprida.\nRamo: loja física"
        ),
        "hours": ("Segunda a sexta: 08:20 às 17:42 (almoço 12:00 às 13:20)\nSábado: 09:00 às 13:00\nDomingo: fechado"),
        "contact": "Site: https://flordeipe.example.com\nInstagram: https://instagram.example.com/flordeipe",
        "manner": (
            "Saudação: Olá! 🌻 Bem-vinda à Flor de Ipê.\n"
            "Estilo: amigável\nEmojis: poucos\nPromoções logo no início: sim"
        ),
    }
    assert found["about"].name == "Quem somos: Ateliê Flor de Ipê"
    assert {item.type for item in found.values()} == {"about", "hours", "contact", "manner"}


def test_the_new_modules_call_is_read():
    payload = sample("company_metadata.sync__v2")
    found = read(payload)

    assert list(found) == ["about"]
    assert found["about"].text == "Empório Jacarandá\nCosméticos naturais feitos à mão em Curitiba."
    assert found["about"].original == {
        **payload["company_metadata"],
        "enabled_collections": ["business_rules", "support_documents"],
    }


def test_what_the_old_modules_rules_call_says_of_the_shop_is_read():
    found = read(sample("business_rules.sync__v1"))

    assert list(found) == ["about", "hours", "contact", "manner"]
    assert found["hours"].text.startswith("Segunda a sexta: 08:30 às 17:42 (almoço 12:00 às 13:20)\n")
    assert found["contact"].text == "Site: https://flordeipe.example.com"
    assert "Promoções" not in found["manner"].text


def test_the_part_it_came_from_is_kept():
    payload = sample("company_metadata.sync__v1")
    found = read(payload)

    assert found["about"].original == payload["company_info"]
    assert found["hours"].original == payload["business_hours"]
    assert found["manner"].original == payload["customer_service"]
    assert found["contact"].original == {"website": "https://flordeipe.example.com", **payload["social_media"]}


def test_a_block_that_is_missing_gives_no_item():
    assert list(read({"customer_service": {"greeting_message": "Olá!"}})) == ["manner"]


# Opening hours


NINE = {"start": 9.0, "end": 12.0}
NONE = {"start": 0.0, "end": 0.0}


@pytest.mark.parametrize(
    ("days", "block", "said"),
    [
        pytest.param(open_on(*WORKDAYS), {}, "Segunda a sexta: 08:00 às 18:00", id="five in a row"),
        pytest.param(open_on("monday", "tuesday"), {}, "Segunda e terça: 08:00 às 18:00", id="two in a row"),
        pytest.param(
            open_on("monday", "wednesday", "friday"), {}, "Segunda, quarta e sexta: 08:00 às 18:00", id="every other"
        ),
        pytest.param(
            open_on("tuesday", "wednesday", monday=False),
            {},
            "Terça e quarta: 08:00 às 18:00\nSegunda: fechado",
            id="the closed ones last",
        ),
        pytest.param(
            open_on(*WORKDAYS, saturday=False, sunday=False),
            {},
            "Segunda a sexta: 08:00 às 18:00\nSábado e domingo: fechado",
            id="a free weekend",
        ),
        pytest.param(
            open_on(*WORKDAYS, "saturday", saturday_hours={"start": 8.0, "end": 18.0}),
            {},
            "Segunda a sábado: 08:00 às 18:00",
            id="a Saturday like the others",
        ),
        pytest.param(
            open_on("monday", "saturday", saturday_hours=NONE),
            {},
            "Segunda: 08:00 às 18:00\nSábado: fechado",
            id="0.0 to 0.0 is closed",
        ),
        pytest.param(
            open_on("monday", "sunday"),
            {},
            "Segunda: 08:00 às 18:00\nDomingo: aberto, consulte o horário",
            id="v1 does not send Sunday's hours",
        ),
        pytest.param(
            open_on("monday", "sunday", sunday_hours=NINE),
            {},
            "Segunda: 08:00 às 18:00\nDomingo: 09:00 às 12:00",
            id="Sunday's hours, if they come",
        ),
        pytest.param(open_on("monday"), {"start": False}, "Segunda: aberto, consulte o horário", id="no beginning"),
        pytest.param(open_on("monday"), {"end": 99.0}, "Segunda: aberto, consulte o horário", id="no such hour"),
        pytest.param(open_on("monday"), {"start": 0.0, "end": 24.0}, "Segunda: 24 horas", id="all day and night"),
        pytest.param(open_on("monday"), {"start": 18.0, "end": 2.0}, "Segunda: 18:00 às 02:00", id="past midnight"),
        pytest.param(open_on(monday=False, sunday=False), {}, "", id="no day at all: nobody filled it in"),
        pytest.param(open_on("monday"), NONE, "", id="no hours at all"),
        pytest.param({}, {}, "", id="no day is spoken of"),
    ],
)
def test_the_opening_hours_as_a_customer_reads_them(days: dict[str, Any], block: dict[str, Any], said: str):
    assert hours(days, **block) == said


@pytest.mark.parametrize(
    ("lunch", "said"),
    [
        pytest.param({"enabled": True, "start": 12.0, "end": 13.0}, " (almoço 12:00 às 13:00)", id="a break"),
        pytest.param({"start": 12.0, "end": 13.0}, " (almoço 12:00 às 13:00)", id="no flag"),
        pytest.param({"enabled": False, "start": 12.0, "end": 13.0}, "", id="none"),
        pytest.param({"enabled": True, "start": 0.0, "end": 0.0}, "", id="not set"),
        pytest.param({"enabled": True, "start": 19.0, "end": 20.0}, "", id="after hours"),
        pytest.param(False, "", id="false"),
    ],
)
def test_the_lunch_break(lunch: Any, said: str):
    assert hours(open_on("monday"), lunch_break=lunch) == f"Segunda: 08:00 às 18:00{said}"


# Contact


@pytest.mark.parametrize(
    ("flags", "shown"),
    [
        pytest.param({}, ["Site", "Instagram", "Facebook"], id="no flags"),
        pytest.param({"show_website": False}, ["Instagram", "Facebook"], id="no website"),
        pytest.param({"show_website": True, "show_instagram": False}, ["Site", "Facebook"], id="no Instagram"),
        pytest.param(dict.fromkeys(("show_website", "show_instagram", "show_facebook"), False), [], id="nothing"),
    ],
)
def test_an_address_is_shown_unless_the_shop_does_not_want_it(flags: dict[str, bool], shown: list[str]):
    addresses = {"instagram_url": "https://i.example.com", "facebook_url": "https://f.example.com"}
    found = read({"company_info": {"website": "https://w.example.com"}, "social_media": {**addresses, **flags}})

    lines = found["contact"].text.split("\n") if "contact" in found else []
    assert [line.partition(":")[0] for line in lines] == shown


def test_an_address_that_is_not_set_is_not_shown():
    found = read({"company_info": {"company_name": "Ipê", "website": False}, "social_media": {"show_website": True}})

    assert list(found) == ["about"]


# Selections


@pytest.mark.parametrize(
    ("company", "said"),
    [
        pytest.param({"business_area": "ecommerce"}, "Ramo: loja virtual", id="known"),
        pytest.param({"business_area": "pet_shop"}, "Ramo: pet_shop", id="unknown: kept"),
        pytest.param({"business_area": "other", "business_area_other": "Floricultura"}, "Ramo: Floricultura", id="own"),
        pytest.param({"business_area": "other", "business_area_other": False}, None, id="other, and no word"),
        pytest.param({"business_area": False}, None, id="false"),
        pytest.param({"business_area": ["retail"]}, "Ramo: ['retail']", id="a list"),
    ],
)
def test_the_line_of_business(company: dict[str, Any], said: str | None):
    found = read({"company_info": company})

    assert (found["about"].text if found else None) == said


def test_a_style_that_nobody_knows_is_kept():
    found = read({"customer_service": {"communication_style": "poetic", "emoji_usage": "rare"}})

    assert found["manner"].text == "Estilo: poetic\nEmojis: rare"


# What is wrong changes nothing


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        pytest.param({}, "Não veio nada sobre a empresa", id="nothing"),
        pytest.param({"account_id": "account_1", "enabled_collections": []}, "Não veio nada", id="no known block"),
        pytest.param({"company_metadata": False}, "Não veio nada", id="false"),
        pytest.param({"company_info": []}, "company_info não é um objeto", id="a list"),
        pytest.param({"business_hours": "8-18"}, "business_hours não é um objeto", id="a text"),
    ],
)
def test_what_says_nothing_of_the_shop_is_rejected(payload: dict[str, Any], said: str):
    with pytest.raises(Rejected) as caught:
        read_company(payload)

    assert said in str(caught.value)
