"""Are we open? Computed from a shop's hours as people write them, for now, a weekday, a date and a holiday."""

import time
from collections.abc import Iterator
from datetime import date, datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import language
from hubcrew.opening import asks_for_hours, hours_on, names_a_holiday, read_opening, tell, when_next

WEEK = "Segunda a sexta: 08:00 às 18:00 (almoço 12:00 às 13:00)\nSábado: 9h às 12h30\nDomingo: fechado"
SHOP = f"""{WEEK}
Feriados: fechado
Feriado de Corpus Christi: 09:00 às 14:00
Véspera de Natal: 08:00 às 12:00
25/12: fechado
de 31/12 a 02/01: fechado
Carnaval: fechado
Quarta-feira de cinzas: 13:00 às 18:00
20/11/2026: 10:00 às 16:00"""
BAR = "Domingo a quinta: fechado\nSexta a domingo: 18:00 às 02:00\nSegunda: fechado"
MORNING, AFTERNOON = [(480, 720), (780, 1080)], [(540, 750)]
DAYS = "from 08:00 to 12:00 and from 13:00 to 18:00"
SATURDAY = "On Saturday we are open from 09:00 to 12:30."
EVE, CHRISTMAS = "On 24/12 (Thursday) we are open from 08:00 to 12:00.", "On 25/12 (Friday) we are closed."
SUNDAY, STATE = "On Sunday we are closed. We open on Monday at 08:00.", "On 09/07 (Thursday) we are closed."
CARNIVAL = "On 16/02 (Monday) we are closed. On 17/02 (Tuesday) we are closed."
NEW_YEAR = "On 31/12 (Thursday) we are closed. On 01/01 (Friday) we are closed. We open on 04/01 (Monday) at 08:00."


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of the week of Monday, 2026-05-25."""
    return datetime(2026, 5, 25 + day, hour, minute, tzinfo=timezone.utc)


def on(month: int, day: int, hour: int = 10, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """What is said as the code has it; other tests speak the language that the settings name."""
    language.speak("en")
    yield
    language.speak(language.DEFAULT)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        pytest.param(WEEK, {**dict.fromkeys(range(5), MORNING), 5: AFTERNOON, 6: []}, id="with a lunch"),
        pytest.param("Monday to Friday: 08:00 to 18:00", {key: [(480, 1080)] for key in range(5)}, id="in English"),
        pytest.param("Terça e quinta: 14:00 às 17:00", {1: [(840, 1020)], 3: [(840, 1020)]}, id="two days"),
        pytest.param("Seg a sáb: 9h às 18h", {key: [(540, 1080)] for key in range(6)}, id="short names"),
        pytest.param("Seg-Qua 08:00 - 18:00", {key: [(480, 1080)] for key in range(3)}, id="dashes"),
        pytest.param("Sábado \u2013 8h\u201312h", {5: [(480, 720)]}, id="a dash for the colon"),
        pytest.param("Sexta: 08:00 às 12:00 e 13:00 às 17:00", {4: [(480, 720), (780, 1020)]}, id="two halves"),
        pytest.param("Sábado: das 9 às 14", {5: [(540, 840)]}, id="bare hours"),
        pytest.param("Domingo: 24 horas", {6: [(0, 1440)]}, id="all day"),
        pytest.param("Domingo: 18:00 às 02:00", {6: [(1080, 1560)]}, id="after midnight"),
        pytest.param("Segunda 8h às 18h e sábado 8h às 12h.", {0: [(480, 1080)], 5: [(480, 720)]}, id="in one line"),
        pytest.param("Segunda: 8h às 18h, domingo fechado", {0: [(480, 1080)], 6: []}, id="closed, in one line"),
        pytest.param("Fechado aos domingos", {6: []}, id="closed first"),
        pytest.param("Sábado: 8h às 12h, exceto feriados", {5: [(480, 720)]}, id="but holidays"),
        pytest.param("Venha nos visitar: temos café.", {}, id="no day"),
        pytest.param("Sábado: ligue antes", {}, id="no hours"),
        pytest.param("Sábado: 9h às 12h\nSábado: aberto, consulte o horário", {}, id="no hours any more"),
        pytest.param("Sábado: 8h às 12h, alguns até 14h", {}, id="not sure"),
        pytest.param("Sábado: fechado das 12:00 às 13:00", {}, id="closed for an hour"),
        pytest.param("Sábado: 9am to 5pm", {}, id="hours of another kind"),
        pytest.param("Sábado: R$ 10 a 20", {}, id="other numbers"),
        pytest.param("Sábado: 25:00 às 99:00", {}, id="no such hours"),
        pytest.param("Entrega aos sábados: 8h às 12h", {}, id="another subject"),
        pytest.param("24/12 (quinta-feira): 8h às 12h", {}, id="a date"),
        pytest.param("Sexta-feira santa: fechado\nQuarta de cinzas: fechado", {}, id="holidays"),
        pytest.param("", {}, id="nothing"),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, week: dict[int, list[tuple[int, int]]]):
    assert read_opening([text]).week == week


@pytest.mark.parametrize(
    ("line", "special"),
    [
        ("Feriados: fechado", {"holiday": []}),
        ("Feriados: 09:00 às 14:00", {"holiday": [(540, 840)]}),
        ("Feriados nacionais - fechado", {"holiday": []}),
        ("Não abrimos aos feriados", {"holiday": []}),
        ("Domingos e feriados: fechado", {"holiday": []}),
        ("Holidays: closed", {"holiday": []}),
        ("Festivos: cerrado", {"holiday": []}),
        ("Feriados: consulte-nos", {"holiday": None}),
        ("Feriados municipais: fechado", {}),
        ("Véspera de feriado: 08:00 às 12:00", {}),
        ("Feriado de quinta: fechado", {}),
        ("24/12: 08:00 às 12:00", {"12-24": [(480, 720)]}),
        ("24 de dezembro: 8h às 12h", {"12-24": [(480, 720)]}),
        ("24 e 31/12: 8h às 12h", {"12-24": [(480, 720)], "12-31": [(480, 720)]}),
        ("25/12 - fechado", {"12-25": []}),
        ("20/11/2026: fechado", {"2026-11-20": []}),
        ("2026-12-23: 08:00-12:00, 13:00-18:00", {"2026-12-23": MORNING}),
        ("2026-12-24: 08:00-12:00", {"2026-12-24": [(480, 720)]}),
        ("31/02: fechado", {}),
        ("dia 24: fechado", {"24": None}),
        ("Natal: fechado", {"christmas": []}),
        ("Natal e Ano Novo: fechado", {"christmas": [], "new_year": []}),
        ("Sexta-feira santa: fechado", {"good_friday": []}),
        ("Carnaval (segunda e terça): fechado", {"carnival": []}),
        ("Entrega no Natal: não há", {"christmas": None}),
        ("Nunca fechado nos feriados", {"holiday": None}),
        ("de 30/12 a 01/01: fechado", {"12-30": [], "12-31": [], "01-01": []}),
        ("2026-12-31 to 2027-01-01: closed", {"2026-12-31": [], "2027-01-01": []}),
        ("31/12/2026 a 01/01: fechado", {"2026-12-31": [], "2027-01-01": []}),
        ("31/12 a 01/01/2027: fechado", {"2026-12-31": [], "2027-01-01": []}),
        ("24 a 26 de dezembro: fechado", {"12-24": [], "12-25": [], "12-26": []}),
        ("da véspera de Natal ao Natal: fechado", {"12-24": [], "12-25": []}),
    ],
)
def test_what_goes_before_the_weekday_is_read(line: str, special: dict[str, list[tuple[int, int]] | None]):
    assert read_opening([line]).special == special


@pytest.mark.parametrize(
    ("texts", "day", "hours"),
    [
        (["2026-12-25: 10:00-12:00", "25/12: fechado\nNatal: 9h às 10h\nFeriados: fechado"], (12, 25), [(600, 720)]),
        (["25/12: fechado\nNatal: 9h às 10h\nFeriados: 8h às 9h"], (12, 25), []),
        (["Natal: 9h às 10h\nFeriados: fechado"], (12, 25), [(540, 600)]),
        (["Feriados: 8h às 9h", WEEK], (12, 25), [(480, 540)]),
        (["Carnaval: fechado\nTerça de carnaval: 8h às 9h"], (2, 17), [(480, 540)]),
        (["25/12: fechado", "25/12: 8h às 9h"], (12, 25), []),
        ([WEEK], (12, 25), None),
        ([WEEK], (12, 24), None),
        ([WEEK], (6, 4), None),
        ([WEEK, "Feriados: fechado"], (6, 4), None),
        ([WEEK], (11, 15), []),
        ([WEEK, "25/12: consulte", "Feriados: fechado"], (12, 25), None),
        ([WEEK], (12, 23), MORNING),
    ],
)
def test_a_date_goes_before_a_holiday_and_that_before_the_weekday(
    texts: list[str], day: tuple[int, int], hours: object
):
    assert hours_on(read_opening(texts), date(2026, *day)) == hours


@pytest.mark.parametrize(
    ("text", "question", "now", "said"),
    [
        # now
        (WEEK, "tá aberto agora?", at(1, 14, 30), "We are open now, until 18:00."),
        (WEEK, "vcs estão abertos?", at(1, 12, 30), "We are closed at the moment. We open today at 13:00."),
        (WEEK, "ta aberto?", at(1, 19), "We are closed at the moment. We open tomorrow at 08:00."),
        (WEEK, "abertos?", at(5, 15), "We are closed at the moment. We open on Monday at 08:00."),
        (WEEK, "quando abrem?", at(6, 9), "We are closed at the moment. We open tomorrow at 08:00."),
        (WEEK, "are you open?", at(0, 9), "We are open now, until 12:00."),
        (WEEK, "abre de segunda a sexta?", at(0, 9), "We are open now, until 12:00."),
        (WEEK, "ta aberto agora?", on(12, 25), ""),
        (WEEK, "ta aberto agora?", on(12, 24), ""),
        (WEEK, "ta aberto agora?", on(11, 15), "We are closed at the moment. We open tomorrow at 08:00."),
        (WEEK, "ta aberto agora?", on(12, 23, 20), "We are closed at the moment."),
        (SHOP, "ta aberto agora?", on(12, 24), "We are open now, until 12:00."),
        (SHOP, "ta aberto agora?", on(12, 24, 15), "We are closed at the moment. We open on Saturday at 09:00."),
        (SHOP, "ta aberto agora?", on(12, 25), "We are closed at the moment. We open tomorrow at 09:00."),
        (SHOP, "ta aberto agora?", on(12, 30, 20), "We are closed at the moment. We open on Monday at 08:00."),
        (SHOP, "ta aberto agora?", on(11, 20, 9), "We are closed at the moment. We open today at 10:00."),
        (SHOP, "ta aberto agora?", on(6, 4), "We are open now, until 14:00."),
        (BAR, "ta aberto agora?", at(4, 23), "We are open now, until 02:00."),
        (BAR, "ta aberto agora?", at(5, 1), "We are open now, until 02:00."),
        (BAR, "ta aberto agora?", at(5, 3), "We are closed at the moment. We open today at 18:00."),
        (BAR, "ta aberto agora?", at(0, 1), "We are open now, until 02:00."),
        (BAR, "ta aberto agora?", on(12, 26, 1), ""),
        (BAR, "ta aberto agora?", on(12, 26, 3), "We are closed at the moment. We open today at 18:00."),
        ("Segunda: 08:00 às 12:00", "ta aberto agora?", at(1, 9), ""),
        # today, tomorrow, weekdays
        (WEEK, "até que horas hj?", at(1, 9), f"Today we are open {DAYS}."),
        (WEEK, "ta aberto hoje à noite?", at(1, 9), f"Today we are open {DAYS}."),
        (WEEK, "que horas fecha hoje?", at(1, 9), f"Today we are open {DAYS}."),
        (WEEK, "que horas fecha hoje?", at(6, 9), "Today we are closed. We open tomorrow at 08:00."),
        (WEEK, "que horas abre amanhã?", at(4, 9), "Tomorrow we are open from 09:00 to 12:30."),
        (WEEK, "até que horas vocês ficam abertos amanhã?", at(0, 9), f"Tomorrow we are open {DAYS}."),
        (WEEK, "vai ter expediente amanhã?", at(0, 9), f"Tomorrow we are open {DAYS}."),
        (WEEK, "depois de amanhã vcs abrem?", at(0, 9), f"On Wednesday we are open {DAYS}."),
        (WEEK, "abre hoje e amanhã?", at(4, 9), f"Today we are open {DAYS}. Tomorrow we are open from 09:00 to 12:30."),
        (WEEK, "abre sábado?", at(1, 9), SATURDAY),
        (WEEK, "abre cedo sábado?", at(1, 9), SATURDAY),
        (WEEK, "abre sábado que vem?", at(1, 9), SATURDAY),
        (WEEK, "abre sábado que vem?", on(5, 23), "On 30/05 (Saturday) we are open from 09:00 to 12:30."),
        (WEEK, "essa sexta vcs abrem?", at(1, 9), f"On Friday we are open {DAYS}."),
        (WEEK, "domingo agora vocês abrem?", at(1, 9), SUNDAY),
        (WEEK, "abrem domingo?", at(2, 9), SUNDAY),
        (WEEK, "abre terça da semana que vem?", at(1, 9), f"On 02/06 (Tuesday) we are open {DAYS}."),
        (WEEK, "abre semana que vem?", at(1, 9), ""),
        (WEEK, "abren el sábado?", at(1, 9), SATURDAY),
        (WEEK, "abren mañana?", at(4, 9), "Tomorrow we are open from 09:00 to 12:30."),
        (WEEK, "open tomorrow?", at(4, 9), "Tomorrow we are open from 09:00 to 12:30."),
        (WEEK, "abre sábado e domingo?", at(2, 9), f"{SATURDAY} {SUNDAY}"),
        (WEEK, "abre fds?", at(6, 9), "Today we are closed. We open tomorrow at 08:00."),
        (WEEK, "abriram ontem?", at(1, 9), ""),
        ("Segunda: 08:00 às 12:00", "abre sábado?", at(1, 9), ""),
        ("Sábado: aberto, consulte o horário", "abre sábado?", at(1, 9), ""),
        # weekdays that are holidays
        (WEEK, "abre sexta?", on(12, 22), ""),
        (WEEK, "abre amanhã?", on(12, 24), ""),
        (WEEK, "abre quinta?", on(6, 1), ""),
        (WEEK, "abre domingo?", on(11, 10), "On 15/11 (Sunday) we are closed. We open on Monday at 08:00."),
        (SHOP, "abre sexta?", on(12, 22), f"{CHRISTMAS} We open on Saturday at 09:00."),
        (SHOP, "abre quinta?", on(12, 22), EVE),
        (SHOP, "que horas fecha amanhã?", on(12, 23), "Tomorrow we are open from 08:00 to 12:00."),
        (SHOP, "abre sexta?", on(11, 17), "On 20/11 (Friday) we are open from 10:00 to 16:00."),
        (SHOP, "abre segunda?", on(2, 4, year=2027), "On 08/02 (Monday) we are closed. We open on Wednesday at 13:00."),
        (SHOP, "abre sábado?", on(12, 29), "On 02/01 (Saturday) we are closed. We open on Monday at 08:00."),
        # holidays
        (WEEK, "abre no natal?", on(11, 25), ""),
        (WEEK, "abrem no feriado?", on(11, 25), ""),
        (WEEK, "abre no carnaval?", on(11, 25), ""),
        (WEEK, "abre véspera de ano novo?", on(11, 25), ""),
        (WEEK, "abrem na páscoa?", on(3, 31), "On 05/04 (Sunday) we are closed. We open on Monday at 08:00."),
        (SHOP, "abre no natal?", on(11, 25), f"{CHRISTMAS} We open on 26/12 (Saturday) at 09:00."),
        (SHOP, "vcs atendem no natal?", on(12, 25), f"{CHRISTMAS} We open tomorrow at 09:00."),
        (SHOP, "abre na véspera de natal?", on(11, 25), EVE),
        (SHOP, "abre no réveillon?", on(12, 29), "On 31/12 (Thursday) we are closed. We open on Monday at 08:00."),
        (SHOP, "abre no ano novo?", on(11, 25), "On 01/01 (Friday) we are closed. We open on 04/01 (Monday) at 08:00."),
        (SHOP, "funciona na quarta de cinzas?", on(2, 1), "On 18/02 (Wednesday) we are open from 13:00 to 18:00."),
        (SHOP, "abre no carnaval?", on(2, 1), f"{CARNIVAL} We open on 18/02 (Wednesday) at 13:00."),
        (SHOP, "abre no carnaval?", on(2, 17), "On 17/02 (Tuesday) we are closed. We open tomorrow at 13:00."),
        (SHOP, "abre na sexta santa?", on(3, 30), "On 03/04 (Friday) we are closed. We open on Saturday at 09:00."),
        (SHOP, "abre no dia das crianças?", on(10, 9), "On 12/10 (Monday) we are closed. We open on Tuesday at 08:00."),
        (SHOP, "abre em tiradentes?", on(4, 16), "On 21/04 (Tuesday) we are closed. We open on Wednesday at 08:00."),
        (SHOP, "abre no dia do trabalho?", on(4, 28), "On 01/05 (Friday) we are closed. We open on Saturday at 09:00."),
        (SHOP, "e corpus christi, abre?", on(6, 1), "On 04/06 (Thursday) we are open from 09:00 to 14:00."),
        (SHOP, "abre em finados?", on(10, 29), "On 02/11 (Monday) we are closed. We open on Tuesday at 08:00."),
        (SHOP, "abre na consciência negra?", on(11, 1), "On 20/11 (Friday) we are open from 10:00 to 16:00."),
        (SHOP, "are you open on christmas?", on(12, 22), f"{CHRISTMAS} We open on Saturday at 09:00."),
        (SHOP, "abren en navidad?", on(12, 22), f"{CHRISTMAS} We open on Saturday at 09:00."),
        (SHOP, "abre no feriado?", on(6, 1), "On 04/06 (Thursday) we are open from 09:00 to 14:00."),
        (SHOP, "abre no feriado?", on(9, 5), "On 07/09 (Monday) we are closed. We open on Tuesday at 08:00."),
        (SHOP, "abrem aos feriados?", on(9, 5), "On holidays we are closed."),
        (SHOP, "abre domingo e feriado?", on(9, 9), f"{SUNDAY} On holidays we are closed."),
        (WEEK, "abre domingo e feriado?", on(9, 9), ""),
        (SHOP, "abrem no feriado de quinta?", on(7, 6), f"{STATE} We open on Friday at 08:00."),
        (SHOP, "amanhã é feriado, vão abrir?", on(7, 8), f"{STATE} We open on Friday at 08:00."),
        (WEEK, "amanhã é feriado, vão abrir?", on(7, 8), ""),
        (WEEK, "abrem no feriado de quinta?", on(7, 6), ""),
        (SHOP, "abre entre o natal e o ano novo?", on(12, 1), ""),
        (SHOP, "abre antes do natal?", on(12, 1), ""),
        (SHOP, "abre na véspera do feriado?", on(12, 1), ""),
        (SHOP, "fecha mais cedo na véspera?", on(12, 1), ""),
        (SHOP, "abre no fim de ano?", on(12, 1), f"{EVE} {CHRISTMAS} {NEW_YEAR}"),
        # dates
        (SHOP, "abre dia 24?", on(12, 1), EVE),
        (SHOP, "abre dia 24/12?", on(11, 1), EVE),
        (SHOP, "24 de dezembro vocês funcionam?", on(11, 1), EVE),
        (SHOP, "abre 24/12/2026?", on(11, 1), EVE),
        (SHOP, "open on december 24?", on(11, 1), EVE),
        (SHOP, "abre dias 24 e 25 de dezembro?", on(12, 1), f"{EVE} {CHRISTMAS} We open on 26/12 (Saturday) at 09:00."),
        (SHOP, "abre sexta dia 25?", on(12, 21), f"{CHRISTMAS} We open on Saturday at 09:00."),
        (SHOP, "abre 1º de maio?", on(4, 28), "On 01/05 (Friday) we are closed. We open on Saturday at 09:00."),
        (SHOP, "abre no 7 de setembro?", on(9, 5), "On 07/09 (Monday) we are closed. We open on Tuesday at 08:00."),
        (WEEK, "abre dia 28?", at(0, 9), f"On 28/05 (Thursday) we are open {DAYS}."),
        (WEEK, "abre dia 24 de junho?", at(0, 9), f"On 24/06 (Wednesday) we are open {DAYS}."),
        (WEEK, "abre dia 2?", at(0, 9), f"On 02/06 (Tuesday) we are open {DAYS}."),
        (WEEK, "abre dia 5 de janeiro?", at(0, 9), f"On 05/01 (Tuesday) we are open {DAYS}."),
        (WEEK, "abre 20/05?", at(0, 9), ""),
        (WEEK, "abre dia 31/02?", at(0, 9), ""),
        (WEEK, "abre 24/06/2020?", at(0, 9), ""),
        (WEEK, "abre dia 25/12?", at(0, 9), ""),
        (WEEK, "abre de 24/06 a 26/06?", at(0, 9), ""),
    ],
)  # fmt: skip
def test_the_hours_answer_for_the_day_that_is_asked_for(text: str, question: str, now: datetime, said: str):
    assert asks_for_hours(question)
    assert tell(read_opening([text]), question, now) == said


def test_it_is_said_in_portuguese():
    language.speak("pt_BR")

    assert tell(read_opening([WEEK]), "abre sábado?", at(1, 9)) == "No sábado abrimos das 09:00 às 12:30."
    assert (
        tell(read_opening([WEEK]), "ta aberto?", at(1, 19)) == "No momento estamos fechados. Abrimos amanhã às 08:00."
    )


def test_days_may_go_round_the_week():
    assert set(read_opening(["Domingo a quinta: 18:00 às 23:00"]).week) == {6, 0, 1, 2, 3}


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("que horas vcs fecham?", True),
        ("tá aberto agora?", True),
        ("funciona de domingo?", True),
        ("fecha pro almoço?", True),
        ("que horas abre segunda-feira?", True),
        ("abre no feriadão?", True),
        ("qual o horário especial de natal?", True),
        ("vão trabalhar no natal?", True),
        ("are you open on the holiday?", True),
        ("qual o horário da aula de yoga?", False),
        ("quanto custa abrir uma conta?", False),
        ("vocês entregam domingo?", False),
        ("vocês entregam no sábado?", False),
        ("tem promoção de natal?", False),
        ("quanto custa no feriado?", False),
        ("posso agendar para o natal?", False),
        ("tem presente pro dia das crianças?", False),
        ("a loja da 7 de setembro abre sábado?", False),
        ("a loja da rua tiradentes abre sábado?", False),
        ("abre em natal?", False),
        ("qual o telefone da loja de natal?", False),
        ("aceitam pix?", False),
    ],
)
def test_a_question_for_the_hours_is_about_nothing_else(question: str, asks: bool):
    assert asks_for_hours(question) is asks


@pytest.mark.parametrize(
    ("question", "today", "names"),
    [
        ("abre no feriado?", None, True),
        ("abre dia 24 de junho?", None, True),
        ("24/12 vcs abrem?", None, True),
        ("abre sábado?", None, False),
        ("abre sexta?", date(2026, 12, 22), True),
        ("abre sexta?", date(2026, 12, 14), False),
        ("abre semana que vem?", date(2026, 12, 16), True),
        ("abre semana que vem?", date(2026, 11, 25), False),
        ("ta aberto agora?", date(2026, 12, 25), True),
        ("ta aberto agora?", date(2026, 12, 23), False),
        ("qual o horário de funcionamento?", date(2026, 12, 25), False),
    ],
)
def test_a_holiday_is_no_usual_day(question: str, today: date | None, names: bool):
    assert names_a_holiday(question, today) is names


@pytest.mark.parametrize(
    ("texts", "now", "said"),
    [
        ([WEEK], at(1, 20), "We open tomorrow at 08:00."),
        ([WEEK], at(1, 10), ""),
        ([], at(1, 10), ""),
        ([WEEK], on(12, 23, 20), ""),
        ([BAR], on(12, 26, 1), ""),
        (["Segunda: 08:00 às 12:00"], at(1, 9), ""),
        ([WEEK], on(12, 25), ""),
        ([SHOP], on(12, 23, 20), "We open tomorrow at 08:00."),
        ([SHOP], on(12, 24, 13), "We open on Saturday at 09:00."),
        (["2026-05-27: closed", WEEK], at(1, 20), "We open on Thursday at 08:00."),
        (["2026-05-26: closed", WEEK], at(1, 10), "We open tomorrow at 08:00."),
        (["2026-05-27 to 2026-06-03: closed", WEEK], at(1, 20), ""),  # 04/06 is Corpus Christi
        (["2026-05-27 to 2026-06-04: closed", WEEK], at(1, 20), "We open on 05/06 (Friday) at 08:00."),
    ],
)
def test_when_somebody_will_be_there_is_said_only_while_nobody_is(texts: list[str], now: datetime, said: str):
    assert when_next(texts, now) == said


WORDS = (
    "segunda sexta sábado feriado feriados natal de a e dia 24 31/12 12/2026 2026-12-24 08:00 às 18h : - \n ; , (almoço"
    " ) fechado exceto dezembro véspera amanhã #"
    " 99 00/00 29/02 28/02/2027 31/12/0001 01/01/9999 ao é que vem semana ano novo próxima"
)
LIKELY = st.lists(st.sampled_from(WORDS.split(" ")), max_size=60).map(" ".join)


@given(
    text=st.one_of(st.text(max_size=300), LIKELY),
    day=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    hour=st.integers(0, 23),
)
def test_any_text_can_be_read_and_asked(text: str, day: date, hour: int):
    opening = read_opening([text, WEEK])

    assert all(day in range(7) and isinstance(spans, list) for day, spans in read_opening([text]).week.items())
    assert isinstance(tell(opening, text, on(day.month, day.day, hour, day.year)), str)
    assert asks_for_hours(text) in (True, False)
    assert names_a_holiday(text, day) in (True, False)


@settings(deadline=None, max_examples=30)  # it has its own
@given(piece=st.one_of(st.text(min_size=1, max_size=12), LIKELY.filter(bool)))
def test_ten_kilobytes_are_read_quickly(piece: str):
    text = (piece * 10_000)[:10_000]
    before = time.process_time()
    read_opening([text])

    assert time.process_time() - before < 2
