"""The losses of one batch, and steps that have none."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from models.encoding import load_encoder
from models.network import NetworkOutput
from tests.training.tiny import labelled, tiny_encoder
from training.examples import MISSING, build_examples, read_labelled
from training.finetune import FinetuneSettings, class_weights, finetune, joint_loss

SETTINGS = FinetuneSettings(epochs=1, tokens=64, rehearsal=0, subject=0, degree_weight=1, max_length=48)


def loss_of_sentiment(logits: torch.Tensor, labels: list[int], weights: list[float]) -> torch.Tensor:
    rows = len(labels)
    truth = {"sentiment": torch.tensor(labels), "degree": torch.full((rows,), MISSING)}
    output = NetworkOutput(logits={"sentiment": logits}, embedding=torch.zeros(rows, 2))
    truth["topics"] = torch.full((rows, 18), -1.0)
    weighed = {"sentiment": torch.tensor(weights), "degree": torch.ones(3)}
    return joint_loss(output, truth, torch.zeros(rows, 2), weighed, SETTINGS)["sentiment"]


def test_a_class_is_weighed_by_its_rows_and_not_by_the_smoothing_of_others() -> None:
    logits = torch.tensor([[2.0, -1.0, 0.5], [0.1, 0.2, 0.3], [1.0, 1.0, -3.0]])
    each = [
        cross_entropy(logits[[row]], torch.tensor([label]), label_smoothing=0.05)
        for row, label in ((0, 0), (2, 2))
    ]
    loss = loss_of_sentiment(logits, [0, MISSING, 2], [1.0, 50.0, 3.0])
    torch.testing.assert_close(loss, (each[0] + 3 * each[1]) / 4)


def test_a_label_that_never_occurs_does_not_become_the_answer(tmp_path: Path) -> None:
    _, tokenizer = load_encoder(str(tiny_encoder(tmp_path / "encoder")))
    frame = read_labelled(labelled(tmp_path / "rows.parquet")).assign(weight=1_000.0)
    weights = class_weights(build_examples(frame, tokenizer, 48))["sentiment"].tolist()
    assert weights[1] > 10 * max(weights[0], weights[2])  # none of the rows is neutral
    logits = torch.zeros(2, 3, requires_grad=True)
    loss_of_sentiment(logits, [0, 2], weights).backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    assert (logits.grad[:, 1] > 0).all()  # pushed down


@pytest.mark.parametrize("labelled_rows", [0, 40])
def test_batches_without_a_label_are_steps_that_learn_nothing(tmp_path: Path, labelled_rows: int) -> None:
    network, tokenizer = load_encoder(str(tiny_encoder(tmp_path / "encoder")))
    frame = read_labelled(labelled(tmp_path / "rows.parquet"))
    frame.loc[labelled_rows:, ["sentiment", "degree", "topics"]] = None
    examples = build_examples(frame, tokenizer, 48)
    before = network.heads["degree"].outer.weight.detach().clone()
    start = np.zeros((len(examples), network.width), np.float32)
    logs = finetune(
        network,
        examples,
        start,
        SETTINGS,
        tmp_path / "state",
        pad=tokenizer.pad_token_id,
        mask_token=None,
        judge=lambda _: {"score": 1.0},
    )
    assert bool(logs[0].losses) is bool(labelled_rows)
    assert torch.equal(network.heads["degree"].outer.weight, before) is not bool(labelled_rows)
