"""A state is replaced as one, and an interrupted replacement leaves the old one."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from data.errors import StateError
from mining.edits import rename
from mining.register import RegisteredCause, open_register
from serving.fixes.folder import FixedFolder
from serving.state import (
    find_state,
    put_in_place,
    read_state,
    remove_unfinished,
    stored_in,
    work_folder,
    write_state,
)
from tests.fakes import KeywordPredictor
from tests.serving.small_world import example_embeddings, small_feedback, small_index, small_mining


def write(folder: Path, created_at: str) -> None:
    write_state(
        folder,
        small_mining(),
        small_index(),
        model=KeywordPredictor().info,
        created_at=created_at,
        feedback=small_feedback(),
        embeddings=example_embeddings(),
    )


def renew(out: Path, created_at: str) -> None:
    work = out / f"work-{created_at}"
    work.mkdir(parents=True)
    write(work / "state", created_at)
    put_in_place(work / "state", out)
    work.rmdir()


def test_a_state_comes_back_and_a_new_one_takes_its_place(tmp_path: Path) -> None:
    renew(tmp_path, "first")
    assert read_state(tmp_path).stored.created_at == "first"
    renew(tmp_path, "second")
    state = read_state(tmp_path)
    assert state.stored.created_at == "second"
    embeddings = KeywordPredictor().predict(["too few examples", "courier"]).embeddings
    assert state.index.assign(embeddings).tolist() == [0, 1]
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


@pytest.mark.skipif(sys.platform == "win32", reason="folders have other rights there")
def test_a_state_is_for_the_eyes_of_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        renew(tmp_path, "first")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


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
        "from pathlib import Path; import sys, time; from serving.state import work_folder\n"
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


def test_no_state_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(StateError, match=r"no mining in .*: run `countervoice mine FILE --out"):
        find_state(tmp_path)


def test_who_names_the_inside_of_a_mining_is_told_its_folder(tmp_path: Path) -> None:
    renew(tmp_path, "first")
    with pytest.raises(
        StateError, match=r"is the inside of a mining, .*: name the folder around it, "
    ) as told:
        find_state(tmp_path / "state")
    assert str(tmp_path) in str(told.value)


def test_a_register_that_an_interrupted_mining_left_empty_names_nothing(tmp_path: Path) -> None:
    renew(tmp_path, "first")
    (tmp_path / "causes.db").touch()
    assert [cause.label for cause in read_state(tmp_path).stored.mining.causes] == [
        "examples",
        "couriers",
        "battery",
    ]
    assert not FixedFolder(tmp_path).labels()
    assert not FixedFolder(tmp_path).standing().names


def test_a_name_is_a_label_also_where_its_cause_was_not_found_again(tmp_path: Path) -> None:
    renew(tmp_path, "first")
    mined = {cause.id: cause.label for cause in small_mining().causes}
    assert stored_in(tmp_path).labels == mined
    with open_register(tmp_path / "causes.db", create=True) as register:
        for cause, name in {"c-0001": "Worked examples", "c-9999": "Old covers"}.items():
            register.put(RegisteredCause.waiting(cause, ()))
            rename(register, cause, name)
    assert stored_in(tmp_path).labels == {**mined, "c-0001": "Worked examples", "c-9999": "Old covers"}


def test_a_state_without_its_index_is_refused(tmp_path: Path) -> None:
    renew(tmp_path, "first")
    for file in (tmp_path / "state" / "index").iterdir():
        file.unlink()
    with pytest.raises(StateError, match="mine again"):
        read_state(tmp_path)
