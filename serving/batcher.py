"""A micro-batcher that never waits when it is idle, and takes no work that it could not begin soon."""

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass
from typing import Final, Generic, Literal, get_args

from serving.pace import Pace
from serving.turns import Item, Portion, Result, Turns, Waiting

Reason = Literal["wait", "length", "bodies"]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)


class BusyError(Exception):
    """More work is waiting than the service can promise to do.

    Attributes:
        reason: ``wait`` where it would begin too late, ``length`` where too many items wait, ``bodies`` where too much
            is held of what was sent.
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
        waiting_items: Items behind the batch that runs; a request larger than a batch may fill half of the places.
        wait_s: Seconds within which a request is expected to begin; ``inf`` for any.
    """

    batch_size: int
    waiting_items: int
    wait_s: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRun:
    """A batch that is done: how much it was, how long it ran, and how long those had waited that it began."""

    items: int
    size: int
    seconds: float
    waits_s: Sequence[float]


class MicroBatcher(Generic[Item, Result]):
    """Runs one batch at a time in a thread; what arrives meanwhile becomes the next batch.

    A request that finds the batcher idle starts at once, alone. One that is larger than a batch is done in several, and
    takes turns with the others (``serving.turns``).
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
        self._turns: Turns[Item, Result] = Turns(limits.batch_size)
        self._worker: asyncio.Task[None] | None = None
        self._running_size = 0
        self._running_since = 0.0

    @property
    def waiting_items(self) -> int:
        """Items behind the batch that runs."""
        return self._turns.items

    @property
    def rate(self) -> float | None:
        """Units of work a second of late; None while nothing is known."""
        return self._pace.rate

    @property
    def wait_s(self) -> float:
        """Seconds after which a request that comes now is expected to begin; 0 when idle."""
        return self._running_s + self._seconds(self._turns.ahead, len(self._turns))

    @property
    def _running_s(self) -> float:
        """Seconds until the batch that runs is expected to be done."""
        running = self._pace.seconds(self._running_size) - (self._clock() - self._running_since)
        return max(0.0, running)

    def _seconds(self, size: int, turns: int) -> float:
        """What ``size`` units in so many turns will take; small ones share a batch."""
        return self._pace.seconds(size, min(turns, math.ceil(size / self._limits.batch_size)))

    def note(self, items: Sequence[Item], seconds: float) -> None:
        """Learn from work that was done elsewhere how long it takes."""
        self._pace.note(sum(map(self._size_of, items)), seconds)

    async def submit(self, items: Sequence[Item]) -> list[Result]:
        """Wait for the results of ``items``.

        Raises:
            BusyError: It would begin too late; the request was not taken.
        """
        if not items:
            return []
        sizes = [self._size_of(item) for item in items]
        self._admit(len(items), sum(sizes))
        future: asyncio.Future[list[Result]] = asyncio.get_running_loop().create_future()
        self._turns.add(Waiting(items, sizes, future, self._clock(), sum(sizes)))
        if self._worker is None or self._worker.done():
            # in a context of its own: what belongs to the first request is not for those after it
            self._worker = asyncio.get_running_loop().create_task(self._work(), context=Context())
        return await future

    def _admit(self, items: int, size: int) -> None:
        waiting, limits = self.waiting_items, self._limits
        is_large = size > limits.batch_size
        places = limits.waiting_items // 2 if is_large else limits.waiting_items
        if waiting and waiting + items > places:
            message = (
                f"{waiting} texts are waiting, {places} may{' beside a large request' if is_large else ''}"
            )
            raise BusyError(message, reason="length", retry_after_s=self._retry_after_s(places - items))
        if self.wait_s > limits.wait_s:
            message = f"it would take {self.wait_s:.1f} s to begin, {limits.wait_s:g} s are allowed"
            raise BusyError(message, reason="wait", retry_after_s=self._retry_after_s(places - items))

    def _retry_after_s(self, beside: int) -> int:
        """Whole seconds until so many items wait, or none, and what comes then is taken; if nobody comes meanwhile.

        A place is free when its item is handed out. The wait falls while a batch runs, and rises again by each turn of
        a large request: it is short enough where it is so in the middle of a batch, at which one may come as well.
        """
        running_s, begins_s = self._running_s, 0.0
        for turns, then in enumerate(self._turns.outlook()):
            done_s = running_s + self._seconds(then.done, turns)
            if then.items <= max(0, beside):
                ahead_s = self._seconds(then.ahead, then.requests)
                rising_s = self._seconds(self._limits.batch_size, 1) if then.returning else 0.0
                if ahead_s + rising_s / 2 <= self._limits.wait_s:
                    begins_s = max(begins_s, done_s + ahead_s - self._limits.wait_s)
                    break
            begins_s = done_s
        return math.ceil(max(1.0, begins_s))

    async def _work(self) -> None:
        while batch := self._turns.next_batch():
            items = [item for portion in batch for item in portion.items]
            self._running_since = self._clock()
            self._running_size = sum(portion.size for portion in batch)
            try:
                results = await asyncio.get_running_loop().run_in_executor(self._thread, self._run, items)
            except Exception as error:
                for portion in batch:
                    portion.fail(error)
            else:
                self._note(batch)
                _answer(batch, results)
            finally:
                self._running_size = 0

    def _note(self, batch: Sequence[Portion[Item, Result]]) -> None:
        seconds = self._clock() - self._running_since
        self._pace.note(self._running_size, seconds)
        self._on_batch(
            BatchRun(
                items=sum(len(portion.items) for portion in batch),
                size=self._running_size,
                seconds=seconds,
                waits_s=[self._running_since - each.request.since for each in batch if each.first == 0],
            )
        )


def _answer(batch: Sequence[Portion[Item, Result]], results: list[Result]) -> None:
    start = 0
    for portion in batch:
        portion.answer(results[start : start + len(portion.items)])
        start += len(portion.items)
