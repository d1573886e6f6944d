"""The tables of ``countervoice.db``: one mining, for reading by the service."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

FORMAT = 3  # of the tables; a store of another format is refused


class Base(DeclarativeBase):
    """Common base; JSON columns hold lists and mappings that are only ever read as a whole."""

    type_annotation_map = {dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012 (SQLAlchemy's own form)


class MiningRow(Base):
    """The one mining of the file."""

    __tablename__ = "mining"

    id: Mapped[int] = mapped_column(primary_key=True)
    format: Mapped[int]
    created_at: Mapped[str]
    own_ids: Mapped[bool]
    model: Mapped[dict[str, Any]]
    data: Mapped[dict[str, Any]]
    settings: Mapped[dict[str, Any]]
    unassigned: Mapped[dict[str, Any]]


class FeedbackRow(Base):
    """A message that an example quotes, whole; who wrote it, and when and where, is left out."""

    __tablename__ = "feedback"

    id: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class ExampleRow(Base):
    """A verbatim span, of a cause or of a side; the embedding of its statement as little-endian float32."""

    __tablename__ = "example"

    id: Mapped[int] = mapped_column(primary_key=True)
    cause_id: Mapped[str | None] = mapped_column(ForeignKey("cause.id"), index=True)
    side_id: Mapped[int | None] = mapped_column(ForeignKey("side.id"), index=True)
    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.id"))
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str]
    language: Mapped[str]
    embedding: Mapped[bytes] = mapped_column(LargeBinary)


class SideRow(Base):
    """A side of a cause, or one of the two sides of an opposition, counted against the other."""

    __tablename__ = "side"

    id: Mapped[int] = mapped_column(primary_key=True)
    cause_id: Mapped[str | None] = mapped_column(ForeignKey("cause.id"), index=True)
    opposition_id: Mapped[int | None] = mapped_column(ForeignKey("opposition.id"), index=True)
    label: Mapped[str]
    people: Mapped[int]
    share_k: Mapped[int]
    share_n: Mapped[int]
    share_low: Mapped[float]
    share_high: Mapped[float]
    members: Mapped[list[str]]
    languages: Mapped[dict[str, Any]]
    mean_rating: Mapped[float | None]
    corrected: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    near_zero: Mapped[bool | None]
    penalty: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    examples: Mapped[list[ExampleRow]] = relationship(order_by=ExampleRow.id)


class CauseRow(Base):
    """A cause; ``position`` keeps the order of the report."""

    __tablename__ = "cause"

    id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    label: Mapped[str]
    labels: Mapped[dict[str, Any]]
    people: Mapped[int]
    statements: Mapped[int]
    grade: Mapped[str]
    topics: Mapped[list[str]]
    lever: Mapped[str]
    members: Mapped[list[str]]
    languages: Mapped[dict[str, Any]]
    timing: Mapped[dict[str, Any]]
    sides: Mapped[list[SideRow]] = relationship(order_by=SideRow.id)
    examples: Mapped[list[ExampleRow]] = relationship(order_by=ExampleRow.id)


class OppositionRow(Base):
    """Two opposing sides of one cause."""

    __tablename__ = "opposition"

    id: Mapped[int] = mapped_column(primary_key=True)  # also the order of the report
    cause_id: Mapped[str] = mapped_column(ForeignKey("cause.id"), index=True)
    label: Mapped[str]
    kind: Mapped[str]
    verdict: Mapped[str]
    grade: Mapped[str]
    p_value: Mapped[float]
    segment: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    sides: Mapped[list[SideRow]] = relationship(order_by=SideRow.id)
