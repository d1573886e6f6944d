"""Causes as the records that users see."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from data.labels import SIDES, TOPICS
from data.taxonomy import taxonomy
from mining.audience import each_audience
from mining.contexts import message_contexts
from mining.corpus import Corpus
from mining.evidence import share_of
from mining.exemplars import examples, typical
from mining.labels import Tallies, Tally, label_causes, main_label, tallied
from mining.periods import Background, Moments, timed_days
from mining.picture import EXAMPLES, Picture
from mining.results import Cause, Side
from mining.side_errors import near_zero
from mining.timing import timing_of
from mining.timing_results import Timing
from mining.trends import trends_of

Ints = NDArray[np.int64]

_MENTIONED = 0.5
_TOPIC_SHARE = 0.2


def describe_causes(
    picture: Picture, ids: Sequence[str], members: Sequence[Ints], tallies: Sequence[Tallies]
) -> list[Cause]:
    """The record of each of the causes ``ids``.

    Args:
        picture: What was mined.
        ids: Of the causes.
        members: For each cause the positions of its statements.
        tallies: For each cause what its texts say.
    """
    labels, language = label_causes(tallies), picture.main_language
    everyone = len(np.unique(picture.corpus.people))
    timings = _timings(picture, members)
    return [
        _describe(picture, cause_id, statements, label, language, everyone, timing)
        for cause_id, statements, label, timing in zip(ids, members, labels, timings, strict=True)
    ]


def _timings(picture: Picture, members: Sequence[Ints]) -> list[Timing]:
    corpus, settings = picture.corpus, picture.settings
    days = timed_days(corpus.days)
    messages = [np.unique(corpus.message[statements]) for statements in members]
    moments = [Moments.of_messages(corpus.people[own], days[own]) for own in messages]
    backgrounds = _backgrounds(corpus, message_contexts(corpus, settings.context), days, messages)
    gate = settings.side_people
    spreads = [timing_of(own, of, gate=gate) for own, of in zip(moments, backgrounds, strict=True)]
    trends = trends_of(moments, backgrounds, gate=gate, significance=settings.significance)
    return [
        spread if found is None else replace(spread, trend=found[0], recent=found[1])
        for spread, found in zip(spreads, trends, strict=True)
    ]


def _backgrounds(
    corpus: Corpus, contexts: Sequence[str], days: Ints, messages: Sequence[Ints]
) -> list[Background]:
    """For each cause everybody who wrote about what its messages are about."""
    file = Moments.of_messages(corpus.people, days)

    def background(there: Ints) -> Background:
        return Background(Moments.of_messages(corpus.people[there], days[there]), file)

    return each_audience(contexts, messages, background)


def _describe(
    picture: Picture,
    cause_id: str,
    statements: Ints,
    labels: Mapping[str, str],
    language: str,
    everyone: int,
    timing: Timing,
) -> Cause:
    people = picture.corpus.count_people(statements)
    topics = _topics(picture.corpus, statements)
    labels = labels or _named_by_topic(topics[0], language)
    sure = np.broadcast_to(1.0, len(picture.corpus.statements))  # none stands for a side here
    return Cause(
        id=cause_id,
        label=main_label(labels, language),
        labels=labels,
        people=people,
        statements=len(statements),
        grade=picture.grade(share_of(people, everyone), statements),
        topics=topics,
        lever=taxonomy()[topics[0]].lever,
        members=picture.members(statements),
        sides=tuple(_sides(picture, statements, people)),
        timing=timing,
        examples=examples(
            picture.corpus, typical(picture.corpus, picture.vectors, sure, statements, EXAMPLES)
        ),
        languages=picture.languages(statements),
    )


def _named_by_topic(topic: str, language: str) -> dict[str, str]:
    """What a cause is called in which no two people share a word: the words of one of them would show that one."""
    names = taxonomy()[topic].names
    return {language: names[language]} if language in names else {"en": names["en"]}


def _sides(picture: Picture, statements: Ints, people: int) -> Iterator[Side]:
    """The sides that anybody is on; a complaint that names a degree stands there only."""
    for label in SIDES:
        own = picture.stance.among(statements, label)
        if len(own):
            chosen = typical(picture.corpus, picture.vectors, picture.stance.confidence, own, EXAMPLES)
            side = picture.side(label, own, people, chosen)
            yield replace(side, near_zero=near_zero(picture, statements, label))


def _topics(corpus: Corpus, statements: Ints) -> tuple[str, ...]:
    """Topics of at least a fifth of the statements, most frequent first; else the most probable one."""
    probabilities = np.asarray(corpus.predictions.topics[statements], dtype=np.float64)
    shares = (probabilities >= _MENTIONED).mean(axis=0)
    means = probabilities.mean(axis=0)
    ranked = sorted(range(len(TOPICS)), key=lambda i: (-round(shares[i], 9), -round(means[i], 9), i))
    return tuple(TOPICS[i] for i in ranked if shares[i] >= _TOPIC_SHARE) or (TOPICS[ranked[0]],)


def tallies_of(corpus: Corpus, statements: Ints) -> dict[str, Tally]:
    """What the distinct texts of the statements say, by language."""
    texts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, person in zip(statements.tolist(), corpus.person[statements].tolist(), strict=True):
        texts[corpus.statements[i].language][corpus.statements[i].text].append(person)
    return tallied(texts)
