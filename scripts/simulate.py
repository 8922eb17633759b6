"""What does it do? A shop's rules and a customer's conversation, played to the running server, as it answers them."""

import json
import sys
import time
from datetime import datetime, timedelta
from gettext import gettext as _
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from clients.testing import message_payload
from config.settings import Settings
from scripts.ask_server import Failed, RunningServer
from scripts.on_screen import plain, screen, table
from scripts.own_settings import own_settings, speak_as_set
from scripts.trial import TEST, finished, kept_since, send_message, show_conclusions, show_kept

BUSINESS_RULE = 990001
CUSTOMER = "Ana"
RULES = (
    ("Horário de atendimento", "hours", "Atendemos de segunda a sexta das 9h às 18h e aos sábados das 9h às 13h."),
    ("Formas de pagamento", "payment", "Aceitamos Pix, boleto e cartão de crédito em até 6x sem juros."),
    ("Prazo de entrega", "delivery", "Entregamos em Curitiba em até 2 dias úteis; no resto do Brasil, em até 8."),
    ("Frete grátis", "shipping", "O frete é grátis em compras acima de R$ 199,00."),
    ("Trocas e devoluções", "return", "Você pode trocar ou devolver em até 7 dias, com a nota fiscal."),
    ("Endereço da loja", "address", "Nossa loja fica na Rua XV de Novembro, 1200, Centro, Curitiba."),
    ("Garantia", "warranty", "Todos os produtos têm garantia de 90 dias contra defeitos de fabricação."),
)
PROMOTION = ("Promoção da semana", "promotion", "Nesta semana, toda a linha de canecas está com 20% de desconto.")
MESSAGES = (
    "Oi, boa tarde!",
    "Quais são as formas de pagamento?",
    "e qual o prazo de entrega?",
    "a partir de qto o frete é grátis?",
    "onde vcs ficam?",
    "abrem no sábado?",
    "comprei e não serviu, posso trocar?",
    "Tem alguma promoção esta semana?",
    "Obrigada!",
    "Vocês consertam bicicletas antigas?",
    "Está bem, eu espero.",
)

speak_as_set()


@click.command(help=_("Play a small shop's rules and a customer's conversation to the running server, as a test."))
def main() -> None:
    """Synchronise, converse, and say where to look further."""
    settings = own_settings()
    _check(settings)
    server, console = RunningServer(settings), screen()
    server.get("stats")  # whether it runs, and takes our token, before anything is sent
    console.print(Panel(_("A simulation: everything is marked as a test, and no reply leaves this server."), width=90))
    _synchronise(console, server, settings)
    _converse(console, server, settings)
    console.print(Text(_("Look further:"), style="bold"))
    console.print("  python -m scripts.events --signal 'chatwoot.*'\n  python -m scripts.outbox")


def _check(settings: Settings) -> None:
    can_send = settings.accounts.first.webhook_token or settings.accounts.first.home.secrets
    if not settings.accounts.first.odoo_key or not can_send:
        text = _("{names} must be set. The first start writes them into .env: scripts/start")
        raise Failed(text.format(names="ODOO_SYNC_KEY, WEBHOOK_TOKEN"))


def _synchronise(console: Console, server: RunningServer, settings: Settings) -> None:
    """Send the shop's rules as Odoo does."""
    rules = {"permanent_rules": _permanent(), "temporary_rules": [_temporary(settings)]}
    body = {"account_id": settings.accounts.first.id, "business_rule_id": BUSINESS_RULE, "rules": rules}
    headers = {**TEST, "X-API-Key": settings.accounts.first.odoo_key}
    status, text = server.send("/api/v1/business-rules/sync", json.dumps(body).encode(), headers)
    if status != 200:
        raise Failed(_("The rules were refused ({status}): {text}").format(status=status, text=text))
    rows = [(name, description) for name, _type, description in (*RULES, PROMOTION)]
    console.print(table(_("1. Odoo synchronises the shop's rules"), (_("Rule"), _("Text")), rows, unbroken=1))
    known = json.loads(text)["data"]["vectorized_rules"]
    console.print(_("The server knows {number} rules now.").format(number=known), style="green")


def _permanent() -> list[dict[str, Any]]:
    return [
        {"id": number, "name": name, "type": kind, "description": description}
        for number, (name, kind, description) in enumerate(RULES, start=1)
    ]


def _temporary(settings: Settings) -> dict[str, Any]:
    """A rule in force from yesterday until in six days, by the shop's calendar."""
    name, kind, description = PROMOTION
    today = datetime.now(settings.zone).date()
    days = {"start_date": str(today - timedelta(days=1)), "end_date": str(today + timedelta(days=6))}
    return {"id": 100, "name": name, "type": kind, "description": description, **days}


def _converse(console: Console, server: RunningServer, settings: Settings) -> None:
    """Send one message after the other, and show what came of each."""
    conversation = time.time_ns() // 1_000_000  # new at every run; the messages' numbers too
    console.print()
    console.print(Text(_("2. {name} writes in Chatwoot").format(name=CUSTOMER), style="italic"))
    seen = max((each["id"] for each in server.listed("outbox", 1)), default=0)
    status = "pending" if "pending" in settings.answer_statuses else settings.answer_statuses[0]
    for number, message in enumerate(MESSAGES):
        console.print()
        console.print(Text(f"{CUSTOMER}: ", style="bold cyan"), plain(message), sep="")
        payload = _payload(settings, conversation, conversation + number, message, status)
        event_id = send_message(server, "/webhook", settings.accounts.first, payload)
        event = finished(console, server, event_id)
        for kept in kept_since(server, seen, conversation):
            seen = kept["id"]
            status = kept["content"] if kept["kind"] == "status" else status  # as Chatwoot's next message says it
            show_kept(console, kept)
        show_conclusions(console, event)
    console.print()


def _payload(settings: Settings, conversation: int, number: int, message: str, status: str) -> dict[str, Any]:
    """The message, in a conversation of the account that the server knows."""
    account = {"id": settings.accounts.first.home.number or 1, "name": "Loja"}
    changes = {"status": status, "messages": []}
    return message_payload(number, conversation, message, account=account, conversation_changes=changes)


if __name__ == "__main__":
    main()
