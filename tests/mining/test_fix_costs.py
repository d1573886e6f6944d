"""What a cause costs: ranges from counts and from figures that name their sources."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from data.customers import Customer
from data.errors import SettingsError
from mining.fixes.cost import cost_of, customers_during, losses_of, yearly
from mining.fixes.cost_inputs import Figure, read_costs
from mining.fixes.results import Outcome, Phase, Ratio

PHASE = Phase(first=date(2026, 1, 1), last=date(2026, 6, 30), people=40, of=300, complained=50, wrote=500)
TIMES = np.array([1] * 32 + [2] * 6 + [3] * 2)  # of the 40 people of PHASE, 50 in all
FIXED = Outcome(
    verdict="fixed",
    grade="established",
    reason="",
    ratio=Ratio(value=0.3, low=0.2, high=0.5, model="poisson"),
)


def test_the_yearly_count_of_people_who_complain_once_has_the_exact_interval() -> None:
    once = np.ones(50, dtype=np.int64)
    assert yearly(once, 181).low == pytest.approx(37.1 * 365 / 181, rel=1e-3)
    assert yearly(once, 181).high == pytest.approx(65.9 * 365 / 181, rel=1e-3)
    nobody = yearly(once[:0], 365)
    assert (nobody.low, nobody.high) == (0, pytest.approx(3.69, rel=1e-3))


def test_who_complains_every_month_is_as_uncertain_as_one_person() -> None:
    """Ten people who complain in six periods each: six times the interval of ten, not that of sixty."""
    people, months = yearly(np.ones(10, dtype=np.int64), 365), yearly(np.full(10, 6), 365)
    assert (months.low, months.high) == (pytest.approx(6 * people.low), pytest.approx(6 * people.high))


def test_cases_and_saving_are_products_of_ranges() -> None:
    inputs = read_costs()
    cost = cost_of("c-0001", PHASE, TIMES, inputs, None, FIXED)
    assert cost.complaints == yearly(TIMES, PHASE.days)
    assert cost.cases.low == pytest.approx(yearly(np.ones_like(TIMES), PHASE.days).low * 5)
    assert cost.cases.high == pytest.approx(cost.complaints.high * 200)
    assert cost.cases.low < cost.complaints.low * 5
    assert cost.saving is not None
    assert cost.saving.low == pytest.approx(cost.cases.low * 0.5)
    assert cost.saving.high == pytest.approx(cost.cases.high * 0.8)
    assert cost.total == cost.cases


@pytest.mark.parametrize(("days", "told"), [(1, 1), (10, 10), (90, 90), (91, 365), (181, 365), (364, 365)])
def test_a_stretch_of_less_than_thirteen_weeks_is_told_for_itself(days: int, told: int) -> None:
    phase = replace(PHASE, last=PHASE.first + timedelta(days=days - 1))
    cost = cost_of("c-0001", phase, TIMES, read_costs(), None, FIXED)
    year = yearly(TIMES, days)
    assert cost.days == told
    assert (cost.complaints.low, cost.complaints.high) == (
        pytest.approx(year.low * told / 365),
        pytest.approx(year.high * told / 365),
    )
    assert cost.cases.high == pytest.approx(cost.complaints.high * 200)
    assert cost.saving is not None
    assert cost.saving.high == pytest.approx(cost.cases.high * 0.8)


def test_only_what_is_fixed_saves() -> None:
    for verdict in ("not_yet", "too_early", "came_back"):
        told = Outcome(verdict=verdict, grade="emerging", reason="", ratio=FIXED.ratio)
        assert cost_of("c-0001", PHASE, TIMES, read_costs(), None, told).saving is None


def customers(left: int, of: int, name: str) -> dict[str, Customer]:
    return {f"{name}-{i}": Customer(100.0, PHASE.last if i < left else None) for i in range(of)}


def test_lost_customers_are_those_beyond_the_others() -> None:
    own, others = customers(30, 60, "own"), customers(20, 200, "other")
    found = losses_of(own, own | others, own | others, Figure(1, 2, "x"), gate=30)
    assert found is not None
    assert (found.left, found.complained, found.others_left, found.others) == (30, 60, 20, 200)
    assert found.excess.low < 0.4 * 60 < found.excess.high
    assert found.value == Figure(100, 100, "mean of 60 customers in the list")
    same = losses_of(
        own, own | customers(100, 200, "o"), own | customers(100, 200, "o"), found.value, gate=30
    )
    assert same is not None
    assert same.excess.low == 0
    assert losses_of({"own-1"}, own | others, own | others, found.value, gate=30) is None


def test_the_interval_of_lost_customers_covers() -> None:
    rng = np.random.default_rng(3)
    covered = []
    for _ in range(300):
        left, others = rng.binomial(60, 0.4), rng.binomial(200, 0.1)
        known = customers(left, 60, "own") | customers(others, 200, "other")
        found = losses_of([f"own-{i}" for i in range(60)], known, known, Figure(1, 1, "x"), gate=30)
        assert found is not None
        covered.append(found.excess.low <= 18 <= found.excess.high)
    assert 0.92 < np.mean(covered) < 0.98


def test_figures_can_be_edited_for_all_causes_and_for_one(tmp_path: Path) -> None:
    path = tmp_path / "costs.yaml"
    path.write_text(
        "currency: THB\ncase: {low: 2, high: 3, source: ledger of 2025}\n"
        "causes:\n  c-0001: {case: {low: 9, high: 9, source: refunds}}\n"
    )
    inputs = read_costs(path)
    assert inputs.currency == "THB"
    assert inputs.figure("case", "c-0001") == Figure(9, 9, "refunds")
    assert inputs.figure("case", "c-0002") == Figure(2, 3, "ledger of 2025")
    assert "assumption" in inputs.figure("customer", "c-0001").source


@pytest.mark.parametrize(
    "text",
    [
        "case: 5",
        "case: {low: 5, high: 2, source: x}",
        "case: {low: -1, high: 2, source: x}",
        "case: {low: 1, high: .inf, source: x}",
        "case: {low: 1, high: 2}",
        "cases: {low: 1, high: 2, source: x}",
        "causes: [1]",
        "- 1",
        "a: [",
        "",
    ],
)
def test_what_is_no_figure_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "costs.yaml").write_text(text)
    with pytest.raises(SettingsError, match=r"costs\.yaml"):
        read_costs(tmp_path / "costs.yaml")


def test_customers_are_those_of_the_days_of_the_feedback() -> None:
    left = {"ana": date(2026, 3, 1), "bo": None, "cy": date(2024, 1, 1), "di": date(2027, 1, 1)}
    listed = {author: Customer(30.0, day) for author, day in left.items()}
    found = customers_during(listed, date(2026, 1, 1), date(2026, 12, 31))
    assert {author: each.left_on for author, each in found.items()} == {
        "ana": date(2026, 3, 1),
        "bo": None,
        "di": None,
    }
    assert {each.yearly_value for each in found.values()} == {30.0}
