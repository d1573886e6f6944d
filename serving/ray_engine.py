"""``countervoice score --engine ray``: the missing parts of a scoring, made by a pool of actors with Ray Data.

One task, on the machine of the command, reads the file and streams its unfinished chunks; each actor holds a
predictor and turns a chunk into the bytes of its part; the command writes the parts as they come, so that nobody
but the command needs the disk. Ray Data holds the reader back when the actors are behind.
"""

import logging
import os
import re
import secrets
import socket
from collections.abc import Generator, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from data.errors import EngineError
from data.extras import require
from models.checkpoint import load_predictor
from serving.chunks import Plan, chunks
from serving.parts import encoded
from serving.version import ROOT

ADDRESS: Final = "RAY_ADDRESS"  # Ray's own variable
_OBJECT_STORE_BYTES: Final = 400 * 2**20  # chunks under way are a few megabytes each
_READER_CPUS: Final = 0.01  # it mostly waits; and a task of other needs is not fused with the actors

_Batch = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RayEngine:
    """Makes parts on a Ray cluster, or on the CPUs of this machine where ``RAY_ADDRESS`` names none.

    Attributes:
        model: A checkpoint folder that is there on every machine.
        runtime: One of ``models.runtime.RUNTIMES``.
        workers: Actors, each on one CPU; all CPUs of the cluster but one when None.
    """

    model: Path
    runtime: str
    workers: int | None = None

    def __post_init__(self) -> None:
        """Look for Ray before the long work begins.

        Raises:
            SettingsError: It is not installed.
        """
        require("ray", extra="ray", purpose="--engine ray")

    def __call__(self, plan: Plan, finished: Set[int]) -> Generator[tuple[int, int, bytes], None, None]:
        """Number, rows and content of each part whose number is not among ``finished``, in any order.

        Raises:
            EngineError: There is no cluster at ``RAY_ADDRESS``, or it failed.
        """
        with _cluster() as ray, _one_line(ray):
            for row in self._parts(ray, plan, frozenset(finished)).iter_rows():
                yield int(row["number"]), int(row["rows"]), bytes(row["part"])

    def _parts(self, ray: Any, plan: Plan, finished: frozenset[int]) -> Any:
        """The dataset whose rows are parts; nothing runs before they are asked for."""
        here = {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
        spare = int(ray.cluster_resources().get("CPU", 1)) - 1
        return (
            ray.data.range(1, override_num_blocks=1)
            .map_batches(
                _unfinished,
                fn_kwargs={"plan": plan, "finished": finished},
                num_cpus=_READER_CPUS,
                label_selector=here,
            )
            .map_batches(
                ScoreChunk,
                fn_constructor_args=(plan, self.model, self.runtime),
                batch_size=1,
                compute=ray.data.ActorPoolStrategy(size=self.workers or max(1, spare)),
                num_cpus=1,
            )
        )


def _unfinished(batch: _Batch, plan: Plan, finished: frozenset[int]) -> Iterator[_Batch]:
    """The task that reads: chunks that are to be scored, one a batch."""
    import ray.cloudpickle as pickle

    for chunk in chunks(plan.reading(), plan.settings):
        if chunk.number not in finished:
            yield {"chunk": np.array([pickle.dumps(chunk)], dtype=object)}


class ScoreChunk:
    """An actor: one predictor, one chunk after the other."""

    def __init__(self, plan: Plan, model: Path, runtime: str) -> None:
        self._plan = plan
        self._predictor = load_predictor(model, runtime=runtime, threads=1)

    def __call__(self, batch: _Batch) -> _Batch:
        """The part of the chunk in ``batch``."""
        import ray.cloudpickle as pickle

        chunk = pickle.loads(batch["chunk"][0])
        table = self._plan.score(chunk, self._predictor)
        return {
            "number": np.array([chunk.number]),
            "rows": np.array([chunk.rows]),
            "part": np.array([encoded(table)], dtype=object),
        }


@contextmanager
def _cluster() -> Iterator[Any]:
    """Ray, connected to the cluster at ``RAY_ADDRESS``, or started on this machine; disconnected at the end."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # what matters comes back as an exception
    address = os.environ.get(ADDRESS)
    where = _checked(address) if address else _of_our_own()
    import ray
    import ray.data

    logging.getLogger("ray.data").setLevel(logging.ERROR)
    roads = {"env_vars": {"PYTHONPATH": str(ROOT)}}
    try:
        ray.init(**where, runtime_env=roads, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise EngineError(f"no Ray cluster at {address or 'this machine'}: {_reason(error)}") from error
    try:
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.target_max_block_size = 1  # a block for each chunk: put together, they would go to one actor
        yield ray
    finally:
        ray.shutdown()


def _checked(address: str) -> dict[str, Any]:
    """How to connect to a cluster, after a look whether somebody is there: Ray itself tries for minutes."""
    if address.startswith("ray://"):
        raise EngineError(
            f"{ADDRESS} {address} is for the remote client of Ray: run score on a machine of the cluster, and give "
            "HOST:PORT or auto"
        )
    host, colon, port = address.rpartition(":")
    if colon and port.isdecimal():
        try:
            socket.create_connection((host, int(port)), timeout=10).close()
        except OSError as error:
            raise EngineError(f"no Ray cluster at {ADDRESS} {address}: {error.strerror or error}") from error
    return {"address": address}


def _of_our_own() -> dict[str, Any]:
    """How to start Ray here. It listens on the network, so everybody else is asked for a token that nobody knows."""
    os.environ.setdefault("RAY_AUTH_MODE", "token")
    if "RAY_AUTH_TOKEN_PATH" not in os.environ:
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    return {"address": "local", "include_dashboard": False, "object_store_memory": _OBJECT_STORE_BYTES}


@contextmanager
def _one_line(ray: Any) -> Iterator[None]:
    """What went wrong on a worker, as an error of ours."""
    from ray.data.exceptions import SystemException

    try:
        yield
    except (ray.exceptions.RayError, SystemException) as error:
        raise EngineError(f"Ray could not score: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """The last error that a trace of Ray names, or its first line."""
    text = str(error)
    named = re.findall(r"^[\w.]*(?:Error|Exception): (.+)$", text, re.MULTILINE)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return str(named[-1]) if named else next(iter(lines), type(error).__name__)
