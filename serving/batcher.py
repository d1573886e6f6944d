"""A micro-batcher that never waits when it is idle, and takes no work that it could not begin soon."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar, get_args

from serving.pace import Pace

Item = TypeVar("Item")
Result = TypeVar("Result")
Reason = Literal["wait", "length"]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)


class BusyError(Exception):
    """More work is waiting than the service can promise to do.

    Attributes:
        reason: ``wait`` where it would begin too late, ``length`` where too many items wait.
        retry_after_s: Whole seconds after which there should be room again, 1 or more.
    """

    def __init__(self, message: str, *, reason: Reason, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a batcher takes on.

    Attributes:
        batch_size: Units of work in one batch.
        waiting_items: Items behind the batch that runs.
        wait_s: Seconds within which a request is expected to begin; ``inf`` for any.
    """

    batch_size: int
    waiting_items: int
    wait_s: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRun:
    """A batch that is done: how much it was, how long it ran, and how long each of its requests had waited."""

    items: int
    size: int
    seconds: float
    waits_s: Sequence[float]


@dataclass(frozen=True, slots=True)
class _Request(Generic[Item, Result]):
    items: Sequence[Item]
    size: int
    future: asyncio.Future[list[Result]]
    since: float


class MicroBatcher(Generic[Item, Result]):
    """Runs one batch at a time in a thread; what arrives meanwhile becomes the next batch.

    A request that finds the batcher idle starts at once, alone. Requests are never torn apart: one that is larger
    than a batch is a batch of its own.
    """

    def __init__(
        self,
        run: Callable[[list[Item]], list[Result]],
        limits: Limits,
        *,
        size_of: Callable[[Item], int],
        on_batch: Callable[[BatchRun], None] = lambda batch: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``run`` gives one result per item, in order; ``size_of`` an item is at least 1 unit of work."""
        self._run = run
        self._limits = limits
        self._size_of = size_of
        self._on_batch = on_batch
        self._clock = clock
        self._pace = Pace()
        self._thread = ThreadPoolExecutor(1, "batches")  # quicker to hand over to than a pool for all
        self._queue: deque[_Request[Item, Result]] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._running_size = 0
        self._running_since = 0.0

    @property
    def waiting_items(self) -> int:
        """Items behind the batch that runs."""
        return sum(len(request.items) for request in self._queue)

    @property
    def rate(self) -> float | None:
        """Units of work a second of late; None while nothing is known."""
        return self._pace.rate

    @property
    def wait_s(self) -> float:
        """Seconds after which a request that comes now is expected to begin; 0 when idle."""
        running = self._pace.seconds(self._running_size) - (self._clock() - self._running_since)
        size = sum(request.size for request in self._queue)
        batches = min(len(self._queue), math.ceil(size / self._limits.batch_size))
        return max(0.0, running) + self._pace.seconds(size, batches)

    def note(self, items: Sequence[Item], seconds: float) -> None:
        """Learn from work that was done elsewhere how long it takes."""
        self._pace.note(sum(map(self._size_of, items)), seconds)

    async def submit(self, items: Sequence[Item]) -> list[Result]:
        """Wait for the results of ``items``.

        Raises:
            BusyError: It would begin too late; the request was not taken.
        """
        self._admit(items)
        request: _Request[Item, Result] = _Request(
            items,
            sum(map(self._size_of, items)),
            asyncio.get_running_loop().create_future(),
            self._clock(),
        )
        self._queue.append(request)
        if self._worker is None or self._worker.done():
            # in a context of its own: what belongs to the first request is not for those after it
            self._worker = asyncio.get_running_loop().create_task(self._work(), context=Context())
        return await request.future

    def _admit(self, items: Sequence[Item]) -> None:
        waiting, limits = self.waiting_items, self._limits
        if self._queue and waiting + len(items) > limits.waiting_items:
            message = f"{waiting} texts are waiting, {limits.waiting_items} may"
            raise BusyError(message, reason="length", retry_after_s=math.ceil(max(1.0, self.wait_s)))
        late = self.wait_s - limits.wait_s
        if late > 0:
            message = f"it would take {self.wait_s:.1f} s to begin, {limits.wait_s:g} s are allowed"
            raise BusyError(message, reason="wait", retry_after_s=math.ceil(late))

    async def _work(self) -> None:
        while batch := self._next_batch():
            items = [item for request in batch for item in request.items]
            self._running_since = self._clock()
            self._running_size = sum(request.size for request in batch)
            try:
                results = await asyncio.get_running_loop().run_in_executor(self._thread, self._run, items)
            except Exception as error:
                _fail(batch, error)
            else:
                self._note(batch)
                _answer(batch, results)
            finally:
                self._running_size = 0

    def _note(self, batch: Sequence[_Request[Item, Result]]) -> None:
        seconds = self._clock() - self._running_since
        self._pace.note(self._running_size, seconds)
        self._on_batch(
            BatchRun(
                items=sum(len(request.items) for request in batch),
                size=self._running_size,
                seconds=seconds,
                waits_s=[self._running_since - request.since for request in batch],
            )
        )

    def _next_batch(self) -> list[_Request[Item, Result]]:
        """As many queued requests as fit, oldest first; those whose client has gone are dropped."""
        batch: list[_Request[Item, Result]] = []
        size = 0
        while self._queue and (not batch or size + self._queue[0].size <= self._limits.batch_size):
            request = self._queue.popleft()
            if not request.future.done():
                batch.append(request)
                size += request.size
        return batch


def _answer(batch: Sequence[_Request[Item, Result]], results: list[Result]) -> None:
    start = 0
    for request in batch:
        if not request.future.done():
            request.future.set_result(results[start : start + len(request.items)])
        start += len(request.items)


def _fail(batch: Sequence[_Request[Item, Result]], error: Exception) -> None:
    for request in batch:
        if not request.future.done():
            request.future.set_exception(error)
