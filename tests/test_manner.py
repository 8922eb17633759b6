"""How does a shop speak? As its system says, and as a messenger can carry it."""

from typing import Any

import pytest

from hubcrew.manner import MOST_CHARACTERS, Manner, courtesy, dressed, passing_on, read_manner

FRIENDLY = Manner("friendly", "moderate")
SITE = {"website": "https://flor.example.com", "show_website": True, "instagram_url": "https://i.example.com/flor"}


@pytest.mark.parametrize(
    ("service", "contact", "manner"),
    [
        ({}, {}, Manner()),
        (
            {"communication_style": "formal", "emoji_usage": "none", "greeting_message": " Bem-vindo. "},
            {},
            Manner("formal", "none", "Bem-vindo."),
        ),
        ({"inform_promotions_at_start": True}, SITE, Manner(offers_first=True, mentions=("https://flor.example.com",))),
        (
            {
                "communication_style": False,
                "emoji_usage": None,
                "greeting_message": 5,
                "inform_promotions_at_start": "x",
            },
            {"show_instagram": True, "instagram_url": False},
            Manner(),
        ),
        (
            {},
            {**SITE, "show_instagram": True},
            Manner(mentions=("https://flor.example.com", "Instagram: https://i.example.com/flor")),
        ),
    ],
)
def test_the_manner_is_read_from_whatever_odoo_sends(service: dict[str, Any], contact: dict[str, Any], manner: Manner):
    assert read_manner(service, contact) == manner


@pytest.mark.parametrize(
    ("kind", "manner", "text"),
    [
        ("greeting", Manner(), "Olá! Como posso ajudar?"),
        ("greeting", Manner(greeting="Bem-vinda à Flor!"), "Bem-vinda à Flor!"),
        ("greeting", FRIENDLY, "Oi! Em que posso ajudar? 😊"),
        ("greeting", Manner("formal", "moderate"), "Bom dia! Em que podemos ser úteis?"),
        ("thanks", Manner("technical", "frequent"), "Por nada! Se precisar de mais alguma coisa, é só escrever. 😊"),
        ("thanks", Manner("friendly", "none"), "Por nada! Se precisar de mais alguma coisa, é só escrever."),
        (
            "goodbye",
            Manner("formal", mentions=("https://a.example.com",)),
            "Até logo. Permanecemos à disposição.\nhttps://a.example.com",
        ),
    ],
)
def test_a_courtesy_is_returned_in_the_shops_manner(kind: str, manner: Manner, text: str):
    assert courtesy(kind, manner) == text


def test_what_is_on_offer_follows_the_greeting():
    told = courtesy("greeting", Manner(greeting="Oi!"), ["Semana das orquídeas", "Pix com 5%", "Frete grátis", "Outra"])

    assert told == "Oi!\n\nEm promoção hoje: Semana das orquídeas; Pix com 5%; Frete grátis."


def test_who_is_passed_on_hears_when_and_in_danger_whom_to_call():
    assert "escrever ao" not in passing_on(Manner())
    assert passing_on(Manner(), "Abrimos amanhã às 09:00.").endswith("Abrimos amanhã às 09:00.")
    assert "192" in passing_on(Manner(), in_danger=True).partition("\n")[0]
    assert passing_on(Manner("formal")) != passing_on(Manner())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Aceitamos Pix 💳 e cartão ❤️‍🔥!", "Aceitamos Pix e cartão!"),
        ("🌻", ""),
        ("R$ 10,00 → 12x", "R$ 10,00 → 12x"),
    ],
)
def test_a_shop_without_emojis_has_none(text: str, shown: str):
    assert dressed(text, Manner(emojis="none")) == shown
    assert dressed(text, Manner()) == text


def test_a_table_becomes_lines():
    table = "Frete:\n| Região | Valor |\n|---|---:|\n| Curitiba | R$ 15,00 |\n| Interior | R$ 25,00 |\nou | retire"

    assert dressed(table, Manner()) == "Frete:\nRegião · Valor\nCuritiba · R$ 15,00\nInterior · R$ 25,00\nou | retire"


@pytest.mark.parametrize("text", ["Uma frase. " * 500, "palavra " * 900, "Linha\n" * 900, "x" * 5000])
def test_no_message_is_longer_than_whatsapp_takes(text: str):
    told = dressed(text, Manner())

    assert MOST_CHARACTERS // 2 < len(told) <= MOST_CHARACTERS
    assert told.endswith("…")


def test_a_text_that_fits_is_left_as_it_is():
    assert dressed("a" * MOST_CHARACTERS, Manner()) == "a" * MOST_CHARACTERS
