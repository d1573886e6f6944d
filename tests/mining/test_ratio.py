"""Top ratings that hold a mean, and what each cause asks for."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import SettingsError
from mining.journal import Journal
from mining.ratio.by_cause import ratios
from mining.ratio.holding import Scale, as_far_up, table
from mining.ratio.plot import plot
from tests.mining.journals import mined_journal
from tests.mining.worlds import Plan, build

SCALE = Scale(target=4.2, respond=0.1)


@pytest.mark.parametrize(
    ("target", "top", "good"), [(4.0, 3, 30), (4.2, 4, 40), (4.5, 7, 70), (3.0, 1, 10), (4.8, 19, 190)]
)
def test_the_known_figures(target: float, top: float, good: float) -> None:
    scale = Scale(target=target, respond=0.1)
    assert scale.top_ratings() == pytest.approx(top)
    assert scale.good_experiences() == pytest.approx(good)


@given(low=st.floats(-10, 10), width=st.floats(0.5, 100), part=st.floats(0.01, 0.99), bad=st.floats(0, 1))
def test_so_many_top_ratings_hold_the_mean(low: float, width: float, part: float, bad: float) -> None:
    scale = Scale(target=low + part * width, respond=0.5, low=low, high=low + width)
    rating = low + bad * (scale.target - low)
    top = scale.top_ratings(rating)
    assert (rating + top * scale.high) / (1 + top) == pytest.approx(scale.target, abs=1e-6 * width)
    assert scale.good_experiences(rating) == pytest.approx(2 * top)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"target": 5.0}, "target between"),
        ({"target": 1.0}, "target between"),
        ({"respond": 0.0}, "above 0, at most 1"),
        ({"respond": 1.5}, "above 0, at most 1"),
        ({"low": 6.0}, "low below the high"),
        ({"target": float("nan")}, "target between"),
        ({"low": float("-inf")}, "low below the high, both within ±1,000,000"),
        ({"high": 1e308}, "low below the high, both within ±1,000,000"),
        ({"respond": 1e-320}, "more than 1,000,000,000,000 good experiences: give a larger share"),
        ({"target": 4.999999999999999}, "or a target farther from the high end"),
    ],
)
def test_what_cannot_be_held_is_refused(wrong: dict[str, float], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        Scale(**{"target": 4.2, "respond": 0.1, **wrong})


def test_the_table_leaves_out_targets_beyond_the_scale() -> None:
    assert [row.target for row in table()] == [3.5, 4.0, 4.2, 4.5, 4.8]
    assert [row.target for row in table(0, 4.4, targets=(3.5, 4.0, 4.2, 4.5))] == [3.5, 4.0, 4.2]


def test_the_table_of_another_scale_has_means_as_far_up() -> None:
    assert [row.target for row in table(0, 10)] == [6.25, 7.5, 8.0, 8.75, 9.5]
    assert [row.top_ratings for row in table(0, 10)] == pytest.approx([row.top_ratings for row in table()])


def test_a_mean_of_five_is_carried_over_to_another_scale() -> None:
    assert [as_far_up(4.2, low, high) for low, high in ((1, 5), (0, 10), (20, 100))] == [4.2, 8, 84]


def test_the_picture_is_a_drawing_with_a_curve_for_each_share() -> None:
    root = ElementTree.fromstring(plot(0, 10, responding=(0.1, 0.5)))
    names = [child.tag.rpartition("}")[2] for child in root.iter()]
    assert names.count("polyline") == 2
    assert "10\u202f% of them rate" in "".join(root.itertext())


@pytest.fixture(scope="module")
def journal() -> Journal:
    plans = [
        Plan(subject=0, side="too_little", people=30),
        Plan(subject=0, side="too_much", people=20, each=3),
        Plan(subject=1, side="praise", people=25),
        Plan(subject=2, side="complaint", people=12),
    ]
    return mined_journal(build(plans))


def test_a_cause_asks_for_what_its_people_rated(journal: Journal) -> None:
    found = ratios(journal, SCALE, gate=6)
    largest = found[0]
    assert 40 <= largest.people == largest.rated <= 50
    assert largest.mean is not None
    assert largest.top_ratings == pytest.approx(largest.rated * (4.2 - largest.mean) / (5 - 4.2))
    assert largest.good_experiences == pytest.approx(10 * (largest.top_ratings or 0))
    assert sum(each.people for each in found) <= 62  # nobody who praises


def test_below_the_gate_there_is_no_figure(journal: Journal) -> None:
    largest = ratios(journal, SCALE, gate=6)[0]
    found = {each.cause_id: each for each in ratios(journal, SCALE, gate=largest.rated + 1)}
    assert found[largest.cause_id].people == largest.people
    assert found[largest.cause_id].top_ratings is found[largest.cause_id].good_experiences is None
