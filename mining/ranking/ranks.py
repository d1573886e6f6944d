"""The two ranks of causes: by weight, which many small failures have, and by noise, which one spectacular one has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.labels import SENTIMENTS
from mining.corpus import Corpus
from mining.periods import Calendar, Moments, timed_days
from mining.picture import Picture
from mining.ranking.results import Rank
from mining.ranking.spread import spread_of
from mining.results import Cause

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NEGATIVE = SENTIMENTS.index("negative")
_FEWEST_MONTHS = 2
_MOST_VALUES = 40


def rank_causes(
    picture: Picture, causes: Sequence[Cause], members: Sequence[Ints], costs: Mapping[str, float]
) -> tuple[Rank, ...]:
    """Rank the causes of which enough people complain.

    Weight is spread x people a month x cost: of two causes with as many people, one in a single of twelve months
    weighs a twelfth of one that is there all year. Noise is what makes a cause the talk of a meeting: the people of its
    fullest month, how negative they are, and how often each repeats it. Capitals are no part of it: many scripts have
    none.

    Args:
        picture: What was mined.
        causes: Of the mining.
        members: Positions of the statements of each cause.
        costs: Cost of one case by cause id, as people set it.

    Returns:
        By weight; none in a file of fewer than two months.
    """
    world = _World.of(picture.corpus)
    if len(world.months) < _FEWEST_MONTHS:
        return ()
    complains = picture.stance.complains
    found = [
        _measured(picture, world, cause.id, own[complains[own]], costs.get(cause.id, 1.0))
        for cause, own in zip(causes, members, strict=True)
    ]
    gate = picture.settings.side_people
    return _ranked([rank for rank in found if rank is not None and rank.people >= gate])


@dataclass(frozen=True, slots=True)
class _World:
    """Everybody: day and contexts of each message, the months, and the values of each segment."""

    days: Ints
    contexts: NDArray[np.str_]
    months: Calendar
    segments: Mapping[str, Ints]

    @classmethod
    def of(cls, corpus: Corpus) -> "_World":
        days = timed_days(corpus.days)
        contexts = np.full(len(days), "", dtype=object)
        contexts[corpus.message] = corpus.contexts
        return cls(days, contexts, Calendar.months(days[days >= 0]), _segments(corpus))


def _segments(corpus: Corpus) -> dict[str, Ints]:
    """Column to the number of the value of each message, -1 for none; free texts and single values are no segments."""
    columns = sorted({name for message in corpus.feedback for name in message.segments})
    found = dict[str, Ints]()
    for column in columns:
        values = [message.segments.get(column, "") for message in corpus.feedback]
        numbers = {value: number for number, value in enumerate(sorted(set(values) - {""}))}
        if 2 <= len(numbers) <= _MOST_VALUES:
            found[column] = np.array([numbers.get(value, -1) for value in values], dtype=np.int64)
    return found


def _measured(picture: Picture, world: _World, cause_id: str, statements: Ints, cost: float) -> Rank | None:
    corpus = picture.corpus
    messages = np.unique(corpus.message[statements])
    if not (world.days[messages] >= 0).any():
        return None
    there = np.flatnonzero(np.isin(world.contexts, np.unique(world.contexts[messages])))
    complaints = Moments.of_messages(corpus.people[messages], world.days[messages])
    own = world.months.people(complaints)
    everybody = world.months.people(Moments.of_messages(corpus.people[there], world.days[there]))
    narrowest, segment_spread = _narrowest(world, corpus.people, messages, there, picture.settings.context)
    time_spread = spread_of(own, everybody)
    peak = int(np.argmax(own))
    anger = float(np.mean(np.asarray(corpus.predictions.sentiment[statements], dtype=float)[:, _NEGATIVE]))
    mentions = len(statements) / corpus.count_people(statements)
    rate = float(own.sum() / len(world.months))
    return Rank(
        cause_id=cause_id,
        people=complaints.people(),
        months=len(world.months),
        rate=rate,
        time_spread=time_spread,
        segment_spread=segment_spread,
        narrowest=narrowest,
        cost=cost,
        weight=time_spread * segment_spread * rate * cost,
        rank=0,
        peak=int(own[peak]),
        peak_month=world.months.labels[peak],
        anger=anger,
        mentions=mentions,
        noise=int(own[peak]) * anger * mentions,
        noise_rank=0,
    )


def _narrowest(
    world: _World, people: Ints, messages: Ints, there: Ints, context: str | None
) -> tuple[str | None, float]:
    """The segment whose values the cause touches least of, and the part that it touches."""
    spreads = {
        column: spread_of(
            _people(values, people, messages, values.max() + 1),
            _people(values, people, there, values.max() + 1),
        )
        for column, values in world.segments.items()
        if column != context  # causes never share its values, so it tells nothing of them
    }
    if not spreads:
        return None, 1.0
    column = min(spreads, key=lambda name: (round(spreads[name], 9), name))
    return column, spreads[column]


def _people(values: Ints, people: Ints, messages: Ints, length: int) -> Ints:
    """(length,) distinct people behind the messages with each value."""
    pairs = np.unique(np.stack([values[messages], people[messages]]), axis=1)
    return np.bincount(pairs[0][pairs[0] >= 0], minlength=length).astype(np.int64)


def _ranked(found: Sequence[Rank]) -> tuple[Rank, ...]:
    """Both ranks, in the order of the weight; equals in the order of the causes."""
    by_noise = sorted(found, key=lambda rank: (-round(rank.noise, 9), rank.cause_id))
    loudness = {rank.cause_id: number for number, rank in enumerate(by_noise, 1)}
    by_weight = sorted(found, key=lambda rank: (-round(rank.weight, 9), rank.cause_id))
    return tuple(
        replace(rank, rank=number, noise_rank=loudness[rank.cause_id])
        for number, rank in enumerate(by_weight, 1)
    )
