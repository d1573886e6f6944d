"""How weights are stored: large tensors in int8 with one float16 scale a row, the rest in float16.

Symmetric absmax rounding of each output row, as in Dettmers et al. 2022, LLM.int8(), arXiv:2208.07339, section 2.
Both runtimes read through ``floats``, so that both compute with the same numbers.
"""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.predictions import Floats

SCALE = ".scale"
LEVELS = 127
Stored = Mapping[str, NDArray[Any]]


def rounded(tensors: Stored, in_int8: Collection[str]) -> dict[str, NDArray[Any]]:
    """What is written of ``tensors``.

    Args:
        tensors: Name to float32 values, or to integers, which stay.
        in_int8: Names of the (rows, columns) tensors that become int8, each with its (rows, 1) scale beside it.
    """
    stored: dict[str, NDArray[Any]] = {}
    for name, values in tensors.items():
        if name in in_int8:
            stored[name], stored[name + SCALE] = _in_int8(values)
        else:
            stored[name] = values.astype(np.float16) if values.dtype == np.float32 else values
    return stored


def floats(stored: Stored, name: str) -> Floats:
    """The tensor ``name`` in float32, whichever way it is stored.

    Raises:
        KeyError: There is none.
    """
    values: Floats = stored[name].astype(np.float32)
    scale = stored.get(name + SCALE)
    return values if scale is None else values * scale.astype(np.float32)


def names(stored: Stored) -> list[str]:
    """The tensors of ``stored`` without the scales that belong to others."""
    return [name for name in stored if not (name.endswith(SCALE) and name.removesuffix(SCALE) in stored)]


def _in_int8(values: Floats) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Divided by the scale as it is stored: off by half a step at most, and rounding again changes nothing."""
    scale = (np.abs(values).max(axis=1, keepdims=True) / LEVELS).astype(np.float16)
    scale = np.maximum(scale, np.finfo(np.float16).smallest_subnormal)
    steps = np.round(values / scale.astype(np.float32))
    return np.clip(steps, -LEVELS, LEVELS).astype(np.int8), scale
