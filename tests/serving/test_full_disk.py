"""A disk that is full, and a folder that nobody may write: one clear line, and what was there before stays."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from data.errors import CountervoiceError, DatabaseError, WriteError
from serving import mining_run
from serving.database.connection import database_url
from serving.database.migration import open_database
from serving.job_process import failure_told
from serving.mining_run import mine_file
from serving.scoring import score_file
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv
from tests.serving.small_disk import for_reading_only, leave


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv(tmp_path_factory.mktemp("source") / "in.csv", rows())


def mine(source: Path, out: Path) -> None:
    mine_file(source, out, KeywordPredictor(), columns={})


def score(source: Path, out: Path) -> None:
    score_file(source, out / "scored.parquet", KeywordPredictor(), columns={})


def open_and_close(source: Path, out: Path) -> None:
    open_database(database_url(None, out)).close()


@pytest.mark.parametrize(
    ("work", "kib", "error"),
    [
        *[(score, kib, WriteError) for kib in (0, 8)],
        (mine, 0, CountervoiceError),  # told by the register
        *[(mine, kib, WriteError) for kib in (40, 150)],
        *[(open_and_close, kib, DatabaseError) for kib in (0, 40)],
    ],
)
def test_a_full_disk_is_told_in_one_line(
    source: Path, small_disk: Path, work: Callable[[Path, Path], None], kib: int, error: type[Exception]
) -> None:
    leave(small_disk, kib)
    with pytest.raises(error, match=r"(?i)no space left|disk is full|disk i/o error") as told:
        work(source, small_disk)
    assert "\n" not in str(told.value)


def test_what_was_there_before_outlives_a_full_disk(source: Path, small_disk: Path) -> None:
    mine(source, small_disk)
    before = {path: path.read_bytes() for path in small_disk.rglob("*") if path.is_file()}
    leave(small_disk, 100)
    with pytest.raises(WriteError, match="make room"):
        mine(source, small_disk)
    assert {path: path.read_bytes() for path in before} == before
    assert read_state(small_disk)


@pytest.mark.parametrize("work", [score, mine, open_and_close])
def test_a_disk_for_reading_only_is_told_in_one_line(
    source: Path, small_disk: Path, work: Callable[[Path, Path], None]
) -> None:
    mine(source, small_disk)
    for_reading_only(small_disk)
    with pytest.raises((WriteError, DatabaseError), match="Read-only file system"):
        work(source, small_disk)
    assert read_state(small_disk)  # a state can be served from there


@pytest.mark.parametrize("step", ["write_json", "write_html", "write_csv_tables", "write_state"])
@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        WriteError("cannot write causes.csv: No space left on device"),
        OperationalError("INSERT", {}, Exception("database or disk is full")),
    ],
)
def test_every_step_of_a_mining_tells_it(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: Exception
) -> None:
    def full(*anything: object, **more: object) -> None:
        raise error

    monkeypatch.setattr(mining_run, step, full)
    with pytest.raises(
        WriteError, match=r"^cannot write the mining into .*(No space|disk is full).*make room"
    ):
        mine(source, tmp_path / "out")
    left = {path.name: path.stat().st_size for path in (tmp_path / "out").iterdir()}
    assert left == {"causes.db": 0}, "nothing but a register without a byte"


def test_a_job_says_that_the_disk_is_full_but_not_where(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", str(tmp_path))
    assert failure_told("j-1", full) == "the disk of the service: No space left on device"
    assert "fault of the service" in failure_told(
        "j-1", ConnectionRefusedError(errno.ECONNREFUSED, "refused")
    )
