"""A checkpoint in the place of another, whole or not at all: folders of one small file stand for checkpoints."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import training.swap
from data.errors import CheckpointError, PromotionError
from models.checkpoint import WEIGHTS
from models.predictions import ModelInfo, Predictions
from training.swap import Place

PARTS = ("config.json", "tokenizer.json", "countervoice.json", WEIGHTS)


class Loaded:
    """Says which file it was loaded from, as its version, and one answer."""

    answer = 0.5

    def __init__(self, folder: Path) -> None:
        self.info = ModelInfo(name=folder.name, version=version(folder), languages=("en",))

    def predict(self, texts: list[str]) -> Predictions:
        said = np.full((len(texts), 3), self.answer, np.float32)
        return Predictions(sentiment=said, degree=said, topics=said, embeddings=said)


@pytest.fixture(autouse=True)
def _loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training.swap, "load_predictor", Loaded)
    monkeypatch.setattr(training.swap, "read_calibration", version)


def checkpoint(folder: Path, named: str) -> Path:
    folder.mkdir(parents=True)
    for part in PARTS:
        (folder / part).write_text(named, encoding="utf-8")
    return folder


def version(folder: Path) -> str:
    said = {(folder / part).read_text(encoding="utf-8") for part in PARTS if (folder / part).exists()}
    if len(said) != 1 or not (folder / WEIGHTS).exists():
        raise CheckpointError(f"{folder} is no whole checkpoint")
    return said.pop()


def there(folder: Path) -> dict[str, str]:
    """Name to version of everything beside the running checkpoint, hidden ones too."""
    return {path.name: version(path) for path in folder.iterdir() if path.name != "candidate"}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    checkpoint(tmp_path / "candidate", "new")
    return Place.of(checkpoint(tmp_path / "running", "old"))


@pytest.fixture
def candidate(place: Place) -> Path:
    return place.path.with_name("candidate")


def test_the_copy_takes_the_place_and_the_old_one_stays_beside_it(place: Place, candidate: Path) -> None:
    place.take(candidate, "new")
    assert there(place.path.parent) == {"running": "new", "running.previous": "old"}
    assert version(candidate) == "new"


def test_an_older_previous_one_is_replaced(place: Place, candidate: Path) -> None:
    checkpoint(place.previous, "oldest")
    place.take(candidate, "new")
    assert there(place.path.parent) == {"running": "new", "running.previous": "old"}


def test_the_previous_one_may_be_the_candidate(place: Place) -> None:
    checkpoint(place.previous, "oldest")
    place.take(place.previous, "oldest")
    assert there(place.path.parent) == {"running": "oldest", "running.previous": "old"}


def test_back_twice_changes_nothing(place: Place, candidate: Path) -> None:
    place.take(candidate, "new")
    place.back()
    assert there(place.path.parent) == {"running": "old", "running.previous": "new"}
    place.back()
    assert there(place.path.parent) == {"running": "new", "running.previous": "old"}


def test_back_without_a_previous_one_is_refused(place: Place) -> None:
    with pytest.raises(PromotionError, match=r"running\.previous is no folder: nothing was promoted over"):
        place.back()


def test_back_to_a_previous_one_with_a_part_missing_is_refused(place: Place) -> None:
    (checkpoint(place.previous, "oldest") / WEIGHTS).unlink()
    with pytest.raises(CheckpointError):
        place.back()
    assert version(place.path) == "old"


def breaking(
    monkeypatch: pytest.MonkeyPatch, call: int, error: BaseException, *, after: bool = False
) -> None:
    """The rename number ``call`` raises ``error``, instead of what it does or after it."""
    calls, rename = iter(range(1, 99)), Path.rename

    def broken(source: Path, target: Path) -> Path:
        mine = next(calls) == call
        if mine and not after:
            raise error
        moved = rename(source, target)
        if mine:
            raise error
        return moved

    monkeypatch.setattr(Path, "rename", broken)


@pytest.mark.parametrize("error", [OSError(errno.EBUSY, "busy"), KeyboardInterrupt()], ids=["failed", "^C"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize("act", ["take", "back"])
def test_whatever_rename_is_interrupted_all_is_as_it_was(
    act: str,
    call: int,
    after: bool,
    error: BaseException,
    place: Place,
    candidate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checkpoint(place.previous, "oldest")
    breaking(monkeypatch, call, error, after=after)
    told = PromotionError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(told):
        place.take(candidate, "new") if act == "take" else place.back()
    assert there(place.path.parent) == {"running": "old", "running.previous": "oldest"}


def test_a_failed_rename_is_told_in_one_line(
    place: Place, candidate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, 2, OSError(errno.EBUSY, "busy"))
    with pytest.raises(
        PromotionError, match=r"running cannot be replaced \(.*busy\); everything is as it was"
    ):
        place.take(candidate, "new")


def test_what_cannot_be_moved_back_is_told_with_what_to_do(
    place: Place, candidate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def once(source: Path, target: Path) -> Path:
        if source == place.path:
            return rename(source, target)
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(Path, "rename", once)
    with pytest.raises(PromotionError, match=r"running was moved to .*running\.previous and cannot.*by hand"):
        place.take(candidate, "new")
    assert there(place.path.parent) == {"running.previous": "old"}
    monkeypatch.undo()
    monkeypatch.setattr(training.swap, "read_calibration", version)
    with pytest.raises(PromotionError, match=r"`countervoice promote --back --over .*running` puts"):
        place.check_candidate(candidate)
    place.back()
    assert there(place.path.parent) == {"running": "old"}


def interrupted_copy(source: str, target: str) -> None:
    if Path(source).name == WEIGHTS:
        Path(target).write_text("half", encoding="utf-8")
        raise KeyboardInterrupt
    shutil.copyfile(source, target)


def full_disk(source: str, target: str) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("copy", "told", "says"),
    [(interrupted_copy, KeyboardInterrupt, "^$"), (full_disk, PromotionError, "No space left on device")],
)
def test_a_copy_that_ends_early_leaves_nothing(
    copy: Callable[[str, str], None],
    told: type[BaseException],
    says: str,
    place: Place,
    candidate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training.swap, "_copy_file", copy)
    with pytest.raises(told, match=says):
        place.take(candidate, "new")
    assert there(place.path.parent) == {"running": "old"}


def test_a_candidate_that_was_written_over_meanwhile_is_refused(place: Place, candidate: Path) -> None:
    with pytest.raises(PromotionError, match="has changed while it was compared"):
        place.take(candidate, "what was compared")
    assert there(place.path.parent) == {"running": "old"}


def test_a_candidate_that_answers_no_numbers_is_refused(
    place: Place, candidate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Loaded, "answer", np.nan)
    with pytest.raises(CheckpointError, match="no number"):
        place.take(candidate, "new")
    assert there(place.path.parent) == {"running": "old"}


def test_two_promotions_at_once_are_refused(place: Place, candidate: Path) -> None:
    place.staging.mkdir()
    with pytest.raises(
        PromotionError, match=r"\.running\.promoting is there: another promotion is under way"
    ):
        place.take(candidate, "new")
    assert place.staging.is_dir()
    assert version(place.path) == "old"


def test_the_candidate_must_be_another_folder(place: Place, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(place.path)
    for same in (place.path, place.path / ".." / "running", tmp_path / "link", tmp_path):
        with pytest.raises(PromotionError, match="or holds it: give the folder of another checkpoint"):
            place.check_candidate(same)


def test_a_place_without_a_checkpoint_is_refused(candidate: Path, tmp_path: Path) -> None:
    with pytest.raises(PromotionError, match="nowhere is no folder: put the checkpoint there"):
        Place.of(tmp_path / "nowhere").check_candidate(candidate)


def test_the_checkpoint_that_ships_is_refused_and_a_link_to_it_is_not(
    place: Place, candidate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ships = checkpoint(tmp_path / "models" / "default", "ships").resolve()
    monkeypatch.setattr(training.swap, "DEFAULT", ships)
    (tmp_path / "by a link").symlink_to(ships.parent)
    for named in (ships, ships / ".." / "default", tmp_path / "by a link" / "default"):
        with pytest.raises(PromotionError, match=r"an update would overwrite .*: copy it"):
            Place.of(named)
    (tmp_path / "served").symlink_to(ships)
    Place.of(tmp_path / "served").take(candidate, "new")
    assert (version(ships), version(tmp_path / "served")) == ("ships", "new")


def test_a_link_becomes_the_previous_one_and_what_it_names_stays(candidate: Path, tmp_path: Path) -> None:
    target = checkpoint(tmp_path / "store" / "v1", "first")
    (tmp_path / "current").symlink_to(Path("store") / "v1")
    place = Place.of(tmp_path / "current")
    place.take(candidate, "new")
    assert (version(place.path), place.path.is_symlink()) == ("new", False)
    assert (version(place.previous), place.previous.is_symlink()) == ("first", True)
    place.back()
    assert (version(place.path), place.path.is_symlink()) == ("first", True)
    place.back()
    place.take(candidate, "new")
    assert (version(place.previous), place.previous.is_symlink()) == ("new", False)
    assert version(target) == "first"
    assert not place.staging.exists()


def test_the_folder_one_stands_in_has_a_name(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place.path)
    assert Place.of(Path()).previous == place.path.resolve().with_name("running.previous")
