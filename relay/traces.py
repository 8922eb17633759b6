"""Where did the time of one event go? A trace from its request to its effects, where OpenTelemetry is set up.

It is no step of an event's life: it watches them, and without `OTEL_EXPORTER_OTLP_ENDPOINT` does nothing. The ids of
an event's trace and of its first span are derived from the event's own id: nothing has to be stored, and a delivery
that is taken up after a crash, or in another process, goes on in the same trace. It begins with the event's id.

Neither bodies nor what an error says are told: both may quote a customer.
"""

import contextlib
import hashlib
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from loguru import logger

from relay.event import Event

if TYPE_CHECKING:
    from relay.delivery import Delivery

_NOTHING = contextlib.nullcontext()


class Traces:
    """Traces that are switched off: every moment of an event's life is told, and nothing comes of it."""

    def received(self, event: Event, result: str, status: int, seconds: float = 0.0) -> None:
        """A request was answered just now, after so many seconds."""

    def delivery(self, delivery: "Delivery") -> AbstractContextManager[None]:
        """A handler is called within this."""
        return _NOTHING

    def effect(self, name: str) -> AbstractContextManager[None]:
        """Something is done outside, once, within this."""
        return _NOTHING

    def outgoing(self, method: str, server: str, about: str) -> AbstractContextManager[None]:
        """A server outside is asked within this."""
        return _NOTHING

    def close(self) -> None:
        """Send what is not sent yet."""


def open_traces(endpoint: str) -> Traces:
    """Traces that are sent to this OTLP address (HTTP); switched off where it is empty, or nothing can send them.

    The exporter reads its further settings itself: OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER and their like.
    """
    if not endpoint:
        return Traces()
    try:
        return _Sent(endpoint)
    except ImportError as error:
        log = logger.bind(component="server")
        log.error(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but there will be no traces ({}): pip install -e '.[otel]'", error
        )
        return Traces()


def trace_id_of(event_id: str) -> int:
    """The 128 bits of an event's trace: the event's id, then bits that samplers may take for random."""
    return int(event_id, 16) << 64 | span_id_of(event_id)


def span_id_of(event_id: str) -> int:
    """The 64 bits of the first span of an event's trace: its request."""
    return int.from_bytes(hashlib.blake2b(event_id.encode(), digest_size=8).digest(), "big") or 1


class _Ids(threading.local):
    """The ids of spans: the first of an event's trace has those derived from the event, every other a random one."""

    event_id = ""

    def generate_trace_id(self) -> int:
        return trace_id_of(self.event_id)

    def generate_span_id(self) -> int:
        return span_id_of(self.event_id) if self.event_id else random.getrandbits(64) or 1

    def is_trace_id_random(self) -> bool:
        return False


class _Sent(Traces):
    """Traces that are sent."""

    def __init__(self, endpoint: str) -> None:
        # OpenTelemetry may not be installed, and takes a quarter of a second to import.
        from opentelemetry import trace  # noqa: PLC0415
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from opentelemetry.sdk.trace.sampling import Decision  # noqa: PLC0415

        os.environ.setdefault("OTEL_SERVICE_NAME", "servidor-unificado")
        os.environ.setdefault("OTEL_EXPORTER_OTLP_TIMEOUT", "3")  # seconds; the server's end may wait for so long
        self._trace, self._dropped = trace, Decision.DROP
        self._ids = _Ids()
        self._provider = TracerProvider(id_generator=self._ids, shutdown_on_exit=False)  # type: ignore[arg-type]  # a duck
        exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("servidor_unificado")

    def received(self, event: Event, result: str, status: int, seconds: float = 0.0) -> None:
        ended = time.time_ns()
        about = {"source": event.source, "signal": event.name, "account": event.account or "", "event": event.id}
        self._ids.event_id = event.id
        try:
            span = self._tracer.start_span(
                f"request {event.source}",
                self._trace.set_span_in_context(self._trace.INVALID_SPAN),  # an emitted event has a trace of its own
                kind=self._trace.SpanKind.SERVER,
                attributes={**about, "result": result, "http.response.status_code": status},
                links=self._links(event.path.removeprefix("event/")) if event.source == "relay" else (),
                start_time=ended - int(seconds * 1e9),
            )
        finally:
            self._ids.event_id = ""
        span.end(ended)

    def delivery(self, delivery: "Delivery") -> AbstractContextManager[None]:
        parent = self._trace.set_span_in_context(self._trace.NonRecordingSpan(self._first_span(delivery.event.id)))
        about = {"handler": delivery.handler.name, "event": delivery.event.id, "attempt": delivery.attempts + 1}
        links = [link for each in delivery.others for link in self._links(each.event.id)]
        return self._span(delivery.handler.name, about, context=parent, links=links)

    def effect(self, name: str) -> AbstractContextManager[None]:
        return self._span(f"effect {name}", {})

    def outgoing(self, method: str, server: str, about: str) -> AbstractContextManager[None]:
        if not self._trace.get_current_span().get_span_context().is_valid:
            return _NOTHING  # asked for no event: by what is called again and again
        attributes = {"http.request.method": method, "server": server, "about": about}
        return self._span(f"{method} {server}", attributes, kind=self._trace.SpanKind.CLIENT)

    def close(self) -> None:
        self._provider.shutdown()

    @contextlib.contextmanager
    def _span(self, name: str, attributes: dict[str, Any], **options: Any) -> Iterator[None]:
        span = self._tracer.start_span(name, attributes=attributes, **options)
        try:
            with self._trace.use_span(span, record_exception=False, set_status_on_exception=False):
                yield
        except BaseException as error:
            span.set_status(self._trace.StatusCode.ERROR, type(error).__name__)
            if isinstance(status := getattr(error, "status", None), int):
                span.set_attribute("http.response.status_code", status)
            raise
        finally:
            span.end()

    def _first_span(self, event_id: str) -> Any:
        """The context of an event's request, whether or not this process has seen it."""
        trace_id = trace_id_of(event_id)
        sampled = self._provider.sampler.should_sample(None, trace_id, "request").decision is not self._dropped
        flags = self._trace.TraceFlags(self._trace.TraceFlags.SAMPLED if sampled else self._trace.TraceFlags.DEFAULT)
        return self._trace.SpanContext(trace_id, span_id_of(event_id), is_remote=True, trace_flags=flags)

    def _links(self, event_id: str) -> list[Any]:
        return [self._trace.Link(self._first_span(event_id))]
