"""Watches over jobs: starts a process for each, takes up what a crash left, and serves each new mining."""

import logging
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from data.errors import CountervoiceError, DatabaseError
from serving.configuration import Configuration
from serving.database.connection import Database
from serving.database.jobs import claim, purge, release
from serving.engine import Engine
from serving.job_work import remove_files
from serving.version import ROOT
from serving.work_folder import remove_unfinished

TICK_S: Final = 0.5
STOP_WITHIN_S: Final = 20.0
KEEP: Final = timedelta(days=7)  # finished jobs and their results
_TIDY_EVERY_S: Final = 60.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Running:
    job_id: str
    worker: str
    process: subprocess.Popen[bytes]


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
        release(self._database, running.job_id, running.worker, counts=False)

    def _take(self) -> None:
        worker = secrets.token_hex(8)
        job = claim(self._database, worker)
        if job is None:
            return
        environment = {**os.environ, **self._settings.environment()}
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            self._command(job.id, worker), cwd=ROOT, env=environment, start_new_session=True
        )
        self._running = _Running(job.id, worker, process)

    def _look_after_process(self) -> None:
        """Put back a job whose process ended without a word; one that ended well has said so itself."""
        running = self._running
        if running is not None and running.process.poll() is not None:
            release(self._database, running.job_id, running.worker, counts=True)
            self._running = None
            remove_unfinished(self._settings.state)

    def _tidy(self) -> None:
        self._database.empty_log()  # an erasure could not where somebody read, or where it was killed
        for job_id in purge(self._database, datetime.now(UTC) - KEEP):
            remove_files(self._settings.state, job_id)

    def _serve_what_is_there(self) -> None:
        try:
            if self._engine.refresh():
                log.info("serving a new mining")
        except CountervoiceError as error:
            log.error("the mining before is served on: %s", error)
