"""hubcrew/: what we know and what we answer, over a real database."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hubcrew import Answer, HubCrew, Item, Knowledge
from hubcrew.items import Scope, space_of
from hubcrew.rank import Passage, rank
from hubcrew.snapshots import BATCH
from hubcrew.words import grams, plain, search_terms, stems, words
from relay.store import Store

TODAY = date(2026, 5, 26)
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


def names(answer: Answer | None) -> list[str]:
    return [] if answer is None else [each.name for each in answer.rules]


# Words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Quais as formas de pagamento?", ["formas", "pagamento"], id="a question"),
        pytest.param("Oi, boa tarde! Tudo bem?", [], id="a greeting says nothing"),
        pytest.param("PIX", ["pix"], id="capitals"),
        pytest.param("Voces entregam ate sabado?", ["entregam", "sabado"], id="without accents"),
        pytest.param("Vocês entregam até sábado?", ["entregam", "sábado"], id="with accents"),
        pytest.param("devoluc\u0327a\u0303o", ["devolução"], id="accents as characters of their own"),
        pytest.param("🌻🌻🌻", [], id="nothing but emoji"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_the_words_that_say_something(text: str, found: list[str]):
    assert words(text) == found


def test_a_word_meets_its_other_forms():
    assert set(stems("entregas")) & set(stems("entrega"))
    assert set(stems("devolução")) & set(stems("devolucao"))


def test_plain_has_neither_capitals_nor_accents():
    assert plain("Devolução À VISTA") == "devolucao a vista"


def test_a_mistyped_word_shares_runs_of_letters():
    assert len(grams("pagamento") & grams("pagameto")) >= 4
    assert not grams("pagamento") & grams("horário")


def test_search_terms_are_plain_words_for_the_database():
    assert search_terms(["Devolução!"]).replace(" ", "").isalnum()


# Ranking


def test_the_passage_that_covers_more_of_the_question_comes_first():
    passages = [Passage(each.name, each.text) for each in RULES]

    assert rank("Qual o prazo de entrega?", passages)[0].place == 1
    assert rank("aceitam cartão?", passages)[0].place == 0


def test_a_score_is_between_nothing_and_one():
    passages = [Passage(each.name, each.text) for each in RULES]
    scores = [each.score for each in rank("prazo de entrega e formas de pagamento", passages)]

    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)


@pytest.mark.parametrize(("question", "passages"), [("", RULES), ("oi, tudo bem?", RULES), ("entrega", [])])
def test_where_nothing_is_asked_or_known_nothing_is_ranked(question: str, passages: list[Item]):
    assert rank(question, [Passage(each.name, each.text) for each in passages]) == []


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

    assert names(await crew.ask(SHOP, question, TODAY))[:1] == [name]


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Vocês vendem passagens aéreas para Lisboa?", id="another trade"),
        pytest.param("Oi, tudo bem?", id="a greeting"),
        pytest.param("", id="nothing"),
        pytest.param("🌻", id="an emoji"),
        pytest.param('" OR account:* NEAR(', id="the database's own syntax"),
    ],
)
async def test_what_no_rule_says_is_not_known(crew: HubCrew, question: str):
    await know(crew, RULES)

    assert await crew.ask(SHOP, question, TODAY) is None


async def test_an_answer_is_the_rules_own_text_and_names_the_rule(crew: HubCrew):
    await know(crew, RULES)
    answer = await crew.ask(SHOP, "Quais as formas de pagamento?", TODAY)

    assert answer is not None
    assert answer.text == PAYMENT.text
    assert [(each.kind, each.id) for each in answer.rules] == [("permanent", "1")]


async def test_two_rules_of_one_subject_answer_together(crew: HubCrew):
    city = Item("8", "Entrega", "Na cidade, a entrega leva 3 dias.", "delivery")
    coast = Item("9", "Entrega", "No litoral, a entrega sai às sextas.", "delivery")
    await know(crew, [city, coast, PAYMENT])
    answer = await crew.ask(SHOP, "Como é a entrega?", TODAY)

    assert answer is not None
    assert city.text in answer.text
    assert coast.text in answer.text


# Whose knowledge, and when


async def test_no_account_answers_from_anothers_rules(crew: HubCrew):
    await know(crew, RULES, account="account_2")

    assert await crew.ask(SHOP, "Quais as formas de pagamento?", TODAY) is None


async def test_what_a_test_synchronised_answers_no_customer(crew: HubCrew):
    await know(crew, RULES, account=space_of(SHOP, test=True))

    assert await crew.ask(space_of(SHOP, test=False), "Quais as formas de pagamento?", TODAY) is None
    assert await crew.ask(space_of(SHOP, test=True), "Quais as formas de pagamento?", TODAY) is not None


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

    assert (await crew.ask(SHOP, "Tem desconto nas orquídeas?", today) is not None) is known


@pytest.mark.parametrize(("starts", "ends"), [(None, None), ("2020-01-01", None), (None, "2099-12-31")])
async def test_an_open_end_is_no_limit(crew: HubCrew, starts: str | None, ends: str | None):
    await know(crew, [PAYMENT._replace(starts=starts, ends=ends)])

    assert names(await crew.ask(SHOP, "Quais as formas de pagamento?", TODAY)) == ["Formas de pagamento"]


# Snapshots


async def test_the_same_snapshot_again_changes_nothing(crew: HubCrew):
    assert await know(crew, RULES) is True
    assert await know(crew, RULES) is False


async def test_a_snapshot_replaces_all_that_was_known(crew: HubCrew):
    await know(crew, RULES)
    await know(crew, [PAYMENT._replace(text="Agora só Pix.")])

    answer = await crew.ask(SHOP, "Quais as formas de pagamento?", TODAY)
    assert answer is not None
    assert answer.text == "Agora só Pix."
    assert await crew.ask(SHOP, "Qual o prazo de entrega?", TODAY) is None


async def test_a_date_alone_is_a_change(crew: HubCrew):
    await know(crew, [PAYMENT._replace(ends="2026-05-25")])

    assert await know(crew, [PAYMENT._replace(ends="2026-12-31")]) is True
    assert await crew.ask(SHOP, "Quais as formas de pagamento?", TODAY) is not None


async def test_an_empty_snapshot_empties(crew: HubCrew):
    await know(crew, RULES)
    await know(crew, [])

    assert await crew.knowledge.count(Scope(SHOP, "permanent")) == 0
    assert await crew.ask(SHOP, "Quais as formas de pagamento?", TODAY) is None


async def test_one_kind_or_business_rule_does_not_empty_another(crew: HubCrew):
    await know(crew, [PAYMENT], rule="3")
    await know(crew, [DELIVERY], rule="4")
    await know(crew, [RETURNS], kind="temporary", rule="3")
    await know(crew, [], rule="4")

    assert names(await crew.ask(SHOP, "Quais as formas de pagamento?", TODAY)) == ["Formas de pagamento"]
    assert names(await crew.ask(SHOP, "Posso fazer uma troca?", TODAY)) == ["Troca e devolução"]
    assert await crew.ask(SHOP, "Qual o prazo de entrega?", TODAY) is None


async def test_a_snapshot_of_several_batches_is_known_whole(crew: HubCrew):
    many = [
        Item(str(number), f"Vaso modelo {number}", f"O vaso {number} custa caro.") for number in range(3 * BATCH + 1)
    ]
    await know(crew, [*many, PAYMENT])

    assert await crew.knowledge.count(Scope(SHOP, "permanent")) == 3 * BATCH + 2
    assert names(await crew.ask(SHOP, "Quais as formas de pagamento?", TODAY)) == ["Formas de pagamento"]
