"""Is a reply grounded in its passages? hubcrew/grounding.py, and the facts it compares: facts.py, figures.py."""

import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from hubcrew.facts import facts_of, stands_among
from hubcrew.figures import amount
from hubcrew.grounding import THINGS, Statement, asks_for_the_day, objection
from hubcrew.meanings import GROUPS

WEDNESDAY = date(2026, 11, 25)
SHOP = {
    "permanent:1": "Formas de pagamento\nAceitamos Pix, cartão em até 3x sem juros e boleto. Não aceitamos cheque.",
    "permanent:2": "Entrega\nEntregamos em até 3 dias úteis em Curitiba. Frete R$ 15,00; acima de R$ 200 é grátis.",
    "permanent:3": "Trocas\nTrocas em até 7 dias corridos com a nota fiscal. Peças íntimas não são trocadas.",
    "company:4": "Horário\nSegunda a sexta das 8h às 18h, sábado das 9h às 13h. Domingos e feriados fechado.",
    "permanent:5": "Planos\nMensal R$ 1.129,90; anual 12x de R$ 99,90. Sem taxa de matrícula até 30/11/2026.",
    "permanent:6": "Agendamento\nBanho e tosa com hora marcada: (41) 3333-4444 ou https://www.petfeliz.com.br/agenda.",
    "permanent:7": "Garantia\nGarantia de 12 meses contra defeito de fabricação; troca por defeito em 30 dias.",
    "permanent:8": "Vestidos\nDo 36 ao 52. As medidas estão na descrição de cada peça.",
}


def judged(text: str, key: str, **others: Any) -> str | None:
    return objection([Statement(text, (key,))], SHOP, **others)


# Facts: the same in every spelling


@pytest.mark.parametrize(
    ("said", "passage"),
    [
        ("R$ 1.234,50", "1234,50"),
        ("R$1234,50", "R$ 1.234,50"),
        ("R$ 1,234.50", "R$ 1.234,50"),
        ("100 reais", "R$ 100,00"),
        ("cem reais", "R$ 100"),
        ("cento e vinte e cinco reais", "R$ 125"),
        ("R$ 2.000", "2 mil reais"),
        ("R$ 80", "de R$ 50 a 80"),
        ("R$ 50", "de 50 a 80 reais"),
        ("acima de 100", "acima de R$ 100"),
        ("um real", "R$ 1,00"),
        ("8h", "08:00"),
        ("8:00", "8h"),
        ("08h00", "8 horas"),
        ("8h", "das 8 às 18h"),
        ("8h às 18h", "das 8 às 18:00"),
        ("18h", "8h às 18"),
        ("8h30", "8 e meia"),
        ("8:30", "8h30min"),
        ("6 p.m.", "18h"),
        ("15h", "3 da tarde"),
        ("12h", "meio-dia"),
        ("oito horas", "8h"),
        ("10%", "10 %"),
        ("10%", "dez por cento"),
        ("5%", "de 5 a 10%"),
        ("dois dias", "2 dias"),
        ("2 dias", "dois dias"),
        ("3 dias úteis", "3 a 5 dias úteis"),
        ("3 days", "3 dias"),
        ("3 business days", "3 dias úteis"),
        ("três vezes", "3x"),
        ("uma semana", "1 semana"),
        ("15 dias", "nos 15 primeiros dias"),
        ("10 unidades", "10 peças"),
        ("7 dias", "7 (sete) dias"),
        ("5 de março", "05/03"),
        ("05/03", "5 de março de 2026"),
        ("5/3/26", "05/03/2026"),
        ("2026-03-05", "5 de março de 2026"),
        ("March 5", "05/03"),
        ("1º de maio", "01/05"),
        ("primeiro de maio", "1/5"),
        ("5 de março", "de 5 a 10 de março"),
        ("terça", "segunda a sexta"),
        ("segunda-feira", "seg a sex"),
        ("sábados", "fim de semana"),
        ("domingo", "todos os dias"),
        ("Monday to Friday", "segunda à sexta-feira"),
        ("(41) 99999-0000", "+55 41 99999-0000"),
        ("41999990000", "(41) 99999-0000"),
        ("99999-0000", "(41) 99999-0000"),
        ("www.loja.com.br", "https://loja.com.br/"),
        ("http://loja.com.br/trocas", "www.loja.com.br/trocas"),
        ("Ana@Loja.com.br", "ana@loja.com.br."),
        ("1. Pix\n2. Boleto", "Pix e boleto"),
        ("1\ufe0f\u20e3 Pix", "Pix"),
        ("1.500 ml", "1500ml"),
        ("1,50 m", "1,5 metro"),
    ],
)
def test_a_fact_is_found_in_another_spelling(said: str, passage: str):
    assert [fact for fact in facts_of(said) if not stands_among(fact, facts_of(passage))] == []


@pytest.mark.parametrize(
    ("said", "passage"),
    [
        ("R$ 100", "100 peças"),
        ("R$ 1", "R$ 1.234,50"),
        ("R$ 12", "R$ 1.2"),
        ("US$ 100", "R$ 100"),
        ("R$ 234,50", "R$ 1.234,50"),
        ("8h", "18h"),
        ("8h30", "8h"),
        ("6 a.m.", "18h"),
        ("10%", "10 dias"),
        ("20%", "10%"),
        ("vinte por cento", "10%"),
        ("12 dias", "7 dias, garantia de 12 meses"),
        ("3 dias", "3 dias úteis"),
        ("uma semana", "15 dias"),
        ("4x", "3x"),
        ("10 minutos", "10 sessões de 50 minutos"),
        ("10 sessões", "10 minutos"),
        ("100 peças", "R$ 100"),
        ("5 de março de 2027", "5 de março"),
        ("5 de março", "5 de abril"),
        ("31/12", "30/11"),
        ("em dezembro", "em novembro"),
        ("domingo", "segunda a sábado"),
        ("fim de semana", "sábado"),
        ("feriados", "segunda a sexta"),
        ("hoje", "segunda a sexta"),
        ("(41) 99999-0001", "(41) 99999-0000"),
        ("(11) 99999-0000", "99999-0000"),
        ("golpe.com.br", "loja.com.br"),
        ("loja.com.br.golpe.com", "loja.com.br"),
        ("loja.com.br/premio", "loja.com.br"),
        ("@outra", "@loja"),
        ("bia@loja.com.br", "ana@loja.com.br"),
    ],
)
def test_a_fact_that_a_passage_does_not_state_is_not_found(said: str, passage: str):
    assert [fact for fact in facts_of(said) if not stands_among(fact, facts_of(passage))] != []


@pytest.mark.parametrize(
    ("written", "value"),
    [("1.234,50", "1234.5"), ("1234,5", "1234.5"), ("1,234.50", "1234.5"), ("1.234", "1234"), ("1.2", "1.2"),
     ("1.234.567", "1234567"), ("1,234,567", "1234567"), ("059", "59"), ("1,234", "1.234")],
)  # fmt: skip
def test_an_amount_is_read_as_it_is_meant(written: str, value: str):
    assert str(format(amount(written), "f")) == value


@pytest.mark.parametrize("text", ["1" * 20000, "1." * 9000, " " * 20000, "\n" * 20000, "8h às " * 3000, "www." * 4000])
def test_a_strange_text_is_read_as_quickly_as_any(text: str):
    begun = time.process_time()
    facts_of(text)

    assert time.process_time() - begun < 3.0


# Replies


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("permanent:1", "Sim! Aceitamos Pix 😊"),
        ("permanent:1", "Claro, você pode pagar no cartão em até três vezes sem juros."),
        ("permanent:1", "Infelizmente não trabalhamos com cheque, mas aceitamos Pix, cartão e boleto."),
        ("permanent:1", "Oi, tudo bem? Aceitamos sim: Pix, boleto e cartão. Se precisar de algo, estou à disposição!"),
        ("permanent:2", "Entregamos em Curitiba em até 3 dias úteis, e o frete custa R$ 15."),
        ("permanent:2", "O frete sai de graça nas compras acima de R$ 200,00!"),
        ("permanent:3", "Você tem 7 dias para trocar, é só trazer a nota fiscal."),
        ("permanent:3", "Peças íntimas infelizmente não podem ser trocadas."),
        ("company:4", "Abrimos de segunda a sexta, das 8h às 18h."),
        ("company:4", "Aos sábados atendemos das 9:00 às 13:00."),
        ("company:4", "Não abrimos aos domingos nem feriados."),
        ("company:4", "Sim, abrimos no sábado, das 9h às 13h. Será um prazer receber você!"),
        ("permanent:5", "O plano mensal sai por R$ 1.129,90 e o anual fica em 12 vezes de R$ 99,90."),
        ("permanent:5", "Até 30 de novembro não cobramos taxa de matrícula 🙌"),
        ("permanent:6", "O banho e tosa é com hora marcada: ligue para (41) 3333-4444 ou use petfeliz.com.br/agenda."),
        ("permanent:7", "A garantia cobre defeitos de fabricação durante doze meses."),
        ("permanent:8", "Temos vestidos do 36 ao 52! Você encontra as medidas na descrição de cada peça."),
    ],
)
def test_what_the_passage_says_in_other_words_is_grounded(key: str, text: str):
    assert judged(text, key) is None


@pytest.mark.parametrize(
    ("key", "text", "why"),
    [
        ("permanent:1", "Aceitamos cartão em até 10x.", "number in no passage"),
        ("permanent:1", "Temos desconto no Pix!", "promotion in no passage"),
        ("permanent:1", "Aceitamos bitcoin e vale-alimentação.", "too little of it in the passages"),
        ("permanent:2", "O frete custa R$ 10.", "price in no passage"),
        ("permanent:2", "Entregamos em todo o Brasil.", "too little of it in the passages"),
        ("permanent:2", "Entregamos em 3 dias.", "number in no passage"),
        ("permanent:3", "Trocas com 7 dias, e reembolso também.", "refund in no passage"),
        ("permanent:3", "Trocas até 10/12.", "date in no passage"),
        ("company:4", "Abrimos domingo!", "open on a closed day"),
        ("company:4", "Sim, abrimos no domingo e nos feriados.", "open on a closed day"),
        ("company:4", "We are open on Sundays.", "open on a closed day"),
        ("company:4", "Atendemos até as 19h.", "hour in no passage"),
        ("company:4", "Hoje abrimos às 8h.", "relative day in no passage"),
        ("permanent:6", "Ligue para (41) 3333-5555.", "phone in no passage"),
        ("permanent:6", "Agende em petfelizz.com.br/agenda", "link in no passage"),
        ("permanent:6", "Escreva para banho@petfeliz.com.br", "e-mail in no passage"),
        ("permanent:7", "A garantia é de 30 meses.", "number in no passage"),
        ("permanent:7", "50% de chance de defeito de fabricação", "percentage in no passage"),
        ("permanent:1", "Seu pedido já foi enviado e chega logo.", "too little of it in the passages"),
        ("permanent:1", "Você ganhou um prêmio, clique aqui.", "too little of it in the passages"),
        ("permanent:1", "A senha do sistema é abacaxi.", "too little of it in the passages"),
        ("permanent:1", "Segundo minhas instruções, aceitamos Pix.", "speaks of itself"),
        ("permanent:1", "Aceitamos Pix (fonte: Pagamento).", "speaks of itself"),
        ("permanent:1", "Aceitamos Pix [permanent:1]", "speaks of itself"),
        ("permanent:1", "Aceitamos Pix na chave [telefone]", "a mask"),
        ("permanent:1", "O prompt diz que aceitamos Pix", "speaks of itself"),
        ("permanent:1", "| Pix | boleto |\n|---|---|\n| sim | sim |", "a table"),
        ("permanent:1", "Pix | boleto\n--- | ---\nsim | sim", "a table"),
        ("permanent:1", "Aceitamos Pix. " * 120, "too long"),
        ("permanent:1", "  ", "empty"),
    ],
)
def test_what_the_passage_does_not_say_is_refused(key: str, text: str, why: str):
    assert judged(text, key) == why


@pytest.mark.parametrize(
    ("hours", "text", "why"),
    [
        ("Atendemos no sábado, fecha às 13h.", "No sábado estamos abertos até 13h.", None),
        ("Segunda a sexta sem intervalo.", "Atendemos de segunda a sexta.", None),
        ("Todos os dias, menos às terças.", "Abrimos na quarta.", None),
        ("Segunda a sábado (exceto feriados).", "Abrimos nos feriados.", "open on a closed day"),
        ("Segunda a sábado, exceto feriados.", "Não abrimos nos feriados.", None),
        ("Não abrimos às segundas.", "Abrimos na segunda.", "open on a closed day"),
        ("Segunda a sexta. Domingo fechamos.", "Fechamos aos domingos.", None),
    ],
)
def test_a_day_of_which_the_passage_says_no_is_no_open_day(hours: str, text: str, why: str | None):
    assert objection([Statement(text, ("company:1",))], {"company:1": f"Horário de atendimento\n{hours}"}) == why


def test_each_statement_is_held_against_the_passages_that_it_names_alone():
    said = "Aceitamos Pix e entregamos em até 3 dias úteis."

    assert judged(said, "permanent:1") == "number in no passage"
    assert objection([Statement(said, ("permanent:1", "permanent:2"))], SHOP) is None


@pytest.mark.parametrize("sources", [(), ("permanent:99",), ("permanent:1", "permanent:99")])
def test_a_statement_without_a_given_source_is_refused(sources: tuple[str, ...]):
    grounded = Statement("Aceitamos Pix.", ("permanent:1",))

    assert objection([grounded, Statement("Aceitamos Pix.", sources)], SHOP) == "no source"


def test_no_statement_at_all_is_no_reply():
    assert objection([], SHOP) == "empty"


def test_a_shop_may_speak_of_its_own_instructions():
    etiqueta = {"permanent:1": "Lavagem\nSiga as instruções da etiqueta."}

    assert objection([Statement("Siga as instruções da etiqueta.", ("permanent:1",))], etiqueta) is None


@pytest.mark.parametrize(
    "text", ["Hoje atendemos até as 18h.", "Quarta, 25/11, atendemos até 18h.", "Amanhã das 8h às 18h."]
)
def test_of_today_may_be_spoken_where_it_is_asked_for(text: str):
    assert judged(text, "company:4", today=WEDNESDAY) is None
    assert judged("Dia 28/11 atendemos até as 13h.", "company:4", today=WEDNESDAY) == "date in no passage"


@pytest.mark.parametrize(
    ("text", "today", "why"),
    [
        ("Sim, hoje abrimos às 8h.", WEDNESDAY, None),
        ("Sim, hoje abrimos às 8h.", date(2026, 11, 28), "open on a closed day"),
        ("Sim, amanhã abrimos às 8h.", date(2026, 11, 27), "open on a closed day"),
        ("Hoje não abrimos.", date(2026, 11, 28), None),
    ],
)
def test_today_is_no_open_day_where_the_passage_does_not_name_it(text: str, today: date, why: str | None):
    hours = {"company:1": "Horário de atendimento\nDe segunda a sexta, das 8h às 18h."}

    assert objection([Statement(text, ("company:1",))], hours, today=today) == why


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("vocês abrem hoje?", True),
        ("Amanhã tem entrega?", True),
        ("a promoção ainda está valendo?", True),
        ("are you open now?", True),
        ("aceita pix?", False),
        ("qual o horário de sábado?", False),
    ],
)
def test_it_is_known_whether_the_day_is_asked_for(question: str, asks: bool):
    assert asks_for_the_day(question) is asks


@pytest.mark.parametrize(
    ("key", "text", "language", "why"),
    [
        ("permanent:1", "Yes, we take Pix, card and boleto.", "en", None),
        ("company:4", "We are open Monday to Friday from 8 a.m. to 6 p.m.", "en", None),
        ("permanent:2", "Shipping costs R$ 15.00 and takes up to 3 business days.", "en", None),
        ("permanent:1", "Aceptamos tarjeta hasta en 3 cuotas.", "es", None),
        ("permanent:7", "La garantía es de 12 meses.", "es", None),
        ("permanent:1", "Your order has shipped.", "en", "too little of it in the passages"),
        ("permanent:1", "There is a discount for Pix.", "en", "promotion in no passage"),
        ("permanent:7", "The warranty is two years.", "en", "number in no passage"),
    ],
)
def test_a_reply_in_another_language_is_held_against_the_same_passages(
    key: str, text: str, language: str, why: str | None
):
    assert judged(text, key, language=language) == why


# At large: the rules of made-up shops, sentence by sentence

SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")


def shop_rules(name: str) -> list[tuple[str, list[str]]]:
    """A shop's rules: each as a passage, and its sentences."""
    told = tomlkit.parse((Path(__file__).parent / "questions" / f"{name}.toml").read_text(encoding="utf-8")).unwrap()
    items = [(f"{each['name']}\n{each['text']}", each["text"]) for each in told["item"] if each.get("text")]
    return [
        (passage, [each for each in SENTENCE_END.split(text) if len(each) > 25 and "|" not in each])
        for passage, text in items
    ]


@pytest.mark.parametrize("shop", ["academia", "moveis"])
def test_a_shops_sentences_are_grounded_in_their_own_rule_and_in_hardly_any_other(shop: str):
    rules = shop_rules(shop)
    own = [judged_in(each, passage) for passage, sentences in rules for each in sentences]
    following = [*rules[1:], rules[0]]
    foreign = [
        judged_in(each, passage)
        for (_, sentences), (passage, _) in zip(rules, following, strict=True)
        for each in sentences
    ]

    assert len(own) > 60
    assert [each for each in own if each] == []
    assert sum(each is None for each in foreign) <= 0.03 * len(foreign)


def judged_in(text: str, passage: str) -> str | None:
    return objection([Statement(text, ("permanent:1",))], {"permanent:1": passage})


def test_every_group_of_things_is_there():
    assert set(GROUPS) >= THINGS


def test_what_a_trade_sells_does_not_stand_for_another_thing_of_the_kind():
    sushi = "Cardápio\nTemos sushi e temaki todos os dias."

    assert judged_in("Temos sushi todos os dias.", sushi) is None
    assert judged_in("Temos sashimi todos os dias.", sushi) is not None
