"""Which pages are there, what may be done on them, and where does an act lead?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from dashboard import (
    audit,
    events,
    examining,
    forwarding,
    given_up,
    handlers,
    knowledge,
    known,
    lessons,
    log_files,
    now,
    pausing,
    playground,
    reference,
    replaying,
    watching,
    wiring,
)
from dashboard.operation import Operation
from hubcrew.written import WRITTEN

# What a change of knowledge is confirmed by: what it adds, removes and changes.
CHANGES = "confirm_changes.html"


@dataclass(frozen=True)
class Page:
    """One page: an operation's answer, shown by a template. `title` is in English; without one it is not in the menu.

    `refresh` is after how many seconds the page looks again by itself (0: never).
    """

    path: str
    template: str
    operation: Operation
    title: str = ""
    refresh: int = 0

    @property
    def address(self) -> str:
        """Where it is."""
        return self.path if self.path.startswith("/") else f"/admin/{self.path}".rstrip("/")


@dataclass(frozen=True)
class Act:
    """Something that a form does. With `count` it is counted and shown first by `confirm`, and done then."""

    path: str
    do: Operation
    leads_to: Callable[[Any, Mapping[str, Any]], str]
    count: Operation | None = None
    title: str = ""
    confirm: str = "confirm.html"

    @property
    def address(self) -> str:
        """Where its form is sent."""
        return f"/admin/acts/{self.path}"


def _(text: str) -> str:  # marks a title for the catalogue; it is translated where it is shown
    return text


def _page(path: str, template: str, answer: Any, title: str = "", refresh: int = 0) -> Page:
    return Page(path, template, Operation("GET", path, answer), title, refresh)


PAGES = (
    _page("", "now.html", now.now, _("Now"), refresh=3),
    _page("events", "events.html", events.events, _("Events"), refresh=3),
    _page("events/{id}", "event.html", events.event_page),
    _page("dead", "dead.html", given_up.dead, _("Dead and parked"), refresh=5),
    _page("runs/{id}", "run.html", replaying.run, refresh=1),
    _page("audit", "audit.html", audit.audit_page, _("Daily proof"), refresh=2),
    _page("rejections", "rejections.html", events.rejections, _("Rejections"), refresh=5),
    _page("outbox", "outbox.html", events.outbox, _("Outbox"), refresh=5),
    _page("knowledge", "knowledge.html", known.items_page, _("Knowledge")),
    _page("knowledge/ask", "knowledge_ask.html", knowledge.ask_page),
    _page("knowledge/revisions", "knowledge_revisions.html", knowledge.revisions_page),
    _page("knowledge/lessons", "knowledge_lessons.html", lessons.lessons_page),
    _page("playground", "playground.html", playground.page, _("Playground"), refresh=1),
    _page("handlers", "handlers.html", handlers.handlers, _("Handlers and plugins"), refresh=5),
    _page("setup", "setup.html", wiring.setup, _("Set-up"), refresh=5),
    _page("doctor", "doctor.html", examining.doctor, _("Doctor")),
    _page("logs", "logs.html", log_files.logs, _("Logs"), refresh=3),
    _page("/docs", "docs.html", reference.docs, _("Addresses")),
)


def _to_run(done: Any, _given: Mapping[str, Any]) -> str:
    return f"/admin/runs/{done['id']}"


def _to_audit(done: Any, _given: Mapping[str, Any]) -> str:
    return f"/admin/audit?{urlencode({'account': done['account'], 'day': done['day']})}"


def _to_event(_done: Any, given: Mapping[str, Any]) -> str:
    return f"/admin/events/{quote(str(given['id']))}"


def _to_handlers(_done: Any, _given: Mapping[str, Any]) -> str:
    return "/admin/handlers"


def _to_now(_done: Any, _given: Mapping[str, Any]) -> str:
    return "/admin"


def _to_knowledge(_done: Any, given: Mapping[str, Any]) -> str:
    return f"/admin/knowledge?{urlencode({'account': given['account'], 'business_rule': WRITTEN})}"


def _to_revisions(_done: Any, given: Mapping[str, Any]) -> str:
    return f"/admin/knowledge/revisions?{urlencode({'account': given['account']})}"


def _to_conversation(done: Any, _given: Mapping[str, Any]) -> str:
    return f"/admin/playground?conversation={done['conversation']}"


def _act(path: str, do: Any, leads_to: Any, count: Any = None, title: str = "", confirm: str = "confirm.html") -> Act:
    return Act(path, Operation("POST", path, do), leads_to, count and Operation("POST", path, count), title, confirm)


ACTS = (
    _act("replay", replaying.begin_replay, _to_run, replaying.replay_events, _("Deal with it once more")),
    _act("run-again", given_up.run_again, _to_run, given_up.run_again, _("Run again")),
    _act("discard", given_up.discard, _to_run, given_up.discard, _("Discard")),
    _act("settle", given_up.settle, _to_event),
    _act("audit/begin", audit.begin_audit, _to_audit),
    _act("runs/{id}/stop", replaying.stop_run, _to_run),
    _act("alarms/acknowledge", watching.acknowledge, _to_now),
    _act("forward", forwarding.change, _to_now),
    _act("pause", pausing.set_pause, _to_now),
    _act("handlers/switch", handlers.switch, _to_handlers),
    _act("knowledge/write", known.write, _to_knowledge),
    _act("knowledge/remove", known.remove, _to_knowledge, known.remove, _("Remove the rule"), CHANGES),
    _act("knowledge/restore", knowledge.restore, _to_revisions, knowledge.restore, _("Take this state back"), CHANGES),
    _act("playground", playground.say, _to_conversation),
)
