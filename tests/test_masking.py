"""What of a message leaves the house, and what does not? hubcrew/masking.py."""

import pytest

from hubcrew.masking import masked


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("meu cpf é 529.982.247-25", "meu cpf é [cpf]"),
        ("cpf 52998224725", "cpf [cpf]"),
        ("529982247-25", "[cpf]"),
        ("529 982 247 25", "[cpf]"),
        ("529.982.247\u201325", "[cpf]"),
        ("\uff15\uff12\uff19982247\uff12\uff15", "[cpf]"),
        ("111.222.333-44", "[cpf]"),
        ("5\u200b2998224725", "[cpf]"),
        ("cnpj 11.222.333/0001-81", "cnpj [cnpj]"),
        ("11222333000181", "[cnpj]"),
        ("11222333/0001-81", "[cnpj]"),
        ("12.ABC.345/01DE-35", "[cnpj]"),
        ("rg 12.345.678-9", "rg [rg]"),
        ("4111 1111 1111 1111", "[cartão]"),
        ("4111111111111111 val 12/28", "[cartão] val 12/28"),
        ("4111-1111-1111-1111", "[cartão]"),
        ("3782 822463 10005", "[cartão]"),
        ("378282246310005", "[cartão]"),
        ("4111 1111 1111 1112", "[número]"),
        ("me liga no (41) 99999-0000", "me liga no [telefone]"),
        ("41999990000", "[telefone]"),
        ("41 99999 0000", "[telefone]"),
        ("041 99999-0000", "[telefone]"),
        ("(041)99999-0000", "[telefone]"),
        ("(41) 3333-4444", "[telefone]"),
        ("4133334444", "[telefone]"),
        ("+55 41 99999-0000", "[telefone]"),
        ("+55 (41) 9 9999-0000", "[telefone]"),
        ("5541999990000", "[telefone]"),
        ("+5541999990000", "[telefone]"),
        ("+351 912 345 678", "[telefone]"),
        ("+1 (415) 555-2671", "[telefone]"),
        ("0041 79 123 45 67", "[telefone]"),
        ("0800 123 4567", "[telefone]"),
        ("99999-0000", "[telefone]"),
        ("999990000", "[telefone]"),
        ("9 9999 0000", "[telefone]"),
        ("3333-4444", "[telefone]"),
        ("meu zap: 33334444", "meu zap: [telefone]"),
        ("ana.lima+loja@example.com.br, obrigada", "[e-mail], obrigada"),
        ("ANA@EXAMPLE.COM", "[e-mail]"),
        ("ana @ example.com", "[e-mail]"),
        ("chave 35200714200166000187550010000000046550000046", "chave [número]"),
        ("rastreio BR123456789BR", "rastreio BR[número]BR"),
        ("conta 123456789-0", "conta [número]"),
        ("cpf 529.982.247-25 e fone 41 99999-0000", "cpf [cpf] e fone [telefone]"),
        ("529.982.247-25, 111.222.333-44", "[cpf], [cpf]"),
        ("41999990000/41988887777", "[telefone]/[telefone]"),
    ],
)
def test_what_names_a_person_is_masked(written: str, left: str):
    assert masked(written) == left


@pytest.mark.parametrize(
    "text",
    [
        "",
        "aceita pix?",
        "custa R$ 1.234,50?",
        "R$ 1.234.567,89",
        "R$1234,50 ou 1.234.567",
        "entre 2500-3000 reais",
        "R$ 2500-3000",
        "dia 05/03/2026 às 18h30, ou 5.3.2026",
        "05-03-2026",
        "2026-03-05",
        "das 08:00 às 18:00",
        "entregam no CEP 80010-000?",
        "cep 80010000",
        "cep: 80.010-000",
        "tamanhos 36 37 38 39 40 41 42",
        "36/37, 38/39",
        "pedido 12345",
        "pedido #1234567",
        "pedido 12345678",
        "nota S00042",
        "em 10x de 99,90",
        "1080x1920",
        "2 kg, 500 ml, 1,5 m",
        "24/7",
        "rua XV de Novembro, 1234, ap 501",
        "iphone 15 pro 256gb",
        "@lojadaana",
        "10% de desconto",
    ],
)
def test_what_the_shop_must_know_stays(text: str):
    assert masked(text) == text


def test_what_is_masked_stays_so():
    once = masked("cpf 529.982.247-25, zap 41 99999-0000, ana@example.com")

    assert masked(once) == once
