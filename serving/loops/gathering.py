"""All loops of a mining folder, for the report."""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
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
from serving.state import stored_in

MOST_STATEMENTS = 200_000
"""Of a larger mining the loops are asked by their commands: some of them hold every person in memory."""

log = logging.getLogger(__name__)


def loops_of(
    folder: Path,
    register: Path | None,
    settings: MiningSettings,
    at: datetime,
    say: Callable[[str], None] = lambda line: None,
) -> Sequence[LoopTable]:
    """What each loop has to say of the mining in ``folder``, in the order of acting.

    A loop that has nothing to go by (no dates, no ratings, a file of customers that cannot be read) is left out of the
    report, said and logged: the mining is done all the same. So is one that fails with an error of ours, with its
    traceback: a mining may have taken hours, and the command of the loop shows the error again.
    """
    stored = stored_in(folder)
    names = stored.called()
    parts: Mapping[str, Callable[[], Sequence[LoopTable]]] = {
        "recovery": lambda: [recovery_table(folder, names, at.date())],
        "fixes": lambda: [fixes_table(folder, register, names)],
        "alarms": lambda: [alarms_table(folder, names)],
        "loyalty and leaving": lambda: loyalty_tables(folder, stored, names, at.date()),
        "beliefs": lambda: gap_tables(folder, stored.labels),
        "the ratio": lambda: [ratio_table(folder, settings, names)],
    }
    found: list[LoopTable] = []
    missing = defaultdict[str, list[str]](list)
    for name, part in parts.items():
        try:
            found += part()
        except (CountervoiceError, OSError) as error:
            missing[str(error)].append(name)
        except Exception:
            log.exception("not in the report, by a fault of countervoice: please report it")
    for reason, left_out in missing.items():  # one file can cost several loops, and is told once
        line = f"not in the report: {', '.join(left_out)} ({reason})"
        log.info(line)
        say(line)
    return found
