"""When what can be booked, and on which terms: both modules' scheduling rules, made into items of knowledge."""

import json
from pathlib import Path
from typing import Any

import pytest

from handlers.odoo.scheduling import read_scheduling
from hubcrew import Item
from relay import Rejected

SAMPLES = Path(__file__).parent / "samples"
HALVES = {"morning_start": 8.0, "morning_end": 12.0, "afternoon_start": 14.0, "afternoon_end": 18.0}
NONE = dict.fromkeys(HALVES, 0.0)


@pytest.fixture(autouse=True)
def _in_portuguese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "pt_BR")


def sample(name: str) -> dict[str, Any]:
    return dict(json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8")))


def read(**rule: Any) -> Item:
    return read_scheduling({"scheduling_rules": [{"id": 1, "name": "Visita", **rule}]})[0]


def lines(**rule: Any) -> list[str]:
    """What is said of a rule beside its name."""
    return read(**rule).text.split("\n")[1:]


# Both dialects


def test_the_old_modules_rules_are_read():
    payload = sample("scheduling_rules.sync__v1")
    event, workshop = read_scheduling(payload)

    assert (event.id, event.name, event.type) == ("4", "Montagem de arranjo para festa", "event")
    assert event.text.split("\n") == [
        "Montagem de arranjo para festa",
        "Serviço: evento",
        "Vamos até o salão e montamos tudo no dia. 🌸",
        "Segunda a sexta: 08:20 às 12:00 e 13:30 às 17:42",
        "Sábado: 08:00 às 12:00",
        "Domingo: sem atendimento",
        "Duração: 1h30",
        "Agende com pelo menos 48 horas e no máximo 90 dias de antecedência.",
        "Cancelamento: Até 24 horas antes, sem custo.",
        "Para agendar, informe: Endereço do salão, horário da festa e uma foto do espaço.",
        "Depois da confirmação: Deixe a entrada de serviço liberada.",
    ]
    assert (workshop.id, workshop.type) == ("5", "Oficina")
    assert "Quarta: 14:00 às 20:00" in workshop.text
    assert [event.original, workshop.original] == payload["scheduling_rules"]


def test_the_new_modules_rules_are_read():
    payload = sample("scheduling_rules.sync__v2")
    (rule,) = read_scheduling(payload)

    assert (rule.id, rule.name, rule.type) == ("7", "Avaliação de pele", "consultation")
    assert rule.text.split("\n") == [
        "Avaliação de pele",
        "Serviço: consulta ou atendimento",
        "Com a nossa farmacêutica. 🌿",
        "Terça a sexta: 09:00 às 12:00 e 14:00 às 18:20",
        "Sábado: 09:00 às 13:00",
        "Segunda e domingo: sem atendimento",
        "Duração: 45min",
        "Agende com pelo menos 24 horas e no máximo 30 dias de antecedência.",
        "Cancelamento: Avise até a véspera.",
        "Remarcação: Uma remarcação sem custo.",
        "Para agendar, informe: Nome completo e telefone.",
        "Depois da confirmação: Venha sem maquiagem, por favor.",
    ]
    assert [rule.original] == payload["scheduling_rules"]


# Values


@pytest.mark.parametrize(
    ("service", "kind", "said"),
    [
        pytest.param({"service_type": "maintenance"}, "maintenance", ["Serviço: manutenção ou reparo"], id="known"),
        pytest.param({"service_type": "home_visit"}, "home_visit", ["Serviço: home_visit"], id="unknown: kept"),
        pytest.param(
            {"service_type": "other", "service_type_other": "Oficina"}, "Oficina", ["Serviço: Oficina"], id="own words"
        ),
        pytest.param({"service_type": "other", "service_type_other": False}, "other", [], id="other, and no word"),
        pytest.param(
            {"service_type": "event", "service_type_other": "x"}, "event", ["Serviço: evento"], id="not other"
        ),
        pytest.param({"service_type": False}, "", [], id="false"),
    ],
)
def test_the_kind_of_service(service: dict[str, Any], kind: str, said: list[str]):
    assert (read(**service).type, lines(**service)) == (kind, said)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        pytest.param(HALVES, "08:00 às 12:00 e 14:00 às 18:00", id="two halves"),
        pytest.param({**HALVES, "has_lunch_break": True}, "08:00 às 12:00 e 14:00 às 18:00", id="with a break"),
        pytest.param(
            {**HALVES, "has_lunch_break": False}, "08:00 às 18:00", id="without: what the form hides counts not"
        ),
        pytest.param(
            {"morning_start": 9.0, "morning_end": 0.0, "afternoon_start": 0.0, "afternoon_end": 17.0}
            | {"has_lunch_break": False},
            "09:00 às 17:00",
            id="without, and the hidden hours are 0",
        ),
        pytest.param(
            {**HALVES, "afternoon_start": 0.0, "afternoon_end": 0.0, "has_lunch_break": False},
            "08:00 às 12:00",
            id="without, and no afternoon",
        ),
        pytest.param({**HALVES, "afternoon_end": 0.0}, "08:00 às 12:00", id="an end of 0: no afternoon"),
        pytest.param({**HALVES, "afternoon_start": 0.0}, "08:00 às 12:00", id="a beginning of 0: no afternoon"),
        pytest.param({**HALVES, "morning_end": 0.0}, "14:00 às 18:00", id="no morning"),
        pytest.param({**HALVES, "afternoon_start": 12.0}, "08:00 às 18:00", id="halves that meet"),
        pytest.param({**HALVES, "has_afternoon": False}, "08:00 às 12:00", id="no afternoon, whatever its hours"),
        pytest.param({**HALVES, "morning_start": 8.333333333333334}, "08:20 às 12:00 e 14:00 às 18:00", id="a third"),
        pytest.param({**HALVES, "afternoon_end": 24.0}, "08:00 às 12:00 e 14:00 às 24:00", id="until midnight"),
        pytest.param({**HALVES, "afternoon_end": 99.0}, "08:00 às 12:00", id="an hour that no day has"),
        pytest.param({}, "consulte o horário", id="no hours are sent"),
        pytest.param(dict.fromkeys(HALVES, False), "consulte o horário", id="hours of false"),
    ],
)
def test_the_hours_of_a_day(hours: dict[str, Any], said: str):
    assert lines(days_available={"monday": True}, hours=hours) == [f"Segunda: {said}"]
    assert lines(days_available={"monday": True}, hours={"weekdays": hours}) == [f"Segunda: {said}"]
    assert lines(days_available={"sunday": True}, special_hours={"sunday": hours}) == [f"Domingo: {said}"]


def test_days_of_the_same_hours_share_a_line():
    days = {"monday": True, "tuesday": True, "wednesday": False, "saturday": True, "sunday": True}

    assert lines(days_available=days, hours=HALVES, special_hours={"saturday": HALVES, "sunday": NONE}) == [
        "Segunda, terça e sábado: 08:00 às 12:00 e 14:00 às 18:00",
        "Quarta e domingo: sem atendimento",
    ]


def test_where_no_day_can_be_booked_none_is_spoken_of():
    assert lines(days_available={"monday": False, "sunday": True}, hours={"weekdays": HALVES, "sunday": NONE}) == []


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (1.5, "1h30"),
        (1.0, "1h"),
        (2, "2h"),
        (0.5, "30min"),
        (0.16666666666666666, "10min"),
        (2.0833333333333335, "2h05"),
        (0.9999, "1h"),
        (0.0, None),
        (False, None),
        (True, None),
        (None, None),
        (-1.0, None),
        ("1h30", None),
        (10**400, None),
        (float("nan"), None),
    ],
)
def test_how_long_it_takes(hours: Any, said: str | None):
    assert lines(duration=hours) == ([f"Duração: {said}"] if said else [])


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [
        (24, 30, ["Agende com pelo menos 24 horas e no máximo 30 dias de antecedência."]),
        (1, 1, ["Agende com pelo menos 1 hora e no máximo 1 dia de antecedência."]),
        (2.0, 0, ["Agende com pelo menos 2 horas de antecedência."]),
        (0, 7, ["Agende com no máximo 7 dias de antecedência."]),
        (0, 0, []),
        (False, None, []),
    ],
)
def test_how_far_ahead_hours_at_least_and_days_at_most(least: Any, most: Any, said: list[str]):
    assert lines(min_advance_time=least, max_advance_time=most) == said


def test_policies_are_plain_text():
    assert lines(policies={"cancellation": "<p>Sem custo&nbsp;até a véspera.</p>", "rescheduling": False}) == [
        "Cancelamento: Sem custo até a véspera."
    ]


def test_a_rule_without_a_name_is_called_by_its_service():
    assert read(name=False, service_type="delivery").name == "Serviço: entrega"


# Ids


def test_a_rule_that_is_sent_twice_is_one_and_the_last_counts():
    rules = [{"id": 1, "name": "Visita"}, {"id": 1, "name": "Visita técnica"}]

    assert [each.name for each in read_scheduling({"scheduling_rules": rules})] == ["Visita técnica"]


def test_rules_without_an_id_stay_apart():
    found = read_scheduling({"scheduling_rules": [{"name": "Visita"}, {"name": "Visita"}, {"rule_id": False}]})

    assert [each.id for each in found] == ["name:Visita", "name:Visita#2", "name:"]


# What is wrong changes nothing


def test_an_empty_list_empties():
    assert read_scheduling({"scheduling_rules": []}) == []


@pytest.mark.parametrize(
    ("payload", "place"),
    [
        pytest.param({}, "scheduling_rules", id="missing"),
        pytest.param({"scheduling_rules": False}, "scheduling_rules", id="false"),
        pytest.param({"scheduling_rules": {}}, "scheduling_rules", id="an object"),
        pytest.param({"scheduling_rules": [{}, 7]}, "scheduling_rules[1]", id="a rule that is a number"),
    ],
)
def test_what_cannot_be_understood_is_rejected_with_its_place(payload: dict[str, Any], place: str):
    with pytest.raises(Rejected) as caught:
        read_scheduling(payload)

    assert place in str(caught.value)
