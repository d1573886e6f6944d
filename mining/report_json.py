"""``report.json``: the mined picture for other programs, as ``mining/report.schema.json`` describes it."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from mining.report_file import write_whole
from mining.results import (
    Cause,
    DataSummary,
    Driver,
    Drivers,
    Example,
    Listening,
    Mining,
    Opposition,
    RatingShape,
    Recent,
    SegmentFinding,
    Side,
    Timing,
    Trend,
)
from models.predictions import ModelInfo

SCHEMA_VERSION: Final = 1
SCHEMA_PATH: Final = Path(__file__).with_name("report.schema.json")


def report_dict(mining: Mining, model: ModelInfo) -> dict[str, object]:
    """The report as plain JSON values, the same for the same mining.

    ``corrected_share`` and ``corrected_interval`` are null: shares are as counted, not yet corrected for the
    errors of the classifier.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "data": _data(mining.data),
        "model": {
            "name": model.name,
            "version": model.version,
            "languages": list(model.languages),
            "topic_threshold": model.topic_threshold,
        },
        "settings": dict(mining.settings),
        "oppositions": [_opposition(opposition) for opposition in mining.oppositions],
        "causes": [_cause(cause) for cause in mining.causes],
        "unassigned": _counts(mining.unassigned),
        "drivers": None if mining.drivers is None else _drivers(mining.drivers, mining.causes),
        "listening": None if mining.listening is None else _listening(mining.listening),
    }


def write_json(path: Path, mining: Mining, model: ModelInfo, *, created_at: datetime | None = None) -> None:
    """Write the report; two writings of one mining differ in ``created_at`` (default: now) alone."""
    moment = (created_at or datetime.now(UTC)).astimezone(UTC)
    report = {"created_at": moment.isoformat(timespec="seconds"), **report_dict(mining, model)}
    text = json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False, default=str) + "\n"
    # Half a surrogate pair has no UTF-8; backslashreplace writes it as the JSON escape that it came from.
    write_whole(path, text.encode("utf-8", "backslashreplace"))


def _data(data: DataSummary) -> dict[str, object]:
    return {
        "rows": data.rows,
        "rejected": data.rejected,
        "statements": data.statements,
        "people": data.people,
        "languages": _counts(data.languages),
        "sources": _counts(data.sources),
        "ratings": dict(data.ratings),
        "first": data.first,
        "last": data.last,
    }


def _opposition(opposition: Opposition) -> dict[str, object]:
    return {
        "cause_id": opposition.cause_id,
        "label": opposition.label,
        "kind": opposition.kind,
        "verdict": opposition.verdict,
        "grade": opposition.grade,
        "p_value": _number(opposition.p_value),
        "segment": None if opposition.segment is None else _segment(opposition.segment),
        "sides": [_side(side) for side in opposition.sides],
    }


def _cause(cause: Cause) -> dict[str, object]:
    return {
        "id": cause.id,
        "label": cause.label,
        "labels": dict(cause.labels),
        "people": cause.people,
        "statements": cause.statements,
        "grade": cause.grade,
        "topics": list(cause.topics),
        "lever": cause.lever,
        "languages": _counts(cause.languages),
        "timing": _timing(cause.timing),
        "sides": [_side(side) for side in cause.sides],
        "examples": [_example(example) for example in cause.examples],
        "members": list(cause.members),
    }


def _side(side: Side) -> dict[str, object]:
    return {
        "label": side.label,
        "people": side.people,
        "of": side.share.n,
        "share": _number(side.share.value),
        "interval": [_number(side.share.low), _number(side.share.high)],
        "corrected_share": None,
        "corrected_interval": None,
        "mean_rating": _number(side.mean_rating),
        "languages": _counts(side.languages),
        "members": list(side.members),
        "examples": [_example(example) for example in side.examples],
    }


def _segment(segment: SegmentFinding) -> dict[str, object]:
    return {
        "column": segment.column,
        "value": segment.value,
        "effect": _number(segment.effect),
        "p_adjusted": _number(segment.p_adjusted),
        "towards": segment.towards,
    }


def _timing(timing: Timing) -> dict[str, object]:
    return {
        "kind": timing.kind,
        "fano": _number(timing.fano),
        "burst_period": timing.burst_period,
        "bursts": list(timing.bursts),
        "periods": dict(timing.periods),
        "trend": None if timing.trend is None else _trend(timing.trend),
        "recent": None if timing.recent is None else _recent(timing.recent),
    }


def _trend(trend: Trend) -> dict[str, object]:
    return {
        "label": trend.label,
        "change": _number(trend.change),
        "interval": _interval(trend.low, trend.high),
        "unit": trend.unit,
        "model": trend.model,
        "dispersion": _number(trend.dispersion),
        "p_value": _number(trend.p_value),
        "p_adjusted": _number(trend.p_adjusted),
        "points": [
            {
                "period": point.period,
                "people": point.people,
                "of": point.of,
                "expected": _number(point.expected),
                "interval": _interval(point.low, point.high),
            }
            for point in trend.points
        ],
    }


def _recent(recent: Recent) -> dict[str, object]:
    return {
        "emerging": recent.emerging,
        "first": recent.first,
        "people": recent.people,
        "of": recent.of,
        "past_people": recent.past_people,
        "past_of": recent.past_of,
        "ratio": _number(recent.ratio),
        "p_value": _number(recent.p_value),
        "p_adjusted": _number(recent.p_adjusted),
    }


def _drivers(drivers: Drivers, causes: Sequence[Cause]) -> dict[str, object]:
    labels = {cause.id: cause.label for cause in causes}
    return {
        "outcome": drivers.outcome,
        "yes_no": drivers.yes_no,
        "people": drivers.people,
        "refused": drivers.refused,
        "mean": _number(drivers.mean),
        "r2": _number(drivers.r2),
        "r2_interval": _interval(drivers.r2_low, drivers.r2_high),
        "p_value": _number(drivers.p_value),
        "method": drivers.method,
        "resamples": drivers.resamples,
        "left_out": drivers.left_out,
        "drivers": [
            {"label": labels.get(driver.cause_id, ""), **_driver(driver)} for driver in drivers.drivers
        ],
    }


def _driver(driver: Driver) -> dict[str, object]:
    return {
        "cause_id": driver.cause_id,
        "side": driver.side,
        "people": driver.people,
        "of": driver.of,
        "grade": driver.grade,
        "share": _number(driver.share),
        "interval": _interval(driver.low, driver.high),
        "rank": driver.rank,
        "rank_interval": [driver.rank_low, driver.rank_high],
        "mean_with": _number(driver.mean_with),
        "mean_without": _number(driver.mean_without),
        "difference": _number(driver.difference),
        "difference_interval": _interval(driver.difference_low, driver.difference_high),
    }


def _listening(listening: Listening) -> dict[str, object]:
    shape = listening.ratings
    return {
        "gate": listening.gate,
        "ratings": None if shape is None else _shape(shape),
        "quiet": [
            {
                "column": corner.column,
                "value": corner.value,
                "people": corner.people,
                "most": corner.most,
                "below_gate": corner.below_gate,
            }
            for corner in listening.quiet
        ],
    }


def _shape(shape: RatingShape) -> dict[str, object]:
    return {
        "people": dict(shape.people),
        "of": shape.ends.n,
        "ends": shape.ends.k,
        "ends_share": _number(shape.ends.value),
        "ends_interval": _interval(shape.ends.low, shape.ends.high),
        "p_value": _number(shape.p_value),
        "j_shaped": shape.j_shaped,
    }


def _interval(low: float | None, high: float | None) -> list[float | None] | None:
    return None if low is None else [_number(low), _number(high)]


def _example(example: Example) -> dict[str, object]:
    return {
        "feedback_id": example.feedback_id,
        "start": example.start,
        "end": example.end,
        "text": example.text,
        "language": example.language,
    }


def _counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Largest first, so that the bytes do not depend on the order of the rows."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _number(value: float | None) -> float | None:
    """Six significant digits: the last bits differ between machines."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")
