"""hubcrew/: what we know and what we answer, over a real database."""

from collections.abc import Iterator
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from hubcrew import Answer, HandOver, HubCrew, Item, Knowledge
from hubcrew.items import Scope, space_of
from hubcrew.knowledge import LARGE, MOST_CANDIDATES, MOST_PLACES
from hubcrew.meanings import GROUPS
from hubcrew.rank import Ranking, candidate, rank
from hubcrew.shop import MOST_VARIANTS, worded_otherwise
from hubcrew.snapshots import BATCH
from hubcrew.words import grams, plain, search_terms, stem, terms, words
from relay.store import Store

NOW = datetime(2026, 5, 26, 14, 30, tzinfo=timezone.utc)  # a Tuesday
SHOP = "account_1"
PAYMENT = Item("1", "Formas de pagamento", "Aceitamos Pix, cartão em até 3 vezes e boleto.", "payment")
DELIVERY = Item("2", "Prazo de entrega", "Entregamos em Curitiba em até 3 dias úteis.", "delivery")
RETURNS = Item("3", "Troca e devolução", "Trocas em até 7 dias, com a nota fiscal.", "return")
HOURS = Item("4", "Horário de funcionamento", "Abrimos de segunda a sábado, das 9h às 18h.", "general")
RULES = [PAYMENT, DELIVERY, RETURNS, HOURS]


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[HubCrew]:
    store = Store(f"sqlite:///{tmp_path}/server.db")
    yield HubCrew(Knowledge(store))
    store.close()


async def know(crew: HubCrew, items: list[Item], account: str = SHOP, kind: str = "permanent", rule: str = "") -> bool:
    return await crew.knowledge.replace([(Scope(account, kind, rule), items)])


def names(answer: Answer | HandOver) -> list[str]:
    return [each.name for each in answer.rules] if isinstance(answer, Answer) else []


# Words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Quais as formas de pagamento?", ["formas", "pagamento"], id="a question"),
        pytest.param("Oi, boa tarde! Tudo bem?", [], id="a greeting says nothing"),
        pytest.param("PIX", ["pix"], id="capitals"),
        pytest.param("Vocês entregam até sábado?", ["entregam", "sabado"], id="with accents"),
        pytest.param("vcs entregam ate sab?", ["entregam", "sabado"], id="as people abbreviate"),
        pytest.param("devoluc\u0327a\u0303o", ["devolucao"], id="accents as characters of their own"),
        pytest.param("entregaaaa", ["entrega"], id="drawn out"),
        pytest.param("10x no cartão, R$ 50", ["10", "x", "cartao", "reais", "50"], id="signs that say something"),
        pytest.param("🌻🌻🌻", [], id="nothing but emoji"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_the_words_that_say_something(text: str, found: list[str]):
    assert words(text) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("entregas", "entregam", id="forms"),
        pytest.param("devolucoes", "devolucao", id="a plural without its accents"),
        pytest.param("recadinho", "recado", id="a diminutive"),
        pytest.param("cartoes", "cartao", id="a plural of -ão"),
        pytest.param("spining", "spinning", id="a foreign word with one letter of two"),
    ],
)
def test_a_word_meets_its_other_forms(one: str, other: str):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("marca", "marcam"), ("quarto", "quarta"), ("médico", "medicamento"), ("bebidas", "bebê"), ("mesa", "mês"),
        ("salada", "sale"), ("correio", "correr"), ("câmera", "cama"), ("calçado", "calça"), ("cadeira", "cadeirante"),
    ],
)  # fmt: skip
def test_a_word_of_another_meaning_is_kept_apart(one: str, other: str):
    assert stem(plain(one)) != stem(plain(other))


def test_a_phrase_is_not_about_its_last_word():
    assert stem("carro") not in {term.stem for term in terms("onde posso parar o carro?")}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        pytest.param("qto custa?", "price", id="an abbreviation"),
        pytest.param("quanto sai a dúzia", "price", id="a phrase"),
        pytest.param("R$ 10,00", "price", id="a sign"),
        pytest.param("divide em 3x?", "installments", id="another word"),
        pytest.param("vcs ficam onde", "place", id="words in another order"),
        pytest.param("quanto tempo demora", "duration", id="not a price"),
        pytest.param("das 8:00 às 21:30", "clock", id="a time of the day"),
        pytest.param("qual a marca?", "brand", id="no appointment"),
        pytest.param("cuánto cuesta el envío", "price", id="in Spanish"),
        pytest.param("how much is shipping", "delivery", id="in English"),
    ],
)
def test_what_is_meant_is_found_by_other_words(text: str, meaning: str):
    assert meaning in {group for term in terms(text) for group in term.groups}


def test_how_long_it_takes_is_not_what_it_costs():
    assert "price" not in {group for term in terms("quanto tempo demora?") for group in term.groups}


def test_plain_has_neither_capitals_nor_accents():
    assert plain("Devolução À VISTA") == "devolucao a vista"


def test_a_mistyped_word_shares_runs_of_letters():
    assert len(grams("pagamento") & grams("pagameto")) >= 4
    assert not grams("pagamento") & grams("horário")


def test_search_terms_are_plain_words_for_the_database():
    assert search_terms("Devolução!", "Em até 7 dias.").replace(" ", "").isalnum()


def test_the_database_can_find_every_meaning():
    """Its tokenizer takes a name with any other sign for two words, and finds neither."""
    assert [name for name in GROUPS if not name.isalnum()] == []


def test_a_shops_own_words_make_few_wordings_of_a_question():
    same = ["tele", *(f"entrega {number}" for number in range(20))]

    assert worded_otherwise("fazem tele?", [same])[:2] == ["fazem tele?", "fazem entrega 0"]
    assert len(worded_otherwise("fazem tele?", [same])) == MOST_VARIANTS


# Ranking


def ranked(question: str, rules: list[Item]) -> Ranking:
    return rank(question, [candidate(search_terms(each.name, each.text), each.id) for each in rules])


def test_the_rule_that_covers_more_of_the_question_comes_first():
    assert ranked("Qual o prazo de entrega?", RULES).ranked[0].place == 1
    assert ranked("aceitam cartão?", RULES).ranked[0].place == 0


def test_the_order_is_by_the_score_and_a_chance_is_between_nothing_and_one():
    ranking = ranked("prazo de entrega e formas de pagamento", RULES)
    scores = [each.score for each in ranking.ranked]

    assert scores == sorted(scores, reverse=True)
    assert 0.0 < ranking.chance < 1.0


def test_a_word_that_no_rule_has_makes_it_unsure():
    assert ranked("Qual o prazo de entrega de drone?", RULES).chance < ranked("Qual o prazo de entrega?", RULES).chance


def test_a_price_is_not_told_by_a_rule_without_one():
    priced = DELIVERY._replace(text="Entregamos em Curitiba em até 3 dias úteis por R$ 10,00.")

    assert ranked("quanto custa a entrega?", [DELIVERY, PAYMENT]).chance < 0.5
    assert ranked("entregam em Curitiba em 3 dias? qual o valor?", [DELIVERY, PAYMENT]).chance < 0.5
    assert ranked("quanto custa a entrega?", [priced, PAYMENT]).chance > 0.5


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("qual transportadora faz a entrega?", id="who"),
        pytest.param("vocês fazem entrega de madrugada?", id="when"),
        pytest.param("posso mudar o endereço da entrega?", id="another act"),
        pytest.param("a entrega é da Loggi?", id="a name"),
    ],
)
def test_near_misses_are_unsure_even_where_no_other_rule_comes_near(question: str):
    assert ranked("fazem entrega?", [DELIVERY, PAYMENT]).chance > 0.6
    assert ranked(question, [DELIVERY, PAYMENT]).chance < 0.6


@pytest.mark.parametrize(("question", "rules"), [("", RULES), ("oi, tudo bem?", RULES), ("entrega", [])])
def test_where_nothing_is_asked_or_known_nothing_is_ranked(question: str, rules: list[Item]):
    assert ranked(question, rules) == Ranking([], 0.0)


# Answers


@pytest.mark.parametrize(
    ("question", "name"),
    [
        pytest.param("Quais as formas de pagamento?", "Formas de pagamento", id="in the rule's own words"),
        pytest.param("vcs aceitam cartao?", "Formas de pagamento", id="without an accent"),
        pytest.param("Vocês aceitam Pix?", "Formas de pagamento", id="by a word of its text"),
        pytest.param("FORMAS DE PAGAMETO", "Formas de pagamento", id="mistyped"),
        pytest.param("Qual é o prazo das entregas?", "Prazo de entrega", id="in the plural"),
        pytest.param(
            "Oi! Boa tarde. Qual o horário de funcionamento?", "Horário de funcionamento", id="after a greeting"
        ),
        pytest.param("quero fazer uma devolucao", "Troca e devolução", id="as people type it"),
    ],
)
async def test_a_question_is_answered_by_the_rule_that_knows(crew: HubCrew, question: str, name: str):
    await know(crew, RULES)

    assert names(await crew.ask(SHOP, question, NOW))[:1] == [name]


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Vocês vendem passagens aéreas para Lisboa?", id="another trade"),
        pytest.param("", id="nothing"),
        pytest.param("🌻", id="an emoji"),
        pytest.param('" OR account:* NEAR(', id="the database's own syntax"),
    ],
)
async def test_what_no_rule_says_is_not_known(crew: HubCrew, question: str):
    await know(crew, RULES)

    assert isinstance(await crew.ask(SHOP, question, NOW), HandOver)


async def test_an_answer_is_the_rules_own_text_and_names_the_rule(crew: HubCrew):
    await know(crew, RULES)
    answer = await crew.ask(SHOP, "Quais as formas de pagamento?", NOW)

    assert isinstance(answer, Answer)
    assert answer.text == PAYMENT.text
    assert [(each.kind, each.id) for each in answer.rules] == [("permanent", "1")]


async def test_two_rules_of_one_subject_answer_together(crew: HubCrew):
    city = Item("8", "Entrega", "Na cidade, a entrega leva 3 dias.", "delivery")
    coast = Item("9", "Entrega", "No litoral, a entrega sai às sextas.", "delivery")
    await know(crew, [city, coast, PAYMENT])
    answer = await crew.ask(SHOP, "Como é a entrega?", NOW)

    assert isinstance(answer, Answer)
    assert city.text in answer.text
    assert coast.text in answer.text


# Whose knowledge, and when


async def test_no_account_answers_from_anothers_rules(crew: HubCrew):
    await know(crew, RULES, account="account_2")

    assert isinstance(await crew.ask(SHOP, "Quais as formas de pagamento?", NOW), HandOver)


async def test_a_large_account_answers_from_no_small_ones_rules(crew: HubCrew):
    await know(crew, [Item("1", "Estacionamento", "O estacionamento é grátis.", "general")], account="account_2")
    await know(crew, [*RULES, *vases(MOST_CANDIDATES)])

    assert isinstance(await crew.ask(SHOP, "tem estacionamento?", NOW), HandOver)
    assert isinstance(await crew.ask("account_2", "tem estacionamento?", NOW), Answer)


async def test_what_was_asked_before_it_was_known_is_answered_once_it_is(crew: HubCrew):
    before = await crew.ask(SHOP, "tem estacionamento?", NOW)
    await know(crew, [Item("1", "Onde parar o carro", "A vaga é grátis para clientes.", "general")])

    assert isinstance(before, HandOver)
    assert isinstance(await crew.ask(SHOP, "tem estacionamento?", NOW), Answer)


async def test_what_a_test_synchronised_answers_no_customer(crew: HubCrew):
    await know(crew, RULES, account=space_of(SHOP, test=True))

    assert isinstance(await crew.ask(space_of(SHOP, test=False), "Quais as formas de pagamento?", NOW), HandOver)
    assert isinstance(await crew.ask(space_of(SHOP, test=True), "Quais as formas de pagamento?", NOW), Answer)


@pytest.mark.parametrize(
    ("today", "known"),
    [
        pytest.param(date(2026, 5, 24), False, id="the day before it starts"),
        pytest.param(date(2026, 5, 25), True, id="its first day"),
        pytest.param(date(2026, 5, 31), True, id="its last day"),
        pytest.param(date(2026, 6, 1), False, id="the day after it ends"),
    ],
)
async def test_a_promotion_is_told_while_it_is_in_force(crew: HubCrew, today: date, known: bool):
    sale = Item("5", "Semana das orquídeas", "Orquídeas com 20% de desconto.", "product", "2026-05-25", "2026-05-31")
    await know(crew, [sale], kind="temporary")

    now = datetime.combine(today, NOW.time())

    assert ("20%" in getattr(await crew.ask(SHOP, "Tem desconto nas orquídeas?", now), "text", "")) is known


async def test_a_promotion_that_has_ended_is_said_to_have_ended_and_never_its_price(crew: HubCrew):
    sale = Item("5", "Kit Dia das Mães", "Orquídea e bombons por R$ 129,00.", "product", "2026-04-27", "2026-05-10")
    await know(crew, RULES)
    await know(crew, [sale], kind="temporary")
    answer = await crew.ask(SHOP, "ainda tem o kit do dia das mães?", NOW)

    assert isinstance(answer, Answer)
    assert "10/05/2026" in answer.text
    assert "129" not in answer.text
    assert [each.kind for each in answer.rules] == ["ended"]


async def test_a_promotion_that_has_not_begun_is_not_told(crew: HubCrew):
    sale = Item("5", "Festival das suculentas", "4 suculentas por R$ 40,00.", "product", "2026-06-15", "2026-06-21")
    await know(crew, [sale], kind="temporary")

    assert isinstance(await crew.ask(SHOP, "tem o festival das suculentas?", NOW), HandOver)


async def test_until_when_an_offer_holds_is_told_where_it_is_asked_for(crew: HubCrew):
    sale = Item("5", "Semana das orquídeas", "Orquídeas com 20% de desconto.", "product", "2026-05-25", "2026-05-31")
    await know(crew, [sale], kind="temporary")
    asked, unasked = "a semana das orquídeas vai até quando?", "tem desconto nas orquídeas?"

    assert "31/05/2026" in getattr(await crew.ask(SHOP, asked, NOW), "text", "")
    assert "31/05/2026" not in getattr(await crew.ask(SHOP, unasked, NOW), "text", "31/05/2026")


@pytest.mark.parametrize(("starts", "ends"), [(None, None), ("2020-01-01", None), (None, "2099-12-31")])
async def test_an_open_end_is_no_limit(crew: HubCrew, starts: str | None, ends: str | None):
    await know(crew, [PAYMENT._replace(starts=starts, ends=ends)])

    assert names(await crew.ask(SHOP, "Quais as formas de pagamento?", NOW)) == ["Formas de pagamento"]


# Snapshots


async def test_the_same_snapshot_again_changes_nothing(crew: HubCrew):
    assert await know(crew, RULES) is True
    assert await know(crew, RULES) is False


async def test_a_snapshot_replaces_all_that_was_known(crew: HubCrew):
    await know(crew, RULES)
    await know(crew, [PAYMENT._replace(text="Agora só Pix.")])

    answer = await crew.ask(SHOP, "Quais as formas de pagamento?", NOW)
    assert isinstance(answer, Answer)
    assert answer.text == "Agora só Pix."
    assert isinstance(await crew.ask(SHOP, "Qual o prazo de entrega?", NOW), HandOver)


async def test_a_date_alone_is_a_change(crew: HubCrew):
    await know(crew, [PAYMENT._replace(ends="2026-05-25")])

    assert await know(crew, [PAYMENT._replace(ends="2026-12-31")]) is True
    assert isinstance(await crew.ask(SHOP, "Quais as formas de pagamento?", NOW), Answer)


async def test_an_empty_snapshot_empties(crew: HubCrew):
    await know(crew, RULES)
    await know(crew, [])

    assert await crew.knowledge.count(Scope(SHOP, "permanent")) == 0
    assert isinstance(await crew.ask(SHOP, "Quais as formas de pagamento?", NOW), HandOver)


async def test_one_kind_or_business_rule_does_not_empty_another(crew: HubCrew):
    await know(crew, [PAYMENT], rule="3")
    await know(crew, [DELIVERY], rule="4")
    await know(crew, [RETURNS], kind="temporary", rule="3")
    await know(crew, [], rule="4")

    assert names(await crew.ask(SHOP, "Quais as formas de pagamento?", NOW)) == ["Formas de pagamento"]
    assert names(await crew.ask(SHOP, "Posso fazer uma troca?", NOW)) == ["Troca e devolução"]
    assert isinstance(await crew.ask(SHOP, "Qual o prazo de entrega?", NOW), HandOver)


def vases(number: int) -> list[Item]:
    return [Item(str(each), f"Vaso modelo {each}", f"O vaso {each} custa caro.") for each in range(number)]


async def test_what_every_rule_of_a_large_shop_says_is_searched_by_all_the_same(crew: HubCrew):
    await know(crew, vases(LARGE + MOST_PLACES))

    assert len(await crew.knowledge.candidates(SHOP, "vaso", NOW.date())) == MOST_CANDIDATES


async def test_a_mistyped_word_finds_what_it_was_meant_to_be_in_a_large_shop(crew: HubCrew):
    await know(crew, [*vases(LARGE + 1), PAYMENT])

    found = await crew.knowledge.candidates(SHOP, "parcelamemto", NOW.date())
    assert not found
    found = await crew.knowledge.candidates(SHOP, "pagameto", NOW.date())
    assert PAYMENT.name in {each.item.name for each in found}


async def test_a_small_shop_is_searched_beside_a_large_one(crew: HubCrew):
    await know(crew, [*vases(LARGE + 1), PAYMENT._replace(text="Só dinheiro.")], account="account_2")
    await know(crew, RULES)

    answer = await crew.ask(SHOP, "Quais as formas de pagamento?", NOW)
    assert isinstance(answer, Answer)
    assert answer.text == PAYMENT.text


async def test_earlier_revisions_take_no_places_of_candidates(crew: HubCrew):
    for number in range(4):
        await know(crew, [*vases(MOST_CANDIDATES), Item("x", "Vaso novo", f"Vaso de número {number}.")])

    found = await crew.knowledge.candidates(SHOP, "vaso", NOW.date())
    assert len({each.item.id for each in found}) == len(found) == MOST_CANDIDATES


async def test_a_snapshot_of_several_batches_is_known_whole(crew: HubCrew):
    await know(crew, [*vases(3 * BATCH + 1), PAYMENT])

    assert await crew.knowledge.count(Scope(SHOP, "permanent")) == 3 * BATCH + 2
    assert names(await crew.ask(SHOP, "Quais as formas de pagamento?", NOW)) == ["Formas de pagamento"]


# Opening hours, wherever the shop has written them


OPEN_RULE = Item("9", "Horário de funcionamento", "Abrimos de segunda a sábado, das 9h às 18h.", "general")
ENTREGAS = Item("10", "Horário das entregas", "Entregamos de segunda a sexta, das 14h às 20h.", "general")


async def test_the_hours_are_computed_from_a_rule_where_there_is_no_company_data(crew: HubCrew):
    await know(crew, [ENTREGAS, OPEN_RULE])
    answer = await crew.ask(SHOP, "tá aberto agora?", NOW)

    assert isinstance(answer, Answer)
    assert "18:00" in answer.text.partition("\n")[0]
    assert names(answer) == [OPEN_RULE.name]


async def test_company_data_go_before_a_rule(crew: HubCrew):
    company = Item("hours", "Horário", "Segunda a sexta: 08:00 às 12:00", "hours")
    await know(crew, [OPEN_RULE])
    await know(crew, [company], kind="company")
    answer = await crew.ask(SHOP, "abrem hoje à tarde?", NOW)

    assert names(answer) == [company.name]


async def test_no_rule_of_the_usual_hours_is_told_on_a_holiday(crew: HubCrew):
    await know(crew, [OPEN_RULE])
    christmas = datetime(2026, 12, 25, 10, 0, tzinfo=timezone.utc)

    for question in ("tá aberto agora?", "abre no natal?", "vocês abrem dia 25/12?"):
        assert isinstance(await crew.ask(SHOP, question, christmas), HandOver), question
