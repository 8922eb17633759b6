"""Whose number is it, however Odoo has it written? The customer's own, or nobody's."""

import pytest

from clients.http import Unknown
from clients.odoo import MOST_PARTNERS, Partner
from tests.rig_odoo import MOBILE, OpenShop, each_version


@pytest.mark.parametrize("asked", ["+5541999990000", "+554199990000", "5541999990000", "(41) 99999-0000"])
@pytest.mark.parametrize(
    "written",
    [
        "+55 41 99999-0000",
        "+5541999990000",
        "5541999990000",
        "(41) 99999-0000",
        "(41) 9 9999-0000",
        "41999990000",
        "041 9.9999.0000",
        "(41) 9999-0000",
        "+55 41 9999-0000",
        "554199990000",
        "41 99 99 00 00",
        "(41) 99999-0000 - zap",
    ],
)
async def test_a_number_finds_its_customer_however_either_is_written(asked: str, written: str, open_shop: OpenShop):
    shop = open_shop(19)
    shop.fake.add_partner("Ana", phone=written)
    shop.fake.add_partner("Bia", phone="(41) 98888-0000")

    assert await shop.find(asked) == "Ana"


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        pytest.param("(11) 99999-0000", MOBILE, id="another area"),
        pytest.param("99999-0000", MOBILE, id="no area"),
        pytest.param("9999-0000", MOBILE, id="no area, no ninth digit"),
        pytest.param("+1 419 999 0000", MOBILE, id="another country"),
        pytest.param("+351 419 999 990 000", MOBILE, id="another country, the same end"),
        pytest.param("(41) 99999-00001", MOBILE, id="a digit more"),
        pytest.param("(41) 99999-0000 / (41) 98888-0000", MOBILE, id="two people's numbers"),
        pytest.param("(41) 99999-0000 ramal 3", MOBILE, id="an extension"),
        pytest.param("(11) 5123-4567", "+5511951234567", id="a landline that looks like the mobile without its 9"),
        pytest.param("(11) 95123-4567", "+551151234567", id="and the other way round"),
        pytest.param("(41) 3333-4444", "+5541933334444", id="a landline and a newer mobile"),
    ],
)
async def test_another_persons_number_is_never_taken_for_the_customers(written: str, asked: str, open_shop: OpenShop):
    shop = open_shop(19)
    shop.fake.add_partner("Bia", phone=written)

    assert await shop.find(asked) is None


@each_version
async def test_a_partner_is_told_with_what_odoo_knows(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    number = shop.fake.add_partner("Ana", phone="(41) 99999-0000")

    assert await shop.odoo.find_partner("account_1", phone=MOBILE) == Partner(number, "Ana", "(41) 99999-0000", "")


async def test_before_odoo_19_the_mobile_field_counts_too(open_shop: OpenShop):
    shop = open_shop(17)
    shop.fake.add_partner("Ana", phone="(41) 3333-4444", mobile="(41) 99999-0000")
    shop.fake.add_partner("Bia", phone="(41) 3333-5555")

    assert await shop.find(MOBILE) == "Ana"
    assert await shop.find("+554133334444") == "Ana"
    assert shop.fake.whats().count("res.partner.fields_get") == 1


async def test_without_a_field_for_numbers_not_everybody_is_looked_at(open_shop: OpenShop):
    shop = open_shop(19)
    shop.fake.fields["res.partner"].discard("phone")
    shop.fake.add_partner("Ana")

    assert await shop.find(MOBILE) is None
    assert "res.partner.search_read" not in shop.fake.whats()


async def test_a_field_that_an_upgrade_took_away_is_forgotten(open_shop: OpenShop):
    shop = open_shop(17)
    shop.fake.add_partner("Ana", phone="(41) 99999-0000")
    await shop.find(MOBILE)
    shop.fake.fields["res.partner"].discard("mobile")
    with pytest.raises(Unknown, match="Invalid field"):
        await shop.find(MOBILE)

    assert await shop.find(MOBILE) == "Ana"


@pytest.mark.parametrize(
    ("written", "asked", "found"),
    [
        pytest.param("ana@example.com", "ana@example.com", True, id="the same"),
        pytest.param("Ana@Example.com", " ana@example.COM ", True, id="letters of either case"),
        pytest.param("maria_ana@example.com", "maria_ana@example.com", True, id="an underscore"),
        pytest.param("mariaXana@example.com", "maria_ana@example.com", False, id="which stands for no other letter"),
        pytest.param("maria.ana@example.com", "ana@example.com", False, id="a longer one"),
        pytest.param("ana@example.com.br", "ana@example.com", False, id="another domain"),
        pytest.param("ana@example.com", "%@%", False, id="everybody"),
        pytest.param("ana@example.com", "ana\\@example.com", False, id="a backslash"),
        pytest.param("ana", "ana", False, id="no address"),
    ],
)
async def test_an_address_finds_only_its_own_customer(written: str, asked: str, found: bool, open_shop: OpenShop):
    shop = open_shop(19)
    shop.fake.add_partner("Ana", email=written)

    assert await shop.find(email=asked) == ("Ana" if found else None)


async def test_addresses_that_differ_where_it_has_an_underscore_do_not_crowd_out_the_customers(open_shop: OpenShop):
    shop = open_shop(19)
    for _ in range(MOST_PARTNERS):
        shop.fake.add_partner("Bia", email="mariaXana@example.com")
    shop.fake.add_partner("Ana", email="maria_ana@example.com")

    assert await shop.find(email="maria_ana@example.com") == "Ana"


@pytest.mark.parametrize(("phone", "email"), [("", ""), ("9999-0000", ""), ("não tem", "ana"), ("+55", "%")])
async def test_without_a_whole_number_or_an_address_odoo_is_not_asked(phone: str, email: str, open_shop: OpenShop):
    shop = open_shop(19)
    shop.fake.add_partner("Ana", phone="9999-0000")

    assert await shop.find(phone, email) is None
    assert shop.fake.asked == []


async def test_a_number_that_two_people_have_is_nobodys(open_shop: OpenShop):
    shop = open_shop(19)
    shop.fake.add_partner("Ana", phone="(41) 99999-0000")
    shop.fake.add_partner("Bia", phone="+55 41 9999-0000")

    assert await shop.find(MOBILE) is None


async def test_a_number_of_a_company_and_its_people_is_the_companys(open_shop: OpenShop):
    shop = open_shop(19)
    company = shop.fake.add_partner("Loja da Ana", phone="(41) 99999-0000")
    shop.fake.add_partner("Ana", phone="41 99999-0000", company=company)

    assert await shop.find(MOBILE) == "Loja da Ana"
    assert "res.partner.read" not in shop.fake.whats()


@each_version
async def test_a_number_of_a_companys_people_is_the_companys_though_it_has_none(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    company = shop.fake.add_partner("Loja da Ana")
    for name in ("Ana", "Bia"):
        shop.fake.add_partner(name, phone="41 99999-0000", company=company)

    assert await shop.find(MOBILE) == "Loja da Ana"


async def test_one_person_of_a_company_is_found_as_such(open_shop: OpenShop):
    shop = open_shop(19)
    company = shop.fake.add_partner("Loja da Ana", phone="(41) 3333-4444")
    shop.fake.add_partner("Ana", phone="(41) 99999-0000", company=company)

    assert await shop.find(MOBILE) == "Ana"


async def test_a_number_that_stands_for_none_is_nobodys_even_where_only_one_company_was_looked_at(open_shop: OpenShop):
    shop = open_shop(19)
    company = shop.fake.add_partner("Loja da Ana", phone="(41) 99999-0000")
    for _ in range(MOST_PARTNERS):
        shop.fake.add_partner("Ana", phone="(41) 99999-0000", company=company)
    shop.fake.add_partner("Bia", phone="(41) 99999-0000")

    assert await shop.find(MOBILE) is None


async def test_number_and_address_of_one_person_find_it_and_of_two_nobody(open_shop: OpenShop):
    shop = open_shop(19)
    shop.fake.add_partner("Ana", phone="(41) 99999-0000", email="ana@example.com")
    shop.fake.add_partner("Bia", email="bia@example.com")

    assert await shop.find(MOBILE, "ana@example.com") == "Ana"
    assert await shop.find(MOBILE, "caio@example.com") == "Ana"
    assert await shop.find(MOBILE, "bia@example.com") is None
