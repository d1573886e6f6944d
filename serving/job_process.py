"""One job in a process of its own: ``python -m serving.job_process JOB WORKER``, as the service starts it.

A mining that runs out of memory, or is killed, takes no request with it; and what it used is given back at its end.
"""

import errno
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from data.errors import CountervoiceError, DatabaseError
from serving.configuration import Configuration, configuration
from serving.database.connection import Database, connect
from serving.database.jobs import MAX_ATTEMPTS, Job, find_job, finish, release
from serving.job_pulse import JobPulse
from serving.job_work import WORK

STOPPED: Final = 128 + signal.SIGTERM
_NICE: Final = 10  # requests come first
_OWNER_ONLY: Final = 0o077  # a report quotes what is kept in a database that nobody else can read
_PATIENCE_S: Final = 60.0  # with a database that restarts
_TRY_AGAIN_S: Final = 0.5  # often: once it is back, another worker may take a job that gave no sign of life
_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
_BUG: Final = "a fault of the service: its log says more"

log = logging.getLogger(__name__)


def main(job_id: str, worker: str) -> int:
    """Run the job; the exit code says nothing that the table does not say."""
    signal.signal(signal.SIGTERM, _stop)
    os.umask(_OWNER_ONLY)
    if hasattr(os, "nice"):
        os.nice(_NICE)
    settings = configuration()
    database = connect(settings.database)
    try:
        return run_job(settings, database, job_id, worker)
    finally:
        database.close()


def run_job(settings: Configuration, database: Database, job_id: str, worker: str) -> int:
    """Do the work and write how it ended into the table; nothing is written of a job that ``worker`` has lost."""
    job = find_job(database, job_id)
    if job is None:
        return 0
    pulse = JobPulse(database, job_id, worker)
    pulse.start()
    try:
        result = WORK[job.kind](job, settings, database, pulse)
    except SystemExit:
        pulse.stop()
        if pulse.told == "cancel":
            finish(database, job_id, worker, "cancelled")
        else:  # the service stops, or the job was lost
            release(database, job_id, worker, counts=False)
        return STOPPED
    except Exception as error:
        pulse.stop()
        _give_up(database, job, worker, error)
        return 1
    pulse.stop()
    _insist(lambda: finish(database, job_id, worker, "done", result=result))
    return 0


def _give_up(database: Database, job: Job, worker: str, error: Exception) -> None:
    """The job has failed; one whose database was away is tried again, as often as one whose worker dies."""
    if isinstance(error, DatabaseError) and job.attempts < MAX_ATTEMPTS:
        log.warning("job %s is tried again: %s", job.id, error)
        _insist(lambda: release(database, job.id, worker, counts=True))
    else:
        reason = failure_told(job.id, error)
        _insist(lambda: finish(database, job.id, worker, "failed", error=reason))


def _insist(write: Callable[[], object]) -> None:
    """Write how the job ended, also into a database that is away for some seconds: the work need not be done again.

    Raises:
        DatabaseError: It stays away.
    """
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        with suppress(DatabaseError):
            write()
            return
        time.sleep(_TRY_AGAIN_S)
    write()


def _stop(number: int, frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: what follows tidies up
    raise SystemExit(STOPPED)


def failure_told(job_id: str, error: Exception) -> str:
    """Why a job failed, for who asks after it: an error of ours, a full disk, or our fault, which the log tells."""
    if isinstance(error, CountervoiceError):
        return " ".join(str(error).split())
    log.error("job %s failed", job_id, exc_info=error)
    if isinstance(error, OSError) and error.errno in _DISK:
        return f"the disk of the service: {error.strerror}"
    return _BUG


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
