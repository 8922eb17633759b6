"""Which day is meant? Holidays by year, against what the almanac says; and the days that questions name."""

from datetime import date, timedelta

import pytest

from hubcrew.calendar import (
    HOLIDAYS,
    Asked,
    days_asked,
    days_of,
    easter,
    is_holiday,
    is_unusual,
    next_holiday,
    said_plainly,
    take_days,
)

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1961, 4, 2), (1981, 4, 19), (1999, 4, 4), (2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2016, 3, 27),
        (2019, 4, 21), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2028, 4, 16), (2029, 4, 1),
        (2030, 4, 21), (2035, 3, 25), (2038, 4, 25), (2049, 4, 18), (2076, 4, 19),
    ],
)  # fmt: skip
def test_easter_is_where_the_almanac_has_it(year: int, month: int, day: int):
    assert easter(year) == date(year, month, day)


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, "01-01 04-03 04-21 05-01 09-07 10-12 11-02 11-15 11-20 12-25"),
        (2027, "01-01 03-26 04-21 05-01 09-07 10-12 11-02 11-15 11-20 12-25"),
    ],
)
def test_the_holidays_of_the_country(year: int, days: str):
    every_day = (date(year, 1, 1) + timedelta(days=each) for each in range(365))

    assert " ".join(f"{day:%m-%d}" for day in every_day if is_holiday(day)) == days


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("carnival", ["2026-02-16", "2026-02-17"]),
        ("ash_wednesday", ["2026-02-18"]),
        ("good_friday", ["2026-04-03"]),
        ("corpus_christi", ["2026-06-04"]),
        ("year_end", ["2026-01-01", "2026-12-24", "2026-12-25", "2026-12-31"]),
    ],
)
def test_what_is_no_holiday_by_law_has_its_days(name: str, days: list[str]):
    assert [str(day) for day in days_of(name, 2026)] == days


def test_shops_keep_some_days_as_they_like():
    kept = [name for name, holiday in HOLIDAYS.items() if not holiday.legal and not holiday.usual]
    assert all(is_unusual(day) and not is_holiday(day) for name in kept for day in days_of(name, 2026))
    assert not is_unusual(date(2026, 4, 4))
    assert not is_unusual(date(2026, 11, 25))


@pytest.mark.parametrize(
    ("today", "days"),
    [
        ("2026-11-25", ["2026-12-25"]),
        ("2026-12-25", ["2026-12-25"]),
        ("2026-12-26", ["2027-01-01"]),
        ("2027-01-02", ["2027-02-08", "2027-02-09"]),
        ("2027-02-09", ["2027-02-09"]),
        ("2027-05-20", ["2027-05-27"]),
    ],
)
def test_the_holiday_is_the_next_one(today: str, days: list[str]):
    assert [str(day) for day in next_holiday(date.fromisoformat(today))] == days


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Natal", "christmas"),
        ("no dia de natal", "christmas"),
        ("véspera de Natal", "christmas_eve"),
        ("vespera do natal", "christmas_eve"),
        ("Ano Novo", "new_year"),
        ("ano-novo", "new_year"),
        ("réveillon", "new_year_eve"),
        ("véspera de ano novo", "new_year_eve"),
        ("na virada do ano", "new_year_eve"),
        ("New Year's Eve", "new_year_eve"),
        ("carnaval", "carnival"),
        ("terça de carnaval", "carnival_tuesday"),
        ("quarta-feira de cinzas", "ash_wednesday"),
        ("quarta de cinzas", "ash_wednesday"),
        ("sexta-feira santa", "good_friday"),
        ("sexta da paixão", "good_friday"),
        ("Páscoa", "easter"),
        ("domingo de páscoa", "easter"),
        ("feriado de páscoa", "holy_week"),
        ("tiradentes", "tiradentes"),
        ("dia do trabalho", "labour"),
        ("dia do trabalhador", "labour"),
        ("Corpus Christi", "corpus_christi"),
        ("independência", "independence"),
        ("dia da independência", "independence"),
        ("Nossa Senhora Aparecida", "aparecida"),
        ("dia das crianças", "aparecida"),
        ("finados", "souls"),
        ("proclamação da república", "republic"),
        ("consciência negra", "awareness"),
        ("fim de ano", "year_end"),
        ("em Natal", None),
        ("avenida Tiradentes", None),
        ("rua Independência", None),
        ("rua 7 de setembro", None),
        ("24/7", None),
    ],
)
def test_a_holiday_is_known_by_the_names_people_use(said: str, name: str | None):
    assert take_days(said_plainly(said))[0] == ([name] if name else [])


@pytest.mark.parametrize(
    ("question", "today", "days"),
    [
        ("agora", TODAY, []),
        ("hoje", TODAY, ["2026-11-25"]),
        ("hj à noite", TODAY, ["2026-11-25"]),
        ("amanhã de manhã", TODAY, ["2026-11-26"]),
        ("depois de amanhã", TODAY, ["2026-11-27"]),
        ("hoje e amanhã", TODAY, ["2026-11-25", "2026-11-26"]),
        ("quarta", TODAY, ["2026-11-25"]),
        ("próxima quarta", TODAY, ["2026-12-02"]),
        ("quarta que vem", TODAY, ["2026-12-02"]),
        ("sexta que vem", TODAY, ["2026-11-27"]),
        ("sexta da semana que vem", TODAY, ["2026-12-04"]),
        ("semana que vem", TODAY, None),
        ("sáb e dom", TODAY, ["2026-11-28", "2026-11-29"]),
        ("fds", TODAY, ["2026-11-28", "2026-11-29"]),
        ("fim de semana", date(2026, 11, 29), ["2026-11-29"]),
        ("segunda a sexta", TODAY, []),
        ("vai ter expediente", TODAY, []),
        ("dia 24", TODAY, ["2026-12-24"]),
        ("dia 25", TODAY, ["2026-11-25"]),
        ("dia 31", TODAY, ["2026-12-31"]),
        ("dia primeiro", TODAY, ["2026-12-01"]),
        ("dia 32", TODAY, None),
        ("dia 24/12", TODAY, ["2026-12-24"]),
        ("dia 24 de dezembro", TODAY, ["2026-12-24"]),
        ("24 dez", TODAY, ["2026-12-24"]),
        ("24 de diciembre", TODAY, ["2026-12-24"]),
        ("December 24th", TODAY, ["2026-12-24"]),
        ("24/12/2027", TODAY, ["2027-12-24"]),
        ("24.12.2026", TODAY, ["2026-12-24"]),
        ("24/12/26", TODAY, ["2026-12-24"]),
        ("dias 24, 25 e 31 de dezembro", TODAY, ["2026-12-24", "2026-12-25", "2026-12-31"]),
        ("24 e 31/12", TODAY, ["2026-12-24", "2026-12-31"]),
        ("dias 24 e 25", TODAY, ["2026-12-24", "2026-12-25"]),
        ("dia 31 e dia 2", TODAY, ["2026-12-31", "2027-01-02"]),
        ("24/12 e dia 31", TODAY, ["2026-12-24", "2026-12-31"]),
        ("sábado dia 28", TODAY, ["2026-11-28"]),
        ("1º de maio", TODAY, ["2027-05-01"]),
        ("dia 7 de setembro", TODAY, ["2027-09-07"]),
        ("25/10", TODAY, ["2027-10-25"]),
        ("26/10", TODAY, None),
        ("24/11", TODAY, None),
        ("24/12/2025", TODAY, None),
        ("24/12/2050", TODAY, None),
        ("29/02", TODAY, None),
        ("31/04", TODAY, None),
        ("de 24/12 a 31/12", TODAY, None),
        ("ontem", TODAY, None),
        ("sábado passado", TODAY, None),
        ("depois do natal", TODAY, None),
        ("na véspera", TODAY, None),
        ("natal", TODAY, ["2026-12-25"]),
        ("natal de 2027", TODAY, ["2027-12-25"]),
        ("natal", date(2026, 12, 26), ["2027-12-25"]),
        ("natal e ano novo", TODAY, ["2026-12-25", "2027-01-01"]),
        ("carnaval", TODAY, ["2027-02-08", "2027-02-09"]),
        ("carnaval", date(2027, 2, 9), ["2027-02-09"]),
        ("semana santa", TODAY, ["2027-03-26", "2027-03-27", "2027-03-28"]),
        ("fim de ano", TODAY, ["2026-12-24", "2026-12-25", "2026-12-31", "2027-01-01"]),
    ],
)
def test_a_question_names_its_days(question: str, today: date, days: list[str] | None):
    asked = days_asked(question, today)

    assert (asked and [str(day) for day in asked.days]) == days


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("no feriado", Asked((date(2026, 12, 25),), by_date=True, as_holiday=True)),
        ("no feriado de quinta", Asked((date(2026, 11, 26),), by_date=True, as_holiday=True)),
        ("amanhã é feriado", Asked((date(2026, 11, 26),), by_date=True, as_holiday=True)),
        ("amanha e feriado", Asked((date(2026, 11, 26),), by_date=True, as_holiday=True)),
        ("domingo é feriado", Asked((date(2026, 11, 29),), by_date=True, as_holiday=True)),
        ("feriado de natal", Asked((date(2026, 12, 25),), by_date=True, as_holiday=True)),
        ("aos feriados", Asked(every_holiday=True)),
        ("domingo e feriado", Asked((date(2026, 11, 29),), every_holiday=True)),
        ("domingos e feriados", Asked((date(2026, 11, 29),), every_holiday=True)),
        ("domingo ou feriado", Asked((date(2026, 11, 29),), every_holiday=True)),
        ("fim de semana e feriado", Asked((date(2026, 11, 28), date(2026, 11, 29)), every_holiday=True)),
        ("domingo", Asked((date(2026, 11, 29),))),
    ],
)
def test_a_day_may_be_called_a_holiday(question: str, asked: Asked):
    assert days_asked(question, TODAY) == asked
