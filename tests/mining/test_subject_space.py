"""Erasure: what it must remove, what it must keep, and its reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from mining.subject_space import SubjectSpace

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EN = ["en"]


def planted(n: int = 600, d: int = 24) -> tuple[Floats, Floats, list[str], Ints, Ints]:
    """Features, one-hot sides, languages, sides and subjects of n statements."""
    languages = ("en", "vi", "th")
    rng = np.random.default_rng(0)
    side, subject = rng.integers(0, 3, n), rng.integers(0, 4, n)
    tongue = rng.integers(0, len(languages), n)
    parts = [rng.normal(size=(count, d)) for count in (3, 4, len(languages))]
    x = parts[0][side] + parts[1][subject] + parts[2][tongue] + 0.5 * rng.normal(size=(n, d))
    return x, np.eye(3)[side], [languages[i] for i in tongue], side, subject


def accuracy(x: Floats, y: Ints) -> float:
    """Of a linear probe, on the half that it was not fitted to."""
    half = len(x) // 2
    return float(LogisticRegression(max_iter=2000).fit(x[:half], y[:half]).score(x[half:], y[half:]))


def test_no_linear_probe_finds_what_was_erased_and_the_subject_stays() -> None:
    x, concepts, languages, side, subject = planted()
    space = SubjectSpace.fit(x, concepts, languages)
    assert accuracy(x, side) > 0.95
    after = space.transform(x)
    assert accuracy(after, side) < 0.42
    assert accuracy(after, subject) > 0.9


def test_languages_of_one_subject_meet() -> None:
    x, concepts, languages, _, subject = planted()
    tags = np.array(languages)

    def apart(vectors: Floats) -> float:
        means = [vectors[(tags == tag) & (subject == 0)].mean(axis=0) for tag in ("en", "vi")]
        return float(np.linalg.norm(means[0] - means[1]))

    space = SubjectSpace.fit(x, concepts, languages)
    assert apart(space.erased(x)) < 0.2 * apart(x)


def erased_directions(space: SubjectSpace) -> int:
    return int(np.linalg.matrix_rank(np.eye(len(space.eraser)) - space.eraser, tol=1e-6))


def test_matches_the_closed_form_written_out() -> None:
    x, concepts, *_ = planted(n=4000, d=8)
    space = SubjectSpace.fit(x, concepts, EN * len(x))
    centred = x - x.mean(axis=0)
    covariance = centred.T @ centred / len(x)
    values, vectors = np.linalg.eigh(covariance)
    whiten = vectors @ np.diag(values**-0.5) @ vectors.T
    cross = whiten @ (centred.T @ (concepts - concepts.mean(axis=0)) / len(x))
    projection = cross @ np.linalg.pinv(cross, rcond=1e-8)
    expected = centred - centred @ (np.linalg.inv(whiten) @ projection @ whiten).T
    got = space.erased(x)
    assert erased_directions(space) == 2
    assert np.abs(got - expected).max() < 0.05 * np.abs(expected).max()  # shrinkage is the difference


@settings(max_examples=25, deadline=None)
@given(st.integers(min_value=3, max_value=60), st.integers(min_value=2, max_value=40), st.integers(0, 99))
def test_erasure_is_exact_at_any_size_even_with_more_dimensions_than_rows(n: int, d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=(n, d)), np.eye(3)[rng.integers(0, 2, n)]
    space = SubjectSpace.fit(x, z, EN * n)
    left = space.erased(x).T @ (z - z.mean(axis=0)) / n
    assert np.abs(left).max() < 1e-6
    assert erased_directions(space) <= 1  # the third class is empty and adds nothing


def test_transform_gives_unit_vectors_and_zeros_for_nothing() -> None:
    x, concepts, languages, *_ = planted()
    space = SubjectSpace.fit(x, concepts, languages)
    assert np.linalg.norm(space.transform(x), axis=1) == pytest.approx(1.0)
    assert not SubjectSpace(np.zeros(2), np.eye(2)).transform(np.zeros((1, 2))).any()


@pytest.mark.parametrize("n", [0, 1, 5])
def test_identical_or_missing_rows_do_no_harm(n: int) -> None:
    space = SubjectSpace.fit(np.ones((n, 4)), np.full((n, 3), 1 / 3), ["vi"] * n)
    assert np.isfinite(space.eraser).all()
    assert space.transform(np.eye(4)).shape == (4, 4)


def test_a_language_seen_little_is_erased_little() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(400, 16))
    x[:4] += 5 * np.eye(16)[0]
    space = SubjectSpace.fit(x, np.zeros((400, 3)), ["lv"] * 4 + ["en"] * 396)
    kept = np.linalg.norm(space.erased(x[:4]), axis=1).mean()
    assert kept > 3
    large = SubjectSpace.fit(np.tile(x, (50, 1)), np.zeros((20_000, 3)), (["lv"] * 4 + ["en"] * 396) * 50)
    assert np.linalg.norm(large.erased(x[:4]), axis=1).mean() < kept + 0.5


def test_controls_keep_a_subject_that_only_one_camp_speaks_of() -> None:
    rng = np.random.default_rng(7)
    n = 900
    subject = rng.integers(0, 3, n)
    praised = (subject == 0) & (rng.random(n) < 0.5)
    axes = np.eye(16)
    x = 2 * axes[subject] + 2 * praised[:, None] * axes[5] + 0.5 * rng.normal(size=(n, 16))
    concepts = np.column_stack([~praised, praised]).astype(float)
    controls = np.eye(3)[subject]

    def camps_together(space: SubjectSpace) -> float:
        vectors = space.transform(x)
        means = [vectors[mask].mean(axis=0) for mask in (praised, (subject == 0) & ~praised)]
        return float(means[0] @ means[1] / np.prod([np.linalg.norm(mean) for mean in means]))

    plain = camps_together(SubjectSpace.fit(x, concepts, EN * n))
    controlled = camps_together(SubjectSpace.fit(x, concepts, EN * n, controls))
    assert controlled > 0.95
    assert controlled > plain + 0.1


def test_arrays_bring_a_space_back() -> None:
    x, concepts, languages, *_ = planted()
    space = SubjectSpace.fit(x, concepts, languages)
    again = SubjectSpace.from_arrays(space.arrays())
    assert (again.transform(x) == space.transform(x)).all()
