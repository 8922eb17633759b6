"""relay/source.py: who may send, and how little of a refused body is shown."""

import base64

import pytest

from relay.event import Incoming
from relay.source import any_same, basic_password, bearer_token, hmac_sha256, redacted_head, same


def incoming(authorization: str | None) -> Incoming:
    headers = {} if authorization is None else {"authorization": authorization}
    return Incoming("POST", "/webhook", "", headers, b"", 0)


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("given", "expected", "equal"),
    [
        pytest.param("chave", "chave", True, id="the same"),
        pytest.param("chavé", "chavé", True, id="the same, with an accent"),
        pytest.param("chave", "Chave", False, id="other capitals"),
        pytest.param("chav", "chave", False, id="shorter"),
        pytest.param("", "", False, id="an empty credential is never right"),
        pytest.param("chave", "", False, id="nothing is expected, so nothing is right"),
    ],
)
def test_credentials_are_compared_whole(given: str, expected: str, equal: bool):
    assert same(given, expected) is equal


@pytest.mark.parametrize(
    ("given", "expected", "found"),
    [
        pytest.param(["b"], ["a", "b"], True, id="one of several that are valid"),
        pytest.param(["x", "a"], ["a"], True, id="one of several that were given"),
        pytest.param(["x"], ["a", "b"], False, id="none of them"),
        pytest.param([""], [""], False, id="empty ones"),
        pytest.param([], ["a"], False, id="none given"),
        pytest.param(["a"], [], False, id="none set"),
    ],
)
def test_one_right_credential_is_enough(given: list[str], expected: list[str], found: bool):
    assert any_same(given, expected) is found


@pytest.mark.parametrize(
    ("header", "password"),
    [
        pytest.param(basic("chatwoot:segredo"), "segredo", id="as a URL with user and password is sent"),
        pytest.param(basic("chatwoot:a:b"), "a:b", id="a colon in the password"),
        pytest.param(basic("chatwoot"), "", id="no password"),
        pytest.param(basic("u:p").replace("Basic", "basic"), "p", id="the scheme in small letters"),
        pytest.param("Basic ???", "", id="not base64"),
        pytest.param("Basic " + base64.b64encode(b"\xff:\xff").decode(), "", id="not UTF-8"),
        pytest.param("Bearer segredo", "", id="another scheme"),
        pytest.param("", "", id="an empty header"),
        pytest.param(None, "", id="no header"),
    ],
)
def test_the_password_of_basic_authentication_is_read(header: str | None, password: str):
    assert basic_password(incoming(header)) == password


@pytest.mark.parametrize(
    ("header", "token"),
    [
        pytest.param("Bearer account_1-0a1b2c3d", "account_1-0a1b2c3d", id="as Odoo sends it"),
        pytest.param("bearer  abc ", "abc", id="blanks around it"),
        pytest.param("Basic abc", "", id="another scheme"),
        pytest.param("", "", id="the empty header of Odoo's documents call"),
        pytest.param(None, "", id="no header"),
    ],
)
def test_the_bearer_token_is_read(header: str | None, token: str):
    assert bearer_token(incoming(header)) == token


def test_the_hmac_is_the_one_of_rfc_4231():
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"

    assert hmac_sha256("Jefe", b"what do ya want for nothing?") == expected


def test_the_head_of_a_refused_body_shows_its_shape():
    body = b'{"event": "message_created", "sender": {"phone_number": "+5541988700451", "id": 3301}}'

    assert redacted_head(body) == '{"event": "...", "sender": {"phone_number": "...", "id": 0}}'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"name": "Marlene", "phone": 5541988700451}', id="JSON"),
        pytest.param(b'{"name": "Marlene 5541988700451', id="JSON that is cut off within a text"),
        pytest.param(b"name=Marlene&phone=5541988700451", id="a form"),
        pytest.param("Marlene, 5541988700451".encode("utf-16"), id="another encoding"),
        pytest.param(b"{'name': 'Marlene', 'phone': '5541988700451'}", id="Python's quotes"),
        pytest.param(b"{name: Marlene, phone: +55 41 98870-0451}", id="no quotes"),
        pytest.param(b'{"a": "x"} Marlene 5541988700451', id="a text after JSON"),
        pytest.param(b'{"Marlene 5541988700451": 1}', id="a key that is no name"),
        pytest.param(b'{"phone_5541988700451": 1, "Marlene Silva": 2}', id="numbers in a key"),
        pytest.param('{name: Marlène, Marlene: "Марлен'.encode(), id="letters of all kinds"),
        pytest.param(b"\xff\xfe[Marlene]", id="bytes that are no text"),
        pytest.param(b'["' + b"x" * 295 + b'Marlene 5541988700451"]', id="a text that the limit cuts"),
    ],
)
def test_nothing_personal_is_left_in_the_head_of_a_refused_body(body: bytes):
    head = redacted_head(body)

    assert "Marlene" not in head
    assert "5541988700451" not in head


@pytest.mark.parametrize(
    ("body", "head"),
    [
        pytest.param(
            b'{"a": {"b_c": [1, -2.5e3, true, false, null]}}', '{"a": {"b_c": [0, 0, true, false, null]}}', id="JSON"
        ),
        pytest.param(b"{'content': 'minha senha abc'}", "{'x': 'x x x'}", id="other quotes"),
        pytest.param(b'{"event": "x"', '{"event": "..."', id="cut off"),
        pytest.param(b"token: hunter3", "xxxxx: xxxxxx0", id="no JSON"),
    ],
)
def test_the_shape_is_all_that_is_shown(body: bytes, head: str):
    assert redacted_head(body) == head


def test_the_head_of_a_refused_body_is_short():
    assert len(redacted_head(b"{" + b'"a":1,' * 10_000)) <= 300
