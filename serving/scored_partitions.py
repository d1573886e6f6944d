"""Columns that a program which partitioned a scored file took out of it and into the names of folders, as Hive does."""

from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pyarrow as pa

from serving.scored_table import CONTEXT, SCORED

_NULL: Final = "__HIVE_DEFAULT_PARTITION__"
_TYPES: Final = {
    field.name: field.type for field in (*SCORED, *CONTEXT) if not pa.types.is_nested(field.type)
}


def with_folder_columns(table: pa.Table, file: Path) -> pa.Table:
    """The table of ``file`` with each column of ours that it lacks and a folder around it tells: ``language=lv``.

    Raises:
        pyarrow.ArrowException: A value is none of its column.
    """
    for folder in file.absolute().parent.parts:
        name, equals, value = folder.partition("=")
        if equals and name in _TYPES and name not in table.column_names:
            told = None if value == _NULL else unquote(value)
            cells = pa.repeat(pa.scalar(told, pa.string()), len(table)).cast(_TYPES[name])
            table = table.append_column(name, cells)
    return table
