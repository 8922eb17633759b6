"""Who is known in an account's Chatwoot, and how is a conversation begun with one of them?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from clients.conversation import Conversation, Untold, message_of, own_among
from clients.http import Refused
from clients.installation import Installation
from clients.once import Outbox, hopelessly
from clients.phone import e164, spellings


class Contact(NamedTuple):
    """A customer in Chatwoot; what is not known is "". `addresses` are theirs by inbox: WhatsApp's number, for one."""

    id: int
    name: str
    phone: str
    email: str
    addresses: dict[int, str]


@dataclass(frozen=True)
class Template:
    """A message that WhatsApp has approved, the only kind a customer gets who has not written within 24 hours.

    `body` are the values of its text's variables: a sequence for {{1}}, {{2}}, …, a mapping for named ones.
    `header` and `buttons` are as Chatwoot takes them: `{"media_url": …, "media_type": "image"}`,
    `{"type": "url", "parameter": …}`.
    """

    name: str
    language: str = "pt_BR"
    body: Sequence[str] | Mapping[str, str] = ()
    header: Mapping[str, str] = field(default_factory=dict)
    buttons: Sequence[Mapping[str, str]] = ()
    category: str = ""
    namespace: str = ""

    def as_sent(self) -> dict[str, Any]:
        """In Chatwoot's form (`template_params`)."""
        numbered = {str(number): value for number, value in enumerate(self.body, 1)}
        body = dict(self.body) if isinstance(self.body, Mapping) else numbered
        parts = {"body": body, "header": dict(self.header), "buttons": [dict(each) for each in self.buttons]}
        processed = {name: part for name, part in parts.items() if part}
        told = {"category": self.category, "namespace": self.namespace}
        named = {"name": self.name, "language": self.language, **{name: said for name, said in told.items() if said}}
        return {**named, "processed_params": processed}


class Contacts:
    """The contacts of one account, or, where nothing may be sent, the outbox. A bot's token may not read them."""

    def __init__(self, outbox: Outbox, installation: Installation, path: str | None, account: str, test: bool) -> None:
        self._outbox = outbox
        self._installation = installation
        self._path = path
        self._account = account
        self._test = test

    async def find(self, phone: str) -> dict[str, Any] | None:
        """Who has this number, in Chatwoot's form; a Brazilian mobile's also with or without its ninth digit."""
        number = _number(phone)
        for spelling in [number, *sorted(spellings(number) - {number})] if self._path else []:
            answer = await self._installation.read(f"{self._path}/contacts/search", {"q": spelling}, bot_may=False)
            if answer is None:
                raise no_user()
            found = answer.get("payload") if isinstance(answer, dict) else None
            for each in found or []:
                if each.get("phone_number") == spelling:
                    return _known(each)
        return None

    async def find_or_create(self, phone: str, name: str, email: str) -> dict[str, Any]:
        """The same, made where there is none. Who makes it at the same moment as another finds the other's."""
        number = _number(phone)
        new = {"name": name, "phone_number": number, **({"email": email} if email else {})}
        if self._path is None:
            await self._outbox(self._account, "", "contact", f"{name} {number}".strip(), self._test)
            return {"id": 0, **new}
        if found := await self.find(number):
            return found
        try:
            answer = await self._installation.post_as_user(f"{self._path}/contacts", new)
        except Refused as refused:
            found = await self.find(number) if refused.status == 422 else None
            if found is None:
                raise
            return found
        return _known(answer["payload"]["contact"])

    async def start(
        self, contact: Contact, inbox: int, text: str, mark: dict[str, Any], *, status: str, template: Template | None
    ) -> dict[str, Any]:
        """Begin a conversation with a message; its number in Chatwoot, None in the outbox.

        Where the inbox keeps to one conversation for each customer, the message goes into that.
        """
        if self._path is None:
            await self._outbox(self._account, "", "conversation", text, self._test)
            return {"id": None}
        known = {"source_id": contact.addresses[inbox]} if inbox in contact.addresses else {}
        body = {
            "inbox_id": inbox,
            "contact_id": contact.id,
            "message": message_of(text, mark, template.as_sent() if template else None),
            **known,
            **({"status": status} if status else {}),
        }
        answer = await self._installation.post(f"{self._path}/conversations", body)
        return {"id": answer.get("id") if isinstance(answer, dict) else None}

    async def conversations(self, contact: int) -> list[dict[str, Any]] | None:
        """A contact's latest twenty conversations, in Chatwoot's form; None where no token may read them."""
        if self._path is None:
            return []
        answer = await self._installation.read(f"{self._path}/contacts/{contact}/conversations", bot_may=False)
        listed = answer.get("payload") if isinstance(answer, dict) else None
        return listed if isinstance(listed, list) else None

    async def find_started(
        self, contact: int, inbox: int, mark: dict[str, Any], text: str, *, since: float
    ) -> dict[str, Any] | None:
        """The conversation that was begun so, among the contact's latest twenty; raises `Untold`."""
        listed = await self.conversations(contact)
        if listed is None:
            raise Untold("Chatwoot did not say whether it began this conversation, and no token may look it up")
        for each in listed:
            if each.get("inbox_id") == inbox and each.get("last_activity_at", since) >= since:
                path = f"{self._path}/conversations/{each['id']}"
                its = Conversation(self._outbox, self._installation, path, str(each["id"]), self._account, self._test)
                if own_among(await its.messages() or [], mark, text, since=since):
                    return {"id": each["id"]}
        return None


def contact_of(known: Mapping[str, Any]) -> Contact:
    """A contact, of what Chatwoot says."""
    listed = known.get("contact_inboxes") or []
    addresses = {each["inbox"]["id"]: each["source_id"] for each in listed if (each.get("inbox") or {}).get("id")}
    name, phone, email = (known.get(each) or "" for each in ("name", "phone_number", "email"))
    return Contact(known["id"], name, phone, email, addresses)


def _known(said: Mapping[str, Any]) -> dict[str, Any]:
    """Of what Chatwoot says of a contact, what is kept."""
    listed = [
        {"source_id": each.get("source_id"), "inbox": {"id": (each.get("inbox") or {}).get("id")}}
        for each in said.get("contact_inboxes") or []
    ]
    named = {name: said.get(name) for name in ("id", "name", "phone_number", "email")}
    return {**named, "contact_inboxes": listed}


def _number(phone: str) -> str:
    number = e164(phone)
    if number is None:
        raise hopelessly(Refused("this is no whole telephone number"))
    return number


def no_user() -> Refused:
    """Only a user's token reads contacts and what they wrote."""
    return hopelessly(Refused("a bot may not read contacts: Chatwoot's user token (CHATWOOT_API_KEY) is needed"))
