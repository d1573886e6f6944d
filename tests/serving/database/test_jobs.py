"""Jobs survive their workers, and end the way they were told; on both databases."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from threading import Barrier
from types import SimpleNamespace

import pytest

from serving.database import jobs
from serving.database.audit import entries
from serving.database.connection import Database
from serving.database.jobs import (
    Job,
    QuotaError,
    begin_anew,
    cancel_job,
    claim,
    count_unfinished,
    create_job,
    drop_results,
    find_job,
    finish,
    holding,
    list_jobs,
    pulse,
    purge,
    release,
)


def state_of(database: Database, job_id: str) -> str:
    job = find_job(database, job_id)
    assert job is not None
    return job.state


def test_a_job_is_taken_kept_alive_and_done(database: Database) -> None:
    first = create_job(database, "mine", {"granularity": 0.5}, "me")
    second = create_job(database, "score", {}, "me")
    taken = claim(database, "w-1")
    assert taken is not None
    assert (taken.id, taken.state, taken.attempts, taken.options) == (
        first.id,
        "running",
        1,
        {"granularity": 0.5},
    )
    assert claim(database, "w-2") is None  # one at a time
    assert pulse(database, first.id, "w-1", {"stage": "Reading", "done": 3, "total": 9}) == "go on"
    found = find_job(database, first.id)
    assert found is not None
    assert found.progress == {"stage": "Reading", "done": 3, "total": 9}
    assert finish(database, first.id, "w-1", "done", result={"causes": 2})
    assert not finish(database, first.id, "w-1", "failed", error="late")
    assert [(job.id, job.state) for job in list_jobs(database, 9)] == [
        (second.id, "queued"),
        (first.id, "done"),
    ]
    assert find_job(database, "none") is None
    assert [entry.action for entry in entries(database, 9)] == ["job.score", "job.mine"]


def test_many_workers_take_a_job_once(database: Database) -> None:
    create_job(database, "mine", {}, "me")
    with ThreadPoolExecutor(5) as pool:
        taken = list(pool.map(lambda number: claim(database, f"w-{number}"), range(5)))
    assert sum(job is not None for job in taken) == 1


def test_a_job_whose_worker_died_is_taken_up_a_few_times(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = create_job(database, "mine", {}, "me")
    monkeypatch.setattr(jobs, "LEASE_S", -1.0)  # every lease is over at once
    for attempt in range(1, jobs.MAX_ATTEMPTS + 1):
        taken = claim(database, f"w-{attempt}")
        assert taken is not None
        assert taken.attempts == attempt
    assert pulse(database, job.id, "w-1", {}) == "lost"
    ended: list[Job] = []
    assert claim(database, "w-9", on_end=ended.append) is None
    found = find_job(database, job.id)
    assert found is not None
    assert (found.state, found.error) == ("failed", "given up: it ended without a word 3 times")
    assert ended == [found]


def leave_running(database: Database, worker: str, monkeypatch: pytest.MonkeyPatch, lease_s: float) -> str:
    """A running job whose worker gives no more sign of life, with a lease that ends so many seconds from now."""
    job = create_job(database, "mine", {}, "me")
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "LEASE_S", lease_s)
        assert claim(database, worker) is not None
    return job.id


def test_a_lease_from_before_the_clock_was_set_back_holds_nobody_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = leave_running(database, "w-1", monkeypatch, 3_600)
    taken = claim(database, "w-2")
    assert taken is not None
    assert (taken.id, taken.attempts) == (dead, 2)
    assert pulse(database, dead, "w-1", {}) == "lost"


def test_the_clock_of_another_machine_may_be_ahead(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_running(database, "w-1", monkeypatch, jobs.LEASE_S + 20)
    assert claim(database, "w-2") is None


def test_a_lease_that_was_renewed_while_another_waited_for_the_lock_is_held(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_running(database, "w-1", monkeypatch, jobs.LEASE_S)
    create_job(database, "mine", {}, "me")
    moments = [datetime.now(UTC) - timedelta(seconds=jobs.LEASE_S + 10)]
    monkeypatch.setattr(jobs, "datetime", SimpleNamespace(now=lambda zone: moments[-1]))
    monkeypatch.setattr(jobs, "exclusive", lambda session, lock: moments.append(datetime.now(UTC)))
    assert claim(database, "w-2") is None
    assert len(moments) == 2


@pytest.mark.parametrize("lease_s", [-1.0, 3_600.0])
def test_a_job_whose_worker_died_is_cancelled_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, lease_s: float
) -> None:
    dead = leave_running(database, "w-1", monkeypatch, lease_s)
    cancelled = cancel_job(database, dead, "me")
    assert cancelled is not None
    assert cancelled.state == "cancelled"
    assert pulse(database, dead, "w-1", {}) == "lost"


def test_jobs_that_wait_and_that_run_are_counted(database: Database) -> None:
    assert count_unfinished(database) == {"queued": 0, "running": 0}
    for _ in range(3):
        create_job(database, "mine", {}, "me")
    claim(database, "w")
    assert count_unfinished(database) == {"queued": 2, "running": 1}


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_is_told(database: Database) -> None:
    running, waiting = create_job(database, "mine", {}, "me"), create_job(database, "mine", {}, "me")
    claim(database, "w")
    cancelled = cancel_job(database, waiting.id, "me")
    assert cancelled is not None
    assert cancelled.state == "cancelled"
    cancel_job(database, running.id, "me")
    cancel_job(database, running.id, "me")
    assert state_of(database, running.id) == "running"
    assert pulse(database, running.id, "w", {}) == "cancel"
    release(database, running.id, "w", counts=True)
    assert state_of(database, running.id) == "cancelled"
    assert cancel_job(database, "none", "me") is None
    assert [entry.action for entry in entries(database, 9)].count("job.cancel") == 2


def test_a_cancelled_job_is_not_taken_up_after_a_crash(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = create_job(database, "mine", {}, "me")
    claim(database, "w")
    cancel_job(database, job.id, "me")
    assert state_of(database, job.id) == "running"
    monkeypatch.setattr(jobs, "LEASE_S", 1.0)  # no such lease is given
    assert claim(database, "w-2") is None
    assert state_of(database, job.id) == "cancelled"


def test_a_job_that_the_service_stops_may_begin_as_often_as_before(database: Database) -> None:
    job = create_job(database, "mine", {}, "me")
    for _ in range(5):
        assert claim(database, "w") is not None
        release(database, job.id, "w", counts=False)
    assert state_of(database, job.id) == "queued"


def test_erasing_takes_running_jobs_from_their_workers(database: Database) -> None:
    job = create_job(database, "mine", {}, "me")
    claim(database, "w")
    with database.writing() as session:
        begin_anew(session)
    assert pulse(database, job.id, "w", {}) == "lost"
    taken = claim(database, "w")
    assert taken is not None
    assert taken.attempts == 1


def test_a_job_that_is_held_is_taken_away_afterwards(database: Database) -> None:
    def erase() -> None:
        with database.writing() as session:
            begin_anew(session)

    job = create_job(database, "mine", {}, "me")
    claim(database, "w")
    with ThreadPoolExecutor(1) as pool:
        with holding(database, job.id, "w") as told:
            assert told == "go on"
            erasing = pool.submit(erase)
            assert not wait([erasing], timeout=0.5).done
        erasing.result(60)
    with holding(database, job.id, "w") as told:
        assert told == "lost"


def test_a_job_that_is_to_be_cancelled_is_told_so_when_it_is_held(database: Database) -> None:
    job = create_job(database, "mine", {}, "me")
    claim(database, "w")
    cancel_job(database, job.id, "me")
    with holding(database, job.id, "w") as told:
        assert told == "cancel"


def test_results_can_be_dropped(database: Database) -> None:
    for kind in ("mine", "score"):
        job = create_job(database, kind, {}, "me")  # type: ignore[arg-type]
        claim(database, "w")
        finish(database, job.id, "w", "done", result={"rows": 1})
    with database.writing() as session:
        drop_results(session, "score", "erased")
    assert {job.kind: dict(job.result) for job in list_jobs(database, 9)} == {
        "mine": {"rows": 1},
        "score": {"removed": "erased"},
    }


def test_quotas(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(jobs.MAX_OF_ONE):
        create_job(database, "score", {}, "me")
    with pytest.raises(QuotaError, match="5 of your jobs"):
        create_job(database, "score", {}, "me")
    create_job(database, "score", {}, "you")
    monkeypatch.setattr(jobs, "MAX_OF_ALL", 6)
    with pytest.raises(QuotaError, match="6 jobs"):
        create_job(database, "score", {}, "you")


def test_the_quota_holds_for_those_who_ask_at_once(database: Database) -> None:
    start = Barrier(16)

    def ask(number: int) -> bool:
        start.wait()
        try:
            create_job(database, "score", {}, "me")
        except QuotaError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(ask, range(16))) == jobs.MAX_OF_ONE


def test_finished_jobs_are_purged_after_a_while(database: Database) -> None:
    old, waiting = create_job(database, "mine", {}, "me"), create_job(database, "mine", {}, "me")
    claim(database, "w")
    finish(database, old.id, "w", "failed", error="x")
    now = datetime.now(UTC)
    assert purge(database, now - timedelta(days=1)) == []
    assert purge(database, now + timedelta(seconds=5)) == [old.id]
    assert [job.id for job in list_jobs(database, 9)] == [waiting.id]
