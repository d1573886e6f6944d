"""The cost of causes from the journal of a mining."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from data.customers import Customer
from mining.fixes.cost import Cost, Losses, Range, cost_of, days_told, losses_of
from mining.fixes.cost_inputs import CostInputs
from mining.fixes.review import Reviewed
from mining.fixes.stretches import LONGEST_BEFORE, Counted, Window, counted
from mining.fixes.voices import DatedJournal, complaining, of_product, voices_of
from mining.settings import MiningSettings


def cost_in(
    dated: DatedJournal,
    cause: str,
    fixes: Sequence[Reviewed],
    inputs: CostInputs,
    customers: Mapping[str, Customer] | None,
    settings: MiningSettings,
) -> Cost | None:
    """The cost of a cause: at its rate before its last fix, or in the last year of the file without one.

    It is told for a year, or for that stretch alone where it is too short for one.

    Returns:
        None where fewer people complained than a side of a contrast needs: an anecdote has no price.
    """
    last = fixes[-1] if fixes else None
    side = None if last is None else last.fix.side
    stretch = _last_year(dated, cause) if last is None else _before(dated, last)
    if stretch is None or stretch.past.people < settings.side_people:
        return None
    losses = None if customers is None else _losses(dated, cause, side, inputs, customers, settings)
    if losses is not None and customers is not None:
        losses = _told_in(losses, days_told(stretch.past.days), dated, customers)
    outcome = None if last is None else last.outcome
    return cost_of(cause, stretch.past, stretch.times, inputs, losses, outcome)


def costed(
    dated: DatedJournal,
    causes: Sequence[str],
    reviewed: Sequence[Reviewed],
    inputs: CostInputs,
    customers: Mapping[str, Customer] | None,
    settings: MiningSettings,
) -> dict[str, Cost]:
    """The cost of each cause that is no anecdote: those told for most days first, the dearest of them first.

    The dearest have the highest middle of their total.
    """
    found: dict[str, Cost] = {}
    for cause in causes:
        fixes: list[Reviewed] = [each for each in reviewed if each.cause == cause]
        cost = cost_in(dated, cause, fixes, inputs, customers, settings)
        if cost is not None:
            found[cause] = cost
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].days, -pair[1].total.middle, pair[0])))


def causes_of(dated: DatedJournal) -> list[str]:
    """Ids of all causes of the journal."""
    return sorted(dated.of_cause.keys() - {""})


def days_of(dated: DatedJournal) -> tuple[date, date]:
    """First and last day of the journal."""
    return date.fromordinal(max(1, dated.first)), date.fromordinal(max(1, dated.last))


def _last_year(dated: DatedJournal, cause: str) -> Counted | None:
    """The last year of the file; None where no message has a date."""
    end = dated.last + 1
    if end == dated.first:
        return None
    return _counted(dated, cause, None, max(dated.first, end - LONGEST_BEFORE), end)


def _before(dated: DatedJournal, fix: Reviewed) -> Counted | None:
    """The stretch before a fix, as its outcome has it; None where no message is from before it."""
    before = fix.outcome.before
    if before is None:
        return None
    return _counted(dated, fix.cause, fix.fix.side, before.first.toordinal(), before.last.toordinal() + 1)


def _counted(dated: DatedJournal, cause: str, side: str | None, first: int, end: int) -> Counted:
    """The days from ``first`` to the one before ``end``, none of them after a fix."""
    return counted(voices_of(dated, cause, side=side, touched=()), Window(first, end, end))


def _losses(
    dated: DatedJournal,
    cause: str,
    side: str | None,
    inputs: CostInputs,
    customers: Mapping[str, Customer],
    settings: MiningSettings,
) -> Losses | None:
    return losses_of(
        set(dated.author_keys[complaining(dated, cause, side)]),
        set(dated.author_keys[of_product(dated, cause)]),
        customers,
        inputs.figure("customer", cause),
        gate=settings.share_people,
    )


def _told_in(losses: Losses, days: int, dated: DatedJournal, customers: Mapping[str, Customer]) -> Losses:
    """Losses of all the days of the feedback as those of ``days``: no more customers than there are can be lost."""
    excess = losses.excess.scaled(days / (dated.last - dated.first + 1))
    most = float(len(customers))
    return replace(losses, excess=Range(min(excess.low, most), min(excess.high, most)))
