"""What was measured of a checkpoint when it was made: ``metrics.json`` in its folder."""

import json
from pathlib import Path
from typing import Any, Final

NAME: Final = "metrics.json"


def metric(folder: Path, name: str) -> Any:
    """The entry ``name`` of the metrics in ``folder``; None where there is none, or the checkpoint came without."""
    path = folder / NAME
    return json.loads(path.read_text(encoding="utf-8")).get(name) if path.is_file() else None
