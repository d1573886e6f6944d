"""A micro-batcher that never waits when it is idle, and never lets its queue grow without bound."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

Item = TypeVar("Item")
Result = TypeVar("Result")


class BusyError(Exception):
    """More work is waiting than the service can promise to do."""


@dataclass(frozen=True, slots=True)
class _Request(Generic[Item, Result]):
    items: Sequence[Item]
    future: asyncio.Future[list[Result]]


class MicroBatcher(Generic[Item, Result]):
    """Runs one batch at a time in a thread; what arrives meanwhile becomes the next batch.

    A request that finds the batcher idle starts at once, alone. Requests are never torn apart: one of more
    than ``batch_items`` items is a batch of its own.
    """

    def __init__(
        self, run: Callable[[list[Item]], list[Result]], *, batch_items: int, waiting_items: int
    ) -> None:
        """``run`` gives one result per item, in order; ``waiting_items`` bounds the queue behind it."""
        self._run = run
        self._batch_items = batch_items
        self._waiting_items = waiting_items
        self._queue: deque[_Request[Item, Result]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def submit(self, items: Sequence[Item]) -> list[Result]:
        """Wait for the results of ``items``.

        Raises:
            BusyError: The queue is full; the request was not taken.
        """
        waiting = sum(len(request.items) for request in self._queue)
        if self._queue and waiting + len(items) > self._waiting_items:
            raise BusyError(f"{waiting} texts are waiting, {self._waiting_items} may")
        request: _Request[Item, Result] = _Request(items, asyncio.get_running_loop().create_future())
        self._queue.append(request)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await request.future

    async def _work(self) -> None:
        while batch := self._next_batch():
            items = [item for request in batch for item in request.items]
            try:
                results = await run_in_threadpool(self._run, items)
            except Exception as error:
                _fail(batch, error)
            else:
                _answer(batch, results)

    def _next_batch(self) -> list[_Request[Item, Result]]:
        """As many queued requests as fit, oldest first; those whose client has gone are dropped."""
        batch: list[_Request[Item, Result]] = []
        size = 0
        while self._queue and (not batch or size + len(self._queue[0].items) <= self._batch_items):
            request = self._queue.popleft()
            if not request.future.done():
                batch.append(request)
                size += len(request.items)
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
