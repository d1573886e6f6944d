"""The segments of a scored file as a map, however a program that filtered the file laid them out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from data.errors import InputError
from serving.scored_table import CONTEXT

_SEGMENTS: Final = "segments"
_MAP: Final = CONTEXT.field(_SEGMENTS).type


def with_mapped_segments(path: Path, table: pa.Table) -> pa.Table:
    """The table with its segments as a map: pandas writes a list of pairs for it, Polars a list of structs.

    Raises:
        InputError: They are laid out in another way, or are no texts.
    """
    if _SEGMENTS not in table.column_names or pa.types.is_null(table.schema.field(_SEGMENTS).type):
        return table
    column = table[_SEGMENTS]
    try:
        found = column.cast(_MAP) if pa.types.is_map(column.type) else _mapped(column)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise InputError(
            f"{path}, column {_SEGMENTS!r} is {column.type} where {_MAP} is needed: {str(error).splitlines()[0]}"
        ) from None
    return table.set_column(table.column_names.index(_SEGMENTS), _SEGMENTS, found)


def _mapped(column: pa.ChunkedArray) -> pa.Array:
    return pa.array([_pairs(cell) for cell in column.to_pylist()], _MAP)


def _pairs(cell: Any) -> list[tuple[Any, ...]] | None:
    if cell is None:
        return None
    return [tuple(pair.values() if isinstance(pair, Mapping) else pair) for pair in cell]
