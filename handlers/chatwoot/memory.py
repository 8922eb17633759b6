"""Whose turn was it last? What is remembered of a conversation, made of its events as they come in."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from handlers.chatwoot.message import Message, Situation, read_conversation, read_message, status_changes
from hubcrew.waiting import WAITING, with_waiting
from relay import Event, History, Rejected, State

MOST_REMEMBERED = 30
MOST_ANSWERED = 500


class Memory(msgspec.Struct):
    """One conversation. Times are epoch seconds; `through` is the newest event that was taken into account."""

    through: str = ""
    status: str | None = None
    status_at: float = 0.0
    person: bool = False
    person_at: float = 0.0
    handed_over: bool = False
    handed_over_at: float = 0.0
    released_at: float = 0.0
    last_person_message: float = 0.0
    answered: list[int] = []
    own_ids: list[int] = []
    own_texts: list[str] = []
    replied_at: list[float] = []
    failed: list[int] = []
    deleted: list[int] = []
    blocked: bool = False
    silenced: bool = False
    # The question that was answered last: "e no sábado?" goes on from there.
    last_asked: str = ""
    assignee: int | None = None
    assigned_at: float = 0.0
    stopped_until: float = 0.0
    # What is given to a person but not yet to the end: message → what was decided (act, reason).
    begun: dict[str, tuple[str, str]] = {}
    # Which messages a reply answers that was sent without our knowing yet whether it arrived: message → them.
    unsure: dict[str, list[int]] = {}

    @property
    def waits_for_person(self) -> bool:
        """Whether it was handed over, and no person has written since."""
        return self.handed_over and max(self.last_person_message, self.person_at) < self.handed_over_at


def digest(text: str) -> str:
    """Stands for a text of ours, to know it again where Chatwoot drops our mark (before 4.9.0)."""
    return hashlib.blake2b(text.strip().encode(), digest_size=8).hexdigest()


def written_by_person(message: Message, memory: Memory) -> bool:
    """Whether an outgoing message is a person's: an agent's in Chatwoot, or one written on the shop's own phone."""
    if message.type != "outgoing" or message.private or message.mark is not None or message.of_campaign:
        return False
    if message.id in memory.own_ids or digest(message.text) in memory.own_texts:
        return False
    from_phone = message.attributes.get("external_echo") is True or message.source_id.startswith("WAID:")
    return from_phone or message.sender == "user"


def fold(memory: Memory, event: Event) -> Memory:
    """What is remembered after one more event, whatever order Chatwoot sends them in."""
    received = event.received / 1000
    memory.through = max(memory.through, event.id)
    payload = payload_of(event)
    if event.name == "chatwoot.message_created":
        message = read_message(payload)
        _see(memory, message.conversation, received)
        if written_by_person(message, memory):
            # Of what came late, the conversation is told as it is now: the message itself knows when it was.
            written = min(received, message.created or received) if event.reconciled else received
            _take_over(memory, written if event.reconciled else message.conversation.at or received)
            memory.last_person_message = max(memory.last_person_message, written)
    elif event.name == "chatwoot.message_updated":
        message = read_message(payload)
        if message.id is not None and message.deleted:
            memory.deleted = [*memory.deleted, message.id][-MOST_REMEMBERED:]
    elif event.name.startswith("chatwoot.conversation_"):
        situation = read_conversation(payload)
        for previous, current in status_changes(payload):
            if (situation.at or received) >= memory.status_at:
                _change(memory, previous, current, situation.at or received)
        _see(memory, situation, received)
    return memory


def payload_of(event: Event) -> Any:
    """The event's payload; None where its body is gone, or holds what nobody can read."""
    try:
        return event.payload
    except Rejected:
        return None


def messages_in(events: Iterable[Event]) -> list[Message]:
    """The messages among these events, a voice note with what was made of it in writing since."""
    events = list(events)
    created = [read_message(payload_of(each)) for each in events if each.name == "chatwoot.message_created"]
    return [in_writing(each, events) for each in created]


def in_writing(message: Message, later: Iterable[Event]) -> Message:
    """The message, with its text from a later event where it had none: a voice note is transcribed afterwards."""
    if message.text or not message.files:
        return message
    updates = (read_message(payload_of(each)) for each in later if each.name == "chatwoot.message_updated")
    text = next((each.text for each in updates if each.id == message.id and each.text), "")
    return message._replace(text=text)


def _see(memory: Memory, situation: Situation, received: float) -> None:
    at = situation.at or received
    if situation.status is None or at < memory.status_at:
        return  # an older picture, that came late
    if memory.status is not None:
        _change(memory, memory.status, situation.status, at)
    memory.status, memory.status_at, memory.blocked = situation.status, at, situation.blocked
    assignee = (situation.assignee_id or 0) if situation.assignee == "user" else None
    if assignee != memory.assignee:
        memory.assignee, memory.assigned_at = assignee, at


def _change(memory: Memory, previous: str, current: str, at: float) -> None:
    """A conversation that becomes pending or resolved is nobody's again."""
    if previous == current or current not in ("pending", "resolved"):
        return
    memory.released_at = max(memory.released_at, at)
    memory.person = memory.person and at < memory.person_at
    memory.handed_over = memory.handed_over and at < memory.handed_over_at


def _take_over(memory: Memory, at: float) -> None:
    """A person has it, unless the news of it comes after that of its release."""
    if at >= memory.released_at:
        memory.person, memory.person_at = True, at


class Recollection:
    """Reads and writes what is remembered of the conversation that an event belongs to."""

    def __init__(self, event: Event, state: State, history: History) -> None:
        self._account, self._key = event.account or "", event.key or ""
        self._state = state
        self._history = history
        self.later: list[Event] = []
        self.memory = Memory()

    async def now(self, after: str) -> Memory:
        """What is remembered with everything that has come in by now, kept as `memory`.

        `later` are the events after the one with the id `after`.
        """
        memory = _decoded(await self._state.get(self._account, self._key))
        fresh = await self._history.later(self._account, self._key, min(memory.through, after))
        self.later = [each for each in fresh if each.id > after]
        for event in fresh:
            if event.id > memory.through:
                memory = fold(memory, event)
        self.memory = memory
        return memory

    async def remember(self, events: Iterable[Event]) -> None:
        """Take events into account, on disk."""
        fresh = list(events)

        def with_events(memory: Memory) -> Memory:
            for event in fresh:
                if event.id > memory.through:
                    memory = fold(memory, event)
            return memory

        await self._change(with_events)

    async def note(self, **changes: Any) -> Memory:
        """Write down what we did ourselves, and give what is on disk then.

        Lists and tables are added to (the newest are kept; None takes out of a table), other fields are set.
        """

        def with_changes(memory: Memory) -> Memory:
            for name, new in changes.items():
                setattr(memory, name, _joined(name, getattr(memory, name), new))
            return memory

        return await self._change(with_changes)

    async def _change(self, how: Callable[[Memory], Memory]) -> Memory:
        """Change what is remembered; whether the conversation waits for a person is listed for whoever looks in."""
        waited: list[bool] = []

        def change(value: Any) -> Any:
            memory = _decoded(value)
            waited[:] = [memory.waits_for_person]
            return msgspec.to_builtins(how(memory))

        memory = _decoded(await self._state.change(self._account, self._key, change))
        if waited != [memory.waits_for_person] and not self._key.startswith("test:"):
            since = int(memory.handed_over_at * 1000) if memory.waits_for_person else None
            await self._state.change(self._account, WAITING, lambda known: with_waiting(known, self._key, since))
        return memory


def _joined(name: str, old: Any, new: Any) -> Any:
    if isinstance(old, dict):
        table = {key: value for key, value in {**old, **new}.items() if value is not None}
        return dict(list(table.items())[-MOST_REMEMBERED:])
    most = MOST_ANSWERED if name == "answered" else MOST_REMEMBERED
    return list(dict.fromkeys([*old, *new]))[-most:] if isinstance(old, list) else new


def _decoded(value: Any) -> Memory:
    return Memory() if value is None else msgspec.convert(value, Memory)
