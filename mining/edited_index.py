"""The index of a mining with the edits of people on top: the one rule by which statements find their cause."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from data.errors import StateError
from mining.assignment import CauseIndex
from mining.bare_texts import has_letters
from mining.named_texts import NamedTexts

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_STEPS, _PROTOTYPES = "edits.json", "edits.npz"
_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One edit, on positions in ``EditedIndex.places``.

    A merge carries every statement of ``source`` over. A move carries those with one of ``texts``, from wherever they
    are. A split carries the statements of ``source`` with one of ``texts`` or ``phrases``, and those nearer to a
    prototype of the new cause than to one of the rest.

    Attributes:
        source: Where statements come from, -1 for anywhere.
        target: Where they go.
        texts: Digests of texts.
        phrases: As ``plain`` gives them.
        contexts: Where contexts are known, statements of other ones stay; None for all.
        prototypes: (p, d) unit vectors in subject space, none but for a split.
        owners: (p,) 1 for prototypes of the new cause, 0 for those of the rest.
    """

    kind: str
    source: int
    target: int
    texts: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()
    contexts: tuple[str, ...] | None = None
    prototypes: Floats
    owners: Ints

    def named(self, texts: NamedTexts, among: Bools) -> Bools:
        """(n,) which of the texts ``among`` them the edit names itself, by digest or phrase."""
        return texts.named(self.texts, self.phrases, among)

    def carried(
        self,
        answers: Ints,
        vectors: NDArray[np.floating],
        texts: NamedTexts | None,
        contexts: NDArray[np.object_] | None,
    ) -> Ints:
        """Positions of the statements that the edit carries over, in order."""
        carried = np.full(len(answers), True) if self.source < 0 else answers == self.source
        if self.kind != "merge":
            carried = self._chosen(carried, vectors, texts)
        rows = np.flatnonzero(carried)
        if self.contexts is not None and contexts is not None:
            rows = rows[np.isin(contexts[rows], self.contexts)]
        return rows

    def _chosen(self, open_to_it: Bools, vectors: NDArray[np.floating], texts: NamedTexts | None) -> Bools:
        chosen = np.zeros(len(open_to_it), dtype=bool) if texts is None else self.named(texts, open_to_it)
        if len(self.prototypes):
            rows = np.flatnonzero(open_to_it)
            chosen[rows] |= self.owners[(vectors[rows] @ self.prototypes.T).argmax(axis=1)] == 1
        return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedIndex:
    """The index as it was mined, then one step for each edit, oldest first, then what is left out.

    Attributes:
        index: As mined, under permanent ids.
        places: Ids of the causes of the index, then those that only edits name.
        steps: The edits that change where statements belong.
        ids: Listed causes, most people first; answers are positions in it. Hidden ones and those below the gate are
            not among them.
        readings: Digests of texts to how people read them (``mining.readings``).
    """

    index: CauseIndex
    places: tuple[str, ...]
    steps: tuple[Step, ...]
    ids: tuple[str, ...]
    readings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, index: CauseIndex) -> Self:
        """An index without edits."""
        return cls(index=index, places=index.ids, steps=(), ids=index.ids)

    def assign(
        self,
        embeddings: NDArray[np.floating],
        topics: NDArray[np.floating] | None = None,
        contexts: Sequence[str] | None = None,
        texts: Sequence[str] | None = None,
    ) -> Ints:
        """Position in ``ids`` of the cause of each statement, -1 for none.

        Args:
            embeddings: (n, d) from the predictor that was used for mining.
            topics: (n, t) topic probabilities, where they are known.
            contexts: For each statement the value of the context column; None opens all causes.
            texts: Of the statements; without them, statements that an edit names are not known again.
        """
        return self.listed(self.placed(self.index.vectors(embeddings, topics), contexts, texts))

    def placed(
        self,
        vectors: NDArray[np.floating],
        contexts: Sequence[str] | None = None,
        texts: Sequence[str] | None = None,
    ) -> Ints:
        """Position in ``places`` of statements given by their (n, d) vectors in subject space, -1 for none.

        Of ``texts`` without a letter none has a cause, unless people moved it there.
        """
        answers = self.index.assign_vectors(vectors, contexts)
        if texts is not None:
            answers[[not has_letters(text) for text in texts]] = -1
        digests = (digest for step in self.steps for digest in step.texts)
        wording = None if texts is None else NamedTexts(texts, digests)
        known = None if contexts is None else np.array(contexts, dtype=object)
        for step in self.steps:
            answers[step.carried(answers, vectors, wording, known)] = step.target
        return answers

    def listed(self, answers: Ints) -> Ints:
        """Positions in ``ids`` from positions in ``places``."""
        known = {cause: place for place, cause in enumerate(self.ids)}
        places = np.array([*(known.get(cause, -1) for cause in self.places), -1], dtype=np.int64)
        return places[answers]

    def listing(self, ids: Sequence[str]) -> Self:
        """The same rule with the causes ``ids`` listed, in that order."""
        return replace(self, ids=tuple(ids))

    def save(self, folder: Path) -> None:
        """Write the index and its edits into ``folder``."""
        self.index.save(folder)
        steps = [
            {
                "kind": step.kind,
                "source": step.source,
                "target": step.target,
                "texts": sorted(step.texts),
                "phrases": step.phrases,
                "contexts": step.contexts,
            }
            for step in self.steps
        ]
        names = {
            "version": _VERSION,
            "places": self.places,
            "ids": self.ids,
            "steps": steps,
            "readings": dict(self.readings),
        }
        (folder / _STEPS).write_text(json.dumps(names, ensure_ascii=False, indent=1), encoding="utf-8")
        arrays: dict[str, Any] = {}
        for number, step in enumerate(self.steps):
            arrays |= {f"prototypes_{number}": step.prototypes, f"owners_{number}": step.owners}
        np.savez(folder / _PROTOTYPES, **arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what ``save`` wrote.

        Raises:
            StateError: If a file is missing, damaged, or of another version.
        """
        index = CauseIndex.load(folder)
        try:
            names = json.loads((folder / _STEPS).read_text(encoding="utf-8"))
            if names["version"] != _VERSION:
                raise ValueError(f"version {names['version']}")
            with (folder / _PROTOTYPES).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                steps = tuple(
                    _step(step, arrays[f"prototypes_{number}"], arrays[f"owners_{number}"])
                    for number, step in enumerate(names["steps"])
                )
            return cls(
                index=index,
                places=tuple(names["places"]),
                steps=steps,
                ids=tuple(names["ids"]),
                readings=dict(names.get("readings", {})),  # none from versions in which people could not read
            )
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise StateError(
                f"{folder} holds no edits that can be read ({error}): mine again into that folder"
            ) from error


def _step(read: dict[str, Any], prototypes: Floats, owners: Ints) -> Step:
    return Step(
        kind=str(read["kind"]),
        source=int(read["source"]),
        target=int(read["target"]),
        texts=frozenset(read["texts"]),
        phrases=tuple(read["phrases"]),
        contexts=None if read["contexts"] is None else tuple(read["contexts"]),
        prototypes=prototypes,
        owners=owners,
    )
