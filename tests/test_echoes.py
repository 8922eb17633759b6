"""What we wrote in Chatwoot, and what it tells of it: known again, in a real server. clients/echoes.py."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clients import Refused, echoes
from clients.echoes import MARKER, Write, Writes, confirmed
from clients.testing import FakeChatwoot, changed_payload, echo_payload, message_payload
from tests.rig import RULES, Server, eventually, fake_chatwoot
from tests.rig_pages import Visitor

# The report: a label that is set on conversation_updated came back as conversation_updated, 15 times in 17 s.
FLIPPING = """
from clients import Chatwoot
from relay import Event, on

@on("chatwoot.conversation_updated")
async def flip(event: Event, chatwoot: Chatwoot) -> None:
    has = "{label}" in (event.payload.get("labels") or [])
    await chatwoot.of(event).label(remove=["{label}"] if has else [], add=[] if has else ["{label}"])
    event.explain("flipped")
"""
WATCHING = """
from relay import Event, on

@on("chatwoot.conversation_updated", "chatwoot.message_created", "chatwoot.conversation_status_changed")
async def watch(event: Event) -> None:
    by = event.cause.by if event.cause else ""
    event.explain(f"our own: {by}" if event.echo else "somebody else's")
"""
NOTING = """
from clients import Chatwoot
from relay import Event, on

@on("chatwoot.message_created")
async def note(event: Event, chatwoot: Chatwoot) -> None:
    await chatwoot.of(event).note("Anotado.")
"""


@pytest.fixture
def served() -> Iterator[tuple[FakeChatwoot, str]]:
    with fake_chatwoot() as both:
        yield both


@pytest.fixture
def chatwoot(served: tuple[FakeChatwoot, str]) -> FakeChatwoot:
    return served[0]


@pytest.fixture
def start(
    start_server: Callable[..., Server], served: tuple[FakeChatwoot, str], tmp_path: Path
) -> Callable[..., Server]:
    """Start a server with these plugins, whose Chatwoot tells it of every change before it has answered."""

    chatwoot, url = served

    def begin(plugins: dict[str, str], **settings: str) -> Server:
        folder = tmp_path / "plugins"
        folder.mkdir()
        for name, text in plugins.items():
            (folder / f"{name}.py").write_text(text)
        its = {"CHATWOOT_BASE_URL": url, "CHATWOOT_API_KEY": "user-token"}
        server = start_server(PLUGINS_DIR=str(folder), ALARM_EVERY_SECONDS="0.2", **its, **settings)
        chatwoot.on_change = lambda conversation, was: tell(server, conversation, was)
        chatwoot.on_message = lambda message: check(server.post_chatwoot(echo_payload(message)))
        return server

    return begin


def check(response: Any) -> None:
    assert response.json()["status"] == "kept"


def tell(server: Server, conversation: dict[str, Any], was: dict[str, Any]) -> None:
    """What the real one sends: conversation_updated, of labels twice, and of a status also by its own event."""
    updated = changed_payload(conversation, was)
    for body in [updated, updated] if "labels" in was else [updated]:
        check(server.post_chatwoot(body))
    if "status" in was:
        check(server.post_chatwoot({**updated, "event": "conversation_status_changed", "changed_attributes": None}))


def reasons(server: Server, handler: str, signal: str = "chatwoot.conversation_updated") -> list[str]:
    """What a handler said of each event of a signal, oldest first."""
    eventually(server.is_quiet)
    found = [server.admin(f"events/{each['id']}") for each in reversed(server.events(signal=signal))]
    return [own["reason"] for each in found for own in each["deliveries"] if own["handler"].endswith(f":{handler}")]


# What a webhook confirms

CAUSE = object()
MARK = {"event": "19c0", "kind": "reply"}
OPEN, LABELS = Write("status", "open", CAUSE), Write("labels", ["vip", "novo"], CAUSE)
AGENT = Write("assignee", 900, CAUSE)
SAID = Write("message", (MARK, "Aceitamos Pix."), CAUSE)
ALL = [OPEN, LABELS, SAID]


def told(event: str, *changes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    listed = [{name: {"previous_value": None, "current_value": now}} for each in changes for name, now in each.items()]
    return {"event": event, "changed_attributes": listed or None, **fields}


@pytest.mark.parametrize(
    ("body", "writes", "found"),
    [
        pytest.param(told("conversation_updated", {"status": "open"}), ALL, [OPEN], id="a status"),
        pytest.param(told("conversation_updated", {"status": "resolved"}), ALL, [], id="another status"),
        pytest.param(told("conversation_updated", {"label_list": ["novo", "VIP"]}), ALL, [LABELS], id="labels"),
        pytest.param(told("conversation_updated", {"label_list": ["novo"]}), ALL, [], id="one label less"),
        pytest.param(
            told("conversation_updated", {"status": "open", "updated_at": "x", "waiting_since": "y"}), ALL, [OPEN],
            id="with what changes by itself",
        ),
        pytest.param(
            told("conversation_updated", {"status": "open"}, {"assignee_id": 7}), ALL, [], id="with news of an assignee"
        ),
        pytest.param(
            told("conversation_updated", {"status": "open"}, {"label_list": ["vip", "novo"]}), ALL, [OPEN, LABELS],
            id="both at once",
        ),
        pytest.param(
            told("conversation_updated", {"status": "open"}, {"assignee_id": 900}), [AGENT, OPEN], [OPEN, AGENT],
            id="an agent's token that opens is given the conversation",
        ),
        pytest.param(
            told("conversation_updated", {"status": "open"}, {"label_list": ["vip", "novo"]}), [OPEN], [],
            id="ours, and somebody's",
        ),
        pytest.param(
            told("conversation_updated", {"waiting_since": None, "updated_at": "x"}), ALL, [SAID], id="nobody waits"
        ),
        pytest.param(told("conversation_updated", {"waiting_since": "now"}), ALL, [], id="a customer waits"),
        pytest.param(told("conversation_updated", {"waiting_since": None}), [OPEN], [], id="said by somebody else"),
        pytest.param(
            told("conversation_updated", status="open", labels=["vip", "novo"]), ALL, [OPEN, LABELS],
            id="no changes named, a picture that agrees",
        ),
        pytest.param(
            told("conversation_updated", status="open", labels=[]), ALL, [], id="no changes named, it does not agree"
        ),
        pytest.param(told("conversation_updated", status="open", labels=[]), [SAID], [], id="nothing to agree with"),
        pytest.param(told("conversation_status_changed", status="open"), ALL, [OPEN], id="status_changed"),
        pytest.param(told("conversation_opened", status="open"), ALL, [OPEN], id="opened"),
        pytest.param(told("conversation_resolved", status="resolved"), ALL, [], id="resolved by a person"),
        pytest.param(
            told("conversation_status_changed", {"status": "pending"}, status="open"), ALL, [],
            id="what changed is surer than the picture",
        ),
        pytest.param(
            {"event": "message_created", "content_attributes": {MARKER: MARK}}, ALL, [SAID], id="a message's mark"
        ),
        pytest.param(
            {"event": "message_created", "content_attributes": {MARKER: {**MARK, "kind": "note"}}}, ALL, [],
            id="another mark",
        ),
        pytest.param(
            {"event": "message_created", "message_type": "outgoing", "content": "Aceitamos Pix. "}, ALL, [SAID],
            id="a message's text, without marks",
        ),
        pytest.param(
            {"event": "message_created", "message_type": "incoming", "content": "Aceitamos Pix."}, ALL, [],
            id="a customer quotes it",
        ),
        pytest.param({"event": "conversation_created", "status": "open"}, ALL, [], id="another event"),
        pytest.param({"event": "conversation_updated", "changed_attributes": "odd"}, [], [], id="nothing written"),
    ],
)  # fmt: skip
def test_a_webhook_confirms_what_we_wrote_if_it_tells_of_nothing_else(
    body: dict[str, Any], writes: list[Write], found: list[Write]
):
    assert confirmed(body, writes) == found


def test_a_write_is_known_for_half_a_minute_from_its_answer_and_not_if_it_was_refused(monkeypatch: pytest.MonkeyPatch):
    now, writes = [1000.0], Writes()
    monkeypatch.setattr(echoes.time, "monotonic", lambda: now[0])
    opened = told("conversation_status_changed", status="open")
    with pytest.raises(Refused), writes.writing("c", "status", "open", CAUSE):
        raise Refused("no", 404)
    assert writes.echo("c", opened) is None
    with writes.writing("c", "status", "open", CAUSE):
        assert writes.echo("c", opened) is CAUSE
        now[0] += 40
    now[0] += 29

    assert writes.echo("c", opened) is CAUSE
    assert writes.echo("another", opened) is None
    now[0] += 2
    assert writes.echo("c", opened) is None


# In a server


def test_a_plugin_that_sets_a_label_on_every_update_does_not_meet_its_own_label(
    start: Callable[..., Server], chatwoot: FakeChatwoot
) -> None:
    server = start({"flipping": FLIPPING.format(label="vip")})
    chatwoot.change(5, priority="high")

    eventually(lambda: len(server.events(signal="chatwoot.conversation_updated")) == 3)
    assert reasons(server, "flip") == ["flipped", "an echo of its own act", "an echo of its own act"]
    assert chatwoot.conversation(5)["labels"] == ["vip"]


def test_what_somebody_else_changes_meanwhile_is_handed_over(
    start: Callable[..., Server], chatwoot: FakeChatwoot
) -> None:
    server = start({"flipping": FLIPPING.format(label="vip"), "watching": WATCHING})
    chatwoot.change(5, priority="high")
    eventually(lambda: len(server.events(signal="chatwoot.conversation_updated")) == 3)
    chatwoot.change(5, labels=["outra"])
    eventually(lambda: len(server.events(signal="chatwoot.conversation_updated")) == 7)

    # The plugin acts between the two webhooks of one change, or after both.
    assert Counter(reasons(server, "watch")) == {"somebody else's": 3, "our own: plugins.flipping:flip": 4}


def test_a_label_that_somebody_sets_back_to_what_we_wrote_is_theirs(
    start: Callable[..., Server], chatwoot: FakeChatwoot
) -> None:
    server = start({"watching": WATCHING, "flipping": FLIPPING.format(label="vip").replace("updated", "created")})
    server.post_chatwoot({**changed_payload(chatwoot.conversation(5), {}), "event": "conversation_created"})
    eventually(lambda: len(server.events(signal="chatwoot.conversation_updated")) == 2)
    chatwoot.change(5, labels=[])
    chatwoot.change(5, labels=["vip"])

    assert reasons(server, "watch") == [*2 * ["our own: plugins.flipping:flip"], *4 * ["somebody else's"]]


def test_two_plugins_that_undo_each_others_labels_are_cut_and_an_alarm_says_who(
    start: Callable[..., Server], chatwoot: FakeChatwoot
) -> None:
    both = {"one": FLIPPING.format(label="vip"), "two": FLIPPING.format(label="vip")}
    server = start(both, LOOP_ROUNDS="4")
    chatwoot.change(5, priority="high")

    alarm = eventually(lambda: [each for each in server.admin("alarms")["items"] if each["code"] == "went_round"])[0]
    eventually(server.is_quiet)
    assert "plugins.one:flip" in alarm["text"]
    assert "plugins.two:flip" in alarm["text"]
    assert alarm["account"] == "account_1"
    assert not any(each["code"] == "deliveries_parked" for each in server.admin("alarms")["items"])
    assert len(server.events(signal="chatwoot.conversation_updated", limit=500)) < 60
    cuts = [line for line in server.http.get("/metrics").text.splitlines() if line.startswith("servidor_cuts_total")]
    assert cuts
    assert "cut: went round: chatwoot.conversation_updated" in server.logs()


@pytest.mark.parametrize("keeps_marks", [True, False], ids=["since 4.9", "before 4.9"])
def test_a_message_of_ours_that_comes_back_before_chatwoots_answer_is_answered_by_nobody(
    start: Callable[..., Server], chatwoot: FakeChatwoot, keeps_marks: bool
) -> None:
    server = start({"noting": NOTING, "watching": WATCHING})
    server.sync_rules(RULES)

    def echo(message: dict[str, Any]) -> None:
        attributes = message["content_attributes"] if keeps_marks else {}
        check(server.post_chatwoot(echo_payload({**message, "content_attributes": attributes})))

    chatwoot.on_message = echo
    server.post_chatwoot(message_payload(41, 5, "Quais as formas de pagamento?"))
    eventually(lambda: len(server.events(signal="chatwoot.message_created")) == 4)
    eventually(server.is_quiet)

    assert len(chatwoot.replies(5)) == 1
    assert sorted(chatwoot.notes(5)) == ["Anotado.", "Anotado."]  # of the customer's message, and of the bot's
    assert sorted(reasons(server, "watch", "chatwoot.message_created")) == [
        "our own: handlers.chatwoot.reply:answer_customer",
        *2 * ["our own: plugins.noting:note"],
        "somebody else's",
    ]
    answered = reasons(server, "answer_customer", "chatwoot.message_created")
    assert sum(each.startswith("answered from") for each in answered) == 1


def test_after_a_restart_a_message_is_known_by_its_mark(start: Callable[..., Server], chatwoot: FakeChatwoot) -> None:
    server = start({"noting": NOTING})
    kept: list[dict[str, Any]] = []
    chatwoot.on_message = kept.append
    server.post_chatwoot(message_payload(41, 5, "Bom dia", message_type="outgoing"))
    eventually(lambda: kept)
    eventually(server.is_quiet)
    server.kill()
    server.start()
    check(server.post_chatwoot(echo_payload(kept[0])))

    assert reasons(server, "note", "chatwoot.message_created")[1:] == ["an echo of its own act"]
    assert chatwoot.notes(5) == ["Anotado."]


def test_a_hand_over_of_ours_is_told_to_plugins_as_our_own(
    start: Callable[..., Server], chatwoot: FakeChatwoot
) -> None:
    server = start({"watching": WATCHING})
    server.post_chatwoot(message_payload(41, 5, "Quero falar com um atendente"))
    eventually(lambda: server.events(signal="chatwoot.conversation_status_changed"))

    ours = "our own: handlers.chatwoot.reply:answer_customer"
    assert reasons(server, "watch", "chatwoot.conversation_status_changed") == [ours]
    assert reasons(server, "watch")[0] == ours
    (event,) = server.events(signal="chatwoot.conversation_status_changed")
    (message,) = server.events(signal="chatwoot.message_created", q="41")[-1:]
    with Visitor(server) as visitor:
        page = visitor.see(f"events/{event['id']}")
    assert f'<a href="/admin/events/{message["id"]}"' in page
    assert "handlers.chatwoot.reply:answer_customer" in page


def test_nobody_can_say_from_outside_that_something_is_an_echo(
    start: Callable[..., Server], chatwoot: FakeChatwoot
) -> None:
    server = start({"watching": WATCHING})
    payload = changed_payload(chatwoot.conversation(5), {"status": "open"})
    server.post_chatwoot(payload, **{"X-Servidor-Cause": '{"event":"1","by":"x","way":{}}'})

    assert reasons(server, "watch") == ["somebody else's"]
