"""The arithmetic of evidence: shares with intervals, one side against the other, grades, many tests at once.

Every count here is a count of people, never of mentions.
"""

from collections.abc import Sequence

from mining.results import CorrectedShare, Share

CONFIDENCE_LEVEL = 0.95
_WIDEST_ESTABLISHED = 0.36


def share_of(k: int, n: int) -> Share:
    """The share k of n people with a 95 % interval.

    Wilson (1927), which keeps its level where the normal approximation fails; at k = 0 or k = n Jeffreys,
    closed at the observed bound (Brown, Cai & DasGupta 2001). n = 0 gives the interval [0, 1].

    Raises:
        ValueError: If not 0 <= k <= n.
    """
    if not 0 <= k <= n:
        raise ValueError(f"got k = {k} of n = {n}; allowed is 0 <= k <= n: count people once")
    if n == 0:
        return Share(k=0, n=0, low=0.0, high=1.0)
    from statsmodels.stats.proportion import proportion_confint

    at_the_edge = k in (0, n)
    method = "jeffreys" if at_the_edge else "wilson"
    low, high = proportion_confint(k, n, alpha=1 - CONFIDENCE_LEVEL, method=method)
    return Share(k=k, n=n, low=0.0 if k == 0 else float(low), high=1.0 if k == n else float(high))


def newcombe(one: Share, other: Share) -> tuple[float, float]:
    """95 % interval of the share of ``one`` minus that of ``other``, of different people (Newcombe 1998, method 10)."""
    return newcombe_of((one.k, one.n), (other.k, other.n))


def newcombe_of(one: tuple[float, int], other: tuple[float, int]) -> tuple[float, float]:
    """The same of k of n each, where k need not be whole: who said yes once and no once is half a person."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        *one, *other, method="newcomb", compare="diff", alpha=1 - CONFIDENCE_LEVEL
    )
    return float(low), float(high)


def sign_test(a: int, b: int) -> float:
    """Two-sided p-value of the exact sign test of ``a`` people against ``b``; 1.0 when there are none."""
    if a + b == 0:
        return 1.0
    from scipy.stats import binomtest

    return float(binomtest(a, a + b, 0.5).pvalue)


def equivalence_test(a: int, b: int, odds: float) -> float:
    """P-value of "one side is at least ``odds`` times the other"; small means that both camps matter.

    Two one-sided exact binomial tests (TOST, Schuirmann 1987) of the share a/(a+b) against the margins
    1/(1+odds) and odds/(1+odds); the larger of the two p-values.
    """
    if a + b == 0:
        return 1.0
    from scipy.stats import binomtest

    margin = odds / (1 + odds)
    above = binomtest(a, a + b, 1 - margin, alternative="greater").pvalue
    below = binomtest(a, a + b, margin, alternative="less").pvalue
    return float(max(above, below))


def error_chance(smaller: int, both: int, error: float) -> float:
    """P-value of "misreading the others put ``smaller`` of ``both`` people on that side"; 1.0 when there are none.

    One-sided exact binomial test of the smaller side against the error rate ``error`` of the classifier: a model that
    takes one complaint in ten for praise finds ten "camps" in a hundred complaints.
    """
    if both == 0:
        return 1.0
    from scipy.stats import binomtest

    return float(binomtest(smaller, both, error, alternative="greater").pvalue)


def verdict_of(
    a: int,
    b: int,
    corrected: CorrectedShare | None = None,
    outweighing: float | None = None,
    *,
    odds: float,
    significance: float,
) -> str:
    """What ``a`` people against ``b`` show: "split", "leans_A", "leans_B" or "inconclusive".

    ``a`` and ``b`` leave out people who stand on both sides. Split comes first: where each camp is shown
    to be less than ``odds`` times the other, both are too large to be ignored, and among thousands of people the sign
    test alone would call 52 % against 48 % a winner. Misreading pulls counts towards one half, so either has to be
    shown with misreading taken out as well: a lean by an interval of the corrected share beyond half on its side.

    Args:
        a, b: People.
        corrected: Share of side A with misreading taken out; None where that leaves nobody on either side.
        outweighing: Of ``mining.corrected_shares.chance_of_outweighing``, for the same ``odds``; None where the model's
            errors were not counted, and the counts are all there is.
        odds: From which one side outweighs the other, > 1.
        significance: Level of the tests, in (0, 1).
    """
    if max(equivalence_test(a, b, odds), outweighing or 0.0) < significance:
        return "split"
    measured = outweighing is not None
    if sign_test(a, b) < significance and (not measured or _beyond_half(corrected, on_a=a > b)):
        return "leans_A" if a > b else "leans_B"
    return "inconclusive"


def _beyond_half(corrected: CorrectedShare | None, *, on_a: bool) -> bool:
    """Whether the side with more people is shown to be larger; not where misreading leaves nobody on either."""
    return corrected is not None and (corrected.low > 0.5 if on_a else corrected.high < 0.5)


def grade_of(
    share: Share, people: int, *, sources: int, periods: int, gate: int, established_people: int
) -> str:
    """Evidence grade of a figure: "anecdote", "emerging" or "established".

    Established needs enough people, a narrow interval, and to have been seen in two sources or two periods:
    what a single campaign in one place and month says can be large and still be one event.
    """
    if people < gate:
        return "anecdote"
    repeated = sources >= 2 or periods >= 2
    narrow = share.high - share.low <= _WIDEST_ESTABLISHED
    return "established" if people >= established_people and repeated and narrow else "emerging"


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Benjamini-Hochberg (1995) adjusted p-values of all tests of one report, in the given order."""
    if not p_values:
        return []
    from scipy.stats import false_discovery_control

    return [float(p) for p in false_discovery_control(p_values, method="bh")]
