"""``causes.csv``, ``oppositions.csv``, ``trend.csv`` and ``drivers.csv``: the figures as tables for a spreadsheet.

Labels are made of what strangers wrote: ``data.writing`` defuses what a spreadsheet would run as a formula.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from data.labels import SIDES
from data.writing import write_table
from mining.driver_results import Drivers
from mining.evidence import share_of
from mining.report_words import excerpt
from mining.results import Cause, Mining, Opposition, Side

CSV_NAMES: Final = ("causes.csv", "oppositions.csv", "trend.csv", "drivers.csv")
_LONGEST: Final = 200

Row = Mapping[str, object]


def write_csv_tables(folder: Path, mining: Mining) -> None:
    """Write the four tables into ``folder``; a table without rows has its header.

    Raises:
        WriteError: A file cannot be written.
    """
    labels = {cause.id: _plain(cause.label) for cause in mining.causes}
    tables: tuple[tuple[Sequence[str], Iterable[Row]], ...] = (
        (_CAUSE, (_cause(cause, mining.data.people) for cause in mining.causes)),
        (_OPPOSITION, (_opposition(opposition) for opposition in mining.oppositions)),
        (_TREND, (row for cause in mining.causes for row in _trend(cause))),
        (_DRIVER, _drivers(mining.drivers, labels)),
    )
    for name, (columns, rows) in zip(CSV_NAMES, tables, strict=True):
        found = list(rows)
        write_table(folder / name, {column: [row[column] for row in found] for column in columns})


_CAUSE: Final = (
    *(
        "id",
        "label",
        "people",
        "of",
        "share",
        "share_low",
        "share_high",
        "statements",
        "grade",
        "topics",
        "lever",
    ),
    *SIDES,
    *(
        "timing",
        "bursts",
        "fano",
        "trend",
        "change_per_month",
        "change_low",
        "change_high",
        "trend_p_adjusted",
    ),
    *("emerging", "recent_from", "recent_people", "recent_of", "past_people", "past_of", "recent_p_adjusted"),
)
_OPPOSITION: Final = (
    *("cause_id", "label", "kind", "verdict", "grade", "p_value", "segment_column", "segment_value"),
    *(
        f"{name}_{place}"
        for place in "ab"
        for name in ("side", "people", "of", "share", "share_low", "share_high")
    ),
)
_TREND: Final = ("cause_id", "label", "period", "people", "of", "expected", "expected_low", "expected_high")
_DRIVER: Final = (
    *("outcome", "cause_id", "label", "side", "people", "of", "grade", "share", "share_low", "share_high"),
    *("rank", "rank_low", "rank_high", "mean_with", "mean_without"),
    *("difference", "difference_low", "difference_high"),
)


def _cause(cause: Cause, everybody: int) -> Row:
    timing, trend, recent = cause.timing, cause.timing.trend, cause.timing.recent
    share = share_of(cause.people, everybody)
    people = {side.label: side.people for side in cause.sides}
    return {
        "id": cause.id,
        "label": _plain(cause.label),
        "people": share.k,
        "of": share.n,
        "share": share.value,
        "share_low": share.low,
        "share_high": share.high,
        "statements": cause.statements,
        "grade": cause.grade,
        "topics": list(cause.topics),
        "lever": cause.lever,
        **{side: people.get(side, 0) for side in SIDES},
        "timing": timing.kind,
        "bursts": list(timing.bursts),
        "fano": timing.fano,
        "trend": trend and trend.label,
        "change_per_month": trend and trend.change,
        "change_low": trend and trend.low,
        "change_high": trend and trend.high,
        "trend_p_adjusted": trend and trend.p_adjusted,
        "emerging": recent and recent.emerging,
        "recent_from": recent and recent.first,
        "recent_people": recent and recent.people,
        "recent_of": recent and recent.of,
        "past_people": recent and recent.past_people,
        "past_of": recent and recent.past_of,
        "recent_p_adjusted": recent and recent.p_adjusted,
    }


def _opposition(opposition: Opposition) -> Row:
    segment = opposition.segment
    return {
        "cause_id": opposition.cause_id,
        "label": _plain(opposition.label),
        "kind": opposition.kind,
        "verdict": opposition.verdict,
        "grade": opposition.grade,
        "p_value": opposition.p_value,
        "segment_column": segment and _plain(segment.column),
        "segment_value": segment and _plain(segment.value),
        **_side(opposition.sides[0], "a"),
        **_side(opposition.sides[1], "b"),
    }


def _side(side: Side, place: str) -> Row:
    return {
        f"side_{place}": side.label,
        f"people_{place}": side.people,
        f"of_{place}": side.share.n,
        f"share_{place}": side.share.value,
        f"share_low_{place}": side.share.low,
        f"share_high_{place}": side.share.high,
    }


def _trend(cause: Cause) -> Iterable[Row]:
    for point in cause.timing.trend.points if cause.timing.trend else ():
        yield {
            "cause_id": cause.id,
            "label": _plain(cause.label),
            "period": point.period,
            "people": point.people,
            "of": point.of,
            "expected": point.expected,
            "expected_low": point.low,
            "expected_high": point.high,
        }


def _drivers(drivers: Drivers | None, labels: Mapping[str, str]) -> Iterable[Row]:
    for driver in drivers.drivers if drivers else ():
        yield {
            "outcome": _plain(drivers.outcome) if drivers else None,
            "cause_id": driver.cause_id,
            "label": labels.get(driver.cause_id),
            "side": driver.side,
            "people": driver.people,
            "of": driver.of,
            "grade": driver.grade,
            "share": driver.share,
            "share_low": driver.low,
            "share_high": driver.high,
            "rank": driver.rank,
            "rank_low": driver.rank_low,
            "rank_high": driver.rank_high,
            "mean_with": driver.mean_with,
            "mean_without": driver.mean_without,
            "difference": driver.difference,
            "difference_low": driver.difference_low,
            "difference_high": driver.difference_high,
        }


def _plain(text: str) -> str:
    """On one line and without half letters, which have no UTF-8."""
    return excerpt(text, _LONGEST)
