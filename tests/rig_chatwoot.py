"""What does a customer talk to where no server runs? The handlers with a store and a Chatwoot, a call for each try."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
from loguru import logger

from app import shop_of
from clients.chatwoot import Chatwoot
from clients.installation import Access
from clients.testing import FakeChatwoot, message_payload
from config.settings import load
from handlers.chatwoot.memory import Memory, Recollection
from handlers.chatwoot.reply import answer_customer, make_way, remember, see_failure
from handlers.chatwoot.rescue import rescue
from handlers.chatwoot.rest import rest
from handlers.chatwoot.wrong import note_wrong_answer
from hubcrew import HubCrew, Knowledge
from hubcrew.knowledge import Item, Scope
from relay import Event, History, Named, State, effects
from relay.store import Store

PAYMENT, DELIVERY = "Quais as formas de pagamento?", "Qual o prazo de entrega?"
UNKNOWN = "Vocês fazem tatuagem de dragão?"
RULES = [
    Item("1", "Formas de pagamento", "Aceitamos Pix, cartão e boleto.", "payment"),
    Item("2", "Prazo de entrega", "Entregamos em até 3 dias úteis.", "delivery"),
]
BY_PIX, IN_3_DAYS = (each.text for each in RULES)
HANDLERS = (answer_customer, make_way, note_wrong_answer, remember, rescue, rest, see_failure)


class Died(BaseException):
    """The process was killed here."""


class Delivered:
    """One event in the hands of one handler: its effects are in the store's ledger, as ever."""

    def __init__(self, store: Store, event: Event, handler: Callable[..., Any]) -> None:
        self._store, self._event, self._handler = store, event, handler
        self.reason = ""
        self.log = logger

    async def once(self, name: str, do: Any, find: Any, about: Any) -> Any:
        place = int(self._event.id, 16), self._store.handler_ids[self._handler.__qualname__]
        return (await effects.once(self._store, *place, name, do, find, about)).result

    def explain(self, reason: str) -> None:
        self.reason = reason


class Shop:
    """A conversation with a shop. What comes in is only kept; each try of a handler is a call."""

    def __init__(self, store: Store, **settings: str) -> None:
        self.store = store
        self.fake = FakeChatwoot(user_token="user-token", bot_token="bot-token")
        self.settings = load({"CHATWOOT_ACCOUNT_ID": "1", "ANSWER_QUIET_SECONDS": "0", **settings})
        self.access = Access("http://chatwoot.example.com", "user-token", "")
        transport = httpx.ASGITransport(app=self.fake.app)
        self.chatwoot = Chatwoot(lambda *_: self.access, self._keep, transport)
        self.crew = HubCrew(Knowledge(store), shop_of=partial(shop_of, self.settings))
        self.state, self.history = State(store), History(store)
        self.payload: dict[str, Any] = {}

    async def _keep(self, *_: Any) -> None:
        raise AssertionError("nothing goes to the outbox here")

    async def open(self) -> "Shop":
        await self.store.register_handlers({each.__qualname__: "" for each in HANDLERS})
        await self.crew.knowledge.replace([(Scope("account_1", "permanent"), RULES)])
        return self

    async def tell(self, payload: dict[str, Any]) -> Event:
        """Chatwoot tells of something."""
        name, body = f"chatwoot.{payload['event']}", json.dumps(payload).encode()
        event = Event(name, body, account="account_1", key="conversation:1", source="chatwoot")
        await self.store.keep(event, Named(name, "account_1", event.key), [])
        return event

    async def write(self, number: int, text: str, **changes: Any) -> Event:
        """The customer writes (or, with other changes, somebody else)."""
        return await self.tell(message_payload(number, 1, text, **changes))

    async def try_(self, handler: Callable[..., Any], event: Event) -> str:
        """One try of a handler; gives the reason that it left."""
        delivered = Delivered(self.store, event, handler)
        services = {
            "settings": self.settings, "chatwoot": self.chatwoot, "state": self.state, "history": self.history,
            "crew": self.crew,
        }  # fmt: skip
        wanted = {name: service for name, service in services.items() if name in handler.__annotations__}
        await handler(event.bound_to(delivered, 1), **wanted)
        return delivered.reason

    async def answer(self, event: Event) -> str:
        return await self.try_(answer_customer, event)

    def recollection(self) -> Recollection:
        return Recollection(Event("x", b"", account="account_1", key="conversation:1"), self.state, self.history)

    async def memory(self) -> Memory:
        return await self.recollection().now("0")

    @property
    def replies(self) -> list[str]:
        return [each["content"] for each in self.fake.replies(1)]

    @property
    def notes(self) -> list[str]:
        return self.fake.notes(1)

    @property
    def status(self) -> str:
        return self.fake.status(1)

    def asked(self, *kinds: str) -> list[str]:
        return [what for what, _ in self.fake.asked if what in kinds]

    def fail(self, kind: str, *answers: Any) -> None:
        """Let the next requests of this kind be answered so; an error is raised in our own process."""
        left = list(answers)

        def fault(what: str, _body: Any) -> Any:
            answer = left.pop(0) if what == kind and left else None
            if isinstance(answer, type):
                raise answer
            return answer

        self.fake.fault = fault
