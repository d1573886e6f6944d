"""Whether the parts of a folder were scored with one model, and what differs where they were not."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from data.errors import InputError
from models.predictions import ModelInfo


def one_model(folder: Path, models: Mapping[Path, ModelInfo | None]) -> ModelInfo | None:
    """The model that scored all parts in ``folder``, given for each of them; None where none of them says.

    Raises:
        InputError: They were scored with several, or one says which it was and another does not.
    """
    (first, model), *others = models.items()
    for part, other in others:
        if other != model:
            raise InputError(
                f"the parts in {folder} do not fit together: {first.relative_to(folder)} and "
                f"{part.relative_to(folder)} {_difference(model, other)}"
            )
    return model


def _difference(model: ModelInfo | None, other: ModelInfo | None) -> str:
    if model is None or other is None:
        return "do not both say which model scored them: keep the metadata of the schema, or drop it in all"
    pairs = {
        name: (getattr(model, name), getattr(other, name))
        for name in (each.name for each in fields(ModelInfo))
    }
    differing = ", ".join(_told(name, *pair) for name, pair in pairs.items() if pair[0] != pair[1])
    return f"were scored with different models ({differing}): score them with one --model and one --runtime"


def _told(name: str, value: object, other: object) -> str:
    """The name of what differs, with its values where they are words or numbers."""
    return f"{name} {value} and {other}" if isinstance(value, (str, float)) else name
