"""Who complains of what on which day: the counts that are watched."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

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
        of: (c, d) everybody who wrote about its product, less those who repeat themselves about the cause.
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
    counts among everybody. Everybody are those who wrote about what the cause is about, since causes never share a
    product: where one is written about more, its causes are not complained of more often. Statements without a date
    are left out, and those with a stray one (``written_days``): one of a year to come would move the last weeks of
    the file, whose alarms are told, behind every real day.

    Raises:
        StateError: No statement has a date.
    """
    rows = _dated(without_stray_dates(journal))
    if not rows:
        raise StateError("no message has a date: a watch needs the column with the time of writing")
    first = min(row.day for row in rows)
    length = max(row.day for row in rows) - first + 1
    causes = tuple(sorted({row.cause for row in rows if row.cause and row.complains}))
    number = {cause: place for place, cause in enumerate(causes)}
    people = np.zeros((len(causes), length), dtype=np.int64)
    of = _everybody(rows, causes, first, length)
    for cause, day, new in _voices(rows):
        (people if new else of)[number[cause], day - first] += 1 if new else -1
    return DailyCounts(causes, first, people, of)


class _Row(NamedTuple):
    cause: str | None
    person: str
    day: int
    complains: bool
    context: str


def _dated(journal: Journal) -> list[_Row]:
    """Cause, person, ordinal of the day, whether it is a complaint, and context, of each dated statement."""
    columns = (journal.column(name) for name in ("cause_id", "person", "created_at", "side", "context"))
    return [
        _Row(cause, person, day_of(moment).toordinal(), side in COMPLAINTS, about)
        for cause, person, moment, side, about in zip(*columns, strict=True)
        if moment is not None
    ]


def _everybody(rows: list[_Row], causes: tuple[str, ...], first: int, length: int) -> Ints:
    """(c, d) people who wrote on each day about what each cause is about: several products where they were merged."""
    about = defaultdict[str | None, set[str]](set)
    for row in rows:
        about[row.cause].add(row.context)
    wrote = defaultdict[str, set[tuple[int, str]]](set)
    for row in rows:
        wrote[row.context].add((row.day - first, row.person))
    counted = dict[frozenset[str], Ints]()
    of = np.zeros((len(causes), length), dtype=np.int64)
    for place, cause in enumerate(causes):
        contexts = frozenset(about[cause])
        if contexts not in counted:
            days = [day for day, _ in set[tuple[int, str]]().union(*(wrote[each] for each in contexts))]
            counted[contexts] = np.bincount(days, minlength=length)
        of[place] = counted[contexts]
    return of


def _voices(rows: list[_Row]) -> list[tuple[str, int, bool]]:
    """Cause and day of each person and day, and whether the person had been quiet about it for 30 days."""
    said = sorted({(row.cause, row.person, row.day) for row in rows if row.cause and row.complains})
    voices = list[tuple[str, int, bool]]()
    before: tuple[str, str, int] | None = None
    for voice in said:
        again = before is not None and before[:2] == voice[:2] and voice[2] - before[2] <= QUIET_DAYS
        voices.append((voice[0], voice[2], not again))
        before = voice
    return voices
