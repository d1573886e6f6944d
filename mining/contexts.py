"""What feedback is about: the values of the context column, within which causes are sought, held and compared."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data.records import Feedback
from mining.counts import most_common

if TYPE_CHECKING:
    from mining.corpus import Corpus

Ints = NDArray[np.int64]

_SMALL_CONTEXT = 50


def values_of(messages: Iterable[Feedback], column: str | None) -> list[str]:
    """The value of the context column of each message; "" where there is none."""
    return [message.segments.get(column, "") if column else "" for message in messages]


def shared_contexts(values: Sequence[str]) -> tuple[str, ...]:
    """The context of each statement: its value of the column, but "" for the values of fewer than 50 statements.

    Args:
        values: Of the statements; "" where there is none.
    """
    counts = Counter(values)
    return tuple(value if counts[value] >= _SMALL_CONTEXT else "" for value in values)


def contexts_as(known: Sequence[str], messages: Sequence[Feedback], column: str | None) -> tuple[str, ...]:
    """The context of each message, also of one without a statement: its value of the column, "" if none has it.

    Args:
        known: Contexts of statements, as ``shared_contexts`` has them.
        messages: In any order.
        column: The context column; None for none.
    """
    own = set(known)
    return tuple(value if value in own else "" for value in values_of(messages, column))


def message_contexts(corpus: "Corpus", column: str | None) -> tuple[str, ...]:
    """The context of each feedback of the corpus, as its statements have it."""
    return contexts_as(corpus.contexts, corpus.feedback, column)


def in_main_context(corpus: "Corpus", statements: Ints) -> tuple[str, Ints]:
    """The context of a cause, that of most of its statements, and those of the statements that are in it.

    People may merge causes of several contexts, and what is said in one is not to be held against another.
    """
    contexts = [corpus.contexts[i] for i in statements.tolist()]
    main = most_common(contexts) or ""
    return main, statements[np.array([context == main for context in contexts], dtype=bool)]
