"""The days on which people wrote: dates far from all others are set aside, as the wrong year in one message."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from mining.journal import Journal

Ints = NDArray[np.int64]

UNDATED: Final = -1

_FEW: Final = 20
"""At each end at most one message in so many is set aside: what more people write after a silence is no slip."""
_SHORTEST_SILENCE: Final = 28
_OUT_OF_RHYTHM: Final = 5
"""A silence is so many times as long as the longest pause beside it: files that grow from nothing have pauses, too."""
EPOCH: Final = date(1970, 1, 1).toordinal()
"""Ordinal of day 0 of numpy."""


def written_days(days: Ints) -> Ints:
    """The days, ``UNDATED`` also for the few that a silence parts from all the others.

    One date that is years away puts years without messages into the file, in which every cause has gone, nobody leaves
    and nothing is new. A silence is at least four weeks long, and five times as long as any pause between it and the
    other end; behind it lies at most a twentieth of the messages. Files of fewer than twenty are left as they are.

    Args:
        days: (m,) ordinals of the days of messages, ``UNDATED`` where they have none.
    """
    ordered = np.sort(days[days != UNDATED])
    few = len(ordered) // _FEW
    if not few:
        return days
    first, last = -_last_before_silence(-ordered[::-1], few), _last_before_silence(ordered, few)
    return np.where((days >= first) & (days <= last), days, UNDATED)


def _last_before_silence(ordered: Ints, few: int) -> int:
    """The last day, or the one before the first silence among the ``few`` last pauses.

    The ``few`` first days may be strays themselves, so that their pauses tell nothing of the rhythm.
    """
    pauses = np.diff(ordered)[few:]
    longest = np.maximum.accumulate(pauses)
    silent = pauses[1:] >= np.maximum(_SHORTEST_SILENCE, _OUT_OF_RHYTHM * longest[:-1])
    found = np.flatnonzero(silent[-few:])
    return int(ordered[found[0] - few - 1] if len(found) else ordered[-1])


def days_in(moments: Any) -> Ints:
    """(n,) ordinals of the days of a column of moments in UTC, ``UNDATED`` for null."""
    days = moments.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), UNDATED, days.astype(np.int64) + EPOCH)


def without_stray_dates(journal: "Journal") -> "Journal":
    """The journal, without the dates of messages that ``written_days`` sets aside."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = journal.table
    moments, days = table.column("created_at"), days_in(table.column("created_at"))
    ids = table.column("feedback_id").combine_chunks().dictionary_encode().indices.to_numpy()
    _, first, message = np.unique(ids, return_index=True, return_inverse=True)
    stray = written_days(days[first])[message] != days
    if not stray.any():
        return journal
    kept = pc.if_else(pa.array(stray), pa.scalar(None, moments.type), moments)
    return replace(
        journal, table=table.set_column(table.schema.get_field_index("created_at"), "created_at", kept)
    )
