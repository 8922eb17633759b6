"""One trace from a request to its reply, as an OpenTelemetry collector gets it; and nothing where none is set up."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clients.testing import message_payload
from relay.traces import span_id_of, trace_id_of
from tests.rig import ROOT, RULES, Server, eventually, fake_chatwoot, free_port, serving


class Collector:
    """What an OTLP receiver is sent."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.services: set[str] = set()
        self.sent = b""
        self.app = Starlette(routes=[Route("/v1/traces", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        self.sent += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            named = {each.key: each.value.string_value for each in resource.resource.attributes}
            self.services.add(named["service.name"])
            self.spans += [span for scope in resource.scope_spans for span in scope.spans]
        return Response(b"", media_type="application/x-protobuf")

    def of_event(self, event_id: str) -> list[Any]:
        """An event's spans, in the order in which they began."""
        trace = trace_id_of(event_id).to_bytes(16, "big")
        return sorted(
            (each for each in self.spans if each.trace_id == trace), key=lambda each: each.start_time_unix_nano
        )

    def named(self, name: str) -> list[Any]:
        return [each for each in self.spans if each.name == name]


@pytest.fixture
def collector() -> Iterator[tuple[Collector, str]]:
    """Listen as an OpenTelemetry collector does."""
    made = Collector()
    with serving(made.app) as url:
        yield made, url


def attributes(span: Any) -> dict[str, Any]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def parent_of(span: Any, spans: list[Any]) -> Any:
    return next((each for each in spans if each.span_id == span.parent_span_id), None)


def state_of(server: Server, event: str, handler: str) -> str:
    deliveries = server.admin(f"events/{event}")["deliveries"]
    return next(each["state"] for each in deliveries if each["handler"] == handler)


def act(body: str, decorator: str = "@on('chatwoot.message_created')") -> str:
    head = "import asyncio\nfrom relay import Event, Rejected, Retry, on\n"
    return f"{head}{decorator}\nasync def act(event: Event) -> None:\n    {body}\n"


@pytest.fixture
def traced(
    start_server: Callable[..., Server], tmp_path: Path, collector: tuple[Collector, str]
) -> Callable[..., Server]:
    """Start a server whose traces are collected, with a plugin of this text."""

    def start(plugin: str = "", **settings: str) -> Server:
        (tmp_path / "plugins").mkdir(exist_ok=True)
        (tmp_path / "plugins" / "traced.py").write_text(plugin)
        own = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector[1], "PLUGINS_DIR": str(tmp_path / "plugins")}
        return start_server(**{**own, **settings})

    return start


def test_one_trace_leads_from_the_request_to_the_reply(
    traced: Callable[..., Server], collector: tuple[Collector, str]
) -> None:
    with fake_chatwoot(bot_token="bot") as (chatwoot, url):
        server = traced(CHATWOOT_BASE_URL=url, CHATWOOT_BOT_TOKEN="bot")
        server.sync_rules(RULES)
        server.post_chatwoot(message_payload(1, 1, "Quais as formas de pagamento?"))
        eventually(lambda: chatwoot.replies(1))
        eventually(server.is_quiet)
        event = server.events(signal="chatwoot.message_created")[0]["id"]
        server.stop()
    spans = collector[0].of_event(event)
    by_name = {each.name: each for each in spans}
    effect = by_name["effect reply"]
    posted = next(each for each in spans if parent_of(each, spans) is effect)

    assert collector[0].services == {"servidor-unificado"}
    assert spans[0].name == "request chatwoot"
    assert attributes(spans[0])["event"] == event
    assert attributes(spans[0])["http.response.status_code"] == 200
    assert not spans[0].parent_span_id
    assert parent_of(by_name["handlers.chatwoot.reply:answer_customer"], spans) is spans[0]
    assert parent_of(effect, spans) is by_name["handlers.chatwoot.reply:answer_customer"]
    assert posted.name == f"POST {url}/api/v1"
    assert all(span.start_time_unix_nano <= span.end_time_unix_nano for span in spans)


def test_what_a_plain_function_does_in_its_thread_is_in_the_trace(
    traced: Callable[..., Server], collector: tuple[Collector, str]
) -> None:
    plain = act("event.once('ring', lambda: 1)").replace("async def", "def")
    server = traced(plain)
    server.post_chatwoot(message_payload(1, 1, "oi", message_type="outgoing"))
    eventually(server.is_quiet)
    event = server.events()[0]["id"]
    server.stop()
    spans = collector[0].of_event(event)
    (effect,) = (each for each in spans if each.name == "effect ring")

    assert parent_of(effect, spans).name == "plugins.traced:act"


def test_a_delivery_taken_up_after_a_crash_goes_on_in_the_same_trace(
    traced: Callable[..., Server], collector: tuple[Collector, str], tmp_path: Path
) -> None:
    server = traced(act("if event.attempt == 1: await asyncio.sleep(60)"))
    server.post_chatwoot(message_payload(1, 1, "oi", message_type="outgoing"))
    event = server.events()[0]["id"]
    eventually(lambda: state_of(server, event, "plugins.traced:act") == "running")
    server.kill()
    server.start()
    eventually(server.is_quiet)
    server._end(signal.SIGTERM)
    (again,) = (each for each in collector[0].named("plugins.traced:act") if attributes(each)["event"] == event)

    assert again.trace_id == trace_id_of(event).to_bytes(16, "big")
    assert again.parent_span_id == span_id_of(event).to_bytes(8, "big")
    assert attributes(again)["attempt"] == 2


def test_an_event_that_a_handler_makes_has_a_trace_of_its_own_that_is_linked(
    traced: Callable[..., Server], collector: tuple[Collector, str]
) -> None:
    server = traced(act("await event.emit('shop.told', {})"))
    server.post_chatwoot(message_payload(1, 1, "oi", message_type="outgoing"))
    eventually(lambda: server.events(signal="shop.told"))
    eventually(server.is_quiet)
    made, origin = server.events(signal="shop.told")[0]["id"], server.events(signal="chatwoot.*")[0]["id"]
    server.stop()
    (request,) = collector[0].of_event(made)

    assert request.name == "request relay"
    assert not request.parent_span_id
    assert [each.trace_id for each in request.links] == [trace_id_of(origin).to_bytes(16, "big")]


def test_a_failure_is_told_by_its_kind_and_by_no_word_of_its_own(
    traced: Callable[..., Server], collector: tuple[Collector, str]
) -> None:
    server = traced(act("raise Rejected('Ana 41 99999-0000')"))
    server.post_chatwoot(message_payload(1, 1, "segredo", message_type="outgoing"))
    eventually(server.is_quiet)
    server.stop()
    (span,) = collector[0].named("plugins.traced:act")

    assert (span.status.code, span.status.message) == (2, "Rejected")
    assert b"Ana" not in collector[0].sent
    assert b"segredo" not in collector[0].sent


def test_a_sampler_keeps_a_trace_whole_or_not_at_all(
    traced: Callable[..., Server], collector: tuple[Collector, str]
) -> None:
    server = traced(
        act("await event.once('ring', one)") + "async def one() -> int:\n    return 1\n",
        OTEL_TRACES_SAMPLER="parentbased_traceidratio",
        OTEL_TRACES_SAMPLER_ARG="0.5",
    )
    for number in range(40):
        server.post_chatwoot(message_payload(number, number, "oi", message_type="outgoing"))
    eventually(server.is_quiet)
    server.stop()
    names = ("request chatwoot", "plugins.traced:act", "effect ring")
    requests, deliveries, effects = ({each.trace_id for each in collector[0].named(name)} for name in names)

    assert 0 < len(requests) < 40
    assert requests == deliveries == effects


def test_a_collector_that_is_away_holds_up_neither_an_answer_nor_the_end(traced: Callable[..., Server]) -> None:
    server = traced(act("pass"), OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{free_port()}")
    answer = server.post_chatwoot(message_payload(1, 1, "oi", message_type="outgoing"))
    begun = time.monotonic()
    server.stop()

    assert answer.status_code == 200
    assert time.monotonic() - begun < 10


WITHOUT = """
import sys
class Nowhere:
    def find_spec(self, name, *_):
        if name.partition(".")[0] == "opentelemetry":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Nowhere())
from relay.traces import Traces, open_traces
assert type(open_traces(sys.argv[1])) is Traces
"""


def test_where_opentelemetry_is_not_installed_nothing_changes_but_a_line_says_so() -> None:
    command = [sys.executable, "-c", WITHOUT, "http://127.0.0.1:9"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert "pip install -e '.[otel]'" in run.stderr


def test_switched_off_nothing_of_it_is_imported() -> None:
    script = "import sys; import app; app.open_traces(''); assert not [x for x in sys.modules if 'opentelemetry' in x]"

    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_a_traces_id_begins_with_the_events() -> None:
    assert f"{trace_id_of('0198f2a4c0ffee42'):032x}".startswith("0198f2a4c0ffee42")
    assert trace_id_of("0198f2a4c0ffee42") & (2**64 - 1) == span_id_of("0198f2a4c0ffee42")
    assert span_id_of("0198f2a4c0ffee42") != span_id_of("0198f2a4c0ffee43")
