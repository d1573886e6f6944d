"""What was mined, in numbers of rows, people and days, and why statements belong to no cause."""

from collections import Counter
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mining.bare_texts import has_letters
from mining.corpus import Corpus
from mining.counts import by_size
from mining.periods import timed_days
from mining.recognition import Recognition
from mining.results import REPEATED, DataSummary
from mining.sides import Stance
from mining.speaking.camps import upset
from mining.written_days import UNDATED, written_days

Ints = NDArray[np.int64]


def summary_of(corpus: Corpus, stance: Stance, *, statements: int, rejected: int) -> DataSummary:
    """What was mined: languages and sources by people, ratings by messages.

    Args:
        corpus: The statements that somebody wrote.
        stance: Of its statements.
        statements: Number of all that were given.
        rejected: Number of rows that could not be read.
    """
    feedback = corpus.feedback
    people = corpus.people.tolist()
    spoken = {
        (statement.language, person)
        for statement, person in zip(corpus.statements, corpus.person.tolist(), strict=True)
    }
    sources = {(m.source, person) for m, person in zip(feedback, people, strict=True) if m.source}
    ratings = Counter(message.rating for message in feedback if message.rating is not None)
    dated = corpus.days[corpus.days != UNDATED]
    written = written_days(dated)
    written = written[written != UNDATED]
    return DataSummary(
        rows=len(feedback) + rejected,
        rejected=rejected,
        statements=statements,
        people=len(set(people)),
        languages=by_size(Counter(language for language, _ in spoken)),
        sources=by_size(Counter(source for source, _ in sources)),
        ratings={f"{rating:g}": ratings[rating] for rating in sorted(ratings)},
        first=date.fromordinal(written.min()).isoformat() if len(written) else None,
        last=date.fromordinal(written.max()).isoformat() if len(written) else None,
        negative=int(upset(corpus, stance).sum()),
        untimed=int((timed_days(dated) == UNDATED).sum()),
    )


def unassigned_of(
    corpus: Corpus, clusters: Ints, answers: Ints, recognition: Recognition | None, *, repeated: int
) -> dict[str, int]:
    """Reason to number of statements without a cause, the most frequent first.

    Args:
        corpus: The statements that somebody wrote.
        clusters: (u,) cluster of each distinct text of the corpus, -1 for none.
        answers: (s,) cause of each statement of the corpus, -1 for none.
        recognition: What the register knows of the causes; None without one.
        repeated: Statements that are nobody's own, and stand outside the corpus.
    """
    reasons: Counter[str] = Counter({REPEATED: repeated} if repeated else {})
    hidden = np.zeros(len(answers), dtype=bool) if recognition is None else recognition.hidden
    for position in np.flatnonzero(answers < 0).tolist():
        if not has_letters(corpus.statements[position].text):
            reasons["no letters"] += 1
        elif hidden[position]:
            reasons["in a hidden cause"] += 1
        elif clusters[corpus.copy_of[position]] < 0:
            reasons["no near neighbours"] += 1
        else:
            reasons["too few people or too far from their cause"] += 1
    return by_size(reasons)
