"""What was measured of a checkpoint when it was made: ``metrics.json`` in its folder."""

import json
from pathlib import Path
from typing import Any, Final

from data.errors import CheckpointError

NAME: Final = "metrics.json"


def metric(folder: Path, name: str) -> Any:
    """The entry ``name`` of the metrics in ``folder``; None where there is none, or the checkpoint came without.

    Raises:
        CheckpointError: They are there and no object of JSON.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8")).get(name)
    except (ValueError, AttributeError) as error:
        raise CheckpointError(f"{path} is not whole: train the model again, or remove the file") from error
