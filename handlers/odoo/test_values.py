"""What Odoo's values mean: texts, yes and no, hours, days and moments."""

import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.odoo.values import hour_of, line_of, lines_of, moment_of, said, shop_day, span_of, text_of, yes

SHOP = ZoneInfo("America/Sao_Paulo")


# Texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(False, "", id="false stands for empty"),
        pytest.param(None, "", id="null"),
        pytest.param("", "", id="empty"),
        pytest.param("  Pix  ", "Pix", id="blanks around it"),
        pytest.param("R$\u00a0150", "R$ 150", id="a no-break space"),
        pytest.param("entre\u00adga", "entrega", id="a soft hyphen"),
        pytest.param("linha 1\nlinha 2", "linha 1\nlinha 2", id="several lines"),
        pytest.param("linha 1\r\nlinha 2\rlinha 3\u2028linha 4", "linha 1\nlinha 2\nlinha 3\nlinha 4", id="line ends"),
        pytest.param("um\n\n \n\ndois", "um\n\ndois", id="many blank lines are one"),
        pytest.param("Olá 🌻", "Olá 🌻", id="an emoji"),
        pytest.param("👩\u200d💻 ❤️ 1️⃣", "👩\u200d💻 ❤️ 1️⃣", id="emoji that are joined of several"),
        pytest.param("a\u200db\u200b\u200ec\ufeff", "abc", id="zero-width characters and direction marks"),
        pytest.param("a\x00b\x07c\x1bd\ud800e", "abcde", id="control characters and half a character"),
        pytest.param("\uf0b7 Pix", "Pix", id="a bullet of Word's own font"),
        pytest.param("Sa\u0303o", "São", id="an accent that stands apart"),
        pytest.param("Sim &amp; n&atilde;o &#128522;", "Sim & não 😊", id="entities without any tag"),
        pytest.param("P&D; x?a=1&copy=2", "P&D; x?a=1&copy=2", id="what only looks like an entity"),
        pytest.param(3, "3", id="a number"),
        pytest.param(0, "0", id="zero is not false"),
    ],
)
def test_a_text_field(value: Any, text: str):
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("pala-\nvra", "palavra", id="a word that is broken at the line's end"),
        pytest.param("can- \n ce-\nla\u00ad\nmento", "cancelamento", id="more than once, and by soft hyphens"),
        pytest.param("segunda-\nfeira", "segunda-feira", id="a hyphen that is the word's own"),
        pytest.param("pós-\nvenda por e-\nmail", "pós-venda por e-mail", id="its own, after what stands before"),
        pytest.param("entregá-\nlo", "entregá-lo", id="its own, before a pronoun"),
        pytest.param("das 8 -\nàs 18", "das 8 -\nàs 18", id="a dash"),
        pytest.param("2020-\nem dia", "2020-\nem dia", id="after a number"),
        pytest.param("Flor-\nIpê", "Flor-\nIpê", id="before a capital"),
        pytest.param("Página 1\fPágina 2", "Página 1\nPágina 2", id="a form feed"),
        pytest.param("Centro      R$\t8,00", "Centro R$ 8,00", id="runs of blanks"),
        pytest.param("o\ufb01cina", "oficina", id="two letters in one"),
    ],
)
def test_text_that_was_taken_from_a_pdf(value: str, text: str):
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param(
            "<p>Garantia de <b>90</b> dias&nbsp;úteis</p><p>Guarde a nota.</p>",
            "Garantia de 90 dias úteis\nGuarde a nota.",
            id="paragraphs",
        ),
        pytest.param("<p>Um\ne dois</p>\n\n<p>Três</p>", "Um e dois\nTrês", id="line ends of the source"),
        pytest.param("<p>Um</p><p><br></p><p>Dois</p>", "Um\n\nDois", id="an empty paragraph is a blank line"),
        pytest.param("Sim<br/>Não &amp; talvez", "Sim\nNão & talvez", id="a line end"),
        pytest.param("Um\nDois <b>três</b>", "Um\nDois três", id="plain lines with a tag in them stay lines"),
        pytest.param("<ul><li>Pix</li><li>Cartão</li></ul>", "Pix\nCartão", id="a list"),
        pytest.param("texto<div>bloco</div>fim", "texto\nbloco\nfim", id="a block between texts"),
        pytest.param(
            "<table><tr><th>Bairro</th><th>Frete</th></tr><tr><td><p>Centro</p></td><td>R$ 8<br></td></tr></table>Fim",
            "Bairro | Frete\nCentro | R$ 8\nFim",
            id="a table's rows are lines",
        ),
        pytest.param(
            "<style>p {}</style><script>var a = '<p>';</script><!-- nota --><p>Oi</p>", "Oi", id="what is not shown"
        ),
        pytest.param('<p class="a" title="1 > 0">Oi</p>', "Oi", id="attributes"),
        pytest.param("<p>Oi<o:p></o:p></p>", "Oi", id="Office's own tags"),
        pytest.param(
            'Veja <a href="https://loja.example.com/trocas">aqui</a>.',
            "Veja aqui (https://loja.example.com/trocas).",
            id="where a link leads",
        ),
        pytest.param(
            '<a href="https://loja.example.com/">loja.example.com</a>', "loja.example.com", id="a link that says it"
        ),
        pytest.param("Se x < 3 e y > 2, 10% off 😊", "Se x < 3 e y > 2, 10% off 😊", id="less and greater"),
        pytest.param("<b>Oi</b>, <3 de <Nome>", "Oi, <3 de <Nome>", id="what is no tag, beside one"),
        pytest.param("Ana <ana@example.com>", "Ana <ana@example.com>", id="an address in angle brackets"),
        pytest.param("Use &lt;b&gt;", "Use <b>", id="a tag that is written about"),
        pytest.param("so\u00adft\u00a0hy", "soft hy", id="no tag at all"),
    ],
)
def test_html_that_was_pasted_in_becomes_plain_lines(written: str, read: str):
    assert text_of(written) == read


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<", "<a ", '<p title="', "<!--", "<script", "</td>", "<tr><td>", "a-\n", "| ", "&", "\u200d", " \n"],
)
@pytest.mark.parametrize("beginning", ["", "<p>"])
def test_no_text_takes_more_time_than_its_length(beginning: str, piece: str):
    text = beginning + piece * (300_000 // len(piece))
    started = time.thread_time()  # of the processor: whatever else the machine does
    text_of(text)

    assert time.thread_time() - started < 3


@settings(max_examples=60, deadline=None)
@given(st.text() | st.text(alphabet="<>/pbrtd -\n\u00ad&;|\x1e\x1f\u200d'\""))
def test_whatever_the_text_lines_are_clean(text: str):
    read = text_of(text)

    assert read.encode().decode() == read
    assert [line for line in read.split("\n") if line != " ".join(line.split())] == []
    assert "\n\n\n" not in read
    assert not set(read) & set("\x00\x1d\x1e\x1f\u00ad\u200b")


def test_a_field_of_one_line():
    assert line_of("Flor\n de\u00a0Ipê ") == "Flor de Ipê"


@pytest.mark.parametrize(("value", "text"), [("<p>{Olá}</p>", "Saudação: {Olá}"), (False, ""), (" ", "")])
def test_a_field_is_said_with_its_label_or_not_at_all(value: Any, text: str):
    assert said("Saudação: {text}", value) == text


def test_empty_parts_leave_no_line():
    assert lines_of("um", "", "dois") == "um\ndois"


# Yes and no


@pytest.mark.parametrize("value", [True, 1, 1.0, "true", "True", " sim ", "1", "yes"])
def test_yes(value: Any):
    assert yes(value) is True


@pytest.mark.parametrize("value", [False, None, 0, "", "false", "False", "0", "não", "no", [], {}, [True], 2])
def test_no(value: Any):
    assert yes(value) is False


# Hours


@pytest.mark.parametrize(
    ("value", "hour"),
    [
        pytest.param(8.333333333333334, "08:20", id="a third of an hour"),
        pytest.param(17.7, "17:42", id="rounded, not cut"),
        pytest.param(8.5, "08:30", id="half past"),
        pytest.param(9, "09:00", id="an integer"),
        pytest.param(0.0, "00:00", id="midnight, as the day begins"),
        pytest.param(24.0, "24:00", id="midnight, as the day ends"),
        pytest.param(23.9999, "24:00", id="nearly midnight"),
        pytest.param("08:30", "08:30", id="a text"),
        pytest.param("8h30", "08:30", id="as people write it"),
        pytest.param("08:30:00", "08:30", id="with seconds"),
        pytest.param("24:00", "24:00", id="midnight as a text"),
        pytest.param(24.5, None, id="after midnight"),
        pytest.param(-1.0, None, id="before midnight"),
        pytest.param("24:01", None, id="a text after midnight"),
        pytest.param("08:60", None, id="sixty minutes"),
        pytest.param("cedo", None, id="a word"),
        pytest.param("", None, id="empty"),
        pytest.param(False, None, id="false"),
        pytest.param(True, None, id="true"),
        pytest.param(None, None, id="null"),
        pytest.param([8], None, id="a list"),
        pytest.param(10**400, None, id="a number that no float can hold"),
        pytest.param(float("nan"), None, id="not a number"),
        pytest.param(float("inf"), None, id="infinity"),
    ],
)
def test_an_hour(value: Any, hour: str | None):
    assert hour_of(value) == hour


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        pytest.param(8.5, 17.7, ("08:30", "17:42"), id="a day"),
        pytest.param(0.0, 0.0, None, id="closed"),
        pytest.param(0, 24, ("00:00", "24:00"), id="all day and night"),
        pytest.param(18.0, 0.0, ("18:00", "24:00"), id="until midnight"),
        pytest.param(18.0, 2.0, ("18:00", "02:00"), id="past midnight"),
        pytest.param(24.0, 2.0, ("00:00", "02:00"), id="from midnight"),
        pytest.param(8.0, 8.0, None, id="no time at all"),
        pytest.param(False, False, None, id="not set"),
        pytest.param(8.0, False, None, id="no end"),
        pytest.param(None, 18.0, None, id="no beginning"),
        pytest.param(8.0, 99.0, None, id="an end that no day has"),
    ],
)
def test_from_when_until_when(start: Any, end: Any, span: tuple[str, str] | None):
    assert span_of(start, end) == span


# Days and moments


@pytest.mark.parametrize(
    ("value", "day"),
    [
        pytest.param("2026-06-10", "2026-06-10", id="a day is the shop's day (business_rules2)"),
        pytest.param("2026-06-10 12:00:00", "2026-06-10", id="a moment is UTC (v1)"),
        pytest.param("2026-06-01 02:59:59", "2026-05-31", id="early in UTC: the shop's day before"),
        pytest.param("2026-06-01 03:00:00", "2026-06-01", id="the shop's midnight"),
        pytest.param("2026-06-01 02:59:59.123456", "2026-05-31", id="with microseconds"),
        pytest.param("2026-06-01T02:59:59Z", "2026-05-31", id="ISO, UTC"),
        pytest.param("2026-06-01T02:59:59-03:00", "2026-06-01", id="ISO, with the shop's offset"),
        pytest.param("2026-06-01T02:59:59-0300", "2026-06-01", id="an offset without a colon"),
        pytest.param("2026-06-01 00:30", "2026-05-31", id="without seconds"),
        pytest.param(" 2026-06-10 ", "2026-06-10", id="blanks around it"),
        pytest.param("2018-11-04 02:30:00", "2018-11-03", id="the night when summer time began"),
        pytest.param("2026-02-30", None, id="no such day"),
        pytest.param("2026-06-10 25:00:00", None, id="no such hour"),
        pytest.param("0001-01-01 00:00:00", None, id="a moment that the shop's clock cannot show"),
        pytest.param("10/06/2026", None, id="written as people write it"),
        pytest.param("amanhã", None, id="a word"),
        pytest.param("", None, id="empty"),
    ],
)
def test_the_shops_day(value: str, day: str | None):
    assert shop_day(value, SHOP) == day


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        pytest.param("2026-11-22 12:41:49", datetime(2026, 11, 22, 9, 41, 49, tzinfo=SHOP), id="naive is UTC"),
        pytest.param(
            "2026-11-22 12:41:49.123456", datetime(2026, 11, 22, 9, 41, 49, 123456, tzinfo=SHOP), id="microseconds"
        ),
        pytest.param("2026-11-22 12:41:49.5", datetime(2026, 11, 22, 9, 41, 49, 500000, tzinfo=SHOP), id="tenths"),
        pytest.param("2026-11-22T12:41:49-03:00", datetime(2026, 11, 22, 12, 41, 49, tzinfo=SHOP), id="an offset"),
        pytest.param("2026-11-22", None, id="a day is no moment"),
        pytest.param("2026-11-22 12:61:00", None, id="no such minute"),
        pytest.param(False, None, id="false"),
        pytest.param(None, None, id="null"),
        pytest.param(20261122, None, id="a number"),
    ],
)
def test_a_moment_on_the_shops_clock(value: Any, moment: datetime | None):
    read = moment_of(value, SHOP)

    assert read == moment
    assert read is None or read.tzinfo is SHOP
