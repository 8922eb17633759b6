"""What becomes of a customer's messages, whatever fails in between: the handlers with a store and a Chatwoot."""

import time
from typing import Any

import pytest

from clients.testing import echo_payload, message_payload
from handlers.chatwoot import desk
from handlers.chatwoot.desk import Stopped
from handlers.chatwoot.gates import NotYet
from handlers.chatwoot.reply import remember, see_failure
from handlers.chatwoot.rescue import rescue
from relay import Rejected, Unresolvable, effects
from relay.effects import OutcomeUnknown
from relay.store import Store
from tests.rig_chatwoot import BY_PIX, DELIVERY, IN_3_DAYS, PAYMENT, UNKNOWN, Died, Shop

RUI = {"id": 3, "name": "Rui", "type": "user"}
TOO_MANY = (422, False, '{"error":"Validation failed: Too many messages"}')


@pytest.fixture
async def shop(store: Store, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr(effects, "SETTLE_SECONDS", 0.0)
    return await Shop(store).open()


# What belongs together


@pytest.mark.parametrize(
    ("texts", "replies"),
    [
        pytest.param([PAYMENT, DELIVERY], [BY_PIX, IN_3_DAYS], id="two questions: two answers"),
        pytest.param(["Quais as formas", "de pagamento?"], [BY_PIX], id="one question in two messages"),
        pytest.param(["Bom dia!", PAYMENT, "Obrigado!"], [BY_PIX], id="courtesy around a question"),
        pytest.param([PAYMENT, DELIVERY, "Aceitam Pix?"], [BY_PIX, IN_3_DAYS], id="a question that was asked twice"),
    ],
)
async def test_what_is_asked_together_is_answered_whole(shop: Shop, texts: list[str], replies: list[str]):
    events = [await shop.write(number, text) for number, text in enumerate(texts, 1)]
    for event in events:
        await shop.answer(event)

    assert shop.replies == replies
    assert shop.status == "pending"


async def test_a_photo_and_a_complaint_beside_a_question_reach_a_person(shop: Shop):
    events = [await shop.write(1, PAYMENT), await shop.write(2, ""), await shop.write(3, "Quero reclamar")]
    reasons = [await shop.answer(event) for event in events]

    assert shop.replies[0] == BY_PIX
    assert reasons[1] == "handed over: a message without text"
    assert "the conversation is open" in reasons[2]
    assert shop.status == "open"


async def test_the_note_tells_all_that_was_asked_meanwhile(shop: Shop):
    first = await shop.write(1, UNKNOWN)
    await shop.write(2, "É para sábado")
    await shop.answer(first)

    assert "dragão" in shop.notes[0]
    assert "É para sábado" in shop.notes[0]


async def test_what_was_answered_before_its_turn_is_not_answered_again(shop: Shop):
    delivery, payment = await shop.write(1, DELIVERY), await shop.write(2, PAYMENT)
    await shop.answer(payment)
    await shop.answer(delivery)

    assert shop.replies == [BY_PIX, IN_3_DAYS]


async def test_a_greeting_whose_question_was_answered_first_is_left_alone_with_a_reason(shop: Shop):
    greeting, question = await shop.write(1, "Bom dia!"), await shop.write(2, PAYMENT)
    await shop.answer(question)
    reason = await shop.answer(greeting)

    assert "it asks nothing by itself" in reason
    assert (shop.replies, shop.status) == ([BY_PIX], "pending")


async def test_what_a_reply_answers_is_what_was_there_when_it_was_sent(shop: Shop):
    greeting = await shop.write(1, "Bom dia!")
    question = await shop.write(2, PAYMENT)
    shop.fail("reply", (504, True))
    with pytest.raises(Exception, match="504"):
        await shop.answer(greeting)
    later = await shop.write(3, DELIVERY)
    for event in (greeting, question, later):
        await shop.answer(event)

    assert shop.replies == [BY_PIX, IN_3_DAYS]


async def test_what_a_reply_of_unknown_outcome_answers_too_waits_for_it(shop: Shop):
    greeting, question = await shop.write(1, "Bom dia!"), await shop.write(2, PAYMENT)
    shop.fail("reply", (504, True))
    with pytest.raises(Exception, match="504"):
        await shop.answer(greeting)
    with pytest.raises(NotYet):
        await shop.answer(question)
    for event in (greeting, question):
        await shop.answer(event)

    assert shop.replies == [BY_PIX]


# Given to a person, to the end


@pytest.mark.parametrize("failure", [(503, False), Died], ids=["it fails", "the process dies"])
@pytest.mark.parametrize("kind", ["status", "note", "reply"])
async def test_a_hand_over_goes_on_where_it_was_broken_off(shop: Shop, kind: str, failure: Any):
    event = await shop.write(1, UNKNOWN)
    shop.fail(kind, failure)
    with pytest.raises((Exception, Died)):
        await shop.answer(event)
    reason = await shop.answer(event)

    assert reason == "handed over: not known"
    assert shop.status == "open"
    assert (len(shop.notes), len(shop.replies)) == (1, 1)


@pytest.mark.parametrize("failure", [(503, False), Died], ids=["it fails", "the process dies"])
@pytest.mark.parametrize("kind", ["status", "note"])
async def test_a_rescue_goes_on_where_it_was_broken_off(shop: Shop, kind: str, failure: Any):
    event = await shop.write(1, PAYMENT)
    shop.fail(kind, failure)
    with pytest.raises((Exception, Died)):
        await shop.try_(rescue, event)
    await shop.try_(rescue, event)
    again = await shop.try_(rescue, event)

    assert shop.status == "open"
    assert len(shop.notes) == 1
    assert shop.replies == []
    assert "left alone: answered before" in again


async def test_a_rescue_ends_what_a_hand_over_began(shop: Shop):
    event = await shop.write(1, UNKNOWN)
    shop.fail("note", (422, False))
    with pytest.raises(Rejected):
        await shop.answer(event)
    await shop.try_(rescue, event)

    assert (shop.status, len(shop.notes)) == ("open", 1)


async def test_a_failed_reply_whose_note_is_lost_once_gets_it_all_the_same(shop: Shop):
    await shop.answer(await shop.write(1, PAYMENT))
    failed = echo_payload(shop.fake.replies(1)[0])
    failed["conversation"]["messages"] = [{"id": failed["id"], "status": "failed"}]
    event = await shop.tell({**failed, "event": "message_updated"})
    shop.fail("note", (503, False))
    with pytest.raises(Exception, match="503"):
        await shop.try_(see_failure, event)
    await shop.try_(see_failure, event)

    assert (shop.status, len(shop.notes)) == ("open", 1)


# What Chatwoot refuses


@pytest.mark.parametrize("status", [404, 422])
@pytest.mark.parametrize("kind", ["status", "note", "reply"])
async def test_what_is_refused_for_good_is_not_tried_again(shop: Shop, kind: str, status: int):
    event = await shop.write(1, UNKNOWN)
    shop.fail(kind, *[(status, False)] * 9)

    with pytest.raises(Rejected, match=str(status)):
        await shop.answer(event)


async def test_a_conversation_that_is_full_is_opened_at_once_and_left_in_peace_for_a_minute(shop: Shop):
    first = await shop.write(1, PAYMENT)
    shop.fail("reply", TOO_MANY)
    with pytest.raises(Stopped) as caught:
        await shop.answer(first)
    opened, posted = shop.status, shop.asked("reply", "note")
    with pytest.raises(Stopped):
        await shop.answer(first)
    second = await shop.answer(await shop.write(2, DELIVERY))

    assert opened == "open"
    assert "the conversation is open" in second
    assert shop.asked("reply", "note") == posted == ["reply"]
    assert (caught.value.costs_attempt, caught.value.retry_after) == (False, pytest.approx(desk.FULL_SECONDS, abs=1))


async def test_after_the_minute_the_person_gets_the_note(shop: Shop):
    event = await shop.write(1, PAYMENT)
    shop.fail("reply", TOO_MANY)
    with pytest.raises(Stopped):
        await shop.answer(event)
    await shop.recollection().note(stopped_until=time.time() - 1)
    reason = await shop.answer(event)

    assert reason == "handed over: too many messages in a minute"
    assert len(shop.notes) == 1
    assert BY_PIX not in shop.replies


async def test_a_channel_that_takes_no_more_replies_by_now_gets_no_sentence(shop: Shop):
    event = await shop.write(1, PAYMENT)
    shop.fake.conversation(1)["can_reply"] = False
    await shop.answer(event)

    assert (shop.status, len(shop.notes), shop.replies) == ("open", 1, [])


# What has come in since


async def test_a_message_that_was_deleted_meanwhile_is_not_answered(shop: Shop):
    event = await shop.write(1, PAYMENT)
    await shop.write(1, "This message was deleted", event="message_updated", content_attributes={"deleted": True})

    assert await shop.answer(event) == "left alone: the message was deleted"
    assert shop.replies == []


async def test_a_deletion_is_remembered_on_disk(shop: Shop):
    changes = {"event": "message_updated", "content_attributes": {"deleted": True}}
    await shop.try_(remember, await shop.write(1, "This message was deleted", **changes))
    stored = await shop.state.get("account_1", "conversation:1")

    assert stored["deleted"] == [1]


async def test_a_contact_who_was_blocked_meanwhile_is_not_answered(shop: Shop):
    event = await shop.write(1, PAYMENT)
    shop.fake.conversation(1)["meta"] = {"assignee": None, "sender": {"id": 7, "blocked": True}}

    assert await shop.answer(event) == "left alone: the contact is blocked"
    assert shop.replies == []


async def test_a_persons_answer_whose_webhook_was_lost_is_seen(shop: Shop):
    event = await shop.write(1, PAYMENT)
    shop.fake.write_as_person(1, "Aqui é o Rui, já respondo")

    assert await shop.answer(event) == "left alone: a person has taken over"
    assert BY_PIX not in shop.replies


async def test_our_own_last_answer_is_no_persons(shop: Shop):
    await shop.answer(await shop.write(1, PAYMENT))
    await shop.answer(await shop.write(2, DELIVERY))

    assert shop.replies == [BY_PIX, IN_3_DAYS]


async def test_a_question_that_chatwoot_brings_late_goes_to_a_person(shop: Shop):
    three_hours_ago = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() - 3 * 3600))
    reason = await shop.answer(await shop.write(1, PAYMENT, created_at=three_hours_ago))

    assert reason == "handed over: the answer would come too late"
    assert BY_PIX not in shop.replies


# Whose turn it is not, and nobody else's


def with_rui(status: str, at: float) -> dict[str, Any]:
    meta = {"assignee": RUI, "sender": {"id": 7}}
    return {"event": "conversation_updated", "id": 1, "status": status, "updated_at": at, "meta": meta}


async def test_who_had_it_before_it_was_resolved_has_it_no_more(shop: Shop):
    now = time.time()
    for status, at in (("open", now - 30), ("resolved", now - 20), ("pending", now - 10)):
        await shop.tell(with_rui(status, at))
    shop.fake.conversation(1)["meta"] = {"assignee": RUI}
    event = await shop.write(1, PAYMENT, conversation_changes={"meta": {"assignee": RUI}})

    await shop.answer(event)
    assert shop.replies == [BY_PIX]


async def test_a_pending_conversation_that_is_assigned_to_a_person_is_given_to_them(shop: Shop):
    shop.fake.conversation(1)["meta"] = {"assignee": RUI}
    event = await shop.write(1, PAYMENT, conversation_changes={"meta": {"assignee": RUI}})

    assert await shop.answer(event) == "given to a person: assigned to a person"
    assert (shop.status, len(shop.notes), shop.replies) == ("open", 1, [])


async def test_a_pending_conversation_that_is_not_the_bots_is_given_to_a_person(store: Store):
    shop = await Shop(store, ANSWER_STATUSES="open").open()
    await shop.answer(await shop.write(1, PAYMENT))
    again = await shop.answer(await shop.write(2, PAYMENT))

    assert (shop.status, len(shop.notes), shop.replies) == ("open", 1, [])
    assert again == "left alone: handed over to a person"


@pytest.mark.parametrize("mode", ["off", "suggest"])
async def test_where_the_bot_is_not_on_nothing_is_given_to_anybody(store: Store, mode: str):
    shop = await Shop(store, ANSWER_MODE=mode, ANSWER_STATUSES="open").open()
    await shop.answer(await shop.write(1, PAYMENT))

    assert (shop.status, shop.notes, shop.replies) == ("pending", [], [])


# An answer that was lost


async def test_an_echo_that_comes_late_is_waited_for(store: Store):
    shop = await Shop(store).open()
    shop.access = shop.access._replace(user_token="", bot_token="bot-token")
    event = await shop.write(1, PAYMENT)
    shop.fail("reply", (504, True))
    with pytest.raises(Exception, match="504"):
        await shop.answer(event)
    with pytest.raises(OutcomeUnknown):
        await shop.answer(event)
    await shop.tell(echo_payload(shop.fake.replies(1)[0]))

    assert await shop.answer(event) == "answered at an earlier try"
    assert shop.replies == [BY_PIX]


async def test_what_nobody_tells_within_the_time_is_parked(shop: Shop):
    shop.access = shop.access._replace(user_token="", bot_token="bot-token")
    event = await shop.write(1, PAYMENT)
    shop.fail("reply", (504, True))
    with pytest.raises(Exception, match="504"):
        await shop.answer(event)

    with pytest.raises(Unresolvable):
        await shop.answer(event)


# What an earlier try has said already


async def test_a_reply_that_arrived_after_all_is_the_only_word_though_it_is_late_by_now(shop: Shop):
    event = await shop.write(1, PAYMENT)
    shop.fail("reply", (504, True))
    with pytest.raises(Exception, match="504"):
        await shop.answer(event)
    event.received -= 3600 * 1000  # an hour has passed: now it would come too late
    reason = await shop.answer(event)

    assert reason == "answered at an earlier try"
    assert (shop.replies, shop.notes, shop.status) == ([BY_PIX], [], "pending")


async def test_a_reply_that_did_not_arrive_is_as_if_it_had_not_been_tried(shop: Shop):
    event = await shop.write(1, PAYMENT)
    shop.fail("reply", (504, False))
    with pytest.raises(Exception, match="504"):
        await shop.answer(event)
    event.received -= 3600 * 1000
    reason = await shop.answer(event)

    assert reason == "handed over: the answer would come too late"
    assert BY_PIX not in shop.replies


@pytest.mark.parametrize("status", [503, 504])
async def test_a_label_that_fails_does_not_keep_a_hand_over_open(shop: Shop, status: int):
    event = await shop.write(1, UNKNOWN)
    shop.fail("label", (status, False))
    reason = await shop.answer(event)

    assert reason == "handed over: not known"
    assert (await shop.memory()).begun == {}


async def test_an_event_without_a_number_is_answered_in_the_accounts_own(shop: Shop):
    shop.access = shop.access._replace(number=1)
    payload = message_payload(1, 1, PAYMENT)
    del payload["account"]
    payload["conversation"]["messages"] = []
    await shop.answer(await shop.tell(payload))

    assert shop.replies == [BY_PIX]
