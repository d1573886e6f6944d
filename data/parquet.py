"""Parquet files of this machine, whatever they are called.

pyarrow takes a path for a URI where nothing lies under it, such as ``10:00.parquet``, and refuses names that are no
UTF-8. So each file is opened here, and pyarrow is handed what was opened.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


def read_parquet(path: Path) -> "pa.Table":
    """The whole file as a table, with its own columns only: no folder around it adds one.

    Raises:
        OSError: It cannot be opened or read; as ``parquet_schema`` and all others here.
        pyarrow.ArrowException: It is no Parquet, or is torn; as all others here.
    """
    import pyarrow.parquet as pq

    with path.open("rb") as file:
        return pq.read_table(file)


def parquet_schema(path: Path) -> "pa.Schema":
    """Its columns with their types."""
    import pyarrow.parquet as pq

    with path.open("rb") as file:
        return pq.read_schema(file)


def parquet_metadata(path: Path) -> "pq.FileMetaData":
    """Its number of rows, and what the program that wrote it left beside them."""
    import pyarrow.parquet as pq

    with path.open("rb") as file:
        return pq.read_metadata(file)


@contextmanager
def open_parquet(path: Path) -> Iterator["pq.ParquetFile"]:
    """The file, to be read in batches."""
    import pyarrow.parquet as pq

    with path.open("rb") as opened, pq.ParquetFile(opened) as file:
        yield file
