"""Verbatim voices: the most typical statements of a group, and of those of two sides the pair that is most alike."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from data.records import Statement
from data.words import weight
from mining.bare_texts import bare
from mining.corpus import Corpus
from mining.results import Example

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_SHORTEST, _LONGEST = 12, 220
_PAIR_CANDIDATES = 25
# Of the typicality of the most typical one. What is most like the other side is what was misread onto this one, so a
# pair is sought among those only that are nearly as typical.
_NEARLY = 0.95


def typical(corpus: Corpus, vectors: Floats, confidence: Floats, members: Ints, count: int) -> Ints:
    """At most ``count`` statements of ``members``, most typical first, one of each person and one of each text.

    Typical is near the centre of the group in subject space and surely on its side: the product of cosine
    and probability. Texts that differ in case, spacing, punctuation or emoji only are one: how many people wrote it
    stands beside the voices, so fewer are shown rather than one twice. Statements too short to say much or too long
    to read stand behind all others. ``vectors`` are those of the distinct texts of the corpus.
    """
    if len(members) == 0:
        return members
    scores = _typicality(corpus, vectors, confidence, members, members)
    ranked = members[np.lexsort((members, -np.round(scores, 9)))].tolist()
    readable = (i for i in ranked if _is_readable(corpus.statements[i]))
    others = (i for i in ranked if not _is_readable(corpus.statements[i]))
    unlike = _unlike(corpus, chain(readable, others))
    return np.array(list(islice(unlike, count)), dtype=np.int64)


def paired(
    corpus: Corpus, vectors: Floats, confidence: Floats, a: Ints, b: Ints, count: int
) -> tuple[Ints, Ints]:
    """Typical statements of two sides, first the two among the most typical that are most alike in subject space."""
    ranked = [typical(corpus, vectors, confidence, side, max(count, _PAIR_CANDIDATES)) for side in (a, b)]
    first, second = (
        own[_nearly_first(corpus, _typicality(corpus, vectors, confidence, side, own), own)]
        for side, own in zip((a, b), ranked, strict=True)
    )
    alike = np.round(vectors[corpus.copy_of[first]] @ vectors[corpus.copy_of[second]].T, 9)
    alike[corpus.person[first][:, None] == corpus.person[second][None, :]] = -np.inf
    i, j = np.unravel_index(int(alike.argmax()), alike.shape)
    return _led_by(int(first[i]), ranked[0])[:count], _led_by(int(second[j]), ranked[1])[:count]


def _typicality(corpus: Corpus, vectors: Floats, confidence: Floats, members: Ints, asked: Ints) -> Floats:
    """(a,) cosine of each statement ``asked`` with the mean of ``members``, times the probability of its side."""
    centre = vectors[corpus.copy_of[members]].mean(axis=0)
    scores: Floats = (vectors[corpus.copy_of[asked]] @ centre) * np.maximum(confidence[asked], 0.05)
    return scores


def _nearly_first(corpus: Corpus, typicality: Floats, ranked: Ints) -> Bools:
    """Mask of those that are nearly as typical as the first, and can be read if it can."""
    readable = np.array([_is_readable(corpus.statements[i]) for i in ranked])
    near = typicality >= typicality[0] - (1 - _NEARLY) * abs(typicality[0])
    return np.asarray(near & (readable == readable[0]))


def examples(corpus: Corpus, chosen: Sequence[int] | Ints) -> tuple[Example, ...]:
    """The chosen statements as records."""
    return tuple(
        Example(
            feedback_id=statement.feedback_id,
            start=statement.start,
            end=statement.end,
            text=statement.text,
            language=statement.language,
        )
        for statement in (corpus.statements[i] for i in chosen)
    )


def _unlike(corpus: Corpus, statements: Iterable[int]) -> Iterator[int]:
    """The first statement of each person and of each text."""
    people: set[int] = set()
    copies: set[int] = set()
    texts: set[str] = set()
    for statement in statements:
        person, copy = int(corpus.person[statement]), int(corpus.copy_of[statement])
        if person in people or copy in copies:  # before its words are looked at: thousands may be copies
            continue
        text = corpus.statements[statement].text
        words = bare(text) or text
        if words not in texts:
            people.add(person)
            yield statement
        copies.add(copy)
        texts.add(words)


def _is_readable(statement: Statement) -> bool:
    return weight(statement.text) >= _SHORTEST and len(statement.text) <= _LONGEST


def _led_by(statement: int, ranked: Ints) -> Ints:
    return np.concatenate([[statement], ranked[ranked != statement]])
