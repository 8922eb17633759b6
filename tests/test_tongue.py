"""In which language is a customer answered? In the one that they write, as far as their words tell."""

import pytest

from config import language
from hubcrew.manner import Manner, courtesy
from hubcrew.tongue import language_of, said, speaking, spoken

THANKED = "You are welcome! If you need anything else, just write."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Olá, vocês entregam?", "pt"),
        ("qual o preço do buque de rosas?", "pt"),
        ("tem estacionamento?", "pt"),
        ("cuánto cuesta el envío?", "es"),
        ("¿Aceptan tarjeta?", "es"),
        ("Hola", "es"),
        ("buenos días", "es"),
        ("how much is the delivery fee?", "en"),
        ("good morning", "en"),
        ("thanks!", "en"),
        ("PIX?", ""),
        ("ok", ""),
        ("🌻", ""),
        ("", ""),
    ],
)
def test_the_language_is_told_by_its_own_words(text: str, found: str):
    assert language_of(text) == found


def test_what_is_said_is_in_the_language_that_is_spoken():
    texts = {}
    for each in ("pt", "es", "en"):
        with speaking(each):
            texts[each] = said(THANKED)

    assert texts["en"] == THANKED
    assert texts["pt"].startswith("Por nada")
    assert texts["es"].startswith("¡De nada!")


def test_where_no_word_tells_it_is_the_servers_language():
    with speaking("es"), speaking(""):
        within = spoken()

    assert (within, spoken()) == ("es", "")
    assert said(THANKED).startswith("Por nada")


def test_an_english_server_speaks_portuguese_to_whom_writes_it():
    language.speak("en")
    try:
        with speaking("pt"):
            told = courtesy("greeting", Manner())
        assert (told, courtesy("greeting", Manner())) == ("Olá! Como posso ajudar?", "Hello! How can I help you?")
    finally:
        language.speak("pt_BR")
