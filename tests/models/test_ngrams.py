"""The n-grams are those of scikit-learn, number by number: checkpoints were fitted on them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import HashingVectorizer

from models.ngrams import FEATURES, LONGEST, SHORTEST, ngrams

REFERENCE = HashingVectorizer(
    analyzer="char_wb",
    ngram_range=(SHORTEST, LONGEST),
    n_features=FEATURES,
    alternate_sign=False,
    binary=True,
    lowercase=False,
    dtype=np.float32,
)
OWN = [
    "Quá ít ví dụ, quá nhiều lý thuyết",
    "ตัวอย่างน้อยไป  อ่านแล้วงง",
    "案例太多,例子太少",
    "Pārāk maz piemēru!",
    "a",
    "ok ok OK",
    "\u3000 two\tkinds\nof blanks ",
    "🙂🙂",
]
TEXTS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(OWN),
    min_size=1,
    max_size=5,
)


@settings(deadline=None)
@given(TEXTS)
def test_they_are_those_of_scikit_learn(texts: list[str]) -> None:
    expected = REFERENCE.transform([text.lower() for text in texts])
    expected.sort_indices()
    found = ngrams(texts)
    np.testing.assert_array_equal(found.indptr, expected.indptr)
    np.testing.assert_array_equal(found.indices, expected.indices)
    np.testing.assert_array_equal(found.data, expected.data)


@pytest.mark.parametrize("texts", [[], [""], ["", "too few"]])
def test_texts_without_words_hold_none(texts: list[str]) -> None:
    found = ngrams(texts)
    assert found.shape == (len(texts), FEATURES)
    assert (np.diff(found.indptr) > 0).tolist() == [bool(text) for text in texts]


def test_a_lone_surrogate_is_an_error_and_no_crash() -> None:
    with pytest.raises(UnicodeEncodeError):
        ngrams(["too few \ud800"])


def test_a_word_longer_than_those_that_are_kept_is_hashed_the_same() -> None:
    word = "https://example.org/a-very-long-address-of-a-page"
    found, expected = ngrams([word]), REFERENCE.transform([word])
    assert sorted(found.indices.tolist()) == sorted(expected.indices.tolist())


@settings(deadline=None)  # the first call imports scipy
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
