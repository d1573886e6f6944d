"""From feedback to the index of its causes: subject space, clusters, prototypes, enough people."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mining.assignment import CauseIndex, features_of, prototypes_of, radii_of
from mining.clusters import find_clusters
from mining.corpus import Corpus
from mining.settings import MiningSettings
from mining.sides import Stance
from mining.sorted_keys import rows_of
from mining.subject_space import SubjectSpace
from mining.two_things import part_two_things

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_REFINEMENTS = 2
_FITTED_ON = 50_000
_ROWS_PER_CHUNK = 8192


@dataclass(frozen=True, slots=True)
class TextSpace:
    """The distinct texts of a corpus in the subject space that was fitted to them.

    Attributes:
        topic_mean: (t,) mean topic probabilities.
        vectors: (u, d) unit vectors.
    """

    space: SubjectSpace
    topic_mean: Floats
    vectors: NDArray[np.float32]


def fit_space(corpus: Corpus, settings: MiningSettings) -> TextSpace:
    """Fit subject space: sentiment, degree and language erased from embeddings and topic probabilities.

    Topics and contexts are controls: what follows from them is subject and stays. A large file is fitted by texts at
    even steps through its alphabet, as covariances of 400 features need no more, and mapped part by part.
    """
    said = corpus.predictions
    step = max(1, -(-len(corpus.distinct) // _FITTED_ON))
    texts = corpus.distinct[::step]
    topics = np.asarray(said.topics[texts], dtype=np.float64)
    concepts = np.hstack([said.sentiment[texts], said.degree[texts]]).astype(np.float64)
    contexts = corpus.text_contexts[::step]
    controls = np.hstack([topics, *(_indicator(contexts, value) for value in sorted(set(contexts)))])
    features = features_of(corpus.embeddings(texts), topics, settings.topic_weight)
    space = SubjectSpace.fit(features, concepts, corpus.text_languages[::step], controls)
    topic_mean = topics.sum(axis=0) / max(1, len(topics))
    return TextSpace(space, topic_mean, _mapped(corpus, space, settings.topic_weight))


def _mapped(corpus: Corpus, space: SubjectSpace, topic_weight: float) -> NDArray[np.float32]:
    """(u, d) vectors of the distinct texts, in no more memory than they need."""
    said, texts = corpus.predictions, corpus.distinct
    vectors = np.empty((len(texts), len(space.mean)), dtype=np.float32)
    for start in range(0, len(texts), _ROWS_PER_CHUNK):
        part = texts[start : start + _ROWS_PER_CHUNK]
        features = features_of(corpus.embeddings(part), said.topics[part], topic_weight)
        vectors[start : start + len(part)] = space.transform(features)
    return vectors


def cluster(corpus: Corpus, vectors: NDArray[np.float32], stance: Stance, settings: MiningSettings) -> Ints:
    """Cluster number of each distinct text, clusters being sought in each context by itself; -1 for none.

    A cluster whose complaints of degree and other complaints speak of two things is two.
    """
    contexts, languages = np.array(corpus.text_contexts), np.array(corpus.text_languages)
    speaks = corpus.speaks
    labels = np.full(len(vectors), -1, dtype=np.int64)
    for context in np.unique(contexts):
        inside = np.flatnonzero((contexts == context) & speaks)
        own = vectors if len(inside) == len(vectors) else vectors[inside]
        found = find_clusters(own, languages[inside].tolist(), settings)
        labels[inside] = np.where(found < 0, -1, found + labels.max(initial=-1) + 1)
    return part_two_things(vectors, labels, stance.main[corpus.distinct])


def build_index(
    corpus: Corpus, texts: TextSpace, labels: Ints, settings: MiningSettings
) -> tuple[CauseIndex, Ints]:
    """The index of all causes with enough people, most people first, and its answer for each statement.

    Clusters become prototypes and radii, texts are assigned by them, and prototypes are drawn again from what
    was assigned. A cause with too few people is dropped and its statements go to the next one in reach, until
    every cause has its people.

    Args:
        corpus: What is mined.
        texts: Its distinct texts in subject space.
        labels: (u,) cluster of each distinct text, -1 for none.
        settings: Of the mining.
    """
    contexts, speaks = corpus.text_contexts, corpus.speaks
    index = _index_of(corpus, texts, labels, settings)
    for _ in range(_REFINEMENTS):
        labels = np.where(speaks, index.assign_vectors(texts.vectors, contexts), -1)
        index = _index_of(corpus, texts, labels, settings)
    nearest, within = index.nearest(texts.vectors, contexts)
    within &= speaks
    while True:
        answers = np.where(within, nearest, -1)[corpus.copy_of]
        members = rows_of(answers, len(index.ids))
        people = [corpus.count_people(statements) for statements in members]
        keep = [cause for cause, count in enumerate(people) if count >= settings.cause_people]
        if len(keep) == len(index.ids):
            break
        index = index.reordered(keep, [index.ids[cause] for cause in keep])
        nearest = _renumbered(nearest, keep, len(people))
        astray = np.flatnonzero(nearest < 0)
        nearest[astray], within[astray] = index.nearest(
            texts.vectors[astray], [contexts[i] for i in astray.tolist()]
        )
        within &= speaks
    first = [min((corpus.statements[i].id for i in statements), default="") for statements in members]
    order = sorted(keep, key=lambda cause: (-people[cause], first[cause]))
    index = index.reordered(order, [f"c-{number:04d}" for number in range(1, len(order) + 1)])
    return index, _renumbered(answers, order, len(order))


def _renumbered(causes: Ints, keep: Sequence[int], count: int) -> Ints:
    """Positions in ``keep`` of causes below ``count``; -1 for none and for those that are not kept."""
    numbers = np.full(count + 1, -1, dtype=np.int64)
    numbers[list(keep)] = np.arange(len(keep))
    return numbers[causes]


def _index_of(corpus: Corpus, texts: TextSpace, labels: Ints, settings: MiningSettings) -> CauseIndex:
    """An index with one cause for each label that is present; -1 is none."""
    present, first, numbers = np.unique(labels, return_index=True, return_inverse=True)
    unlabelled = int((present < 0).sum())
    labels, first = numbers - unlabelled, first[unlabelled:]
    prototypes, owners = prototypes_of(texts.vectors, labels, corpus.text_languages, len(first))
    contexts = corpus.text_contexts
    return CauseIndex(
        space=texts.space,
        topic_weight=settings.topic_weight,
        topic_mean=texts.topic_mean,
        ids=tuple(map(str, range(len(first)))),
        contexts=tuple(contexts[i] for i in first),
        prototypes=prototypes,
        owners=owners,
        radii=radii_of(texts.vectors, labels, prototypes, owners, settings.reach),
    )


def _indicator(values: Sequence[str], value: str) -> Floats:
    """(n, 1) column of ones where ``values`` equal ``value``."""
    return np.array([[float(own == value)] for own in values])
