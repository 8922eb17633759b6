"""Which shop, and which customer, does a simulation play? What Odoo sends, and twenty turns of a conversation."""

from datetime import date, timedelta
from typing import Any, NamedTuple


class Turn(NamedTuple):
    """What the customer writes, and a pattern that a good clerk's reply fits."""

    text: str
    expected: str


# Name, type and text of what always holds.
RULES = (
    ("Formas de pagamento", "payment", "Aceitamos Pix, boleto e cartão de crédito (Visa e Mastercard)."),
    ("Parcelamento", "payment", "No cartão parcelamos em até 6x sem juros, com parcela mínima de R$ 50,00."),
    ("Prazo de entrega", "delivery", "Entregamos em Curitiba em até 2 dias úteis; no resto do Brasil, em até 8."),
    ("Taxa de entrega", "delivery", "A taxa de entrega em Curitiba é de R$ 15,00; acima de R$ 199,00 é grátis."),
    ("Trocas e devoluções", "return", "Você pode trocar ou devolver em até 7 dias, com a nota fiscal."),
    ("Garantia", "warranty", "Os vasos têm garantia de 90 dias contra defeitos de fabricação."),
    ("Endereço da loja", "address", "Ficamos na Rua XV de Novembro, 1200, Centro, Curitiba."),
    ("Buquês de rosas", "product", "Buquê com 12 rosas: R$ 159,00. Buquê com 24 rosas: R$ 289,00."),
)
# The same of what holds for a time: from and until which day, counted from today.
OFFERS = (
    ("Semana das orquídeas", "Orquídeas com 20% de desconto.", -1, 5),
    ("Kit Dia das Mães", "Kit com mini orquídea e bombons por R$ 129,00.", -40, -10),
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
COMPANY = {
    "company_info": {"company_name": "Ateliê Flor de Ipê", "description": "Flores e vasos desde 1998."},
    "customer_service": {
        "greeting_message": "Olá! 🌻 Bem-vinda à Flor de Ipê.",
        "communication_style": "friendly",
        "emoji_usage": "moderate",
        "inform_promotions_at_start": True,
    },
    "business_hours": {
        "start": 8.5,
        "end": 18.0,
        "days": {**dict.fromkeys(_DAYS, True), "sunday": False, "saturday_hours": {"start": 9.0, "end": 13.0}},
    },
    "social_media": {"show_instagram": True, "instagram_url": "https://instagram.example.com/flordeipe"},
}


def turns(today: date) -> list[Turn]:
    """A conversation as a good clerk would have it."""
    return [
        Turn("Oi, boa tarde!", "Bem-vinda à Flor de Ipê[^$]*Semana das orquídeas"),
        Turn("quais as formas de pagamento?", "Pix, boleto"),
        Turn("parcela em qtas vezes?", "6x sem juros"),
        Turn("vcs entregam em quantos dias?", "2 dias úteis"),
        Turn("e qto é a taxa de entrega?", r"R\$ 15,00"),
        Turn("Onde fica a loja?", "Rua XV de Novembro"),
        Turn("tá aberto agora?", "bertos agora|fechados"),
        Turn("abre sábado?", "09:00 às 13:00"),
        Turn("e domingo?", "fechados"),
        Turn("tem alguma promoção de orquideas?", "20% de desconto"),
        Turn("a semana das orquídeas vai até quando?", (today + timedelta(days=5)).strftime("%d/%m/%Y")),
        Turn("ainda tem o kit do dia das mães?", "terminou em"),
        Turn("qual o preço do buque de rosas?", r"R\$ 159,00"),
        Turn("não gostei, posso trocar?", "7 dias"),
        Turn("os vasos tem garantia?", "90 dias"),
        Turn("PIX?", "Pix, boleto"),
        Turn("how much is the delivery fee?", r"R\$ 15,00"),
        Turn("obrigada!", "Por nada"),
        Turn("tchau", "Até logo[^$]*instagram"),
        Turn("na verdade quero falar com um atendente", "equipe"),
    ]


def permanent_rules() -> list[dict[str, Any]]:
    """The rules as business_rules2 sends them."""
    return [
        {"id": number, "name": name, "type": kind, "description": text}
        for number, (name, kind, text) in enumerate(RULES, start=1)
    ]


def temporary_rules(today: date) -> list[dict[str, Any]]:
    """The offers, with their days by the shop's calendar."""
    return [
        {
            "id": number,
            "name": name,
            "type": "promotion",
            "description": text,
            "start_date": str(today + timedelta(days=start)),
            "end_date": str(today + timedelta(days=end)),
        }
        for number, (name, text, start, end) in enumerate(OFFERS, start=100)
    ]
