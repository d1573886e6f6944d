"""Jobs in a table: asked for, taken by one worker at a time, kept alive by it, and taken up again when it dies.

```
queued -> running -> done, failed
  |  ^       |  |
  |  +-------+  +-> cancelled        back to queued: the service stopped, the worker died, or feedback was erased
  +---------------> cancelled
```
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, get_args
from uuid import uuid4

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from serving.database.audit import record
from serving.database.connection import Database, exclusive
from serving.database.tables import JobRow

Kind = Literal["mine", "score"]
JobState = Literal["queued", "running", "done", "failed", "cancelled"]
Pulse = Literal["go on", "cancel", "lost"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
UNFINISHED: Final[tuple[JobState, ...]] = ("queued", "running")
LEASE_S: Final = 30.0
MAX_ATTEMPTS: Final = 3
MAX_OF_ONE: Final = 5  # jobs of one caller that are not finished
MAX_OF_ALL: Final = 20
_LOCK: Final = 7_310_418_123  # of taking a job
_QUOTA_LOCK: Final = 7_310_418_124  # of asking for one


class QuotaError(Exception):
    """Too many jobs are not finished yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it stands.

    Attributes:
        progress: ``stage``, and ``done`` of ``total`` where the stage can be counted.
        result: What it came to; empty until it is done.
        attempts: How often it was begun.
        worker: Who has it, or brought it to its end; None where nobody has, or it was ended for them.
    """

    id: str
    kind: Kind
    state: JobState
    options: Mapping[str, Any]
    progress: Mapping[str, Any]
    result: Mapping[str, Any]
    error: str | None
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempts: int
    worker: str | None


def create_job(database: Database, kind: Kind, options: Mapping[str, Any], who: str) -> Job:
    """Put a job in the queue.

    Raises:
        QuotaError: ``who``, or everybody together, has too many that are not finished.
    """
    with database.writing() as session:
        exclusive(session, _QUOTA_LOCK)  # those who ask at once would each count without the others
        _check_quota(session, who)
        row = JobRow(
            id=uuid4().hex,
            kind=kind,
            state="queued",
            options=dict(options),
            progress={},
            result={},
            created_by=who,
            created_at=datetime.now(UTC),
            attempts=0,
            cancel_asked=False,
        )
        session.add(row)
        record(session, who, f"job.{kind}", row.id)
        return _job(row)


def find_job(database: Database, job_id: str) -> Job | None:
    """The job with this id, or None."""
    with database.reading() as session:
        row = session.get(JobRow, job_id)
        return None if row is None else _job(row)


def list_jobs(database: Database, limit: int) -> Sequence[Job]:
    """The last ``limit`` jobs, newest first."""
    query = select(JobRow).order_by(JobRow.created_at.desc(), JobRow.id).limit(limit)
    with database.reading() as session:
        return [_job(row) for row in session.scalars(query)]


def count_unfinished(database: Database) -> Mapping[JobState, int]:
    """How many jobs wait, and how many run."""
    number = func.count().label("number")
    query = select(JobRow.state, number).where(JobRow.state.in_(UNFINISHED)).group_by(JobRow.state)
    with database.reading() as session:
        found: dict[str, int] = {row.state: row.number for row in session.execute(query)}
    return {state: found.get(state, 0) for state in UNFINISHED}


def cancel_job(database: Database, job_id: str, who: str) -> Job | None:
    """Cancel a job: at once where it waits or its worker gives no sign of life, soon where it runs.

    A finished one stays. None if there is none.
    """
    with database.writing() as session:
        row = session.get(JobRow, job_id, with_for_update=True)
        if row is None:
            return None
        if row.state in UNFINISHED and not row.cancel_asked:
            row.cancel_asked = True
            record(session, who, "job.cancel", row.id)
            if row.state == "queued" or not _is_held(row):
                _finish(row, "cancelled")
        return _job(row)


def claim(database: Database, worker: str, *, on_end: Callable[[Job], None] = lambda job: None) -> Job | None:
    """Take the job that waits longest, or one whose worker gives no sign of life; None while another one runs.

    ``on_end`` is told of those that are not begun again: they were to be cancelled, or were begun too often.
    """
    if not _has_work(database):
        return None
    taken, ended = None, []
    with database.writing() as session:
        exclusive(session, _LOCK)
        now = datetime.now(UTC)  # after the wait: a lease renewed in it would seem to end too late
        alive = select(JobRow.id).where(JobRow.state == "running", _held(now)).limit(1)
        if session.scalars(alive).first() is not None:
            return None
        query = select(JobRow).where(_free(now)).order_by(JobRow.created_at, JobRow.id)
        for row in session.scalars(query.with_for_update()):
            if _begin(row, worker, now):
                taken = _job(row)
                break
            ended.append(_job(row))
    for job in ended:
        on_end(job)
    return taken


def pulse(database: Database, job_id: str, worker: str, progress: Mapping[str, Any]) -> Pulse:
    """Say that ``worker`` lives and how far it is; what it should do."""
    with database.writing() as session:
        row = _own(session, job_id, worker)
        if row is not None:
            row.progress = dict(progress)
            row.lease_until = datetime.now(UTC) + timedelta(seconds=LEASE_S)
        return _pulse(row)


@contextmanager
def holding(database: Database, job_id: str, worker: str) -> Iterator[Pulse]:
    """What ``worker`` should do; nobody takes the job away, or cancels it, while the block runs."""
    with database.writing() as session:
        yield _pulse(_own(session, job_id, worker))


def finish(
    database: Database,
    job_id: str,
    worker: str,
    state: JobState,
    *,
    result: Mapping[str, Any] | None = None,
    error: str | None = None,
) -> bool:
    """Say how the job ended; false if it is not ``worker``'s any more, and nothing was changed."""
    with database.writing() as session:
        row = _own(session, job_id, worker)
        if row is None:
            return False
        row.result = dict(result or {})
        _finish(row, state, error, by=worker)
        return True


def release(database: Database, job_id: str, worker: str, *, counts: bool) -> Job | None:
    """Put a job that ``worker`` did not finish back in the queue; ``counts`` false: it was not the job's fault.

    How it stands then; None if it is not ``worker``'s any more, and nothing was changed.
    """
    with database.writing() as session:
        row = _own(session, job_id, worker)
        if row is None:
            return None
        if row.cancel_asked:
            _finish(row, "cancelled", by=worker)
        else:
            _requeue(row)
            row.attempts -= 0 if counts else 1
        return _job(row)


def begin_anew(session: Session) -> None:
    """Take running jobs from their workers: they have read what is erased now."""
    for row in session.scalars(select(JobRow).where(JobRow.state == "running").with_for_update()):
        _requeue(row)
        row.attempts -= 1


def drop_results(session: Session, kind: Kind, reason: str) -> None:
    """Say of all finished jobs of a kind that their result is not there any more."""
    where = (JobRow.kind == kind, JobRow.state == "done")
    session.execute(update(JobRow).where(*where).values(result={"removed": reason}))


def purge(database: Database, before: datetime) -> Sequence[str]:
    """Delete jobs that were finished before that time; their ids."""
    with database.writing() as session:
        rows = session.scalars(select(JobRow).where(JobRow.finished_at < before)).all()
        for row in rows:
            session.delete(row)
        return [row.id for row in rows]


def _has_work(database: Database) -> bool:
    """A look that takes no lock, for it is taken twice a second."""
    with database.reading() as session:
        return session.scalars(select(JobRow.id).where(_free(datetime.now(UTC))).limit(1)).first() is not None


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(JobRow.state == "queued", (JobRow.state == "running") & ~_held(now))


def _held(now: datetime) -> ColumnElement[bool]:
    return JobRow.lease_until.between(*_lease_bounds(now))


def _lease_bounds(now: datetime) -> tuple[datetime, datetime]:
    """Between which times a lease ends that somebody holds ``now``.

    One that ends far later was written before the clock was set back, and would keep all jobs waiting until then. The
    clock of another machine may be ahead by a lease, as it may be behind by one.
    """
    return now, now + timedelta(seconds=2 * LEASE_S)


def _is_held(row: JobRow) -> bool:
    first, last = _lease_bounds(datetime.now(UTC))
    return row.lease_until is not None and first <= row.lease_until <= last


def _check_quota(session: Session, who: str) -> None:
    unfinished = select(func.count()).select_from(JobRow).where(JobRow.state.in_(UNFINISHED))
    own = session.scalar(unfinished.where(JobRow.created_by == who)) or 0
    if own >= MAX_OF_ONE:
        raise QuotaError(f"{own} of your jobs are not finished, {MAX_OF_ONE} may be")
    everybody = session.scalar(unfinished) or 0
    if everybody >= MAX_OF_ALL:
        raise QuotaError(f"{everybody} jobs are not finished, {MAX_OF_ALL} may be")


def _begin(row: JobRow, worker: str, now: datetime) -> bool:
    """Give the job to ``worker``, unless it was to be cancelled or has been begun too often."""
    if row.cancel_asked:
        _finish(row, "cancelled")
        return False
    if row.attempts >= MAX_ATTEMPTS:
        _finish(row, "failed", f"given up: it ended without a word {row.attempts} times")
        return False
    row.state, row.worker = "running", worker
    row.started_at, row.lease_until = now, now + timedelta(seconds=LEASE_S)
    row.attempts += 1
    return True


def _own(session: Session, job_id: str, worker: str) -> JobRow | None:
    query = select(JobRow).where(JobRow.id == job_id, JobRow.worker == worker, JobRow.state == "running")
    return session.scalars(query.with_for_update()).one_or_none()


def _pulse(own: JobRow | None) -> Pulse:
    if own is None:
        return "lost"
    return "cancel" if own.cancel_asked else "go on"


def _requeue(row: JobRow) -> None:
    row.state, row.worker, row.lease_until, row.progress = "queued", None, None, {}


def _finish(row: JobRow, state: JobState, error: str | None = None, *, by: str | None = None) -> None:
    row.state, row.worker, row.lease_until = state, by, None
    row.finished_at, row.error = datetime.now(UTC), error


def _job(row: JobRow) -> Job:
    columns = (name for name in Job.__dataclass_fields__)
    return Job(**{name: getattr(row, name) for name in columns})
