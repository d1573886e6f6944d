"""Near-duplicate texts: the vectorised search against sets compared one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.near_duplicates import jaccard, near_duplicates
from mining.sorted_keys import distinct, rows_of

LETTERS = "abcdefghij ñệก的🔥"


def grams(text: str) -> set[str]:
    padded = text.ljust(4)
    return {padded[i : i + 4] for i in range(len(padded) - 3)}


def similarity(a: str, b: str) -> float:
    return len(grams(a) & grams(b)) / len(grams(a) | grams(b))


@given(
    st.lists(
        st.tuples(st.text(LETTERS, min_size=1, max_size=30), st.text(LETTERS, min_size=1, max_size=30)),
        min_size=1,
        max_size=8,
    )
)
def testjaccard_is_that_of_the_sets(pairs: list[tuple[str, str]]) -> None:
    texts = [text.ljust(4) for pair in pairs for text in pair]
    positions = np.arange(len(texts)).reshape(-1, 2).T
    assert jaccard(texts, positions) == pytest.approx([similarity(a, b) for a, b in pairs])


def test_edited_copies_are_found_and_strangers_are_not() -> None:
    """With Jaccard 0.75 to 0.9 fewer than one in ten thousand pairs may be missed."""
    rng = np.random.default_rng(0)
    letters = list("abcdefghijklmnopqrstuvwxyz     ")
    originals = ["".join(rng.choice(letters, 60)) for _ in range(2_000)]
    copies = [text[:55] + "".join(rng.choice(letters, 5)) for text in originals]
    texts = sorted({*originals, *copies})
    groups = near_duplicates(texts, 0.75)
    place = {text: int(group) for text, group in zip(texts, groups, strict=True)}
    for original, copy in zip(originals, copies, strict=True):
        if similarity(original, copy) >= 0.75:
            assert place[original] == place[copy]
    assert len(set(groups.tolist())) >= 2_000


def test_a_group_is_named_by_its_first_text() -> None:
    texts = sorted(
        [f"the courier left the parcel in the rain again {end}" for end in "abc"] + ["nothing of it"]
    )
    assert near_duplicates(texts, 0.75).tolist() == [0, 1, 1, 1]
    assert near_duplicates([], 0.75).tolist() == []


@given(st.lists(st.integers(0, 20)))
def test_distinct_keys_and_their_rows(numbers: list[int]) -> None:
    keys = np.array(numbers, dtype=np.int64)
    assert distinct(keys).tolist() == sorted(set(numbers))
    rows = rows_of(keys, 21)
    assert [row.tolist() for row in rows] == [np.flatnonzero(keys == key).tolist() for key in range(21)]
