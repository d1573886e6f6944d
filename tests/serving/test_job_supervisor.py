"""Jobs survive what kills their processes; what they leave is served while requests go on."""

import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from data.errors import StateError
from data.records import Feedback
from mining.register import REGISTER_NAME, MinedStatement, open_register
from models.predictions import ModelInfo
from serving import job_supervisor
from serving.configuration import Configuration
from serving.database import connection, jobs
from serving.database.connection import Database
from serving.database.erased import known_still, note_known_still
from serving.database.jobs import Job, cancel_job, claim, create_job, find_job, finish
from serving.engine import Engine
from serving.job_supervisor import Supervisor
from serving.job_work import job_folder
from serving.keeper import Keeper
from serving.logs import JsonFormatter
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.serving.job_world import keep_feedback, mined_folder

Command = Callable[[str, str], Sequence[str]]


def python(program: str) -> Command:
    return lambda job_id, worker: [sys.executable, "-c", program]


def with_keywords(seconds: float) -> Command:
    """The real thing, with a model that takes ``seconds``."""
    return lambda job_id, worker: [
        *(sys.executable, "-m", "tests.serving.job_with_keywords"),
        *(job_id, worker, str(seconds)),
    ]


@contextmanager
def supervising(database: Database, folder: Path, command: Command) -> Iterator[tuple[Supervisor, Engine]]:
    engine = Engine(read_state(folder), KeywordPredictor(), folder)
    settings = Configuration(state=folder, database=database.engine.url)
    supervisor = Supervisor(settings, database, engine, command)
    supervisor.start()
    try:
        yield supervisor, engine
    finally:
        supervisor.stop()


def wait_until(database: Database, job: Job, holds: Callable[[Job], bool], seconds: float = 400) -> Job:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = find_job(database, job.id)
        assert found is not None
        if holds(found):
            return found
        time.sleep(0.1)
    raise AssertionError(f"job is {found}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return mined_folder(tmp_path / "out")


def job_lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    formatter = JsonFormatter()
    records = [record for record in caplog.records if record.name == "serving.job_supervisor"]
    return [json.loads(formatter.format(record)) for record in records]


def samples(engine: Engine, name: str) -> list[tuple[dict[str, str], float]]:
    families = text_string_to_metric_families(engine.metrics_page(database_up=True).decode())
    return [(each.labels, each.value) for family in families for each in family.samples if each.name == name]


def ends_counted(engine: Engine) -> dict[tuple[str, str], float]:
    """Kind and state of jobs that ended, to how many."""
    found = samples(engine, "countervoice_jobs_total")
    assert len(found) == 8  # from zero on
    return {(labels["kind"], labels["state"]): value for labels, value in found if value}


def test_a_job_that_always_dies_is_given_up_and_leaves_no_feedback(
    database: Database, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    job = create_job(database, "mine", {}, "me")
    program = f"import os; os.mkdir(f'{folder}/.mining-{{os.getpid()}}'); os.kill(os.getpid(), 9)"
    caplog.set_level(logging.INFO, "serving")
    with supervising(database, folder, python(program)) as (_, engine):
        ended = wait_until(database, job, lambda job: job.state == "failed")
    assert ended.error == "given up: it ended without a word 3 times"
    assert not list(folder.glob(".mining-*"))
    told = job_lines(caplog)
    assert [line["message"] for line in told] == 3 * ["job taken", "job died", "job begins again"] + [
        "job ended"
    ]
    assert told[1].items() >= {"job": job.id, "kind": "mine", "exit": "SIGKILL", "level": "error"}.items()
    assert told[-1].items() >= {"state": "failed", "error": ended.error, "level": "error"}.items()
    assert ends_counted(engine) == {("mine", "died"): 3, ("mine", "failed"): 1}


@contextmanager
def taken(database: Database, folder: Path) -> Iterator[tuple[Supervisor, Engine]]:
    """A supervisor by hand, which has taken a job whose process sleeps."""
    engine = Engine(read_state(folder), KeywordPredictor(), folder)
    settings = Configuration(state=folder, database=database.engine.url)
    supervisor = Supervisor(settings, database, engine, python("import time; time.sleep(600)"))
    supervisor.tick()
    try:
        yield supervisor, engine
    finally:
        supervisor.stop()


def test_a_job_that_fails_is_told_and_counted(
    database: Database, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    job = create_job(database, "score", {"format": "csv"}, "me")
    caplog.set_level(logging.INFO, "serving")
    with taken(database, folder) as (supervisor, engine):
        running = supervisor._running
        assert running is not None
        finish(database, job.id, running.worker, "failed", error="no feedback is kept")
        let_end(supervisor)
    begun, ended = job_lines(caplog)
    assert begun.items() >= {"message": "job taken", "job": job.id, "kind": "score", "attempt": 1}.items()
    assert (
        ended.items() >= {"message": "job ended", "state": "failed", "error": "no feedback is kept"}.items()
    )
    assert ended["seconds"] >= 0
    assert ends_counted(engine) == {("score", "failed"): 1}


def let_end(supervisor: Supervisor) -> None:
    """End the process of the running job, which the supervisor then sees."""
    running = supervisor._running
    assert running is not None
    running.process.terminate()
    running.process.wait()
    supervisor.tick()


def test_a_job_that_another_replica_finished_is_counted_there_alone(
    database: Database, folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = create_job(database, "mine", {}, "me")
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "LEASE_S", -1.0)  # it is lost at once
        with taken(database, folder) as (supervisor, engine):
            assert claim(database, "w-2") is not None
            assert finish(database, job.id, "w-2", "done")
            caplog.set_level(logging.INFO, "serving")
            let_end(supervisor)
    assert job_lines(caplog) == []
    assert ends_counted(engine) == {}


def test_a_job_that_another_replica_gave_up_is_counted_there_alone(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_job(database, "mine", {}, "me")
    with taken(database, folder) as (supervisor, engine):
        monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 1)
        monkeypatch.setattr(jobs, "_lease_bounds", lambda now: (now, now))
        ended: list[Job] = []
        assert claim(database, "w-2", on_end=ended.append) is None
        assert [job.state for job in ended] == ["failed"]
        let_end(supervisor)
    assert ends_counted(engine) == {}


def test_jobs_that_wait_are_measured(database: Database, folder: Path) -> None:
    for _ in range(2):
        create_job(database, "mine", {}, "me")
    with taken(database, folder) as (_, engine):
        found = samples(engine, "countervoice_unfinished_jobs")
    assert {labels["state"]: value for labels, value in found} == {"queued": 1, "running": 1}


def test_a_service_that_stops_leaves_its_job_in_the_queue(database: Database, folder: Path) -> None:
    job = create_job(database, "mine", {}, "me")
    with supervising(database, folder, python("import time; time.sleep(600)")) as (supervisor, _):
        wait_until(database, job, lambda job: job.state == "running")
        while supervisor._running is None:
            time.sleep(0.05)
        process = supervisor._running.process
    assert process.poll() is not None
    found = find_job(database, job.id)
    assert found is not None
    assert (found.state, found.attempts) == ("queued", 0)


def test_a_mining_of_another_model_is_not_served(folder: Path, tmp_path: Path) -> None:
    class Newer(KeywordPredictor):
        @property
        def info(self) -> ModelInfo:
            return ModelInfo(name="newer", version="f" * 12, languages=("vi",))

    engine = Engine(read_state(folder), KeywordPredictor(), folder)
    engine.predictor = Newer()
    os.utime(folder / "state" / "index", (1, 1))
    before = engine.served
    with pytest.raises(StateError, match="made with model"):
        engine.refresh()
    assert engine.served is before
    assert not engine.refresh()  # told once


def test_what_is_purged_takes_its_files_along(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_supervisor, "KEEP", timedelta(seconds=-60))
    old, waiting = (create_job(database, "score", {"format": "csv"}, "me") for _ in range(2))
    cancel_job(database, old.id, "me")
    for job in (old, waiting):
        job_folder(folder, job.id).mkdir(parents=True)
    engine = Engine(read_state(folder), KeywordPredictor(), folder)
    settings = Configuration(state=folder, database=database.engine.url)
    supervisor = Supervisor(settings, database, engine, python(""))
    supervisor.tick()
    supervisor.stop()
    assert find_job(database, old.id) is None
    assert not job_folder(folder, old.id).exists()
    assert job_folder(folder, waiting.id).exists()


def test_what_was_erased_while_somebody_read_is_out_of_the_log_soon(
    embedded: Database, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "feedback.db-wal"
    settings = Configuration(state=folder, database=embedded.engine.url)
    engine = Engine(read_state(folder), KeywordPredictor(), folder)
    keeper = Keeper(embedded, engine, settings)
    keeper.store([keeper.prepared(Feedback(id="z", text="Too few zebras"))], "me")
    monkeypatch.setattr(connection, "_READERS_S", 0.1)
    with embedded.reading() as session:
        session.scalar(text("SELECT count(*) FROM feedback"))
        assert keeper.erase("z", "me")
        assert b"zebras" in log.read_bytes()
    Supervisor(settings, embedded, engine, python("")).tick()
    assert b"zebras" not in log.read_bytes()


def test_what_was_erased_while_a_mining_held_the_register_is_out_of_it_soon(
    embedded: Database, folder: Path
) -> None:
    with open_register(folder / REGISTER_NAME, create=True) as register:
        register.put_mining("m", 1, ["z"], [MinedStatement("z#1", "1111dddd", None)])
    with embedded.writing() as session:
        note_known_still(session, ["z"])
    settings = Configuration(state=folder, database=embedded.engine.url)
    engine = Engine(read_state(folder), KeywordPredictor(), folder)
    Supervisor(settings, embedded, engine, python("")).tick()
    assert b"1111dddd" not in (folder / REGISTER_NAME).read_bytes()
    assert not known_still(embedded)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["mine", "score"])
def test_a_killed_job_is_taken_up_and_done(database: Database, folder: Path, kind: str) -> None:
    keep_feedback(database)
    job = create_job(database, kind, {} if kind == "mine" else {"format": "jsonl"}, "me")  # type: ignore[arg-type]
    with supervising(database, folder, with_keywords(3)) as (supervisor, engine):
        wait_until(database, job, lambda job: "redicting" in str(job.progress) or "cor" in str(job.progress))
        assert supervisor._running is not None
        os.kill(supervisor._running.process.pid, signal.SIGKILL)
        ended = wait_until(database, job, lambda job: job.state not in ("queued", "running"))
        assert (ended.state, ended.attempts, ended.error) == ("done", 2, None)
        assert ended.result["messages"] == 400
        if kind == "mine":
            deadline = time.monotonic() + 120
            while len(engine.served.causes) != ended.result["causes"] and time.monotonic() < deadline:
                time.sleep(0.1)
            assert len(engine.served.causes) == ended.result["causes"]


@pytest.mark.slow
def test_a_running_job_is_cancelled_within_seconds_and_leaves_nothing(
    database: Database, folder: Path
) -> None:
    keep_feedback(database)
    job = create_job(database, "mine", {}, "me")
    with supervising(database, folder, with_keywords(600)):
        wait_until(database, job, lambda job: "redicting" in str(job.progress))
        cancel_job(database, job.id, "me")
        wait_until(database, job, lambda job: job.state == "cancelled", 120)
    assert not list(folder.glob(".mining-*"))
    assert not (folder / "report.html").exists()
