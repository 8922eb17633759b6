"""clients/odoo.py and clients/odoo_server.py: how Odoo is asked, old and new, and whom it says a number belongs to."""

import threading
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import httpx
import pytest
import uvicorn

from clients.http import FAILURES_TO_OPEN, Failed, Refused, Slowed, Unavailable, Unknown, patiently
from clients.odoo import MOST_PARTNERS, Odoo, OdooConnection, Order, Partner
from clients.odoo_server import major_version, origin
from clients.testing_odoo import FakeOdoo, OdooError
from tests.rig import eventually, free_port

KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
UUID = "5d9e4b1c-0f6a-4c7e-9b2d-7f3a1e8c6d50"
MOBILE = "+5541999990000"
each_version = pytest.mark.parametrize("version", [19, 17])


class Stage:
    """One listening server for all the tests of this file: which Odoo answers there, each test says."""

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self.odoo = FakeOdoo()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.odoo.app(scope, receive, send)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    stage = Stage()
    port = int(stage.url.rpartition(":")[2])
    server = uvicorn.Server(uvicorn.Config(stage, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started)
    yield stage
    server.should_exit = True
    thread.join(10)


class Wire(httpx.AsyncBaseTransport):
    """Real HTTP; the answers to some requests get lost on their way back."""

    def __init__(self) -> None:
        self._real = httpx.AsyncHTTPTransport(verify=False)
        self.loses: Callable[[httpx.Request], bool] = lambda _request: False
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        response = await self._real.handle_async_request(request)
        if self.loses(request):
            await response.aread()
            await response.aclose()
            raise httpx.ReadTimeout("", request=request)
        return response

    async def aclose(self) -> None:
        await self._real.aclose()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    wire = Wire()
    yield wire
    await wire.aclose()


class Shop:
    """A fake Odoo, and a client that is set to ask it."""

    def __init__(self, stage: Stage, wire: Wire, fake: FakeOdoo, **changes: str) -> None:
        stage.odoo = fake
        self.fake = fake
        self.wire = wire
        known = {"url": stage.url, "database": "loja", "api_key": KEY, "login": "robo"}
        hook = {"webhook_url": f"{stage.url}/web/hook/{UUID}"}
        self.connections = {"account_1": OdooConnection(**{**known, **hook, **changes})}
        self.odoo = Odoo(self.connections.get, transport=wire, waits=(0.0, 0.0))

    async def names(self) -> list[str]:
        rows = await self.odoo.read("account_1", "res.partner", "search_read", domain=[], fields=["name"])
        return [row["name"] for row in rows]

    async def rename(self, number: int, name: str) -> Any:
        return await self.odoo.write("account_1", "res.partner", "write", ids=[number], vals={"name": name})

    async def find(self, phone: str = "", email: str = "") -> str | None:
        partner = await self.odoo.find_partner("account_1", phone=phone, email=email)
        return partner.name if partner else None


OpenShop = Callable[..., Shop]


@pytest.fixture
def open_shop(stage: Stage, wire: Wire) -> OpenShop:
    def make(version: int = 19, *, databases: tuple[str, ...] = ("loja",), **changes: str) -> Shop:
        return Shop(stage, wire, FakeOdoo(version, databases=databases, key=KEY), **changes)

    return make


def all_text_of(error: BaseException) -> str:
    """What a log would hold of it."""
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> Odoo:
    """A client of something that is no Odoo."""
    connection = OdooConnection("http://odoo.example.com", "loja", KEY, "robo", "http://odoo.example.com/web/hook/x")
    return Odoo(lambda _account: connection, transport=httpx.MockTransport(answer), waits=(0.0, 0.0))


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


# Tried again, or not


def only(what: str, fault: Callable[[str], Any], times: int = 10**9) -> Callable[[str], Any]:
    """The fault, for what is asked alone, so many times."""
    left = [times]

    def chosen(asked: str) -> Any:
        if asked != what or left[0] == 0:
            return None
        left[0] -= 1
        return fault(asked)

    return chosen


@each_version
@pytest.mark.parametrize("failures", [1, 2])
async def test_a_read_is_tried_again_after_a_failure(version: int, failures: int, open_shop: OpenShop):
    shop = open_shop(version)
    shop.fake.add_partner("Ana")
    shop.fake.fault = only("res.partner.search_read", lambda _what: (503, False), failures)

    assert await shop.names() == ["Ana"]
    assert shop.fake.whats().count("res.partner.search_read") == failures + 1


@each_version
async def test_a_read_is_given_up_after_the_third_failure(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    shop.fake.fault = only("res.partner.search_read", lambda _what: (503, False))
    with pytest.raises(Unknown):
        await shop.names()

    assert shop.fake.whats().count("res.partner.search_read") == 3


@each_version
async def test_a_read_whose_answer_was_lost_is_tried_again(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    shop.fake.add_partner("Ana")
    await shop.names()
    shop.wire.loses = first_of()

    assert await shop.names() == ["Ana"]


def first_of() -> Callable[[httpx.Request], bool]:
    """The next request, and no other."""
    left = [True]
    return lambda _request: bool(left and left.pop())


@each_version
async def test_a_write_is_never_tried_again(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    shop.fake.fault = only("res.partner.create", lambda _what: (502, True))
    with pytest.raises(Unknown):
        await shop.odoo.write("account_1", "res.partner", "create", vals_list=[{"name": "Ana"}])

    assert [each["name"] for each in shop.fake.records["res.partner"].values()] == ["Ana"]


@each_version
async def test_a_write_whose_answer_was_lost_is_of_unknown_outcome_and_done_once(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    await shop.names()
    shop.wire.loses = first_of()
    with pytest.raises(Unknown, match="no answer") as caught:
        await shop.odoo.write("account_1", "res.partner", "create", vals_list=[{"name": "Ana"}])

    assert caught.value.nothing_done is False
    assert len(shop.fake.records["res.partner"]) == 1


@pytest.mark.parametrize(("version", "what"), [(19, "version"), (17, "version"), (17, "log-in")])
async def test_a_write_that_did_not_get_past_the_log_in_is_certainly_not_done(
    version: int, what: str, open_shop: OpenShop
):
    shop = open_shop(version)
    number = shop.fake.add_partner("Ana")
    shop.fake.fault = only(what, lambda _what: (502, False))
    with pytest.raises(Unavailable) as caught:
        await shop.rename(number, "Bia")

    assert caught.value.nothing_done is True
    assert "res.partner.write" not in shop.fake.whats()


@pytest.mark.parametrize(("version", "what"), [(19, "version"), (17, "log-in")])
async def test_finding_out_how_to_ask_is_tried_again_before_a_write_too(version: int, what: str, open_shop: OpenShop):
    shop = open_shop(version)
    number = shop.fake.add_partner("Ana")
    shop.fake.fault = only(what, lambda _what: (502, False), 1)

    assert await shop.rename(number, "Bia") is True


async def test_where_nobody_listens_a_write_is_certainly_not_done(open_shop: OpenShop):
    shop = open_shop(19, url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable, match="no connection") as caught:
        await shop.rename(57, "Ana")

    assert caught.value.nothing_done is True


async def test_an_odoo_that_keeps_failing_is_left_alone_by_every_account_that_uses_it(open_shop: OpenShop):
    shop = open_shop(19)
    shop.connections["account_2"] = OdooConnection(shop.connections["account_1"].url, "loja", KEY, "another-user")
    await shop.names()
    shop.fake.fault = only("res.partner.search_read", lambda _what: (503, False))
    for _ in range(2):
        with pytest.raises(Failed):
            await shop.names()
    asked = len(shop.fake.asked)
    with pytest.raises(Unavailable, match="left alone") as caught:
        await shop.odoo.read("account_2", "res.partner", "search_read", domain=[], fields=["name"])

    assert caught.value.costs_attempt is False
    assert len(shop.fake.asked) == asked
    assert shop.fake.whats().count("res.partner.search_read") == FAILURES_TO_OPEN + 1


async def test_what_the_breaker_holds_back_is_not_waited_for():
    asked = []

    async def ask() -> None:
        asked.append(1)
        raise Unavailable("left alone for a while", 9.0)

    with pytest.raises(Unavailable):
        await patiently(ask, (0.0, 0.0))
    assert asked == [1]


async def test_a_password_in_the_address_is_not_shown_by_the_breaker(open_shop: OpenShop):
    shop = open_shop(19, url=f"http://shop:password@127.0.0.1:{free_port()}")
    texts = ""
    for _ in range(3):
        with pytest.raises(Unavailable) as caught:
            await shop.names()
        texts += all_text_of(caught.value)

    assert "left alone" in texts
    assert "password@" not in texts


# Whose number it is


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


# Orders


def add_order(shop: Shop, partner: int, name: str, day: int, state: str = "sale") -> None:
    moment = f"2026-03-{day:02d} 14:30:00"
    shop.fake.add(
        "sale.order",
        name=name,
        state=state,
        date_order=moment,
        amount_total=129.9,
        currency_id=[6, "BRL"],
        partner_id=[partner, "…"],
    )


async def orders(shop: Shop, phone: str = MOBILE) -> list[str]:
    return [order.name for order in await shop.odoo.order_status("account_1", phone)]


@each_version
async def test_the_customers_own_orders_are_told(version: int, open_shop: OpenShop):
    shop = open_shop(version)
    ana = shop.fake.add_partner("Ana", phone="(41) 9999-0000")
    add_order(shop, ana, "S00042", 7)

    when = datetime(2026, 3, 7, 14, 30, tzinfo=timezone.utc)
    assert await shop.odoo.order_status("account_1", MOBILE) == [Order("S00042", "sale", when, 129.9, "BRL")]


async def test_nobody_elses_orders_are_told(open_shop: OpenShop):
    shop = open_shop(19)
    company = shop.fake.add_partner("Loja da Ana", phone="(41) 3333-4444")
    ana = shop.fake.add_partner("Ana", phone="(41) 99999-0000", company=company)
    bia = shop.fake.add_partner("Bia", phone="(41) 98888-0000", company=company)
    for partner, name in ((company, "S1"), (ana, "S2"), (bia, "S3")):
        add_order(shop, partner, name, 7)

    assert await orders(shop) == ["S2"]


async def test_the_newest_five_are_told_newest_first(open_shop: OpenShop):
    shop = open_shop(19)
    ana = shop.fake.add_partner("Ana", phone="(41) 99999-0000")
    for day in (3, 9, 1, 7, 5, 8, 2):
        add_order(shop, ana, f"S{day}", day)

    assert await orders(shop) == ["S9", "S8", "S7", "S5", "S3"]


async def test_a_quotation_that_was_not_sent_is_not_told(open_shop: OpenShop):
    shop = open_shop(19)
    ana = shop.fake.add_partner("Ana", phone="(41) 99999-0000")
    for day, state in enumerate(("draft", "sent", "sale", "cancel"), 1):
        add_order(shop, ana, state, day, state)

    assert await orders(shop) == ["cancel", "sale", "sent"]


async def test_a_person_and_its_delivery_address_with_the_same_number_are_one_customer(open_shop: OpenShop):
    shop = open_shop(19)
    ana = shop.fake.add_partner("Ana", phone="(41) 99999-0000")
    address = shop.fake.add_partner("Entrega", phone="(41) 99999-0000", company=ana)
    add_order(shop, ana, "S1", 1)
    add_order(shop, address, "S2", 2)

    assert await orders(shop) == ["S2", "S1"]


@pytest.mark.parametrize("phone", ["+5541977770000", "", "9999-0000"])
async def test_of_an_unknown_number_no_orders_are_asked_for(phone: str, open_shop: OpenShop):
    shop = open_shop(19)
    ana = shop.fake.add_partner("Ana", phone="(41) 99999-0000")
    add_order(shop, ana, "S1", 1)

    assert await orders(shop, phone) == []
    assert "sale.order.search_read" not in shop.fake.whats()


async def test_of_a_number_that_two_people_have_no_orders_are_told(open_shop: OpenShop):
    shop = open_shop(19)
    for name in ("Ana", "Bia"):
        add_order(shop, shop.fake.add_partner(name, phone="(41) 99999-0000"), name, 1)

    assert await orders(shop) == []


# Odoo's own webhook


async def notify(shop: Shop) -> dict[str, Any]:
    return await shop.odoo.notify("account_1", {"_model": "res.partner", "_id": 57, "status": "resolved"})


async def test_the_webhook_gets_what_is_told(open_shop: OpenShop):
    shop = open_shop(17)
    shop.fake.hooks[UUID] = []

    assert await notify(shop) == {"status": "ok"}
    assert shop.fake.hooks[UUID] == [{"_model": "res.partner", "_id": 57, "status": "resolved"}]
    assert shop.fake.whats() == ["hook"]
    assert "authorization" not in shop.wire.requests[0].headers


async def test_the_webhook_needs_no_key_and_its_query_is_kept(open_shop: OpenShop, stage: Stage):
    shop = open_shop(17, url="", api_key="", webhook_url=f"{stage.url}/web/hook/{UUID}?db=loja")
    shop.fake.hooks[UUID] = []

    assert await notify(shop) == {"status": "ok"}
    assert shop.wire.requests[0].url.query == b"db=loja"


async def test_a_webhook_that_odoo_does_not_know_is_a_refusal(open_shop: OpenShop):
    with pytest.raises(Refused) as caught:
        await notify(open_shop(17))

    assert caught.value.status == 404
    assert UUID not in all_text_of(caught.value)


async def test_a_rule_that_fails_half_way_is_of_unknown_outcome(open_shop: OpenShop):
    shop = open_shop(17)
    shop.fake.hooks[UUID] = []
    shop.fake.fault = only("hook", lambda _what: OdooError("odoo.exceptions.UserError", "x"))
    with pytest.raises(Unknown) as caught:
        await notify(shop)

    assert caught.value.status == 500
    assert UUID not in all_text_of(caught.value)


async def test_a_webhook_whose_answer_was_lost_is_of_unknown_outcome_and_called_once(open_shop: OpenShop):
    shop = open_shop(17)
    shop.fake.hooks[UUID] = []
    shop.wire.loses = first_of()
    with pytest.raises(Unknown) as caught:
        await notify(shop)

    assert len(shop.fake.hooks[UUID]) == 1
    assert UUID not in all_text_of(caught.value)


@pytest.mark.parametrize("body", ['{"status": "error"}', "[]", "", "<html>log in</html>"])
async def test_a_webhook_that_does_not_say_that_it_was_done_is_of_unknown_outcome(body: str):
    with pytest.raises(Unknown):
        await answering(lambda _request: httpx.Response(200, text=body)).notify("account_1", {})


async def test_without_a_webhook_nothing_is_sent(open_shop: OpenShop):
    shop = open_shop(17, webhook_url="")
    with pytest.raises(Refused, match="account_1 has no webhook"):
        await notify(shop)

    assert shop.wire.requests == []


async def test_a_rule_that_keeps_failing_does_not_keep_anybody_from_reading(open_shop: OpenShop):
    shop = open_shop(17)
    shop.fake.hooks[UUID] = []
    shop.fake.fault = only("hook", lambda _what: (500, False))
    for _ in range(FAILURES_TO_OPEN + 1):
        with pytest.raises(Failed) as caught:
            await notify(shop)

    assert UUID not in all_text_of(caught.value)
    assert await shop.names() == []
