"""Who complains of what on which day: the counts that are watched."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.errors import StateError
from data.labels import COMPLAINTS
from mining.journal import Journal
from mining.periods import day_of
from mining.written_days import without_stray_dates

Ints = NDArray[np.int64]

QUIET_DAYS = 30


@dataclass(frozen=True, slots=True)
class DailyCounts:
    """People by cause and day, without gaps.

    Attributes:
        causes: (c,) ids, in order.
        first: Ordinal of the first day.
        people: (c, d) people who complain of the cause.
        of: (c, d) everybody who wrote, less those who repeat themselves about the cause.
    """

    causes: tuple[str, ...]
    first: int
    people: Ints
    of: Ints

    @property
    def days(self) -> int:
        """Days from the first to the last."""
        return int(self.people.shape[1])


def daily_counts(journal: Journal) -> DailyCounts:
    """Count the people of each cause and day.

    Whoever writes twice on a day counts once, and whoever says the same again within 30 days of the last time does not
    count at all for that cause: one angry person who writes every day is no rise. Who praises, or takes no side,
    counts among everybody. Statements without a date are left out, and those with a stray one (``written_days``): one
    of a year to come would move the last weeks of the file, whose alarms are told, behind every real day.

    Raises:
        StateError: No statement has a date.
    """
    rows = _dated(without_stray_dates(journal))
    if not rows:
        raise StateError("no message has a date: a watch needs the column with the time of writing")
    first = min(day for _, _, day, _ in rows)
    length = max(day for _, _, day, _ in rows) - first + 1
    causes = tuple(sorted({cause for cause, _, _, complains in rows if cause and complains}))
    number = {cause: place for place, cause in enumerate(causes)}
    everybody = np.bincount([day - first for _, day in {(person, day) for _, person, day, _ in rows}])
    people = np.zeros((len(causes), length), dtype=np.int64)
    of = np.tile(everybody.astype(np.int64), (len(causes), 1))
    for cause, day, new in _voices(rows):
        (people if new else of)[number[cause], day - first] += 1 if new else -1
    return DailyCounts(causes, first, people, of)


_Row = tuple[str | None, str, int, bool]


def _dated(journal: Journal) -> list[_Row]:
    """Cause, person, ordinal of the day, and whether it is a complaint, of each dated statement."""
    columns = (journal.column(name) for name in ("cause_id", "person", "created_at", "side"))
    return [
        (cause, person, day_of(moment).toordinal(), side in COMPLAINTS)
        for cause, person, moment, side in zip(*columns, strict=True)
        if moment is not None
    ]


def _voices(rows: list[_Row]) -> list[tuple[str, int, bool]]:
    """Cause and day of each person and day, and whether the person had been quiet about it for 30 days."""
    said = sorted({(cause, person, day) for cause, person, day, complains in rows if cause and complains})
    voices = list[tuple[str, int, bool]]()
    before: tuple[str, str, int] | None = None
    for voice in said:
        again = before is not None and before[:2] == voice[:2] and voice[2] - before[2] <= QUIET_DAYS
        voices.append((voice[0], voice[2], not again))
        before = voice
    return voices
