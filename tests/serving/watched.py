"""A folder whose journal holds a burst: couriers, on ten days of 2026."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from data.records import Feedback, Statement
from mining.journal import JOURNAL_NAME, journal_of, write_journal
from mining.settings import MiningSettings
from tests.fakes import KeywordPredictor
from tests.serving.job_world import mined_folder
from tests.serving.small_world import small_mining

START = date(2026, 1, 1)
DAYS = 200
BURST = range(180, 190)
_TEXTS = {"c-0001": "Too few examples", "c-0002": "The courier was rude", None: "It came on Monday"}


def watched_folder(folder: Path, *, days: int = DAYS, burst: range = BURST) -> Path:
    """As ``mined_folder``, with a journal of ``days`` days."""
    mined_folder(folder)
    rng = np.random.default_rng(4)
    said = list[tuple[str | None, int]]()
    for day in range(days):
        for cause, rate in (("c-0001", 0.7), ("c-0002", 8.0 if day in burst else 0.5), (None, 5.0)):
            said += [(cause, day)] * int(rng.poisson(rate))
    start = datetime.combine(START, datetime.min.time(), UTC)
    feedback = [
        Feedback(id=f"f-{number:04d}", text=_TEXTS[cause], created_at=start + timedelta(days=day))
        for number, (cause, day) in enumerate(said)
    ]
    statements = [
        Statement(
            id=f"{each.id}#1", feedback_id=each.id, start=0, end=len(each.text), text=each.text, language="en"
        )
        for each in feedback
    ]
    mining = replace(
        small_mining(),
        assignment=tuple(cause for cause, _ in said),
        people=tuple(range(len(said))),
        repeated=(False,) * len(said),
    )
    predictor = KeywordPredictor()
    predictions = predictor.predict([each.text for each in statements])
    journal = journal_of(feedback, statements, predictions, mining, MiningSettings(), predictor.info)
    write_journal(folder / "state" / JOURNAL_NAME, journal)
    return folder
