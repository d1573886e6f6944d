"""How urgent it is to contact a person: the weighted mean of six signals, each shown beside the result."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from data.customers import Customers
from data.playbook import Playbook, Weights
from mining.recovery.complainers import Complainer, person_key

_UNKNOWN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What ``data/playbook.yaml`` names, each in [0, 1]; value is None where no file of customers was given."""

    anger: float
    shouting: float
    severity: float
    value: float | None
    recency: float
    unsolicited: float


def urgency_of(signals: Signals, weights: Weights) -> float:
    """The weighted mean of the signals that are there, times 100: in [0, 100]."""
    total = weighed = 0.0
    for field in fields(Signals):
        signal = getattr(signals, field.name)
        if signal is not None:
            weight = getattr(weights, field.name)
            total, weighed = total + weight, weighed + weight * signal
    return 100 * weighed / total


def signals_of(
    person: Complainer, playbook: Playbook, values: Mapping[str, float] | None, *, today: date
) -> Signals:
    """The signals of one person; ``values`` are those of ``values_of``."""
    return Signals(
        anger=person.anger,
        shouting=float(person.shouting),
        severity=playbook.response(person.causes, person.topics).severity,
        value=None if values is None else values.get(person.key, _UNKNOWN),
        recency=_recency(person, playbook.half_life, today),
        unsolicited=_UNKNOWN if person.solicited is None else float(not person.solicited),
    )


def values_of(customers: Customers | None) -> dict[str, float] | None:
    """Key of a person to the share of customers who are worth as much or less; None without values.

    Ranks, because a few customers can be worth more than all others together, and currencies differ.
    """
    if customers is None:
        return None
    known = {
        person_key(author, ""): customer.yearly_value
        for author, customer in customers.by_author.items()
        if customer.yearly_value is not None
    }
    if not known:
        return None
    ranked = np.sort(np.array(list(known.values())))
    return {
        key: float(np.searchsorted(ranked, value, side="right") / len(ranked)) for key, value in known.items()
    }


def _recency(person: Complainer, half_life: float, today: date) -> float:
    if not person.days:
        return _UNKNOWN
    age = max(0, (today - person.days[-1]).days)
    return float(0.5 ** (age / half_life))
