"""Rows of the store from the frozen records of a mining, and back without loss."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from data.records import Statement
from mining.results import (
    Cause,
    CorrectedShare,
    Example,
    Mining,
    Opposition,
    Penalty,
    SegmentFinding,
    Share,
    Side,
)
from mining.timing_results import Recent, Timing, Trend, TrendPoint
from models.predictions import Floats, ModelInfo
from serving.tables import (
    FORMAT,
    CauseRow,
    ExampleRow,
    MiningRow,
    OppositionRow,
    SideRow,
)

Span = tuple[str, int, int]  # feedback id, start, end


def span_of(quoted: Example | Statement) -> Span:
    """Where an example or a statement stands, as a key."""
    return quoted.feedback_id, quoted.start, quoted.end


def mining_row(mining: Mining, model: ModelInfo, created_at: str, *, own_ids: bool) -> MiningRow:
    """The head of the store."""
    return MiningRow(
        id=1,
        format=FORMAT,
        created_at=created_at,
        own_ids=own_ids,
        model=_plain(model),
        data=_plain(mining.data),
        settings=dict(mining.settings),
        unassigned=dict(mining.unassigned),
    )


def cause_row(position: int, cause: Cause, embeddings: Mapping[Span, Floats]) -> CauseRow:
    """The cause with its sides and examples."""
    return CauseRow(
        id=cause.id,
        position=position,
        label=cause.label,
        labels=dict(cause.labels),
        people=cause.people,
        statements=cause.statements,
        grade=cause.grade,
        topics=list(cause.topics),
        lever=cause.lever,
        members=list(cause.members),
        languages=dict(cause.languages),
        timing=_timing_json(cause.timing),
        sides=[_side_row(side, embeddings) for side in cause.sides],
        examples=[_example_row(example, embeddings) for example in cause.examples],
    )


def cause_of(row: CauseRow) -> Cause:
    """The cause that ``cause_row`` was given."""
    return Cause(
        id=row.id,
        label=row.label,
        labels=row.labels,
        people=row.people,
        statements=row.statements,
        grade=row.grade,
        topics=tuple(row.topics),
        lever=row.lever,
        members=tuple(row.members),
        sides=tuple(_side_of(side) for side in row.sides),
        timing=_timing_of(row.timing),
        examples=tuple(_example_of(example) for example in row.examples),
        languages=row.languages,
    )


def _timing_json(timing: Timing) -> dict[str, Any]:
    trend = timing.trend
    nested = None if trend is None else {**_plain(trend), "points": [_plain(point) for point in trend.points]}
    recent = None if timing.recent is None else _plain(timing.recent)
    return {**_plain(timing), "bursts": list(timing.bursts), "trend": nested, "recent": recent}


def _timing_of(stored: Mapping[str, Any]) -> Timing:
    trend, recent = stored["trend"], stored["recent"]
    if trend is not None:
        trend = Trend(**{**trend, "points": tuple(TrendPoint(**point) for point in trend["points"])})
    return Timing(
        **{
            **stored,
            "bursts": tuple(stored["bursts"]),
            "trend": trend,
            "recent": None if recent is None else Recent(**recent),
        }
    )


def opposition_row(opposition: Opposition, embeddings: Mapping[Span, Floats]) -> OppositionRow:
    """The opposition with its own two sides, whose shares differ from those of the cause's sides."""
    return OppositionRow(
        cause_id=opposition.cause_id,
        label=opposition.label,
        kind=opposition.kind,
        verdict=opposition.verdict,
        grade=opposition.grade,
        p_value=opposition.p_value,
        segment=_plain(opposition.segment) if opposition.segment else None,
        sides=[_side_row(side, embeddings) for side in opposition.sides],
    )


def opposition_of(row: OppositionRow) -> Opposition:
    """The opposition that ``opposition_row`` was given."""
    first, second = row.sides
    return Opposition(
        cause_id=row.cause_id,
        label=row.label,
        kind=row.kind,
        verdict=row.verdict,
        grade=row.grade,
        p_value=row.p_value,
        segment=SegmentFinding(**row.segment) if row.segment else None,
        sides=(_side_of(first), _side_of(second)),
    )


def _side_row(side: Side, embeddings: Mapping[Span, Floats]) -> SideRow:
    return SideRow(
        label=side.label,
        people=side.people,
        share_k=side.share.k,
        share_n=side.share.n,
        share_low=side.share.low,
        share_high=side.share.high,
        members=list(side.members),
        languages=dict(side.languages),
        mean_rating=side.mean_rating,
        corrected=_plain(side.corrected) if side.corrected else None,
        near_zero=side.near_zero,
        penalty=_plain(side.penalty) if side.penalty else None,
        examples=[_example_row(example, embeddings) for example in side.examples],
    )


def _side_of(row: SideRow) -> Side:
    return Side(
        label=row.label,
        people=row.people,
        share=Share(k=row.share_k, n=row.share_n, low=row.share_low, high=row.share_high),
        members=tuple(row.members),
        examples=tuple(_example_of(example) for example in row.examples),
        languages=row.languages,
        mean_rating=row.mean_rating,
        corrected=CorrectedShare(**row.corrected) if row.corrected else None,
        near_zero=row.near_zero,
        penalty=Penalty(**row.penalty) if row.penalty else None,
    )


def _example_row(example: Example, embeddings: Mapping[Span, Floats]) -> ExampleRow:
    return ExampleRow(
        feedback_id=example.feedback_id,
        start=example.start,
        end=example.end,
        text=example.text,
        language=example.language,
        embedding=embeddings[span_of(example)].astype("<f4").tobytes(),
    )


def _example_of(row: ExampleRow) -> Example:
    return Example(
        feedback_id=row.feedback_id, start=row.start, end=row.end, text=row.text, language=row.language
    )


def _plain(record: Any) -> dict[str, Any]:
    """The fields of a flat record, with any mapping as a plain dict (``asdict`` cannot copy a proxy)."""
    values = ((field.name, getattr(record, field.name)) for field in fields(record))
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in values}
