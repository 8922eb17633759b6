"""What Odoo's rules say: both modules' dialects, made into items of knowledge."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.odoo.rules import read_rules
from hubcrew import Item
from relay import Rejected

SAMPLES = Path(__file__).parent / "samples"
SHOP = ZoneInfo("America/Sao_Paulo")


def sample(name: str) -> dict[str, Any]:
    return dict(json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8")))


def permanent(*rules: Any) -> list[Item]:
    return read_rules({"permanent_rules": list(rules), "temporary_rules": []}, SHOP)[0]


def temporary(**rule: Any) -> Item:
    payload = {"permanent_rules": [], "temporary_rules": [{"name": "Promoção", **rule}]}
    return read_rules(payload, SHOP)[1][0]


# Both dialects


def test_the_old_modules_rules_are_read():
    permanent, temporary = read_rules(sample("business_rules.sync__v1"), SHOP)

    assert [each.id for each in permanent] == [
        "name:Formas de pagamento",
        "name:Entrega",
        "name:Entrega#2",
        "name:Estacionamento na porta",
    ]
    assert (temporary[0].name, temporary[0].starts, temporary[0].ends) == (
        "Semana das orquídeas",
        "2026-05-25",
        "2026-05-31",
    )


def test_the_new_modules_rules_are_read():
    permanent, temporary = read_rules(sample("business_rules.sync__v2"), SHOP)

    assert [(each.id, each.type) for each in permanent] == [("11", "payment"), ("12", "return")]
    assert [(each.id, each.starts, each.ends) for each in temporary] == [("11", "2026-05-26", "2026-06-10")]


def test_two_rules_of_one_name_stay_two():
    rules = permanent({"name": "Entrega", "description": "Na cidade"}, {"name": "Entrega", "description": "No litoral"})

    assert [each.text for each in rules] == ["Na cidade", "No litoral"]
    assert len({each.id for each in rules}) == 2


def test_a_rule_that_is_called_like_a_made_up_id_stays_as_well():
    rules = permanent({"name": "Entrega"}, {"name": "Entrega#2"}, {"name": "Entrega"}, {"name": ""}, {"name": False})

    assert len({each.id for each in rules}) == 5


def test_the_same_list_gives_the_same_ids():
    first = read_rules(sample("business_rules.sync__v1"), SHOP)

    assert read_rules(sample("business_rules.sync__v1"), SHOP) == first


def test_a_rule_that_is_sent_twice_with_its_id_is_one():
    rules = permanent(
        {"id": 3, "name": "Troca", "description": "7 dias"}, {"id": 3, "name": "Troca", "description": "9"}
    )

    assert [(each.id, each.text) for each in rules] == [("3", "9")]


def test_a_rule_without_a_description_says_its_name():
    assert permanent({"name": "Estacionamento na porta", "description": False})[0].text == "Estacionamento na porta"


def test_a_kind_of_rule_that_nobody_knows_is_kept():
    assert permanent({"id": 1, "name": "x", "type": "subscription"})[0].type == "subscription"


def test_the_rule_is_kept_as_it_came():
    rule = {"id": 1, "name": "x", "priority": "medium", "last_updated": "2026-05-20 14:02:11"}

    assert permanent(rule)[0].original == rule


@pytest.mark.parametrize(
    ("rule", "limits"),
    [
        pytest.param({"start_date": "2026-05-26", "end_date": "2026-06-10"}, ("2026-05-26", "2026-06-10"), id="days"),
        pytest.param(
            {"date_start": "2026-05-25 03:00:00", "date_end": "2026-06-01 02:59:59"},
            ("2026-05-25", "2026-05-31"),
            id="moments",
        ),
        pytest.param({"date_start": False, "date_end": False}, (None, None), id="false: no limit"),
        pytest.param({}, (None, None), id="missing: no limit"),
        pytest.param({"start_date": "2026-05-26", "end_date": False}, ("2026-05-26", None), id="an open end"),
        pytest.param({"start_date": "2020-01-01", "end_date": "2020-01-02"}, ("2020-01-01", "2020-01-02"), id="over"),
    ],
)
def test_when_a_temporary_rule_is_in_force(rule: dict[str, Any], limits: tuple[str | None, str | None]):
    found = temporary(**rule)

    assert (found.starts, found.ends) == limits


def test_a_permanent_rule_has_no_limits_whatever_it_says():
    found = permanent({"name": "Pix", "start_date": "2026-05-26", "end_date": "2026-06-10"})[0]

    assert (found.starts, found.ends) == (None, None)


# What is wrong changes nothing


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param({"permanent_rules": [], "temporary_rules": []}, id="v1"),
        pytest.param({"rules": {"permanent_rules": [], "temporary_rules": []}}, id="business_rules2"),
    ],
)
def test_an_empty_list_empties(payload: dict[str, Any]):
    assert read_rules(payload, SHOP) == ([], [])


@pytest.mark.parametrize(
    ("payload", "place"),
    [
        pytest.param({}, "permanent_rules", id="both lists are missing"),
        pytest.param({"permanent_rules": []}, "temporary_rules", id="the second list is missing"),
        pytest.param({"rules": {"temporary_rules": []}}, "permanent_rules", id="the first is missing, in the new form"),
        pytest.param({"rules": [], "permanent_rules": None}, "permanent_rules", id="null"),
        pytest.param({"permanent_rules": False, "temporary_rules": []}, "permanent_rules", id="false"),
        pytest.param({"permanent_rules": {}, "temporary_rules": []}, "permanent_rules", id="an object"),
        pytest.param(
            {"permanent_rules": ["x"], "temporary_rules": []}, "permanent_rules[0]", id="a rule that is a text"
        ),
        pytest.param(
            {"permanent_rules": [], "temporary_rules": [{}, {"name": "x", "end_date": "31/12/2026"}]},
            "temporary_rules[1]",
            id="a date in another form",
        ),
        pytest.param(
            {"permanent_rules": [], "temporary_rules": [{"start_date": True}]},
            "temporary_rules[0]",
            id="a date of true",
        ),
    ],
)
def test_what_cannot_be_understood_is_rejected_with_its_place(payload: dict[str, Any], place: str):
    with pytest.raises(Rejected) as caught:
        read_rules(payload, SHOP)

    assert place in str(caught.value)
