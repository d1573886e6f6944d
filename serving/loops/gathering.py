"""All loops of a mining folder, for the report."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from data.errors import CountervoiceError
from mining.loop_table import LoopTable
from mining.settings import MiningSettings
from serving.loops.alarms import alarms_table
from serving.loops.fixes import fixes_table
from serving.loops.gap import gap_tables
from serving.loops.loyalty import loyalty_tables
from serving.loops.ratio import ratio_table
from serving.loops.recovery import recovery_table
from serving.state import labels_in

MOST_STATEMENTS = 200_000
"""Of a larger mining the loops are asked by their commands: some of them hold every person in memory."""

log = logging.getLogger(__name__)


def loops_of(
    folder: Path, register: Path | None, settings: MiningSettings, at: datetime
) -> Sequence[LoopTable]:
    """What each loop has to say of the mining in ``folder``, in the order of acting.

    A loop that has nothing to go by (no dates, no ratings, a file of customers that cannot be read) is left out of the
    report and logged: the mining is done all the same. So is one that fails with an error of ours, with its traceback:
    a mining may have taken hours, and the command of the loop shows the error again.
    """
    labels = labels_in(folder)
    parts: Sequence[Callable[[], Sequence[LoopTable]]] = (
        lambda: [recovery_table(folder, labels, at.date())],
        lambda: [fixes_table(folder, register, labels)],
        lambda: [alarms_table(folder, labels)],
        lambda: loyalty_tables(folder, labels),
        lambda: gap_tables(folder, labels, at),
        lambda: [ratio_table(folder, settings, labels)],
    )
    found: list[LoopTable] = []
    for part in parts:
        try:
            found += part()
        except (CountervoiceError, OSError) as error:
            log.info("not in the report: %s", error)
        except Exception:
            log.exception("not in the report, by a fault of countervoice: please report it")
    return found
