"""How many of those who complain do so of a topic or a cause, and how many more might."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from data.labels import COMPLAINTS, TOPICS
from mining.evidence import share_of
from mining.journal import Journal
from mining.results import Share


@dataclass(frozen=True, slots=True)
class Measured:
    """The share of a subject among people who complain.

    Attributes:
        share: Those with a complaint of it.
        most: Those and everybody with a complaint of which it is not known what it is about. It cannot be more than
            that, as far as complaints that are named are named well.
    """

    share: Share
    most: Share


class Complaints:
    """People by what they complain of; people are counted, each once for a subject."""

    def __init__(self, journal: Journal, merged: Mapping[str, str] | None = None) -> None:
        """``merged`` takes the id of a cause to that of the cause into which it was merged since."""
        self._into = dict(merged or {})
        self._causes: set[str] = set()
        self._everybody: set[str] = set()
        self._of: dict[str, set[str]] = defaultdict(set)
        self._unnamed: dict[bool, set[str]] = {True: set(), False: set()}
        names = ("side", "person", "topics", "cause_id")
        for side, person, topics, cause in zip(*map(journal.column, names), strict=True):
            named = [] if cause is None else [self._into.get(cause, cause)]
            self._causes.update(named)
            if side in COMPLAINTS:
                self._everybody.add(person)
                self._add(person, topics, topics=True)
                self._add(person, named, topics=False)

    def _add(self, person: str, subjects: Iterable[str], *, topics: bool) -> None:
        named = list(subjects)
        for subject in named:
            self._of[subject].add(person)
        if not named:
            self._unnamed[topics].add(person)

    def knows(self, subject: str) -> bool:
        """Whether there is something to measure: topics always are, causes where the mining found them."""
        return subject in TOPICS or self._into.get(subject, subject) in self._causes

    @property
    def people(self) -> int:
        """Everybody who complains of anything."""
        return len(self._everybody)

    def unnamed(self, *, topics: bool) -> int:
        """People with a complaint without a topic, or in no cause."""
        return len(self._unnamed[topics])

    def of(self, subject: str) -> Measured:
        """The share of a topic, or of a cause by its id; 0 where nobody complains of it."""
        who = self._of.get(subject, set())
        unnamed = self._unnamed[subject in TOPICS]
        return Measured(
            share=share_of(len(who), self.people),
            most=share_of(len(who | unnamed), self.people),
        )
