"""What may go with leaving: the causes and sides that people wrote of, beside the time, the product and the tenure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mining.loyalty.trials import Trials, tenure
from mining.loyalty.writers import Writer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EVENTS_PER_TERM: Final = 10
"""Fewest people who left for each term of the model (Peduzzi et al. 1996)."""

_MOST_PERIODS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """A cause, or one side of it, as a predictor: who wrote of it, and since when.

    Attributes:
        side: One of ``data.labels.SIDES``; None where no side has enough people, and any talk of the cause counts.
        since: (w,) for each person ordinal of the first day on which they wrote of it, 1 where no day counts; 0 for
            never.
    """

    cause_id: str
    side: str | None
    since: Ints

    def spoken_by(self, writer: Writer) -> bool:
        """Whether somebody wrote of it, ever."""
        return any(cause == self.cause_id and self.side in (None, side) for cause, side in writer.said)

    def at(self, writer: Ints, started: Ints) -> NDArray[np.bool_]:
        """(n,) whether each person had written of it by the day on which each trial began."""
        since = self.since[writer]
        return (since > 0) & (since <= started)


def stances_of(writers: Sequence[Writer], gate: int, *, dated: bool) -> list[Stance]:
    """Each side of a cause that ``gate`` people stand on; else the cause, if so many wrote of it. Most people first.

    Args:
        writers: Those under observation.
        gate: Fewest people on a stance.
        dated: Whether it matters since when. Then messages without a day are left out: counted from the first month
            on, a complaint of the last one would have been survived with for all of them (immortal time, Suissa 2008).
    """
    since: dict[tuple[str, str | None], dict[int, int]] = {}
    for place, writer in enumerate(writers):
        for message in writer.messages:
            if dated and message.day is None:
                continue
            day = message.day.toordinal() if message.day else 1
            for cause_id, side in message.said:
                for key in {(cause_id, side), (cause_id, None)}:
                    known = since.setdefault(key, {})
                    known[place] = min(day, known.get(place, day))
    sides = [key for key, people in since.items() if key[1] is not None and len(people) >= gate]
    told = {cause_id for cause_id, _ in sides}
    whole = [
        key for key, people in since.items() if key[1] is None and key[0] not in told and len(people) >= gate
    ]
    chosen = sorted([*sides, *whole], key=lambda key: (-len(since[key]), key[0], key[1] or ""))
    return [Stance(cause_id=key[0], side=key[1], since=_days(since[key], len(writers))) for key in chosen]


def _days(since: dict[int, int], size: int) -> Ints:
    days = np.zeros(size, dtype=np.int64)
    days[list(since)] = list(since.values())
    return days


@dataclass(frozen=True, slots=True)
class Background:
    """What is held equal: a step for each period since the first message, the context, and the tenure.

    Attributes:
        edges: First month of each period after the first.
        contexts: What people mostly write about (``Writer.context``), but for the reference; a column for each.
        tenures: How long people had been customers when they first wrote, as ``trials.tenure`` tells it, but for the
            reference; a column for each.
    """

    edges: tuple[int, ...]
    contexts: tuple[str, ...]
    tenures: tuple[str, ...]

    def __len__(self) -> int:
        return 1 + len(self.edges) + len(self.contexts) + len(self.tenures)

    def matrix(self, writers: Sequence[Writer], writer: Ints, month: Ints) -> Floats:
        """(n, ``len(self)``) columns of 0 and 1."""
        contexts = np.array([each.context for each in writers], dtype=object)[writer]
        tenures = np.array([tenure(each) for each in writers], dtype=object)[writer]
        period = np.searchsorted(self.edges, month, side="right")
        columns = [
            np.ones(len(writer)),
            *(period == number + 1 for number in range(len(self.edges))),
            *(contexts == value for value in self.contexts),
            *(tenures == value for value in self.tenures),
        ]
        return np.column_stack(columns).astype(np.float64)


def background_of(trials: Trials) -> Background:
    """The most common context and tenure are the reference; those with too few leavers to matter join it."""
    return Background(
        edges=_edges(trials),
        contexts=_levels(trials, lambda writer: writer.context),
        tenures=_levels(trials, tenure),
    )


def _edges(trials: Trials) -> tuple[int, ...]:
    """At most four periods of about as many leavers each.

    What comes after an edge needs the months for ten leavers at the overall rate, not the leavers: a long time in which
    hardly anybody leaves is a period of its own.
    """
    months = np.bincount(trials.month)
    left = np.bincount(trials.month, weights=trials.left)
    least = max(EVENTS_PER_TERM, left.sum() / _MOST_PERIODS)
    rate = left.sum() / months.sum()
    found: list[int] = []
    inside = 0.0
    for month, number in enumerate(left.tolist()):
        inside += number
        if inside >= least and rate * months[month + 1 :].sum() >= EVENTS_PER_TERM:
            found.append(month + 1)
            inside = 0.0
    return tuple(found)


def _levels(trials: Trials, value_of: Callable[[Writer], str]) -> tuple[str, ...]:
    people = Counter(value_of(writer) for writer in trials.writers)
    leavers = Counter(value_of(trials.writers[place]) for place in trials.writer[trials.left].tolist())
    reference = max(sorted(people), key=lambda value: people[value])
    return tuple(
        value for value in sorted(people) if value != reference and leavers[value] >= EVENTS_PER_TERM
    )


def design_of(
    background: Background,
    stances: Sequence[Stance],
    writers: Sequence[Writer],
    rows: tuple[Ints, Ints, Ints],
) -> Floats:
    """(n, b + p) background and stances of trials given by their writer, month and first day, (n,) each."""
    writer, month, started = rows
    said = [stance.at(writer, started).astype(np.float64) for stance in stances]
    return np.column_stack([background.matrix(writers, writer, month), *said])
