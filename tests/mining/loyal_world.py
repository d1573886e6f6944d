"""Planted leavers: people who write of subjects, each of which changes their odds of leaving by a known factor."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from data.customers import Customer, author_key
from mining.journal import Journal
from mining.loyalty.trials import Trials
from mining.loyalty.writers import Writer

FIRST = date(2025, 1, 1)


@dataclass(frozen=True)
class Odds:
    """Person-months with planted odds.

    Attributes:
        design: (n, 3 + p) a column of ones, two periods, and the stances as they had been taken by each month.
    """

    design: NDArray[np.float64]
    trials: Trials


def planted_odds(
    log_odds: NDArray[np.float64], *, people: int, months: int = 6, base: float = 0.03, seed: int = 0
) -> Odds:
    """People who each take up to two of ``p`` stances in one of their first three months."""
    rng = np.random.default_rng(seed)
    kinds = len(log_odds)
    since = np.full((people, kinds), months)
    for _ in range(2):
        since[np.arange(people), rng.integers(0, kinds, people)] = rng.integers(0, 3, people)
    month = np.arange(months)
    said = (since[:, None, :] <= month[None, :, None]).astype(float)
    period = np.stack([np.ones(months), month >= 2, month >= 4], axis=1)
    reach = np.log(base / (1 - base)) + said @ log_odds - 0.4 * (month >= 2)
    leaves = rng.random((people, months)) < 1 / (1 + np.exp(-reach))
    left_before = np.cumsum(leaves, axis=1) - leaves > 0
    stays = ~left_before & (month[None, :] < rng.integers(2, months + 1, people)[:, None])
    person, at = np.nonzero(stays)
    trials = Trials(
        writers=[Writer(person=f"f-{number:05}", context="", messages=()) for number in range(people)],
        writer=person,
        month=at,
        started=at,
        left=leaves[stays],
        until=FIRST,
        left_out={},
    )
    return Odds(np.hstack([period[at], said[stays]]), trials)


def planted_journal(
    chances: dict[tuple[str, str], float], *, each: int, days: int = 400, seed: int = 0
) -> tuple[Journal, dict[str, Customer]]:
    """A journal of ``each`` people for each cause and side, who leave within 90 days of writing with those chances."""
    import pyarrow as pa

    rng = np.random.default_rng(seed)
    rows, customers = [], {}
    for cause, side in chances:
        for _ in range(each):
            number = len(rows)
            day = FIRST + timedelta(days=int(rng.integers(0, days)))
            left = day + timedelta(days=int(rng.integers(1, 90)))
            leaves = rng.random() < chances[cause, side] and (left - FIRST).days < days
            author = f"Author {number}"
            customers[author_key(author)] = Customer(
                yearly_value=float(rng.integers(10, 100)),
                left_on=left if leaves else None,
                since=FIRST - timedelta(days=int(rng.integers(1, 1500))),
            )
            rows.append(
                {
                    "feedback_id": f"f-{number:05}",
                    "person": f"f-{number:05}",
                    "author": author,
                    "created_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
                    "source": ("app_store", "email", "survey")[number % 3],
                    "channel": ("app", "mail", "web")[number % 3],
                    "solicited": number % 3 == 2,
                    "rating": 5.0 if side == "praise" else float(1 + number % 4),
                    "outcome": float(leaves),
                    "segments": {"product": f"product {number % 2}"},
                    "cause_id": cause,
                    "side": side,
                    "text": f"Words {number} of {cause}",
                }
            )
    table = pa.Table.from_pylist(rows)
    segments = pa.array([list(row["segments"].items()) for row in rows], pa.map_(pa.string(), pa.string()))
    return Journal(
        table.set_column(table.schema.get_field_index("segments"), "segments", segments)
    ), customers
