"""The wide part on its own and in a checkpoint folder."""

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.wide import FEATURES, NAME, NO_WIDE, Wide, load_wide, ngrams, save_wide


def some_wide() -> Wide:
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(FEATURES, 3)).astype(np.float32)
    return Wide(weights={"degree": weights}, bias={"degree": np.asarray([0.5, 0, -0.5], np.float32)})


@settings(deadline=None)  # the first call imports scikit-learn
@given(st.lists(st.text(max_size=30), max_size=8))
def test_a_text_has_the_same_scores_in_any_company(texts: list[str]) -> None:
    rows = ngrams([*texts, "too few examples"])
    alone = ngrams(["too few examples"])
    assert (rows[-1] != alone[0]).nnz == 0


def test_rows_are_unit_vectors_whatever_the_length() -> None:
    rows = ngrams(["ตัวอย่างน้อยเกินไป", "too few", "例子太少了，希望再多一些"])
    np.testing.assert_allclose(np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1))), 1, rtol=1e-6)


def test_case_says_nothing() -> None:
    assert (ngrams(["TOO FEW"]) != ngrams(["too few"])).nnz == 0


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
