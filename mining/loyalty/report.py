"""Everything about loyalty at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from data.customers import Customers
from data.errors import SettingsError
from mining.journal import Journal
from mining.last_day import last_day
from mining.loyalty.advocates import find_advocates
from mining.loyalty.leaving import Outlook, find_leaving
from mining.loyalty.people_at_risk import people_at_risk
from mining.loyalty.results import Assumptions, Leaving, Loyalty
from mining.loyalty.top_box import top_boxes
from mining.loyalty.trials import month_trials, outcome_trials
from mining.loyalty.word_of_mouth import public_sources, untold, words_of_mouth
from mining.loyalty.writers import Writer, writers_of
from mining.rating_scale import Scale, scale_of
from mining.settings import SHARE_PEOPLE
from mining.written_days import UNDATED, without_stray_dates, written_days


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltySettings:
    """What a user may say.

    Attributes:
        scale: Lowest and highest rating; None to take the narrowest usual scale.
        scale_option: What names a scale, for the error.
        until: Last day on which leaving was recorded; None for the last day in the data, but for stray ones. Never
            later than today: who will have left by then is not known.
        public: Sources that others can read; empty to tell by their names.
        context: Segment that tells the product.
    """

    scale: Scale | None = None
    scale_option: str = "--scale"
    until: date | None = None
    public: Sequence[str] = ()
    assumptions: Assumptions = field(default_factory=Assumptions)
    context: str = "product"


def loyalty_of(
    journal: Journal,
    customers: Customers | None,
    labels: Mapping[str, str],
    settings: LoyaltySettings,
    *,
    today: date,
    doubted: Collection[str] = (),
    gate: int = SHARE_PEOPLE,
) -> Loyalty:
    """Count loyal people and word of mouth, and, where outcomes are known, hold causes against leaving.

    Args:
        journal: What the mining left.
        customers: Who left, and what people are worth; None where that is not known.
        labels: Cause id to its label.
        settings: Of the report.
        today: In UTC; leaving dates of later days are announced, and nobody has left by them.
        doubted: Causes whose praise cannot be told from zero: it makes nobody an advocate.
        gate: Fewest people for a share.

    Raises:
        SettingsError: The ratings do not fit the scale, or the outcomes are not yes and no.
    """
    journal = without_stray_dates(journal)
    writers = writers_of(journal, customers.by_author if customers else None, context=settings.context)
    scale = scale_of(journal.column("rating"), settings.scale, option=settings.scale_option)
    public = sorted(settings.public) or public_sources(writers)
    leaving, outlook = _leaving(writers, customers, settings.until, today, gate)
    return Loyalty(
        people=len(writers),
        scale=scale,
        ratings=top_boxes(writers, scale, gate) if scale else (),
        customers=None if customers is None else customers.count,
        leaving=leaving,
        at_risk=people_at_risk(writers, leaving, outlook, labels) if leaving else (),
        advocates=find_advocates(writers, scale, public, labels, doubted),
        word_of_mouth=words_of_mouth(writers, public, settings.assumptions, gate),
        public=public,
        untold=untold(writers, public),
        assumptions=settings.assumptions,
        labels=labels,
        gate=gate,
    )


def _leaving(
    writers: Sequence[Writer], customers: Customers | None, until: date | None, today: date, gate: int
) -> tuple[Leaving | None, Outlook | None]:
    """By the customers file where it tells who left; else by the outcome that the mining was given; else None."""
    if customers is not None and customers.tells_leaving:
        last = min(until, today) if until else _last_day(writers, today)
        return find_leaving(month_trials(writers, last), gate)
    if not any(message.outcome is not None for writer in writers for message in writer.messages):
        return None, None
    try:
        trials = outcome_trials(writers)
    except ValueError as error:
        raise SettingsError(f"{error}: mine with --outcome COLUMN that tells who left") from None
    return find_leaving(trials, gate)


def _last_day(writers: Sequence[Writer], today: date) -> date:
    """The last day up to ``today`` that the data know of, but for stray ones: somebody wrote or left.

    Cancellations that were announced for a day to come tell nothing of who else will have left by then, however many
    there are.
    """
    days = [message.day for writer in writers for message in writer.messages if message.day]
    days += [writer.customer.left_on for writer in writers if writer.customer and writer.customer.left_on]
    past = written_days(np.array([day.toordinal() for day in days if day <= today], dtype=np.int64))
    return last_day(map(date.fromordinal, past[past != UNDATED].tolist()), today)
