"""The effect of rescue: who is compared with whom, and what an interval is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from data.customers import Customer
from mining.recovery.complainers import complainers
from mining.recovery.effect import (
    Groups,
    closed_groups,
    effect_of,
    landmark_groups,
    last_known,
    randomised_groups,
)
from mining.recovery.holdout import Holdout
from mining.recovery.standing import Standing
from mining.settings import SHARE_PEOPLE
from tests.mining.journal_rows import journal, said

DAY = date(2026, 3, 2)
TODAY = date(2026, 12, 1)
HOLDOUT = Holdout(share=0.5, salt="salt", since=datetime(2026, 3, 1, tzinfo=UTC))


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def moment(days: int) -> datetime:
    day = after(days)
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def contacted(days: int) -> Standing:
    return Standing(contacted=(moment(days),), gestures=("g",), cost=1.0)


def by_landmark(
    left: Mapping[str, date | None], standings: Mapping[str, Standing], *, until: date = TODAY
) -> Groups:
    """Everybody complained on ``DAY``; the landmark is 7 days later, the end 30 days after that."""
    people = complainers(journal([said(f"f-{name}", name, day=DAY) for name in left])).people
    customers = {name: Customer(None, day) for name, day in left.items()}
    keyed = {f"author:{name}": standing for name, standing in standings.items()}
    return landmark_groups(people, customers, keyed, until=until, within=30, landmark=7)


def test_below_the_gate_there_is_no_figure() -> None:
    effect = effect_of(
        Groups((True,) * SHARE_PEOPLE, (False,) * (SHARE_PEOPLE - 1), SHARE_PEOPLE, 0), "closed"
    )
    assert effect.difference is effect.low is effect.high is None
    assert effect.reason == "anecdote: 30 and 29 people; 30 in each group are needed"
    enough = effect_of(Groups((True,) * SHARE_PEOPLE, (False,) * SHARE_PEOPLE, SHARE_PEOPLE, 0), "closed")
    assert enough.difference == 1
    assert enough.reason == ""


def test_the_interval_is_newcombes() -> None:
    """Table II of Newcombe (1998): 56/70 against 48/80 gives 0.0524 to 0.3339 by method 10."""
    groups = Groups((True,) * 56 + (False,) * 14, (True,) * 48 + (False,) * 32, 70, 0)
    effect = effect_of(groups, "closed")
    assert effect.difference == pytest.approx(0.2)
    assert effect.low == pytest.approx(0.0524, abs=5e-5)
    assert effect.high == pytest.approx(0.3339, abs=5e-5)


def test_only_chance_makes_it_causal() -> None:
    groups = Groups((True,) * 40, (False,) * 40, 40, 0)
    assert effect_of(groups, "randomised").causal
    assert not effect_of(groups, "landmark").causal
    assert not effect_of(groups, "closed").causal


def test_by_what_people_entered_the_open_are_not_counted() -> None:
    end = datetime(2026, 4, 1, tzinfo=UTC)
    standings = [
        Standing(contacted=(moment(1),), outcome="recovered", closed_at=end),
        Standing(contacted=(moment(1),), outcome="lost", closed_at=end),
        Standing(outcome="lost", closed_at=end),
        contacted(1),
    ]
    assert closed_groups(standings) == Groups((True, False), (False,), 2, 1)


def test_from_the_landmark_on_who_left_before_is_in_neither_group() -> None:
    left = {"early": after(5), "later": after(20), "stayed": None, "much later": after(90)}
    assert by_landmark(left, {}) == Groups((), (False, True, True), 0, 0)


def test_who_is_contacted_after_the_landmark_counts_as_not_contacted() -> None:
    left = dict.fromkeys(("in time", "late", "never"))
    groups = by_landmark(left, {"in time": contacted(7), "late": contacted(8)})
    assert (len(groups.helped), len(groups.others), groups.reached) == (1, 2, 1)


def test_who_was_not_followed_to_the_end_waits_also_where_they_left_already() -> None:
    groups = by_landmark({"a": None, "b": after(10)}, {}, until=after(36))
    assert groups == Groups((), (), 0, 2)
    assert by_landmark({"a": None, "b": after(10)}, {}, until=after(37)).others == (True, False)


def test_nobody_is_known_to_have_stayed_beyond_the_last_day_of_the_data() -> None:
    """200 complained on a day, and nobody had left when the customers were exported; nothing is known of later."""
    people = {f"a{number}": None for number in range(200)}
    known = last_known([DAY], [Customer(None, None)] * 200, TODAY)
    assert known == DAY
    assert by_landmark(people, {}, until=known) == Groups((), (), 0, 200)
    left = [Customer(None, None), Customer(None, after(40))]
    assert by_landmark(people, {}, until=last_known([DAY], left, TODAY)).waiting == 0


def test_the_last_day_is_of_whoever_wrote_left_or_came_and_not_in_the_future() -> None:
    customers = [Customer(None, after(3), after(-50)), Customer(None, None, after(5))]
    assert last_known([DAY], customers, TODAY) == after(5)
    assert last_known([DAY, after(9)], customers, TODAY) == after(9)
    assert last_known([DAY, after(9000)], customers, after(4)) == after(3)
    assert last_known([], [Customer(None, None)], TODAY) == TODAY


def test_people_who_are_no_customers_or_have_no_date_are_not_followed() -> None:
    people = complainers(journal([said("f-1", "stranger"), said("f-2", "dateless", day=None)])).people
    customers = {"dateless": Customer(None, None)}
    assert landmark_groups(people, customers, {}, until=TODAY, within=30, landmark=7) == Groups((), (), 0, 0)


def randomised(
    names: list[str],
    standings: Mapping[str, Standing],
    *,
    days: Sequence[date] = (DAY,),
    left: date | None = None,
    holdout: Holdout = HOLDOUT,
) -> Groups:
    """Everybody complained on each of the ``days`` and left on the same one; the end is 30 days after the origin."""
    rows = [said(f"f-{name}-{day}", name, day=day) for name in names for day in days]
    customers = dict.fromkeys(names, Customer(None, left))
    return randomised_groups(
        complainers(journal(rows)).people, customers, standings, holdout, until=TODAY, within=30
    )


def test_the_drawn_count_where_the_draw_put_them_contacted_or_not() -> None:
    names = [f"a{number}" for number in range(60)]
    held = sum(HOLDOUT.holds(f"author:{name}") for name in names)
    first = next(f"author:{name}" for name in names if not HOLDOUT.holds(f"author:{name}"))
    groups = randomised(names, {first: contacted(1)})
    assert (len(groups.helped), len(groups.others), groups.reached) == (60 - held, held, 1)


BEGIN = HOLDOUT.since.date()
NAMES = [f"a{number}" for number in range(20)]
DRAWN = [name for name in NAMES if not HOLDOUT.holds(f"author:{name}")]


def ends(groups: Groups) -> set[bool]:
    assert (len(groups.helped), len(groups.others)) == (len(DRAWN), len(NAMES) - len(DRAWN))
    return {*groups.helped, *groups.others}


def test_who_was_in_the_queue_counts_from_the_draw_whether_they_complain_again_or_not() -> None:
    """A contact can keep somebody from complaining again: that must not decide who counts."""
    before = BEGIN - timedelta(days=40)
    once = randomised(NAMES, {}, days=[before], left=BEGIN + timedelta(days=30))
    assert ends(once) == {False}
    assert ends(randomised(NAMES, {}, days=[before], left=BEGIN + timedelta(days=31))) == {True}
    assert randomised(NAMES, {}, days=[before, after(20)], left=BEGIN + timedelta(days=30)) == once


def test_contacts_decide_neither_who_counts_nor_from_when() -> None:
    """A contact entered with --on the day of the draw was stamped at midnight, before it."""
    drawn = [f"author:{name}" for name in DRAWN]
    midnight = Standing(contacted=(datetime.combine(BEGIN, datetime.min.time(), UTC),), gestures=("g",))
    for standing, reached in ((contacted(-20), 0), (midnight, len(DRAWN)), (contacted(1), len(DRAWN))):
        groups = randomised(NAMES, dict.fromkeys(drawn, standing))
        assert ends(groups) == {True}
        assert groups.reached == reached


def test_who_left_before_is_in_neither_group_and_who_leaves_on_the_day_has_left() -> None:
    """A contact on the day of the complaint can prevent leaving on that day."""
    assert ends(randomised(NAMES, {}, left=DAY)) == {False}
    assert randomised(NAMES, {}, left=after(-1)) == Groups((), (), 0, 0)
    before = BEGIN - timedelta(days=40)
    assert ends(randomised(NAMES, {}, days=[before], left=BEGIN)) == {False}
    assert randomised(NAMES, {}, days=[before], left=BEGIN - timedelta(days=1)) == Groups((), (), 0, 0)


def test_after_another_share_only_new_people_are_compared() -> None:
    anew = replace(HOLDOUT, anew=True)
    for first in (BEGIN - timedelta(days=40), BEGIN):
        assert randomised(NAMES, {}, days=[first, DAY], holdout=anew) == Groups((), (), 0, 0)
    assert ends(randomised(NAMES, {}, holdout=anew)) == {True}
