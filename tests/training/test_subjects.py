import numpy as np
import pandas as pd
import pytest
import torch

from training.subjects import subject_batches, subject_loss


def test_batches_hold_whole_groups_of_one_family() -> None:
    keys = pd.Series(["own:a"] * 4 + ["own:b"] * 4 + ["clinc:c"] * 4 + ["clinc:d", None, None])
    batches = subject_batches(keys, groups=2, rows=3, seed=0)
    for _ in range(20):
        chosen = keys.iloc[next(batches)]
        assert chosen.str.split(":").str[0].nunique() == 1
        assert chosen.value_counts().min() >= 2


def test_without_subjects_there_are_no_batches() -> None:
    assert next(subject_batches(pd.Series([None, None]), groups=2, rows=2, seed=0), None) is None


def test_loss_is_that_of_the_paper() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(5, 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keys = ["a", "a", "b", "b", "b"]
    expected = []
    for i in range(5):
        similarity = np.exp(vectors @ vectors[i] / 0.1)
        others = similarity.sum() - similarity[i]
        positives = [j for j in range(5) if j != i and keys[j] == keys[i]]
        expected.append(-np.mean([np.log(similarity[j] / others) for j in positives]))
    assert subject_loss(torch.tensor(vectors), keys).item() == pytest.approx(np.mean(expected), rel=1e-5)


def test_a_family_of_few_subjects_gives_more_rows_of_each() -> None:
    keys = pd.Series(["own-d1:a"] * 20 + ["own-d1:b"] * 20)
    batch = next(subject_batches(keys, groups=4, rows=3, seed=0))
    assert keys.iloc[batch].value_counts().tolist() == [6, 6]
