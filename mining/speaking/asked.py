"""Those who were asked beside those who wrote unasked: the same shares in both, and their differences."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mining.corpus import Corpus
from mining.evidence import adjusted, newcombe, share_of
from mining.results import Share
from mining.speaking.results import Asked, AskedShare

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Asking:
    """(p,) whether a person wrote when asked, and unasked, by the number of the person; both, or neither, may be."""

    asked: Bools
    unasked: Bools

    @property
    def groups(self) -> tuple[Bools, Bools]:
        """(p,) people who wrote only when asked, and only unasked: nobody is in both."""
        return self.asked & ~self.unasked, self.unasked & ~self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A share to compare: the people ``on`` a side among ``everyone``, both sorted numbers of people."""

    cause_id: str | None
    kind: str | None
    side: str
    on: Ints
    everyone: Ints


def asking_of(corpus: Corpus) -> Asking:
    """Who was asked and who was not, as far as the messages tell."""
    asked, unasked = (np.zeros(int(corpus.people.max(initial=-1)) + 1, dtype=bool) for _ in range(2))
    for person, message in zip(corpus.people.tolist(), corpus.feedback, strict=True):
        if message.solicited is not None:
            (asked if message.solicited else unasked)[person] = True
    return Asking(asked, unasked)


def compare(asking: Asking, questions: Sequence[Question], *, gate: int, significance: float) -> Asked | None:
    """The shares in both groups; None where one of them is empty.

    Args:
        asking: Who was asked.
        questions: What to compare; the rows come in this order.
        gate: Fewest people of each group for a difference.
        significance: Level of the adjusted p-values.
    """
    first, second = asking.groups
    if not first.any() or not second.any():
        return None
    rows = [_row(question, first, second, gate) for question in questions]
    tested = [place for place, row in enumerate(rows) if row.p_value is not None]
    chances = adjusted([p for row in rows if (p := row.p_value) is not None])
    for place, chance in zip(tested, chances, strict=True):
        rows[place] = replace(rows[place], p_adjusted=chance, differs=chance < significance)
    return Asked(
        solicited=int(first.sum()),
        unsolicited=int(second.sum()),
        both=int((asking.asked & asking.unasked).sum()),
        untold=int((~asking.asked & ~asking.unasked).sum()),
        rows=tuple(rows),
    )


def _row(question: Question, first: Bools, second: Bools, gate: int) -> AskedShare:
    solicited, unsolicited = (
        share_of(int(group[question.on].sum()), int(group[question.everyone].sum()))
        for group in (first, second)
    )
    told = min(solicited.n, unsolicited.n) >= gate
    low, high = newcombe(solicited, unsolicited) if told else (None, None)
    return AskedShare(
        cause_id=question.cause_id,
        kind=question.kind,
        side=question.side,
        solicited=solicited,
        unsolicited=unsolicited,
        low=low,
        high=high,
        p_value=_fisher(solicited, unsolicited) if told else None,
        p_adjusted=None,
        differs=False,
    )


def _fisher(one: Share, other: Share) -> float:
    from scipy.stats import fisher_exact

    return float(fisher_exact([[share.k, share.n - share.k] for share in (one, other)]).pvalue)
