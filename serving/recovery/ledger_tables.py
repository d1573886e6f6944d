"""The tables of the ledger; its file stands alone, beside the register of causes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Double, Index, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from serving.database.tables import NAMES, UtcTime


class LedgerBase(DeclarativeBase):
    """Common base."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: dict[Any, Any] = {datetime: UtcTime}  # noqa: RUF012 (SQLAlchemy's own form)


class EventRow(LedgerBase):
    """One contact or one close of one person; rows are added, and go only with the person.

    ``kind`` is contacted, recovered or lost; the first one alone has a gesture and a cost.
    """

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(400), index=True)
    at: Mapped[datetime]
    entered_at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    gesture: Mapped[str | None] = mapped_column(String(100))
    cost: Mapped[float] = mapped_column(Double)


class MessageRow(LedgerBase):
    """A message of a person in the ledger, so that the person is found again when the message is erased."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_person", "person"),)

    feedback_id: Mapped[str] = mapped_column(String(400), primary_key=True)
    person: Mapped[str] = mapped_column(String(400), primary_key=True)


class HoldoutRow(LedgerBase):
    """A draw of people who are held out; the last one is in force."""

    __tablename__ = "holdout"

    id: Mapped[int] = mapped_column(primary_key=True)
    share: Mapped[float] = mapped_column(Double)
    salt: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime]
