"""What does a plugin get by type? Each service used in the real server, and a kill -9 between act and result."""

import itertools
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from clients.testing import FakeChatwoot, message_payload
from tests.rig import RULES, Server, eventually, fake_chatwoot, serving

numbers = itertools.count(3000)
HEAD = """
    import msgspec
    from clients import Chatwoot, Http, Odoo, Template
    from hubcrew import HubCrew
    from relay import Event, Retry, State, on

"""


@pytest.fixture
def fake() -> Iterator[FakeChatwoot]:
    with fake_chatwoot() as (running, url):
        running.url = url  # type: ignore[attr-defined]
        yield running


@pytest.fixture
def with_plugins(start_server: Callable[..., Server], fake: FakeChatwoot, tmp_path: Path) -> Callable[..., Server]:
    def start(**plugins: str) -> Server:
        (tmp_path / "plugins").mkdir()
        for name, body in plugins.items():
            (tmp_path / "plugins" / f"{name}.py").write_text(textwrap.dedent(HEAD) + textwrap.dedent(body))
        return start_server(
            PLUGINS_DIR=str(tmp_path / "plugins"),
            CHATWOOT_BASE_URL=fake.url,  # type: ignore[attr-defined]
            CHATWOOT_API_KEY="user-token",
            ANSWER_MODE="off",
        )

    return start


def send(server: Server, conversation: int, text: str = "oi", **headers: str) -> None:
    assert server.post_chatwoot(message_payload(next(numbers), conversation, text), **headers).status_code == 200


def deliveries(server: Server, plugin: str) -> list[dict[str, Any]]:
    """What each event, oldest first, is owed to a plugin."""
    found = [server.admin(f"events/{each['id']}")["deliveries"] for each in reversed(server.events())]
    return [each for some in found for each in some if each["handler"].startswith(f"plugins.{plugin}:")]


def reasons(server: Server, plugin: str) -> list[str]:
    eventually(server.is_quiet)
    return [each["reason"] for each in deliveries(server, plugin)]


ACTS = """
    @on("chatwoot.message_created")
    async def act(event: Event, chatwoot: Chatwoot) -> None:
        mine = chatwoot.of(event)
        await mine.reply("Já olhamos.")
        await mine.note("Olhem.")
        await mine.label(add=["vip"])
        await mine.open()
        contact = await mine.find_or_create_contact("41 98888-0000", name="Rui")
        template = Template("pedido_pronto", body=["Rui"])
        event.explain(str(await mine.start_conversation(contact, 3, "Rui, está pronto.", template=template)))
"""


def test_a_plugin_acts_in_chatwoot_in_a_line_each(with_plugins: Callable[..., Server], fake: FakeChatwoot) -> None:
    fake.contacts.add_inbox(3)
    server = with_plugins(acts=ACTS)
    send(server, 1)
    (begun,) = reasons(server, "acts")

    assert [each["content"] for each in fake.replies(1)] == ["Já olhamos."]
    assert (fake.notes(1), fake.status(1), fake.conversation(1)["labels"]) == (["Olhem."], "open", ["vip"])
    assert [each["content"] for each in fake.replies(int(begun))] == ["Rui, está pronto."]


def test_what_a_test_makes_a_plugin_do_stands_in_the_outbox(
    with_plugins: Callable[..., Server], fake: FakeChatwoot
) -> None:
    server = with_plugins(acts=ACTS)
    send(server, 1, **{"X-Event-Test": "true"})
    assert reasons(server, "acts") == ["None"]

    assert fake.asked == []
    kinds = {each["kind"] for each in server.admin("outbox")["items"]}
    assert kinds == {"reply", "note", "label", "status", "contact", "conversation"}


@pytest.mark.parametrize("content", ["Já olhamos.", "Rui, está pronto."], ids=["a reply", "a conversation"])
def test_killed_after_the_act_and_before_its_result_a_plugin_does_it_once(
    with_plugins: Callable[..., Server], fake: FakeChatwoot, content: str
) -> None:
    fake.contacts.add_inbox(3)
    server = with_plugins(acts=ACTS)

    def kill(message: dict[str, Any]) -> None:
        if message["content"] == content and server.process is not None:
            server.kill()

    fake.on_message = kill
    send(server, 1)
    eventually(lambda: server.process is None)
    fake.on_message = lambda *_: None
    server.start()
    eventually(lambda: [each["state"] for each in deliveries(server, "acts")] == ["done"], seconds=60)
    said = [each["content"] for some in fake.messages.values() for each in some]

    assert sorted(said) == ["Já olhamos.", "Olhem.", "Rui, está pronto."]


def test_a_plain_function_waits_for_what_services_do(with_plugins: Callable[..., Server], fake: FakeChatwoot) -> None:
    body = """
        @on("chatwoot.message_created")
        def act(event: Event, chatwoot: Chatwoot, state: State) -> None:
            event.wait(chatwoot.of(event).reply("um"))
            count = event.wait(state.of(event).change("count", lambda known: (known or 0) + 1))
            event.explain(str(count))
    """
    server = with_plugins(plain=body)
    send(server, 1)
    send(server, 1)

    assert reasons(server, "plain") == ["1", "2"]
    assert len(fake.replies(1)) == 2


def test_two_plugins_that_use_the_same_name_do_not_meet(with_plugins: Callable[..., Server]) -> None:
    body = """
        @on("chatwoot.message_created")
        async def act(event: Event, state: State) -> None:
            how = lambda known: [*(known or []), event.payload["content"]]
            event.explain(str(await state.of(event).change("said", how)))
    """
    server = with_plugins(one=body, other=body.replace('event.payload["content"]', "0"))
    send(server, 1, "a")
    send(server, 1, "b")
    send(server, 1, "c", **{"X-Event-Test": "true"})

    assert reasons(server, "one") == ["['a']", "['a', 'b']", "['c']"]
    assert reasons(server, "other") == ["[0]", "[0, 0]", "[0]"]


def test_a_plugin_asks_any_server_and_posts_once(with_plugins: Callable[..., Server]) -> None:
    posted: list[Any] = []

    async def take(request: Request) -> JSONResponse:
        if request.method == "POST":
            posted.append(await request.json())
        return JSONResponse({"stock": 3})

    with serving(Starlette(routes=[Route("/stock", take, methods=["GET", "POST"])])) as url:
        body = f"""
            @on("chatwoot.message_created", retry=Retry(first=0.1))
            async def act(event: Event, http: Http) -> None:
                stock = (await http.get("{url}/stock")).json()
                await http.of(event).post("{url}/stock", json=stock)
                if event.attempt == 1:
                    raise ValueError("again")
                event.explain(f"{{stock['stock']}} left")
        """
        server = with_plugins(stock=body)
        send(server, 1)
        eventually(lambda: [each["state"] for each in deliveries(server, "stock")] == ["done"])

    assert posted == [{"stock": 3}]


def test_a_plugin_asks_the_crew_and_reads_its_payload_by_type(with_plugins: Callable[..., Server]) -> None:
    body = """
        class Message(msgspec.Struct):
            content: str
            id: int

        class Wrong(msgspec.Struct):
            content: int

        @on("chatwoot.message_created")
        async def act(event: Event, crew: HubCrew, odoo: Odoo) -> None:
            reply = await crew.ask(event.account, event.payload_as(Message).content)
            event.explain(f"{reply.text} {odoo.can_ask(event.account)}")

        @on("chatwoot.message_created")
        async def mistaken(event: Event) -> None:
            event.payload_as(Wrong)
    """
    server = with_plugins(asks=body)
    server.sync_rules(RULES)
    send(server, 1, "Quais as formas de pagamento?")

    assert reasons(server, "asks") == [
        "Aceitamos Pix, cartão e boleto. False",
        "the body is not of the shape Wrong: Expected `int`, got `str` - at `$.content`",
    ]
