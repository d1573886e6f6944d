"""``report.json``: the mined picture for other programs, as ``mining/report.schema.json`` describes it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from data.writing import whole_file
from mining.counts import by_size
from mining.json_drivers import drivers_dict
from mining.json_listening import listening_dict
from mining.json_numbers import interval, number
from mining.json_timing import timing_dict
from mining.ranking.words import rank_dict
from mining.response import ResponseBand, band_of
from mining.results import Cause, Crowd, DataSummary, Example, Mining, Opposition, SegmentFinding, Side, Theme
from mining.speaking.json_speaking import speakers_dict
from models.predictions import ModelInfo

SCHEMA_VERSION: Final = 1


def report_dict(mining: Mining, model: ModelInfo) -> dict[str, object]:
    """The report as plain JSON values, the same for the same mining.

    ``corrected_share`` and ``corrected_interval`` are null on the sides of a cause, and where the checkpoint does not
    tell how often it errs.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "data": {**_data(mining.data), "negative": _negative(band_of(mining.data, mining.settings))},
        "model": {
            "name": model.name,
            "version": model.version,
            "languages": list(model.languages),
            "topic_threshold": model.topic_threshold,
        },
        "settings": dict(mining.settings),
        "oppositions": [_opposition(opposition) for opposition in mining.oppositions],
        "causes": [_cause(cause) for cause in mining.causes],
        "themes": [_theme(theme) for theme in mining.themes],
        "ranks": [rank_dict(rank) for rank in mining.ranks],
        "crowd": None if mining.crowd is None else _crowd(mining.crowd),
        "unassigned": by_size(mining.unassigned),
        "drivers": None if mining.drivers is None else drivers_dict(mining.drivers, mining.causes),
        "listening": None if mining.listening is None else listening_dict(mining.listening),
        "who_speaks": None if mining.speakers is None else speakers_dict(mining.speakers, mining.causes),
    }


def write_json(path: Path, mining: Mining, model: ModelInfo, *, created_at: datetime | None = None) -> None:
    """Write the report; two writings of one mining differ in ``created_at`` (default: now) alone.

    Raises:
        WriteError: The file cannot be written.
    """
    moment = (created_at or datetime.now(UTC)).astimezone(UTC)
    report = {"created_at": moment.isoformat(timespec="seconds"), **report_dict(mining, model)}
    text = json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False, default=str) + "\n"
    # Half a surrogate pair has no UTF-8; backslashreplace writes it as the JSON escape that it came from.
    with whole_file(path, "wb") as file:
        file.write(text.encode("utf-8", "backslashreplace"))


def _data(data: DataSummary) -> dict[str, object]:
    return {
        "rows": data.rows,
        "rejected": data.rejected,
        "statements": data.statements,
        "people": data.people,
        "languages": by_size(data.languages),
        "sources": by_size(data.sources),
        "ratings": dict(data.ratings),
        "first": data.first,
        "last": data.last,
        "untimed": data.untimed,
    }


def _negative(band: ResponseBand | None) -> dict[str, object] | None:
    if band is None:
        return None
    return {
        "people": band.share.k,
        "of": band.share.n,
        "share": number(band.share.value),
        "interval": interval(band.share.low, band.share.high),
        "experiences": interval(band.low, band.high),
        "assumed": {"content_response": band.content, "upset_response": band.upset},
    }


def _opposition(opposition: Opposition) -> dict[str, object]:
    return {
        "cause_id": opposition.cause_id,
        "label": opposition.label,
        "kind": opposition.kind,
        "verdict": opposition.verdict,
        "grade": opposition.grade,
        "p_value": number(opposition.p_value),
        "both": opposition.both,
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
        "names_subject": cause.names_subject,
        "languages": by_size(cause.languages),
        "timing": timing_dict(cause.timing),
        "sides": [_side(side) for side in cause.sides],
        "examples": [_example(example) for example in cause.examples],
        "members": list(cause.members),
    }


def _theme(theme: Theme) -> dict[str, object]:
    return {
        "id": theme.id,
        "label": theme.label,
        "labels": dict(theme.labels),
        "people": theme.people,
        "causes": list(theme.causes),
    }


def _crowd(crowd: Crowd) -> dict[str, object]:
    return {
        "cause_id": crowd.cause_id,
        "people": crowd.share.k,
        "of": crowd.share.n,
        "share": number(crowd.share.value),
        "interval": interval(crowd.share.low, crowd.share.high),
    }


def _side(side: Side) -> dict[str, object]:
    return {
        "label": side.label,
        "people": side.people,
        "of": side.share.n,
        "share": number(side.share.value),
        "interval": interval(side.share.low, side.share.high),
        **_corrected(side),
        "mean_rating": number(side.mean_rating),
        **_penalty(side),
        "languages": by_size(side.languages),
        "members": list(side.members),
        "examples": [_example(example) for example in side.examples],
    }


def _corrected(side: Side) -> dict[str, object]:
    share = side.corrected
    return {
        "corrected_share": None if share is None else number(share.value),
        "corrected_interval": None if share is None else interval(share.low, share.high),
        "cannot_be_told_from_zero": side.near_zero,
    }


def _penalty(side: Side) -> dict[str, object]:
    penalty = side.penalty
    return {
        "penalty": None if penalty is None else number(penalty.drop),
        "penalty_interval": None if penalty is None else interval(penalty.low, penalty.high),
        "penalty_people": None if penalty is None else [penalty.people, penalty.middle],
        "act": None if penalty is None else penalty.act,
    }


def _segment(segment: SegmentFinding) -> dict[str, object]:
    return {
        "column": segment.column,
        "value": segment.value,
        "effect": number(segment.effect),
        "p_adjusted": number(segment.p_adjusted),
        "towards": segment.towards,
    }


def _example(example: Example) -> dict[str, object]:
    return {
        "feedback_id": example.feedback_id,
        "start": example.start,
        "end": example.end,
        "text": example.text,
        "language": example.language,
    }
