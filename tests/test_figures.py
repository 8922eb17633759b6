"""The figures tell what happened, no more often and no less, and counting costs next to nothing."""

import sqlite3
import timeit
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from clients.llm import Llm, LlmConnection
from clients.testing import message_payload
from clients.testing_llm import error
from hubcrew.prompt import Asked, Excerpt
from hubcrew.writer import Writer
from relay import Event, Named, State
from relay.delivery import Delivery
from relay.event import now_ms
from relay.figures import MOST_EFFECT_NAMES, Figures, OwnFigure, read_stock
from relay.handler import Handler
from relay.store import Store
from relay.store.finish import Outcome
from relay.store.keep import Owed
from tests.rig import RULES, Server, eventually, fake_chatwoot
from tests.rig_llm import KEY, LlmStage, listening
from tests.rig_odoo import Wire

HEAD = "from relay import Event, Rejected, Retry, on\n\n\n"
HANDLER = "@on('chatwoot.message_created'{options})\nasync def act(event: Event) -> None:\n    {body}\n"


def read(text: str | bytes) -> dict[tuple[str, ...], float]:
    """Prometheus's text as {(name, label's value, …): value}, the labels in the order of their names."""
    text = text if isinstance(text, str) else text.decode()
    return {
        (each.name, *(each.labels[name] for name in sorted(each.labels))): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def figures_of(server: Server) -> dict[tuple[str, ...], float]:
    return read(server.http.get("/metrics").raise_for_status().text)


@pytest.fixture
def with_plugin(start_server: Callable[..., Server], tmp_path: Path) -> Callable[..., Server]:
    """Start a server with a plugin that does this with each message."""

    def start(body: str, options: str = "", **settings: str) -> Server:
        (tmp_path / "plugins").mkdir(exist_ok=True)
        (tmp_path / "plugins" / "counted.py").write_text(HEAD + HANDLER.format(body=body, options=options))
        return start_server(PLUGINS_DIR=str(tmp_path / "plugins"), **settings)

    return start


def send(server: Server, number: int = 1, **changes: Any) -> httpx.Response:
    return server.post_chatwoot(message_payload(number, number, "oi", message_type="outgoing", **changes))


# The whole


def test_every_request_is_counted_by_its_source_and_what_became_of_it(start_server: Callable[..., Server]) -> None:
    server = start_server()
    for number in (1, 2, 2):
        send(server, number)
    server.sync_rules(RULES)
    server.sync_rules(RULES, **{"X-API-Key": "wrong"})
    server.http.post("/webhook", content=b"{}", headers={"Authorization": ""})
    server.http.post("/webhook", content=b"{", headers={"Authorization": "Bearer rig-webhook-token"})
    for _ in range(3):
        server.http.get("/health")
    found = figures_of(server)
    counted = {key[1:]: value for key, value in found.items() if key[0] == "servidor_requests_total"}

    assert counted.pop(("event", "chatwoot", "200")) == 2
    assert counted.pop(("repeated", "chatwoot", "200")) == 1
    assert counted.pop(("event", "odoo", "200")) == 1
    assert counted.pop(("rejected", "odoo", "401")) == 1
    assert sum(counted.values()) == 2
    assert all(result == "rejected" for result, _, _ in counted)
    assert found["servidor_answer_seconds_count", "chatwoot"] == 3
    assert found["servidor_answer_seconds_count", "odoo"] == 1
    assert 0 < found["servidor_answer_seconds_sum", "odoo"] < 10


def test_what_is_counted_and_what_the_books_say_are_the_same(with_plugin: Callable[..., Server]) -> None:
    server = with_plugin("await event.emit('shop.told', {})")
    for number in (1, 2, 2, 3):
        send(server, number)
    server.http.post("/webhook", content=b"{}", headers={"Authorization": ""})
    eventually(server.is_quiet)
    found, books = figures_of(server), server.books()

    def counted(result: str) -> float:
        return sum(value for key, value in found.items() if key[:2] == ("servidor_requests_total", result))

    assert found["servidor_requests_total", "event", "relay", "200"] == 3
    assert counted("event") == books["requests"]["events"] == found["servidor_books_requests_total", "events"]
    assert counted("repeated") == books["requests"]["repeated"] == 1
    assert counted("rejected") == books["requests"]["rejected"] == 1
    done = sum(value for key, value in found.items() if key[0] == "servidor_deliveries_total" and key[2] == "done")
    assert done == books["deliveries"]["done"] == found["servidor_books_deliveries", "done"]
    assert found["servidor_books_difference", "requests"] == found["servidor_books_difference", "deliveries"] == 0


def test_failures_and_retries_are_counted_by_handler(with_plugin: Callable[..., Server]) -> None:
    server = with_plugin("if event.attempt < 3: raise OSError", ", retry=Retry(first=0.05)")
    send(server)
    eventually(server.is_quiet)
    found, name = figures_of(server), "plugins.counted:act"

    assert found["servidor_deliveries_total", name, "waiting"] == 2
    assert found["servidor_deliveries_total", name, "done"] == 1
    assert found["servidor_retries_total", name] == 2
    assert found["servidor_handler_seconds_count", name] == 3


def test_what_waits_and_since_when_is_read_from_the_database(with_plugin: Callable[..., Server]) -> None:
    server = with_plugin("raise OSError if event.payload['id'] < 3 else Rejected('no')", ", retry=Retry(first=60)")
    for number, conversation in ((1, 1), (2, 1), (3, 3)):  # the second waits behind the first, which is tried again
        server.post_chatwoot(message_payload(number, conversation, "oi", message_type="outgoing"))
    name = "plugins.counted:act"
    eventually(lambda: figures_of(server).get(("servidor_backlog", name, "dead")) == 1)
    eventually(lambda: figures_of(server).get(("servidor_backlog", name, "retrying")) == 1)
    found = figures_of(server)
    server.kill()
    server.start()
    after = figures_of(server)

    assert found["servidor_backlog", name, "waiting"] == after["servidor_backlog", name, "waiting"] == 1
    assert after["servidor_backlog", name, "dead"] == after["servidor_backlog", name, "retrying"] == 1
    assert 0 < found["servidor_oldest_waiting_seconds", name] < after["servidor_oldest_waiting_seconds", name] < 60


def test_replies_and_hand_overs_are_figures_of_their_own_and_tests_are_none(
    start_server: Callable[..., Server],
) -> None:
    with fake_chatwoot(bot_token="bot") as (chatwoot, url):
        server = start_server(CHATWOOT_BASE_URL=url, CHATWOOT_BOT_TOKEN="bot")
        server.sync_rules(RULES)
        server.post_chatwoot(message_payload(1, 1, "Quais as formas de pagamento?"))
        server.post_chatwoot(message_payload(2, 2, "Quero falar com um atendente"))
        server.post_chatwoot(message_payload(3, 3, "Qual o prazo de entrega?"), **{"X-Event-Test": "true"})
        eventually(lambda: chatwoot.replies(1) and chatwoot.notes(2) and server.admin("outbox")["items"])
        eventually(server.is_quiet)
        found = figures_of(server)
        server.stop()
    by = "handlers.chatwoot.reply:answer_customer"

    assert found["servidor_replies_total", "account_1"] == 1
    assert found["servidor_hand_overs_total", "account_1"] == 1
    assert found["servidor_effects_total", "reply", by] == 1
    assert found["servidor_effects_total", "note", by] == 2  # the test's, for which no rule is known, as well


def test_names_from_outside_are_no_labels(start_server: Callable[..., Server]) -> None:
    server = start_server()
    send(server)
    eventually(server.is_quiet)
    before = figures_of(server).keys()
    for number in range(2, 12):
        server.post_chatwoot({**message_payload(number, number, "oi"), "event": f"made_up_{number}"})
    eventually(server.is_quiet)

    assert {key for key in figures_of(server).keys() - before if key[0] != "servidor_requests_total"} == set()


# Who may read them


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [
        ("/metrics", "", 401),
        ("/metrics", "Bearer", 401),
        ("/metrics", "Bearer wrong", 401),
        ("/metrics", "Bearer rig-webhook-token", 401),
        ("/metrics", "Bearer of-metrics", 200),
        ("/metrics", "Bearer rig-admin-token", 200),
        ("/admin/api/stats", "Bearer of-metrics", 401),
    ],
)
def test_the_metrics_token_opens_the_metrics_and_nothing_else(
    reading: Server, path: str, token: str, status: int
) -> None:
    assert reading.http.get(path, headers={"Authorization": token}).status_code == status


def test_without_a_metrics_token_an_empty_one_opens_nothing(start_server: Callable[..., Server]) -> None:
    server = start_server(METRICS_TOKEN="", ADMIN_TOKEN="")

    assert server.http.get("/metrics", headers={"Authorization": "Bearer"}).status_code == 401


def test_it_is_prometheuss_text_form(reading: Server) -> None:
    answer = reading.http.get("/metrics")

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert read(answer.text)["servidor_database_readable",] == 1


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server whose figures are read."""
    server = Server(tmp_path_factory.mktemp("reading"), METRICS_TOKEN="of-metrics").start()
    yield server
    server.stop()


def test_a_database_that_cannot_be_read_takes_away_its_own_figures_alone(start_server: Callable[..., Server]) -> None:
    server = start_server()
    send(server)
    eventually(server.is_quiet)
    with sqlite3.connect(server.folder / "data" / "server.db") as database:
        database.execute("ALTER TABLE counters RENAME TO away")
    found = figures_of(server)
    with sqlite3.connect(server.folder / "data" / "server.db") as database:
        database.execute("ALTER TABLE away RENAME TO counters")

    assert found["servidor_database_readable",] == 0
    assert found["servidor_requests_total", "event", "chatwoot", "200"] == 1
    assert "servidor_backlog" not in {name for name, *_ in found}
    assert figures_of(server)["servidor_database_readable",] == 1


# By tables


async def test_the_stock_is_what_is_not_done(store: Store) -> None:
    await store.register_handlers({"shop:sold": "shop.*"})
    number = store.handler_ids["shop:sold"]
    event = Event("shop.sold", b"{}", received=now_ms())
    await store.keep(event, Named("shop.sold"), [Owed(number), Owed(number, "parked", "why"), Owed(number, "done")])
    found = await store.read(read_stock)

    assert {(each["handler"], each["state"], each["number"]) for each in found.backlog} == {
        ("shop:sold", "waiting", 1),
        ("shop:sold", "parked", 1),
    }
    assert all(abs(each["oldest"] - event.received) < 1000 for each in found.backlog)
    assert found.books["requests"]["events"] == 1
    assert found.off == []


@pytest.mark.parametrize(
    ("name", "change", "requests", "deliveries"),
    [
        ("requests.received", 0, 0, 0),
        ("requests.received", 1, 1, 0),
        ("requests.repeated", 2, 2, 0),
        ("deliveries.dead", 3, 0, 3),
    ],
)
async def test_the_books_balance_or_it_is_told_by_how_much_they_do_not(
    store: Store, name: str, change: int, requests: int, deliveries: int
) -> None:
    await store.write(lambda tx: tx.count(name, change))
    found = read(Figures().text(await store.read(read_stock)))

    assert found["servidor_books_difference", "requests"] == requests
    assert found["servidor_books_difference", "deliveries"] == deliveries


def test_a_handlers_effect_names_are_bounded() -> None:
    figures = Figures()
    for number in range(100):
        figures.effect("plugins.x:act", f"ring {number}", Event("x", b""))
    found = {key: value for key, value in read(figures.text(None)).items() if key[0] == "servidor_effects_total"}

    assert len(found) == MOST_EFFECT_NAMES + 1
    assert found["servidor_effects_total", "other", "plugins.x:act"] == 100 - MOST_EFFECT_NAMES


@pytest.mark.parametrize(
    ("handler", "effect", "test", "counted"),
    [
        ("handlers.shop.reply:act", "reply", False, True),
        ("handlers.shop.reply:act", "reply", True, False),
        ("handlers.shop.reply:act", "note", False, False),
        ("plugins.shop:act", "reply", False, False),
    ],
)
def test_an_effect_is_a_figure_of_its_own_where_that_was_said(
    handler: str, effect: str, test: bool, counted: bool
) -> None:
    figures = Figures([OwnFigure("said", "What was said.", "handlers.shop.", "reply")])
    figures.effect(handler, effect, Event("x", b"", account="loja2", test=test))

    assert (("servidor_said_total", "loja2") in read(figures.text(None))) is counted


# The language model


@pytest.fixture(scope="module")
def stage() -> Iterator[LlmStage]:
    """Give a language model's server."""
    with listening() as running:
        yield running


async def test_calls_and_replies_of_a_model_are_counted_by_their_result(
    stage: LlmStage, store: Store, wire: Wire
) -> None:
    figures, now = Figures(), datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
    asked = Asked("account_1", "aceita pix?", (), (Excerpt("1", "Pix", "Aceitamos Pix."),), {}, now.date(), "pt")
    llm = Llm(LlmConnection(f"{stage.url}/v1", "small", KEY), transport=wire, tell=figures.llm_call)
    writer = Writer(llm, State(store), 100, figures.wording)
    stage.fake.will_say(("Sim! Aceitamos Pix.", ["1"]))
    await writer.write(asked, now)
    stage.fake.fault = lambda _body: error(403, "model_not_found", "no")
    await writer.write(asked._replace(question="tem pix?"), now)
    found = read(figures.text(None))

    assert found["servidor_llm_calls_total", "answered"] == found["servidor_llm_calls_total", "refused"] == 1
    assert found["servidor_llm_call_seconds_count",] == 2
    assert found["servidor_llm_replies_total", "written"] == found["servidor_llm_replies_total", "failed"] == 1


# What it costs


@pytest.mark.alone
def test_an_event_costs_a_few_microseconds() -> None:
    figures, handler = Figures(), Handler(lambda event: None, ("x",))
    delivery = Delivery(Event("x", b""), 0, handler, 1)
    outcomes = [Outcome(1, 0, "done", 1, 0, 0)]

    def event() -> None:
        figures.request("chatwoot", "event", 200, 0.0021)
        figures.performed(delivery, outcomes)

    microseconds = min(timeit.repeat(event, number=10_000, repeat=5)) * 100

    assert microseconds < 30  # four on an idle machine; an event costs about four hundred in all
