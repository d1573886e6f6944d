"""A state is replaced as one, and an interrupted replacement leaves the old one."""

from pathlib import Path

import pytest

from data.errors import StateError
from serving.fixes.folder import FixedFolder
from serving.state import find_state, put_in_place, read_state, write_state
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


def test_a_failed_swap_brings_the_old_state_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renew(tmp_path, "first")
    (tmp_path / "work").mkdir()
    write(tmp_path / "work" / "state", "second")
    really = Path.rename

    def full_disk(self: Path, target: Path) -> Path:
        if self == tmp_path / "work" / "state":
            raise OSError("no space left")
        return really(self, target)

    monkeypatch.setattr(Path, "rename", full_disk)
    with pytest.raises(OSError, match="no space left"):
        put_in_place(tmp_path / "work" / "state", tmp_path)
    assert read_state(tmp_path).stored.created_at == "first"


def test_no_state_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(StateError, match=r"no mining in .*: run `countervoice mine FILE --out"):
        find_state(tmp_path)


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


def test_a_state_without_its_index_is_refused(tmp_path: Path) -> None:
    renew(tmp_path, "first")
    for file in (tmp_path / "state" / "index").iterdir():
        file.unlink()
    with pytest.raises(StateError, match="mine again"):
        read_state(tmp_path)
