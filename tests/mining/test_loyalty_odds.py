"""Firth's regression against what is known of it, and the model of leaving on planted leavers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from data.customers import Customer
from mining.loyalty.firth import FirthFit, Patterns, patterns_of
from mining.loyalty.leaving import find_leaving
from mining.loyalty.terms import stances_of
from mining.loyalty.trials import MONTH_DAYS, Trials, month_trials, observed_from, outcome_trials, tenure
from mining.loyalty.writers import Message, Writer, writers_of
from tests.mining.loyal_world import planted_journal, planted_odds

UNTIL = date(2026, 2, 5)
PLANTED = {
    ("c-0001", "too_little"): 0.55,
    ("c-0002", "complaint"): 0.08,
    ("c-0003", "too_much"): 0.08,
    ("c-0003", "praise"): 0.03,
    ("c-0004", "complaint"): 0.08,
}


def two_by_two(left: int, of: int, others_left: int, others: int) -> FirthFit:
    return FirthFit(
        Patterns(
            np.array([[1.0, 1.0], [1.0, 0.0]]),
            np.array([of, others], dtype=float),
            np.array([left, others_left], dtype=float),
        )
    )


@pytest.mark.parametrize("cells", [(20, 40, 15, 100), (0, 30, 12, 90), (30, 30, 5, 70), (1, 6, 2, 9)])
def test_a_table_of_two_by_two_gets_half_a_person_in_each_cell(cells: tuple[int, int, int, int]) -> None:
    left, of, others_left, others = cells
    fit = two_by_two(*cells)
    expected = np.log((left + 0.5) / (of - left + 0.5) / ((others_left + 0.5) / (others - others_left + 0.5)))
    assert fit.beta[1] == pytest.approx(expected, abs=1e-5)


def test_nobody_left_still_has_an_interval_above_which_lies_chance() -> None:
    found = two_by_two(0, 60, 30, 120).coefficient(1)
    assert found.high < 0
    assert found.low < -4
    assert found.p_value < 0.001


def test_with_many_people_it_is_the_ordinary_logistic_regression() -> None:
    import statsmodels.api as sm

    world = planted_odds(np.array([1.0, -0.5, 0.0]), people=20_000, seed=3)
    patterns, _ = patterns_of(world.design, world.trials.left)
    fit = FirthFit(patterns)
    plain = sm.GLM(world.trials.left.astype(float), world.design, family=sm.families.Binomial()).fit()
    assert fit.beta == pytest.approx(plain.params, abs=0.02)
    low, high = plain.conf_int()[3]
    found = fit.coefficient(3)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.03)
    assert found.odds == pytest.approx(tuple(np.exp([found.value, found.low, found.high])))


def test_the_score_test_agrees_where_people_are_many() -> None:
    world = planted_odds(np.array([0.15, 0.0]), people=20_000, seed=1)
    patterns, _ = patterns_of(world.design, world.trials.left)
    held = [0, 1, 2]
    hints = FirthFit(patterns.taken(held)).score_p_values(patterns, held, [3, 4])
    for place, hint in zip((3, 4), hints, strict=True):
        assert hint == pytest.approx(FirthFit(patterns.taken([*held, place])).p_value(3), abs=0.05)


def test_grouping_keeps_every_trial() -> None:
    world = planted_odds(np.array([0.5, 0.0, 0.2]), people=300)
    patterns, row = patterns_of(world.design, world.trials.left)
    assert (patterns.design[row] == world.design).all()
    fewer = patterns.taken([0, 3])
    assert len(fewer.trials) == 2
    assert (fewer.trials.sum(), fewer.events.sum()) == (len(row), world.trials.events)
    assert not patterns.taken([0, 3, 3]).tells_apart


def test_the_planted_cause_goes_with_leaving_most() -> None:
    journal, customers = planted_journal(PLANTED, each=150)
    leaving, outlook = find_leaving(month_trials(writers_of(journal, customers), UNTIL))
    assert outlook is not None
    told = {(each.cause_id, each.side): each.direction for each in leaving.associations}
    assert set(told) == set(PLANTED)
    assert told["c-0001", "too_little"] == "more"
    assert told["c-0003", "praise"] != "more"
    first = leaving.associations[0]
    assert first.cause_id == "c-0001"
    assert first.left.k / first.left.n > 0.3
    odds, low, high = first.coefficient.odds
    assert 3 < low < odds < high
    assert leaving.calibration is not None
    assert leaving.calibration.usable


def test_the_order_of_the_rows_changes_nothing() -> None:
    journal, customers = planted_journal(PLANTED, each=60)
    order = np.random.default_rng(0).permutation(len(journal))
    shuffled = replace(journal, table=journal.table.take(order))
    one, other = (
        find_leaving(month_trials(writers_of(each, customers), UNTIL))[0] for each in (journal, shuffled)
    )
    assert one == other


def test_too_few_leavers_are_an_anecdote() -> None:
    journal, customers = planted_journal({("c-0001", "too_little"): 0.1, ("c-0002", "praise"): 0.1}, each=60)
    leaving, outlook = find_leaving(month_trials(writers_of(journal, customers), UNTIL))
    assert outlook is None
    assert leaving.refused.startswith("anecdote: ")
    assert "10 for each term" in leaving.refused
    few, some = planted_journal({("c-0001", "too_little"): 0.5}, each=20)
    assert "30 people" in find_leaving(month_trials(writers_of(few, some), UNTIL))[0].refused


def test_customers_who_are_not_those_who_wrote_are_an_anecdote() -> None:
    journal, _ = planted_journal(PLANTED, each=20)
    strangers = {"nobody": Customer(yearly_value=None, left_on=None)}
    leaving, outlook = find_leaving(month_trials(writers_of(journal, strangers), UNTIL))
    assert (leaving.people, outlook) == (0, None)
    assert leaving.refused == "anecdote: nobody is under observation"


def test_without_dates_people_are_the_trials() -> None:
    journal, _ = planted_journal(PLANTED, each=90)
    trials = outcome_trials(writers_of(journal))
    assert (len(trials.left), trials.until) == (450, None)
    leaving, _ = find_leaving(trials)
    assert leaving.unit == "person"
    assert leaving.associations[0].cause_id == "c-0001"
    assert leaving.associations[0].direction == "more"


def test_outcomes_other_than_yes_and_no_are_refused() -> None:
    with pytest.raises(ValueError, match=r"such as 7; allowed is yes \(1\) and no \(0\)"):
        outcome_trials([writer(message(date(2026, 1, 1), outcome=7.0))])


def message(day: date | None, outcome: float | None = None, *said: tuple[str, str | None]) -> Message:
    return Message(
        feedback_id=f"f-{day}",
        created_at=None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC),
        author="anna",
        source="app_store",
        channel=None,
        solicited=False,
        rating=None,
        outcome=outcome,
        context="",
        said=frozenset(said),
        complains=False,
    )


def writer(*messages: Message, customer: Customer | None = None) -> Writer:
    return Writer(person="f-1", context="", messages=messages, customer=customer)


def months(first: date, customer: Customer, until: date) -> tuple[list[int], list[bool]]:
    trials = month_trials([writer(message(first), customer=customer)], until)
    return trials.month.tolist(), trials.left.tolist()


def test_months_run_from_the_first_message_to_leaving() -> None:
    first = date(2026, 1, 10)
    stays, leaves = Customer(1.0, None), Customer(1.0, first + timedelta(days=MONTH_DAYS))
    end = first + timedelta(days=3 * MONTH_DAYS - 1)
    assert months(first, stays, end) == ([0, 1, 2], [False] * 3)
    assert months(first, leaves, end) == ([0, 1], [False, True])
    assert months(first, stays, end - timedelta(days=1)) == ([0, 1], [False] * 2)


def test_observation_starts_when_a_writer_becomes_a_customer() -> None:
    wrote = date(2026, 1, 10)
    later, earlier = (Customer(1.0, None, wrote + timedelta(days=days)) for days in (2 * MONTH_DAYS, -400))
    assert observed_from(writer(message(wrote), customer=earlier)) == wrote
    assert observed_from(writer(message(wrote), customer=later)) == wrote + timedelta(days=2 * MONTH_DAYS)
    assert observed_from(writer(message(None), customer=later)) is None
    end = wrote + timedelta(days=3 * MONTH_DAYS - 1)
    assert months(wrote, later, end) == ([0], [False])


def test_a_month_cut_short_is_no_trial_even_if_somebody_left_in_it() -> None:
    first = date(2026, 1, 10)
    leaves = Customer(1.0, first + timedelta(days=MONTH_DAYS + 2))
    assert months(first, leaves, first + timedelta(days=MONTH_DAYS + 5)) == ([0], [False])


def test_who_cannot_be_observed_is_counted_with_the_reason() -> None:
    day = date(2026, 1, 10)
    people = [
        writer(message(day)),
        writer(message(None), customer=Customer(1.0, None)),
        writer(message(day), customer=Customer(1.0, day - timedelta(days=1))),
        writer(message(day), customer=Customer(1.0, None)),
    ]
    trials = month_trials(people, day + timedelta(days=3))
    assert trials.left_out == {
        "not in the customers file": 1,
        "no date of writing": 1,
        "left before they wrote": 1,
        "wrote in the last month": 1,
    }


def test_a_cause_counts_from_the_day_it_was_written_of() -> None:
    early, late = date(2026, 1, 1), date(2026, 2, 1)
    people = [
        writer(
            message(early, None, ("c-1", "praise")), message(late, None, ("c-2", "complaint"), ("c-1", None))
        )
    ]
    found = {(stance.cause_id, stance.side): stance for stance in stances_of(people, 1, dated=True)}
    assert set(found) == {("c-1", "praise"), ("c-2", "complaint")}
    started = np.array([early.toordinal(), early.toordinal() + MONTH_DAYS, late.toordinal()])
    taken = found["c-2", "complaint"].at(np.zeros(3, dtype=np.int64), started)
    assert taken.tolist() == [False, False, True]


def test_a_cause_without_a_large_side_is_one_stance() -> None:
    day = date(2026, 1, 1)
    people = [writer(message(day, None, ("c-1", side))) for side in ("praise", "complaint", None)]
    (found,) = stances_of(people, 3, dated=True)
    assert (found.cause_id, found.side, (found.since > 0).sum()) == ("c-1", None, 3)


def test_what_was_said_on_an_unknown_day_counts_only_where_days_do_not() -> None:
    """The complaint may be of the last month: counted from the first on, all others were survived with it."""
    people = [
        writer(message(date(2026, 1, 5), None, ("c-1", "praise")), message(None, None, ("c-1", "complaint")))
    ]
    assert [stance.side for stance in stances_of(people, 1, dated=True)] == ["praise"]
    undated = {stance.side: stance for stance in stances_of(people, 1, dated=False)}
    assert set(undated) == {"praise", "complaint"}
    first = np.zeros(1, dtype=np.int64)
    assert undated["complaint"].at(first, outcome_trials([writer(message(None, 1.0))]).started).tolist() == [
        True
    ]


def test_only_leaving_by_month_leaves_out_what_was_said_on_an_unknown_day() -> None:
    journal, customers = planted_journal(PLANTED, each=150)
    people = [
        replace(each, messages=(message(None, None, ("c-0009", "praise")), *each.messages))
        for each in writers_of(journal, customers)[::4]
    ]
    people += [each for number, each in enumerate(writers_of(journal, customers)) if number % 4]

    def told(trials: Trials) -> set[str]:
        return {each.cause_id for each in find_leaving(trials)[0].associations}

    assert "c-0001" in told(month_trials(people, UNTIL))
    assert "c-0009" not in told(month_trials(people, UNTIL))
    assert "c-0009" in told(outcome_trials(people))


@pytest.mark.parametrize(
    ("days", "name"), [(10, "under a year"), (400, "one to two years"), (900, "two years or more")]
)
def test_tenure_is_known_at_the_first_message(days: int, name: str) -> None:
    day = date(2026, 1, 1)
    customer = Customer(None, None, day - timedelta(days=days))
    assert tenure(writer(message(day), customer=customer)) == name
    assert tenure(writer(message(day))) == ""
