"""A job outlives a database that is away for a while, and neither fails by it nor is done twice."""

from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from sqlalchemy import text

from data.errors import DatabaseError
from serving import job_process, job_work
from serving.configuration import Configuration
from serving.database.connection import Database
from serving.database.jobs import MAX_ATTEMPTS, Job, claim, create_job, find_job
from serving.job_process import run_job

Work = Callable[..., dict[str, Any]]


@pytest.fixture
def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], Job]:
    """Take the job that waits and do some work for it; how it stands then."""

    def run(work: Work) -> Job:
        monkeypatch.setitem(job_work.WORK, "score", work)  # type: ignore[arg-type]
        job = claim(database, "w")
        assert job is not None
        run_job(Configuration(state=tmp_path, database=database.engine.url), database, job.id, "w")
        found = find_job(database, job.id)
        assert found is not None
        return found

    return run


def rename(database: Database, before: str, after: str) -> None:
    with database.writing() as session:
        session.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))


def test_finished_work_waits_for_a_database_that_is_away(
    database: Database, run: Callable[[Work], Job]
) -> None:
    def work(*given: object) -> dict[str, Any]:
        rename(database, "job", "away")
        Timer(1.5, rename, (database, "away", "job")).start()
        return {"messages": 7}

    create_job(database, "score", {}, "me")
    done = run(work)
    assert (done.state, done.attempts, dict(done.result)) == ("done", 1, {"messages": 7})


def test_a_database_that_stays_away_ends_the_process(
    database: Database, run: Callable[[Work], Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*given: object) -> dict[str, Any]:
        rename(database, "job", "away")
        return {}

    monkeypatch.setattr(job_process, "_PATIENCE_S", 0.2)
    monkeypatch.setattr(job_process, "_TRY_AGAIN_S", 0.1)
    create_job(database, "score", {}, "me")
    with pytest.raises(DatabaseError):
        run(work)


def test_a_database_that_is_cut_off_from_the_work_lets_it_begin_again(
    database: Database, run: Callable[[Work], Job]
) -> None:
    def cut_off(*given: object) -> dict[str, Any]:
        raise DatabaseError("the database cannot be used: terminating connection")

    create_job(database, "score", {}, "me")
    for attempt in range(1, MAX_ATTEMPTS):
        again = run(cut_off)
        assert (again.state, again.attempts, again.error) == ("queued", attempt, None)
    ended = run(cut_off)
    assert (ended.state, ended.error) == ("failed", "the database cannot be used: terminating connection")
    create_job(database, "score", {}, "me")
    run(cut_off)
    assert run(lambda *given: {"messages": 1}).state == "done"
