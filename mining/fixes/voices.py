"""Who spoke of a cause, of its product, and of causes that nobody touched, read from the journal of a mining."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.labels import COMPLAINTS
from mining.fixes.stretches import Voices
from mining.journal import Journal
from mining.periods import Moments
from mining.written_days import days_in, without_stray_dates

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class DatedJournal:
    """The dated statements of a journal as columns of numbers.

    Attributes:
        person: (n,) numbers of people.
        day: (n,) ordinals of days in UTC.
        context: (n,) products as the mining took them, "" for none or a rare one.
        source: (n,) sources, "" where there is none.
        cause: (n,) cause ids, "" for the unassigned.
        side: (n,) sides, "" for none.
        author: (n,) as the source names people, "" where it does not.
    """

    person: Ints
    day: Ints
    context: NDArray[np.object_]
    source: NDArray[np.object_]
    cause: NDArray[np.object_]
    side: NDArray[np.object_]
    author: NDArray[np.object_]

    @property
    def first(self) -> int:
        """Ordinal of the first day, 1 without any."""
        return int(self.day.min()) if len(self.day) else 1

    @property
    def last(self) -> int:
        """Ordinal of the last day, 0 without any: it lies before the first then."""
        return int(self.day.max()) if len(self.day) else 0

    def merged(self, into: Mapping[str, str]) -> "DatedJournal":
        """The journal with each cause under the id of the one into which it was merged since the mining."""
        if not into:
            return self
        causes = [into.get(cause, cause) for cause in self.cause.tolist()]
        return replace(self, cause=np.array(causes, dtype=object))


def open_dated(journal: Journal) -> DatedJournal:
    """Read what verdicts need.

    Days on which nobody wrote are no days without complaints, so that a stray date counts as none.
    """
    import pyarrow.compute as pc

    table = without_stray_dates(journal).table
    dated = table.filter(pc.is_valid(table.column("created_at")))
    person = dated.column("person").combine_chunks().dictionary_encode().indices
    return DatedJournal(
        person=person.to_numpy().astype(np.int64),
        day=days_in(dated.column("created_at")),
        context=_texts(dated.column("context")),
        source=_texts(dated.column("source")),
        cause=_texts(dated.column("cause_id")),
        side=_texts(dated.column("side")),
        author=_texts(dated.column("author")),
    )


def voices_of(dated: DatedJournal, cause: str, *, side: str | None, touched: Collection[str]) -> Voices:
    """The people behind a verdict.

    Args:
        dated: The journal.
        cause: Id of the cause.
        side: The side that the fix answers; None for every side but praise.
        touched: Causes that somebody mended, which are no controls.
    """
    complains = np.isin(dated.side, list(COMPLAINTS))
    about = dated.cause == cause
    own = about & (complains if side is None else dated.side == side)
    return Voices(
        own=_moments(dated, own),
        everybody=_moments(dated, of_product(dated, cause)),
        controls=_moments(dated, untouched(dated, cause, touched)),
        sources=len(set(dated.source[own].tolist()) - {""}),
    )


def untouched(dated: DatedJournal, cause: str, touched: Collection[str]) -> Mask:
    """(n,) whether a statement complains of another cause of the product of ``cause``, none of ``touched``."""
    complains = np.isin(dated.side, list(COMPLAINTS))
    return complains & of_product(dated, cause) & ~np.isin(dated.cause, ["", cause, *touched])


def of_product(dated: DatedJournal, cause: str) -> Mask:
    """(n,) whether a statement is about a product that somebody spoke of ``cause`` about."""
    return np.isin(dated.context, np.unique(dated.context[dated.cause == cause].astype(str)))


def _moments(dated: DatedJournal, where: Mask) -> Moments:
    return Moments(dated.person[where], dated.day[where])


def _texts(column: Any) -> NDArray[np.object_]:
    import pyarrow.compute as pc

    return np.asarray(pc.fill_null(column, "").to_numpy(zero_copy_only=False), dtype=object)
