"""Beliefs beside what was measured, in the report: only those that somebody asked to be shown before.

To show a share closes its subject, and a mining that runs by night must close nothing.
"""

from collections.abc import Mapping
from pathlib import Path

from mining.gap.book import read_book
from mining.loop_table import LoopTable
from mining.report_words import count, excerpt, plural
from serving.gap.folder import shown_before
from serving.gap.tables import figures, word
from serving.loops.asking import asked_by


def gap_tables(folder: Path, labels: Mapping[str, str]) -> list[LoopTable]:
    """One table of the beliefs that were shown, or none where nobody entered one."""
    beliefs, _ = read_book(folder)
    if not beliefs:
        return []
    showing = shown_before(folder)
    rows = []
    for _, gap in showing.gaps:
        measured, _, apart = figures(gap)
        rows.append(
            (
                excerpt(labels.get(gap.belief.subject, gap.belief.subject), 60),
                excerpt(gap.belief.by, 40),
                f"{100 * gap.belief.share:.0f} % ± {100 * gap.belief.margin:.2g}",
                measured,
                apart,
                f"{word(gap)}: {gap.reason}",
            )
        )
    return [
        LoopTable(
            title="What did we believe?",
            question=(
                f"Beliefs that were sealed before the figure was shown, beside the share of {count(showing.people)} "
                "people who complain."
            ),
            columns=("About", "Who believed", "Believed", "Measured", "Points apart", "Verdict"),
            rows=rows,
            note=_note(showing.waiting),
            command=asked_by("gap show", folder),
        )
    ]


def _note(waiting: int) -> str:
    if not waiting:
        return ""
    wait = "waits" if waiting == 1 else "wait"
    return f"{plural(waiting, 'sealed belief')} {wait}: once shown, no further one about the same is taken."
