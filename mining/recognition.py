"""One mining meets the register: clusters get their permanent ids, edits are made again, and what changed is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mining.assignment import CauseIndex, features_of
from mining.corpus import Corpus
from mining.discovery import TextSpace
from mining.edited_index import EditedIndex
from mining.edits import Standing, digest_of, standing_of
from mining.matching import Cluster, Overlap, identify, overlap_of, scores_of
from mining.register import Register, RegisteredCause
from mining.replay import replay
from mining.settings import MiningSettings
from mining.sorted_keys import rows_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Identity:
    """Which model speaks, and what tells one feedback from another.

    Attributes:
        model: Version of the model; centroids of other versions are not compared.
        by_text: Whether feedback is known by its text, because its ids are only numbers of rows.
    """

    model: str
    by_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What one mining is to the register.

    Attributes:
        index: The rule of this mining, under permanent ids and with all edits.
        standing: How causes stand after all edits.
        clusters: As found, before edits.
        ids: Permanent id of each cluster.
        before: The register as it was.
        overlap: Shared members of clusters and the causes in ``before``.
        keys: What each feedback is known by.
        members: Each of ``index.places`` to the positions of its statements.
        places: (n,) position in ``index.places`` of each statement, -1 for none.
        gate: Fewest people of a cause.
    """

    identity: Identity
    index: EditedIndex
    standing: Standing
    clusters: tuple[Cluster, ...]
    ids: tuple[str, ...]
    before: Mapping[str, RegisteredCause]
    overlap: Overlap
    keys: tuple[str, ...]
    members: Mapping[str, Ints]
    places: Ints
    gate: int

    @property
    def hidden(self) -> NDArray[np.bool_]:
        """(n,) statements of hidden causes."""
        hidden = np.array([*(cause in self.standing.hidden for cause in self.index.places), False])
        return np.asarray(hidden[self.places])


def recognise(
    corpus: Corpus,
    texts: TextSpace,
    index: CauseIndex,
    answers: Ints,
    *,
    register: Register,
    identity: Identity,
    settings: MiningSettings,
) -> Recognition:
    """Match the causes of ``index`` to the register, name them by it, and make the edits of people again.

    Args:
        corpus: What is mined.
        texts: Its distinct texts in subject space.
        index: As mined, most people first.
        answers: (n,) its answer for each statement.
        register: Open for writing: new causes take their ids from it.
        identity: What may be compared.
        settings: Of the mining.
    """
    before = register.causes()
    edits = register.edits()
    keys = _keys(corpus, identity)
    clusters = tuple(
        cluster_of(corpus, statements, context, keys)
        for statements, context in zip(rows_of(answers, len(index.ids)), index.contexts, strict=True)
    )
    overlap = overlap_of(clusters, list(before.values()), register.seen(), frozenset(keys))
    cosines = _cosines(texts, clusters, list(before.values()), identity.model, settings.topic_weight)
    ids = identify(clusters, list(before.values()), scores_of(overlap, cosines), register.new_id)
    edited, placed = replay(corpus, texts, index.reordered(range(len(ids)), ids), edits, before)
    places = placed[corpus.copy_of]
    members = dict(zip(edited.places, rows_of(places, len(edited.places)), strict=True))
    standing = standing_of(edits)
    return Recognition(
        identity=identity,
        index=edited.listing(_listed(corpus, members, standing, settings.cause_people)),
        standing=standing,
        clusters=clusters,
        ids=ids,
        before=before,
        overlap=overlap,
        keys=keys,
        members=members,
        places=places,
        gate=settings.cause_people,
    )


def cluster_of(corpus: Corpus, statements: Ints, context: str, keys: Sequence[str]) -> Cluster:
    """What the statements at these positions hold; ``keys`` are those of all feedback."""
    rows = corpus.distinct[np.unique(corpus.copy_of[statements])]
    return Cluster(
        key=min(corpus.statements[i].id for i in statements),
        context=context,
        people=corpus.count_people(statements),
        members=frozenset(keys[i] for i in corpus.message[statements]),
        embedding=np.asarray(corpus.embeddings(rows), dtype=np.float64).mean(axis=0),
        topics=np.asarray(corpus.predictions.topics[rows], dtype=np.float64).mean(axis=0),
    )


def _keys(corpus: Corpus, identity: Identity) -> tuple[str, ...]:
    if identity.by_text:
        return tuple(digest_of(message.text) for message in corpus.feedback)
    return tuple(message.id for message in corpus.feedback)


def _cosines(
    texts: TextSpace,
    clusters: Sequence[Cluster],
    causes: Sequence[RegisteredCause],
    model: str,
    topic_weight: float,
) -> Floats:
    """(k, r) cosines of centroids in the subject space of this mining, NaN where there is nothing to compare.

    Each mining fits a subject space of its own, so the register keeps centroids as the model gave them, and both
    sides pass through the newer space: erasing is linear, so it may be done after averaging.
    """
    cosines = np.full((len(clusters), len(causes)), np.nan)
    alike = [place for place, cause in enumerate(causes) if cause.model == model and len(cause.embedding)]
    if clusters and alike:
        new = _centroids(texts, clusters, topic_weight)
        cosines[:, alike] = new @ _centroids(texts, [causes[place] for place in alike], topic_weight).T
    return cosines


def _centroids(
    texts: TextSpace, groups: Sequence[Cluster] | Sequence[RegisteredCause], topic_weight: float
) -> Floats:
    embeddings = np.array([group.embedding for group in groups])
    topics = np.array([group.topics for group in groups])
    return np.asarray(texts.space.transform(features_of(embeddings, topics, topic_weight)), dtype=np.float64)


def _listed(corpus: Corpus, members: Mapping[str, Ints], standing: Standing, gate: int) -> list[str]:
    """Causes to show, most people first: not hidden, and with enough people."""
    people = {
        cause: corpus.count_people(statements)
        for cause, statements in members.items()
        if cause not in standing.hidden
    }
    first = {
        cause: min((corpus.statements[i].id for i in statements), default="")
        for cause, statements in members.items()
    }
    enough = [cause for cause, count in people.items() if count >= gate]
    return sorted(enough, key=lambda cause: (-people[cause], first[cause]))
