"""What is mined, in an order of its own, so that no result depends on the order of the rows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from data.records import Feedback, Statement
from mining.bare_texts import has_letters
from mining.contexts import shared_contexts, values_of
from mining.people import find_people
from mining.periods import message_days
from mining.settings import MiningSettings
from models.predictions import Predictions

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """Feedback sorted by id; statements sorted by text and id, with everything known of each.

    Attributes:
        order: (n,) for each statement here its position among the statements that were given.
        predictions: Of the statements here, without their embeddings: those are most of a large file, and stay as they
            were given.
        given: (n, d) embeddings of the statements in the order in which they were given.
        message: (n,) position of the feedback of each statement.
        person: (n,) number of the person behind each statement.
        people: (m,) number of the person behind each feedback.
        contexts: n values of the context column; "" where there is none, or where a value is rare.
        distinct: (u,) positions of the first statement of each distinct pair of context and text.
        copy_of: (n,) for each statement the position in ``distinct`` of its first copy.
    """

    feedback: tuple[Feedback, ...]
    statements: tuple[Statement, ...]
    order: Ints
    predictions: Predictions
    given: NDArray[np.floating]
    message: Ints
    person: Ints
    people: Ints
    contexts: tuple[str, ...]
    distinct: Ints
    copy_of: Ints

    @cached_property
    def days(self) -> Ints:
        """(m,) days of the feedback, as ``message_days`` has them."""
        return message_days(self.feedback)

    @cached_property
    def speaks(self) -> NDArray[np.bool_]:
        """(u,) which of the distinct texts can be in a cause."""
        return np.array(list(map(has_letters, self.texts)), dtype=bool)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The u distinct texts."""
        return tuple(self.statements[i].text for i in self.distinct)

    @cached_property
    def text_languages(self) -> tuple[str, ...]:
        """Language of each of the distinct texts."""
        return tuple(self.statements[i].language for i in self.distinct)

    @cached_property
    def text_contexts(self) -> tuple[str, ...]:
        """Context of each of the distinct texts."""
        return tuple(self.contexts[i] for i in self.distinct)

    def embeddings(self, statements: NDArray[np.integer]) -> NDArray[np.floating]:
        """(s, d) embeddings of statements given by their positions."""
        return np.asarray(self.given[self.order[statements]])

    def count_people(self, statements: NDArray[np.integer]) -> int:
        """Distinct people behind statements given by their positions."""
        return len(np.unique(self.person[statements]))


def build_corpus(
    feedback: Sequence[Feedback],
    statements: Sequence[Statement],
    predictions: Predictions,
    settings: MiningSettings,
) -> Corpus:
    """Sort everything, and find the people and the contexts.

    Copies of a message are told by its ``statements``: what was set aside of it makes none.

    Raises:
        ValueError: If statements and predictions do not match, or a statement has no feedback.
    """
    if len(statements) != len(predictions):
        raise ValueError(
            f"got {len(predictions)} predictions for {len(statements)} statements; give one for each"
        )
    messages = tuple(sorted(feedback, key=lambda message: message.id))
    place = {message.id: position for position, message in enumerate(messages)}
    missing = next((s.feedback_id for s in statements if s.feedback_id not in place), None)
    if missing is not None:
        raise ValueError(f"got a statement of feedback {missing!r}, which is not given; give all feedback")
    order = np.array(
        sorted(range(len(statements)), key=lambda i: (statements[i].text, statements[i].id)), dtype=np.int64
    )
    ordered = tuple(statements[i] for i in order)
    message = np.array([place[s.feedback_id] for s in ordered], dtype=np.int64)
    people = find_people(_in_own_words(messages, ordered), near_duplicate=settings.near_duplicate)
    contexts = shared_contexts(values_of((messages[i] for i in message), settings.context))
    distinct, copy_of = _distinct([(context, s.text) for context, s in zip(contexts, ordered, strict=True)])
    return Corpus(
        feedback=messages,
        statements=ordered,
        order=order,
        predictions=replace(predictions, embeddings=predictions.embeddings[:, :0]).taken(order),
        given=predictions.embeddings,
        message=message,
        person=people[message],
        people=people,
        contexts=contexts,
        distinct=distinct,
        copy_of=copy_of,
    )


def _in_own_words(messages: Sequence[Feedback], statements: Sequence[Statement]) -> tuple[Feedback, ...]:
    """The messages with the texts of their statements alone: letter formulas and templates make no copies."""
    said: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        said[statement.feedback_id].append(statement)
    return tuple(replace(message, text=_joined(said[message.id])) for message in messages)


def _joined(statements: Sequence[Statement]) -> str:
    """Their texts in order, a space where something stood between two of them."""
    text, end = "", 0
    for statement in sorted(statements, key=lambda each: each.start):
        text += (" " if text and statement.start > end else "") + statement.text
        end = statement.end
    return text


def _distinct(keys: Sequence[tuple[str, str]]) -> tuple[Ints, Ints]:
    """Positions of the first of each key, and for each key its number among them."""
    numbers: dict[tuple[str, str], int] = {}
    firsts: list[int] = []
    for position, key in enumerate(keys):
        if key not in numbers:
            numbers[key] = len(firsts)
            firsts.append(position)
    return np.array(firsts, dtype=np.int64), np.array([numbers[key] for key in keys], dtype=np.int64)
