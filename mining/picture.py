"""Groups of statements as the records that users see: people, languages, ratings, dates, sides."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mining.corpus import Corpus
from mining.counts import by_size
from mining.evidence import grade_of, share_of
from mining.exemplars import examples
from mining.misreading import Misreading
from mining.periods import period_of
from mining.results import Share, Side
from mining.settings import MiningSettings
from mining.sides import Stance
from mining.written_days import UNDATED, written_days

Ints = NDArray[np.int64]

EXAMPLES = 5


@dataclass(frozen=True)
class Picture:
    """Everything that causes and oppositions are drawn from.

    Attributes:
        vectors: (u, d) distinct texts of the corpus in subject space.
        misreading: How often the model takes one side for another; None where that was not counted.
    """

    corpus: Corpus
    vectors: NDArray[np.float32]
    stance: Stance
    settings: MiningSettings
    misreading: Misreading | None = None

    @cached_property
    def main_language(self) -> str:
        """The language of most people, which whoever reads the file most likely knows; "" without statements."""
        return next(iter(self.languages(np.arange(len(self.corpus.statements)))), "")

    def errors_of(self, kind: str) -> Misreading | None:
        """How often the model takes one side of a ``kind`` of contrast for the other; None where not counted."""
        return self.misreading if self.misreading is not None and self.misreading.counted(kind) else None

    def side(self, label: str, statements: Ints, total: int, chosen: Ints) -> Side:
        """The statements of one side, among ``total`` people, with the ``chosen`` ones as examples."""
        people = self.corpus.count_people(statements)
        return Side(
            label=label,
            people=people,
            share=share_of(people, total),
            members=self.members(statements),
            examples=examples(self.corpus, chosen),
            languages=self.languages(statements),
            mean_rating=self.mean_rating(statements),
        )

    def members(self, statements: Ints) -> tuple[str, ...]:
        """Sorted distinct ids of the feedback of the statements."""
        return tuple(sorted({self.corpus.statements[i].feedback_id for i in statements}))

    def languages(self, statements: Ints) -> dict[str, int]:
        """Language to people, most first."""
        pairs = {(self.corpus.statements[i].language, int(self.corpus.person[i])) for i in statements}
        return by_size(Counter(language for language, _ in pairs))

    def mean_rating(self, statements: Ints) -> float | None:
        """Mean over people of the mean rating of their messages; None without ratings."""
        ratings: dict[int, dict[int, float]] = {}
        for i in statements:
            message = int(self.corpus.message[i])
            rating = self.corpus.feedback[message].rating
            if rating is not None:
                ratings.setdefault(int(self.corpus.person[i]), {})[message] = rating
        means = [sum(own.values()) / len(own) for _, own in sorted(ratings.items())]
        return sum(means) / len(means) if means else None

    def grade(self, share: Share, statements: Ints) -> str:
        """Evidence grade of ``share`` from the people, sources and months of the statements."""
        messages = np.unique(self.corpus.message[statements])
        sources = {self.corpus.feedback[i].source for i in messages}
        return grade_of(
            share,
            self.corpus.count_people(statements),
            sources=len(sources - {None, ""}),
            periods=len(self._months(messages)),
            gate=self.settings.side_people,
            established_people=self.settings.share_people,
        )

    @cached_property
    def _days(self) -> Ints:
        """(m,) ordinals of the days of all messages, ``UNDATED`` also for stray ones."""
        return written_days(self.corpus.days)

    def _months(self, messages: Ints) -> set[str]:
        """Months in which the messages were written: a stray date is not a second one."""
        dated = messages[self._days[messages] != UNDATED]
        moments = [self.corpus.feedback[i].created_at for i in dated]
        return {period_of(moment) for moment in moments if moment is not None}
