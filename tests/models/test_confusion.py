"""The confusion counts of a checkpoint."""

import json
from pathlib import Path

import numpy as np
import pytest

from data.errors import CheckpointError
from data.labels import DEGREES
from models.checkpoint import DEFAULT, checkpoint_info
from models.confusion import CLEAR_DEGREE, clear_calls, read_confusion

TABLE = [[3, 1, 0], [0, 4, 0], [1, 1, 5]]


def written(folder: Path, metrics: object) -> Path:
    (folder / "metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
    return folder


def test_the_counts_come_as_they_were_written(tmp_path: Path) -> None:
    counts = {"sentiment": {"all": TABLE, "vi": TABLE}, "degree": {"all": TABLE}}
    assert read_confusion(written(tmp_path, {"confusion": counts, "epochs": []})) == counts


def test_a_checkpoint_may_come_without(tmp_path: Path) -> None:
    assert read_confusion(tmp_path) is None
    assert read_confusion(written(tmp_path, {"scorecard": []})) is None


@pytest.mark.parametrize("table", [[[1, 2], [3, 4]], [[1, 2, 3], [4, 5, 6]], [[1, 2, 3], [4, 5], [6, 7, 8]]])
def test_counts_of_another_shape_are_refused(tmp_path: Path, table: list[list[int]]) -> None:
    counts = {"sentiment": {"all": TABLE}, "degree": {"all": table}}
    with pytest.raises(CheckpointError, match="confusion of degree is not 3 x 3 counts"):
        read_confusion(written(tmp_path, {"confusion": counts}))


def test_counts_of_clear_calls_come_with_the_others_and_are_as_square(tmp_path: Path) -> None:
    counts = {"sentiment": {"all": TABLE}, "degree": {"all": TABLE}, "clear degree": {"all": TABLE}}
    assert read_confusion(written(tmp_path, {"confusion": counts})) == counts
    counts["clear degree"] = {"all": [[1]]}
    with pytest.raises(CheckpointError, match="confusion of clear degree is not 3 x 3 counts"):
        read_confusion(written(tmp_path, {"confusion": counts}))


def test_a_head_without_dev_rows_is_left_out(tmp_path: Path) -> None:
    counts = {"degree": {"all": TABLE}, "clear degree": {"all": TABLE}}
    assert read_confusion(written(tmp_path, {"confusion": counts})) == counts
    assert read_confusion(written(tmp_path, {"confusion": {}})) is None


def test_a_call_is_clear_from_a_probability_on() -> None:
    little, much, none = (DEGREES.index(label) for label in ("too_little", "too_much", "none"))
    chances = np.zeros((4, 3), np.float32)
    chances[0, [little, none]] = 0.69, 0.31
    chances[1, [much, none]] = 0.71, 0.29
    chances[2, [none, much]] = 0.9, 0.1
    chances[3, [little, none]] = 0.7, 0.3
    assert clear_calls(chances).tolist() == [none, much, none, little]


def test_the_one_that_ships_knows_its_errors() -> None:
    confusion = checkpoint_info(DEFAULT).confusion
    assert confusion is not None
    assert {"all", "en", "vi", "th", "lv", "zh"} <= set(confusion["degree"])
    assert set(confusion[CLEAR_DEGREE]) == set(confusion["degree"])
