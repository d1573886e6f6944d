"""Beliefs beside what was measured, in the report; to print them is to show them, so what they are about is closed."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from mining.gap.book import read_book
from mining.loop_table import LoopTable
from mining.report_words import count, excerpt
from serving.gap.folder import show
from serving.gap.tables import figures, word


def gap_tables(folder: Path, labels: Mapping[str, str], at: datetime) -> list[LoopTable]:
    """One table of all beliefs, or none where nobody entered one."""
    beliefs, _ = read_book(folder)
    if not beliefs:
        return []
    showing = show(folder, at=at)
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
            note="",
            command=f"countervoice gap show {folder.name}",
        )
    ]
