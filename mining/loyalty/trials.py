"""Chances to leave: a month of a person under observation, or, without dates, a person with a known outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mining.loyalty.writers import Writer

Ints = NDArray[np.int64]

MONTH_DAYS: Final = 30
"""Days in a month of observation: all are equally long, so that a hazard means one thing."""

_YEAR_DAYS: Final = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """One row for each chance to leave, in the order of ``writers``.

    Attributes:
        writers: Those under observation.
        writer: (n,) position of the person in ``writers``.
        month: (n,) full months since the person came under observation; all 0 without dates.
        started: (n,) ordinal of the day on which the trial began; what was written by then counts. All the last day
            without dates.
        left: (n,) whether the person left in it.
        until: Last day of the observation; None without dates.
        left_out: Reason to people who could not be observed.
    """

    writers: Sequence[Writer]
    writer: Ints
    month: Ints
    started: Ints
    left: NDArray[np.bool_]
    until: date | None
    left_out: Mapping[str, int]

    @property
    def events(self) -> int:
        """People who left while they were observed."""
        return int(self.left.sum())


def observed_from(writer: Writer) -> date | None:
    """The day of the first message, or of becoming a customer if that is later; None where no message has a day."""
    since, wrote = writer.customer.since if writer.customer else None, writer.first_day
    return None if wrote is None else max(wrote, since or wrote)


def month_trials(writers: Sequence[Writer], until: date) -> Trials:
    """Person-months from the first message on, until the person left or the observation ended.

    Nobody who left can write afterwards, so months before the first message hold no event by the way the people were
    found (immortal time, Suissa 2008): observation starts with the first message. A month that ``until`` cuts short is
    no trial, whether somebody left in it or not, since who stays is not known for all of it.
    """
    left_out: dict[str, int] = {}
    observed: list[Writer] = []
    columns: list[tuple[int, int, int, bool]] = []
    for writer in writers:
        reason, months = _months(writer, until)
        if reason:
            left_out[reason] = left_out.get(reason, 0) + 1
            continue
        columns += [(len(observed), *month) for month in months]
        observed.append(writer)
    table = np.array(columns, dtype=np.int64).reshape(-1, 4)
    return Trials(
        writers=observed,
        writer=table[:, 0],
        month=table[:, 1],
        started=table[:, 2],
        left=table[:, 3].astype(bool),
        until=until,
        left_out=left_out,
    )


def _months(writer: Writer, until: date) -> tuple[str, list[tuple[int, int, bool]]]:
    """Why a person is left out, or their months: number, first day, whether they left in it."""
    customer, first = writer.customer, observed_from(writer)
    if customer is None:
        return "not in the customers file", []
    if first is None:
        return "no date of writing", []
    if customer.left_on and customer.left_on < first:
        return "left before they wrote", []
    months: list[tuple[int, int, bool]] = []
    start = first
    while start + timedelta(days=MONTH_DAYS - 1) <= until:
        end = start + timedelta(days=MONTH_DAYS)
        left = customer.left_on is not None and customer.left_on < end
        months.append((len(months), start.toordinal(), left))
        if left:
            break
        start = end
    return ("", months) if months else ("wrote in the last month", [])


def outcome_trials(writers: Sequence[Writer]) -> Trials:
    """One trial a person whose messages hold an outcome: it happened where any of them says yes.

    Raises:
        ValueError: If an outcome is neither 0 nor 1.
    """
    known = [writer for writer in writers if _outcomes(writer)]
    values = {value for writer in known for value in _outcomes(writer)}
    if not values <= {0.0, 1.0}:
        raise ValueError(f"got outcomes such as {max(values):g}; allowed is yes (1) and no (0)")
    size = len(known)
    days = [message.day.toordinal() for writer in known for message in writer.messages if message.day]
    return Trials(
        writers=known,
        writer=np.arange(size, dtype=np.int64),
        month=np.zeros(size, dtype=np.int64),
        started=np.full(size, max(days, default=1), dtype=np.int64),
        left=np.array([max(_outcomes(writer)) > 0 for writer in known], dtype=bool),
        until=None,
        left_out={"no outcome": len(writers) - size} if size < len(writers) else {},
    )


def _outcomes(writer: Writer) -> list[float]:
    return [message.outcome for message in writer.messages if message.outcome is not None]


def tenure(writer: Writer) -> str:
    """How long somebody had been a customer when they first wrote: a class of years, "" where unknown."""
    since, first = writer.customer.since if writer.customer else None, writer.first_day
    if since is None or first is None:
        return ""
    years = (first - since).days // _YEAR_DAYS
    return "under a year" if years < 1 else "one to two years" if years < 2 else "two years or more"
