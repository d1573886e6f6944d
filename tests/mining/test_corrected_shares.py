"""Corrected shares by hand, against the definition, and against another implementation."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import beta
from sklearn.dummy import DummyClassifier

from mining.calls import Heard, Votes
from mining.corrected_shares import (
    chance_of_none,
    chance_of_outweighing,
    corrected_shares,
    told_from_zero,
)
from mining.misreading import DRAWS, Misreading

PERFECT = np.eye(3)
ERRING = np.array([[0.7, 0.1, 0.2], [0.15, 0.65, 0.2], [0.08, 0.05, 0.87]])
VOTES = Votes(a=60, b=40, neither=100)
COUNTS = {
    "degree": {"all": [[70, 10, 20], [15, 65, 20], [8, 5, 87]], "vi": [[7, 1, 2], [0, 10, 0], [1, 0, 9]]},
    "sentiment": {"all": [[80, 12, 8], [20, 60, 20], [6, 14, 80]]},
}


def known(votes: Votes, matrix: np.ndarray) -> Heard:
    """Votes of one language whose misreading is ``matrix`` for certain."""
    return Heard(votes=votes, mean=matrix, draws=np.broadcast_to(matrix[:, :, None], (3, 3, DRAWS)))


def test_a_model_without_errors_is_not_corrected() -> None:
    shares = corrected_shares([known(VOTES, PERFECT)])
    assert shares is not None
    assert [share.value for share in shares] == pytest.approx([0.6, 0.4])
    assert all(share.low < share.value < share.high for share in shares)


def test_what_was_meant_is_found_again() -> None:
    meant = np.array([1500, 500, 8000])
    a, b, neither = (round(part) for part in meant @ ERRING)
    shares = corrected_shares([known(Votes(a=a, b=b, neither=neither), ERRING)])
    assert shares is not None
    assert [share.value for share in shares] == pytest.approx([0.75, 0.25], abs=0.001)


@pytest.mark.slow
def test_the_point_is_that_of_quapy() -> None:
    """Adjusted classify and count as QuaPy does it, from the same dev rows and the same calls."""
    aggregative = pytest.importorskip("quapy.method.aggregative", reason="QuaPy is in the extra `dev`")
    table = np.array([[140, 20, 40], [30, 130, 40], [16, 10, 174]])
    judge = DummyClassifier().fit(np.zeros((3, 1)), np.arange(3))  # QuaPy asks it for the classes alone
    quantifier = aggregative.ACC(judge, fit_classifier=False, val_split=None, solver="exact-raise")
    quantifier.aggregation_fit(
        np.repeat(np.tile(np.arange(3), 3), table.ravel()),
        np.repeat(np.repeat(np.arange(3), 3), table.ravel()),
    )
    meant = quantifier.aggregate(np.repeat(np.arange(3), np.array(VOTES.of(0), dtype=int)))
    rates = table / table.sum(axis=1, keepdims=True)
    shares = corrected_shares([known(VOTES, rates)])
    assert shares is not None
    assert shares[0].value == pytest.approx(meant[0] / (meant[0] + meant[1]))


def test_the_votes_of_a_side_come_before_the_others() -> None:
    assert [VOTES.of(side) for side in (0, 1, 2)] == [(60, 40, 100), (40, 60, 100), (100, 60, 40)]


def test_nobody_left_on_either_side_gives_no_share() -> None:
    assert corrected_shares([known(Votes(a=2, b=1, neither=200), ERRING)]) is None


def test_the_two_sides_mirror() -> None:
    order = [1, 0, 2]
    turned = ERRING[np.ix_(order, order)]
    first = corrected_shares([known(VOTES, ERRING)])
    second = corrected_shares([known(replace(VOTES, a=VOTES.b, b=VOTES.a), turned)])
    assert first is not None
    assert second is not None
    assert first[0].value == pytest.approx(second[1].value)
    assert first[0].low == pytest.approx(second[1].low, abs=0.02)


def test_fewer_dev_rows_make_wider_intervals() -> None:
    few, many = (
        Misreading(
            {head: {"all": (np.array(of["all"]) * times).tolist()} for head, of in COUNTS.items()}
        ).draws("degree", {"all": 1})
        for times in (1, 100)
    )
    narrow, wide = (corrected_shares([Heard(votes=VOTES, mean=ERRING, draws=draws)]) for draws in (many, few))
    assert narrow is not None
    assert wide is not None
    assert wide[0].high - wide[0].low > narrow[0].high - narrow[0].low


def test_languages_that_pull_apart_are_corrected_each_by_its_own_errors() -> None:
    """One matrix for both would find 60 % where half mean either, as the second reads one side of it poorly."""
    poor = np.array([[0.35, 0.25, 0.4], [0.05, 0.85, 0.1], [0.05, 0.05, 0.9]])
    heard = [
        known(voted((1600, 400, 0), ERRING), ERRING),
        known(voted((400, 1600, 0), poor), poor),
    ]
    shares = corrected_shares(heard)
    assert shares is not None
    assert shares[0].value == pytest.approx(0.5)
    assert shares[0].low < 0.5 < shares[0].high
    a, b, neither = np.sum([each.votes.of(0) for each in heard], axis=0).tolist()
    both = Votes(a=a, b=b, neither=neither)
    together = corrected_shares([known(both, (ERRING + poor) / 2)])
    assert together is not None
    assert abs(together[0].value - 0.5) > 0.03


def test_the_order_of_languages_moves_the_last_digits_at_most() -> None:
    one, other = known(VOTES, ERRING), known(Votes(a=20, b=70, neither=10), PERFECT)
    first, second = corrected_shares([one, other]), corrected_shares([other, one])
    assert first is not None
    assert second is not None
    assert first[0].value == pytest.approx(second[0].value)
    assert first[0].low == pytest.approx(second[0].low, abs=0.02)


@pytest.mark.parametrize(
    ("meant", "chance"), [((500, 500), (0.0, 0.001)), ((2000, 1000), (0.3, 0.7)), ((0, 1000), (0.999, 1.0))]
)
def test_one_side_outweighs_the_other_by_what_is_meant_and_not_by_what_is_called(
    meant: tuple[int, int], chance: tuple[float, float]
) -> None:
    heard = [known(voted((*meant, 500), ERRING), ERRING)]
    low, high = chance
    assert low <= chance_of_outweighing(heard, 2.0) <= high


def test_a_side_that_errors_may_have_made_leaves_either_to_outweigh() -> None:
    assert chance_of_outweighing([known(Votes(a=2, b=1, neither=200), ERRING)], 2.0) > 0.5


def voted(meant: tuple[int, int, int], matrix: np.ndarray) -> Votes:
    """What people who mean this are called, without chance."""
    a, b, neither = (np.array(meant) @ matrix).tolist()
    return Votes(a=a, b=b, neither=neither)


@pytest.mark.parametrize(("a", "told"), [(8, False), (16, False), (45, True)])
def test_a_side_is_told_from_zero_above_the_false_calls(a: int, told: bool) -> None:
    """Of 200 who take no side 16 are called A."""
    votes = Votes(a=a, b=0, neither=200 - a)
    assert told_from_zero([known(votes, ERRING)], 0, significance=0.05) is told


def test_the_opposite_side_is_misread_too() -> None:
    votes = Votes(a=30, b=130, neither=40)
    assert not told_from_zero([known(votes, ERRING)], 0, significance=0.05)
    assert told_from_zero([known(votes, ERRING)], 1, significance=0.05)
    mirrored = Votes(a=130, b=30, neither=40)
    assert told_from_zero([known(mirrored, ERRING)], 0, significance=0.05)


def test_no_chance_is_zero_and_a_small_one_is_told_from_a_smaller_one() -> None:
    """As a zero it would pass any number of tests."""
    surely, hardly = (chance_of_none([known(Votes(a=a, b=0, neither=200 - a), ERRING)], 0) for a in (100, 28))
    assert 0 < surely < 1 / DRAWS < hardly < 10 / DRAWS


def test_the_rows_of_a_model_of_one_language_count_once() -> None:
    table = [[9, 2, 1], [2, 9, 1], [4, 4, 52]]
    alone = Misreading({"degree": {"all": table, "en": table}})
    assert alone.mean("degree", {"en": 1}) == pytest.approx(alone.mean("degree", {}))
    little = alone.draws("degree", {"en": 1})[0, 1]
    assert np.quantile(little, 0.975) == pytest.approx(beta(2.5, 11).ppf(0.975), abs=0.02)


def test_matrices_are_mixed_by_language_and_ordered_by_side() -> None:
    misreading = Misreading(COUNTS)
    own, all_of_them = misreading.mean("degree", {"vi": 3}), misreading.mean("degree", {})
    mixed = misreading.mean("degree", {"vi": 3, "en": 1})
    assert own[1, 0] < all_of_them[1, 0]  # no Vietnamese row of this kind was ever misread
    assert own[1, 0] > 0  # and that is not believed to the letter
    borrowed = misreading.mean("degree", {"en": 1})
    assert mixed == pytest.approx(0.75 * own + 0.25 * borrowed)
    sentiment = misreading.mean("sentiment", {})
    assert sentiment[1] == pytest.approx(np.array([6.5, 80.5, 14.5]) / 101.5)  # praise: called A, B, neither


def test_draws_are_rates_that_do_not_depend_on_what_was_asked_before() -> None:
    first, second = Misreading(COUNTS), Misreading(COUNTS)
    second.draws("sentiment", {"th": 1})
    draws = first.draws("degree", {"vi": 1, "lv": 2})
    assert draws.shape == (3, 3, DRAWS)
    assert draws.sum(axis=1) == pytest.approx(1.0)
    assert np.array_equal(draws, second.draws("degree", {"lv": 2, "vi": 1}))
    assert draws.mean(axis=2) == pytest.approx(first.mean("degree", {"vi": 1, "lv": 2}), abs=0.01)
