"""The rule of assignment, and that it survives a folder."""

import json
from pathlib import Path

import numpy as np
import pytest

from data.errors import StateError
from mining.assignment import CauseIndex, prototypes_of, radii_of
from mining.subject_space import SubjectSpace


def index(contexts: tuple[str, str] = ("", "")) -> CauseIndex:
    """Two causes on the axes of a plane, and no topics to speak of."""
    return CauseIndex(
        space=SubjectSpace(mean=np.zeros(3), eraser=np.eye(3)),
        topic_weight=1.0,
        topic_mean=np.zeros(1),
        ids=("c-0001", "c-0002"),
        contexts=contexts,
        prototypes=np.array([[1.0, 0, 0], [0, 1, 0]]),
        owners=np.array([0, 1]),
        radii=np.array([0.8, 0.5]),
    )


def test_the_nearest_cause_within_its_radius() -> None:
    points = np.array([[1.0, 0.1], [0.5, 0.6], [0.75, 0.7], [0.1, 1.0], [-1.0, -1.0]])
    assert index().assign(points).tolist() == [0, 1, -1, 1, -1]


def test_topics_count_and_their_mean_stands_in_for_them() -> None:
    points = np.array([[1.0, 0.0]])
    assert index().assign(points, np.zeros((1, 1))).tolist() == index().assign(points).tolist() == [0]
    assert index().assign(points, np.array([[5.0]])).tolist() == [-1]


def test_a_context_opens_only_its_own_causes() -> None:
    book = index(("book", ""))
    points = np.array([[1.0, 0.9], [1.0, 0.9], [1.0, 0.9]])
    points[:, 1] = 0.4
    assert book.assign(points, contexts=["book", "", "never seen"]).tolist() == [0, -1, -1]
    assert book.assign(points).tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="one for each"):
        book.assign(points, contexts=["book"])


def test_reordered_keeps_what_it_names() -> None:
    turned = index().reordered([1, 0], ["c-0001", "c-0002"])
    points = np.random.default_rng(0).normal(size=(50, 2))
    swap = np.array([1, 0, -1])  # the last stands for -1
    assert (turned.assign(points) == swap[index().assign(points)]).all()
    alone = index().reordered([1], ["c-0001"])
    assert alone.assign(np.array([[0.0, 1.0], [1.0, 0.0]])).tolist() == [0, -1]
    assert index().reordered([], []).assign(points).tolist() == [-1] * 50


def test_save_and_load_give_the_same_answers(tmp_path: Path) -> None:
    before = index(("book", "Bánh mì"))
    before.save(tmp_path / "state")
    after = CauseIndex.load(tmp_path / "state")
    points = np.random.default_rng(0).normal(size=(200, 2))
    assert (before.assign(points) == after.assign(points)).all()
    assert after.ids == before.ids
    assert after.contexts == before.contexts


@pytest.mark.parametrize("damage", ["missing", "json", "npz", "version", "pickle"])
def test_a_damaged_folder_is_one_clear_line(tmp_path: Path, damage: str) -> None:
    index().save(tmp_path)
    names, arrays = tmp_path / "causes.json", tmp_path / "causes.npz"
    if damage == "missing":
        names.unlink()
    elif damage == "json":
        names.write_text("{", encoding="utf-8")
    elif damage == "npz":
        arrays.write_bytes(arrays.read_bytes()[:100])
    elif damage == "version":
        names.write_text(json.dumps(json.loads(names.read_text()) | {"version": 99}), encoding="utf-8")
    else:
        with np.load(arrays) as old:
            np.savez(arrays, **{**old, "radii": np.array([{}, {}], dtype=object)})
    with pytest.raises(StateError, match="mine again"):
        CauseIndex.load(tmp_path)


@pytest.mark.parametrize("languages", [1, 21])
def test_a_single_stray_does_not_draw_the_radius_of_the_only_cause(languages: int) -> None:
    rng = np.random.default_rng(0)
    vectors = np.eye(8)[0] + 0.4 * rng.normal(size=(13, 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = np.array([0] * 12 + [-1])
    vectors[12] = np.eye(8)[0]
    prototypes, owners = np.repeat(np.eye(8)[:1], languages, axis=0), np.zeros(languages, dtype=np.int64)
    assert radii_of(vectors, labels, prototypes, owners, 0.5)[0] < 0.6


def test_a_radius_does_not_count_a_statement_as_its_own_neighbour() -> None:
    """Few members in many dimensions: with itself in the centre each looks near, and none is."""
    vectors = np.eye(6)
    prototypes, owners = prototypes_of(vectors, np.zeros(6, dtype=np.int64), ["en"] * 6, 1)
    assert (vectors @ prototypes.T).min() > 0.4
    assert radii_of(vectors, np.zeros(6, dtype=np.int64), prototypes, owners, 0.05)[0] == pytest.approx(0.0)


def test_a_large_language_gets_a_prototype_and_a_small_one_does_not() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(30, 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    prototypes, owners = prototypes_of(vectors, np.zeros(30, dtype=np.int64), ["vi"] * 28 + ["lv"] * 2, 1)
    assert owners.tolist() == [0, 0]
    assert np.linalg.norm(prototypes, axis=1) == pytest.approx(1.0)
