"""Which causes go with leaving: a discrete-time model of the odds to leave, with causes that come in over time.

A person-month is a trial (Cox 1972; Singer & Willett 1993). Its odds depend on the period since the first message, the
product, how long the person had been a customer, and which causes they had written of before the month began. Without
dates a person is one trial. The model is logistic and Firth's. What goes with leaving need not be what makes people leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mining.evidence import adjusted, grade_of, share_of
from mining.loyalty.calibration import calibration_of
from mining.loyalty.firth import FirthFit, patterns_of
from mining.loyalty.results import Association, Leaving
from mining.loyalty.terms import EVENTS_PER_TERM, Background, Stance, background_of, stances_of
from mining.loyalty.trials import Trials
from mining.loyalty.writers import Writer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GATE: Final = 30
SIGNIFICANT: Final = 0.05
HORIZON: Final = 3
"""Months ahead for which a chance of leaving is told."""


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model of leaving, ready to be asked of people as they stand on a day."""

    background: Background
    stances: Sequence[Stance]
    fit: FirthFit

    def chances(self, trials: Trials, places: Ints, months: Ints) -> Floats:
        """(n,) chances that ``places`` (of ``trials.writers``), now in ``months`` (n,), leave within ``HORIZON``.

        Without dates it is the chance of leaving at all.
        """
        now = np.full(len(places), np.iinfo(np.int64).max)
        ahead = 1 if trials.until is None else HORIZON
        stays = np.ones(len(places))
        for month in range(ahead):
            design = _design(self.background, self.stances, trials.writers, places, months + month, now)
            stays *= 1 - self.fit.probabilities(design)
        gone: Floats = 1 - stays
        return gone


def find_leaving(trials: Trials, *, established_people: int = GATE) -> tuple[Leaving, Model | None]:
    """Fit the model and test every cause in it; no model where too few left.

    Causes enter with most people first, as long as ten people left for each term: a choice that does not look at who
    left.
    """
    known = Leaving(
        unit="person" if trials.until is None else "month",
        people=len(trials.writers),
        trials=len(trials.left),
        events=trials.events,
        until=trials.until,
        left_out=trials.left_out,
    )
    candidates = stances_of(trials.writers, GATE)
    refused, room = _room(trials, candidates)
    if refused:
        return _with(known, refused=refused), None
    background = background_of(trials)
    stances, design = _entering(trials, background, candidates, room - len(background))
    if not stances:
        return _with(known, refused="the causes cannot be told from the products or from one another"), None
    fit = FirthFit(patterns_of(design, trials.left))
    taken = {(stance.cause_id, stance.side) for stance in stances}
    found = _with(
        known,
        associations=_associations(trials, stances, fit, len(background), established_people),
        untold=[
            (stance.cause_id, stance.side)
            for stance in candidates
            if (stance.cause_id, stance.side) not in taken
        ],
        calibration=calibration_of(design, trials),
    )
    return found, Model(background, stances, fit)


def _with(known: Leaving, **found: object) -> Leaving:
    from dataclasses import replace

    return replace(known, **found)  # type: ignore[arg-type]


def _room(trials: Trials, candidates: Sequence[Stance]) -> tuple[str, int]:
    """Why nothing can be told, or how many terms the model may have."""
    if not candidates:
        return f"no cause was written of by {GATE} people under observation", 0
    fewer = min(trials.events, len(trials.left) - trials.events)
    room = fewer // EVENTS_PER_TERM
    needed = (len(background_of(trials)) + 1) * EVENTS_PER_TERM
    if fewer < needed:
        what = "left" if fewer == trials.events else "stayed"
        return f"anecdote: {fewer} {what}, and {needed} are needed, {EVENTS_PER_TERM} for each term", 0
    return "", room


def _entering(
    trials: Trials, background: Background, candidates: Sequence[Stance], room: int
) -> tuple[list[Stance], Floats]:
    """The stances that have room and tell something of their own, and the design with them."""
    design = background.matrix(trials.writers, trials.writer, trials.month)
    chosen: list[Stance] = []
    for stance in candidates:
        if len(chosen) == room:
            break
        column = stance.at(trials.writer, trials.started).astype(np.float64)
        wider = np.column_stack([design, column])
        if column.sum() and np.linalg.matrix_rank(np.unique(wider, axis=0)) == wider.shape[1]:
            design, chosen = wider, [*chosen, stance]
    return chosen, design


def _design(
    background: Background,
    stances: Sequence[Stance],
    writers: Sequence[Writer],
    writer: Ints,
    month: Ints,
    started: Ints,
) -> Floats:
    return np.column_stack(
        [
            background.matrix(writers, writer, month),
            *(stance.at(writer, started).astype(np.float64) for stance in stances),
        ]
    )


def _associations(
    trials: Trials, stances: Sequence[Stance], fit: FirthFit, first: int, established_people: int
) -> list[Association]:
    coefficients = [fit.coefficient(first + number) for number in range(len(stances))]
    p_values = adjusted([coefficient.p_value for coefficient in coefficients])
    left = np.zeros(len(trials.writers), dtype=bool)
    left[trials.writer[trials.left]] = True
    found = []
    for stance, coefficient, p in zip(stances, coefficients, p_values, strict=True):
        people = np.flatnonzero(stance.since > 0)
        share = share_of(int(left[people].sum()), len(people))
        direction = "not told" if p >= SIGNIFICANT else "more" if coefficient.value > 0 else "fewer"
        found.append(
            Association(
                cause_id=stance.cause_id,
                side=stance.side,
                left=share,
                grade=_grade(trials, stance, people, established_people),
                coefficient=coefficient,
                p_adjusted=p,
                direction=direction,
            )
        )
    return sorted(found, key=lambda each: (-each.coefficient.value, each.cause_id, each.side or ""))


def _grade(trials: Trials, stance: Stance, people: Ints, established_people: int) -> str:
    messages = [
        message
        for place in people.tolist()
        for message in trials.writers[place].messages
        if any(cause == stance.cause_id and stance.side in (None, side) for cause, side in message.said)
    ]
    left = np.zeros(len(trials.writers), dtype=bool)
    left[trials.writer[trials.left]] = True
    return grade_of(
        share_of(int(left[people].sum()), len(people)),
        len(people),
        sources=len({message.source for message in messages if message.source}),
        periods=len({message.day.isoformat()[:7] for message in messages if message.day}),
        gate=GATE,
        established_people=established_people,
    )
