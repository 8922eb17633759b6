"""What is read at one turn, and what at the next? And whose is what was found?"""

import time

import pytest

from handlers.chatwoot import heal
from handlers.chatwoot.heal import Look, Spot
from hubcrew.healed import Progress
from relay import Reconcile
from relay.deliver import Deliver
from relay.signals import Signals
from relay.store import Store
from tests.rig_chatwoot import Shop

URL = "http://chatwoot.example.com"
SPOT = Spot("account_1", "", URL, 1)


async def open_shop(store: Store) -> Shop:
    return await Shop(store, CHATWOOT_BASE_URL=URL, CHATWOOT_API_KEY="user-token").open()


async def look(shop: Shop, progress: Progress) -> Progress:
    reconcile = Reconcile(Deliver(shop.store, Signals()), shop.store)
    return await Look(SPOT, shop.settings, shop.chatwoot, reconcile).take(progress)


async def test_what_is_more_than_one_turn_reads_is_read_at_the_next(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(heal, "MOST_CONVERSATIONS", 2)
    shop, since = await open_shop(store), time.time() - 3600
    for number in range(1, 6):
        shop.fake.lists.write(number, "Oi", ago=1200 - number * 60)
    looks = [Progress(since=since, first=since)]
    for _each in range(3):
        looks.append(await look(shop, looks[-1]))
        shop.fake.lists.write(1, "Alguém?", ago=600)  # what was read already goes on meanwhile

    assert [each.made for each in looks] == [0, 2, 4, 7]
    assert [each.goes_on for each in looks] == [False, True, True, False]
    assert [each.since == since for each in looks] == [True, True, True, False]


async def test_conversations_that_were_active_in_the_same_second_are_read_at_the_same_turn(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(heal, "MOST_CONVERSATIONS", 2)
    shop, now = await open_shop(store), time.time()
    for number in range(1, 6):
        shop.fake.lists.write(number, "Oi", created_at=int(now) - 600)
    after = await look(shop, Progress(since=now - 3600, first=now - 3600))

    assert (after.made, after.goes_on) == (5, False)


@pytest.mark.parametrize("apart", [60, 0])
async def test_what_was_read_before_chatwoot_failed_counts(store: Store, apart: int):
    shop, since = await open_shop(store), time.time() - 3600
    for number in (1, 2):
        shop.fake.lists.write(number, "Oi", created_at=int(since) + 1800 + number * apart)
    shop.fake.faults[2] = lambda what, _: (503, False) if what == "list" else None
    after = await look(shop, Progress(since=since, first=since))
    del shop.fake.faults[2]
    later = await look(shop, after)

    assert (after.made, after.problem, after.since) == (1, "unreachable", since)
    assert (later.made, later.problem) == (2, "")


async def test_a_message_of_an_inbox_that_is_another_accounts_is_nobodys_here(store: Store):
    shop, since = await open_shop(store), time.time() - 3600
    shop.fake.lists.write(1, "Oi", inbox_id=3)
    elsewhere = Spot("loja2", "", URL, 1)
    reconcile = Reconcile(Deliver(store, Signals()), store)
    after = await Look(elsewhere, shop.settings, shop.chatwoot, reconcile).take(Progress(since=since, first=since))

    assert after.made == 0
