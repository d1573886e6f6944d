"""Which causes go with leaving: a discrete-time model of the odds to leave, with causes that come in over time.

A person-month is a trial (Cox 1972; Singer & Willett 1993). Its odds depend on the period since the first message, the
product, how long the person had been a customer, and which causes they had written of before the month began. Without
dates a person is one trial. The model is logistic, fitted by Firth's method. What goes with leaving need not be what
makes people leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mining.evidence import adjusted, grade_of, share_of
from mining.loyalty.calibration import calibration_of
from mining.loyalty.firth import patterns_of
from mining.loyalty.results import Association, Leaving
from mining.loyalty.screening import SIGNIFICANT, Model
from mining.loyalty.terms import EVENTS_PER_TERM, Background, Stance, background_of, design_of, stances_of
from mining.loyalty.trials import Trials
from mining.loyalty.writers import Writer
from mining.results import Share
from mining.settings import SHARE_PEOPLE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HORIZON: Final = 3
"""Months ahead for which a chance of leaving is told."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """A fitted model of leaving, ready to be asked of people as they stand after all their messages."""

    background: Background
    stances: Sequence[Stance]
    model: Model
    dated: bool

    def chances(self, writers: Sequence[Writer], months: Ints) -> Floats:
        """(n,) chances that ``writers``, now in ``months`` (n,) of their own, leave within ``HORIZON`` months.

        Without dates it is the chance of leaving at all.
        """
        places = np.arange(len(writers))
        said = [[float(stance.spoken_by(writer)) for stance in self.stances] for writer in writers]
        stays = np.ones(len(writers))
        for ahead in range(HORIZON if self.dated else 1):
            held = self.background.matrix(writers, places, months + ahead)
            stays *= 1 - self.model.chances(np.hstack([held, np.array(said)]))
        gone: Floats = 1 - stays
        return gone


def find_leaving(trials: Trials, gate: int = SHARE_PEOPLE) -> tuple[Leaving, Outlook | None]:
    """Fit the model and test every cause of ``gate`` people beside it; no outlook where too few left."""
    known = Leaving(
        unit="person" if trials.until is None else "month",
        people=len(trials.writers),
        trials=len(trials.left),
        events=trials.events,
        until=trials.until,
        left_out=trials.left_out,
    )
    if not trials.writers:
        return replace(known, refused="anecdote: nobody is under observation"), None
    background = background_of(trials)
    stances = stances_of(trials.writers, gate, dated=trials.until is not None)
    refused = _refusal(trials, len(background), len(stances), gate)
    if refused:
        return replace(known, refused=refused), None
    rows = (trials.writer, trials.month, trials.started)
    design = design_of(background, stances, trials.writers, rows)
    patterns, row = patterns_of(design, trials.left)
    model = Model.of(patterns, len(background))
    found = replace(
        known,
        associations=_associations(trials, stances, model, gate),
        calibration=calibration_of(patterns, row, trials, len(background)),
    )
    return found, Outlook(background, stances, model, trials.until is not None)


def _refusal(trials: Trials, background: int, stances: int, gate: int) -> str:
    """Why nothing can be told; "" where something can."""
    if not stances:
        return f"anecdote: no cause was written of by {gate} people under observation"
    stayed = len(trials.left) - trials.events
    fewer, what = min((trials.events, "left"), (stayed, "stayed"))
    needed = (background + 1) * EVENTS_PER_TERM
    if fewer < needed:
        return (
            f"anecdote: {fewer} {what}, and {needed} are needed, {EVENTS_PER_TERM} for each term of the model"
        )
    return ""


def _associations(trials: Trials, stances: Sequence[Stance], model: Model, gate: int) -> list[Association]:
    """Strongest for leaving first; those that cannot be told from the background or the model are left out."""
    tried = [(stance, model.beside_the_others(model.background + n)) for n, stance in enumerate(stances)]
    told = [(stance, fit.coefficient(len(fit.beta) - 1)) for stance, fit in tried if fit is not None]
    p_values = adjusted([coefficient.p_value for _, coefficient in told])
    left = np.zeros(len(trials.writers), dtype=bool)
    left[trials.writer[trials.left]] = True
    found = []
    for (stance, coefficient), p in zip(told, p_values, strict=True):
        people = np.flatnonzero(stance.since > 0)
        share = share_of(int(left[people].sum()), len(people))
        direction = "more" if coefficient.value > 0 else "fewer"
        found.append(
            Association(
                cause_id=stance.cause_id,
                side=stance.side,
                left=share,
                grade=_grade(trials, stance, people, share, gate),
                coefficient=coefficient,
                p_adjusted=p,
                direction=direction if p < SIGNIFICANT else "not told",
            )
        )
    return sorted(found, key=lambda each: (-each.coefficient.value, each.cause_id, each.side or ""))


def _grade(trials: Trials, stance: Stance, people: Ints, share: Share, gate: int) -> str:
    """As of any share of a report; who stands on it is known from their messages."""
    messages = [
        message
        for place in people.tolist()
        for message in trials.writers[place].messages
        if any(cause == stance.cause_id and stance.side in (None, side) for cause, side in message.said)
    ]
    return grade_of(
        share,
        share.n,
        sources=len({message.source for message in messages if message.source}),
        periods=len({message.day.isoformat()[:7] for message in messages if message.day}),
        gate=gate,
        established_people=gate,
    )
