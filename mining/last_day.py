"""The last day for which the data tell who left."""

from collections.abc import Iterable
from datetime import date


def last_day(days: Iterable[date], today: date) -> date:
    """The last of the days on which something happened, up to ``today``; ``today`` where there is none.

    Nobody is known to have stayed beyond it: the data do not tell on which day they were exported.

    Args:
        days: In UTC, in any order.
        today: Later days are announced, or errors.
    """
    return max((day for day in days if day <= today), default=today)
