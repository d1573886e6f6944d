"""The watch: who is counted, how long chance takes, when an alarm comes and goes."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from data.errors import StateError
from mining.journal import Journal
from mining.watch.alarms import find_alarms, stepped_up
from mining.watch.chance import usual_of
from mining.watch.counting import DailyCounts, daily_counts
from mining.watch.judging import Event, judge
from mining.watch.results import WatchSettings
from mining.watch.run_length import lattice, run_lengths

START = date(2026, 1, 1)
Row = tuple[str | None, str, int | None, str | None]


def journal(rows: list[Row], products: list[str] | None = None) -> Journal:
    """Rows of cause, person, day and side, about the products."""
    start = datetime.combine(START, datetime.min.time(), UTC)
    return Journal(
        pa.table(
            {
                "feedback_id": [f"f-{number}" for number in range(len(rows))],
                "cause_id": pa.array([row[0] for row in rows], pa.string()),
                "person": [row[1] for row in rows],
                "created_at": [None if row[2] is None else start + timedelta(days=row[2]) for row in rows],
                "side": pa.array([row[3] for row in rows], pa.string()),
                "context": pa.array(products or [""] * len(rows), pa.string()),
            }
        )
    )


def counts(
    *, days: int = 300, causes: int = 3, rise: slice | None = None, times: float = 2.0, seed: int = 1
) -> DailyCounts:
    """Causes of 0.6 people a day among 8 others; the first of them rises by ``times`` on the days ``rise``."""
    rng = np.random.default_rng(seed)
    rates = np.full((causes, days), 0.6)
    if rise is not None:
        rates[0, rise] *= times
    people = rng.poisson(rates)
    everybody = people.sum(axis=0) + rng.poisson(8.0, days)
    names = tuple(f"c-{number:04d}" for number in range(1, causes + 1))
    return DailyCounts(names, START.toordinal(), people, np.tile(everybody, (causes, 1)))


def test_people_are_counted_and_not_messages() -> None:
    found = daily_counts(
        journal(
            [
                ("c-0001", "a", 0, "complaint"),
                ("c-0001", "a", 0, "too_much"),  # twice on a day
                ("c-0001", "a", 5, "complaint"),  # again within 30 days
                ("c-0001", "a", 36, "too_little"),  # and after 31 days of silence
                ("c-0001", "b", 5, "praise"),
                ("c-0001", "e", 5, None),
                ("c-0002", "a", 5, "complaint"),
                (None, "c", 5, None),
                ("c-0001", "d", None, "complaint"),
            ]
        ),
    )
    assert found.causes == ("c-0001", "c-0002")
    assert np.flatnonzero(found.people[0]).tolist() == [0, 36]
    assert found.people.sum(axis=1).tolist() == [2, 1]
    assert found.of[0, [0, 5, 36]].tolist() == [1, 3, 1]  # on day 5 the one who repeats is left out
    assert found.of[1, 5] == 4


def test_who_wrote_about_another_product_is_not_counted_among() -> None:
    """Those about none, or a rare one, stand together."""
    rows: list[Row] = [("c-0001", "p", 0, "complaint")] + [(None, f"p-{i}", 0, None) for i in range(59)]
    rows += [("c-0002", "q", 0, "complaint")] + [(None, f"q-{i}", 0, None) for i in range(69)]
    rows += [("c-0003", "r", 0, "complaint"), (None, "s", 0, None), (None, "p-3", 0, None)]
    rows += [("c-0004", "p-7", 0, "complaint"), ("c-0004", "q-7", 0, "praise")]
    about = ["a"] * 60 + ["b"] * 70 + [""] * 3 + ["a", "b"]
    found = daily_counts(journal(rows, about))
    assert found.causes == ("c-0001", "c-0002", "c-0003", "c-0004")
    assert found.of[:, 0].tolist() == [60, 70, 3, 130]  # the last was merged from both
    assert (daily_counts(journal(rows)).of == 132).all()  # "p-3" wrote twice


def test_without_dates_there_is_nothing_to_watch() -> None:
    with pytest.raises(StateError, match="no message has a date"):
        daily_counts(journal([("c-0001", "a", None, None)]))


@pytest.mark.parametrize("stray", [-20_000, 500, 13_000])
def test_a_wrong_year_in_one_message_moves_no_day(stray: int) -> None:
    rows: list[Row] = [("c-0001", f"p-{day}", day, "complaint") for day in range(100)]
    usual, wrong = (daily_counts(journal([*rows, *more])) for more in ([], [("c-0001", "x", stray, None)]))
    assert (wrong.first, wrong.days) == (usual.first, usual.days) == (START.toordinal(), 100)
    assert (wrong.people == usual.people).all()
    assert (wrong.of == usual.of).all()


def test_one_elimination_gives_what_each_chain_gives() -> None:
    rng = np.random.default_rng(3)
    steps = rng.dirichlet(np.ones(2 * 9 + 1), size=2)
    found = run_lengths(steps)
    for kind, row in enumerate(steps):
        for height in range(1, 10):
            assert found[kind, height - 1] == pytest.approx(_by_iteration(row, height), rel=1e-9)


def _by_iteration(row: NDArray[np.float64], height: int) -> float:
    """The mean run length of one chain, from its definition."""
    middle = len(row) // 2
    moves = np.zeros((height, height))
    for start in range(height):
        for move in range(-middle, middle + 1):
            if start + move < height:
                moves[start, max(0, start + move)] += row[middle + move]
    return float(np.linalg.solve(np.eye(height) - moves, np.ones(height))[0])


def test_sharing_a_step_keeps_its_mean() -> None:
    places, weights = np.array([-2.3, 0.25, 3.0]), np.array([[0.2, 0.5, 0.3]])
    found = lattice(places, weights, 4)
    assert found.sum() == pytest.approx(1)
    assert (found @ np.arange(-4, 5))[0] == pytest.approx(weights[0] @ places)


def test_a_share_known_from_few_days_needs_a_higher_sum() -> None:
    few, many = (usual_of(np.tile([0, 1], n), np.full(2 * n, 9), factor=2, rarest=0.1) for n in (20, 2000))
    assert few.rate(5.0) > 1.5 * many.rate(5.0)
    assert many.rate(2.0) > many.rate(5.0) > many.rate(50.0)


def test_rates_are_adjusted_as_p_values_are() -> None:
    from scipy.stats import false_discovery_control

    rates = np.array([0.3, 0.01, 0.2, 0.021, 0.01])
    assert stepped_up(rates) == pytest.approx(list(false_discovery_control(rates)))
    assert stepped_up(np.array([20.0, 4.0])) == [20.0, 8.0]


def test_a_rise_is_told_with_its_days() -> None:
    (alarm,) = find_alarms(counts(rise=slice(200, 215), times=8), WatchSettings(false_alarms=0.2))
    assert alarm.cause_id == "c-0001"
    assert abs((alarm.since - START).days - 200) <= 1
    assert 201 <= (alarm.day - START).days <= 205
    assert alarm.until is not None
    assert abs((alarm.until - START).days - 214) <= 2
    assert alarm.people < alarm.in_all
    assert alarm.ratio > 3
    assert alarm.adjusted <= 0.2


def test_a_rise_that_lasts_is_one_alarm() -> None:
    found = find_alarms(counts(days=400, rise=slice(150, 400), times=4), WatchSettings())
    assert [alarm.until for alarm in found] == [None]


def test_who_writes_more_because_everybody_does_is_no_alarm() -> None:
    rng = np.random.default_rng(2)
    busy = np.where(np.arange(300) >= 200, 5.0, 1.0)
    people = rng.poisson(0.6 * busy, (3, 300))
    everybody = people.sum(axis=0) + rng.poisson(8.0 * busy)
    world = DailyCounts(("a", "b", "c"), START.toordinal(), people, np.tile(everybody, (3, 1)))
    assert find_alarms(world, WatchSettings(false_alarms=0.2)) == []


def test_a_product_that_is_new_is_no_alarm_and_teaches_itself_first() -> None:
    """Launched on day 150, with the causes of every product: nothing until 28 days are known, then a rise is."""
    world, launched = counts(days=300, seed=4), counts(days=300, rise=slice(240, 255), times=8, seed=5)
    launched.people[:, :150] = launched.of[:, :150] = 0
    both = DailyCounts(
        tuple("abcdef"),
        world.first,
        np.concatenate([world.people, launched.people]),
        np.concatenate([world.of, launched.of]),
    )
    (alarm,) = find_alarms(both, WatchSettings(false_alarms=0.2))
    assert alarm.cause_id == "d"
    assert abs((alarm.since - START).days - 240) <= 1


def test_a_cause_that_is_new_alarms_at_the_gate() -> None:
    world = counts(days=200)
    world.people[0, :150] = 0
    world.people[0, 150:] = 2
    world.of[:, 150:] += 2
    (alarm,) = find_alarms(world, WatchSettings())
    assert alarm.people >= WatchSettings().gate
    assert (alarm.day - START).days <= 156


def test_a_spike_beyond_all_floats_is_an_alarm_with_capped_years() -> None:
    people, of = np.full((1, 120), 20), np.full((1, 120), 5000)
    people[0, 110] = 1300  # a height of about 881, and exp(-881) is 0
    (alarm,) = find_alarms(DailyCounts(("c-0001",), START.toordinal(), people, of), WatchSettings())
    assert (alarm.since, alarm.day) == (START + timedelta(days=110),) * 2
    assert (alarm.people, alarm.years, alarm.adjusted) == (1300, 1e6, 0.0)


@pytest.mark.parametrize("gap", [100, 2000])
def test_years_before_the_first_real_day_teach_nothing(gap: int) -> None:
    """One stray date long before all others: no baseline of silence, and all alarms as without it."""
    world = counts(days=400, rise=slice(250, 265), times=8)
    people, of = (np.pad(each, ((0, 0), (gap, 0))) for each in (world.people, world.of))
    of[:, 0] = people[0, 0] = 1
    found = find_alarms(DailyCounts(world.causes, world.first - gap, people, of), WatchSettings())
    (rise,) = [alarm for alarm in found if alarm.cause_id == "c-0001"]
    assert abs((rise.since - START).days - 250) <= 1
    assert all(alarm.day >= START + timedelta(days=56) for alarm in found)
    assert len(found) <= 1 + len(find_alarms(counts(days=400), WatchSettings()))


def test_after_a_silence_the_rate_is_that_of_the_days_since() -> None:
    silent = counts(days=500, causes=8)
    silent.people[:, 60:300] = silent.of[:, 60:300] = 0
    assert find_alarms(silent, WatchSettings(false_alarms=0.2)) == []


def test_a_single_date_years_after_all_others_is_no_alarm() -> None:
    world = counts(days=300)
    people, of = (np.pad(each, ((0, 0), (0, 900))) for each in (world.people, world.of))
    people[0, -1] = of[:, -1] = 1
    late = DailyCounts(world.causes, world.first, people, of)
    assert find_alarms(late, WatchSettings()) == find_alarms(world, WatchSettings())


def test_the_order_of_the_causes_changes_nothing() -> None:
    world = counts(rise=slice(200, 230), times=5)
    turned = DailyCounts(world.causes[::-1], world.first, world.people[::-1], world.of[::-1])
    assert find_alarms(turned, WatchSettings()) == find_alarms(world, WatchSettings())


def test_a_short_history_is_refused() -> None:
    with pytest.raises(StateError, match="span 50 days, and a watch learns 56 days"):
        find_alarms(counts(days=50), WatchSettings())


@pytest.mark.parametrize("wrong", [{"false_alarms": 0.0}, {"false_alarms": 400.0}, {"factor": 1.0}])
def test_settings_are_checked(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"is (0|400|1)\.0"):
        WatchSettings(**wrong)  # type: ignore[arg-type]


def test_alarms_are_judged_by_what_is_known() -> None:
    (alarm,) = find_alarms(counts(rise=slice(200, 215), times=8), WatchSettings(false_alarms=0.2))
    day = [START + timedelta(days=number) for number in range(300)]
    rise = Event("c-0001", day[200], day[214])
    other, later = Event("c-0002", day[200], day[214]), Event("c-0001", day[260], None)
    early = Event("c-0001", day[3], day[9])
    judged = judge([alarm], [early, other, later, rise], day[56])
    assert judged.real == ((alarm, rise),)
    assert (judged.missed, judged.before) == ((other, later), (early,))
    assert judged.delays == [(alarm.day - day[200]).days]
    assert judge([alarm], [], day[56]).other == (alarm,)
