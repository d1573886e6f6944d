"""A belief against the measured share: how far off, and whether that can be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mining.evidence import adjusted
from mining.gap.beliefs import Belief
from mining.gap.measured import Measured
from mining.results import Share
from mining.settings import MiningSettings

Verdict = Literal["knew", "overrated", "underrated", "cannot_tell"]
VERDICTS: Final[Sequence[Verdict]] = ("knew", "overrated", "underrated", "cannot_tell")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """How far the customers are from a belief.

    Attributes:
        found: Whether the mining found its subject; a cause may be retired, hidden or waiting for its first mining.
        measured: None below the gate and for what was not found: then there are no numbers at all.
        difference: Measured minus believed share, in [-1, 1].
        low, high: 95 % interval of it, for how many people there are; a belief is a number, so it has no error.
        high_if_unnamed: Its upper end if all complaints of which it is not known what they are about were about this.
        p_value: That the share is within the margin of the belief, adjusted over all gaps of one showing.
        grade: "anecdote" or "emerging". Never more: how often a topic is misread was not measured.
    """

    belief: Belief
    found: bool = True
    measured: Measured | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    high_if_unnamed: float | None = None
    p_value: float | None = None
    verdict: Verdict
    grade: Literal["anecdote", "emerging"]
    reason: str


def gaps(pairs: Sequence[tuple[Belief, Measured | None]], settings: MiningSettings) -> list[Gap]:
    """One gap for each belief, in order; None is what the mining did not find, which is not the same as nobody.

    "knew" where the share is shown to be within the belief's margin, "underrated" and "overrated" where it is shown
    to be beyond it, else "cannot tell": the same two limits for all three, so that large numbers alone make no gap.
    Within is told by the 95 % interval, which is two one-sided tests of 2.5 % (Schuirmann 1987); beyond by a one-sided
    exact binomial test of the limit, doubled for the two limits, with Benjamini-Hochberg (1995) over all beliefs.

    Complaints that are not named may be about anything: "overrated" and "knew" must hold if all were about this.
    """
    found = [(belief, measured) for belief, measured in pairs if measured is not None]
    p_values = iter(adjusted([_beyond(belief, measured) for belief, measured in found]))
    return [
        _not_found(belief) if measured is None else _gap(belief, measured, next(p_values), settings)
        for belief, measured in pairs
    ]


def _not_found(belief: Belief) -> Gap:
    return Gap(
        belief=belief, found=False, verdict="cannot_tell", grade="anecdote", reason="not found in this mining"
    )


def _gap(belief: Belief, measured: Measured, p_value: float, settings: MiningSettings) -> Gap:
    share, most = measured.share, measured.most
    if share.n < settings.share_people:
        reason = f"{share.n} people complain, a share needs {settings.share_people}"
        return Gap(belief=belief, verdict="cannot_tell", grade="anecdote", reason=reason)
    verdict, reason = _verdict(belief, share, most, p_value, settings.significance)
    return Gap(
        belief=belief,
        measured=measured,
        difference=share.value - belief.share,
        low=share.low - belief.share,
        high=share.high - belief.share,
        high_if_unnamed=most.high - belief.share,
        p_value=p_value,
        verdict=verdict,
        grade="emerging",
        reason=reason,
    )


def _verdict(
    belief: Belief, share: Share, most: Share, p_value: float, significance: float
) -> tuple[Verdict, str]:
    low, high = belief.share - belief.margin, belief.share + belief.margin
    if p_value < significance:
        above = share.value > high
        return ("underrated", "more than believed") if above else ("overrated", "less than believed")
    if share.low >= low and most.high <= high:
        return "knew", "as believed"
    if most.high > share.high and (share.high < low or (share.low >= low and share.high <= high)):
        return "cannot_tell", f"{most.k - share.k:,} more people have complaints that are not named"
    return "cannot_tell", f"of {share.n:,} people, too near to the edge of the margin"


def _beyond(belief: Belief, measured: Measured) -> float:
    """P-value of "the share is within the margin of the belief", whatever the unnamed complaints are about."""
    share, most = measured.share, measured.most
    if share.n == 0:
        return 1.0
    from scipy.stats import binomtest

    low, high = max(0.0, belief.share - belief.margin), min(1.0, belief.share + belief.margin)
    more = binomtest(share.k, share.n, high, alternative="greater").pvalue
    less = binomtest(most.k, most.n, low, alternative="less").pvalue
    return min(1.0, 2 * float(min(more, less)))
