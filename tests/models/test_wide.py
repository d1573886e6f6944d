"""The wide part on its own and in a checkpoint folder."""

from pathlib import Path

import numpy as np

from models.ngrams import FEATURES
from models.wide import NAME, NO_WIDE, Wide, load_wide, save_wide


def some_wide() -> Wide:
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(FEATURES, 3)).astype(np.float32)
    return Wide(weights={"degree": weights}, bias={"degree": np.asarray([0.5, 0, -0.5], np.float32)})


def test_eight_bits_keep_the_scores(tmp_path: Path) -> None:
    wide, texts = some_wide(), ["pārāk maz piemēru", "quá ít ví dụ", ""]
    save_wide(tmp_path, wide)
    np.testing.assert_allclose(
        load_wide(tmp_path).logits(texts)["degree"], wide.logits(texts)["degree"], atol=0.05
    )


def test_a_folder_without_a_wide_part_adds_nothing(tmp_path: Path) -> None:
    save_wide(tmp_path, some_wide())
    save_wide(tmp_path, NO_WIDE)
    assert not (tmp_path / NAME).exists()
    assert load_wide(tmp_path).logits(["too few"]) == {}
