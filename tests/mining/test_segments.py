"""Which segment explains an opposition."""

from collections.abc import Sequence
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, fisher_exact
from scipy.stats.contingency import association

from mining.segments import _contingency, _pool_rare, findings, segment_test

LABELS = ("too_little", "too_much")


def test_two_values_use_fisher_and_name_the_larger_group() -> None:
    test = segment_test("plan", ({"family": 40, "solo": 3}, {"family": 4, "solo": 30}), gate=6)
    assert test is not None
    assert test.p_value == pytest.approx(fisher_exact([[40, 3], [4, 30]]).pvalue)
    assert test.effect == pytest.approx(association([[40, 3], [4, 30]], correction=False))
    assert (test.value, test.towards) == ("family", 0)
    assert test.p_turned < 0.001


def test_a_stronger_lean_of_the_same_way_does_not_reverse() -> None:
    test = segment_test("plan", ({"a": 60, "b": 40}, {"a": 5, "b": 30}), gate=6)
    assert test is not None
    assert test.p_turned == 1


def test_a_majority_turns_by_half_the_chance_of_the_weaker_one() -> None:
    """Of two values the test of Gail & Simon is that of the one whose majority is shown worse."""
    test = segment_test("plan", ({"a": 14, "b": 2}, {"a": 4, "b": 40}), gate=6)
    assert test is not None
    assert test.p_turned == pytest.approx(binomtest(14, 18, 0.5, alternative="greater").pvalue)


@pytest.mark.parametrize("others", [0.4, 0.5])
def test_a_majority_seldom_turns_by_chance(others: float) -> None:
    """Eight values of forty people, of whom one value leans clearly, and the others the same way or not at all."""
    rng = np.random.default_rng(3)
    turned = 0
    for _ in range(300):
        first = rng.binomial(40, [*[others] * 7, 0.02])
        sides = [{f"value {i}": int(n) for i, n in enumerate(own) if n} for own in (first, 40 - first)]
        test = segment_test("region", sides, gate=6)
        assert test is not None
        (found,) = findings([[test]], [LABELS], significance=0.05, least_effect=0.2)
        turned += found is not None and found[1]
    assert turned / 300 < 0.08


def test_rare_values_are_pooled_and_one_value_is_no_test() -> None:
    many = {f"city {i}": 1 for i in range(12)}
    test = segment_test("city", ({"Riga": 20, **many}, {"Riga": 20, "Hue": 1}), gate=6)
    assert test is not None
    assert test.value == "Riga"
    assert segment_test("city", ({"Riga": 20}, {"Riga": 9}), gate=6) is None
    assert segment_test("city", ({"Riga": 20, "Hue": 4}, {}), gate=6) is None


def pooled_one_by_one(sides: Sequence[dict[str, int]]) -> dict[str, list[int]]:
    """The two smallest columns become one, again and again, until each expected count is 5 or two columns are left."""
    names = {name for side in sides for name in side}
    columns = {name: [side.get(name, 0) for side in sides] for name in names}
    order = sorted(columns, key=lambda name: (-sum(columns[name]), name))
    rows = [sum(side.values()) for side in sides]

    def least_expected() -> float:
        return min(rows) * min(map(sum, columns.values())) / sum(rows)

    while len(columns) > 2 and least_expected() < 5:
        a, b = order[-2:]
        joined = [first + second for first, second in zip(columns.pop(a), columns.pop(b), strict=True)]
        columns["(other)"] = joined
        order[-2:] = ["(other)"]
    return {name: columns[name] for name in order}


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcdefghijkl"), st.integers(min_value=1, max_value=30), min_size=1),
        min_size=2,
        max_size=2,
    )
)
def test_pooling_is_joining_the_smallest_one_by_one(sides: list[dict[str, int]]) -> None:
    values, table = _pool_rare(*_contingency(sides))
    wanted = pooled_one_by_one(sides)
    assert values == list(wanted)
    assert table.T.tolist() == list(wanted.values())


def test_as_many_values_as_people_are_pooled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty thousand people, each with an order number of their own: one step for each took half a minute."""
    joined = Mock(wraps=np.hstack)
    monkeypatch.setattr(np, "hstack", joined)
    sides = [{f"order {number}": 1 for number in range(first, 40_000, 2)} for first in (0, 1)]
    test = segment_test("order", sides, gate=6)
    assert test is not None
    assert joined.call_count == 1


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(min_value=1, max_value=40), min_size=1),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(min_value=1, max_value=40), min_size=1),
)
def test_any_table_gives_sound_numbers_and_mirrors(left: dict[str, int], right: dict[str, int]) -> None:
    test, mirrored = segment_test("x", (left, right), gate=6), segment_test("x", (right, left), gate=6)
    if test is None or mirrored is None:
        assert test is mirrored
        return
    assert 0 <= test.p_value <= 1
    assert 0 <= test.effect <= 1 + 1e-9
    assert test.p_value == pytest.approx(mirrored.p_value)
    assert 0 <= test.p_turned <= 1
    assert test.p_turned == pytest.approx(mirrored.p_turned)


def test_one_chance_finding_among_many_tests_does_not_pass() -> None:
    chance = segment_test("region", ({"n": 24, "s": 12}, {"n": 11, "s": 20}), gate=6)
    dull = segment_test("region", ({"n": 20, "s": 20}, {"n": 20, "s": 20}), gate=6)
    assert chance is not None
    assert dull is not None
    assert chance.p_value < 0.05
    (alone,) = findings([[chance]], [LABELS], significance=0.05, least_effect=0.2)
    assert alone is not None
    among_many = findings([[chance]] + [[dull] * 5] * 8, [LABELS] * 9, significance=0.05, least_effect=0.2)
    assert among_many == [None] * 9


def test_a_reversing_segment_is_preferred_and_named_with_its_side() -> None:
    reversing = segment_test("plan", ({"family": 30, "solo": 8}, {"family": 8, "solo": 30}), gate=6)
    leaning = segment_test("source", ({"web": 38, "mail": 0}, {"web": 20, "mail": 18}), gate=6)
    assert reversing is not None
    assert leaning is not None
    (found,) = findings([[leaning, reversing]], [LABELS], significance=0.05, least_effect=0.3)
    assert found is not None
    finding, reverses = found
    assert (finding.column, finding.value, finding.towards, reverses) == (
        "plan",
        "family",
        "too_little",
        True,
    )


def test_noise_is_seldom_called_an_explanation() -> None:
    rng = np.random.default_rng(1)
    found = 0
    for _ in range(300):
        tests = []
        for column in "abcd":
            drawn = rng.integers(0, 3, size=(2, 40))
            counts = tuple(
                {str(v): int((side == v).sum()) for v in range(3) if (side == v).any()} for side in drawn
            )
            test = segment_test(column, counts, gate=6)
            assert test is not None
            tests.append(test)
        found += findings([tests], [LABELS], significance=0.05, least_effect=0.0) != [None]
    assert found / 300 < 0.08
