"""Files of tensors: written whole or not at all, and told in one line where they cannot be read."""

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from data.errors import CheckpointError
from models.rounding import Stored


def save_tensors(tensors: Stored, path: Path) -> None:
    """Write ``tensors``; an old file is replaced at once, so that a kill tears nothing."""
    from safetensors.numpy import save_file

    partial = path.with_name(path.name + ".tmp")
    save_file(dict(tensors), partial)
    partial.replace(path)


def load_tensors(path: Path) -> dict[str, NDArray[Any]]:
    """The tensors of ``path``.

    Raises:
        CheckpointError: The file is torn, or no file of tensors, such as a pointer of Git LFS.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return load_file(path)
    except SafetensorError as error:
        raise CheckpointError(
            f"{path} cannot be read ({error}): it is cut off or holds no tensors; fetch or make it again"
        ) from error
