"""What misreading does to the sides of one cause: corrected shares, and sides that errors alone may have made."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from data.labels import DEGREES, SIDES
from mining.calls import Calls, Heard, Votes
from mining.corrected_shares import told_from_zero
from mining.misreading import Misreading
from mining.picture import Picture
from mining.sides import KINDS
from models.confusion import clear_calls

Ints = NDArray[np.int64]

# The largest languages are corrected each by its own matrix, from so many votes on. The others share one, mixed by
# people: each by itself they would add noise and time, and bend little.
_OWN_VOTES, _MOST_ALONE = 20.0, 12


def near_zero(picture: Picture, statements: Ints, label: str) -> bool | None:
    """Whether side ``label`` of a cause cannot be told from zero; None where the model's errors were not counted.

    ``statements`` are all those of the cause. A complaint that names a degree counts as a complaint here.
    """
    kind = next(kind for kind, labels in KINDS.items() if label in labels)
    judged = tested(picture, statements, kind)
    if judged is None:
        return None
    return not told_from_zero(
        judged,
        KINDS[kind].index(label),
        significance=picture.settings.significance,
        seed=picture.settings.seed,
    )


def tested(picture: Picture, statements: Ints, kind: str) -> list[Heard] | None:
    """The votes that are tested against misreading, by language; None where errors were not counted.

    Of degree by the clear calls, where their errors were counted: few people on a side are told better by those.
    """
    clear = None if picture.misreading is None else picture.misreading.clear
    if kind == "degree" and clear is not None:
        return _heard(picture, statements, _clear_sides(picture, statements), clear, kind)
    return all_calls(picture, statements, kind)


def all_calls(picture: Picture, statements: Ints, kind: str) -> list[Heard] | None:
    """The votes by all calls, by language; None where errors were not counted."""
    errors = picture.errors_of(kind)
    if errors is None:
        return None
    return _heard(picture, statements, _sides(picture, statements, kind), errors, kind)


def calls_of(picture: Picture, statements: Ints, kind: str) -> Calls:
    """The people of a cause by the sides that their statements are called."""
    parts = (statements, *_sides(picture, statements, kind))
    everybody, a, b = (set(picture.corpus.person[part].tolist()) for part in parts)
    return Calls(a=len(a - b), b=len(b - a), both=len(a & b), neither=len(everybody - a - b))


def _sides(picture: Picture, statements: Ints, kind: str) -> list[Ints]:
    """The statements of each side."""
    return [picture.stance.among(statements, label, kind=kind) for label in KINDS[kind]]


def _clear_sides(picture: Picture, statements: Ints) -> list[Ints]:
    """The statements of each side of degree that are clearly called so."""
    called = clear_calls(picture.corpus.predictions.degree[statements])
    return [
        statements[(picture.stance.main[statements] == SIDES.index(label)) & (called == DEGREES.index(label))]
        for label in KINDS["degree"]
    ]


def _heard(
    picture: Picture, statements: Ints, sides: Sequence[Ints], errors: Misreading, kind: str
) -> list[Heard]:
    """The votes of the people of ``statements`` by the statements of both sides, language by language."""
    people = picture.languages(statements)
    votes = _votes(picture, statements, sides, sorted(people))
    heard = []
    for group in _groups(votes):
        own = {language: people[language] for language in group}
        cast = _sum_of(votes[language] for language in group)
        heard.append(Heard(votes=cast, mean=errors.mean(kind, own), draws=errors.draws(kind, own)))
    return heard


def _votes(
    picture: Picture, statements: Ints, sides: Sequence[Ints], languages: Sequence[str]
) -> dict[str, Votes]:
    """The votes of each language, a person's being divided over what they said in any."""
    _, voter, said = np.unique(picture.corpus.person[statements], return_inverse=True, return_counts=True)
    number = {language: place for place, language in enumerate(languages)}
    spoken = np.array([number[picture.corpus.statements[i].language] for i in statements], dtype=np.int64)
    side = np.full(len(statements), len(sides))
    for place, own in enumerate(sides):
        side[np.isin(statements, own)] = place
    columns = len(sides) + 1
    cast = np.bincount(columns * spoken + side, weights=1 / said[voter], minlength=columns * len(languages))
    return {
        language: Votes(a=a, b=b, neither=neither)
        for language, (a, b, neither) in zip(languages, cast.reshape(-1, columns).tolist(), strict=True)
    }


def _groups(votes: Mapping[str, Votes]) -> list[list[str]]:
    """Languages of many votes by themselves, then all others together."""
    cast = {language: sum(own.of(0)) for language, own in votes.items()}
    largest = sorted(cast, key=lambda language: (-cast[language], language))[:_MOST_ALONE]
    many = [language for language in largest if cast[language] >= _OWN_VOTES]
    few = [language for language in votes if language not in many]
    return [[language] for language in many] + ([few] if few or not many else [])


def _sum_of(votes: Iterable[Votes]) -> Votes:
    a, b, neither = np.sum([(0.0, 0.0, 0.0), *(own.of(0) for own in votes)], axis=0).tolist()
    return Votes(a=a, b=b, neither=neither)
