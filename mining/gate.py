"""Whether two sides are an opposition, or one side and the errors of whoever read it."""

from collections.abc import Sequence

from mining.calls import Calls, Heard
from mining.corrected_shares import chance_of_none
from mining.evidence import error_chance


def doubt(
    calls: Calls,
    tested: Sequence[Heard] | None,
    *,
    side_people: int,
    guard: float,
    seed: int = 0,
) -> float:
    """P-value of "misreading everybody else made the smaller side", in [0, 1]; 1 below the gate.

    Each side is tested, and the weaker one counts, so an opposition that is none passes as seldom as a single test
    lets it (an intersection-union test, Berger 1982).

    Args:
        calls: People of the cause by what they are called.
        tested: Votes that are tested, by all calls or the clear ones, and how they are misread, by language; None where
            that was not counted.
        side_people: Fewest people on each side of ``calls``.
        guard: Without ``tested``: how often a person of one side is called the other.
        seed: Of the tests.
    """
    smaller = min(calls.a, calls.b) + calls.both
    if smaller < side_people:
        return 1.0
    if tested is None:
        return error_chance(smaller, calls.a + calls.b + calls.both, guard)
    return max(chance_of_none(tested, side, seed=seed) for side in (0, 1))


def doubt_of_others(plain: int, tested: Sequence[Heard] | None, *, side_people: int, seed: int = 0) -> float:
    """P-value of "everybody who complains means a degree, and some are not read so", in [0, 1]; 1 below the gate.

    A reader who misses one degree in three leaves a plain complaint behind each time. Those who complain of something
    else are there where more complain plainly than the two sides of degree leave.

    Args:
        plain: People who complain, and are called neither degree.
        tested: Votes of those who complain, by the degree that they are called, and how degree is misread, by language;
            without it no degree counts as missed.
        side_people: Fewest people who complain plainly.
        seed: Of the test.
    """
    if plain < side_people:
        return 1.0
    if tested is None:
        return 0.0
    return chance_of_none(tested, 2, seed=seed)
