"""The micro-batcher starts at once when idle, groups what waits, and refuses what it cannot do."""

import asyncio
import threading

import pytest

from serving.batcher import BatchRun, BusyError, Limits, MicroBatcher
from serving.pace import Pace


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
    return MicroBatcher(work, Limits(batch_size=4, waiting_items=waiting_items), size_of=one)


def one(item: int) -> int:
    return 1


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
    assert batches == [[1], [2, 3, 4], [5, 6, 7, 7], [7] * 4, [7] * 3]  # what is larger fills what is left


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
        batches = MicroBatcher(work, Limits(batch_size=4, waiting_items=10), size_of=one)
        with pytest.raises(ValueError, match="thirteen"):
            await batches.submit([13])
        return await batches.submit([14])

    assert asyncio.run(run()) == [14]


class Clock:
    """Time that work takes, and nobody waits for: a tenth of a second for each unit."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def itself(item: int) -> int:
    return item


class Slow(Gate):
    """Takes a tenth of a second of ``clock`` for each unit of work; a batch of 1 waits for nobody."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def __call__(self, items: list[int]) -> list[int]:
        results = super().__call__(items) if items != [1] else items
        self.clock.now += sum(items) / 10
        return results


def test_what_would_begin_after_the_budget_is_refused_at_once_and_taken_when_idle() -> None:
    async def run() -> tuple[list[str], list[int], list[BatchRun]]:
        clock, batches, refused = Clock(), [], []
        work = Slow(clock)
        limits = Limits(batch_size=20, waiting_items=1_000, wait_s=2.0)
        batcher = MicroBatcher(work, limits, size_of=itself, on_batch=batches.append, clock=clock)
        assert (batcher.rate, batcher.wait_s) == (None, 0)
        await batcher.submit([1])
        assert batcher.rate == pytest.approx(10)
        running = asyncio.create_task(batcher.submit([500]))  # 50 s, but nobody is before it
        await work.until_batches(1)
        assert batcher.wait_s == pytest.approx(50)
        clock.now += 48.5
        taken = asyncio.create_task(batcher.submit([10]))  # 1.5 s of the running one are left
        await asyncio.sleep(0)
        with pytest.raises(BusyError) as late:  # and one second of the waiting one
            await batcher.submit([1])
        refused += [str(late.value), late.value.reason, str(late.value.retry_after_s)]
        clock.now -= 48.5
        work.open.set()
        await asyncio.gather(running, taken)
        return refused, await batcher.submit([400]), batches

    refused, answers, batches = asyncio.run(run())
    assert refused == ["it would take 2.5 s to begin, 2 s are allowed", "wait", "1"]
    assert answers == [4_000]
    assert [batch.size for batch in batches] == [1, 500, 10, 400]
    assert batches[1].seconds == pytest.approx(50)
    assert batches[2].waits_s == pytest.approx([1.5])


def test_a_batch_that_fails_says_nothing_of_the_pace() -> None:
    async def run() -> float | None:
        def work(items: list[int]) -> list[int]:
            raise ValueError("no")

        batcher = MicroBatcher(work, Limits(batch_size=4, waiting_items=10), size_of=one)
        with pytest.raises(ValueError, match="no"):
            await batcher.submit([1])
        return batcher.rate

    assert asyncio.run(run()) is None


def test_the_pace_tells_the_cost_of_a_batch_from_that_of_a_unit() -> None:
    pace = Pace()
    assert (pace.rate, pace.seconds(1_000)) == (None, 0)
    pace.note(2_000, 0.22)
    assert pace.seconds(1_000) == pytest.approx(0.11)
    for _ in range(500):  # small ones do not bury the large one
        pace.note(10, 0.021)
    assert pace.seconds(2_000) == pytest.approx(0.22)
    assert pace.seconds(4_000, batches=2) == pytest.approx(0.44)
    assert pace.seconds(0, batches=0) == 0
    for _ in range(50):  # the machine has become slower
        pace.note(1_000, 0.52)
        pace.note(3_000, 1.52)
    assert pace.seconds(2_000) == pytest.approx(1.02, rel=0.02)
    assert pace.rate == pytest.approx(1_960, rel=0.02)


def test_no_cost_is_below_zero() -> None:
    pace = Pace()
    for size, seconds in ((10, 1.0), (1_000, 0.5)):
        pace.note(size, seconds)
    assert pace.seconds(10_000) == pytest.approx(0.75, rel=0.1)
    pace = Pace()
    for size, seconds in ((10, 0.001), (1_000, 10.0)):
        pace.note(size, seconds)
    assert 0 < pace.seconds(1) < 0.02


def test_a_small_request_overtakes_a_large_one_and_each_gets_its_own_answers() -> None:
    async def run() -> tuple[list[list[int]], list[list[int]], list[BatchRun]]:
        work, runs = Gate(), list[BatchRun]()
        limits = Limits(batch_size=4, waiting_items=100)
        batches = MicroBatcher(work, limits, size_of=one, on_batch=runs.append)
        large = [asyncio.create_task(batches.submit([*range(first, first + 9)])) for first in (100, 200)]
        await work.until_batches(1)
        small = [asyncio.create_task(batches.submit([item])) for item in (1, 2)]
        await asyncio.sleep(0)
        done: list[int] = []
        for number, task in enumerate((*large, *small)):
            task.add_done_callback(lambda _, number=number: done.append(number))
        work.open.set()
        answers = await asyncio.gather(*large, *small)
        assert done == [2, 3, 0, 1]
        return answers, work.batches, runs

    answers, batches, runs = asyncio.run(run())
    assert answers == [[*range(1000, 1090, 10)], [*range(2000, 2090, 10)], [10], [20]]
    # one turn of each large request at most is before the small ones
    assert batches == [
        [100, 101, 102, 103],
        [200, 201, 202, 203],
        [104, 105, 106, 107],
        [1, 2, 204, 205],
        [108, 206, 207, 208],
    ]
    assert [len(run.waits_s) for run in runs] == [1, 1, 0, 2, 0]


def test_nothing_more_is_done_for_a_large_request_that_failed_or_has_gone() -> None:
    async def run() -> list[list[int]]:
        work = Gate()
        batches = MicroBatcher(work, Limits(batch_size=2, waiting_items=10), size_of=one)
        work.open.set()
        failing = MicroBatcher(fail_at_13, Limits(batch_size=2, waiting_items=10), size_of=one)
        with pytest.raises(ValueError, match="thirteen"):
            await failing.submit([1, 2, 13, 4, 5, 6])
        work.open.clear()
        gone = asyncio.create_task(batches.submit([7] * 6))
        await work.until_batches(1)
        gone.cancel()
        await asyncio.sleep(0)
        work.open.set()
        assert await batches.submit([8]) == [80]
        assert (failing.waiting_items, batches.waiting_items) == (0, 0)
        return work.batches

    seen: list[list[int]] = []

    def fail_at_13(items: list[int]) -> list[int]:
        seen.append(items)
        if 13 in items:
            raise ValueError("thirteen")
        return items

    assert asyncio.run(run()) == [[7, 7], [8]]
    assert seen == [[1, 2], [13, 4]]


def test_large_requests_leave_places_to_small_ones() -> None:
    async def run() -> list[int]:
        work = Gate()
        batches = batcher(work, waiting_items=20)
        large = asyncio.create_task(batches.submit([1] * 12))
        await work.until_batches(1)
        with pytest.raises(BusyError, match="8 texts are waiting, 10 may beside a large request"):
            await batches.submit([2] * 5)
        small = [asyncio.create_task(batches.submit([3] * 4)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="20 texts are waiting, 20 may"):
            await batches.submit([4])
        work.open.set()
        return [len(answer) for answer in await asyncio.gather(large, *small)]

    assert asyncio.run(run()) == [12, 4, 4, 4]


def refused_beside_two(second: int, limits: Limits, items: list[int]) -> BusyError:
    """What ``items`` are told beside two large requests of 10 and of ``second`` s, in turns of 2 s: one has begun."""

    async def run() -> BusyError:
        clock = Clock()
        work = Slow(clock)
        batcher = MicroBatcher(work, limits, size_of=itself, clock=clock)
        await batcher.submit([1])
        large = [asyncio.create_task(batcher.submit([10] * seconds)) for seconds in (10, second)]
        await work.until_batches(1)
        with pytest.raises(BusyError) as refused:
            await batcher.submit(items)
        work.open.set()
        await asyncio.gather(*large)
        return refused.value

    return asyncio.run(run())


def test_who_would_wait_too_long_is_told_when_the_large_requests_have_few_turns_left() -> None:
    told = refused_beside_two(10, Limits(batch_size=20, waiting_items=1_000, wait_s=2.0), [1])
    assert (told.reason, told.retry_after_s) == ("wait", 18)  # when the last turn of all begins


def test_who_finds_one_turn_short_enough_is_told_when_one_large_request_is_left() -> None:
    told = refused_beside_two(4, Limits(batch_size=20, waiting_items=1_000, wait_s=3.5), [1])
    assert (told.reason, told.retry_after_s) == ("wait", 7)  # the last turn of the second is from 6 s to 8


def test_who_finds_no_place_is_told_when_enough_items_are_handed_out() -> None:
    told = refused_beside_two(10, Limits(batch_size=20, waiting_items=40), [10] * 10)
    assert str(told) == "18 texts are waiting, 20 may beside a large request"
    assert (told.reason, told.retry_after_s) == ("length", 8)  # when the fourth turn from now begins


def test_a_small_request_is_promised_one_turn_of_a_large_one() -> None:
    async def run() -> float:
        clock = Clock()
        work = Slow(clock)
        limits = Limits(batch_size=20, waiting_items=1_000, wait_s=5.0)
        batcher = MicroBatcher(work, limits, size_of=itself, clock=clock)
        await batcher.submit([1])
        large = asyncio.create_task(batcher.submit([10] * 50))  # 50 s
        await work.until_batches(1)
        promised = batcher.wait_s
        small = asyncio.create_task(batcher.submit([2]))
        await asyncio.sleep(0)
        work.open.set()
        await small
        assert not large.done()
        await large
        return promised

    assert asyncio.run(run()) == pytest.approx(4.0)  # what runs, and one turn
