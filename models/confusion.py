"""How often a model takes one label for another: counts on its own dev rows, by head and language."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from data.errors import CheckpointError
from data.labels import DEGREES, SENTIMENTS
from models.metrics import NAME, metric

ALL = "all"
"""The entry that sums the languages."""

Table = Sequence[Sequence[int]]
Confusion = Mapping[str, Mapping[str, Table]]
"""Head ("sentiment", "degree") to language tag to counts; entry [i][j] is how often true class i was called class j.

"clear degree", where it was counted, is the same for the ``clear_calls`` of a degree. A head without labelled dev rows
is left out.
"""

# Whoever changes it has to count the errors of every checkpoint anew.
CLEAR = 0.7
CLEAR_DEGREE = "clear degree"
_NONE = DEGREES.index("none")
_CLASSES = {"sentiment": len(SENTIMENTS), "degree": len(DEGREES), CLEAR_DEGREE: len(DEGREES)}


def clear_calls(probabilities: NDArray[np.floating]) -> NDArray[np.int64]:
    """(n,) the degree of each of the (n, 3) ``probabilities`` that reaches ``CLEAR``; where none does, "none".

    A reader who is nearly sure is wrong much more seldom than one who guesses, by more than what is lost of the right
    calls: clear calls tell few people on a side from the misread ones of the other side.
    """
    called = probabilities.argmax(axis=1)
    return np.where(probabilities.max(axis=1) >= CLEAR, called, _NONE)


def read_confusion(folder: Path) -> Confusion | None:
    """The counts that the checkpoint in ``folder`` came with; None where it came without.

    Raises:
        CheckpointError: They are there and are not square tables of the heads' classes with a sum over languages.
    """
    found = metric(folder, "confusion")
    if not found:
        return None
    if not isinstance(found, dict):
        raise CheckpointError(f"{folder / NAME}: the confusion is no object: remove the entry")
    known = {head: classes for head, classes in _CLASSES.items() if head in found}
    for head, classes in known.items():
        tables = found[head]
        squares = isinstance(tables, dict) and all(_is_square(table, classes) for table in tables.values())
        if not squares or ALL not in tables:
            raise CheckpointError(
                f"{folder / NAME}: the confusion of {head} is not {classes} x {classes} counts with a sum over "
                f'languages ("{ALL}"): train the model again, or remove the entry'
            )
    return {head: found[head] for head in known}


def _is_square(table: object, classes: int) -> bool:
    return _is_list(table, classes, list) and all(_is_list(row, classes, int) for row in table)


def _is_list(value: object, length: int, of: type) -> TypeGuard[list[object]]:
    return isinstance(value, list) and len(value) == length and all(isinstance(item, of) for item in value)
