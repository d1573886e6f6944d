"""Buckets empty, fill up again, and are no way to fill the memory."""

import pytest

from serving import rate_limit
from serving.rate_limit import RateLimit


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_at_its_rate() -> None:
    clock = Clock()
    limit = RateLimit(60, burst=3, clock=clock)
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, pytest.approx(1.0)]
    assert limit.take("b") == 0
    clock.now += 0.75
    assert limit.take("a") == pytest.approx(0.25)
    clock.now += 0.25
    assert limit.take("a") == 0
    clock.now += 3600
    assert [limit.take("a") > 0 for _ in range(4)] == [False, False, False, True]


def test_zero_is_no_limit() -> None:
    limit = RateLimit(0)
    assert not any(limit.take("a") for _ in range(100))


def test_callers_are_forgotten_at_some_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "_MAX_BUCKETS", 2)
    limit = RateLimit(1, burst=1, clock=Clock())
    assert [limit.take(name) > 0 for name in "abaccb"] == [False, False, True, False, True, False]
