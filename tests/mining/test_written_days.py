"""Dates that a silence parts from all others are set aside, and no others."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mining.periods import timed_days
from mining.written_days import UNDATED, days_in, without_stray_dates, written_days
from tests.mining.journal_rows import journal, said

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "feedback.csv"
START = date(2025, 11, 1).toordinal()
YEAR = START + np.arange(365)

Ints = NDArray[np.int64]


def drawn(size: int, seed: int, stretch: float = 1.0) -> Ints:
    """So many days of a year; the larger ``stretch``, the more the file grows from its first day to its last."""
    even = np.random.default_rng(seed).random(size)
    grown = even if stretch == 1 else np.log1p((stretch - 1) * even) / np.log(stretch)
    return START + (365 * grown).astype(np.int64)


@given(
    size=st.integers(200, 2_000),
    seed=st.integers(0, 99),
    far=st.integers(200, 36_000),
    before=st.booleans(),
    place=st.integers(0, 199),
)
def test_one_far_date_is_set_aside_and_changes_no_other(
    size: int, seed: int, far: int, before: bool, place: int
) -> None:
    days = drawn(size, seed)
    found = written_days(np.insert(days, place, days.min() - far if before else days.max() + far))
    assert found[place] == UNDATED
    assert (np.delete(found, place) == days).all()


@given(st.integers(0, 2_000), st.integers(0, 200), st.permutations(range(40)))
def test_the_order_of_the_rows_changes_nothing(near: int, seed: int, order: list[int]) -> None:
    days = np.append(drawn(38, seed), [START + 365 + near, UNDATED])
    assert (written_days(days)[order] == written_days(days[order])).all()


def test_strays_at_both_ends_are_set_aside_together() -> None:
    strays = [date(year, 1, 1).toordinal() for year in (1900, 1970, 1970, 2030, 2062)]
    found = written_days(np.append(strays, YEAR))
    assert found.tolist() == [UNDATED] * 5 + YEAR.tolist()


def test_a_silence_is_four_weeks_long_and_out_of_rhythm() -> None:
    last = YEAR[-1]
    assert written_days(np.append(YEAR, last + 27))[-1] == last + 27
    assert written_days(np.append(YEAR, last + 28))[-1] == UNDATED
    weekly = YEAR[::7]
    assert written_days(np.append(weekly, weekly[-1] + 34))[-1] == weekly[-1] + 34
    assert written_days(np.append(weekly, weekly[-1] + 35))[-1] == UNDATED


def test_what_many_write_after_a_silence_counts() -> None:
    wave = YEAR[-1] + 200 + np.arange(20)
    assert (written_days(np.append(YEAR, wave)) >= 0).all()  # 20 of 385
    assert (written_days(np.append(YEAR, wave[:19])) < 0).sum() == 19  # 19 of 384: at most a twentieth


@pytest.mark.parametrize("size", [0, 1, 2, 19])
def test_few_messages_stay_as_they_are(size: int) -> None:
    days = np.append(YEAR[: size - 1], YEAR[-1] + 9_000) if size else YEAR[:0]
    assert (written_days(days) == days).all()


@pytest.mark.parametrize(("size", "most"), [(30, 2), (100, 2), (400, 0), (2_500, 0)])
def test_ordinary_files_stay_as_they_are(size: int, most: int) -> None:
    """Even ones, such as grow tenfold or shrink to a tenth in a year, and a survey in each quarter: 800 of a size."""
    changed = 0
    for seed in range(200):
        even, grows = drawn(size, seed), drawn(size, seed, 10.0)
        waves = START + 91 * (even % 4) + even // 4 % 10
        changed += sum(
            (written_days(days) != days).any() for days in (even, grows, 2 * YEAR[-1] - grows, waves)
        )
    assert changed <= most


def test_the_sample_stays_as_it_is() -> None:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        moments = [row["created_at"] for row in csv.DictReader(file)]
    days = np.array([datetime.fromisoformat(each).toordinal() if each else UNDATED for each in moments])
    assert len(days) > 2_000
    assert (timed_days(days) == days).all()


def test_a_journal_loses_the_date_of_a_stray_message_and_nothing_else() -> None:
    rows = [said(f"f-{i}", day=date.fromordinal(int(day))) for i, day in enumerate(YEAR[:40])]
    late = [said("f-late", day=date(2062, 3, 1))] * 3  # three statements of one message
    found = without_stray_dates(journal([*late, *rows, said("f-none", day=None)]))
    assert days_in(found.table.column("created_at")).tolist() == [UNDATED] * 3 + YEAR[:40].tolist() + [
        UNDATED
    ]
    assert found.column("feedback_id")[:4] == ["f-late"] * 3 + ["f-0"]
    usual = journal(rows)
    assert without_stray_dates(usual) is usual


def test_days_are_those_of_utc_before_1970_as_well() -> None:
    told = [date(1900, 1, 1), date(1969, 12, 31), date(1970, 1, 1), date(2199, 12, 31)]
    table = journal([said(f"f-{day}", day=day) for day in told]).table
    assert days_in(table.column("created_at")).tolist() == [
        datetime(day.year, day.month, day.day, tzinfo=UTC).toordinal() for day in told
    ]
