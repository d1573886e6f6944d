"""A checkpoint of the shipped kind, tiny and untrained, for tests that need files of a model."""

from pathlib import Path


def tiny_checkpoint(folder: Path) -> Path:
    """The checkpoint ``tiny`` in ``folder``."""
    from models.checkpoint import Calibration, save_checkpoint
    from models.encoding import load_encoder
    from tests.training.tiny import tiny_encoder

    network, tokenizer = load_encoder(str(tiny_encoder(folder / "encoder")))
    save_checkpoint(folder / "tiny", network, tokenizer, Calibration(languages=("en", "vi"), max_length=64))
    return folder / "tiny"
