"""A folder with a mining of two causes over a year, one of which can be fixed on 2026-05-04."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mining.journal import JOURNAL_NAME, Journal, journal_schema, write_journal
from mining.register import RegisteredCause, open_register
from tests.serving.job_world import mined_folder

FIXED_ON = "2026-05-04"
_START = datetime(2025, 11, 3, tzinfo=UTC)
_FIX = datetime(2026, 5, 4, tzinfo=UTC)
_DAYS = 360


def fixable_folder(folder: Path, *, days: int = _DAYS, back_after: int = _DAYS) -> Path:
    """Three people a day write of a door bell; every fifth complains of c-0001 before the fix, nobody after it.

    Args:
        folder: To make.
        days: Length of the feedback.
        back_after: Days since the beginning after which c-0001 is as frequent as before.
    """
    mined_folder(folder)
    with open_register(folder / "causes.db", create=True) as register:
        for cause in ("c-0001", "c-0002"):
            waiting = RegisteredCause.waiting(cause, ("Pinglet",))
            register.put(waiting)
    mine_again(folder, days=days, back_after=back_after)
    return folder


def mine_again(folder: Path, *, days: int, back_after: int = _DAYS) -> None:
    """Put the journal of ``days`` days in place, as a mining does."""
    import pyarrow as pa

    rows = list(_rows(days, back_after))
    write_journal(
        folder / "state" / JOURNAL_NAME, Journal(pa.Table.from_pylist(rows, schema=journal_schema()))
    )


def _rows(days: int, back_after: int) -> Iterator[dict[str, Any]]:
    for number in range(3 * days):
        day = number // 3
        moment = _START + timedelta(days=day)
        about = ("c-0001", "c-0002", "c-0002", None, None)[number % 5]
        if about == "c-0001" and moment >= _FIX and day < back_after:
            about = None
        yield {
            "feedback_id": f"f-{number:04d}",
            "start": 0,
            "end": 4,
            "text": "text",
            "language": "en",
            "person": f"f-{number:04d}",
            "author": f"author {number}",
            "created_at": moment,
            "source": "web",
            "segments": [("product", "Pinglet")],
            "context": "Pinglet",
            "cause_id": about,
            "side": None if about is None else "complaint",
            "topics": [],
            "p_negative": 0.9,
        }
