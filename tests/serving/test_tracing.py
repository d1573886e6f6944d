"""Spans are made where they are asked for, in the trace that the client began."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from serving import tracing
from serving.database.connection import database_url
from serving.database.migration import open_database
from serving.tracing import configure_tracing, wanted_exporter
from tests.serving.served import served

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What is told; the global provider can be set only once, so it is replaced where we ask for it."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing.trace, "get_tracer", provider.get_tracer)
    yield exporter
    provider.shutdown()


def test_a_request_and_its_batch_have_spans(spans: InMemorySpanExporter, tmp_path: Path) -> None:
    database = open_database(database_url(None, tmp_path))
    with served(database) as client:
        headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "x-request-id": "r-1"}
        client.post("/v1/classify", json={"texts": ["Too few examples"]}, headers=headers)
    database.close()
    batch, request = spans.get_finished_spans()
    assert (batch.name, request.name) == ("batch", "POST /v1/classify")
    assert format(request.context.trace_id, "032x") == TRACE
    assert batch.parent is None
    assert dict(batch.attributes) == {"countervoice.texts": 1, "countervoice.tokens": 7}
    assert request.attributes["http.response.status_code"] == 200
    assert request.attributes["countervoice.request_id"] == "r-1"
    assert "examples" not in batch.to_json() + request.to_json()


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, None),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp"),
    ],
)
def test_the_variables_of_opentelemetry_are_read(environment: dict[str, str], wanted: str | None) -> None:
    assert wanted_exporter(environment) == wanted


def test_without_the_exporter_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    configure_tracing({"OTEL_TRACES_EXPORTER": "otlp"})
    assert "pip install opentelemetry-exporter-otlp-proto-http" in caplog.text
