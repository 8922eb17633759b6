"""clients/phone.py: which telephone number is meant, however it is written."""

import pytest

from clients.phone import e164, spellings

MOBILE = "+5541999990000"
LANDLINE = "+554133334444"


@pytest.mark.parametrize(
    "text",
    [
        "+5541999990000",
        "+55 41 99999-0000",
        "+55 (41) 99999-0000",
        "+55 (041) 99999-0000",
        "+55 (0xx41) 99999-0000",
        "(+55) 41 99999 0000",
        "0055 41 99999-0000",
        "5541999990000",
        "41999990000",
        "(41) 99999-0000",
        "(41) 9 9999-0000",
        "(41) 9.9999.0000",
        "041 99999-0000",
        "0 15 41 99999-0000",
        " 41 99999-0000 (WhatsApp)",
        "Cel.: 41 99999-0000",
        "whatsapp:+5541999990000",
        "5541999990000@s.whatsapp.net",
        "+55\u00a041\u00a099999\u20110000",
    ],
)
def test_a_mobile_number_is_read_as_people_and_programs_write_it(text: str):
    assert e164(text) == MOBILE


@pytest.mark.parametrize(
    "text", ["(41) 3333-4444", "+55 41 3333-4444", "554133334444", "0 41 3333 4444", "01541 33334444"]
)
def test_a_landline_is_read_as_people_write_it(text: str):
    assert e164(text) == LANDLINE


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("(55) 99999-0000", "+5555999990000", id="a mobile in area 55"),
        pytest.param("(55) 3222-4444", "+555532224444", id="a landline in area 55"),
        pytest.param("5555999990000", "+5555999990000", id="area 55 with the country before it"),
        pytest.param("+55 55 3222 4444", "+555532224444", id="area 55 with a plus"),
    ],
)
def test_area_55_is_not_taken_for_the_country(text: str, number: str):
    assert e164(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+1 (555) 123-4567", "+15551234567"),
        ("001 555 123 4567", "+15551234567"),
        ("+351 912 345 678", "+351912345678"),
        ("+54 9 11 2233-4455", "+5491122334455"),
    ],
)
def test_a_number_from_abroad_keeps_its_country(text: str, number: str):
    assert e164(text) == number


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [("0912 345 678", "351", "+351912345678"), ("+55 41 99999-0000", "351", MOBILE), ("12", "351", None)],
)
def test_another_country_may_be_the_shops(text: str, country: str, number: str | None):
    assert e164(text, country) == number


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("não tem", id="no digit"),
        pytest.param("99999-0000", id="no area code: it could be anybody's"),
        pytest.param("3333-4444", id="no area code, a landline"),
        pytest.param("+55 99999-0000", id="the country, but no area code"),
        pytest.param("(41) 9999-000", id="a digit too few"),
        pytest.param("+55 41 99999-00000", id="a digit too many"),
        pytest.param("(41) 89999-0000", id="nine digits that do not begin with 9"),
        pytest.param("(41) 1999-0000", id="begins with 1"),
        pytest.param("(40) 99999-0000", id="there is no such area"),
        pytest.param("0800 123 4567", id="free of charge"),
        pytest.param("(41) 3333-4444 ramal 12", id="an extension"),
        pytest.param("(41) 99999-0000 / (41) 3333-4444", id="two numbers"),
        pytest.param("10 19 9999 0000", id="a zero within is not dialled before the area"),
        pytest.param("+", id="a plus alone"),
        pytest.param("+0 41 99999-0000", id="no country begins with 0"),
        pytest.param("+1234567", id="too short for any country"),
        pytest.param("+1234567890123456", id="too long for any country"),
        pytest.param("+٥٥٤١٩٩٩٩٩٠٠٠٠", id="digits of another script"),
    ],
)
def test_what_is_not_one_whole_number_is_none(text: str):
    assert e164(text) is None


@pytest.mark.parametrize(
    ("number", "same"),
    [
        pytest.param("+5541999990000", {"+5541999990000", "+554199990000"}, id="with the ninth digit"),
        pytest.param("+554199990000", {"+5541999990000", "+554199990000"}, id="without it"),
        pytest.param("+551171234567", {"+551171234567", "+5511971234567"}, id="an old one that began with 7"),
        pytest.param("+5511951234567", {"+5511951234567"}, id="a newer mobile: 5123-4567 is a landline"),
        pytest.param("+551151234567", {"+551151234567"}, id="that landline"),
        pytest.param(LANDLINE, {LANDLINE}, id="a landline"),
        pytest.param("+15559999000", {"+15559999000"}, id="abroad"),
        pytest.param("+351999990000", {"+351999990000"}, id="abroad, of a like length"),
    ],
)
def test_the_ninth_digit_may_be_there_or_not_where_there_was_a_time_without(number: str, same: set[str]):
    assert spellings(number) == same


@pytest.mark.parametrize("number", ["+5541999990000", "+554199990000", "+5511951234567", LANDLINE, "+15551234567"])
def test_every_spelling_of_a_number_has_the_same_spellings(number: str):
    assert {frozenset(spellings(each)) for each in spellings(number)} == {frozenset(spellings(number))}
    assert {e164(each) for each in spellings(number)} == spellings(number)
