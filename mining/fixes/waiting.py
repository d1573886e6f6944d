"""How long one has to wait until a fall could be told."""

import math

from mining.fixes.rate_ratio import Dispersion

_POWER_QUANTILE = 0.8416
"""Of a power of 80 %."""


def days_to_tell(
    left: float, past: int, inflation: float, per_day: float, dispersion: Dispersion, period: int
) -> int | None:
    """Days after a fix until a fall of the rate to ``left`` would show in four of five cases.

    By the normal approximation the interval shows it when the logarithm of 1 / left exceeds (1.96 + 0.84) standard
    errors of the logarithm of the ratio, whose variance is one over the people before plus one over the people to come
    (Signorini 1991).

    Args:
        left: In (0, 1): 0.5 for a halving.
        past: People who spoke before.
        inflation: Variance of ``past`` over that by chance, >= 1.
        per_day: People a day who would speak at the old rate.
        dispersion: Of the periods.
        period: Days of a period.

    Returns:
        None where too few spoke before, or speak at all: no number of days is enough.
    """
    if not past or per_day <= 0:
        return None
    allowed = (math.log(1 / left) / (dispersion.quantile + _POWER_QUANTILE)) ** 2
    to_come = per_day * left
    room = allowed - inflation / past
    if room <= 0:
        return None
    return math.ceil((1 + dispersion.repeated + dispersion.alpha * to_come * period) / (to_come * room))
