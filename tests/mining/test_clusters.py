"""Clusters on planted clouds, whose subjects are known."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from mining.clusters import find_clusters, join_by_vote, merge_near
from mining.groups import Groups
from mining.neighbours import nearest_by_block
from mining.settings import MiningSettings

SETTINGS = MiningSettings()


def clouds(
    sizes: Sequence[int], *, spread: float = 0.8, strays: int = 0
) -> tuple[NDArray[np.float64], list[str], NDArray[np.int64]]:
    """Unit vectors around as many centres as there are sizes, a language for each, and its true cluster."""
    dimension, languages = 48, ("en", "vi", "zh")
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(len(sizes), dimension))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    vectors = centres[truth] + spread * rng.normal(size=(len(truth), dimension)) / dimension**0.5
    stray = rng.normal(size=(strays, dimension))
    vectors, truth = np.vstack([vectors, stray]), np.concatenate([truth, np.full(strays, -1)])
    tags = [languages[i] for i in rng.integers(0, len(languages), len(truth))]
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), tags, truth


def test_planted_subjects_are_found_across_languages() -> None:
    vectors, tags, truth = clouds([120, 80, 60, 40, 20], strays=60)
    labels = find_clusters(vectors, tags, SETTINGS)
    assert adjusted_rand_score(truth[truth >= 0], labels[truth >= 0]) > 0.95
    for subject in range(5):
        assert len({tag for tag, label in zip(tags, truth, strict=True) if label == subject}) == 3
        assert np.bincount(labels[truth == subject] + 1).max() > 0.9 * (truth == subject).sum()


def test_the_same_clusters_on_every_run() -> None:
    vectors, tags, _ = clouds([60, 50, 40], spread=1.2, strays=40)
    first, second = (find_clusters(vectors, tags, SETTINGS) for _ in range(2))
    assert (first == second).all()


@pytest.mark.parametrize("noise", [1e-8, 1e-6])
def test_the_last_digits_of_the_vectors_change_next_to_nothing(noise: float) -> None:
    """Two runtimes of one model differ by so much. A single run of Leiden moves several in a hundred."""
    vectors, tags, _ = clouds([60, 50, 40, 30, 20, 20], spread=1.4, strays=80)
    labels = find_clusters(vectors, tags, SETTINGS)
    for seed in range(3):
        jittered = vectors + noise * np.random.default_rng(seed).normal(size=vectors.shape)
        assert adjusted_rand_score(labels, find_clusters(jittered, tags, SETTINGS)) > 0.99


@pytest.mark.parametrize("size", [40, 800])
def test_one_subject_is_one_cluster(size: int) -> None:
    """Every run cuts it elsewhere; what the runs cut alike would be next to nothing."""
    vectors, tags, _ = clouds([size], spread=1.4)
    labels = find_clusters(vectors, tags, SETTINGS)
    assert np.bincount(labels + 1, minlength=2)[1:].max() > 0.97 * size


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_handful_of_texts_does_no_harm(count: int) -> None:
    labels = find_clusters(np.eye(8)[:count], ["vi"] * count, SETTINGS)
    assert labels.shape == (count,)


def test_zero_vectors_do_no_harm() -> None:
    assert find_clusters(np.zeros((30, 8)), ["vi"] * 30, SETTINGS).shape == (30,)


def test_the_dial_gives_more_and_smaller_clusters() -> None:
    vectors, tags, _ = clouds([40] * 10, spread=1.4)
    counts = [
        find_clusters(vectors, tags, MiningSettings(granularity=granularity)).max()
        for granularity in (0.0, 0.5, 1.0)
    ]
    assert counts[0] <= counts[1] <= counts[2]
    assert counts[0] < counts[2]


def test_merge_joins_samples_of_one_subject_and_leaves_others() -> None:
    vectors, _, truth = clouds([60, 60, 30], spread=1.0)
    fragments = truth * 2 + np.arange(len(truth)) % 2
    merged = merge_near(Groups.of(vectors, fragments), 0.8)
    assert adjusted_rand_score(truth, merged) == 1.0
    assert (merge_near(Groups.of(vectors, np.full(len(truth), -1)), 0.8) == -1).all()


def test_merge_does_not_mistake_the_size_of_a_cluster_for_likeness() -> None:
    """Two random halves of one subject are alike to the same degree however few statements they hold."""
    vectors, _, _ = clouds([400], spread=1.5)
    small = merge_near(Groups.of(vectors[:16], np.arange(16) % 2), 0.6)
    large = merge_near(Groups.of(vectors, np.arange(400) % 2), 0.6)
    assert small.max() == large.max() == 0


def test_fragments_are_one_cause_where_most_runs_say_so() -> None:
    fragments = np.repeat([0, 1, 2], 10)
    together, apart = np.repeat([0, 0, 1], 10), np.repeat([0, 1, 2], 10)
    assert (join_by_vote(fragments, [together, together, apart]) == np.repeat([0, 0, 1], 10)).all()
    assert (join_by_vote(fragments, [together, apart, apart]) == fragments).all()
    for half in (1, 2, 5, 10):
        assert (join_by_vote(fragments, [together, apart] * half) == fragments).all()


def test_a_run_votes_by_the_share_of_a_fragment_that_it_puts_with_the_other() -> None:
    """A half is enough and a quarter is not; texts that a run leaves out do not vote."""
    fragments = np.array([0, 0, 0, 0, 1, 1, 1, 1, -1])
    half = np.array([0, 0, 0, 0, 0, 0, 1, 1, 0])
    quarter = np.array([0, 0, 0, 0, 0, 1, 1, 1, 0])
    left_out = np.array([0, 0, 0, 0, 0, -1, -1, -1, 0])
    assert join_by_vote(fragments, [half] * 3).tolist() == [0, 0, 0, 0, 0, 0, 0, 0, -1]
    assert join_by_vote(fragments, [quarter] * 3).tolist() == fragments.tolist()
    assert join_by_vote(fragments, [left_out] * 3).max() == 0


def test_neighbours_are_the_nearest_of_each_block() -> None:
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(60, 6))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    blocks = rng.integers(0, 3, 60)
    rows, columns = nearest_by_block(vectors, blocks, own=4, other=2)
    similarity = vectors @ vectors.T
    for i in range(60):
        expected = {i}
        for block in range(3):
            members = np.flatnonzero(blocks == block)
            k = 5 if block == blocks[i] else 2
            expected |= set(members[np.argsort(-similarity[i, members])[:k]].tolist())
        assert set(columns[rows == i].tolist()) == expected
