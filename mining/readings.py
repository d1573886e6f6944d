"""Statements that people read otherwise than the model: they count as people say, in every mining and every answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np

from data.errors import StandingError
from data.labels import AS_READ, DEGREES, NEITHER, SENTIMENTS
from data.records import Statement
from mining.edits import digest_of
from mining.journal import Journal
from mining.register import PEOPLE, LogEntry, Register
from models.predictions import Predictions

# Each reading to the sentiment and the degree that it is.
_LABELS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "too_little": ("negative", "too_little"),
        "too_much": ("negative", "too_much"),
        "complaint": ("negative", "none"),
        "praise": ("positive", "none"),
        NEITHER: ("neutral", "none"),
    }
)


def read_as(register: Register, statement: str, reading: str) -> str:
    """Say how a statement, and every copy of its text, is to be read, and return its id.

    Args:
        register: Open for writing.
        statement: Its id, or that of its message where this holds only one.
        reading: One of ``data.labels.READINGS``, or ``AS_READ`` to take what was said back.

    Raises:
        EditError: No such statement, or its message has several.
        StandingError: It is read so already, or there is nothing to take back.
    """
    found = register.statement(statement)
    before = readings_of(register.edits()).get(found.text, AS_READ)
    if reading == before:
        raise StandingError(
            f"nobody has said how {found.id} is to be read"
            if reading == AS_READ
            else f"{found.id} is read as {reading} already, or will be at the next mining"
        )
    details = {"statement": found.id, "text": found.text, "side": reading}
    register.append(PEOPLE, "side", found.cause or "", details)
    return found.id


def readings_of(edits: Sequence[LogEntry]) -> Mapping[str, str]:
    """Digest of each text to how people read it, the last word counting; ``edits`` are oldest first."""
    said = {edit.details["text"]: edit.details["side"] for edit in edits if edit.kind == "side"}
    return {text: reading for text, reading in said.items() if reading != AS_READ}


def as_people_read(
    predictions: Predictions, statements: Sequence[Statement], readings: Mapping[str, str]
) -> Predictions:
    """The predictions with certainty where people have read a statement; topics and embeddings stay.

    Args:
        predictions: Aligned with ``statements``.
        statements: In any order.
        readings: Of ``readings_of``.
    """
    if not readings:
        return predictions
    digests = [digest_of(statement.text) for statement in statements]
    rows = [row for row, digest in enumerate(digests) if digest in readings]
    if not rows:
        return predictions
    sentiment, degree = predictions.sentiment.copy(), predictions.degree.copy()
    labels = [_LABELS[readings[digests[row]]] for row in rows]
    sentiment[rows] = np.eye(len(SENTIMENTS))[[SENTIMENTS.index(mood) for mood, _ in labels]]
    degree[rows] = np.eye(len(DEGREES))[[DEGREES.index(which) for _, which in labels]]
    return replace(predictions, sentiment=sentiment, degree=degree)


def labelled(readings: Mapping[str, str], journal: Journal) -> dict[str, list[str]]:
    """Labelled rows of the statements in ``journal`` that people have read, each text once, in the order of the texts.

    Columns: text, lang, sentiment, degree, as ``training.columns`` reads them.
    """
    languages = dict(zip(journal.column("text"), journal.column("language"), strict=True))
    languages.pop(None, None)  # what was erased
    read = {text: readings[digest] for text in sorted(languages) if (digest := digest_of(text)) in readings}
    return {
        "text": list(read),
        "lang": [languages[text] for text in read],
        "sentiment": [_LABELS[reading][0] for reading in read.values()],
        "degree": [_LABELS[reading][1] for reading in read.values()],
    }
