"""What comes instead of a text: a voice note is answered by what Chatwoot writes down of it, or a person hears it."""

from collections.abc import Callable
from typing import Any

import pytest

from handlers.chatwoot.gates import NotYet
from relay.store import Store
from tests.rig_chatwoot import BY_PIX, PAYMENT, Shop

pytestmark = pytest.mark.anyio


def audio(text: str = "") -> dict[str, Any]:
    return {"content": None, "attachments": [{"id": 5, "file_type": "audio", "transcribed_text": text}]}


@pytest.fixture
async def shop(open_store: Callable[[], Store]) -> Shop:
    return await Shop(open_store(), ANSWER_WAIT_SECONDS="30").open()


async def test_a_voice_note_that_is_in_writing_is_answered(shop: Shop):
    await shop.answer(await shop.write(1, "", **audio(PAYMENT)))

    assert shop.replies == [BY_PIX]


async def test_a_voice_note_waits_for_its_writing_and_is_answered_then(shop: Shop):
    spoken = await shop.write(1, "", **audio())
    with pytest.raises(NotYet) as caught:
        await shop.answer(spoken)
    await shop.write(1, "", event="message_updated", **audio(PAYMENT))
    await shop.answer(spoken)

    assert (caught.value.costs_attempt, shop.replies) == (False, [BY_PIX])


async def test_a_voice_note_that_nobody_writes_down_goes_to_a_person(open_store: Callable[[], Store]):
    shop = await Shop(open_store(), ANSWER_WAIT_SECONDS="0").open()
    await shop.answer(await shop.write(1, "", **audio()))

    assert shop.status == "open"
    assert "uma mensagem de voz" in shop.notes[0]


@pytest.mark.parametrize(
    ("kind", "told"), [("image", "uma foto"), ("location", "uma localização"), ("embed", "um arquivo")]
)
async def test_what_has_no_words_goes_to_a_person_who_is_told_what_it_is(shop: Shop, kind: str, told: str):
    await shop.answer(await shop.write(1, "", content=None, attachments=[{"id": 5, "file_type": kind}]))

    assert shop.status == "open"
    assert told in shop.notes[0]


async def test_a_picture_with_words_is_answered_by_its_words(shop: Shop):
    await shop.answer(await shop.write(1, PAYMENT, attachments=[{"id": 5, "file_type": "image"}]))

    assert shop.replies == [BY_PIX]
