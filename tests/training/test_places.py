"""Which sentence a row says, told from others."""

import numpy as np
import pytest
import torch

from training import places
from training.places import Places

START = np.array([[1, 0], [0, 0], [0, 1], [1, 0]], np.float32)  # the first and the last are translations


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


def test_translations_share_a_place_and_a_row_without_one_has_none() -> None:
    found = Places.of(START)
    assert found.number[0] == found.number[3] != found.number[2]
    assert found.number[1] == -1
    assert found.vectors[found.number[[0, 2]]].tolist() == [[1, 0], [0, 1]]


def test_a_row_at_its_place_loses_little_and_a_row_at_another_much() -> None:
    found = Places.of(START)
    right = found.loss(torch.tensor([[1.0, 0.0], [0.0, 1.0]]), [0, 2])
    wrong = found.loss(torch.tensor([[0.0, 1.0], [1.0, 0.0]]), [0, 2])
    assert right < 0.01 < 10 < wrong


def test_the_own_place_is_no_negative_of_itself() -> None:
    alone = Places.of(START[[0, 3]])
    assert alone.loss(torch.tensor([[1.0, 0.0]]), [1]) == pytest.approx(0, abs=1e-6)


def test_rows_without_a_place_teach_nothing() -> None:
    embeddings = torch.tensor([[0.6, 0.8]], requires_grad=True)
    loss = Places.of(START).loss(embeddings, [1])
    loss.backward()  # type: ignore[no-untyped-call]
    assert loss == 0
    assert embeddings.grad is not None
    assert not embeddings.grad.any()


def test_a_step_towards_less_loss_is_one_towards_the_own_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "OTHERS", 8)
    embeddings = torch.tensor([[0.6, 0.8]], requires_grad=True)
    Places.of(START).loss(embeddings, [0]).backward()  # type: ignore[no-untyped-call]
    assert embeddings.grad is not None
    assert embeddings.grad[0, 0] < 0 < embeddings.grad[0, 1]
