"""Batches side by side: all of them, in their order, and none after a failure."""

import threading
import time
from contextlib import closing

import pytest

from models.streams import each_with


@pytest.mark.parametrize("streams", [1, 2, 7])
@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_every_part_comes_once_and_in_order(streams: int, count: int) -> None:
    parts = list(range(count))
    assert list(each_with(lambda part: part * part, parts, streams=streams)) == [(n, n * n) for n in parts]


def test_streams_work_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=30)  # breaks unless two are inside at once
    assert len(list(each_with(lambda _: both.wait(), [1, 2], streams=2))) == 2


def test_one_part_stays_in_the_thread_of_the_caller() -> None:
    [(_, thread)] = each_with(lambda _: threading.get_ident(), ["part"], streams=8)
    assert thread == threading.get_ident()


def test_a_failure_arrives_and_the_rest_is_left_undone() -> None:
    begun: list[int] = []

    def work(part: int) -> int:
        begun.append(part)
        if part == 0:
            raise ValueError("the first one")
        held.wait(30)
        time.sleep(0.001)  # all of them would take half a second, were they not left undone
        return part

    held = threading.Event()
    threading.Timer(0.2, held.set).start()
    with pytest.raises(ValueError, match="the first one"):
        list(each_with(work, range(1000), streams=2))
    assert len(begun) < 1000


def test_closed_early_it_leaves_the_rest_undone() -> None:
    begun: list[int] = []

    def work(part: int) -> int:
        begun.append(part)
        time.sleep(0.001)
        return part

    with closing(each_with(work, range(5000), streams=2)) as answers:
        next(answers)
    assert len(begun) < 5000
    assert all(not thread.name.startswith("stream") for thread in threading.enumerate())
