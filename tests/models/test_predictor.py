"""The predictor against plain transformers, and its promises about order and copies."""

from pathlib import Path

import numpy as np
import pytest
import torch

from data.errors import CheckpointError
from models.checkpoint import Calibration, load_checkpoint, load_predictor, save_checkpoint
from models.encoding import load_encoder
from tests.training.tiny import TEXTS, tiny_encoder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("model")
    network, tokenizer = load_encoder(str(tiny_encoder(base / "encoder")))
    calibration = Calibration(
        languages=("en", "vi"), temperatures={"sentiment": 2.0, "topics": 1.0, "degree": 0.5}
    )
    save_checkpoint(base / "model", network, tokenizer, calibration)
    return base / "model"


def test_batches_answer_as_plain_transformers_one_by_one(folder: Path) -> None:
    network, tokenizer, _ = load_checkpoint(folder)
    predictions = load_predictor(folder).predict(TEXTS)
    for row, text in enumerate(TEXTS):
        with torch.inference_mode():
            states = network.encoder(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
        mean = torch.nn.functional.normalize(states.mean(dim=0), dim=0).numpy()
        np.testing.assert_allclose(predictions.embeddings[row], mean, atol=1e-5)


def test_order_does_not_change_a_bit(folder: Path) -> None:
    predictor = load_predictor(folder)
    there, back = predictor.predict(TEXTS), predictor.predict(TEXTS[::-1])
    assert np.array_equal(there.embeddings, back.embeddings[::-1])
    assert np.array_equal(there.degree, back.degree[::-1])


def test_copies_get_one_answer_and_all_are_counted(folder: Path) -> None:
    done: list[int] = []
    predictions = load_predictor(folder).predict([TEXTS[0], TEXTS[1], TEXTS[0]], on_progress=done.append)
    assert np.array_equal(predictions.embeddings[0], predictions.embeddings[2])
    assert sum(done) == 3


def test_probabilities_sum_to_one(folder: Path) -> None:
    predictions = load_predictor(folder).predict(TEXTS)
    np.testing.assert_allclose(predictions.sentiment.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(predictions.degree.sum(axis=1), 1, atol=1e-5)
    assert ((predictions.topics >= 0) & (predictions.topics <= 1)).all()


@pytest.mark.parametrize("runtime", ["onnx-fp32", "torch"])
def test_few_texts_at_once_are_with_the_tokenizer(
    folder: Path, runtime: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    predictor = load_predictor(folder, runtime=runtime)
    whole = predictor.predict(TEXTS)
    encode, asked = predictor._encode, []  # type: ignore[attr-defined]

    def counted(texts: list[str]) -> list[list[int]]:
        asked.append(len(texts))
        return encode(texts)  # type: ignore[no-any-return]

    monkeypatch.setattr(predictor, "_encode", counted)
    monkeypatch.setattr("models.batch_predictor.ENCODED", 5, raising=False)
    assert np.array_equal(predictor.predict(TEXTS).embeddings, whole.embeddings)
    assert asked == [5, 5, 2]


def test_nothing_in_nothing_out(folder: Path) -> None:
    assert len(load_predictor(folder).predict([])) == 0


def test_int8_embeddings_are_as_good_as_the_original(folder: Path) -> None:
    encoder = folder.parent / "encoder"
    original, _ = load_encoder(str(encoder))
    loaded, _, _ = load_checkpoint(folder)
    before = original.encoder.get_input_embeddings().weight.detach()
    after = loaded.encoder.get_input_embeddings().weight.detach()
    error = (before - after).abs().amax(dim=1) / before.abs().amax(dim=1).clamp(min=1e-6)
    assert error.max() < 1 / 127


def test_a_missing_part_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"config.json is missing"):
        load_predictor(tmp_path)
