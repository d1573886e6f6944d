"""The sign of life of a job: a thread that renews its lease, tells how far it is, and ends it when it is told to."""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from data.errors import DatabaseError
from serving.database.connection import Database
from serving.database.jobs import Pulse, holding, pulse

PULSE_S: Final = 2.0
_PATIENCE_S: Final = 15.0  # of a job that is to end, until its process is ended

log = logging.getLogger(__name__)


class JobPulse(threading.Thread):
    """Renews the lease until ``stop``; also the ``Stages`` of the job, and the gate before what it makes public.

    Attributes:
        told: The last answer of the table: why the job was ended, where it was. What is public already cannot be
            cancelled any more: that goes on.
    """

    def __init__(self, database: Database, job_id: str, worker: str) -> None:
        super().__init__(name="job-pulse", daemon=True)
        self.told: Pulse = "go on"
        self._database = database
        self._job_id = job_id
        self._worker = worker
        self._stopped = threading.Event()
        self._published = False
        self._progress: dict[str, Any] = {}

    def __call__(self, name: str, total: int | None = None, *, done: int = 0) -> Callable[[int], None]:
        """Begin a stage, as ``serving.progress.Stages``.

        Raises:
            SystemExit: The job is cancelled, or is somebody else's.
        """
        progress: dict[str, Any] = {"stage": name, "done": done, "total": total}
        self._progress = progress
        self._renew()
        if self.told != "go on":  # before a stage that would write
            raise SystemExit

        def on_progress(newly_done: int) -> None:
            progress["done"] += newly_done

        return on_progress

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Hold the job while the block makes its work public: whoever erases does so before it, or finds all of it.

        Raises:
            SystemExit: The job is cancelled, or is somebody else's.
            DatabaseError: The database cannot be asked.
        """
        with holding(self._database, self._job_id, self._worker) as told:
            if told != "go on":
                self.told = told
                raise SystemExit
            yield
            self._published = True  # before anybody can ask to cancel it

    def stop(self) -> None:
        """Renew nothing more."""
        self._stopped.set()
        self.join(_PATIENCE_S)

    def run(self) -> None:
        """Renew, until the job ends or is to end."""
        while not self._stopped.wait(PULSE_S):
            self._renew()
            if self.told != "go on":
                os.kill(os.getpid(), signal.SIGTERM)
                if not self._stopped.wait(_PATIENCE_S):
                    os._exit(1)  # native code does not hear signals
                return

    def _renew(self) -> None:
        try:
            told = pulse(self._database, self._job_id, self._worker, self._progress)
            self.told = "go on" if told == "cancel" and self._published else told
        except DatabaseError as error:  # it may come back before somebody else takes the job
            log.warning("no sign of life could be given: %s", error)
