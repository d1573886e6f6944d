"""Whether rescue pays: the share who stayed, among those who were contacted and among those who were not."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from data.customers import Customer
from mining.evidence import newcombe, share_of
from mining.last_day import last_day
from mining.recovery.complainers import Complainer, person_key
from mining.recovery.holdout import Holdout
from mining.recovery.standing import Standing
from mining.results import Share
from mining.settings import SHARE_PEOPLE

Design = Literal["randomised", "landmark", "closed"]


@dataclass(frozen=True, slots=True)
class Groups:
    """Two groups of people, each as one good (True) or bad (False) end a person.

    Attributes:
        helped: The contacted; in a randomised design those who were not held out, contacted or not.
        others: Those to compare with.
        reached: How many of ``helped`` were contacted.
        waiting: People left out because their end is not known yet.
    """

    helped: tuple[bool, ...]
    others: tuple[bool, ...]
    reached: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The difference of two shares.

    Attributes:
        design: How the groups came about; causal only where it is ``randomised``.
        difference: Of the shares, helped minus others, in [-1, 1]; None below the gate.
        low, high: Its 95 % interval; None below the gate.
        until: Last day for which it is known who left; None where nobody was followed.
        reason: Why there is no figure; "" where there is one.
    """

    design: Design
    helped: Share
    others: Share
    reached: int
    waiting: int
    difference: float | None
    low: float | None
    high: float | None
    until: date | None
    reason: str

    @property
    def causal(self) -> bool:
        """Whether chance alone chose who was contacted."""
        return self.design == "randomised"


def effect_of(groups: Groups, design: Design, until: date | None = None) -> Effect:
    """The difference of both shares with Newcombe's hybrid score interval (1998, method 10).

    It keeps its level in small groups and at shares near 0 and 1, where the normal approximation does not.
    """
    helped, others = (share_of(sum(ends), len(ends)) for ends in (groups.helped, groups.others))
    small = [name for name, share in (("helped", helped), ("other", others)) if share.n < SHARE_PEOPLE]
    low, high = (None, None) if small else newcombe(helped, others)
    return Effect(
        design=design,
        helped=helped,
        others=others,
        reached=groups.reached,
        waiting=groups.waiting,
        difference=None if small else helped.value - others.value,
        low=low,
        high=high,
        until=until,
        reason=_too_few(helped, others) if small else "",
    )


def last_known(wrote: Iterable[date], customers: Iterable[Customer], today: date) -> date:
    """The last day up to ``today`` on which somebody wrote, left or became a customer; ``today`` where there is none.

    Nobody is known to have stayed beyond the day on which the customers were exported. The file does not tell that day,
    so it is taken to be the last one that the data show.

    Args:
        wrote: Days of messages, in UTC.
        customers: Of the customers file.
        today: Later days are announced, or errors.
    """
    shown = [day for each in customers for day in (each.left_on, each.since) if day]
    return last_day((*wrote, *shown), today)


def closed_groups(standings: Iterable[Standing]) -> Groups:
    """Ends as people entered them: recovered or lost, contacted or not. Who is still open is not counted."""
    helped: list[bool] = []
    others: list[bool] = []
    waiting = 0
    for standing in standings:
        if standing.outcome is None:
            waiting += 1
        else:
            (helped if standing.contacted else others).append(standing.outcome == "recovered")
    return Groups(tuple(helped), tuple(others), len(helped), waiting)


def randomised_groups(
    people: Mapping[str, Complainer],
    customers: Mapping[str, Customer],
    standings: Mapping[str, Standing],
    holdout: Holdout,
    *,
    until: date,
    within: int,
) -> Groups:
    """Who stayed for ``within`` days, by intention to treat: from the draw, or the first complaint if that came later.

    Everybody counts where the draw put them, contacted or not, so that nothing but chance tells the groups apart; so
    nothing that a contact can change may decide who counts, or from when. A later complaint can, and so can leaving on
    the very day: who left before that day is in neither group, who left on it has left. ``until`` is the last day for
    which it is known who left: whose end lies beyond it waits.
    """
    begin = holdout.since.date()

    def origin(person: Complainer) -> date | None:
        first = person.days[0] if person.days else None
        if first is None or (holdout.anew and first <= begin):
            return None
        return max(begin, first)

    def helped(person: Complainer, start: date) -> bool:
        return not holdout.holds(person.key)

    def reached(person: Complainer) -> bool:
        return any(moment.date() >= begin for moment in _contacts(standings, person))

    return _followed(
        people, customers, origin, helped, reached, until=until, within=within, leaving_at_origin=True
    )


def landmark_groups(
    people: Mapping[str, Complainer],
    customers: Mapping[str, Customer],
    standings: Mapping[str, Standing],
    *,
    until: date,
    within: int,
    landmark: int,
) -> Groups:
    """Who stayed for ``within`` days, counted from a landmark ``landmark`` days after the first complaint.

    Who leaves early can hardly be contacted before. Counted from the complaint, that alone would make the contacted
    look loyal; so people are compared who were still customers at the landmark, by whether they had been contacted
    until then (Anderson, Cain & Gelber 1983). ``until`` is the last day for which it is known who left.
    """

    def origin(person: Complainer) -> date | None:
        return person.days[0] + timedelta(days=landmark) if person.days else None

    def helped(person: Complainer, start: date) -> bool:
        return any(moment.date() <= start for moment in _contacts(standings, person))

    def reached(person: Complainer) -> bool:
        return bool(_contacts(standings, person))

    return _followed(
        people, customers, origin, helped, reached, until=until, within=within, leaving_at_origin=False
    )


def _followed(
    people: Mapping[str, Complainer],
    customers: Mapping[str, Customer],
    origin: Callable[[Complainer], date | None],
    is_helped: Callable[[Complainer, date], bool],
    is_reached: Callable[[Complainer], bool],
    *,
    until: date,
    within: int,
    leaving_at_origin: bool,
) -> Groups:
    """Follow every customer who is known and was still there at the origin for ``within`` days.

    Who left on the day of the origin is followed, and has left, with ``leaving_at_origin``; else they were not there.
    """
    known = {person_key(author, ""): customer for author, customer in customers.items()}
    helped: list[bool] = []
    others: list[bool] = []
    reached = waiting = 0
    for key, person in people.items():
        start = origin(person)
        if start is None or key not in known:
            continue
        end, left = start + timedelta(days=within), known[key].left_on
        if left is not None and (left < start or (left == start and not leaving_at_origin)):
            continue
        if end > until:
            waiting += 1
            continue
        group = helped if is_helped(person, start) else others
        group.append(left is None or left > end)
        reached += group is helped and is_reached(person)
    return Groups(tuple(helped), tuple(others), reached, waiting)


def _contacts(standings: Mapping[str, Standing], person: Complainer) -> tuple[datetime, ...]:
    standing = standings.get(person.key)
    return standing.contacted if standing else ()


def _too_few(helped: Share, others: Share) -> str:
    return f"anecdote: {helped.n} and {others.n} people; {SHARE_PEOPLE} in each group are needed"
