"""Which segment explains that people pull in opposite directions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mining.evidence import adjusted
from mining.results import SegmentFinding

_LEAST_EXPECTED = 5.0
_POOLED = "(other)"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentTest:
    """Association of one segment column with the two sides of one opposition.

    Attributes:
        value: The value that departs most from the common share, by standardised residual.
        towards: 0 or 1, the side that this value leans to.
        effect: Cramer's V, in [0, 1].
        p_value: That the segment does not go with the side.
        p_turned: That all values have their majority on one side, or evenly.
    """

    column: str
    value: str
    towards: int
    effect: float
    p_value: float
    p_turned: float


def segment_test(column: str, sides: Sequence[Mapping[str, int]], *, gate: int) -> SegmentTest | None:
    """Test whether a segment goes with the side.

    Args:
        column: Name of the segment.
        sides: For each of the two sides, segment value to people. People on both sides are left out.
        gate: Fewest people of a value that counts as a camp of its own.

    Returns:
        Chi-square test without continuity correction, or Fisher's exact test on two values, and the test of a majority
        that turns (Gail & Simon 1985); None when fewer than two values remain. Rare values are pooled until every
        expected count is at least 5.
    """
    values, table = _contingency(sides)
    values, table = _pool_rare(values, table)
    if len(values) < 2 or (table.sum(axis=1) == 0).any():
        return None
    from scipy.stats import chi2_contingency, fisher_exact

    chi2, p_value, _, expected = chi2_contingency(table, correction=False)
    if table.shape[1] == 2:
        p_value = fisher_exact(table).pvalue
    residuals = _standardised_residuals(table, expected)
    strongest = min(range(len(values)), key=lambda i: _prominence(values[i], table[:, i], residuals[:, i]))
    large = table.sum(axis=0) >= gate
    return SegmentTest(
        column=column,
        value=values[strongest],
        towards=int(residuals[1, strongest] > residuals[0, strongest]),
        effect=float(np.sqrt(chi2 / table.sum())),
        p_value=float(p_value),
        p_turned=_turned(table[:, large]),
    )


def findings(
    tests: Sequence[Sequence[SegmentTest]],
    labels: Sequence[tuple[str, str]],
    *,
    significance: float,
    least_effect: float,
) -> list[tuple[SegmentFinding, bool] | None]:
    """The segment that explains most of each opposition, after Benjamini-Hochberg over all tests at once.

    Whether the majority turns is asked of the segments that go with the side alone, and adjusted over those.

    Args:
        tests: For each opposition of the report, its segment tests.
        labels: For each opposition, the labels of side A and side B.
        significance: Level of the adjusted p-values.
        least_effect: Least Cramer's V.

    Returns:
        For each opposition the finding and whether it reverses the majority, or None.
    """
    corrected = iter(adjusted([test.p_value for group in tests for test in group]))
    passed = [
        [
            (test, p_adjusted)
            for test, p_adjusted in zip(group, [next(corrected) for _ in group], strict=True)
            if p_adjusted < significance and test.effect >= least_effect
        ]
        for group in tests
    ]
    turned = iter(adjusted([test.p_turned for group in passed for test, _ in group]))
    return [
        _strongest([(test, p, next(turned) < significance) for test, p in group], sides)
        for group, sides in zip(passed, labels, strict=True)
    ]


def _strongest(
    passed: Sequence[tuple[SegmentTest, float, bool]], sides: tuple[str, str]
) -> tuple[SegmentFinding, bool] | None:
    """Of tests with their adjusted p-value and whether the majority turns, the one that explains most."""
    if not passed:
        return None
    test, p_adjusted, turns = min(passed, key=lambda each: (not each[2], -each[0].effect, each[0].column))
    finding = SegmentFinding(
        column=test.column,
        value=test.value,
        effect=test.effect,
        p_adjusted=p_adjusted,
        towards=sides[test.towards],
    )
    return finding, turns


def _contingency(sides: Sequence[Mapping[str, int]]) -> tuple[list[str], NDArray[np.int64]]:
    values = sorted({value for side in sides for value in side})
    return values, np.array([[side.get(value, 0) for value in values] for side in sides], dtype=np.int64)


def _pool_rare(values: list[str], table: NDArray[np.int64]) -> tuple[list[str], NDArray[np.int64]]:
    """Pool the rarest values into one "(other)" column until the chi-square approximation holds."""
    people = table.sum(axis=0)
    order = sorted(range(len(values)), key=lambda i: (-people[i], values[i]))
    values, table = [values[i] for i in order], table[:, order]
    size = _size_of_pool(table)
    if size == 1:
        return values, table
    pooled = table[:, -size:].sum(axis=1, keepdims=True)
    return [*values[:-size], _POOLED], np.hstack([table[:, :-size], pooled])


def _size_of_pool(table: NDArray[np.int64]) -> int:
    """How many of the last columns, most people first, to pool: as few as bring each expected count to 5; 1 for none.

    Two columns are left at the least. The smallest one is the pool, or the last before it.
    """
    rising = table.sum(axis=0)[::-1]
    if len(rising) <= 2:
        return 1
    smallest = np.minimum(rising.cumsum()[:-1], rising[1:])  # with one column in the pool, with two, ...
    enough = table.sum(axis=1).min() * smallest >= _LEAST_EXPECTED * table.sum()
    enough[-1] = True
    return 1 + int(np.argmax(enough))


def _turned(table: NDArray[np.int64]) -> float:
    """P-value of "no two values of the (2, v) ``table`` have their majorities on different sides" (Gail & Simon 1985).

    A few people more on the other side are no turn: of eight segments with 40 % on one side, one or two show more than
    half by chance. Each majority is told by the exact sign test, turned into a normal deviate; their squares are summed
    for each side, and the smaller sum is held against its distribution where all majorities may be even.
    """
    from scipy.stats import binom, chi2, norm

    total = table.sum(axis=0)
    deviates = np.maximum(0.0, norm.isf(binom.sf(table - 1, total, 0.5)))
    smaller = float((deviates**2).sum(axis=1).min())
    others = np.arange(1, table.shape[1])
    weights = binom.pmf(others, table.shape[1] - 1, 0.5)
    return float(weights @ chi2.sf(smaller, others)) if smaller > 0 else 1.0


def _prominence(
    value: str, people: NDArray[np.int64], residuals: NDArray[np.float64]
) -> tuple[float, bool, int, str]:
    """Sort key: the largest residual first; ties (always, with two values) to a named, larger group."""
    return -round(float(np.abs(residuals).max()), 9), value == _POOLED, -int(people.sum()), value


def _standardised_residuals(table: NDArray[np.int64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    total = table.sum()
    rows = 1 - table.sum(axis=1, keepdims=True) / total
    columns = 1 - table.sum(axis=0, keepdims=True) / total
    return np.asarray((table - expected) / np.sqrt(expected * rows * columns))
