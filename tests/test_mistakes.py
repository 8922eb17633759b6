"""Does a plugin's usual mistake say, at the start, what it is and what to write instead?"""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from clients import Chatwoot
from relay import Event, PerAccount, Source, field, webhook
from relay.authenticate import ApiKey, HmacSignature
from relay.handler import bound_services
from relay.signals import Signals

signals = Signals()


class Till(msgspec.Struct):
    key: list[str] = []


async def act(event: Event) -> None: ...


async def without_an_event() -> None: ...


async def with_the_event_later(chatwoot: Chatwoot, event: Event) -> None: ...


async def untyped(event: Event, chatwoot) -> None: ...  # type: ignore[no-untyped-def]


async def of_a_type_that_is_none(event: Event, chatwoot: Event) -> None: ...


def till(**other: Any) -> Source:
    return webhook("till", **{"authenticate": ApiKey("k"), "signal": "paid", **other})


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (lambda: signals.on(act), r'@on takes names of signals, in parentheses: @on\("shop\.opened"\)'),
        (signals.on, "@on takes names of signals"),
        (lambda: signals.on(["a.b", "a.c"]), "@on takes names of signals"),
        (lambda: signals.answer(act), "@answer takes names of signals"),
        (lambda: signals.meanwhile(act), r"@meanwhile takes seconds, in parentheses: @meanwhile\(60\)"),
        (lambda: signals.settings(Till), r'@settings takes a prefix, in parentheses: @settings\("till"\)'),
        (lambda: signals.settings("till")(dict), r"dict is no msgspec\.Struct: write class dict\(msgspec\.Struct\)"),
        (lambda: signals.on("a.b")(without_an_event), r"takes no event: write without_an_event\(event: Event\)"),
        (lambda: signals.on("a.b")(with_the_event_later), "the event comes first, before 'chatwoot'"),
        (lambda: till(authenticate=HmacSignature), r"authenticate is a way .* HmacSignature\(…\), not the class"),
        (lambda: till(authenticate="key"), "authenticate is a way"),
        (lambda: till(key="order.id"), r'key is field\("order\.id"\), header\(…\) or a function'),
        (lambda: till(repeat_id="id"), r'repeat_id is field\("id"\)'),
        (lambda: PerAccount(Till, "till", dict).each("keys"), "Till has no 'keys'; it has: key"),
    ],
)
def test_a_mistake_is_told_where_it_is_made(mistake: Callable[[], Any], said: str):
    with pytest.raises((TypeError, ValueError), match=said):
        mistake()


def test_what_is_right_stays_so():
    assert till(signal=field("what"), key=lambda _incoming, body: body["id"], account="loja2").name == "till"
    assert signals.on("a.b", "a.c")(act) is act
    assert signals.meanwhile(0.5)(act) is act


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (untyped, "'chatwoot' has no type: a service is asked for by it, chatwoot: Chatwoot"),
        (of_a_type_that_is_none, "no service of the type Event for 'chatwoot'; there are: Chatwoot"),
    ],
)
def test_a_service_that_is_not_there_is_told_with_those_that_are(function: Callable[..., Any], said: str):
    bound, missing = bound_services(function, {Chatwoot: object()}, skip=1)

    assert (bound, missing) == ({}, [said])
