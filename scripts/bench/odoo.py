"""How long does Odoo wait? Its synchronisations, and bursts of its native webhooks, within their senders' patience."""

import http.client
import json
import random
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

from scripts.bench.process import Server
from scripts.bench.sender import ODOO_KEY

SYNC = "/api/v1/business-rules/sync"
DOCUMENTS = "/api/v1/support-documents/sync"
NATIVE = f"/webhook/odoo?token={ODOO_KEY}&event=write"
WORDS = (
    "entrega pagamento troca devolução garantia frete prazo loja produto cliente cartão boleto desconto promoção "
    "horário atendimento endereço retirada pedido nota fiscal estoque tamanho cor tecido lavagem medida reserva"
).split()


NUMBERS = 0.05  # every twentieth word is a price, a measure, a day
PARAGRAPHS = 0.02  # every fiftieth word ends one


class Figure(NamedTuple):
    """What was measured, in seconds, and what it should be below."""

    title: str
    seconds: float
    aim: float


def measure(server: Server) -> Iterator[Figure]:
    """Synchronise as the modules do, one request each, and send native webhooks meanwhile."""
    chance = random.Random(7)  # noqa: S311  # the same texts in every run
    yield Figure("sync of 200 rules", _timed(server, SYNC, _rules(chance, 200)), 0.3)
    yield Figure("sync of 50 documents of 10 KB", _timed(server, DOCUMENTS, _documents(chance, 50)), 0.3)
    yield Figure("burst of 500 native webhooks, the slowest", max(_burst(server, 500, first=0)), 0.2)
    seconds, meanwhile = _large(server, _rules(chance, 10_000))
    yield Figure("sync of 10 000 rules", seconds, 5.0)
    yield Figure(f"a native webhook meanwhile, the slowest of {len(meanwhile)}", max(meanwhile), 0.5)


def _large(server: Server, body: bytes) -> tuple[float, list[float]]:
    """A large synchronisation, and what native webhooks have to wait while it runs."""
    took: list[float] = []
    thread = threading.Thread(target=lambda: took.append(_timed(server, SYNC, body)))
    thread.start()
    meanwhile, number = [], 10**6
    while thread.is_alive():
        meanwhile += _burst(server, 5, first=number)
        number += 5
        time.sleep(0.02)
    thread.join()
    return took[0], meanwhile


def _timed(server: Server, path: str, body: bytes) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    started = time.perf_counter()
    _post(connection, path, body)
    return time.perf_counter() - started


def _burst(server: Server, number: int, first: int) -> list[float]:
    """One record after the other over one connection, as a mass write in Odoo sends them; each one's seconds."""
    connection, seconds = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60), []
    for each in range(first, first + number):
        record = {"_action": "Avisar(#1)", "_id": each, "_model": "res.partner", "id": each, "name": "Conceição"}
        started = time.perf_counter()
        _post(connection, NATIVE, json.dumps(record).encode())
        seconds.append(time.perf_counter() - started)
    connection.close()
    return seconds


def _post(connection: http.client.HTTPConnection, path: str, body: bytes) -> None:
    connection.request("POST", path, body, {"Content-Type": "application/json", "X-API-Key": ODOO_KEY})
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {said.decode(errors='replace')[:200]}")


def _text(chance: random.Random, size: int) -> str:
    words: list[str] = []
    while sum(map(len, words)) + len(words) < size:
        words.append(chance.choice(WORDS) + chance.choice(("", "", "", "s", "s,", ".")))
        if chance.random() < NUMBERS:
            words.append(str(chance.randrange(1000)))
        if chance.random() < PARAGRAPHS:
            words.append("\n\n")
    return " ".join(words)


def _rules(chance: random.Random, number: int) -> bytes:
    rules = [
        {"id": each, "name": _text(chance, 25), "description": _text(chance, 200), "type": "general"}
        for each in range(1, number + 1)
    ]
    lists = {"permanent_rules": rules, "temporary_rules": []}
    return json.dumps({"account_id": "account_1", "business_rule_id": 1, "rules": lists}).encode()


def _documents(chance: random.Random, number: int) -> bytes:
    documents = [
        {"id": each, "name": _text(chance, 25), "document_type": "support", "content": _text(chance, 10_000)}
        for each in range(1, number + 1)
    ]
    return json.dumps({"account_id": "account_1", "business_rule_id": 1, "documents": documents}).encode()
