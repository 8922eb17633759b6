"""Are we open? Computed from a shop's hours as people write them, for now, today and another day."""

from datetime import datetime, timezone

import pytest

from hubcrew.opening import asks_for_hours, names_a_holiday, read_week, tell, when_next

WEEK = "Segunda a sexta: 08:00 às 18:00 (almoço 12:00 às 13:00)\nSábado: 9h às 12h30\nDomingo: fechado"
MORNING, AFTERNOON = [(480, 720), (780, 1080)], [(540, 750)]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of the week of Monday, 2026-05-25."""
    return datetime(2026, 5, 25 + day, hour, minute, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        pytest.param(WEEK, {**dict.fromkeys(range(5), MORNING), 5: AFTERNOON, 6: []}, id="with a lunch"),
        pytest.param("Monday to Friday: 08:00 to 18:00", {key: [(480, 1080)] for key in range(5)}, id="in English"),
        pytest.param("Terça e quinta: 14:00 às 17:00", {1: [(840, 1020)], 3: [(840, 1020)]}, id="two days"),
        pytest.param("Seg a sáb: 9h às 18h", {key: [(540, 1080)] for key in range(6)}, id="short names"),
        pytest.param("Sexta: 08:00 às 12:00 e 13:00 às 17:00", {4: [(480, 720), (780, 1020)]}, id="two halves"),
        pytest.param("Domingo: 24 horas", {6: [(0, 1440)]}, id="all day"),
        pytest.param("Venha nos visitar: temos café.", {}, id="no day"),
        pytest.param("Sábado: ligue antes", {5: []}, id="no hours"),
        pytest.param("", {}, id="nothing"),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, week: dict[int, list[tuple[int, int]]]):
    assert read_week(text) == week


@pytest.mark.parametrize(
    ("question", "now", "said"),
    [
        pytest.param("tá aberto agora?", at(1, 14, 30), "Estamos abertos agora, até as 18:00.", id="open"),
        pytest.param(
            "vcs estão abertos?",
            at(1, 12, 30),
            "No momento estamos fechados. Abrimos hoje às 13:00.",
            id="at lunch",
        ),
        pytest.param(
            "ta aberto?", at(1, 19), "No momento estamos fechados. Abrimos amanhã às 08:00.", id="in the evening"
        ),
        pytest.param(
            "abertos?", at(5, 15), "No momento estamos fechados. Abrimos na segunda-feira às 08:00.", id="on Saturday"
        ),
        pytest.param("abre sábado?", at(1, 9), "No sábado abrimos das 09:00 às 12:30.", id="Saturday"),
        pytest.param("abrem domingo?", at(1, 9), "No domingo estamos fechados.", id="Sunday"),
        pytest.param(
            "até que horas hj?", at(1, 9), "Hoje abrimos das 08:00 às 12:00 e das 13:00 às 18:00.", id="today"
        ),
        pytest.param("que horas abre amanhã?", at(4, 9), "Amanhã abrimos das 09:00 às 12:30.", id="tomorrow"),
    ],
)
def test_the_hours_answer_for_the_moment_that_is_asked_for(question: str, now: datetime, said: str):
    assert tell(read_week(WEEK), question, now) == said


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (at(4, 23), "Estamos abertos agora, até as 02:00."),
        (at(5, 1), "Estamos abertos agora, até as 02:00."),
        (at(5, 3), "No momento estamos fechados. Abrimos hoje às 18:00."),
        (at(0, 1), "Estamos abertos agora, até as 02:00."),
    ],
)
def test_an_evening_that_ends_after_midnight_is_one_evening(now: datetime, said: str):
    assert (
        tell(
            read_week("Domingo a quinta: fechado\nSexta a domingo: 18:00 às 02:00\nSegunda: fechado"),
            "ta aberto agora?",
            now,
        )
        == said
    )


def test_days_may_go_round_the_week():
    assert set(read_week("Domingo a quinta: 18:00 às 23:00")) == {6, 0, 1, 2, 3}


def test_a_day_that_the_hours_do_not_speak_of_is_not_guessed():
    assert tell(read_week("Segunda: 08:00 às 12:00"), "abre sábado?", at(1, 9)) == ""
    assert tell(read_week("Segunda: 08:00 às 12:00"), "ta aberto agora?", at(1, 9)) == ""


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("que horas vcs fecham?", True),
        ("tá aberto agora?", True),
        ("funciona de domingo?", True),
        ("fecha pro almoço?", True),
        ("qual o horário da aula de yoga?", False),
        ("quanto custa abrir uma conta?", False),
        ("vocês entregam domingo?", False),
        ("aceitam pix?", False),
    ],
)
def test_a_question_for_the_hours_is_about_nothing_else(question: str, asks: bool):
    assert asks_for_hours(question) is asks


@pytest.mark.parametrize(
    ("question", "names"),
    [("abre no feriado?", True), ("abre dia 24 de junho?", True), ("24/12 vcs abrem?", True), ("abre sábado?", False)],
)
def test_a_holiday_is_no_usual_day(question: str, names: bool):
    assert names_a_holiday(question) is names


def test_when_somebody_will_be_there_is_said_only_while_nobody_is():
    assert when_next([WEEK], at(1, 20)) == "Abrimos amanhã às 08:00."
    assert when_next([WEEK], at(1, 10)) == ""
    assert when_next([], at(1, 10)) == ""
