"""Parquet by names that pyarrow would take for something else, and Parquet that holds far more than its bytes."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
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


_READ_IN_LITTLE_MEMORY = """
import re, resource, sys
from pathlib import Path
from data.first_cells import FirstCells
from data.tables import open_table
def read(name):
    table = open_table(Path(name))
    return FirstCells(table).hold("text", "text"), sum(len(cells[1]) for _, cells in table.rows())
read(sys.argv[1])  # what reading takes anyway: libraries and threads
taken = int(re.search(r"VmSize:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) << 10
resource.setrlimit(resource.RLIMIT_AS, (taken + (400 << 20),) * 2)
print(*read(sys.argv[2]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is not told and limited so elsewhere")
def test_a_small_file_of_long_texts_is_read_in_little_memory(tmp_path: Path) -> None:
    few, long = tmp_path / "few.parquet", tmp_path / "long.parquet"
    write_table(few, {"id": ["1", "2"], "text": ["Too few examples", "Too many"]})
    rows = 450
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["a" * 1_000_000]))
    ids = pa.array(list(map(str, range(rows))))
    pq.write_table(pa.table({"id": ids, "text": texts}), long, store_schema=False, compression="zstd")
    assert long.stat().st_size < 10_000
    run = subprocess.run(
        [sys.executable, "-c", _READ_IN_LITTLE_MEMORY, few, long],
        env={**os.environ, "PYTHONPATH": str(ROOT), "ARROW_DEFAULT_MEMORY_POOL": "system"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "True 450000000\n", run.stderr[-2000:]
