"""Watches over jobs: starts a process for each, takes up what a crash left, and serves each new mining."""

import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from data.errors import CountervoiceError, DatabaseError
from serving.configuration import Configuration
from serving.database.connection import Database
from serving.database.jobs import UNFINISHED, Job, claim, count_unfinished, find_job, purge, release
from serving.engine import Engine
from serving.forgetting import forget_what_is_known_still
from serving.job_work import remove_files
from serving.logs import with_fields
from serving.version import ROOT
from serving.work_folder import remove_unfinished

TICK_S: Final = 0.5
STOP_WITHIN_S: Final = 20.0
KEEP: Final = timedelta(days=7)  # finished jobs and their results
_TIDY_EVERY_S: Final = 60.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Running:
    job: Job
    worker: str
    process: subprocess.Popen[bytes]
    since: float

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self.since, 1)


def job_command(job_id: str, worker: str) -> Sequence[str]:
    """What runs a job."""
    return [sys.executable, "-m", "serving.job_process", job_id, worker]


class Supervisor(threading.Thread):
    """One job at a time, from a thread of the service; the work itself is done by another process."""

    def __init__(
        self,
        settings: Configuration,
        database: Database,
        engine: Engine,
        command: Callable[[str, str], Sequence[str]] = job_command,
    ) -> None:
        super().__init__(name="job-supervisor", daemon=True)
        self._settings = settings
        self._database = database
        self._engine = engine
        self._command = command
        self._stopped = threading.Event()
        self._running: _Running | None = None
        self._tidied = float("-inf")

    def run(self) -> None:
        """Look after jobs until ``stop``; whatever goes wrong, go on."""
        while not self._stopped.wait(TICK_S):
            try:
                self.tick()
            except DatabaseError as error:
                log.error("jobs wait: %s", error)
                self._stopped.wait(10 * TICK_S)
            except Exception:
                log.exception("jobs wait")
                self._stopped.wait(10 * TICK_S)

    def tick(self) -> None:
        """One look at everything."""
        self._look_after_process()
        if self._running is None:
            self._take()
        self._engine.metrics.unfinished_jobs(count_unfinished(self._database))
        self._serve_what_is_there()
        if time.monotonic() - self._tidied > _TIDY_EVERY_S:
            self._tidied = time.monotonic()
            self._tidy()

    def stop(self) -> None:
        """End the running job, which goes back into the queue, and look after nothing more."""
        self._stopped.set()
        if self.is_alive():
            self.join(STOP_WITHIN_S)
        running = self._running
        if running is None:
            return
        running.process.terminate()
        try:
            running.process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            running.process.kill()
            running.process.wait()
        left = release(self._database, running.job.id, running.worker, counts=False)
        self._tell_left(running, left or find_job(self._database, running.job.id))

    def _take(self) -> None:
        worker = secrets.token_hex(8)
        job = claim(self._database, worker, on_end=self._tell_end)
        if job is None:
            return
        log.info("job taken", extra=_of(job, attempt=job.attempts))
        environment = {**os.environ, **self._settings.environment()}
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            self._command(job.id, worker), cwd=ROOT, env=environment, start_new_session=True
        )
        self._running = _Running(job, worker, process, time.monotonic())

    def _look_after_process(self) -> None:
        """Put back a job whose process ended without a word; one that ended well has said so itself."""
        running = self._running
        if running is not None and running.process.poll() is not None:
            left = release(self._database, running.job.id, running.worker, counts=True)
            job = left or find_job(self._database, running.job.id)
            self._running = None
            if left is not None:
                self._tell_death(running)
            self._tell_left(running, job)
            remove_unfinished(self._settings.state)

    def _tell_death(self, running: _Running) -> None:
        ended_with = _exit_told(running.process.returncode)
        log.error("job died", extra=_of(running.job, exit=ended_with, seconds=running.seconds))
        self._engine.metrics.job(running.job.kind, "died")

    def _tell_left(self, running: _Running, job: Job | None) -> None:
        """Say how a job stands that its process has left; None where it is not kept any more.

        An end that somebody else brought it to, after it was lost, is told there.
        """
        if job is not None and (job.state in UNFINISHED or job.worker == running.worker):
            self._tell_end(job, running.seconds)

    def _tell_end(self, job: Job, seconds: float | None = None) -> None:
        """Log and count how a job stands that nobody works on here any more."""
        fields = _of(job, state=job.state, seconds=seconds, error=job.error)
        if job.state in UNFINISHED:  # put back, or taken by another worker since
            log.info("job begins again", extra=fields)
            return
        log.log(logging.ERROR if job.state == "failed" else logging.INFO, "job ended", extra=fields)
        self._engine.metrics.job(job.kind, job.state)

    def _tidy(self) -> None:
        self._database.empty_log()  # an erasure could not where somebody read, or where it was killed
        for job_id in purge(self._database, datetime.now(UTC) - KEEP):
            remove_files(self._settings.state, job_id)
        forget_what_is_known_still(self._settings.state, self._database)

    def _serve_what_is_there(self) -> None:
        try:
            if self._engine.refresh():
                log.info("serving a new mining, or new names of its causes")
        except CountervoiceError as error:
            log.error("a new mining is not served: %s", error)


def _of(job: Job, **more: Any) -> dict[str, Any]:
    """What a line on a job says; the message says what became of it."""
    said = {name: value for name, value in more.items() if value is not None}
    return with_fields(job=job.id, kind=job.kind, **said)


def _exit_told(code: int) -> str:
    """How a process ended: by a signal, or with an exit code."""
    if code >= 0:
        return f"code {code}"
    with suppress(ValueError):  # one without a name, as those of real time
        return signal.Signals(-code).name
    return f"signal {-code}"
