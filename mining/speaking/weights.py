"""People and the margins: one value of each column a person, and the weights that follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.margins import Margins, check_margins, told_of
from mining.corpus import Corpus
from mining.evidence import share_of
from mining.person_values import person_values
from mining.speaking.raking import Raked, rake
from mining.speaking.results import Margin

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class People:
    """What is known of each of p people, and what they weigh.

    Attributes:
        raked: (p,) weights, by the number of the person.
        margins: Known, counted and reached shares.
    """

    raked: Raked
    margins: tuple[Margin, ...]


def weigh(corpus: Corpus, margins: Margins) -> People:
    """Rake people to the margins.

    A person has the value that most of their messages tell, the first by name among equals. Of whom a column is not
    known stay, in this column, as many as they are: the known shares are those of the others.

    Raises:
        InputError: Margins and people do not have the same values.
    """
    told = _told(corpus, tuple(margins.shares))
    check_margins(margins, told)
    codes, targets = [], []
    for column, shares in margins.shares.items():
        place = {value: number for number, value in enumerate(shares)}
        code = np.array([place.get(each.get(column, ""), len(place)) for each in told], dtype=np.int64)
        unknown = float((code == len(place)).mean())
        codes.append(code)
        targets.append(np.array([*(share * (1 - unknown) for share in shares.values()), unknown]))
    raked = rake(codes, targets)
    found = [
        margin
        for (column, shares), code in zip(margins.shares.items(), codes, strict=True)
        for margin in _margins(column, shares, code, raked.weights)
    ]
    return People(raked, tuple(found))


def _told(corpus: Corpus, columns: Sequence[str]) -> list[dict[str, str]]:
    """For each person what is known of them in the columns."""
    known = person_values(
        (person, {column: value for column, value in told_of(message).items() if column in columns})
        for person, message in zip(corpus.people.tolist(), corpus.feedback, strict=True)
    )
    return [known.get(person, {}) for person in range(int(corpus.people.max(initial=-1)) + 1)]


def _margins(column: str, shares: Mapping[str, float], code: Ints, weights: Floats) -> list[Margin]:
    people = np.bincount(code, minlength=len(shares) + 1)[:-1]
    mass = np.bincount(code, weights=weights, minlength=len(shares) + 1)[:-1]
    return [
        Margin(
            column=column,
            value=value,
            known=share,
            wrote=share_of(int(people[number]), int(people.sum())),
            reached=float(mass[number] / mass.sum()),
        )
        for number, (value, share) in enumerate(shares.items())
    ]
