"""Which causes go with the rating, or with another outcome. What goes with it need not be what makes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mining.bootstrap import bootstrap_interval
from mining.driver_results import Driver, Drivers
from mining.evidence import share_of
from mining.explained import explained
from mining.importance import MOST_EXACT, importance
from mining.outcome_difference import difference_interval
from mining.picture import Picture
from mining.results import Cause

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_MOST_COLUMNS = 30
_PEOPLE_PER_COLUMN = 10
_RESAMPLES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A cause, or one side of it, as a predictor.

    Attributes:
        statements: Positions of its statements.
        rows: Rows of the people who have it, among the people with an outcome.
    """

    cause: Cause
    side: str | None
    statements: Ints
    rows: Ints


def find_drivers(
    picture: Picture, causes: Sequence[Cause], members: Sequence[Ints], *, outcome: str | None
) -> Drivers | None:
    """Divide the variance of an outcome among the causes that go with it.

    A row is a person: the mean outcome of their messages that have one, and which causes those messages hold.
    Each side of a cause that 30 such people stand on is a predictor of its own; else the cause is one. Predictors
    need the gate's people with and without them, and there are at most 30, and one for ten people; those of most
    people are taken. The shares of R2 are LMG; their intervals and ranks come from 400 resamples of people.

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
    rows, levels = _people(picture, values)
    columns, left_out = _columns(picture, causes, members, rows, values)
    refused = _refusal(levels, columns, picture.settings.share_people)
    if refused is not None:
        return Drivers(outcome=name, people=len(levels), refused=refused)
    design = _design(columns, levels)
    together = explained(levels - levels.mean(), _residuals(design), len(columns))
    if together.p_value >= picture.settings.significance:
        reason = "the causes together explain no more of it than chance would"
        return Drivers(
            outcome=name,
            people=len(levels),
            refused=reason,
            r2=together.part,
            p_value=together.p_value,
        )
    drawn = _resampled(design, seed=picture.settings.seed)
    yes_no = bool(np.isin(values[~np.isnan(values)], (0.0, 1.0)).all())
    found = [
        _driver(picture, column, drawn, place, levels, yes_no=yes_no) for place, column in enumerate(columns)
    ]
    return Drivers(
        outcome=name,
        people=len(levels),
        yes_no=yes_no,
        mean=float(levels.mean()),
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


def _people(picture: Picture, values: Floats) -> tuple[Ints, Floats]:
    """For each person their row or -1, and for each row the mean outcome."""
    people, told = picture.corpus.people, ~np.isnan(values)
    count = int(people.max()) + 1 if len(people) else 0
    messages = np.bincount(people[told], minlength=count)
    sums = np.bincount(people[told], weights=values[told], minlength=count)
    rows = np.full(count, -1, dtype=np.int64)
    rows[messages > 0] = np.arange(int((messages > 0).sum()))
    return rows, sums[messages > 0] / messages[messages > 0]


def _columns(
    picture: Picture, causes: Sequence[Cause], members: Sequence[Ints], rows: Ints, values: Floats
) -> tuple[list[Column], int]:
    """The predictors of most people, and how many more there were."""
    corpus, everybody = picture.corpus, int((rows >= 0).sum())
    told = ~np.isnan(values[corpus.message])
    fitting: list[Column] = []
    for cause, statements in zip(causes, members, strict=True):
        own = statements[told[statements]]
        for side, chosen in _parts(picture, cause, own):
            having = np.unique(rows[corpus.person[chosen]])
            few = min(len(having), everybody - len(having))
            if few >= max(2, picture.settings.side_people):
                fitting.append(Column(cause=cause, side=side, statements=chosen, rows=having))
    fitting.sort(key=lambda column: (-len(column.rows), column.cause.id, column.side or ""))
    most = min(_MOST_COLUMNS, everybody // _PEOPLE_PER_COLUMN)
    return fitting[:most], max(0, len(fitting) - most)


def _parts(picture: Picture, cause: Cause, statements: Ints) -> list[tuple[str | None, Ints]]:
    sides = [(side.label, picture.stance.among(statements, side.label)) for side in cause.sides]
    least = picture.settings.share_people
    large = [(label, own) for label, own in sides if picture.corpus.count_people(own) >= least]
    return [*large] or [(None, statements)]


def _refusal(levels: Floats, columns: Sequence[Column], gate: int) -> str | None:
    if len(levels) < gate:
        return f"anecdote: {len(levels)} people have a value, {gate} are needed"
    if float(np.ptp(levels)) == 0:
        return "everybody has the same value"
    return None if columns else "no cause has enough people with a value"


def _design(columns: Sequence[Column], levels: Floats) -> "csr_matrix":
    """(n, p + 2) causes, outcome, and a column of ones."""
    from scipy.sparse import csr_matrix

    size, width = len(levels), len(columns)
    everyone = np.arange(size)
    across = [np.full(len(column.rows), place) for place, column in enumerate(columns)]
    down = np.concatenate([*(column.rows for column in columns), everyone, everyone])
    places = np.concatenate([*across, np.full(size, width), np.full(size, width + 1)])
    ones = np.ones(len(down) - 2 * size)
    filled = np.concatenate([ones, levels - levels.mean(), np.ones(size)])
    return csr_matrix((filled, (down, places)), shape=(size, width + 2))


def _residuals(design: "csr_matrix") -> Floats:
    """(n,) the outcome less its linear regression on the causes."""
    causes, outcome = design[:, :-2], design[:, [-2]].toarray()[:, 0]
    means = np.asarray(causes.mean(axis=0))[0]
    covariance = (causes.T @ causes).toarray() / len(outcome) - np.outer(means, means)
    weights = np.linalg.lstsq(covariance, causes.T @ outcome / len(outcome), rcond=None)[0]
    return np.asarray(outcome - causes @ weights + means @ weights, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Resampled:
    """The people as they are in row 0, and resampled in the other rows.

    Attributes:
        carried: (b + 1, p) contributions to R2.
        differences: (b + 1, p) mean outcome of those who have the cause, less that of the others.
    """

    carried: Floats
    differences: Floats


def _resampled(design: "csr_matrix", *, seed: int) -> _Resampled:
    rng, size = np.random.default_rng(seed), design.shape[0]
    products = [(design.T @ design).toarray()]
    for _ in range(_RESAMPLES):
        drawn = np.bincount(rng.integers(0, size, size), minlength=size)
        products.append((design.T @ design.multiply(drawn[:, None]).tocsr()).toarray())
    sums = np.array(products)
    means = sums[:, :-1, -1] / size
    covariances = sums[:, :-1, :-1] / size - means[:, :, None] * means[:, None, :]
    having, theirs = sums[:, :-2, -1], sums[:, :-2, -2]
    others = sums[:, -2, -1][:, None] - theirs
    differences = theirs / np.maximum(1, having) - others / np.maximum(1, size - having)
    return _Resampled(importance(covariances, seed=seed), differences)


def _driver(
    picture: Picture, column: Column, drawn: _Resampled, place: int, levels: Floats, *, yes_no: bool
) -> Driver:
    parts = drawn.carried / np.maximum(1e-12, drawn.carried.sum(axis=1, keepdims=True))
    # Rounded, so that equal shares have equal ranks on every machine.
    rounded = np.round(parts, 9)
    ranks = 1 + (rounded > rounded[:, place, None]).sum(axis=1)
    having = np.zeros(len(levels), dtype=bool)
    having[column.rows] = True
    low, high = bootstrap_interval(parts[:, place])
    difference_low, difference_high = difference_interval(
        levels, having, drawn.differences[:, place], yes_no=yes_no, seed=picture.settings.seed
    )
    rank_low, rank_high = bootstrap_interval(ranks)
    return Driver(
        cause_id=column.cause.id,
        side=column.side,
        people=len(column.rows),
        of=len(levels),
        grade=picture.grade(share_of(len(column.rows), len(levels)), column.statements),
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
