"""All fixes against one mining: what became of each, and how its cause stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mining.fixes.ledger import Fix
from mining.fixes.results import Outcome, Verdict
from mining.fixes.stretches import window_of
from mining.fixes.verdict import outcome_of
from mining.fixes.voices import Book, voices_of
from mining.settings import MiningSettings

STANDINGS: Final[Mapping[Verdict, str]] = {
    "fixed": "covered",
    "came_back": "reopened",
    "not_yet": "open",
    "too_early": "waiting",
    "anecdote": "open",
}
"""How a cause stands after the verdict on its last fix. Nobody closes or reopens one by hand."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A fix, and what became of its cause by the mining at hand.

    Attributes:
        cause: The cause that the fix is of now: the one that its own was merged into, if it was.
    """

    fix: Fix
    cause: str
    outcome: Outcome

    @property
    def standing(self) -> str:
        """covered, reopened, open or waiting."""
        return STANDINGS[self.outcome.verdict]


def review(
    book: Book, fixes: Sequence[Fix], settings: MiningSettings, merged: Mapping[str, str]
) -> list[Reviewed]:
    """Tell what became of each fix; no cause that anybody mended is a control of another.

    Args:
        book: The journal of the mining, with the causes as they were mined.
        fixes: All fixes of the ledger.
        settings: Of the mining.
        merged: Each merged cause to the one that it is part of now.
    """
    now = {fix.number: merged.get(fix.cause, fix.cause) for fix in fixes}
    touched = set(now.values())
    told = book.merged(merged)
    found = []
    for fix in fixes:
        day = fix.day.toordinal()
        others = [
            each.day.toordinal() for each in fixes if now[each.number] == now[fix.number] and each is not fix
        ]
        voices = voices_of(told, now[fix.number], side=fix.side, touched=touched)
        window = window_of(day, book.first, book.last, [other for other in others if other != day])
        found.append(Reviewed(fix, now[fix.number], outcome_of(voices, window, settings, late=fix.late)))
    return found
