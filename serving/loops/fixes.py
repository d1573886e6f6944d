"""Registered fixes in the report."""

from collections.abc import Mapping
from pathlib import Path

from mining.fixes.review import Reviewed, Withdrawn
from mining.loop_table import LoopTable
from mining.report_words import excerpt
from serving.fixes.folder import FixedFolder, review_folder
from serving.fixes.tables import told_words
from serving.loops.asking import asked_by, not_shown

SHOWN = 12


def fixes_table(folder: Path, register: Path | None, names: Mapping[str, str]) -> LoopTable:
    """Each fix with its ratio and verdict, the latest first; behind them those that were withdrawn."""
    review = review_folder(FixedFolder(folder, register))
    fixes: list[Reviewed | Withdrawn] = [*reversed(review.found), *reversed(review.withdrawn)]
    rows = [
        (
            names.get(each.cause, each.cause),
            each.fix.day.isoformat(),
            excerpt(each.fix.owner, 30),
            *told_words(each),
        )
        for each in fixes[:SHOWN]
    ]
    return LoopTable(
        title="Is the well covered?",
        question="Who complains, after a fix over before, of those who wrote of the product; with the 95 % interval.",
        columns=("Cause", "Since", "Owner", "Rate after / before", "Verdict"),
        rows=rows,
        note=_note(len(rows), len(fixes) - len(rows)),
        command=asked_by("fix list", folder),
    )


def _note(shown: int, more: int) -> str:
    if not shown:
        return "No fix is registered: give a cause an owner, an action and a day, before you look at what follows."
    return not_shown(more, "fix", "fixes")
