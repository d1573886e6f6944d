"""Warm start, retrieval and the resumable distillation loop, on a tiny encoder."""

from pathlib import Path

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModel

from models.batching import shuffled_batches, sorted_batches
from models.network import Network
from tests.training.tiny import tiny_encoder
from training.distil import DistilSettings, Pairs, _plan, distil, pad_batch
from training.retrieval import retrieval_at_1
from training.transplant import occurrences, warm_embeddings

LENGTHS = st.lists(st.integers(1, 60), min_size=1, max_size=80)


@given(LENGTHS)
def test_batches_hold_every_row_once_within_the_budget(lengths: list[int]) -> None:
    for batches in (
        list(sorted_batches(lengths, [""] * len(lengths), tokens=100)),
        shuffled_batches(lengths, tokens=100, seed=1),
    ):
        assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
        assert all(len(batch) * max(lengths[row] for row in batch) <= 100 for batch in batches)


def test_no_rows_make_no_batch() -> None:
    assert shuffled_batches([], tokens=100, seed=1) == []


def test_training_batches_have_few_shapes() -> None:
    lengths = np.random.default_rng(3).integers(5, 90, 20_000).tolist()
    batches = shuffled_batches(lengths, tokens=4096, seed=1)
    rows = [len(batch) for batch in batches]
    assert sum(number % 8 > 0 for number in rows) <= 1
    ids, mask = pad_batch([[1] * 13, [1] * 9], pad=0)
    assert ids.shape == mask.shape == (2, 16)
    assert mask.sum() == 22


def test_a_piece_starts_where_its_translations_are() -> None:
    new = occurrences([[0, 1], [0, 2], [1], [2]], 4)
    old = occurrences([[0, 5], [0, 6], [5], [6]], 8)
    vectors = np.eye(8, dtype=np.float32)
    warm = warm_embeddings(new, old, vectors)
    assert warm[1].argmax() == 5
    assert warm[2].argmax() == 6
    np.testing.assert_allclose(warm[3], vectors.mean(axis=0))


def test_retrieval_counts_right_nearest() -> None:
    answers = np.eye(3, dtype=np.float32)
    queries = np.asarray([[1, 0, 0], [0, 1, 0], [0, 1, 0]], np.float32)
    assert retrieval_at_1(queries, answers, np.asarray([0, 1, 2])) == 2 / 3


def test_another_seed_gives_a_further_pass_other_batches() -> None:
    ids = [[1] * 60] * 2000
    pairs = Pairs(ids=ids, targets=np.zeros(2000, np.int64), vectors=np.zeros((1, 2), np.float32))
    first, again, other = (_plan(pairs, DistilSettings.further(0.5, seed)) for seed in (1, 1, 2))
    assert first == again
    assert {row for batch in first for row in batch} != {row for batch in other for row in batch}


def test_distillation_pulls_texts_to_their_vectors_and_resumes(tmp_path: Path) -> None:
    network = Network(AutoModel.from_pretrained(tiny_encoder(tmp_path / "encoder")))
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(4, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = [[2, 300 + row, 310 + row, 3] for row in range(4)] * 30
    pairs = Pairs(ids=ids, targets=np.arange(120) % 4, vectors=vectors)
    settings = DistilSettings(epochs=6, tokens=64, save_every=40, body_rate=1e-3, embedding_rate=1e-2)

    def nearness() -> float:
        with torch.inference_mode():
            _, embedding = network.embed(torch.tensor(ids[:4]), torch.ones(4, 4, dtype=torch.long))
        return float((embedding.numpy() * vectors).sum(axis=1).mean())

    before = nearness()
    distil(network, pairs, settings, tmp_path / "state", pad=0)
    after = nearness()
    assert after > before + 0.3
    distil(network, pairs, settings, tmp_path / "state", pad=0)
    assert nearness() == after
