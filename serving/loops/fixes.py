"""Registered fixes in the report."""

from collections.abc import Mapping
from pathlib import Path

from mining.loop_table import LoopTable
from mining.report_words import excerpt, plural
from serving.fixes.folder import FixedFolder, review_folder
from serving.fixes.tables import ratio_words, verdict_words
from serving.loops.asking import asked_by

SHOWN = 12


def fixes_table(folder: Path, register: Path | None, labels: Mapping[str, str]) -> LoopTable:
    """Each fix with its ratio and verdict, the latest first."""
    found, _ = review_folder(FixedFolder(folder, register))
    latest = sorted(found, key=lambda each: (each.fix.day, each.fix.number), reverse=True)
    rows = [
        (
            excerpt(labels.get(each.cause, each.cause), 60),
            each.fix.day.isoformat(),
            excerpt(each.fix.owner, 30),
            ratio_words(each.outcome.ratio),
            verdict_words(each),
        )
        for each in latest[:SHOWN]
    ]
    more = len(found) - len(rows)
    return LoopTable(
        title="Is the well covered?",
        question="Who complains, after a fix over before, of those who wrote of the product; with the 95 % interval.",
        columns=("Cause", "Since", "Owner", "Rate after / before", "Verdict"),
        rows=rows,
        note=_note(len(rows), more),
        command=asked_by("fix list --state", folder),
    )


def _note(shown: int, more: int) -> str:
    if not shown:
        return "No fix is registered: give a cause an owner, an action and a day, before you look at what follows."
    return f"{plural(more, 'earlier fix', 'earlier fixes')} not shown." if more else ""
