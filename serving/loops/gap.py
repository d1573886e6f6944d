"""Beliefs beside what was measured, in the report; to print them is to show them, so what they are about is closed."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from mining.gap.book import read_book
from mining.gap.verdict import Gap
from mining.loop_table import LoopTable
from mining.report_words import count, excerpt, percent
from serving.gap.folder import show


def gap_tables(folder: Path, labels: Mapping[str, str], at: datetime) -> list[LoopTable]:
    """One table of all beliefs, or none where nobody entered one."""
    beliefs, _ = read_book(folder)
    if not beliefs:
        return []
    showing = show(folder, at=at)
    rows = [
        (
            excerpt(labels.get(gap.belief.subject, gap.belief.subject), 60),
            excerpt(gap.belief.by, 40),
            f"{100 * gap.belief.share:.0f} % ± {100 * gap.belief.margin:.2g}",
            *_measured(gap),
            f"{gap.verdict.replace('_', ' ')}: {gap.reason}",
        )
        for _, gap in showing.gaps
    ]
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


def _measured(gap: Gap) -> tuple[str, str]:
    if gap.measured is None or gap.difference is None or gap.low is None or gap.high is None:
        return "anecdote", "–"
    points = f"{100 * gap.difference:+.0f} ({100 * gap.low:+.0f} to {100 * gap.high:+.0f})"
    return percent(gap.measured.share), points
