"""Adapters: what they change, that merging loses nothing, that a training with them goes on, and what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from safetensors.numpy import load_file
from transformers import (
    AutoModel,
    BertConfig,
    DistilBertConfig,
    PretrainedConfig,
    RobertaConfig,
    XLMRobertaConfig,
)

from data.errors import CheckpointError, SettingsError
from models.checkpoint import load_checkpoint, load_predictor
from models.network import Network
from tests.training.interruption import assert_resumes_to_the_same_weights
from tests.training.tiny import labelled, tiny_encoder
from training.commands import train_command
from training.finetune import FinetuneSettings
from training.lora import LoraSettings, adapters, frozen
from training.train import train

SETTINGS = FinetuneSettings(
    epochs=4, tokens=512, head_rate=1e-2, rehearsal=0.1, lora=LoraSettings(rank=4, rate=1e-2)
)
IDS, MASK = torch.tensor([[2, 300, 310, 3], [2, 305, 3, 0]]), torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
SHAPES = [
    BertConfig(vocab_size=400, **SMALL),
    RobertaConfig(vocab_size=400, **SMALL),
    XLMRobertaConfig(vocab_size=400, **SMALL),
    DistilBertConfig(vocab_size=400, dim=32, n_layers=2, n_heads=4, hidden_dim=64),
]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lora")
    out = folder / "model"
    train(labelled(folder / "rows.parquet"), str(tiny_encoder(folder / "encoder")), out, SETTINGS)
    return out


@pytest.fixture
def network(tmp_path: Path) -> Network:
    return Network(AutoModel.from_pretrained(tiny_encoder(tmp_path / "encoder"))).eval()


def trained(network: Network) -> int:
    return sum(value.numel() for value in network.parameters() if value.requires_grad)


def shake(network: Network) -> None:
    """Change everything that is trained, as a step of an optimiser does."""
    torch.manual_seed(1)
    with torch.no_grad():
        for value in network.parameters():
            if value.requires_grad:
                value.add_(torch.randn_like(value), alpha=0.1)


def test_adapters_begin_as_the_encoder_that_they_adapt(network: Network) -> None:
    with torch.no_grad():
        before = network(IDS, MASK).embedding
        with adapters(network, LoraSettings(rank=2)):
            torch.testing.assert_close(network.eval()(IDS, MASK).embedding, before)


@pytest.mark.parametrize("config", SHAPES, ids=lambda config: config.model_type)
def test_the_merged_network_answers_as_the_adapted_one(config: PretrainedConfig) -> None:
    torch.manual_seed(0)
    network = Network.from_config(config).eval()
    names, everything = set(network.state_dict()), trained(network)
    with torch.no_grad():
        with adapters(network, LoraSettings(rank=2)):
            assert trained(network) < everything / 2
            shake(network)
            adapted = network.eval()(IDS, MASK)
        merged = network(IDS, MASK)
    assert set(network.state_dict()) == names
    torch.testing.assert_close(merged.embedding, adapted.embedding, rtol=1e-4, atol=1e-5)
    for head, logits in adapted.logits.items():
        torch.testing.assert_close(merged.logits[head], logits, rtol=1e-4, atol=1e-4)


def test_only_linear_layers_of_the_body_and_heads_change(network: Network) -> None:
    before = {name: value.clone() for name, value in network.state_dict().items()}
    with adapters(network, LoraSettings(rank=2)):
        shake(network)
    changed = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    linear = {
        f"encoder.{name}.weight"
        for name, module in network.encoder.named_modules()
        if isinstance(module, torch.nn.Linear) and not name.startswith("pooler")
    }
    assert len(linear) == 12
    assert changed == linear | {name for name in before if name.startswith("heads.")}


def test_after_merging_everything_can_be_trained_again(network: Network) -> None:
    everything = trained(network)
    with adapters(network, LoraSettings(rank=2)):
        assert any(".word_embeddings." in name for name in frozen(network))
    assert trained(network) == everything


def test_training_changes_no_embedding_and_no_bias_of_the_encoder(checkpoint: Path) -> None:
    ours, _, _ = load_checkpoint(checkpoint)
    before = AutoModel.from_pretrained(checkpoint.parent / "encoder").state_dict()
    after = ours.encoder.state_dict()
    assert set(after) == set(before)
    for name, value in before.items():
        if "embeddings" in name or name.endswith("bias") or "pooler" in name:
            torch.testing.assert_close(after[name], value, rtol=0, atol=1e-3)  # as rounded in the checkpoint
    assert not torch.allclose(after[QUERY], before[QUERY], rtol=0, atol=1e-2)


QUERY = "encoder.layer.0.attention.self.query.weight"


def test_the_checkpoint_is_read_by_both_runtimes(checkpoint: Path) -> None:
    texts = ["too few examples 99", "too many case studies 98", "quá ít ví dụ 97"]
    for runtime in ("onnx-fp32", "torch"):
        predictions = load_predictor(checkpoint, runtime=runtime).predict(texts)
        assert predictions.degree.argmax(axis=1).tolist() == [0, 1, 0]


def test_the_state_holds_adapters_and_heads_only(checkpoint: Path) -> None:
    tensors = load_file(checkpoint.with_name("model.state") / "state.safetensors")
    names = {name for name in tensors if name.startswith("network.")}
    assert all(".lora_" in name or name.startswith("network.heads.") for name in names)
    assert not any("pooler" in name for name in names)


def test_an_interrupted_training_ends_with_the_same_weights(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_resumes_to_the_same_weights(checkpoint, tmp_path, SETTINGS, monkeypatch)


@pytest.mark.parametrize("lora", [None, LoraSettings(rank=2), LoraSettings(rank=4, alpha=1, rate=1e-2)])
def test_the_state_of_other_adapters_is_refused(checkpoint: Path, lora: LoraSettings | None) -> None:
    folder = checkpoint.parent
    with pytest.raises(
        CheckpointError, match=r"model\.state holds the state of a training with another lora:"
    ):
        train(folder / "rows.parquet", str(folder / "encoder"), checkpoint, replace(SETTINGS, lora=lora))


def test_the_state_over_another_encoder_is_refused(checkpoint: Path) -> None:
    with pytest.raises(CheckpointError, match="with another encoder:"):
        train(checkpoint.parent / "rows.parquet", str(checkpoint), checkpoint, SETTINGS)


def test_impossible_settings_are_refused() -> None:
    with pytest.raises(SettingsError, match="rank of LoRA is 0; it must be 1 or more"):
        LoraSettings(rank=0)
    with pytest.raises(SettingsError, match="--epochs 0"):
        FinetuneSettings(epochs=0, lora=LoraSettings(rank=8))


def test_the_command_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call = ["--data", str(labelled(tmp_path / "rows.parquet")), "--out", str(tmp_path / "out"), "--lora"]
    assert "0 is not in the range x>=1" in CliRunner().invoke(train_command, [*call, "0"]).output
    monkeypatch.setattr("data.extras.find_spec", lambda name: None if name == "peft" else name)
    missing = CliRunner().invoke(train_command, [*call, "8"]).exception
    assert isinstance(missing, SettingsError)
    assert "'.[lora]'" in str(missing)


def test_the_command_trains_with_adapters(tmp_path: Path) -> None:
    rows, encoder = labelled(tmp_path / "rows.parquet"), tiny_encoder(tmp_path / "encoder")
    call = ["--data", str(rows), "--encoder", str(encoder), "--out", str(tmp_path / "out"), "--lora", "2"]
    done = CliRunner().invoke(train_command, [*call, "--epochs", "1"])
    assert done.exit_code == 0, done.output
    plan = json.loads((tmp_path / "out.state" / "plan.json").read_text(encoding="utf-8"))
    assert plan["lora"]["rank"] == 2


def test_an_encoder_without_layers_for_adapters_is_refused() -> None:
    network = Network.from_config(BertConfig(vocab_size=400, **SMALL | {"num_hidden_layers": 0}))
    with (
        pytest.raises(CheckpointError, match="takes no adapters, train it without --lora"),
        adapters(network, LoraSettings(rank=2)),
    ):
        pass
