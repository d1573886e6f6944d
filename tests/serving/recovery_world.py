"""A mining folder with a journal made by hand: two who complained, one who praised."""

from datetime import date
from pathlib import Path

from mining.journal import JOURNAL_NAME, write_journal
from tests.mining.journal_rows import journal, said
from tests.serving.job_world import mined_folder

ROWS = (
    said(
        "f-1", "Anna", day=date(2026, 3, 1), text="=SUM(1) was charged TWICE", topics=("billing",), cause=None
    ),
    said("f-2", "Anna", day=date(2026, 3, 2), text="Still waiting", p=0.7),
    said("f-3", "Bo", day=date(2026, 3, 2), text="A bit slow", side="too_little", p=0.5),
    said("f-4", "Di", side="praise", text="Lovely", p=0.02),
)


def complained_folder(folder: Path) -> Path:
    """A folder as ``countervoice mine`` leaves it, with the journal above."""
    mined = mined_folder(folder)
    write_journal(mined / "state" / JOURNAL_NAME, journal(ROWS))
    return mined
