"""Where people pull in opposite directions: two sides of one cause, counted against each other."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.records import Feedback
from mining.calls import Heard
from mining.common_ground import likeness, typical_likeness
from mining.corrected_shares import chance_of_outweighing, corrected_shares
from mining.evidence import adjusted, share_of, sign_test, verdict_of
from mining.exemplars import paired
from mining.gate import doubt, doubt_of_others
from mining.person_values import person_values
from mining.picture import EXAMPLES, Picture
from mining.results import Cause, CorrectedShare, Opposition
from mining.segments import SegmentTest, findings, segment_test
from mining.settings import MiningSettings
from mining.side_errors import all_calls, calls_of, tested
from mining.sides import KINDS

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contrast:
    """Two sides of one cause before the verdict: statements of the whole and of each side, people on each.

    ``doubt`` is the p-value of the gate.
    """

    cause: int
    kind: str
    doubt: float
    whole: Ints
    statements: tuple[Ints, Ints]
    people: tuple[frozenset[int], frozenset[int]]

    @property
    def everyone(self) -> int:
        return len(self.people[0] | self.people[1])

    @property
    def only(self) -> tuple[int, int]:
        a, b = self.people
        return len(a - b), len(b - a)


def find_oppositions(picture: Picture, causes: Sequence[Cause], members: Sequence[Ints]) -> list[Opposition]:
    """All oppositions, the one that matters most first.

    A cause may have one of degree and one of sentiment. Both sides need ``side_people`` people, and more than the
    errors of the classifier alone would put there. A report asks that of every cause and kind, so the p-values are
    adjusted together, as those of segments are. Sentiment is told beside degree only where people complain of something
    else: otherwise its complaints are those of the two sides of degree, and its praise the content middle. Of these,
    those are told whose sides speak of one thing: are nearly as alike in subject space as the statements of a cause
    of this file typically are.
    A person on both sides counts once on each and is left out of the tests of one side against the other.

    Args:
        picture: What was mined.
        causes: Their records.
        members: For each cause the positions of its statements in the corpus.
    """
    contrasts = _of_one_thing(picture, _beside(picture, _real(picture, members)), members)
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


def _real(picture: Picture, members: Sequence[Ints]) -> list[_Contrast]:
    """The contrasts that are more than misreading, in the order of the causes, degree before sentiment."""
    settings = picture.settings
    guards = {"degree": settings.degree_guard, "sentiment": settings.sentiment_guard}
    asked = [
        _contrast(picture, cause, statements, kind, guards[kind])
        for cause, statements in enumerate(members)
        for kind in KINDS
    ]
    chances = adjusted([contrast.doubt for contrast in asked])
    return [
        contrast for contrast, chance in zip(asked, chances, strict=True) if chance < settings.significance
    ]


def _contrast(picture: Picture, cause: int, statements: Ints, kind: str, guard: float) -> _Contrast:
    a, b = (picture.stance.among(statements, label, kind=kind) for label in KINDS[kind])
    person = picture.corpus.person
    return _Contrast(
        cause=cause,
        kind=kind,
        doubt=doubt(
            calls_of(picture, statements, kind),
            tested(picture, statements, kind),
            side_people=picture.settings.side_people,
            guard=guard,
            seed=picture.settings.seed,
        ),
        whole=statements,
        statements=(a, b),
        people=(frozenset(person[a].tolist()), frozenset(person[b].tolist())),
    )


def _of_one_thing(
    picture: Picture, contrasts: Sequence[_Contrast], members: Sequence[Ints]
) -> list[_Contrast]:
    """Those whose sides have common ground; the clustering may have put two things into one cause."""
    if picture.settings.common_ground == 0:
        return list(contrasts)
    least = picture.settings.common_ground * typical_likeness(picture, members)
    return [
        contrast
        for contrast in contrasts
        if (alike := likeness(picture, *contrast.statements)) is not None and alike >= least
    ]


def _beside(picture: Picture, contrasts: Sequence[_Contrast]) -> list[_Contrast]:
    """Without those of sentiment that tell nothing beside the one of degree in the same cause."""
    of_degree = {contrast.cause for contrast in contrasts if contrast.kind == "degree"}
    return [
        contrast
        for contrast in contrasts
        if contrast.kind == "degree" or contrast.cause not in of_degree or _of_others(picture, contrast)
    ]


def _of_others(picture: Picture, contrast: _Contrast) -> bool:
    """Whether people complain here who mean no degree, beyond those whose degree was missed."""
    complaints, settings = contrast.statements[0], picture.settings
    chance = doubt_of_others(
        calls_of(picture, complaints, "degree").neither,
        all_calls(picture, complaints, "degree"),
        side_people=settings.side_people,
        seed=settings.seed,
    )
    return chance < settings.significance


def _opposition(picture: Picture, cause: Cause, contrast: _Contrast) -> Opposition:
    pair = paired(picture.corpus, picture.vectors, picture.stance.confidence, *contrast.statements, EXAMPLES)
    heard = all_calls(picture, contrast.whole, contrast.kind)
    shares = None if heard is None else corrected_shares(heard, seed=picture.settings.seed)
    corrected = shares or (None, None)
    # The gate has told both sides from zero, where errors were counted.
    told = None if picture.errors_of(contrast.kind) is None else False
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
        verdict=_verdict(picture.settings, contrast, heard, corrected[0]),
        grade=picture.grade(
            share_of(sides[0].people, contrast.everyone), np.concatenate(contrast.statements)
        ),
        p_value=sign_test(*contrast.only),
        segment=None,
        sides=(sides[0], sides[1]),
    )


def _verdict(
    settings: MiningSettings,
    contrast: _Contrast,
    heard: Sequence[Heard] | None,
    corrected: CorrectedShare | None,
) -> str:
    """What the people show, as counted and with misreading taken out; ``corrected`` is the share of side A."""
    odds = settings.split_odds
    return verdict_of(
        *contrast.only,
        corrected,
        None if heard is None else chance_of_outweighing(heard, odds, seed=settings.seed),
        odds=odds,
        significance=settings.significance,
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
    """Column to (value to people) of those who stand on this side only, as their messages on it tell."""
    both = contrast.people[0] & contrast.people[1]
    corpus = picture.corpus
    messages = np.unique(corpus.message[contrast.statements[side]])
    known = person_values(
        (person, _segments_of(picture, corpus.feedback[message]))
        for message, person in zip(messages.tolist(), corpus.people[messages].tolist(), strict=True)
        if person not in both
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for values in known.values():
        for column, value in values.items():
            found[column][value] += 1
    return found


def _segments_of(picture: Picture, message: Feedback) -> Mapping[str, str]:
    """What is known of the writer. Not the language: the classifier's own errors differ between languages."""
    solicited = None if message.solicited is None else str(message.solicited).lower()
    own = {"source": message.source, "channel": message.channel, "solicited": solicited, **message.segments}
    return {column: value for column, value in own.items() if value and column != picture.settings.context}


def _importance(opposition: Opposition) -> tuple[float, int, str]:
    """Sort key: people on the smaller side, weighed down where the sides are unbalanced; then all people."""
    a, b = (side.people for side in opposition.sides)
    return -round(min(a, b) ** 2 / max(a, b), 9), -(a + b), opposition.cause_id
