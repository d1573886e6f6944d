"""Fixes: ratios against references, and verdicts on planted worlds."""

from dataclasses import replace
from datetime import date
from unittest.mock import Mock

import numpy as np
import pytest

from data.composed import composed
from data.customers import Customer
from mining.fixes.cost import Cost, Range
from mining.fixes.cost_inputs import read_costs
from mining.fixes.costing import causes_of, cost_in, costed
from mining.fixes.rate_ratio import Dispersion, rate_ratio
from mining.fixes.results import Outcome
from mining.fixes.review import review
from mining.fixes.scan import find_return
from mining.fixes.series import level_change
from mining.fixes.stretches import Voices, Window, counted, weekly, window_of
from mining.fixes.verdict import outcome_of, wait_told
from mining.fixes.voices import DatedJournal, open_dated, voices_of
from mining.fixes.waiting import days_to_tell
from mining.periods import Moments
from mining.settings import MiningSettings
from tests.mining.fix_worlds import FIRST, SETTINGS, World, fix, gone_until, halving_every, step
from tests.mining.journal_rows import Row, journal, said

HALF = np.arange(12) >= 6


def outcome(world: World, seed: int = 1, looked: int | None = None, *, late: bool = False) -> Outcome:
    voices = world.voices(np.random.default_rng(seed))
    return outcome_of(voices, world.window(looked), SETTINGS, late=late)


def test_the_interval_is_that_of_two_poisson_counts() -> None:
    from statsmodels.stats.rates import confint_poisson_2indep

    counts, exposure = np.where(HALF, 4, 9), np.where(HALF, 120, 100)
    ratio = rate_ratio(counts, exposure, HALF)
    low, high = confint_poisson_2indep(24, 720, 54, 600, method="score", compare="ratio")
    assert ratio.model == "poisson"
    assert ratio.value == pytest.approx(24 / 720 / (54 / 600))
    assert (ratio.low, ratio.high) == (pytest.approx(low, rel=0.01), pytest.approx(high, rel=0.01))


def test_nobody_before_or_after_gives_an_open_end() -> None:
    some, none = np.full(12, 5), np.zeros(12, dtype=int)
    exposure = np.full(12, 100)
    gone = rate_ratio(np.where(HALF, none, some), exposure, HALF)
    new = rate_ratio(np.where(HALF, some, none), exposure, HALF)
    never = rate_ratio(none, exposure, HALF)
    assert (gone.value, gone.low, gone.halved) == (0.0, 0.0, True)
    assert (new.value, new.high, new.fell) == (None, None, False)
    assert (never.value, never.low, never.high) == (None, 0.0, None)


def test_waves_widen_the_interval() -> None:
    exposure = np.full(12, 1000)
    even, waves = np.full(12, 20), np.tile([5, 35], 6)
    calm, wild = rate_ratio(even, exposure, HALF), rate_ratio(waves, exposure, HALF)
    assert (calm.model, wild.model) == ("poisson", "negative_binomial")
    assert wild.value == calm.value == 1
    assert wild.low < calm.low < 1 < (calm.high or 0) < (wild.high or 0)


def test_a_step_is_told_from_a_trend() -> None:
    months = np.arange(12.0)
    trend = np.round(400 * 0.8**months).astype(int)
    stepped = np.where(HALF, 50, 200)
    others = np.full(12, 5000)
    kept, fallen = level_change(trend, others, months, HALF), level_change(stepped, others, months, HALF)
    assert kept is not None
    assert fallen is not None
    assert kept.low < 1 < (kept.high or 0)
    assert fallen.value == pytest.approx(0.25, rel=0.1)
    assert fallen.fell
    assert level_change(stepped[4:], others[4:], months[4:], HALF[4:]) is None


def test_periods_meet_on_the_day_and_hold_every_day() -> None:
    world = World(days=200, fix=75)
    table = counted(world.voices(np.random.default_rng(0)), world.window())
    starts = table.calendar.starts - FIRST
    assert starts[0] == 0
    assert starts[-1] == 200
    assert 75 in starts
    assert np.diff(starts).min() >= 14
    assert table.past.days + table.present.days == 200
    calendar, counts, _ = weekly(world.voices(np.random.default_rng(0)), world.window())
    assert counts.sum() == table.present.complained
    assert set(np.diff(calendar.starts)[:-1]) == {7}


def test_the_window_ends_at_other_fixes_of_the_cause() -> None:
    assert window_of(500, 0, 900, []) == Window(136, 500, 901)
    assert window_of(500, 0, 900, [400, 700]) == Window(400, 500, 700, closed=True)
    assert window_of(500, 600, 900, []) == Window(500, 500, 901)


def test_before_a_fix_still_to_come_lies_what_was_seen() -> None:
    assert window_of(901, 600, 900, []) == Window(600, 901, 901)
    assert window_of(950, 600, 900, []) == Window(600, 901, 901)
    assert window_of(1300, 0, 900, []) == Window(901 - 364, 901, 901)
    assert window_of(1300, 0, 900, [700, 1000]) == Window(
        700, 901, 901
    )  # the one of day 1000 is to come, too


@pytest.mark.parametrize(
    ("world", "verdict"),
    [
        (World(factor=step(0.1)), "fixed"),
        (World(), "not_yet"),
        (World(factor=step(0.8)), "not_yet"),
        (World(factor=gone_until(100)), "came_back"),
        (World(everybody=step(0.3), writers=10), "not_yet"),
        (World(factor=halving_every(90), writers=10), "not_yet"),
        (World(days=187), "too_early"),
        (World(rate=0.004, days=250), "anecdote"),
    ],
    ids=["gone", "as before", "less", "back", "all calmer", "trend", "a week", "few"],
)
def test_each_world_has_its_verdict(world: World, verdict: str) -> None:
    found = outcome(world)
    assert found.verdict == verdict, found
    assert found.reason


def test_a_rate_that_rose_says_so() -> None:
    worse, same = outcome(World(factor=step(2.5))), outcome(World())
    assert (worse.verdict, worse.reason) == ("not_yet", "its rate rose")
    assert worse.ratio is not None
    assert worse.ratio.low > 1
    assert (same.verdict, same.reason) == ("not_yet", "a halving can be ruled out")


def test_a_return_has_its_day() -> None:
    back = outcome(World(factor=gone_until(100), writers=10)).returned
    assert back is not None
    assert abs((back.day - date.fromordinal(FIRST + 280)).days) <= 7
    assert back.quiet_ratio.halved
    assert (back.again_ratio.value or 0) > 0.7


def test_a_fix_registered_after_looking_is_never_established() -> None:
    assert outcome(World(factor=step(0.1))).grade == "established"
    assert outcome(World(factor=step(0.1)), late=True).grade == "emerging"


def told_of(
    complaints: list[tuple[int, int]], *, fix: int = 252, days: int = 504, controls: int = 1_000
) -> Outcome:
    """Of persons and days of complaints; two others a day write, one of them, of so many, of an untouched cause."""
    own = Moments(
        np.array([person for person, _ in complaints]), FIRST + np.array([day for _, day in complaints])
    )
    others = Moments(1_000 + np.arange(2 * days), FIRST + np.arange(2 * days) // 2)
    everybody = Moments(np.append(own.person, others.person), np.append(own.day, others.day))
    free = Moments(others.person[::2] % controls, others.day[::2])
    voices = Voices(own=own, everybody=everybody, controls=free)
    return outcome_of(voices, Window(FIRST, FIRST + fix, FIRST + days), SETTINGS, late=False)


def test_one_customer_who_complains_all_year_is_an_anecdote() -> None:
    found = told_of([(0, 28 * period) for period in range(9)])
    assert (found.verdict, found.grade) == ("anecdote", "anecdote")
    assert found.before is not None
    assert (found.before.people, found.before.complained) == (1, 9)
    assert (found.before.of, found.before.wrote) == (505, 513)  # two a day for 252 days, and the customer
    assert found.reason == "1 complained before the fix: at least 6 are needed"


def test_who_complains_before_and_after_is_one_person() -> None:
    monthly = [(person, 28 * period + person) for person in range(15) for period in range(9)]
    found = told_of([*monthly, *((person, 260) for person in range(15))])
    assert found.before is not None
    assert found.after is not None
    assert (found.before.people, found.before.complained) == (15, 135)
    assert (found.after.people, found.after.complained) == (15, 15)
    assert (found.verdict, found.grade) == ("fixed", "emerging")


def test_untouched_causes_need_thirty_people_on_each_side() -> None:
    complaints = [(person, 14 * person // 3) for person in range(54)]
    assert told_of(complaints, controls=30 * 2).controlled is not None
    assert told_of(complaints, controls=29 * 2).controlled is None


def test_a_price_takes_people_not_periods() -> None:
    rows = [(0, 100 + 28 * period, "door", "c-0001", "complaint") for period in range(9)]
    others = [(person, 73, "door", "c-0001", "complaint") for person in range(1, 6)]  # nine periods in all
    assert cost_in(dated(rows), "c-0001", [], read_costs(), None, SETTINGS) is None
    cost = cost_in(dated([*rows, *others]), "c-0001", [], read_costs(), None, SETTINGS)
    assert cost is not None
    assert (cost.phase.people, cost.phase.complained) == (6, 14)


def test_months_of_a_person_are_no_people_in_a_price() -> None:
    """Ten who complain in each of 13 periods, and 130 who complain once: as many complaints, other intervals."""
    panel = [
        (who, 100 + 28 * month, "door", "c-0001", "complaint") for who in range(10) for month in range(13)
    ]
    crowd = [(number, row[1], *row[2:]) for number, row in enumerate(panel)]
    end = (999, 100 + 28 * 13 - 1, "door", "c-0001", "praise")
    same, others = (
        cost_in(dated([*rows, end]), "c-0001", [], read_costs(), None, SETTINGS) for rows in (panel, crowd)
    )
    assert same is not None
    assert others is not None
    assert (same.phase.complained, others.phase.complained) == (130, 130)
    ten, many = Range(4.80, 18.39), Range(108.6, 154.4)  # by the chi-square tables of Garwood 1936
    assert_near(same.complaints, Range(13 * ten.low, 13 * ten.high))
    assert_near(same.cases, Range(5 * ten.low, 200 * 13 * ten.high))
    assert_near(others.complaints, many)
    assert_near(others.cases, Range(5 * many.low, 200 * many.high))


def assert_near(found: Range, wanted: Range) -> None:
    assert (found.low, found.high) == (
        pytest.approx(wanted.low, rel=0.005),
        pytest.approx(wanted.high, rel=0.005),
    )


def test_the_price_of_a_fix_is_of_the_stretch_that_its_outcome_has() -> None:
    opened = open_dated(journal(told_rows(300, 365)))
    for day in (13, 40, 353, 400):
        (found,) = review(opened, [fix(number=1, day=date.fromordinal(FIRST + day))], SETTINGS, {})
        cost = cost_in(opened, "c-0001", [found], read_costs(), None, SETTINGS)
        assert cost is not None
        assert cost.phase == found.outcome.before


def test_costs_of_many_causes_read_the_journal_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three causes of 40 people each, of whom everybody is a customer."""
    keys, looked = Mock(wraps=composed), Mock(wraps=np.isin)
    monkeypatch.setattr("data.customers.composed", keys)  # of a name whose key is made
    monkeypatch.setattr(np, "isin", looked)
    rows = [(who, 1 + who, "door", f"c-{1 + who % 3:04d}", "complaint") for who in range(120)]
    opened = dated([*rows, *rows])
    costs = costed(opened, causes_of(opened), [], read_costs(), lost_customers(20), SETTINGS)
    assert len(costs) == 3
    assert [cost.losses is not None and cost.losses.complained for cost in costs.values()] == [40] * 3
    assert keys.call_count == 120
    assert looked.call_count == 1


def test_of_ten_days_the_losses_are_those_of_ten_days() -> None:
    """Of 60 who complain 20 leave, of 60 others nobody: no more customers than these can be lost."""
    cost = lost_in(days=10, left=20)
    assert cost.days == 10
    assert cost.losses is not None
    assert cost.losses.excess.low < 20 < cost.losses.excess.high < 60
    assert cost.lost is not None
    assert cost.lost.high == pytest.approx(100 * cost.losses.excess.high)


def test_no_more_customers_are_lost_in_a_year_than_there_are_in_the_list() -> None:
    """In 13 weeks nearly all who complain leave; at that pace there would be twice the list in a year."""
    year, ten = lost_in(days=91, left=59), lost_in(days=10, left=59)
    assert year.losses is not None
    assert ten.losses is not None
    assert year.losses.excess == Range(120, 120)
    assert 50 < ten.losses.excess.low < ten.losses.excess.high <= 60


def test_before_an_early_fix_losses_are_told_for_the_days_of_the_complaints() -> None:
    rows = [*lost_rows(365), (999, 364, "door", "c-0002", "complaint")]
    (found,) = review(dated(rows), [fix(number=1, day=date.fromordinal(41))], SETTINGS, {})
    cost = cost_in(dated(rows), "c-0001", [found], read_costs(), lost_customers(20), SETTINGS)
    assert cost is not None
    assert cost.losses is not None
    assert cost.days == cost.phase.days == 40
    assert cost.losses.excess.high < 60 * 40 / 365


def lost_in(*, days: int, left: int) -> Cost:
    cost = cost_in(dated(lost_rows(days)), "c-0001", [], read_costs(), lost_customers(left), SETTINGS)
    assert cost is not None
    return cost


def lost_rows(days: int) -> list[tuple[int, int, str, str, str]]:
    """60 who complain of the cause and 60 of another, spread over the days."""
    return [
        (who, 1 + who * (days - 1) // 119, "door", ("c-0001", "c-0002")[who % 2], "complaint")
        for who in range(120)
    ]


def lost_customers(left: int) -> dict[str, Customer]:
    """Everybody who wrote, each worth 100 a year; so many of those who complain of the cause left."""
    return {
        f"a-{who}": Customer(100.0, date.fromordinal(1) if who % 2 == 0 and who < 2 * left else None)
        for who in range(120)
    }


def test_a_few_who_complain_again_and_again_are_no_return() -> None:
    before = [(person, 14 * person // 3) for person in range(54)]  # six in each four weeks
    week = [(person, day) for day in range(420, 504, 7) for person in range(200, 206)]
    assert told_of([*before, *week]).verdict == "came_back"
    assert told_of([*before, *((200 + person % 5, day) for person, day in week)]).returned is None


def test_nothing_is_told_from_nothing() -> None:
    voices = World().voices(np.random.default_rng(0))
    no_past = outcome_of(voices, Window(FIRST, FIRST, FIRST + 90), SETTINGS, late=False)
    no_future = outcome_of(voices, Window(FIRST, FIRST + 200, FIRST + 200), SETTINGS, late=False)
    assert (no_past.verdict, no_past.grade) == ("anecdote", "anecdote")
    assert (no_future.verdict, no_future.ratio) == ("too_early", None)


def test_four_weeks_are_the_least_for_fixed() -> None:
    early = outcome(World(factor=step(0.0), writers=30), looked=20)
    later = outcome(World(factor=step(0.0), writers=30), looked=60)
    assert (early.verdict, later.verdict) == ("too_early", "fixed")


def test_a_fix_that_the_next_one_ended_waits_for_nothing() -> None:
    world = World(days=187)
    window = world.window(None)
    voices = world.voices(np.random.default_rng(1))
    waiting = outcome_of(voices, window, SETTINGS, late=False)
    ended = outcome_of(voices, replace(window, closed=True), SETTINGS, late=False)
    assert (waiting.verdict, ended.verdict) == ("too_early", "too_early")
    assert waiting.more_days is not None
    assert (ended.more_days, ended.reason) == (None, "the next fix came before a halving could be told")


def test_more_people_tell_a_halving_sooner() -> None:
    days = [days_to_tell(0.5, past, 1.0, past / 180, Dispersion(), 28) for past in (10, 40, 400)]
    assert days[0] is None
    assert (days[1] or 0) > (days[2] or 0) > 0
    gone = days_to_tell(0.1, 40, 1.0, 40 / 180, Dispersion(), 28)
    assert (gone or 0) < (days[1] or 0)


def test_the_promised_days_are_enough_in_four_of_five_worlds() -> None:
    days = days_to_tell(0.5, 54, 1.0, 0.3, Dispersion(), 28) or 0
    rng = np.random.default_rng(5)
    shown = []
    for _ in range(400):
        counts = np.array([rng.poisson(54), rng.poisson(0.15 * days)])
        shown.append(rate_ratio(counts, np.array([540, 3 * days]), np.array([False, True])).fell)
    assert 0.72 < np.mean(shown) < 0.9


def test_the_scan_finds_the_week_and_keeps_calm() -> None:
    exposure = np.full(30, 20)
    back = np.where(np.arange(30) >= 18, 4, 0)
    found = find_return(back, exposure, Dispersion(), seed=0)
    assert found is not None
    assert found[0] == 18
    assert found[1] < 0.01
    even = find_return(np.tile([1, 0, 2], 10), exposure, Dispersion(), seed=0)
    assert even is None or even[1] > 0.05
    assert find_return(np.zeros(30, dtype=int), exposure, Dispersion(), seed=0) is None
    assert find_return(back[::-1], exposure, Dispersion(), seed=0) is None


def dated(rows: list[tuple[int, int, str, str, str]], sources: dict[int, str] | None = None) -> DatedJournal:
    """Person, day, product, cause and side of each statement; sources by person, the web where none is given."""
    person, day, context, cause, side = zip(*rows, strict=True)
    return DatedJournal(
        person=np.array(person),
        day=np.array(day),
        context=np.array(context, dtype=object),
        source=np.array(["web" if sources is None else sources[each] for each in person], dtype=object),
        cause=np.array(cause, dtype=object),
        side=np.array(side, dtype=object),
        author=np.array([f"a-{each}" for each in person], dtype=object),
    )


ROWS = [
    (1, 10, "door", "c-0001", "complaint"),
    (2, 11, "door", "c-0001", "praise"),
    (3, 12, "door", "c-0002", "too_much"),
    (4, 13, "door", "c-0003", "complaint"),
    (5, 14, "door", "", "complaint"),
    (6, 15, "book", "c-0004", "complaint"),
]


def test_exposure_is_the_product_and_controls_are_untouched() -> None:
    voices = voices_of(dated(ROWS), "c-0001", side=None, touched=["c-0003"])
    assert voices.own.person.tolist() == [1]
    assert voices.everybody.person.tolist() == [1, 2, 3, 4, 5]
    assert voices.controls.person.tolist() == [3]
    assert voices_of(dated(ROWS), "c-0001", side="praise", touched=[]).own.person.tolist() == [2]


def test_no_source_is_no_second_source() -> None:
    rows = [(person, 10, "door", "c-0001", "complaint") for person in range(3)]

    def sources(*told: str) -> int:
        named = dated(rows, dict(enumerate(told)))
        return voices_of(named, "c-0001", side=None, touched=[]).sources

    assert sources("web", "", "web") == 1
    assert sources("web", "", "mail") == 2
    assert sources("", "", "") == 0


def test_without_any_date_there_is_no_before_and_no_price() -> None:
    undated = DatedJournal(**{name: column[:0] for name, column in vars(dated(ROWS)).items()})
    (found,) = review(undated, [fix(number=1)], MiningSettings(), {})
    assert (found.outcome.verdict, found.outcome.reason) == ("anecdote", "no message is from before the fix")
    assert cost_in(undated, "c-0001", [], read_costs(), None, MiningSettings()) is None


def told_rows(fix: int, days: int) -> list[Row]:
    """Four people a day of whom one complains of the cause in four days of five, and nobody from the fix on."""
    return [
        said(
            f"f-{day}-{who}",
            f"a-{day}-{who}",
            day=date.fromordinal(FIRST + day),
            cause="c-0001" if who == 0 and day % 5 and day < fix else "c-0002",
        )
        for day in range(days)
        for who in range(4)
    ]


STRAYS = [date(1970, 1, 1), date(2026, 12, 20), date(2027, 3, 1), date(2062, 3, 1)]


@pytest.mark.parametrize("stray", STRAYS)
def test_no_stray_date_makes_a_fix(stray: date) -> None:
    """The file ends twelve days after the fix; one message more has a wrong year."""
    rows = told_rows(353, 365)
    made = fix(number=1, day=date.fromordinal(FIRST + 353), looked_until=None)
    opened = open_dated(journal([*rows, said("f-x", "a-x", day=stray, cause="c-0002")]))
    (found,) = review(opened, [made], SETTINGS, {})
    assert (found.outcome.verdict, found.outcome.grade) == ("too_early", "emerging")
    assert found.outcome.after is not None
    assert found.outcome.after.days == 12
    assert [found] == review(open_dated(journal(rows)), [made], SETTINGS, {})


@pytest.mark.parametrize("stray", STRAYS)
def test_no_stray_date_divides_costs(stray: date) -> None:
    rows = told_rows(365, 365)
    customers = {f"a-{i}-{who}": Customer(30.0, None) for i in range(365) for who in range(4)}
    customers |= {f"a-{i}-0": Customer(30.0, date.fromordinal(FIRST + 364)) for i in range(0, 365, 2)}
    usual, wrong = (
        cost_in(open_dated(journal(told)), "c-0001", [], read_costs(), customers, SETTINGS)
        for told in (rows, [*rows, said("f-x", None, day=stray, cause="c-0002")])
    )
    assert usual is not None
    assert usual.losses is not None
    assert usual.losses.excess.low > 50
    assert wrong == usual


def test_a_merged_cause_takes_its_fix_along() -> None:
    world = World(factor=step(0.1))
    own = world.voices(np.random.default_rng(1))
    rows = [
        (int(p), int(d), "door", "", "") for p, d in zip(own.everybody.person, own.everybody.day, strict=True)
    ]
    spoken = set(own.own.person.tolist())
    rows = [(p, d, x, "c-0007" if p in spoken else c, "complaint") for p, d, x, c, _ in rows]
    made = fix(number=1, day=date.fromordinal(FIRST + 180))
    (found,) = review(dated(rows), [made], MiningSettings(), {"c-0001": "c-0007"})
    assert (found.cause, found.outcome.verdict, found.standing) == ("c-0007", "fixed", "covered")


def test_until_the_next_mining_a_merged_cause_is_counted_with_the_other() -> None:
    """A third complains of the merged one, which alone was mended; the journal still has both."""
    rows = [
        (
            p,
            FIRST + p // 6,
            "door",
            ("c-0001", "c-0007", "c-0007", "c-0002", "c-0002", "")[p % 6],
            "complaint",
        )
        for p in range(6 * 360)
    ]
    rows = [(p, d, x, "" if c == "c-0001" and d >= FIRST + 180 else c, s) for p, d, x, c, s in rows]
    made = fix(number=1, day=date.fromordinal(FIRST + 180))
    into = {"c-0001": "c-0007"}
    (found,) = review(dated(rows), [made], SETTINGS, into)
    again = [(p, d, x, into.get(c, c), s) for p, d, x, c, s in rows]
    assert [found] == review(dated(again), [made], SETTINGS, into)
    assert found.outcome.ratio is not None
    assert found.outcome.ratio.value == pytest.approx(2 / 3, abs=0.02)


@pytest.mark.parametrize(
    ("halving", "tenth", "reason"),
    [
        (400, None, "a halving can be told in about 400 more days"),
        (400, 300, "a halving can be told in about 400 more days"),
        (886, 78, "a halving can be told in about 886 more days, a fall to a tenth in about 78"),
        (400, 0, "a halving can be told in about 400 more days, a fall to a tenth would show by now"),
        (51_591, None, "too few complained before, or too unevenly, to tell a halving within ten years"),
        (None, 9_999, "too few complained before, or too unevenly, to tell a halving ever"),
        (
            51_591,
            205,
            "too few complained before, or too unevenly, to tell a halving within ten years; "
            "a fall to a tenth can be told in about 205 more days",
        ),
    ],
)
def test_a_wait_of_more_than_ten_years_is_not_promised(
    halving: int | None, tenth: int | None, reason: str
) -> None:
    outcome = Outcome(
        verdict="too_early", grade="emerging", reason="", more_days=halving, more_days_gone=tenth
    )
    assert wait_told(outcome) == reason
