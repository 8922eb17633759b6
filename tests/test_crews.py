"""Which crew answers, what may it use, and what has a shop set of its own?"""

from datetime import datetime, timezone
from typing import Any

import pytest

from hubcrew import Answer, HandOver, HubCrew, Item, Knowledge, Shop
from hubcrew.crews import choose, crews_with, never_chosen, unknown_words
from hubcrew.items import Scope
from hubcrew.meanings import GROUPS
from hubcrew.shop import worded_otherwise
from relay.store import Store

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 5, 26, 14, 30, tzinfo=timezone.utc)
PAYMENT = Item("1", "Formas de pagamento", "Aceitamos Pix, cartão e boleto.", "payment")
RETURNS = Item("3", "Troca e devolução", "Trocas em até 7 dias, com a nota fiscal.", "return")
GIFT = Item("5", "Brinde de aniversário", "Quem faz aniversário ganha um brinde na loja.", "general")
OWNER = "+5541999990000"


async def asked(store: Store, shop: Shop, question: str, **more: Any) -> Answer | HandOver:
    """What this shop's crew replies, knowing three rules."""
    crew = HubCrew(Knowledge(store), shop_of=lambda _account: shop)
    await crew.knowledge.replace([(Scope("account_1", "permanent"), [PAYMENT, RETURNS, GIFT])])
    return await crew.ask("account_1", question, NOW, **more)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("aceita pix?", "sales"),
        ("qual o valor do frete?", "sales"),
        ("quero trocar, não serviu", "support"),
        ("tem garantia?", "support"),
        ("quero marcar um horário", "scheduling"),
        ("onde vocês ficam?", "information"),
        ("vocês dançam tango?", "information"),
    ],
)
def test_a_crew_is_chosen_by_what_the_question_speaks_of(question: str, name: str):
    assert choose(crews_with({}), question).name == name


def test_no_crew_asks_for_what_nobody_knows_and_no_two_for_the_same():
    named = [each for crew in crews_with({}).values() for each in crew.asks_for]

    assert set(named) - set(GROUPS) == set()
    assert len(named) == len(set(named))


def test_an_account_changes_a_crew_and_adds_one():
    crews = crews_with(
        {"sales": {"closing": "Boas compras!"}, "florists": {"asks_for": ["gift"], "knows": ["document"]}}
    )

    assert (crews["sales"].closing, "price" in crews["sales"].asks_for) == ("Boas compras!", True)
    assert choose(crews, "tem presente?").name == "florists"  # it asks for less than sales does
    assert crews_with({})["sales"].closing == ""
    assert never_chosen({"vendas": {"closing": "x"}, "admin": {}, "sales": {}}, ["admin"]) == ["vendas"]


def test_what_a_crew_names_and_nobody_knows_is_told_with_its_place():
    changes = {"sales": {"hands_over": ["refund", "prices"], "knows": ["rules:a", "document"]}}

    assert unknown_words(changes) == ["crew.sales.hands_over: prices", "crew.sales.knows: rules:a"]


async def test_the_answer_names_its_crew_and_the_rule_as_it_is_worded(store: Store):
    reply = await asked(store, Shop({"sales": {"closing": "Boas compras!"}}), "Quais as formas de pagamento?")

    assert isinstance(reply, Answer)
    assert (reply.text, reply.crew) == ("Aceitamos Pix, cartão e boleto.\n\nBoas compras!", "sales")
    assert (reply.rules[0].name, reply.rules[0].text) == (PAYMENT.name, PAYMENT.text)


@pytest.mark.parametrize(
    ("crews", "reason"),
    [
        ({"sales": {"knows": ["document", "permanent:product"]}}, "outside"),
        ({"sales": {"hands_over": ["payment"]}}, "for a person"),
    ],
)
async def test_what_a_crew_may_not_say_goes_to_a_person_with_the_rule(store: Store, crews: dict[str, Any], reason: str):
    reply = await asked(store, Shop(crews), "Quais as formas de pagamento?")

    assert isinstance(reply, HandOver)
    assert (reply.reason, reply.crew, reply.nearest[0].name) == (reason, "sales", PAYMENT.name)


async def test_a_crew_that_knows_one_type_of_rule_answers_from_it(store: Store):
    reply = await asked(store, Shop({"sales": {"knows": ["permanent:payment"]}}), "Quais as formas de pagamento?")

    assert isinstance(reply, Answer)


@pytest.mark.parametrize("phone", [OWNER, "+554199990000"], ids=["as written", "without the ninth digit"])
async def test_a_special_number_has_its_own_crew(store: Store, phone: str):
    crews = {"admin": {"knows": ["permanent"], "closing": "(dono)"}}
    reply = await asked(store, Shop(crews, {"41 99999-0000": "admin"}), "Formas de pagamento?", phone=phone)

    assert isinstance(reply, Answer)
    assert (reply.crew, reply.text.endswith("(dono)")) == ("admin", True)


async def test_a_special_number_without_a_crew_gets_a_person(store: Store):
    shop = Shop({}, {OWNER: "analytics"})
    theirs = await asked(store, shop, "Formas de pagamento?", phone=OWNER)
    others = await asked(store, shop, "Formas de pagamento?", phone="+5541988887777")
    unproven = await asked(store, shop, "Formas de pagamento?")

    assert theirs == HandOver("special number")
    assert isinstance(others, Answer)
    assert isinstance(unproven, Answer)


@pytest.mark.parametrize(
    ("question", "wordings"),
    [
        ("aceita pix?", ["aceita pix?"]),
        ("vocês têm mimos?", ["vocês têm mimos?", "voces tem brinde", "voces tem vale presente"]),
        ("e o vale-presente?", ["e o vale-presente?", "e o mimo", "e o brinde"]),
    ],
)
def test_a_question_is_also_asked_in_the_shops_own_words(question: str, wordings: list[str]):
    assert worded_otherwise(question, [["mimo", "brinde", "vale presente"]]) == wordings


async def test_a_synonym_of_the_shops_own_finds_the_rule(store: Store):
    plain = await asked(store, Shop(), "vocês dão xodó de aniversário?")
    own = await asked(store, Shop(synonyms=[["xodó", "brinde"]]), "vocês dão xodó de aniversário?")

    assert isinstance(own, Answer)
    assert own.rules[0].name == GIFT.name
    assert not isinstance(plain, Answer) or plain.rules[0].score < own.rules[0].score


async def test_a_foreigner_is_greeted_in_their_language(store: Store):
    replies = [await asked(store, Shop(), text) for text in ("Hola!", "Hello!", "Olá!")]

    assert [each.text for each in replies if isinstance(each, Answer)] == [
        "¡Hola! ¿En qué puedo ayudarte?", "Hello! How can I help you?", "Olá! Como posso ajudar?"
    ]  # fmt: skip
