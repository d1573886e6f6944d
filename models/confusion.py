"""How often a model takes one label for another: counts on its own dev rows, by head and language."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from data.errors import CheckpointError
from data.labels import DEGREES, SENTIMENTS

NAME = "metrics.json"
ALL = "all"
"""The entry that sums the languages."""

Table = Sequence[Sequence[int]]
Confusion = Mapping[str, Mapping[str, Table]]
"""Head ("sentiment", "degree") to language tag to counts; entry [i][j] is how often true class i was called class j."""

_CLASSES = {"sentiment": len(SENTIMENTS), "degree": len(DEGREES)}


def read_confusion(folder: Path) -> Confusion | None:
    """The counts that the checkpoint in ``folder`` came with; None where it came without.

    Raises:
        CheckpointError: They are there and are not square tables of the heads' classes with a sum over languages.
    """
    path = folder / NAME
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8")).get("confusion")
    if found is None:
        return None
    for head, classes in _CLASSES.items():
        tables = found.get(head, {})
        if ALL not in tables or not all(_is_square(table, classes) for table in tables.values()):
            raise CheckpointError(
                f"{path}: the confusion of {head} is not {classes} x {classes} counts with a sum over "
                f'languages ("{ALL}"): train the model again, or remove the entry'
            )
    return {head: found[head] for head in _CLASSES}


def _is_square(table: Table, classes: int) -> bool:
    return len(table) == classes and all(len(row) == classes for row in table)
