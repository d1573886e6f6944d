"""The micro-batcher starts at once when idle, groups what waits, and refuses what it cannot do."""

import asyncio
import threading

import pytest

from serving.batcher import BusyError, MicroBatcher


class Gate:
    """Work that stands still until it is opened, and notes its batches."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.batches: list[list[int]] = []

    def __call__(self, items: list[int]) -> list[int]:
        self.batches.append(items)
        self.open.wait(20)
        return [item * 10 for item in items]

    async def until_batches(self, count: int) -> None:
        while len(self.batches) < count:
            await asyncio.sleep(0.001)


def batcher(work: Gate, *, waiting_items: int = 100) -> MicroBatcher[int, int]:
    return MicroBatcher(work, batch_items=4, waiting_items=waiting_items)


def test_an_idle_batcher_does_not_wait_and_the_rest_go_together() -> None:
    async def run() -> tuple[list[list[int]], list[list[int]]]:
        work = Gate()
        batches = batcher(work)
        first = asyncio.create_task(batches.submit([1]))
        await work.until_batches(1)
        later = [asyncio.create_task(batches.submit(items)) for items in ([2, 3], [4], [5, 6], [7] * 9, [])]
        await asyncio.sleep(0.01)
        work.open.set()
        return await asyncio.gather(first, *later), work.batches

    answers, batches = asyncio.run(run())
    assert answers == [[10], [20, 30], [40], [50, 60], [70] * 9, []]
    assert batches == [[1], [2, 3, 4], [5, 6], [7] * 9, []]


def test_a_full_queue_refuses_and_then_takes_again() -> None:
    async def run() -> list[list[int]]:
        work = Gate()
        batches = batcher(work, waiting_items=3)
        running = asyncio.create_task(batches.submit([1]))
        await work.until_batches(1)
        waiting = asyncio.create_task(batches.submit([2, 3]))
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="2 texts are waiting, 3 may"):
            await batches.submit([4, 5])
        fits = asyncio.create_task(batches.submit([6]))
        await asyncio.sleep(0)
        work.open.set()
        return [*await asyncio.gather(running, waiting, fits), await batches.submit([4, 5])]

    assert asyncio.run(run()) == [[10], [20, 30], [60], [40, 50]]


def test_what_is_larger_than_the_queue_is_taken_by_an_idle_batcher() -> None:
    work = Gate()
    work.open.set()
    assert asyncio.run(batcher(work, waiting_items=3).submit([1] * 50)) == [10] * 50


def test_nobody_works_for_a_client_that_has_gone() -> None:
    async def run() -> list[list[int]]:
        work = Gate()
        batches = batcher(work)
        running = asyncio.create_task(batches.submit([1]))
        await work.until_batches(1)
        gone = asyncio.create_task(batches.submit([2]))
        stays = asyncio.create_task(batches.submit([3]))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        work.open.set()
        await asyncio.gather(running, stays)
        return work.batches

    assert asyncio.run(run()) == [[1], [3]]


def test_an_error_reaches_its_clients_and_the_next_batch_runs() -> None:
    def work(items: list[int]) -> list[int]:
        if 13 in items:
            raise ValueError("thirteen")
        return items

    async def run() -> list[int]:
        batches = MicroBatcher(work, batch_items=4, waiting_items=10)
        with pytest.raises(ValueError, match="thirteen"):
            await batches.submit([13])
        return await batches.submit([14])

    assert asyncio.run(run()) == [14]
