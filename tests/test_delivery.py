"""What is written down of a try, whatever a handler says or raises?"""

import pytest

from clients.http import Refused
from relay.delivery import Delivery, outcome_of, told
from relay.event import Event, key_of
from relay.handler import Handler


def delivery() -> Delivery:
    return Delivery(Event("shop.visit", b"{}", id=f"{7:016x}"), 0, Handler(lambda _event: None, ("shop.visit",)), 1)


@pytest.mark.parametrize("said", ["half a character \ud83d", ValueError("no text"), 5, "x" * 5000])
def test_whatever_a_handler_explains_can_be_written(said: object):
    tried = delivery()
    tried.explain(said)  # type: ignore[arg-type]  # what a plugin may do
    reason = outcome_of(tried, None).reason

    assert isinstance(reason, str)
    assert 0 < len(reason.encode()) <= 1000


def test_whatever_a_handler_raises_can_be_written():
    outcome = outcome_of(delivery(), ValueError("half \ud83d"))

    assert (outcome.error or "").encode().startswith(b"ValueError: half ?")


def test_a_failures_line_names_the_status_that_an_outside_server_answered():
    assert told(Refused("Chatwoot refused it: Ana, 41 99999-0000", 401), "handlers.chatwoot") == "Refused (401)"


def test_what_only_waits_has_not_failed():
    class NotYet(Exception):
        costs_attempt = False

    waits, fails = delivery(), delivery()
    outcomes = [outcome_of(waits, NotYet()), outcome_of(fails, ValueError())]

    assert [each.state for each in outcomes] == ["waiting", "waiting"]
    assert waits.handler.failure is None
    assert fails.handler.failure is not None


@pytest.mark.parametrize(
    ("key", "test", "made"),
    [("a", True, "test:a"), ("test:a", True, "test:a"), ("a", False, "a"), (None, True, None)],
)
def test_a_tests_key_is_never_that_of_what_it_tests(key: str | None, test: bool, made: str | None):
    assert key_of(key, test=test) == made
