"""Parquet by names that pyarrow would take for something else."""

import ast
import os
from pathlib import Path

import pyarrow as pa
import pytest

from data.parquet import open_parquet, parquet_metadata, parquet_schema, read_parquet
from data.tables import open_table
from data.writing import write_table

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("data", "mining", "models", "serving", "training")
NAMES = [
    "run-10:00/may.parquet",
    "fb:may.parquet",
    os.fsdecode(b"caf\xe9.parquet"),
    "language=lv/may.parquet",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_what_it_is_called(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    write_table(path, {"text": ["a", "b"]})
    assert read_parquet(path).to_pydict() == {"text": ["a", "b"]}
    assert parquet_schema(path).names == ["text"]
    assert parquet_metadata(path).num_rows == 2
    with open_parquet(path) as file:
        assert [len(batch) for batch in file.iter_batches(batch_size=1)] == [1, 1]
    assert list(open_table(path).rows()) == [(1, ["a"]), (2, ["b"])]


def test_a_file_that_is_not_there_or_torn_is_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("torn:1.parquet").write_bytes(b"PAR1")
    for read in (read_parquet, parquet_schema, parquet_metadata):
        with pytest.raises(FileNotFoundError):
            read(Path("none:1.parquet"))
        with pytest.raises(pa.ArrowException):
            read(Path("torn:1.parquet"))


@pytest.mark.parametrize("room", ROOMS)
def test_nobody_else_hands_pyarrow_a_path(room: str) -> None:
    """All others read through ``data.parquet``, and write to what they opened."""
    readers = {"read_table", "read_schema", "read_metadata", "ParquetFile"}
    found = [
        f"{path.relative_to(ROOT)}, line {node.lineno}"
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in readers and ast.unparse(node.value) == "pq"
        if path != ROOT / "data" / "parquet.py"
    ]
    assert not found
