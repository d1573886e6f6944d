"""Edits by people, made again on a new mining."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mining.assignment import CauseIndex, prototypes_of
from mining.corpus import Corpus
from mining.discovery import TextSpace
from mining.edited_index import EditedIndex, Step
from mining.register import LogEntry, RegisteredCause

_DRAWN_TWICE = 2


def replay(
    corpus: Corpus,
    texts: TextSpace,
    index: CauseIndex,
    edits: Sequence[LogEntry],
    before: Mapping[str, RegisteredCause],
) -> EditedIndex:
    """The index with a step for each edit that changes where statements belong.

    Args:
        corpus: What is mined.
        texts: Its distinct texts in subject space.
        index: As mined, under permanent ids.
        edits: By people, oldest first.
        before: The register before this mining.
    """
    named = [edit.details[key] for edit in edits for key in ("into", "new") if key in edit.details]
    others = {*(edit.cause for edit in edits), *named} - set(index.ids)
    edited = replace(EditedIndex.of(index), places=(*index.ids, *sorted(others)))
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
    spoken = [corpus.statements[i].text for i in corpus.distinct]
    contexts = [corpus.contexts[i] for i in corpus.distinct]
    inside = np.flatnonzero(edited.placed(texts.vectors, contexts, spoken) == step.source)
    own = [spoken[i] for i in inside]
    parts = step.named(own).astype(np.int64)
    vectors, languages = (
        texts.vectors[inside],
        [corpus.statements[i].language for i in corpus.distinct[inside]],
    )
    for _ in range(_DRAWN_TWICE):
        if len(np.unique(parts)) < 2:
            return step
        prototypes, owners = prototypes_of(vectors, parts, languages, 2)
        step = replace(step, prototypes=prototypes, owners=owners)
        parts = step.carried(np.full(len(inside), step.source), vectors, own, None).astype(np.int64)
    return step
