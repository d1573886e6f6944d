"""Who has an outcome, about which product: the rows that drivers are sought in."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mining.sorted_keys import rows_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DriverRows:
    """A row is a person and a product: causes never share one, so only those who wrote about it can be compared.

    Attributes:
        person: (n,) numbers of the people, from 0 without gaps.
        context: (n,) numbers of the products, from 0 without gaps.
        levels: (n,) mean outcome of the person's messages about the product that have one.
        numbers: Product to number.
        keys: (n,) sorted: number of the product times ``everybody``, plus number of the person in the corpus.
        everybody: People of the corpus.
    """

    person: Ints
    context: Ints
    levels: Floats
    numbers: dict[str, int]
    keys: Ints
    everybody: int

    def __len__(self) -> int:
        return len(self.levels)

    @property
    def people(self) -> int:
        """Distinct people."""
        return int(self.person.max(initial=-1)) + 1

    @property
    def free(self) -> int:
        """People whom causes can be told by: the rows beyond the means of the products, but no more than people."""
        return min(self.people, len(self) + 1 - len(self.numbers))

    @cached_property
    def about(self) -> list[Ints]:
        """The rows of each product."""
        return rows_of(self.context, len(self.numbers))

    @cached_property
    def deviations(self) -> Floats:
        """(n,) the outcome less its mean over the rows of the product."""
        means = np.array([self.levels[rows].mean() for rows in self.about])
        return np.asarray(self.levels - means[self.context])

    def of(self, people: Ints, context: str) -> Ints:
        """The rows of ``people`` of the corpus, who all have an outcome about the product, each once."""
        return np.searchsorted(self.keys, np.unique(people) + self.numbers[context] * self.everybody)


def driver_rows(people: Ints, contexts: Sequence[str], values: Floats) -> DriverRows:
    """The rows of the messages that have an outcome.

    Args:
        people: (m,) number of the person behind each message.
        contexts: m products.
        values: (m,) outcomes, not-a-number where there is none.
    """
    told = np.flatnonzero(~np.isnan(values))
    numbers = {name: number for number, name in enumerate(sorted({contexts[i] for i in told.tolist()}))}
    about = np.array([numbers[contexts[i]] for i in told.tolist()], dtype=np.int64)
    everybody = int(people.max(initial=-1)) + 1
    keys, row = np.unique(about * everybody + people[told], return_inverse=True)
    context, person = np.divmod(keys, max(1, everybody))
    return DriverRows(
        person=np.unique(person, return_inverse=True)[1].astype(np.int64),
        context=context,
        levels=np.bincount(row, weights=values[told]) / np.bincount(row),
        numbers=numbers,
        keys=keys,
        everybody=everybody,
    )
