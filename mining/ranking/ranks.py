"""The two ranks of causes: by weight, which many small failures have, and by noise, which one spectacular one has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.labels import SENTIMENTS
from mining.audience import each_audience
from mining.contexts import message_contexts
from mining.corpus import Corpus
from mining.periods import Calendar, Moments, timed_days
from mining.picture import Picture
from mining.ranking.results import Rank
from mining.ranking.spread import spread_of
from mining.results import Cause

Ints = NDArray[np.int64]

_NEGATIVE = SENTIMENTS.index("negative")
_FEWEST_MONTHS = 2
_MOST_VALUES = 40
_KNOWN = 0.5


def rank_causes(
    picture: Picture, causes: Sequence[Cause], members: Sequence[Ints], costs: Mapping[str, float]
) -> tuple[Rank, ...]:
    """Rank the causes of which enough people complain.

    Weight is spread x people a month x cost: of two causes with as many people, one in a single of twelve months
    weighs a twelfth of one that is there all year. The months of a cause are those since the first message about its
    product. Noise is what makes a cause the talk of a meeting: the people of its fullest month, how negative they are,
    and how often each repeats it. Capitals are no part of it: many scripts have none.

    Args:
        picture: What was mined.
        causes: Of the mining.
        members: Positions of the statements of each cause.
        costs: Cost of one case by cause id, as people set it.

    Returns:
        By weight; none in a file of fewer than two months.
    """
    corpus, settings = picture.corpus, picture.settings
    world = _World.of(corpus, settings.context)
    if len(world.months) < _FEWEST_MONTHS:
        return ()
    complains = picture.stance.complains
    spoken = [
        _Complaints.of(corpus, world, cause.id, own[complains[own]])
        for cause, own in zip(causes, members, strict=True)
    ]
    spoken = [each for each in spoken if each.people >= settings.side_people]
    everybody = each_audience(
        message_contexts(corpus, settings.context),
        [each.messages for each in spoken],
        lambda there: _Audience.of(corpus, world, there),
    )
    return _ranked(
        [
            _measured(picture, world, each, audience, costs.get(each.cause_id, 1.0))
            for each, audience in zip(spoken, everybody, strict=True)
        ]
    )


@dataclass(frozen=True, slots=True)
class _World:
    """Everybody: the day of each message, the months, and the values of each segment but the context.

    Causes never share the values of the context, so it tells nothing of them.
    """

    days: Ints
    months: Calendar
    segments: Mapping[str, Ints]

    @classmethod
    def of(cls, corpus: Corpus, context: str | None) -> "_World":
        days = timed_days(corpus.days)
        return cls(days, Calendar.months(days[days >= 0]), _segments(corpus, context))

    def people_in_months(self, people: Ints, messages: Ints) -> Ints:
        """(t,) distinct people behind the messages of each month."""
        return self.months.people(Moments.of_messages(people[messages], self.days[messages]))

    def people_of_values(self, people: Ints, messages: Ints) -> dict[str, Ints]:
        """For each segment the (v,) distinct people behind the messages with each of its values."""
        return {
            column: _people(values, people, messages, values.max() + 1)
            for column, values in self.segments.items()
        }


def _segments(corpus: Corpus, context: str | None) -> dict[str, Ints]:
    """Column to the number of the value of each message, -1 for none; free texts and single values are no segments."""
    columns = sorted({name for message in corpus.feedback for name in message.segments} - {context})
    found = dict[str, Ints]()
    for column in columns:
        values = [message.segments.get(column, "") for message in corpus.feedback]
        numbers = {value: number for number, value in enumerate(sorted(set(values) - {""}))}
        if 2 <= len(numbers) <= _MOST_VALUES:
            found[column] = np.array([numbers.get(value, -1) for value in values], dtype=np.int64)
    return found


def _people(values: Ints, people: Ints, messages: Ints, length: int) -> Ints:
    """(length,) distinct people behind the messages with each value."""
    pairs = np.unique(np.stack([values[messages], people[messages]]), axis=1)
    return np.bincount(pairs[0][pairs[0] >= 0], minlength=length).astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Audience:
    """Everybody who wrote about a product: how many in each month, and with each value of each segment."""

    months: Ints
    segments: Mapping[str, Ints]

    @classmethod
    def of(cls, corpus: Corpus, world: _World, messages: Ints) -> "_Audience":
        return cls(
            world.people_in_months(corpus.people, messages), world.people_of_values(corpus.people, messages)
        )

    @property
    def life(self) -> int:
        """Months from the first message about the product to the end of the file."""
        return len(self.months) - int(np.argmax(self.months > 0))


@dataclass(frozen=True, slots=True)
class _Complaints:
    """What complains of a cause: the positions of the statements and of their messages, and the people in time."""

    cause_id: str
    statements: Ints
    messages: Ints
    people: int

    @classmethod
    def of(cls, corpus: Corpus, world: _World, cause_id: str, statements: Ints) -> "_Complaints":
        messages = np.unique(corpus.message[statements])
        dated = Moments.of_messages(corpus.people[messages], world.days[messages])
        return cls(cause_id, statements, messages, dated.people())


def _measured(
    picture: Picture, world: _World, complaints: _Complaints, everybody: _Audience, cost: float
) -> Rank:
    corpus, statements = picture.corpus, complaints.statements
    own = world.people_in_months(corpus.people, complaints.messages)
    narrowest, segment_spread = _narrowest(picture, world, complaints.messages, everybody)
    time_spread = spread_of(own, everybody.months) * np.count_nonzero(everybody.months) / everybody.life
    peak = int(np.argmax(own))
    anger = float(np.mean(np.asarray(corpus.predictions.sentiment[statements], dtype=float)[:, _NEGATIVE]))
    mentions = len(statements) / corpus.count_people(statements)
    rate = float(own.sum() / everybody.life)
    return Rank(
        cause_id=complaints.cause_id,
        people=complaints.people,
        months=everybody.life,
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
    picture: Picture, world: _World, messages: Ints, everybody: _Audience
) -> tuple[str | None, float]:
    """The segment whose values the cause touches least of, and the part that it touches.

    A segment that is known of few of the people of a cause tells nothing of the others: it takes half of them.
    """
    people = picture.corpus.people
    least = max(picture.settings.side_people, _KNOWN * len(np.unique(people[messages])))
    known = {
        column: counted
        for column, counted in world.people_of_values(people, messages).items()
        if len(np.unique(people[messages[world.segments[column][messages] >= 0]])) >= least
    }
    spreads = {
        column: spread_of(counted, everybody.segments[column], compared=len(known))
        for column, counted in known.items()
    }
    if not spreads:
        return None, 1.0
    column = min(spreads, key=lambda name: (round(spreads[name], 9), name))
    return column, spreads[column]


def _ranked(found: Sequence[Rank]) -> tuple[Rank, ...]:
    """Both ranks, in the order of the weight; equals in the order of the causes."""
    by_noise = sorted(found, key=lambda rank: (-round(rank.noise, 9), rank.cause_id))
    loudness = {rank.cause_id: number for number, rank in enumerate(by_noise, 1)}
    by_weight = sorted(found, key=lambda rank: (-round(rank.weight, 9), rank.cause_id))
    return tuple(
        replace(rank, rank=number, noise_rank=loudness[rank.cause_id])
        for number, rank in enumerate(by_weight, 1)
    )
