"""Where people pull in opposite directions: two sides of one cause, counted against each other."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mining.evidence import share_of, sign_test, verdict_of
from mining.exemplars import paired
from mining.gate import opposes
from mining.picture import EXAMPLES, Picture, most_common
from mining.results import Cause, Opposition
from mining.segments import SegmentTest, findings, segment_test
from mining.side_errors import calls_of, corrected_sides, draws_for
from mining.sides import KINDS

Ints = NDArray[np.int64]

# An opposition of degree says more than one of sentiment, unless it is this much smaller: a few misread
# degrees must not hide a real quarrel between complaint and praise.
_FAR_SMALLER = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contrast:
    """Two sides of one cause before the verdict: statements of the whole and of each side, people on each."""

    cause: int
    kind: str
    whole: Ints
    statements: tuple[Ints, Ints]
    people: tuple[frozenset[int], frozenset[int]]

    @property
    def everyone(self) -> int:
        return len(self.people[0] | self.people[1])

    @property
    def smaller(self) -> int:
        return min(map(len, self.people))

    @property
    def only(self) -> tuple[int, int]:
        a, b = self.people
        return len(a - b), len(b - a)


def find_oppositions(picture: Picture, causes: Sequence[Cause], members: Sequence[Ints]) -> list[Opposition]:
    """All oppositions, the one that matters most first.

    Each cause has at most one: of degree, or of sentiment where that is far larger. Both sides need
    ``side_people`` people, and the smaller one a share of all on either side that the errors of the
    classifier alone would not reach. A person on both sides counts once on each and is left out of the tests.
    Segments are tested over all oppositions together.

    Args:
        picture: What was mined.
        causes: Their records.
        members: For each cause the positions of its statements in the corpus.
    """
    contrasts = [
        contrast
        for cause, statements in enumerate(members)
        if (contrast := _strongest(picture, cause, statements)) is not None
    ]
    tests = [_segment_tests(picture, contrast) for contrast in contrasts]
    segments = findings(
        tests,
        [KINDS[contrast.kind] for contrast in contrasts],
        significance=picture.settings.significance,
        least_effect=picture.settings.segment_effect,
    )
    found = []
    for contrast, segment in zip(contrasts, segments, strict=True):
        opposition = _opposition(picture, causes[contrast.cause], contrast)
        if segment is not None:
            finding, reverses = segment
            verdict = "split_by_segment" if reverses else opposition.verdict
            opposition = replace(opposition, segment=finding, verdict=verdict)
        found.append(opposition)
    return sorted(found, key=_importance)


def _strongest(picture: Picture, cause: int, statements: Ints) -> _Contrast | None:
    degree = _contrast(picture, cause, statements, "degree", picture.settings.degree_guard)
    sentiment = _contrast(picture, cause, statements, "sentiment", picture.settings.sentiment_guard)
    if degree is None or sentiment is None:
        return degree or sentiment
    return sentiment if sentiment.smaller > _FAR_SMALLER * degree.smaller else degree


def _contrast(picture: Picture, cause: int, statements: Ints, kind: str, guard: float) -> _Contrast | None:
    """The two sides of one kind, or None where the smaller one is below the gate or within the error."""
    a, b = (statements[picture.stance.on(label, kind=kind)[statements]] for label in KINDS[kind])
    person = picture.corpus.person
    people = (frozenset(person[a].tolist()), frozenset(person[b].tolist()))
    contrast = _Contrast(cause=cause, kind=kind, whole=statements, statements=(a, b), people=people)
    settings = picture.settings
    real = opposes(
        calls_of(picture, statements, kind),
        draws_for(picture, statements, kind),
        side_people=settings.side_people,
        guard=guard,
        significance=settings.significance,
        seed=settings.seed,
    )
    return contrast if real else None


def _opposition(picture: Picture, cause: Cause, contrast: _Contrast) -> Opposition:
    a, b = contrast.only
    pair = paired(picture.corpus, picture.vectors, picture.stance.confidence, *contrast.statements, EXAMPLES)
    corrected = corrected_sides(picture, contrast.whole, contrast.kind)
    told = None if picture.misreading is None else False  # the gate has told both sides from zero
    sides = [
        replace(
            picture.side(label, statements, contrast.everyone, chosen),
            corrected=share,
            near_zero=told,
        )
        for label, statements, chosen, share in zip(
            KINDS[contrast.kind], contrast.statements, pair, corrected, strict=True
        )
    ]
    return Opposition(
        cause_id=cause.id,
        label=cause.label,
        kind=contrast.kind,
        verdict=verdict_of(
            a, b, odds=picture.settings.split_odds, significance=picture.settings.significance
        ),
        grade=picture.grade(
            share_of(sides[0].people, contrast.everyone), np.concatenate(contrast.statements)
        ),
        p_value=sign_test(a, b),
        segment=None,
        sides=(sides[0], sides[1]),
    )


def _segment_tests(picture: Picture, contrast: _Contrast) -> list[SegmentTest]:
    """One test for each column that the people of both sides are known by, by name of the column."""
    tables = [_people_by_segment(picture, contrast, side) for side in (0, 1)]
    tests = [
        segment_test(column, (tables[0][column], tables[1][column]), gate=picture.settings.side_people)
        for column in sorted(set(tables[0]) & set(tables[1]))
    ]
    return [test for test in tests if test is not None]


def _people_by_segment(picture: Picture, contrast: _Contrast, side: int) -> dict[str, Counter[str]]:
    """Column to (value to people) of those who stand on this side only."""
    both = contrast.people[0] & contrast.people[1]
    values: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    corpus = picture.corpus
    for statement in contrast.statements[side].tolist():
        person = int(corpus.person[statement])
        if person not in both:
            for column, value in _segments_of(picture, statement).items():
                values[column][person].append(value)
    return {
        column: Counter(filter(None, (most_common(said) for said in of_person.values())))
        for column, of_person in values.items()
    }


def _segments_of(picture: Picture, statement: int) -> Mapping[str, str]:
    """What is known of the writer. Not the language: the classifier's own errors differ between languages."""
    message = picture.corpus.feedback[picture.corpus.message[statement]]
    solicited = None if message.solicited is None else str(message.solicited).lower()
    own = {"source": message.source, "channel": message.channel, "solicited": solicited, **message.segments}
    return {column: value for column, value in own.items() if value and column != picture.settings.context}


def _importance(opposition: Opposition) -> tuple[float, int, str]:
    """Sort key: people on the smaller side, weighed down where the sides are unbalanced; then all people."""
    a, b = (side.people for side in opposition.sides)
    return -round(min(a, b) ** 2 / max(a, b), 9), -(a + b), opposition.cause_id
