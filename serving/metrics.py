"""What the service counts of itself, for Prometheus; one process, one registry."""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from serving.batcher import REASONS, BatchRun, BusyError
from serving.database.jobs import KINDS, UNFINISHED, JobState, Kind
from serving.store import StoredMining

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST
_LATENCIES_S: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
_HEADS: Final = ("sentiment", "degree")
_JOB_ENDS: Final = (
    "done",
    "failed",
    "cancelled",
    "died",
)  # one that died is begun again, three times at most
_TEXTS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_TOKENS: Final = (16, 64, 256, 512, 1_024, 2_048, 4_096, 16_384, 65_536, 262_144)


class Metrics:
    """Counters and gauges, each named ``countervoice_...``; every label takes few values, whatever is sent."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # one more for each counter: when it began
        self._registry = registry = CollectorRegistry()
        self._seconds = Histogram(
            "countervoice_request_seconds",
            "From the first byte of a request to the last of its answer.",
            ["route", "status"],
            buckets=_LATENCIES_S,
            registry=registry,
        )
        self._texts = Histogram(
            "countervoice_batch_texts", "Texts in a batch.", buckets=_TEXTS, registry=registry
        )
        self._tokens = Histogram(
            "countervoice_batch_tokens", "Estimated tokens in a batch.", buckets=_TOKENS, registry=registry
        )
        self._batch_seconds = Histogram(
            "countervoice_batch_seconds", "Work on a batch.", buckets=_LATENCIES_S, registry=registry
        )
        self._wait_seconds = Histogram(
            "countervoice_wait_seconds",
            "What a request waited before its batch began.",
            buckets=_LATENCIES_S,
            registry=registry,
        )
        self._refused = Counter(
            "countervoice_refused", "Requests refused as one too many.", ["reason"], registry=registry
        )
        self._statements = Counter(
            "countervoice_statements",
            "Statements by what was predicted: compare the shares with those of a good week.",
            ["language", "sentiment", "degree"],
            registry=registry,
        )
        self._without_cause = Counter(
            "countervoice_statements_without_cause", "Statements that fit no cause.", registry=registry
        )
        self._abstained = Counter(
            "countervoice_abstentions",
            "Statements whose call of a head the model does not stand by.",
            ["head"],
            registry=registry,
        )
        self._jobs = Counter("countervoice_jobs", "Jobs that ended.", ["kind", "state"], registry=registry)
        self._unfinished_jobs = Gauge(
            "countervoice_unfinished_jobs", "Jobs that wait and that run.", ["state"], registry=registry
        )
        for kind in KINDS:
            for state in _JOB_ENDS:
                self._jobs.labels(kind, state)
        for head in _HEADS:
            self._abstained.labels(head)
        for reason in REASONS:  # a counter that is not there yet cannot be told from one that is lost
            self._refused.labels(reason)
        self._now = _Now(registry)
        ProcessCollector(registry=registry)  # of the one worker: since when it runs, and what it takes

    def request(self, route: str, status: int, seconds: float) -> None:
        """A request was answered; ``status`` 0 where it was cut off before."""
        self._seconds.labels(route, str(status)).observe(seconds)

    def batch(self, run: BatchRun) -> None:
        """A batch is done."""
        self._texts.observe(run.items)
        self._tokens.observe(run.size)
        self._batch_seconds.observe(run.seconds)
        for wait_s in run.waits_s:
            self._wait_seconds.observe(wait_s)

    def refused(self, error: BusyError) -> None:
        """A classification, or a body, was refused."""
        self._refused.labels(error.reason).inc()

    def answers(self, answers: Sequence[Mapping[str, Any]]) -> None:
        """Answers in the shape of ``serving.messages.MessageAnswer`` were given."""
        told: Tally[tuple[str, str, str]] = Tally()
        for answer in answers:
            for said in answer["statements"]:
                told[answer["language"], said["sentiment"]["label"], said["degree"]["label"]] += 1
                if said["cause"] is None:
                    self._without_cause.inc()
                for head in _HEADS:
                    self._abstained.labels(head).inc(said[head]["abstain"])
        for labels, count in told.items():
            self._statements.labels(*labels).inc(count)

    def job(self, kind: Kind, state: JobState | Literal["died"]) -> None:
        """A job ended, or its process died without a word."""
        self._jobs.labels(kind, state).inc()

    def unfinished_jobs(self, counts: Mapping[JobState, int]) -> None:
        """How many jobs wait, and how many run."""
        for state in UNFINISHED:
            self._unfinished_jobs.labels(state).set(counts[state])

    def page(
        self,
        *,
        database_up: bool,
        waiting_texts: int,
        wait_s: float,
        rate: float | None,
        model: Mapping[str, str],
        mining: StoredMining | None,
    ) -> bytes:
        """Everything in the text format of Prometheus; the arguments are what holds now.

        Args:
            database_up: Whether the database can be read.
            waiting_texts: In the queue.
            wait_s: Seconds after which a request that comes now would begin.
            rate: Estimated tokens a second of late.
            model: Its ``name``, ``version`` and ``runtime``.
            mining: The one that is served; None where there is none.
        """
        self._now.set(database_up, waiting_texts, wait_s, rate or 0.0, model, mining)
        return generate_latest(self._registry)


class _Now:
    """What holds at the moment of looking."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._database = Gauge(
            "countervoice_database_up",
            "1 where the database can be read, 0 where it cannot.",
            registry=registry,
        )
        self._waiting = Gauge("countervoice_waiting_texts", "Texts in the queue.", registry=registry)
        self._wait = Gauge(
            "countervoice_expected_wait_seconds",
            "After which a request that came now would begin.",
            registry=registry,
        )
        self._rate = Gauge(
            "countervoice_tokens_a_second",
            "Estimated tokens read a second of late; 0 where unknown.",
            registry=registry,
        )
        self._model = Info("countervoice_model", "The model that answers.", registry=registry)
        self._mined = Gauge(
            "countervoice_mining_timestamp_seconds",
            "When the mining that is served was made; 0 where there is none.",
            registry=registry,
        )
        self._causes = Gauge("countervoice_causes", "Causes of the mining.", registry=registry)
        self._oppositions = Gauge("countervoice_oppositions", "Oppositions of the mining.", registry=registry)

    def set(
        self,
        database_up: bool,
        waiting_texts: int,
        wait_s: float,
        rate: float,
        model: Mapping[str, str],
        mining: StoredMining | None,
    ) -> None:
        self._database.set(database_up)
        self._waiting.set(waiting_texts)
        self._wait.set(wait_s)
        self._rate.set(rate)
        self._model.info(dict(model))
        self._mined.set(datetime.fromisoformat(mining.created_at).timestamp() if mining else 0)
        self._causes.set(len(mining.mining.causes) if mining else 0)
        self._oppositions.set(len(mining.mining.oppositions) if mining else 0)
