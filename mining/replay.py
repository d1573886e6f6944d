"""Edits by people, made again on a new mining."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mining.assignment import CauseIndex
from mining.corpus import Corpus
from mining.discovery import TextSpace
from mining.edited_index import EditedIndex, Step
from mining.named_texts import NamedTexts
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
) -> tuple[EditedIndex, Ints]:
    """The index with a step for each edit that changes where statements belong, and how people read some of them.

    And (u,) the position in its ``places`` of each distinct text, -1 for none.

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
    digests = (digest for edit in edits for digest in _digests_of(edit))
    wording, contexts = NamedTexts(corpus.texts, digests), np.array(corpus.text_contexts, dtype=object)
    answers = edited.placed(texts.vectors, corpus.text_contexts, corpus.texts)
    for edit in edits:
        step = _step(edited, edit, before, texts.vectors.shape[1])
        if step is None:
            continue
        if edit.kind == "split" and edit.details["new"] not in index.ids:
            step = _drawn(corpus, texts.vectors, step, answers, wording)
        edited = replace(edited, steps=(*edited.steps, step))
        answers[step.carried(answers, texts.vectors, wording, contexts)] = step.target
    return edited, answers


def _digests_of(edit: LogEntry) -> Sequence[str]:
    """Of the texts that an edit names."""
    match edit.kind:
        case "move":
            return [edit.details["text"]]
        case "split":
            return list(edit.details["texts"])
    return []


def _step(
    edited: EditedIndex, edit: LogEntry, before: Mapping[str, RegisteredCause], width: int
) -> Step | None:
    """The step of an edit; that of a split goes by names alone, until it is drawn."""
    place = {cause: position for position, cause in enumerate(edited.places)}
    plain_step = Step(
        kind=edit.kind,
        source=place[edit.cause],
        target=-1,
        prototypes=np.zeros((0, width)),
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
            return replace(
                plain_step,
                target=place[edit.details["new"]],
                texts=frozenset(edit.details["texts"]),
                phrases=tuple(edit.details["phrases"]),
            )
    return None


def _contexts_of(
    index: CauseIndex, cause: str, before: Mapping[str, RegisteredCause]
) -> tuple[str, ...] | None:
    """Contexts of a cause, as found now or else as registered; None where they are not known."""
    now = {context for own, context in zip(index.ids, index.contexts, strict=True) if own == cause}
    return tuple(sorted({*now, *before[cause].contexts})) or None


def _drawn(
    corpus: Corpus, vectors: NDArray[np.floating], step: Step, answers: Ints, wording: NamedTexts
) -> Step:
    """The split with prototypes of both parts: drawn from what it names and the rest, then once more from the result.

    Where it names nothing that is still there, or everything, it goes by names alone. ``answers`` are those before it.
    """
    whole = answers == step.source
    inside = np.flatnonzero(whole)
    own, languages = vectors[inside].astype(np.float64), np.array([corpus.text_languages[i] for i in inside])
    new = step.named(wording, whole)
    for _ in range(_DRAWN_TWICE):
        parts = new[inside].astype(np.int64)
        if len(np.unique(parts)) < 2:
            return step
        prototypes, owners = _two_parts(own, parts, languages)
        step = replace(step, prototypes=prototypes, owners=owners)
        new = np.zeros(len(answers), dtype=bool)
        new[step.carried(answers, vectors, wording, None)] = True
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
