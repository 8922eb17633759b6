"""How is Odoo asked, old and new, and what does its error mean? clients/odoo.py and clients/odoo_server.py."""

from typing import Any

import httpx
import pytest

from clients.http import Refused, Slowed, Unavailable, Unknown
from clients.odoo import OdooConnection
from clients.odoo_server import major_version, origin
from clients.testing_odoo import OdooError
from tests.rig_odoo import KEY, MOBILE, UUID, OpenShop, all_text_of, answering, each_version, only

# The two dialects


async def test_odoo_19_is_asked_in_json2_and_needs_no_login(open_shop: OpenShop):
    shop = open_shop(19, login="")
    shop.fake.add_partner("Ana")

    assert await shop.names() == ["Ana"]
    assert [request.url.path for request in shop.wire.requests] == ["/web/version", "/json/2/res.partner/search_read"]
    assert shop.wire.requests[1].headers["x-odoo-database"] == "loja"


async def test_odoo_17_is_asked_in_json_rpc_with_a_log_in(open_shop: OpenShop):
    shop = open_shop(17)
    shop.fake.add_partner("Ana")

    assert await shop.names() == ["Ana"]
    paths = [request.url.path for request in shop.wire.requests]
    assert paths == ["/web/version", "/web/webclient/version_info", "/jsonrpc", "/jsonrpc"]


@each_version
async def test_version_and_user_are_found_out_once(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    await shop.names()
    before = len(shop.wire.requests)
    await shop.names()

    assert len(shop.wire.requests) == before + 1


@each_version
async def test_arguments_go_by_their_names(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    for name in ("Ana", "Bia", "Caio"):
        shop.fake.add_partner(name)
    rows = await shop.odoo.read(
        "account_1",
        "res.partner",
        "search_read",
        domain=["|", ["name", "=", "Ana"], ["name", "=", "Caio"]],
        fields=["name"],
        order="name desc",
        limit=1,
    )

    assert [row["name"] for row in rows] == ["Caio"]


@each_version
async def test_records_are_created_written_and_read(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    created = await shop.odoo.write("account_1", "res.partner", "create", vals_list=[{"name": "Ana"}])
    written = await shop.rename(created[0], "Ana Lima")
    rows = await shop.odoo.read("account_1", "res.partner", "read", ids=created, fields=["name", "email"])

    assert written is True
    assert rows == [{"id": created[0], "name": "Ana Lima", "email": False}]


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ({"version": "19.0", "version_info": [19, 0, 0, "final", 0, ""]}, 19),
        ({"version": "saas~18.3+e", "version_info": ["saas~18", 3, 0, "final", 0, "e"]}, 18),
        ({"jsonrpc": "2.0", "result": {"server_version_info": ["saas~17", 4, 0, "final", 0, "e"]}}, 17),
        ({"result": {"server_version_info": [16, 0, 0, "final", 0, ""]}}, 16),
        ({}, None),
        ({"result": None}, None),
        ([], None),
        (None, None),
    ],
)
def test_the_version_is_read_from_either_answer(answer: Any, version: int | None):
    assert major_version(answer) == version


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://loja.example.com", "https://loja.example.com"),
        ("https://loja.example.com/", "https://loja.example.com"),
        (" https://loja.example.com/odoo/contacts?debug=1#x ", "https://loja.example.com"),
        ("http://odoo:8069/web", "http://odoo:8069"),
        ("loja.example.com/web", "https://loja.example.com"),
    ],
)
def test_whichever_address_was_copied_odoo_is_found(url: str, expected: str):
    assert origin(url) == expected


async def test_what_is_no_odoo_is_said_to_be_none():
    with pytest.raises(Refused, match="not an Odoo"):
        await answering(lambda _request: httpx.Response(200, json={})).read("account_1", "res.partner", "read")


async def test_an_answer_that_is_not_json_rpc_leaves_the_outcome_unknown():
    answers = iter([None, {"result": {"server_version_info": [17, 0]}}, {"result": 2}, ["done?"]])

    def answer(_request: httpx.Request) -> httpx.Response:
        told = next(answers)
        return httpx.Response(404 if told is None else 200, json=told)

    with pytest.raises(Unknown, match="not JSON-RPC"):
        await answering(answer).write("account_1", "res.partner", "write", ids=[57], vals={})


# Databases, keys, accounts


@each_version
async def test_of_several_databases_the_named_one_is_asked(version: int, open_shop: OpenShop):
    shop = open_shop(version, databases=("loja", "teste"))
    shop.fake.add_partner("Ana")

    assert await shop.names() == ["Ana"]


async def test_odoo_19_with_several_databases_and_none_named_is_a_refusal_that_says_so(open_shop: OpenShop):
    with pytest.raises(Refused, match="is the database named") as caught:
        await open_shop(19, databases=("loja", "teste"), database="").names()

    assert caught.value.status == 404


async def test_odoo_19_with_one_database_needs_no_name(open_shop: OpenShop):
    assert await open_shop(19, database="").names() == []


@pytest.mark.parametrize("missing", ["database", "login"])
async def test_odoo_17_is_not_asked_without_database_and_login(missing: str, open_shop: OpenShop):
    shop = open_shop(17, **{missing: ""})
    with pytest.raises(Refused, match="the database and the user's login"):
        await shop.names()

    assert set(shop.fake.whats()) == {"version"}


async def test_a_database_that_odoo_17_does_not_have_means_that_nothing_was_done(open_shop: OpenShop):
    shop = open_shop(17, database="velha")
    with pytest.raises(Unavailable, match=r'psycopg2\.OperationalError: database "velha" does not') as caught:
        await shop.rename(57, "Ana")

    assert caught.value.nothing_done is True
    assert "Traceback (most" not in str(caught.value)


@each_version
async def test_a_wrong_key_is_refused_and_not_shown(version: int, open_shop: OpenShop):
    shop = open_shop(version, api_key="wrong-key-0123456789")
    with pytest.raises(Refused, match=r"Invalid apikey|the login or the API key is wrong") as caught:
        await shop.names()

    assert caught.value.status == 401
    assert "wrong-key" not in all_text_of(caught.value)


async def test_a_user_that_was_made_anew_is_logged_in_again(open_shop: OpenShop):
    shop = open_shop(17)
    await shop.names()
    shop.fake.user = 9
    with pytest.raises(Refused, match="AccessDenied"):
        await shop.names()

    assert await shop.names() == []


async def test_an_odoo_that_was_renewed_is_asked_in_its_new_dialect(open_shop: OpenShop):
    shop = open_shop(17)
    await shop.names()
    shop.fake.version = 22
    with pytest.raises(Refused):
        await shop.names()

    assert await shop.names() == []


async def test_every_account_has_its_own_odoo(open_shop: OpenShop):
    shop = open_shop(19)
    shop.connections["account_2"] = OdooConnection(shop.connections["account_1"].url, "loja", "another-key")
    shop.fake.add_partner("Ana")

    assert await shop.names() == ["Ana"]
    with pytest.raises(Refused):
        await shop.odoo.read("account_2", "res.partner", "search_read", domain=[], fields=["name"])
    assert shop.wire.requests[-1].headers["authorization"] == "bearer another-key"


@pytest.mark.parametrize("changes", [{"url": ""}, {"api_key": ""}])
async def test_without_address_or_key_nothing_is_asked(changes: dict[str, str], open_shop: OpenShop):
    shop = open_shop(19, **changes)
    with pytest.raises(Refused, match="account_1 has no Odoo"):
        await shop.names()

    assert shop.wire.requests == []
    assert shop.odoo.can_ask("account_1") is False


async def test_an_account_that_is_not_known_can_neither_be_asked_nor_notified(open_shop: OpenShop):
    odoo = open_shop(19).odoo

    assert [odoo.can_ask("account_1"), odoo.can_notify("account_1")] == [True, True]
    assert [odoo.can_ask("account_9"), odoo.can_notify("account_9")] == [False, False]


async def test_a_connection_shows_neither_key_nor_webhook(open_shop: OpenShop):
    shown = repr(open_shop(19).connections["account_1"])

    assert KEY not in shown
    assert UUID not in shown


# What an error means


@each_version
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OdooError("odoo.exceptions.UserError", "Não se pode.", 422), 422),
        (OdooError("odoo.exceptions.ValidationError", "Falta o nome.", 422), 422),
        (OdooError("odoo.exceptions.AccessError", "Sem permissão.", 403), 403),
        (OdooError("odoo.exceptions.MissingError", "Não existe.", 404), 404),
        (OdooError("odoo.exceptions.LockError", "Ocupado.", 409), 409),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
async def test_what_odoo_refuses_is_certainly_not_done(
    version: int, error: OdooError, status: int, open_shop: OpenShop
):
    shop = open_shop(version)
    shop.fake.fault = lambda what: error if what == "res.partner.write" else None
    with pytest.raises(Refused) as caught:
        await shop.rename(57, "Ana")

    assert caught.value.status == status
    assert str(caught.value).endswith(f"{error.name}: {error.message}")


@each_version
async def test_what_fails_within_odoo_leaves_the_outcome_unknown(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    error = OdooError("psycopg2.errors.SerializationFailure", "could not serialize access")
    shop.fake.fault = only("res.partner.write", lambda _what: error)
    with pytest.raises(Unknown, match="SerializationFailure: could not serialize access") as caught:
        await shop.rename(57, "Ana")

    assert caught.value.nothing_done is False


@each_version
async def test_an_error_gives_its_name_and_first_line_only(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    told = f'{"x" * 300}\nTraceback (most recent call last):\n  File "/opt/odoo/models.py"'
    shop.fake.fault = only("res.partner.write", lambda _what: OdooError("builtins.ValueError", told))
    with pytest.raises(Unknown) as caught:
        await shop.rename(57, "Ana")

    assert str(caught.value).endswith(f"builtins.ValueError: {'x' * 200}")
    assert "/opt/odoo" not in all_text_of(caught.value)


@each_version
@pytest.mark.parametrize(
    "personal",
    ["+5541999990000", "(41) 99999-0000", "9%9%9%9%0%0%0%0", "41 9.9999.0000", "ana.lima@example.com", KEY],
)
async def test_an_error_shows_no_customers_number_no_address_and_no_key(
    version: int, personal: str, open_shop: OpenShop
):
    shop = open_shop(version)
    error = OdooError("odoo.exceptions.UserError", f"Invalid leaf ['phone', 'ilike', '{personal}'] in res.partner", 422)
    shop.fake.fault = only("res.partner.search_read", lambda _what: error)
    with pytest.raises(Refused, match=r"Invalid leaf \['phone', 'ilike', '…'\] in res.partner") as caught:
        await shop.find(MOBILE)

    assert personal not in all_text_of(caught.value)


async def test_a_proxys_page_is_not_quoted(open_shop: OpenShop):
    shop = open_shop(19)
    shop.fake.fault = only("res.partner.write", lambda _what: (502, False))
    with pytest.raises(Unknown) as caught:
        await shop.rename(57, "Ana")

    assert str(caught.value) == "POST /json/2/res.partner/write: 502"


async def test_being_asked_for_less_is_not_asked_again(open_shop: OpenShop):
    shop = open_shop(19)
    shop.fake.fault = only("res.partner.search_read", lambda _what: (429, False))
    with pytest.raises(Slowed):
        await shop.names()

    assert shop.fake.whats() == ["version", "res.partner.search_read"]


@pytest.mark.parametrize(
    ("changes", "secret"),
    [
        pytest.param({"api_key": "secret-key\nx"}, "secret-key", id="a line break in the key"),
        pytest.param({"api_key": "quatro-maçãs"}, "quatro-ma", id="an accent in the key"),
        pytest.param({"url": "ftp://odoo.example.com"}, KEY, id="an address that is not http"),
        pytest.param({"url": "http://odoo.example.com:port"}, KEY, id="an address without a number for its port"),
    ],
)
async def test_settings_that_cannot_be_sent_are_a_refusal_that_shows_no_secret(
    changes: dict[str, str], secret: str, open_shop: OpenShop
):
    with pytest.raises(Refused, match="it cannot be sent like this") as caught:
        await open_shop(19, **changes).names()

    assert secret not in all_text_of(caught.value)
