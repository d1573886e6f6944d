"""The content middle, and where too few were heard: what the writers cannot tell about those who did not write."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from data.errors import SettingsError
from data.margins import told_of
from mining.corpus import Corpus
from mining.evidence import share_of
from mining.periods import time_order
from mining.rating_scale import scale_of
from mining.results import Listening, QuietCorner, RatingShape
from mining.spoken import is_spoken

_FEWEST_RATINGS = 30
_FEWEST_LEVELS, _MOST_LEVELS = 3, 11
_FAR_FEWER = 0.1
_SIGNIFICANT = 0.05


def listening_of(corpus: Corpus, *, gate: int) -> Listening:
    """Ratings by people, and the sources, languages and segments of fewer people than any share needs, or far fewer.

    Args:
        corpus: What was mined.
        gate: Fewest people for a share.
    """
    return Listening(ratings=_ratings(corpus), quiet=tuple(_quiet(corpus, gate)), gate=gate)


def _ratings(corpus: Corpus) -> RatingShape | None:
    """The distribution over people, each by their latest rated message; None where they gave no few whole levels.

    J-shaped (Hu, Zhang & Pavlou 2009): both ends of the scale hold more people than a level between them does on
    average, and more of the rated than an even spread would give, by an exact binomial test. The delighted and the
    angry write; a mean of such ratings lies where hardly anybody is.
    """
    rated: dict[int, float] = {}
    messages = zip(corpus.feedback, corpus.people.tolist(), strict=True)
    for message, person in sorted(messages, key=lambda pair: time_order(pair[0].created_at, pair[0].id)):
        if message.rating is not None:
            rated[person] = message.rating
    counts = Counter(rated.values())
    if not counts or any(rating != int(rating) for rating in counts):
        return None
    lowest, highest = int(min(counts)), int(max(counts))
    if not _FEWEST_LEVELS <= highest - lowest + 1 <= _MOST_LEVELS:  # a huge range has no length
        return None
    given = range(lowest, highest + 1)
    scale = _usual(given)
    return _shape({str(level): counts[level] for level in scale or given}, whole_scale=scale is not None)


def _usual(given: range) -> range | None:
    """The levels of the usual scale that the given ones are on, empty ones too; None where they are on none.

    Where 1 is the lowest given, a scale up to 10 begins there: scales from 1 to 10 are as common, and on one from 0 the
    angry give 0.
    """
    lowest, highest = given[0], given[-1]
    try:
        low, high = scale_of([lowest, highest]) or (lowest, highest)
    except SettingsError:
        return None
    return range(1 if lowest == 1 else int(low), int(high) + 1)


def _shape(people: Mapping[str, int], *, whole_scale: bool) -> RatingShape:
    from scipy.stats import binomtest

    first, *middle, last = people.values()
    total = first + last + sum(middle)
    p_value = float(binomtest(first + last, total, 2 / len(people), alternative="greater").pvalue)
    usual = sum(middle) / len(middle)
    return RatingShape(
        people=people,
        whole_scale=whole_scale,
        ends=share_of(first + last, total),
        middle=share_of(sum(middle), total),
        p_value=p_value,
        j_shaped=total >= _FEWEST_RATINGS and p_value < _SIGNIFICANT and min(first, last) > usual,
    )


def _quiet(corpus: Corpus, gate: int) -> Sequence[QuietCorner]:
    """Fewest people first. Far fewer: less than a tenth of those of the largest of its kind.

    Languages that hardly anybody seems to speak are left out.
    """
    everyone = len(np.unique(corpus.people))
    groups: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for person, message in zip(corpus.people.tolist(), corpus.feedback, strict=True):
        for column, value in told_of(message).items():
            groups[column][value].add(person)
    corners = [
        QuietCorner(column=column, value=value, people=len(people), most=most, below_gate=len(people) < gate)
        for column, values in groups.items()
        for most in [max(len(people) for people in values.values())]
        for value, people in values.items()
        if len(people) < gate or len(people) < _FAR_FEWER * most
        if column != "language" or is_spoken(len(people), everyone)
    ]
    return sorted(corners, key=lambda corner: (corner.people, corner.column, corner.value))
