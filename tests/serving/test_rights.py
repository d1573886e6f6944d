"""Which files of a folder other users of the machine can read: those that a person asked for, where nobody is named."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.errors import StateError
from mining.fixes import ledger
from mining.gap import book as beliefs
from mining.report_csv import CSV_NAMES
from serving.database.connection import database_url
from serving.database.migration import open_database
from serving.mining_run import mine_file
from serving.version import ROOT
from serving.watch import book as alarms
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv
from tests.serving.recovery_world import complained_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files have other rights there")
OWNERS = 0o600
ALL = 0o644


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_report_that_was_asked_for_follows_the_umask_and_what_is_kept_beside_it_does_not(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    mine_file(
        write_csv(tmp_path / "in.csv", [*rows(), ["r999", "mute", "", "1", ""]]),
        out,
        KeywordPredictor(),
        columns={},
    )
    reports = ("report.html", "report.json", "rejected.csv", *CSV_NAMES)
    assert {path.name: rights(path) for path in out.iterdir()} == {
        **dict.fromkeys(reports, ALL),
        "causes.db": OWNERS,
        "state": 0o700,
    }


def test_what_people_enter_is_for_the_owner_and_an_older_file_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / alarms.BOOK_NAME).touch(mode=0o640)
    with beliefs.open_book(tmp_path), ledger.open_ledger(tmp_path / ledger.LEDGER_NAME):
        pass
    with alarms.open_book(tmp_path):
        pass
    assert {path.name: rights(path) for path in tmp_path.iterdir()} == {
        "beliefs.db": OWNERS,
        "fixes.db": OWNERS,
        "alarms.db": 0o640,
    }


def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / ledger.LEDGER_NAME
    with (
        pytest.raises(StateError, match=r"fixes\.db cannot be used \(No such file.*check the folder"),
        ledger.open_ledger(path),
    ):
        pass


@pytest.mark.parametrize("name", ["queue.csv", "queue.parquet"])
def test_tables_that_name_people_are_for_the_owner(
    tmp_path: Path, command_line: Callable[..., tuple[int, str, str]], name: str
) -> None:
    out = complained_folder(tmp_path / "out")
    assert command_line("recover", "export", "--state", out, "--to", tmp_path / name)[0] == 0
    assert rights(tmp_path / name) == OWNERS
    assert command_line("loyalty", "--state", out, "--export", tmp_path)[0] == 0
    assert {rights(tmp_path / each) for each in ("at_risk.csv", "advocates.csv")} == {OWNERS}


def test_what_a_job_writes_is_for_the_owner_as_is_the_database_that_it_read(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path\n"
        "from data.writing import whole_file\n"
        "from serving import job_process\n"
        "def report(*given):\n"
        "    with whole_file(Path('report.html'), 'w') as file:\n"
        "        file.write('Too few examples')\n"
        "    return 0\n"
        "job_process.run_job = report\n"
        "raise SystemExit(job_process.main('j', 'w'))\n"
    )
    told = os.environ | {"PYTHONPATH": str(ROOT), "COUNTERVOICE_STATE": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=told, check=True)
    assert rights(tmp_path / "report.html") == OWNERS


def test_the_database_is_for_the_owner(tmp_path: Path) -> None:
    open_database(database_url(None, tmp_path)).close()
    assert rights(tmp_path / "feedback.db") == OWNERS
