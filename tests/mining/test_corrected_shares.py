"""Corrected shares by hand, against the definition, and against another implementation."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import beta
from sklearn.dummy import DummyClassifier

from mining.calls import Votes
from mining.corrected_shares import chance_of_none, corrected_shares, told_from_zero
from mining.misreading import DRAWS, Misreading

PERFECT = np.eye(3)
ERRING = np.array([[0.7, 0.1, 0.2], [0.15, 0.65, 0.2], [0.08, 0.05, 0.87]])
VOTES = Votes(a=60, b=40, neither=100)
COUNTS = {
    "degree": {"all": [[70, 10, 20], [15, 65, 20], [8, 5, 87]], "vi": [[7, 1, 2], [0, 10, 0], [1, 0, 9]]},
    "sentiment": {"all": [[80, 12, 8], [20, 60, 20], [6, 14, 80]]},
}


def known(matrix: np.ndarray) -> np.ndarray:
    return np.broadcast_to(matrix[:, :, None], (3, 3, DRAWS))


def test_a_model_without_errors_is_not_corrected() -> None:
    shares = corrected_shares(VOTES, PERFECT, known(PERFECT))
    assert shares is not None
    assert [share.value for share in shares] == pytest.approx([0.6, 0.4])
    assert all(share.low < share.value < share.high for share in shares)


def test_what_was_meant_is_found_again() -> None:
    meant = np.array([1500, 500, 8000])
    a, b, neither = (round(part) for part in meant @ ERRING)
    shares = corrected_shares(Votes(a=a, b=b, neither=neither), ERRING, known(ERRING))
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
    shares = corrected_shares(VOTES, rates, known(rates))
    assert shares is not None
    assert shares[0].value == pytest.approx(meant[0] / (meant[0] + meant[1]))


def test_the_votes_of_a_side_come_before_the_others() -> None:
    assert [VOTES.of(side) for side in (0, 1, 2)] == [(60, 40, 100), (40, 60, 100), (100, 60, 40)]


def test_nobody_left_on_either_side_gives_no_share() -> None:
    assert corrected_shares(Votes(a=2, b=1, neither=200), ERRING, known(ERRING)) is None


def test_the_two_sides_mirror() -> None:
    order = [1, 0, 2]
    turned = ERRING[np.ix_(order, order)]
    first = corrected_shares(VOTES, ERRING, known(ERRING))
    second = corrected_shares(replace(VOTES, a=VOTES.b, b=VOTES.a), turned, known(turned))
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
    narrow, wide = corrected_shares(VOTES, ERRING, many), corrected_shares(VOTES, ERRING, few)
    assert narrow is not None
    assert wide is not None
    assert wide[0].high - wide[0].low > narrow[0].high - narrow[0].low


@pytest.mark.parametrize(("a", "told"), [(8, False), (16, False), (45, True)])
def test_a_side_is_told_from_zero_above_the_false_calls(a: int, told: bool) -> None:
    """Of 200 who take no side 16 are called A."""
    votes = Votes(a=a, b=0, neither=200 - a)
    assert told_from_zero(votes, 0, known(ERRING), significance=0.05) is told


def test_the_opposite_side_is_misread_too() -> None:
    votes = Votes(a=30, b=130, neither=40)
    assert not told_from_zero(votes, 0, known(ERRING), significance=0.05)
    assert told_from_zero(votes, 1, known(ERRING), significance=0.05)
    mirrored = Votes(a=130, b=30, neither=40)
    assert told_from_zero(mirrored, 0, known(ERRING), significance=0.05)


def test_no_chance_is_zero_and_a_small_one_is_told_from_a_smaller_one() -> None:
    """As a zero it would pass any number of tests."""
    surely, hardly = (chance_of_none(Votes(a=a, b=0, neither=200 - a), 0, known(ERRING)) for a in (100, 28))
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
