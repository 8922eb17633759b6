"""Is what a captured event tells of people gone, and is its form still there?"""

import json
from typing import Any

import pytest

from clients.phone import e164
from scripts.made_up import MadeUp
from tests.rig import ROOT

SECRET = b"for the tests"


def made(body: Any, *kept: str, paths: tuple[str, ...] = ()) -> Any:
    return MadeUp(SECRET, kept, paths).of(body)


@pytest.mark.parametrize(
    "body",
    [
        {"event": "message_created", "message_type": "incoming", "status": "open", "channel": "Channel::Whatsapp"},
        {"created_at": 1779802200, "updated_at": "2026-05-26T13:30:00.412Z", "write_date": "2026-11-22 12:41:49.1"},
        {"private": False, "email": None, "amount": 149.9, "quantity": 12, "note": "", "paid": "true"},
        {"labels": [], "meta": {}},
    ],
)
def test_what_a_program_reads_is_kept(body: Any):
    assert made(body) == body


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "Ana Souza"), ("content", "Quero falar com a Ana, 41 99999-0000"), ("phone", "+55 (41) 99999-0000"),
        ("phone", 5541999990000), ("email", "ana@flordeipe.com.br"), ("id", 1284), ("cpf", "123.456.789-09"),
        ("token", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"), ("url", "https://loja.com.br/u/ana?t=abc"),
        ("birth_date", "1980-05-01"), ("latitude", -25.4284), ("source_id", "b1f0c7a2-8a41-4d57-9c0e-2f6f3d1a7e55"),
        ("status", "ana@flordeipe.com.br"), ("type", "Ana Souza"), ("kind", "a41999990000"), ("name", "João Ávila"),
    ],
)  # fmt: skip
def test_what_tells_of_people_is_gone_and_its_form_is_there(name: str, value: Any):
    after = made({name: value})[name]

    assert type(after) is type(value)
    assert str(after) != str(value)
    parts = {part for part in str(value).replace("@", " ").replace("-", " ").split() if len(part) > 3}
    assert not [part for part in parts if part in str(after).split()]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ana@flordeipe.com.br", "example.com"),
        ("https://loja.com.br/u/ana", "https://example.com/"),
        ("+55 41 99999-0000", "+55 29 9"),
        ("5541999990000", "55299"),
        ("(41) 99999-0000", "(29) 9"),
        ("41 3333-0000", "29 3"),
    ],
)
def test_addresses_and_telephone_numbers_are_nobodys(before: str, after: str):
    assert after in made({"x": before})["x"]


def test_an_address_as_a_fields_name_and_numbers_in_other_writing_are_gone_too():
    ((name, value),) = made({"ana@flordeipe.com.br": "10² ①"}).items()

    assert (name.partition("@")[2], name.startswith("ana"), value == "10² ①") == ("example.com", False, False)


@pytest.mark.parametrize(
    "phone", ["+55 41 99999-0000", "5541999990000", "(41) 99999-0000", "41 3333-0000", "+554133330000"]
)
def test_a_made_up_telephone_is_still_one_to_whoever_reads_it(phone: str):
    assert e164(str(made({"phone": phone})["phone"]))


def test_what_the_server_has_removed_is_still_seen_to_be():
    assert made({"client_secret": "[removed]"}) == {"client_secret": "[removed]"}


def test_the_same_is_the_same_wherever_it_stands():
    body = {"sender": {"name": "Ana", "id": 3301}, "content": "Oi Ana, 3301", "contact": {"3301": {"name": "ANA"}}}
    after = made(body)
    name, number = after["sender"]["name"], str(after["sender"]["id"])

    assert after["content"].endswith(f"{name}, {number}")
    assert after["contact"] == {number: {"name": name.upper()}}
    assert made(body) == after
    assert MadeUp(b"another key").of(body) != after


def test_the_parts_of_the_signal_and_named_places_are_kept():
    body = {"what": "push", "ref": "refs/heads/main", "who": "main"}

    assert made(body, "push", paths=("ref",))["what"] == "push"
    assert made(body, paths=("ref",))["ref"] == "refs/heads/main"
    assert made(body, paths=("ref",))["who"] != "main"


def test_each_replacement_is_told_with_its_place():
    making = MadeUp(SECRET)
    after = making.of({"items": [{"name": "Ana"}], "total": 3})

    assert [(each.path, each.before, each.after) for each in making.replaced] == [
        ("items.0.name", "Ana", after["items"][0]["name"])
    ]


@pytest.mark.parametrize("sample", sorted((ROOT / "handlers").glob("*/samples/*.json")), ids=lambda path: path.stem)
def test_of_a_whole_body_no_name_number_or_text_is_left(sample: Any):
    body = json.loads(sample.read_text())
    after = json.dumps(made(body), ensure_ascii=False)

    assert shape(json.loads(after)) == shape(body)
    for left in ("Ipê", "Conceição", "Jacarandá", "99999-0000", "inventad", "INVENTADO", "flordeipe"):
        assert left not in after


def shape(value: Any) -> Any:
    """Lists and objects as they are nested, and the type of each value."""
    if isinstance(value, dict | list):
        return [shape(each) for each in (value.values() if isinstance(value, dict) else value)]
    return type(value).__name__
