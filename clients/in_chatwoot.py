"""What does a handler do in Chatwoot because of an event? Each act once, however often the delivery runs."""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

from clients.contacts import Contact, Contacts, Template, contact_of, no_user
from clients.conversation import Conversation, Untold
from clients.http import Refused
from clients.living import Living
from clients.once import Occasion, account_of, act, hopelessly, since

# The conversation, or what was to be done in it, is not there, or not like this.
HOPELESS = (404, 422)
# How events of Chatwoot, and those that a handler makes of them, name their conversation (handlers/chatwoot/source.py).
_KEY = re.compile(r"(?:test:)?conversation:([0-9]+)(?:#([0-9]+))?(?:@(.*))?")
_OF_CONVERSATIONS = ("chatwoot", "relay")


class Spot(NamedTuple):
    """A conversation and where it is: its account's number, where that is not the usual one, and its place."""

    conversation: int | None
    account_number: int | None
    place: str


def spot_of(event: Occasion, conversation: int | None, place: str) -> Spot:
    """Where a handler acts: in the conversation that the event is of, unless another is named."""
    match = _KEY.fullmatch(event.key or "") if event.source in _OF_CONVERSATIONS else None
    number = int(match[2]) if match and match[2] else None
    own = place or ((match[3] or "") if match else "")
    if conversation is None:
        conversation = int(match[1]) if match else None
    return Spot(conversation, number if not place else None, own)


class InChatwoot:
    """Chatwoot in the hands of one event's handler. What is done here is an effect of the event, done once.

    An effect is named by what it does, and numbered in the order of the calls ("reply", "reply 2"); with `effect` it
    has a name of its own, which a handler needs that does not always do the same. If it is not known whether an
    earlier attempt succeeded, it is looked up. What a test would do is kept in the outbox.
    """

    def __init__(
        self, event: Occasion, conversation: Conversation, contacts: Contacts, living: Living, *, reposts: bool
    ) -> None:
        self._event = event
        self._living = living
        self._conversation = conversation
        self._contacts = contacts
        self._reposts = reposts

    @property
    def conversation(self) -> Conversation:
        """The conversation; raises `Refused` where the event is of none and none was named."""
        if not self._conversation.display_id:
            raise hopelessly(Refused(f"{self._event.name} is of no conversation: name one, chatwoot.of(event, 12)"))
        return self._conversation

    # In the conversation

    async def reply(self, text: str, *, template: Template | None = None, effect: str = "") -> int | None:
        """Say this to the customer; the message's number in Chatwoot, None if it was kept in the outbox.

        With a `template` WhatsApp's customer gets that, and `text` is what the agents see.
        """
        return await self._say("reply", text, effect, template=template.as_sent() if template else None)

    async def note(self, text: str, *, effect: str = "") -> int | None:
        """Leave a note that only agents see; its number in Chatwoot."""
        return await self._say("note", text, effect, private=True)

    async def open(self, *, effect: str = "") -> None:
        """Set the conversation open: it is the agents'."""
        await self._set("open", effect or self._event.nth("open"))

    async def resolve(self, *, effect: str = "") -> None:
        """Set the conversation resolved."""
        await self._set("resolved", effect or self._event.nth("resolve"))

    async def label(self, add: Iterable[str] = (), remove: Iterable[str] = (), *, effect: str = "") -> list[str]:
        """Add and take away labels, leaving the rest as they are; those that the conversation has then."""
        added, removed = list(add), list(remove)

        async def do() -> Any:
            labels = await self.conversation.change_labels(added, removed)
            if labels is None:
                raise hopelessly(Refused("no token may change this conversation's labels"))
            return labels

        async def find(_about: Any) -> Any:
            labels = (await self.conversation.show() or {}).get("labels")
            is_so = isinstance(labels, list) and set(added) <= set(labels) and not set(removed) & set(labels)
            return labels if is_so else None

        return list(await self._act(effect or self._event.nth("label"), do, find, {"add": added, "remove": removed}))

    async def show(self) -> dict[str, Any] | None:
        """The conversation as it is now; None where no token may read it, and for a test."""
        return await self.conversation.show()

    async def messages(self) -> list[dict[str, Any]] | None:
        """Its latest twenty messages, oldest first; None as for `show`."""
        return await self.conversation.messages()

    # With others

    async def find_contact(self, phone: str) -> Contact | None:
        """Who has this telephone number, a Brazilian mobile's with its ninth digit or without; None for a test."""
        known = await self._contacts.find(phone)
        return contact_of(known) if known else None

    async def find_or_create_contact(self, phone: str, *, name: str = "", email: str = "", effect: str = "") -> Contact:
        """The same, made with this name where there is none; number 0 if that was kept in the outbox."""

        async def do() -> Any:
            return await self._contacts.find_or_create(phone, name, email)

        async def find(_about: Any) -> Any:
            return await self._contacts.find(phone)

        return contact_of(await self._act(effect or self._event.nth("contact"), do, find))

    async def conversations(self, contact: Contact, inbox: int | None = None) -> list[dict[str, Any]]:
        """Their latest twenty conversations, of one inbox or of all, newest activity first; none for a test.

        Each has an "id", for `chatwoot.of(event, id)`, an "inbox_id" and a "status" ("open", "resolved", …).
        """
        listed = await self._contacts.conversations(contact.id)
        if listed is None:
            raise no_user()
        return [each for each in listed if inbox in (None, each.get("inbox_id"))]

    async def start_conversation(
        self,
        contact: Contact,
        inbox: int,
        text: str,
        *,
        template: Template | None = None,
        status: str = "",
        effect: str = "",
    ) -> int | None:
        """Begin a conversation with a message; its number, None if it was kept in the outbox.

        In WhatsApp the message must be a `template`; `text` is what the agents see of it. `status` is "open",
        "pending" or "resolved"; left out, Chatwoot decides. `chatwoot.of(event, number)` goes on in it.
        """
        name = effect or self._event.nth("start")
        mark = self._mark(name)

        async def do() -> Any:
            return await self._contacts.start(contact, inbox, text, mark, status=status, template=template)

        async def find(_about: Any) -> Any:
            return await self._contacts.find_started(contact.id, inbox, mark, text, since=since(self._event))

        started = await self._act(name, do, self._or_again(find), {"text": text, "contact": contact.id})
        return started["id"]  # type: ignore[no-any-return]  # what the ledger kept

    # How it is done once

    async def _say(self, kind: str, text: str, effect: str, **how: Any) -> int | None:
        name = effect or self._event.nth(kind)
        mark = self._mark(name)

        async def find(recorded: Any) -> Any:
            said = (recorded or {}).get("text", text)
            after = self._event.payload.get("id") if self._event.name.startswith("chatwoot.message_") else None
            return await self.conversation.find_own(mark, said, since=since(self._event), after=after)

        conversation = self.conversation
        said = await self._act(name, lambda: conversation.say(text, mark, **how), self._or_again(find), {"text": text})
        return said["id"]  # type: ignore[no-any-return]  # what the ledger kept

    async def _set(self, status: str, name: str) -> None:
        conversation = self.conversation

        async def is_so(_about: Any) -> Any:
            return await conversation.is_now(status)

        await self._act(name, lambda: conversation.set_status(status), is_so)

    async def _act(
        self,
        name: str,
        do: Callable[[], Awaitable[Any]],
        find: Callable[[Any], Awaitable[Any]],
        about: dict[str, Any] | None = None,
    ) -> Any:
        if not self._event.test:
            await self._living.check(account_of(self._event))
        return await act(self._event, name, do, find, about=about, hopeless=HOPELESS)

    def _mark(self, name: str) -> dict[str, Any]:
        """What its message is known by: another handler of the same event may say something too."""
        return {"event": self._event.id, "kind": f"{self._event.handler} {name}".lstrip()}

    def _or_again(self, find: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Awaitable[Any]]:
        """Where nobody can look it up, it is done again if the server is set up so."""

        async def found(recorded: Any) -> Any:
            try:
                return await find(recorded)
            except Untold:
                if not self._reposts:
                    raise
                return None

        return found
