"""Which causes go with the rating, or with another outcome. What goes with it need not be what makes it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mining.bootstrap import bootstrap_interval
from mining.contexts import in_main_context, message_contexts
from mining.driver_design import Resampled, design_of, resampled
from mining.driver_results import Driver, Drivers
from mining.driver_rows import DriverRows, driver_rows
from mining.evidence import share_of
from mining.explained import explained
from mining.importance import MOST_EXACT
from mining.outcome_difference import difference_interval
from mining.picture import Picture
from mining.results import Cause

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_MOST_COLUMNS = 30
_PEOPLE_PER_COLUMN = 10
_RESAMPLES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A cause, or one side of it, as a predictor.

    Attributes:
        product: Number of its product among the rows.
        statements: Positions of its statements.
        rows: Rows of the people who have it.
    """

    cause: Cause
    side: str | None
    product: int
    statements: Ints
    rows: Ints


def find_drivers(
    picture: Picture, causes: Sequence[Cause], members: Sequence[Ints], *, outcome: str | None
) -> Drivers | None:
    """Divide the variance of an outcome among the causes that go with it.

    A row is a person and a product: the mean outcome of their messages about it that have one, and which causes those
    messages hold. Causes never share a product, so the outcome is taken as it lies above or below that of all who wrote
    about the product, and a cause is held against the others of them: what one product has lower ratings for is no
    cause's doing. Each side of a cause that 30 such people stand on is a predictor of its own; else the cause is one.
    Predictors need the gate's people with and without them, and there are at most 30, and one for ten people; those of
    most people are taken. The shares of R2 are LMG; their intervals and ranks come from 400 resamples of people.

    Args:
        picture: What was mined.
        causes: Aligned with ``members``, the positions of their statements.
        members: As above.
        outcome: Name of the outcome; None for the rating.

    Returns:
        ``refused`` says why nothing can be told; None where nobody asked for an outcome and no message has a rating.
    """
    name = outcome or "rating"
    values = _values(picture, outcome)
    if outcome is None and np.isnan(values).all():
        return None
    corpus, settings = picture.corpus, picture.settings
    rows = driver_rows(corpus.people, message_contexts(corpus, settings.context), values)
    columns, left_out = _columns(picture, causes, members, rows, values)
    refused = _refusal(rows, columns, settings.share_people)
    if refused is not None:
        return Drivers(outcome=name, people=rows.people, refused=refused)
    design = design_of(rows, [(column.product, column.rows) for column in columns])
    together = explained(
        rows.deviations,
        design.residuals(),
        len(columns),
        person=rows.person,
        contexts=len(rows.numbers),
        apart=design.apart(rows.person),
    )
    if together.p_value >= settings.significance:
        reason = "the causes together explain no more of it than chance would"
        return Drivers(
            outcome=name,
            people=rows.people,
            refused=reason,
            r2=together.part,
            p_value=together.p_value,
        )
    drawn = resampled(design, rows.person, _RESAMPLES, seed=settings.seed)
    yes_no = bool(np.isin(values[~np.isnan(values)], (0.0, 1.0)).all())
    found = [
        _driver(picture, column, drawn, place, rows, yes_no=yes_no) for place, column in enumerate(columns)
    ]
    return Drivers(
        outcome=name,
        people=rows.people,
        yes_no=yes_no,
        mean=float(rows.levels.mean()),
        r2=together.part,
        r2_low=together.low,
        r2_high=together.high,
        p_value=together.p_value,
        method="exact" if len(columns) <= MOST_EXACT else "sampled",
        resamples=_RESAMPLES,
        left_out=left_out,
        drivers=tuple(sorted(found, key=lambda driver: (driver.rank, driver.cause_id, driver.side or ""))),
    )


def _values(picture: Picture, outcome: str | None) -> Floats:
    """(m,) outcome of each message, not-a-number where it has none."""
    feedback = picture.corpus.feedback
    found = [message.rating if outcome is None else message.outcome for message in feedback]
    return np.array([np.nan if value is None else value for value in found], dtype=np.float64)


def _columns(
    picture: Picture, causes: Sequence[Cause], members: Sequence[Ints], rows: DriverRows, values: Floats
) -> tuple[list[Column], int]:
    """The predictors of most people, and how many more there were."""
    corpus = picture.corpus
    told = ~np.isnan(values[corpus.message])
    fitting: list[Column] = []
    for cause, statements in zip(causes, members, strict=True):
        context, there = in_main_context(corpus, statements)
        if context not in rows.numbers:
            continue
        product = rows.numbers[context]
        for side, chosen in _parts(picture, cause, there[told[there]]):
            having = rows.of(corpus.person[chosen], context)
            few = min(len(having), len(rows.about[product]) - len(having))
            if few >= max(2, picture.settings.side_people):
                fitting.append(
                    Column(cause=cause, side=side, product=product, statements=chosen, rows=having)
                )
    fitting.sort(key=lambda column: (-len(column.rows), column.cause.id, column.side or ""))
    most = min(_MOST_COLUMNS, rows.free // _PEOPLE_PER_COLUMN)
    return fitting[:most], max(0, len(fitting) - most)


def _parts(picture: Picture, cause: Cause, statements: Ints) -> list[tuple[str | None, Ints]]:
    sides = [(side.label, picture.stance.among(statements, side.label)) for side in cause.sides]
    least = picture.settings.share_people
    large = [(label, own) for label, own in sides if picture.corpus.count_people(own) >= least]
    return [*large] or [(None, statements)]


def _refusal(rows: DriverRows, columns: Sequence[Column], gate: int) -> str | None:
    if rows.people < gate:
        return f"anecdote: {rows.people} people have a value, {gate} are needed"
    if float(np.ptp(rows.levels)) == 0:
        return "everybody has the same value"
    if all(float(np.ptp(rows.levels[about])) == 0 for about in rows.about):
        return "everybody who wrote about the same product has the same value"
    return None if columns else "no cause has enough people with a value"


def _driver(
    picture: Picture, column: Column, drawn: Resampled, place: int, rows: DriverRows, *, yes_no: bool
) -> Driver:
    parts = drawn.carried / np.maximum(1e-12, drawn.carried.sum(axis=1, keepdims=True))
    # Rounded, so that equal shares have equal ranks on every machine.
    rounded = np.round(parts, 9)
    ranks = 1 + (rounded > rounded[:, place, None]).sum(axis=1)
    about = rows.about[column.product]
    levels, having = rows.levels[about], np.isin(about, column.rows)
    low, high = bootstrap_interval(parts[:, place])
    difference_low, difference_high = difference_interval(
        levels, having, drawn.differences[:, place], yes_no=yes_no, seed=picture.settings.seed
    )
    rank_low, rank_high = bootstrap_interval(ranks)
    return Driver(
        cause_id=column.cause.id,
        side=column.side,
        people=len(column.rows),
        of=len(about),
        grade=picture.grade(share_of(len(column.rows), len(about)), column.statements),
        mean_with=float(levels[having].mean()),
        mean_without=float(levels[~having].mean()),
        difference=float(drawn.differences[0, place]),
        difference_low=difference_low,
        difference_high=difference_high,
        share=float(parts[0, place]),
        low=low,
        high=high,
        rank=int(ranks[0]),
        rank_low=int(rank_low),
        rank_high=int(np.ceil(rank_high)),
    )
