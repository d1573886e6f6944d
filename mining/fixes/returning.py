"""A cause that had gone, and is back."""

from datetime import date

import numpy as np

from mining.fixes.rate_ratio import phase_dispersion, rate_ratio
from mining.fixes.results import HALVED, Ratio, Return
from mining.fixes.scan import find_return
from mining.fixes.stretches import Counted, Voices, Window, counted, weekly
from mining.periods import Calendar
from mining.same_people import same_people
from mining.settings import MiningSettings

_FEWEST_QUIET_WEEKS = 4


def return_of(voices: Voices, window: Window, table: Counted, settings: MiningSettings) -> Return | None:
    """The return of a cause that had halved, where a scan over the weeks since the fix shows one.

    Args:
        voices: Who spoke of the cause and of its product.
        window: What counts as before and after.
        table: The same voices, counted over the window.
        settings: The gates.

    Returns:
        None where the rise is not shown at half of ``settings.significance`` (somebody looks again every month),
        where fewer than four weeks were quiet or fewer people complain again than a side of a contrast needs, where it
        had never halved, or still is.
    """
    calendar, counts, exposure = weekly(voices, window)
    past = ~table.after
    before = phase_dispersion(table.counts[past], table.exposure[past], table.after[past])
    same = same_people([voices.own], voices.everybody, calendar)[0]
    found = find_return(counts, exposure, before, same, seed=settings.seed)
    if found is None or found[1] >= settings.significance / 2 or found[0] < _FEWEST_QUIET_WEEKS:
        return None
    turn = int(calendar.starts[found[0]])
    quiet = counted(voices, Window(window.first, window.day, turn))
    again = counted(voices, Window(turn, turn, window.end))
    if not (quiet.comparable and again.exposure.sum()) or again.present.people < settings.side_people:
        return None
    quiet_ratio = rate_ratio(quiet.counts, quiet.exposure, quiet.after, quiet.same)
    again_ratio = _against(table, again)
    if not quiet_ratio.halved or again_ratio.value is None or again_ratio.value <= HALVED:
        return None
    return Return(
        day=date.fromordinal(turn),
        quiet=quiet.present,
        again=again.present,
        quiet_ratio=quiet_ratio,
        again_ratio=again_ratio,
        p_value=found[1],
    )


def _against(table: Counted, again: Counted) -> Ratio:
    """The days of the return over those before the fix, the quiet ones between them left out."""
    past = table.calendar.starts[:-1][~table.after]
    day = table.calendar.starts[len(past)]
    calendar = Calendar("four weeks", np.concatenate([past, [day], again.calendar.starts]))
    same = same_people([table.voices.own], table.voices.everybody, calendar)[0]
    told = same.among(np.delete(np.arange(len(calendar)), len(past)))
    return rate_ratio(told.counts, told.exposure, np.arange(len(told.counts)) >= len(past), told)
