"""A state is replaced as one, and an interrupted replacement leaves the old one."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from serving.state import read_state
from serving.work_folder import put_in_place, remove_unfinished, work_folder
from tests.fakes import KeywordPredictor
from tests.serving.state_world import renew, write


def test_a_state_comes_back_and_a_new_one_takes_its_place(tmp_path: Path) -> None:
    renew(tmp_path, "first")
    assert read_state(tmp_path).stored.created_at == "first"
    renew(tmp_path, "second")
    state = read_state(tmp_path)
    assert state.stored.created_at == "second"
    embeddings = KeywordPredictor().predict(["too few examples", "courier"]).embeddings
    assert state.index.assign(embeddings).tolist() == [0, 1]
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


@pytest.mark.parametrize("failure", [OSError, KeyboardInterrupt, SystemExit])
def test_a_failed_swap_brings_the_old_state_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException]
) -> None:
    renew(tmp_path, "first")
    (tmp_path / "work").mkdir()
    write(tmp_path / "work" / "state", "second")
    really = Path.rename

    def full_disk(self: Path, target: Path) -> Path:
        if self == tmp_path / "work" / "state":
            raise failure("no space left")
        return really(self, target)

    monkeypatch.setattr(Path, "rename", full_disk)
    with pytest.raises(failure, match="no space left"):
        put_in_place(tmp_path / "work" / "state", tmp_path)
    assert read_state(tmp_path).stored.created_at == "first"


def leftover(out: Path) -> Path:
    left = out / ".mining-dead"
    (left / "state").mkdir(parents=True)
    (left / "report.json").write_text("Too few examples", encoding="utf-8")
    return left


def test_the_next_mining_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    left = leftover(tmp_path)
    with work_folder(tmp_path) as work:
        assert not left.exists()
        assert work.is_dir()
    assert not list(tmp_path.iterdir())


def test_a_mining_under_way_keeps_its_folder_until_it_is_killed(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; import sys, time; from serving.work_folder import work_folder\n"
        f"with work_folder(Path({str(tmp_path)!r})) as work: print(work, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, encoding="utf-8"
    ) as mining:
        assert mining.stdout is not None
        under_way = Path(mining.stdout.readline().strip())
        try:
            with work_folder(tmp_path):
                assert under_way.is_dir()
            remove_unfinished(tmp_path)
            assert under_way.is_dir()
        finally:
            mining.kill()
    assert under_way.is_dir()
    remove_unfinished(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_mining_that_was_killed_between_the_renames_gives_the_old_state_back(tmp_path: Path) -> None:
    renew(tmp_path, "first")
    (tmp_path / "state").rename(leftover(tmp_path) / "state.old")
    remove_unfinished(tmp_path)
    assert read_state(tmp_path).stored.created_at == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_what_cannot_be_removed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    left = leftover(tmp_path)
    with monkeypatch.context() as refused:
        refused.setattr(shutil, "rmtree", refuse)
        remove_unfinished(tmp_path)
    assert f"{left}, which a mining that was killed left, cannot be removed: Permission denied" in caplog.text
