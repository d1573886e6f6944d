"""The tables of the service's own database; ``migrations`` makes them, a test holds the two together."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, DateTime, Dialect, Double, LargeBinary, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from data.times import in_utc

NAMES: Final = {  # constraints need names that a later migration can find on every database
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """An aware time. SQLite has none, so it is kept there in UTC and comes back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From UTC."""
        if not isinstance(value, datetime):
            return None
        return in_utc(value)


class Base(DeclarativeBase):
    """Common base."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's own form)
        datetime: UtcTime,
        dict[str, Any]: JSON,
        dict[str, int]: JSON,
        dict[str, str]: JSON,
        list[str]: JSON,
    }


class KeyRow(Base):
    """An API key; of the key itself only its SHA-256 is kept."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    scopes: Mapped[list[str]]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SecretRow(Base):
    """A random secret of this database, made when it is first needed."""

    __tablename__ = "secret"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)


class MessageRow(Base):
    """One feedback, redacted before it came here unless the service was told otherwise."""

    __tablename__ = "feedback"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    rating: Mapped[float | None] = mapped_column(Double)
    author: Mapped[str | None] = mapped_column(String(300), index=True)
    source: Mapped[str | None] = mapped_column(String(200))
    channel: Mapped[str | None] = mapped_column(String(200))
    solicited: Mapped[bool | None]
    created_at: Mapped[datetime | None]
    language: Mapped[str | None] = mapped_column(String(10))
    segments: Mapped[dict[str, str]]
    redacted: Mapped[dict[str, int]]
    received_at: Mapped[datetime] = mapped_column(index=True)


class ErasedRow(Base):
    """A message that was erased, by a keyed hash of its id: it is not stored again."""

    __tablename__ = "erased"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class KnownStillRow(Base):
    """A message that was erased while somebody wrote to the register of causes, which is still to forget it.

    ``kept`` says that it was kept here: then it is no row of a file without ids.
    """

    __tablename__ = "known_still"

    feedback_id: Mapped[str] = mapped_column(Text, primary_key=True)
    kept: Mapped[bool]


class AuditRow(Base):
    """One change: who did what to what, and never any text."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(50))
    subject: Mapped[str] = mapped_column(String(300))
    rows: Mapped[int]


class JobRow(Base):
    """Work that outlives the request that asked for it.

    ``worker`` and ``lease_until`` say who has it and for how long without a sign of life. A worker that brought it to
    its end stays written.
    """

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), index=True)
    options: Mapped[dict[str, Any]]
    progress: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any]]
    error: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(String(120), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int]
    cancel_asked: Mapped[bool]
