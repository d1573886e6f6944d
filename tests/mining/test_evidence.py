"""Shares, tests and grades against their references, known rules and simulation."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom

from mining.evidence import (
    adjusted,
    equivalence_test,
    error_chance,
    grade_of,
    share_of,
    sign_test,
    verdict_of,
)
from mining.results import CorrectedShare

COUNTS = st.integers(min_value=0, max_value=300)


def decide(a: int, b: int) -> str:
    return verdict_of(a, b, odds=2.0, significance=0.05)


@given(n=st.integers(min_value=1, max_value=500), data=st.data())
def test_share_holds_what_was_observed_and_stays_in_range(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(min_value=0, max_value=n))
    share = share_of(k, n)
    assert 0 <= share.low <= share.value <= share.high <= 1
    assert share.low < share.high


def test_share_is_wilson_inside_and_jeffreys_at_the_edges() -> None:
    k, n, z = 96, 181, 1.959963984540054
    centre = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * (k * (n - k) / n + z * z / 4) ** 0.5
    assert share_of(k, n).low == pytest.approx(centre - half, abs=1e-12)
    assert share_of(k, n).high == pytest.approx(centre + half, abs=1e-12)
    assert (share_of(0, 20).low, share_of(20, 20).high) == (0.0, 1.0)
    assert share_of(0, 20).high == pytest.approx(beta.ppf(0.975, 0.5, 20.5))
    assert (share_of(0, 0).low, share_of(0, 0).high) == (0.0, 1.0)


@pytest.mark.parametrize(("k", "n"), [(3, 2), (-1, 4)])
def test_share_refuses_counts_that_cannot_be(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="allowed is 0 <= k <= n"):
        share_of(k, n)


@pytest.mark.parametrize("p", [0.03, 0.3, 0.5])
def test_intervals_cover_the_truth(p: float) -> None:
    rng = np.random.default_rng(5)
    inside = [
        share.low <= p <= share.high for share in (share_of(int(k), 40) for k in rng.binomial(40, p, 2000))
    ]
    assert np.mean(inside) > 0.925


@given(a=st.integers(min_value=0, max_value=60), b=st.integers(min_value=0, max_value=60))
def test_sign_test_is_the_binomial_sum(a: int, b: int) -> None:
    n = a + b
    tail = sum(comb(n, i) for i in range(max(a, b), n + 1)) / 2**n
    assert sign_test(a, b) == pytest.approx(1.0 if n == 0 else min(1.0, 2 * tail))
    assert sign_test(a, b) == pytest.approx(sign_test(b, a))


@pytest.mark.parametrize(("winner", "loser"), [(6, 0), (8, 1), (10, 2), (12, 3), (13, 4), (15, 5)])
def test_smallest_wins(winner: int, loser: int) -> None:
    assert decide(winner, loser) == "leans_A"
    assert decide(loser, winner) == "leans_B"
    assert sign_test(winner - 1, loser) >= 0.05


@pytest.mark.parametrize(
    ("people", "share", "outweighing", "verdict"),
    [
        ((40, 10), (0.7, 0.52, 0.85), 0.6, "leans_A"),
        ((40, 10), (0.7, 0.48, 0.85), 0.6, "inconclusive"),
        ((40, 10), (0.2, 0.1, 0.3), 0.6, "inconclusive"),
        ((10, 40), (0.2, 0.1, 0.3), 0.6, "leans_B"),
        ((10, 40), (0.4, 0.3, 0.55), 0.2, "inconclusive"),
        ((110, 100), (0.52, 0.4, 0.64), 0.01, "split"),
        ((110, 100), (0.6, 0.45, 0.75), 0.2, "inconclusive"),
        ((600, 400), (0.7, 0.66, 0.74), 0.97, "leans_A"),
        ((400, 600), (0.3, 0.26, 0.34), 0.97, "leans_B"),
        ((6, 5), (0.5, 0.4, 0.6), 0.01, "inconclusive"),
    ],
)
def test_a_verdict_has_to_be_shown_by_the_counts_and_without_misreading(
    people: tuple[int, int], share: tuple[float, float, float], outweighing: float, verdict: str
) -> None:
    """More evidence of a lean never turns it into nothing: 600 against 400 is a split by counts alone."""
    value, low, high = share
    corrected = CorrectedShare(value=value, low=low, high=high)
    assert verdict_of(*people, corrected, outweighing, odds=2.0, significance=0.05) == verdict


def test_nobody_leads_where_misreading_leaves_nobody_on_either_side() -> None:
    """Which is not the same as errors that nobody counted."""
    assert verdict_of(40, 10, None, 1.0, odds=2.0, significance=0.05) == "inconclusive"
    assert verdict_of(40, 10, None, None, odds=2.0, significance=0.05) == "leans_A"


@given(a=COUNTS, b=COUNTS)
def test_verdicts_mirror(a: int, b: int) -> None:
    mirror = {"leans_A": "leans_B", "leans_B": "leans_A"}
    assert decide(b, a) == mirror.get(decide(a, b), decide(a, b))


def test_verdicts_of_the_stories_the_product_tells() -> None:
    assert decide(96, 85) == "split"
    assert decide(6, 6) == "inconclusive"
    assert decide(30, 300) == "leans_B"
    assert decide(1050, 950) == "split"  # the sign test alone would call this a win
    assert sign_test(1050, 950) < 0.05
    assert decide(0, 0) == "inconclusive"


def test_equivalence_keeps_its_level_at_the_margin() -> None:
    rng = np.random.default_rng(3)
    draws = rng.binomial(120, 2 / 3, 3000)
    rejected = np.mean([equivalence_test(int(a), 120 - int(a), 2.0) < 0.05 for a in draws])
    assert rejected <= 0.06


def test_grades() -> None:
    def graded(k: int, n: int, **kwargs: int) -> str:
        known = {"sources": 2, "periods": 1, "gate": 6, "established_people": 30}
        return grade_of(share_of(k, n), n, **{**known, **kwargs})

    assert graded(2, 5) == "anecdote"
    assert graded(5, 12) == "emerging"
    assert graded(96, 181) == "established"
    assert graded(96, 181, sources=1, periods=1) == "emerging"
    assert graded(96, 181, sources=0, periods=3) == "established"
    assert graded(15, 30) == "established"  # the gate of a share is 30 people, whatever the share


@given(st.lists(st.floats(min_value=0, max_value=1), max_size=30))
def test_adjusted_is_the_step_up_procedure(p_values: list[float]) -> None:
    m = len(p_values)
    ranked = sorted(range(m), key=lambda i: p_values[i])
    expected, least = [0.0] * m, 1.0
    for rank in range(m, 0, -1):
        i = ranked[rank - 1]
        least = min(least, p_values[i] * m / rank)
        expected[i] = least
    assert adjusted(p_values) == pytest.approx(expected)


@pytest.mark.parametrize(("smaller", "both", "error"), [(10, 100, 0.1), (17, 36, 0.3), (9, 100, 0.01)])
def test_a_side_is_real_when_errors_would_seldom_make_it(smaller: int, both: int, error: float) -> None:
    tail = sum(binom.pmf(k, both, error) for k in range(smaller, both + 1))
    assert error_chance(smaller, both, error) == pytest.approx(tail)
