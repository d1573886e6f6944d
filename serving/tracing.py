"""Spans for OpenTelemetry: one for each request and each batch where its variables ask for them, else nothing.

The names are those of the OpenTelemetry specification: ``OTEL_TRACES_EXPORTER`` is ``otlp`` or ``console``,
``OTEL_EXPORTER_OTLP_ENDPOINT`` alone means ``otlp``; the SDK itself reads the others, such as ``OTEL_TRACES_SAMPLER``.
"""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind

from serving.exchange import Exchange

NAME = "countervoice"
_LIBRARY = "opentelemetry-exporter-otlp-proto-http"

log = logging.getLogger(__name__)


def wanted_exporter(environment: Mapping[str, str] = os.environ) -> str | None:
    """``otlp``, ``console``, or None where no spans are asked for."""
    named = environment.get("OTEL_TRACES_EXPORTER")
    if named in ("otlp", "console"):
        return named
    return "otlp" if named is None and environment.get("OTEL_EXPORTER_OTLP_ENDPOINT") else None


def configure_tracing(environment: Mapping[str, str] = os.environ) -> None:
    """Set the exporter up that the environment names; without the library it needs, say so and serve on."""
    wanted = wanted_exporter(environment)
    if wanted is None:
        return
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    try:
        exporter = _exporter(wanted)
    except ImportError:
        log.error("no traces are sent: `pip install %s` first, or set OTEL_TRACES_EXPORTER=none", _LIBRARY)
        return
    name = environment.get("OTEL_SERVICE_NAME", NAME)
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


def _exporter(wanted: str) -> Any:
    if wanted == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


@contextmanager
def request_span(headers: Mapping[str, str]) -> Iterator[Span]:
    """A span of a request, in the trace that its ``traceparent`` names.

    BentoML's own spans around it are left out: their sampler, off by default, would decide for ours.
    """
    parent = propagate.extract(headers, context=Context())
    with trace.get_tracer(NAME).start_as_current_span(
        "request", context=parent, kind=SpanKind.SERVER
    ) as span:
        yield span


@contextmanager
def batch_span(texts: int, tokens: int) -> Iterator[None]:
    """A span of a batch: of many requests, so a trace of its own."""
    with trace.get_tracer(NAME).start_as_current_span(
        "batch", context=Context(), attributes={"countervoice.texts": texts, "countervoice.tokens": tokens}
    ):
        yield


def describe(span: Span, exchange: Exchange, status: int) -> None:
    """Say how a request went."""
    if not span.is_recording():
        return
    span.update_name(exchange.route)
    span.set_attributes(
        {
            "http.route": exchange.route,
            "http.response.status_code": status,
            "countervoice.request_id": exchange.id,
            "countervoice.texts": exchange.texts,
            "countervoice.tokens": exchange.tokens,
        }
    )
    if status >= 500:
        span.set_status(trace.StatusCode.ERROR)
