"""Edits by people, made again on a new mining."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mining.assignment import CauseIndex
from mining.corpus import Corpus
from mining.discovery import TextSpace
from mining.edited_index import EditedIndex, Step
from mining.readings import readings_of
from mining.register import LogEntry, RegisteredCause

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_DRAWN_TWICE = 2
# A language's own mean counts half once this many of its statements are in a part.
_HALF_OWN_AT = 10


def replay(
    corpus: Corpus,
    texts: TextSpace,
    index: CauseIndex,
    edits: Sequence[LogEntry],
    before: Mapping[str, RegisteredCause],
) -> EditedIndex:
    """The index with a step for each edit that changes where statements belong, and how people read some of them.

    Args:
        corpus: What is mined.
        texts: Its distinct texts in subject space.
        index: As mined, under permanent ids.
        edits: By people, oldest first.
        before: The register before this mining.
    """
    readings = readings_of(edits)
    edits = [edit for edit in edits if edit.kind != "side"]
    named = [edit.details[key] for edit in edits for key in ("into", "new") if key in edit.details]
    others = {*(edit.cause for edit in edits), *named} - set(index.ids)
    edited = replace(EditedIndex.of(index), places=(*index.ids, *sorted(others)), readings=readings)
    for edit in edits:
        step = _step(corpus, texts, edited, edit, before)
        if step is not None:
            edited = replace(edited, steps=(*edited.steps, step))
    return edited


def _step(
    corpus: Corpus,
    texts: TextSpace,
    edited: EditedIndex,
    edit: LogEntry,
    before: Mapping[str, RegisteredCause],
) -> Step | None:
    place = {cause: position for position, cause in enumerate(edited.places)}
    plain_step = Step(
        kind=edit.kind,
        source=place[edit.cause],
        target=-1,
        prototypes=np.zeros((0, texts.vectors.shape[1])),
        owners=np.zeros(0, dtype=np.int64),
    )
    match edit.kind:
        case "merge":
            return replace(plain_step, target=place[edit.details["into"]])
        case "move":
            return replace(
                plain_step,
                source=-1,
                target=place[edit.cause],
                texts=frozenset([edit.details["text"]]),
                contexts=_contexts_of(edited.index, edit.cause, before),
            )
        case "split":
            target = place[edit.details["new"]]
            step = replace(
                plain_step,
                target=target,
                texts=frozenset(edit.details["texts"]),
                phrases=tuple(edit.details["phrases"]),
            )
            return step if edit.details["new"] in edited.index.ids else _drawn(corpus, texts, edited, step)
    return None


def _contexts_of(
    index: CauseIndex, cause: str, before: Mapping[str, RegisteredCause]
) -> tuple[str, ...] | None:
    """Contexts of a cause, as found now or else as registered; None where they are not known."""
    now = {context for own, context in zip(index.ids, index.contexts, strict=True) if own == cause}
    return tuple(sorted({*now, *before[cause].contexts})) or None


def _drawn(corpus: Corpus, texts: TextSpace, edited: EditedIndex, step: Step) -> Step:
    """The split with prototypes of both parts: drawn from what it names and the rest, then once more from the result.

    Where it names nothing that is still there, or everything, it goes by names alone.
    """
    inside = np.flatnonzero(edited.placed(texts.vectors, corpus.text_contexts, corpus.texts) == step.source)
    own = [corpus.texts[i] for i in inside]
    parts = step.named(own).astype(np.int64)
    vectors, languages = (
        texts.vectors[inside].astype(np.float64),
        [corpus.text_languages[i] for i in inside],
    )
    for _ in range(_DRAWN_TWICE):
        if len(np.unique(parts)) < 2:
            return step
        prototypes, owners = _two_parts(vectors, parts, np.array(languages))
        step = replace(step, prototypes=prototypes, owners=owners)
        parts = step.carried(np.full(len(inside), step.source), vectors, own, None).astype(np.int64)
    return step


def _two_parts(vectors: Floats, parts: Ints, languages: NDArray[np.str_]) -> tuple[Floats, Ints]:
    """Prototypes of both parts in every language, and 1 for those of the new one.

    A language that no phrase is in has no new part of its own yet. Against the rest in that language, the centre of the
    new part would lose for being in other languages, so its prototype there is the rest, shifted as the languages
    with both parts are: what tells the parts apart is taken to be the same everywhere.
    """
    tags = np.unique(languages)
    new, rest = ([(parts == part) & (languages == tag) for tag in tags] for part in (1, 0))
    centre = vectors[parts == 0].mean(axis=0)
    rests = [_shrunk(vectors[rows], centre) for rows in rest]
    shift = np.mean(
        [vector - own for rows, own in zip(new, rests, strict=True) for vector in vectors[rows]], axis=0
    )
    news = [_shrunk(vectors[rows], own + shift) for rows, own in zip(new, rests, strict=True)]
    prototypes = np.array([*rests, *news])
    norms = np.linalg.norm(prototypes, axis=1, keepdims=True)
    owners = np.repeat(np.arange(2), len(tags))
    return np.divide(prototypes, norms, out=prototypes, where=norms > 0), owners


def _shrunk(vectors: Floats, towards: Floats) -> Floats:
    return np.asarray((vectors.sum(axis=0) + _HALF_OWN_AT * towards) / (len(vectors) + _HALF_OWN_AT))
