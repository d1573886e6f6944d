"""The mined picture in one SQLite file: written once by a mining, read whole by the service."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from sqlalchemy import URL, create_engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, selectinload

from data.errors import StateError
from data.read_only import connect_read_only
from data.records import Feedback
from mining.cause_names import NAME_LENGTH, cause_name
from mining.results import Cause, DataSummary, Example, Mining, Opposition
from models.predictions import Floats, ModelInfo
from serving.rows import (
    Span,
    cause_of,
    cause_row,
    mining_row,
    opposition_of,
    opposition_row,
)
from serving.tables import FORMAT, Base, CauseRow, ExampleRow, FeedbackRow, MiningRow, OppositionRow, SideRow

_BUSY_SECONDS: Final = 5.0  # an erasure writes to it for moments


@dataclass(frozen=True, kw_only=True)
class StoredMining:
    """What the service knows of the last mining.

    Attributes:
        created_at: ISO time of the mining, UTC.
        own_ids: Whether its messages have ids of their own; else they are numbers of rows, which other messages have
            for ids, too.
        mining: As it was mined, but for ``assignment``, ``people``, ``drivers``, ``listening``, ``themes``,
            ``ranks``, ``speakers`` and ``crowd``, which only the report and the journal have use for.
        messages: Feedback id to whole text, of the messages that examples quote.
        embeddings: Span of an example to the (d,) embedding of its statement.
        names: Cause id to the name that people gave it, of causes of earlier minings, too.
    """

    created_at: str
    own_ids: bool
    model: ModelInfo
    mining: Mining
    messages: Mapping[str, str]
    embeddings: Mapping[Span, Floats]
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def here(self, ids: AbstractSet[str], kept: Collection[str]) -> AbstractSet[str]:
        """Those of the feedback ``ids`` that this mining may have words of.

        Those that are ``kept`` elsewhere are other messages than the rows with these numbers.
        """
        return ids if self.own_ids else ids - frozenset(kept)

    @property
    def labels(self) -> Mapping[str, str]:
        """Cause id to its label or, where it has one, its name."""
        return {cause.id: cause.label for cause in self.mining.causes} | dict(self.names)

    def called(
        self, longest: int = NAME_LENGTH, labels: Mapping[str, str] | None = None
    ) -> Mapping[str, str]:
        """Cause id to what lists call it: its label or name, cut at ``longest``, with the mark of no one subject.

        ``labels`` are those of the mining unless others are given, as of a register that knows more causes.
        """
        return {
            cause: cause_name(label, self.cause_by_id.get(cause), longest)
            for cause, label in (self.labels if labels is None else labels).items()
        }

    @cached_property
    def cause_by_id(self) -> Mapping[str, Cause]:
        """Cause id to cause."""
        return {cause.id: cause for cause in self.mining.causes}

    @cached_property
    def oppositions_by_cause(self) -> Mapping[str, Sequence[Opposition]]:
        """Cause id to the oppositions in it, at most one of each kind, the one that matters most first."""
        found: dict[str, list[Opposition]] = {}
        for opposition in self.mining.oppositions:
            found.setdefault(opposition.cause_id, []).append(opposition)
        return found


def examples_of(mining: Mining) -> list[Example]:
    """What causes, their sides and those of oppositions quote; an example of several of them comes as often."""
    of_causes = [example for cause in mining.causes for example in cause.examples]
    sides = [side for cause in mining.causes for side in cause.sides]
    sides += [side for opposition in mining.oppositions for side in opposition.sides]
    return of_causes + [example for side in sides for example in side.examples]


def write_store(
    path: Path,
    mining: Mining,
    *,
    model: ModelInfo,
    created_at: str,
    own_ids: bool,
    feedback: Sequence[Feedback],
    embeddings: Mapping[Span, Floats],
) -> None:
    """Write ``mining`` to the new file ``path``, with the messages and embeddings that its examples need."""
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, hide_parameters=True)  # they are customers' words
    try:
        Base.metadata.create_all(engine)
        with Session(engine) as session, session.begin():
            session.add(mining_row(mining, model, created_at, own_ids=own_ids))
            quoted = {example.feedback_id for example in examples_of(mining)}
            messages = (message for message in feedback if message.id in quoted)
            session.add_all(FeedbackRow(id=message.id, text=message.text) for message in messages)
            for position, cause in enumerate(mining.causes):
                session.add(cause_row(position, cause, embeddings))
            for opposition in mining.oppositions:
                session.add(opposition_row(opposition, embeddings))
    finally:
        engine.dispose()


def read_store(path: Path) -> StoredMining:
    """Read the mining in ``path``; the file is opened read-only and closed again.

    Raises:
        StateError: There is no such file, or it is not a store of this version.
    """
    if not path.is_file():
        raise StateError(f"no mining at {path}: run `countervoice mine FILE --out DIR` first")
    connect = partial(connect_read_only, path, _BUSY_SECONDS)
    engine = create_engine("sqlite://", creator=connect, hide_parameters=True)
    try:
        with Session(engine) as session:
            return _stored_mining(session, path)
    except DBAPIError as error:
        raise StateError(f"{path} is not a Countervoice store ({error.orig}): mine again") from error
    finally:
        engine.dispose()


def _stored_mining(session: Session, path: Path) -> StoredMining:
    written = session.scalars(
        select(MiningRow.format)
    ).one_or_none()  # another format may lack the other columns
    if written != FORMAT:
        found = "no mining" if written is None else f"format {written}"
        raise StateError(f"{path} holds {found}, this version reads format {FORMAT}: mine again")
    head = session.scalars(select(MiningRow)).one()
    sides_with_examples = selectinload(CauseRow.sides).selectinload(SideRow.examples)
    causes = select(CauseRow).order_by(CauseRow.position)
    causes = causes.options(sides_with_examples, selectinload(CauseRow.examples))
    oppositions = select(OppositionRow).order_by(OppositionRow.id)
    oppositions = oppositions.options(selectinload(OppositionRow.sides).selectinload(SideRow.examples))
    return StoredMining(
        created_at=head.created_at,
        own_ids=head.own_ids,
        model=ModelInfo(**{**head.model, "languages": tuple(head.model["languages"])}),
        mining=Mining(
            causes=tuple(cause_of(row) for row in session.scalars(causes)),
            oppositions=tuple(opposition_of(row) for row in session.scalars(oppositions)),
            unassigned=head.unassigned,
            assignment=(),
            data=DataSummary(**head.data),
            settings=head.settings,
        ),
        messages={row.id: row.text for row in session.scalars(select(FeedbackRow))},
        embeddings={
            (row.feedback_id, row.start, row.end): np.frombuffer(row.embedding, dtype="<f4")
            for row in session.scalars(select(ExampleRow))
        },
    )
