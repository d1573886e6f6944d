"""The one rule by which a statement belongs to a cause: in mining, in batches and over HTTP."""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from data.errors import StateError
from mining.sorted_keys import rows_of
from mining.subject_space import SubjectSpace

Floats = NDArray[np.float64]
Vectors = NDArray[np.floating]
Ints = NDArray[np.int64]

_ARRAYS, _NAMES = "causes.npz", "causes.json"
_VERSION = 1
_ROWS_PER_CHUNK = 4096
# How alike strangers are is a mean and a deviation; so many statements give them to three digits.
_STRANGERS = 20_000
# Fewer statements tell nothing: a single stray that is like a small file's only cause would turn away half of it.
_LEAST_STRANGERS = 10
# A language's own prototype counts half once this many of its statements are in the cause.
_HALF_OWN_AT = 10
_LEAST_OF_LANGUAGE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseIndex:
    """Prototypes of causes in subject space: a statement belongs to the nearest one if within its radius.

    Attributes:
        space: From model features (embedding, weighted topics) to unit vectors.
        topic_weight: Weight of the topic probabilities beside the embedding.
        topic_mean: (t,) mean topic probabilities of the mined file; stands in where topics are not given.
        ids: Cause ids; answers of ``assign`` are positions in it.
        contexts: For each cause, the value of the context column that it belongs to, "" for none.
        prototypes: (p, d) unit vectors; each cause has one, and one for each of its larger languages.
        owners: (p,) position of the cause of each prototype.
        radii: (c,) least cosine between a statement and the nearest prototype of a cause.
    """

    space: SubjectSpace
    topic_weight: float
    topic_mean: Floats
    ids: tuple[str, ...]
    contexts: tuple[str, ...]
    prototypes: Floats
    owners: Ints
    radii: Floats

    def vectors(
        self, embeddings: NDArray[np.floating], topics: NDArray[np.floating] | None = None
    ) -> NDArray[np.float32]:
        """(n, d) unit vectors in subject space."""
        if topics is None:
            topics = np.broadcast_to(self.topic_mean, (len(embeddings), len(self.topic_mean)))
        return self.space.transform(features_of(embeddings, topics, self.topic_weight))

    def assign(
        self,
        embeddings: NDArray[np.floating],
        topics: NDArray[np.floating] | None = None,
        contexts: Sequence[str] | None = None,
    ) -> Ints:
        """Position in ``ids`` of the cause of each statement, -1 for none.

        Args:
            embeddings: (n, d) from the predictor that was used for mining.
            topics: (n, t) topic probabilities; give them where they are known, they tell near causes apart.
            contexts: For each statement the value of the context column; then only causes of that value are
                open to it (a value without causes of its own belongs to ""). None opens all causes.
        """
        return self.assign_vectors(self.vectors(embeddings, topics), contexts)

    def assign_vectors(self, vectors: Vectors, contexts: Sequence[str] | None = None) -> Ints:
        """``assign`` for (n, d) vectors that are in subject space already."""
        cause, inside = self.nearest(vectors, contexts)
        return np.where(inside, cause, -1)

    def nearest(
        self, vectors: Vectors, contexts: Sequence[str] | None = None
    ) -> tuple[Ints, NDArray[np.bool_]]:
        """For each of (n, d) vectors the nearest cause that is open to it, and whether it lies within its radius.

        Without any causes that is -1, and not within.
        """
        causes = np.full(len(vectors), -1, dtype=np.int64)
        within = np.zeros(len(vectors), dtype=bool)
        if not self.ids:
            return causes, within
        places = self._places(contexts, len(vectors))
        known = np.array([self._known[value] for value in self.contexts])[self.owners]
        for start in range(0, len(vectors), _ROWS_PER_CHUNK):
            part = slice(start, start + _ROWS_PER_CHUNK)
            similarity = vectors[part].astype(np.float64) @ self.prototypes.T
            if places is not None:
                similarity[places[part, None] != known] = -np.inf
            nearest = similarity.argmax(axis=1)
            causes[part] = self.owners[nearest]
            within[part] = similarity[np.arange(len(nearest)), nearest] >= self.radii[causes[part]]
        return causes, within

    def reordered(self, keep: Sequence[int], ids: Sequence[str]) -> Self:
        """The index with only the causes at positions ``keep``, in that order, under new ids."""
        new = {old: position for position, old in enumerate(keep)}
        kept = [p for old in keep for p in np.flatnonzero(self.owners == old)]
        return replace(
            self,
            ids=tuple(ids),
            contexts=tuple(self.contexts[old] for old in keep),
            prototypes=self.prototypes[kept],
            owners=np.array([new[int(self.owners[p])] for p in kept], dtype=np.int64),
            radii=self.radii[list(keep)],
        )

    def save(self, folder: Path) -> None:
        """Write the index into ``folder`` as one npz and one json file."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {
            "topic_mean": self.topic_mean,
            "prototypes": self.prototypes,
            "owners": self.owners,
            "radii": self.radii,
            **self.space.arrays(),
        }
        np.savez(folder / _ARRAYS, **arrays)
        names = {
            "version": _VERSION,
            "topic_weight": self.topic_weight,
            "ids": self.ids,
            "contexts": self.contexts,
        }
        (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read an index that ``save`` wrote.

        Raises:
            StateError: If a file is missing, damaged, or of another version.
        """
        try:
            names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
            if names["version"] != _VERSION:
                raise ValueError(f"version {names['version']}")
            with (folder / _ARRAYS).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return cls(
                    space=SubjectSpace.from_arrays(arrays),
                    topic_weight=float(names["topic_weight"]),
                    topic_mean=arrays["topic_mean"],
                    ids=tuple(names["ids"]),
                    contexts=tuple(names["contexts"]),
                    prototypes=arrays["prototypes"],
                    owners=arrays["owners"],
                    radii=arrays["radii"],
                )
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise StateError(
                f"{folder} holds no causes that can be read ({error}): mine again into that folder"
            ) from error

    @property
    def _known(self) -> dict[str, int]:
        return {value: number for number, value in enumerate(sorted({"", *self.contexts}))}

    def _places(self, contexts: Sequence[str] | None, count: int) -> Ints | None:
        if contexts is None:
            return None
        if len(contexts) != count:
            raise ValueError(f"got {len(contexts)} contexts for {count} statements; give one for each")
        known = self._known
        if len(known) == 1:
            return None
        return np.array([known.get(value, known[""]) for value in contexts], dtype=np.int64)


def features_of(
    embeddings: NDArray[np.floating], topics: NDArray[np.floating], topic_weight: float
) -> Floats:
    """(n, d + t) features: the embedding and the weighted topic probabilities side by side."""
    return np.hstack([np.asarray(embeddings, np.float64), topic_weight * np.asarray(topics, np.float64)])


def prototypes_of(
    vectors: Vectors, labels: Ints, languages: Sequence[str], count: int
) -> tuple[Floats, Ints]:
    """(p, d) prototypes and (p,) owners of the causes 0 .. count - 1; rows labelled -1 belong to none.

    A language with few statements in a cause borrows from the cause as a whole.
    """
    tags = np.array(languages)
    prototypes: list[Floats] = []
    owners: list[int] = []
    for cause, inside in enumerate(rows_of(labels, count)):
        own, spoken_here = vectors[inside].astype(np.float64), tags[inside]
        centre = own.mean(axis=0)
        spoken, people = np.unique(spoken_here, return_counts=True)
        means = [own[spoken_here == tag].sum(axis=0) for tag in spoken[people >= _LEAST_OF_LANGUAGE]]
        for vector in [centre, *(total + _HALF_OWN_AT * centre for total in means)]:
            norm = float(np.linalg.norm(vector))
            prototypes.append(vector / norm if norm > 0 else vector)
            owners.append(cause)
    width = vectors.shape[1]
    return np.array(prototypes).reshape(-1, width), np.array(owners, dtype=np.int64)


def radii_of(vectors: Vectors, labels: Ints, prototypes: Floats, owners: Ints, reach: float) -> Floats:
    """(c,) radius of each cause: within reach of what its own statements have, and clear of strangers.

    The first is ``reach`` times the median cosine of a member with the centre of the other members (with
    itself in the centre it would look nearer than a new statement of the same cause is). The second is the
    mean plus two standard deviations of the cosine of statements with prototypes of causes that are not
    theirs. A low quantile of the members instead would turn away whatever the clustering was too strict to
    take, and a tight core would stay alone.
    """
    count = int(owners.max(initial=-1)) + 1
    floor = _strangeness(vectors, labels, prototypes, owners)
    radii = np.empty(count)
    for cause, inside in enumerate(rows_of(labels, count)):
        members = vectors[inside].astype(np.float64)
        others = members.sum(axis=0) - members
        norms = np.linalg.norm(others, axis=1)
        cosines = np.divide(
            (members * others).sum(axis=1), norms, out=np.zeros(len(members)), where=norms > 0
        )
        radii[cause] = max(floor, reach * float(np.median(cosines)))
    return np.minimum(radii, 0.999)


def _strangeness(vectors: Vectors, labels: Ints, prototypes: Floats, owners: Ints) -> float:
    """Mean plus two standard deviations of the cosine of statements with prototypes of other causes; -1 for too few.

    Of many statements those at even steps are taken.
    """
    several = int(owners.max(initial=-1)) > 0
    if (len(labels) if several else np.count_nonzero(labels < 0)) < _LEAST_STRANGERS:
        return -1.0
    step = max(1, len(vectors) // _STRANGERS)
    vectors, labels = vectors[::step], labels[::step]
    total, squares = 0.0, 0.0
    for start in range(0, len(vectors), _ROWS_PER_CHUNK):
        similarity = vectors[start : start + _ROWS_PER_CHUNK].astype(np.float64) @ prototypes.T
        similarity[labels[start : start + _ROWS_PER_CHUNK, None] == owners] = 0.0
        total += float(similarity.sum())
        squares += float((similarity**2).sum())
    own = np.bincount(owners) if len(owners) else np.zeros(1, dtype=np.int64)
    count = len(vectors) * len(owners) - int(own[labels[labels >= 0]].sum())
    if count == 0:
        return -1.0
    mean = total / count
    return mean + 2 * float(np.sqrt(max(0.0, squares / count - mean**2)))
