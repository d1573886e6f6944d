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

    A struct has a field for each segment, null where a message has none.

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
    if isinstance(cell, Mapping):
        return [(name, value) for name, value in cell.items() if value is not None]
    return [_pair(each) for each in cell]


def _pair(cell: Any) -> tuple[Any, Any]:
    """A name and its value; a text of two letters is none."""
    if isinstance(cell, Mapping):
        cell = (cell["key"], cell["value"]) if {*cell} == {"key", "value"} else (*cell.values(),)
    if not isinstance(cell, (list, tuple)) or len(cell) != 2:
        raise ValueError(f"{cell!r} is no pair of a name and a value")
    return cell[0], cell[1]
