"""People are held against those who wrote about the same product."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mining.driver_design import Design, design_of, resampled
from mining.driver_rows import DriverRows, driver_rows
from mining.explained import explained

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVEL = {"a": 4.0, "b": 2.0, "c": 3.0}


def rows_of_three_products(people: int = 240, seed: int = 1) -> DriverRows:
    """Each wrote about ``a`` or ``b``, some about both, and a few about ``c``, which has no cause."""
    rng = np.random.default_rng(seed)
    person = np.concatenate([np.arange(people), rng.choice(people, 40, replace=False)])
    about = ["ab"[number % 2] for number in range(people)] + ["abc"[i % 3] for i in range(40)]
    values = np.array([LEVEL[product] for product in about]) + rng.normal(0, 1, len(about))
    return driver_rows(person, about, values)


def causes_in(rows: DriverRows, seed: int = 2) -> list[tuple[int, Ints]]:
    """Two causes of ``a`` and one of ``b``."""
    rng = np.random.default_rng(seed)
    numbers = [rows.numbers[product] for product in ("a", "a", "b")]
    return [(number, rows.about[number][rng.random(len(rows.about[number])) < 0.3]) for number in numbers]


def dense(rows: DriverRows, causes: list[tuple[int, Ints]]) -> tuple[Floats, Floats]:
    """Causes and products as columns."""
    columns = np.zeros((len(rows), len(causes)))
    for place, (_, having) in enumerate(causes):
        columns[having, place] = 1
    return columns, np.eye(len(rows.numbers))[rows.context]


def test_a_row_is_a_person_and_a_product() -> None:
    values = np.array([5, 3, np.nan, 1, 2, 4])
    rows = driver_rows(np.array([7, 7, 8, 2, 7, 2]), ["b", "b", "b", "a", "a", "b"], values)
    assert rows.numbers == {"a": 0, "b": 1}
    assert rows.levels.tolist() == [1, 2, 4, 4]
    assert (rows.context.tolist(), rows.person.tolist(), rows.people) == ([0, 0, 1, 1], [0, 1, 0, 1], 2)
    assert rows.deviations.tolist() == [-0.5, 0.5, 0, 0]
    assert rows.of(np.array([7, 2, 7]), "b").tolist() == [2, 3]
    assert rows.of(np.array([7]), "a").tolist() == [1]


def test_who_wrote_about_many_products_is_one_person_to_tell_causes_by() -> None:
    values = np.arange(12, dtype=float)
    assert driver_rows(np.repeat(np.arange(3), 4), list("abcd") * 3, values).free == 3
    assert driver_rows(np.arange(12), list("abcd") * 3, values).free == 9


def test_the_residuals_are_those_of_a_regression_with_a_mean_for_each_product() -> None:
    rows = rows_of_three_products()
    causes = causes_in(rows)
    design, (columns, products) = design_of(rows, causes), dense(rows, causes)
    whole = np.hstack([columns, products])
    slow = rows.levels - whole @ np.linalg.lstsq(whole, rows.levels, rcond=None)[0]
    assert design.residuals() == pytest.approx(slow)
    found = explained(rows.deviations, design.residuals(), 3, person=rows.person, contexts=3)
    within = (rows.deviations**2).sum() / (len(rows) - 3)
    assert found.part == pytest.approx(max(0.0, 1 - (slow**2).sum() / (len(rows) - 6) / within))


def test_differences_and_covariances_are_within_the_product() -> None:
    rows = rows_of_three_products()
    causes = causes_in(rows)
    design, (columns, products) = design_of(rows, causes), dense(rows, causes)
    drawn = resampled(design, rows.person, 3, seed=0)
    for place, (number, having) in enumerate(causes):
        others = np.setdiff1d(rows.about[number], having)
        apart = rows.levels[having].mean() - rows.levels[others].mean()
        assert drawn.differences[0, place] == pytest.approx(apart)
    both = np.hstack([columns, rows.levels[:, None]])
    within = both - products @ np.linalg.lstsq(products, both, rcond=None)[0]
    found = design.covariances(design.sums[None])[0]
    assert found == pytest.approx(within.T @ within / len(rows))


def test_one_product_is_the_regression_with_one_mean() -> None:
    rng = np.random.default_rng(3)
    rows = driver_rows(np.arange(100), [""] * 100, rng.normal(size=100))
    design: Design = design_of(rows, [(0, np.arange(0, 40)), (0, np.arange(20, 70))])
    columns, _ = dense(rows, [(0, np.arange(0, 40)), (0, np.arange(20, 70))])
    both = np.hstack([columns, rows.levels[:, None]])
    assert design.covariances(design.sums[None])[0] == pytest.approx(np.cov(both, rowvar=False, bias=True))
    told = [explained(rows.deviations, design.residuals(), 2, person=who) for who in (None, rows.person)]
    assert told[0] == told[1]


def test_rows_of_one_person_are_one_draw() -> None:
    """The same answers given about two products by everybody know no more than those about one."""
    rng = np.random.default_rng(4)
    cause, noise = (rng.random(200) < 0.3).astype(float), rng.normal(size=200)
    outcome = noise - cause
    residuals = (
        outcome
        - np.column_stack([np.ones(200), cause])
        @ np.linalg.lstsq(np.column_stack([np.ones(200), cause]), outcome, rcond=None)[0]
    )
    once = explained(outcome - outcome.mean(), residuals, 1)
    deviations, left = np.tile(outcome - outcome.mean(), 2), np.tile(residuals, 2)
    twice = explained(deviations, left, 1, person=np.tile(np.arange(200), 2))
    as_others = explained(deviations, left, 1)
    assert twice.high - twice.low == pytest.approx(once.high - once.low, rel=0.05)
    assert as_others.high - as_others.low < 0.8 * (once.high - once.low)


def habits(people: int, products: int, alike: float, seed: int) -> tuple[DriverRows, list[tuple[int, Ints]]]:
    """Everybody writes about each product and has its cause or not; both habit and outcome go with the person."""
    rng = np.random.default_rng(seed)
    outcome, habit = (
        np.sqrt(alike) * rng.normal(size=(people, 1))
        + np.sqrt(1 - alike) * rng.normal(size=(people, products))
        for _ in range(2)
    )
    person, product = (grid.ravel() for grid in np.indices((people, products)))
    rows = driver_rows(person, [f"p-{number}" for number in product.tolist()], outcome.ravel())
    return rows, [(number, rows.about[number][habit[:, number] > 0.6]) for number in range(products)]


def test_causes_are_worth_as_many_predictors_as_people_tell_apart() -> None:
    """Against the covariance of the scores of people and of rows, by columns that are written out."""
    rows, causes = habits(200, 4, 0.6, seed=5)
    design, (columns, products) = design_of(rows, causes), dense(rows, causes)
    within = columns - products @ np.linalg.lstsq(products, columns, rcond=None)[0]
    scores = within * design.residuals()[:, None]
    of_people = np.zeros((rows.people, len(causes)))
    np.add.at(of_people, rows.person, scores)
    usual = within.T @ within * np.mean(design.residuals() ** 2)
    excess = of_people.T @ of_people - scores.T @ scores
    inflated = np.linalg.eigvals(np.eye(4) + np.linalg.solve(usual, excess)).real
    assert design.apart(rows.person) == pytest.approx(inflated.sum() ** 2 / (inflated**2).sum())
    assert design.apart(rows.person) < 3.5


def test_people_of_one_product_each_tell_every_cause_apart() -> None:
    rng = np.random.default_rng(6)
    rows = driver_rows(np.arange(200), [*"ab"] * 100, rng.normal(size=200))
    causes = causes_in(rows)
    assert design_of(rows, causes).apart(rows.person) == pytest.approx(3)


def test_what_people_say_everywhere_is_no_proof() -> None:
    """Nothing goes with the outcome: with as many predictors as causes 13 % of these tests were below 5 %."""
    below = list[bool]()
    for seed in range(300):
        rows, causes = habits(200, 8, 0.9, seed)
        design = design_of(rows, causes)
        found = explained(
            rows.deviations,
            design.residuals(),
            len(causes),
            person=rows.person,
            contexts=8,
            apart=design.apart(rows.person),
        )
        below.append(found.p_value < 0.05)
    assert 0.02 <= np.mean(below) <= 0.07, np.mean(below)
