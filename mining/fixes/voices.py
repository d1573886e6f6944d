"""Who spoke of a cause, of its product, and of causes that nobody touched, read from the journal of a mining."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data.customers import author_key
from data.labels import COMPLAINTS
from mining.fixes.stretches import Voices
from mining.journal import Journal
from mining.periods import Moments
from mining.sorted_keys import numbered, rows_of
from mining.written_days import days_in, without_stray_dates

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_NONE: Final[Ints] = np.zeros(0, dtype=np.int64)


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

    @cached_property
    def complains(self) -> Mask:
        """(n,) whether a statement is on any side but praise."""
        return np.isin(self.side, list(COMPLAINTS))

    @cached_property
    def of_cause(self) -> Mapping[str, Ints]:
        """Cause to the positions of its statements, in order; "" to those of none."""
        return _rows_by_value(self.cause)

    @cached_property
    def of_context(self) -> Mapping[str, Ints]:
        """Product to the positions of the statements about it, in order."""
        return _rows_by_value(self.context)

    @cached_property
    def author_keys(self) -> NDArray[np.object_]:
        """(n,) authors as they are compared everywhere (``data.customers``)."""
        names = self.author.tolist()
        keys = {name: author_key(name) for name in dict.fromkeys(names)}
        return np.array([keys[name] for name in names], dtype=object)

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
    own = complaining(dated, cause, side)
    return Voices(
        own=_moments(dated, own),
        everybody=_moments(dated, of_product(dated, cause)),
        controls=_moments(dated, untouched(dated, cause, touched)),
        sources=len(set(dated.source[own].tolist()) - {""}),
    )


def complaining(dated: DatedJournal, cause: str, side: str | None) -> Ints:
    """Positions of the statements on a side of ``cause``; on every side but praise for None."""
    about = dated.of_cause.get(cause, _NONE)
    return about[dated.complains[about] if side is None else dated.side[about] == side]


def untouched(dated: DatedJournal, cause: str, touched: Collection[str]) -> Ints:
    """Positions of complaints of other causes of the product of ``cause``, none of ``touched``, in order."""
    control = dated.complains.copy()
    for each in ("", cause, *touched):
        control[dated.of_cause.get(each, _NONE)] = False
    there = of_product(dated, cause)
    return there[control[there]]


def of_product(dated: DatedJournal, cause: str) -> Ints:
    """Positions of the statements about a product that somebody spoke of ``cause`` about, in order."""
    products = dict.fromkeys(dated.context[dated.of_cause.get(cause, _NONE)].tolist())
    about = [dated.of_context[product] for product in products]
    return np.sort(np.concatenate([_NONE, *about]), kind="stable")


def _moments(dated: DatedJournal, rows: Ints) -> Moments:
    return Moments(dated.person[rows], dated.day[rows])


def _rows_by_value(column: NDArray[np.object_]) -> dict[str, Ints]:
    values, numbers = numbered(column.tolist())
    return dict(zip(values, rows_of(numbers, len(values)), strict=True))


def _texts(column: Any) -> NDArray[np.object_]:
    import pyarrow.compute as pc

    return np.asarray(pc.fill_null(column, "").to_numpy(zero_copy_only=False), dtype=object)
