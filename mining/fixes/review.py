"""All fixes against one mining: what became of each, how its cause stands, and which were withdrawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mining.fixes.controls import Control, controls_of
from mining.fixes.entries import Fix, Look, Withdrawal
from mining.fixes.results import Outcome, Verdict
from mining.fixes.stretches import Window, window_of
from mining.fixes.verdict import outcome_of
from mining.fixes.voices import DatedJournal, voices_of
from mining.settings import MiningSettings

STANDINGS: Final[Mapping[Verdict, str]] = {
    "fixed": "covered",
    "came_back": "reopened",
    "not_yet": "open",
    "too_early": "waiting",
    "anecdote": "open",
}
"""How a cause stands after the verdict on its last fix. Nobody closes or reopens one by hand."""
_DECIDED: Final = ("fixed", "came_back", "not_yet")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A fix, and what became of its cause by the mining at hand.

    Attributes:
        cause: The cause that the fix is of now: the one that its own was merged into, if it was.
        controls: The untouched causes that it is held against, most people first.
    """

    fix: Fix
    cause: str
    outcome: Outcome
    controls: Sequence[Control] = ()

    @property
    def standing(self) -> str:
        """covered, reopened, open or waiting."""
        return STANDINGS[self.outcome.verdict]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A fix that does not stand: nothing is told of its cause because of it.

    Attributes:
        cause: As with ``Reviewed``.
    """

    fix: Fix
    cause: str
    withdrawal: Withdrawal


@dataclass(frozen=True, slots=True)
class Review:
    """A ledger against one mining.

    Attributes:
        found: What became of each fix that stands, in the order of their days.
        withdrawn: Those that do not stand, in the order of their days.
        looks: What minings said of either, oldest first.
    """

    found: Sequence[Reviewed] = ()
    withdrawn: Sequence[Withdrawn] = ()
    looks: Sequence[Look] = ()

    def in_order(self) -> list[Reviewed | Withdrawn]:
        """Both kinds together, in the order of their days."""
        both: list[Reviewed | Withdrawn] = [*self.found, *self.withdrawn]
        return sorted(both, key=lambda each: (each.fix.day, each.fix.number))

    def of_cause(self, cause: str) -> "Review":
        """The same of one cause alone, by the id that it has now or had when the fix was registered."""
        return Review(
            [each for each in self.found if cause in (each.cause, each.fix.cause)],
            [each for each in self.withdrawn if cause in (each.cause, each.fix.cause)],
            self.looks,
        )


def review(
    dated: DatedJournal, fixes: Sequence[Fix], settings: MiningSettings, merged: Mapping[str, str]
) -> list[Reviewed]:
    """Tell what became of each fix; no cause that anybody mended is a control of another.

    Args:
        dated: The journal of the mining, with the causes as they were mined.
        fixes: All fixes of the ledger that stand.
        settings: Of the mining.
        merged: Each merged cause to the one that it is part of now.
    """
    touched = {merged.get(fix.cause, fix.cause) for fix in fixes}
    told = dated.merged(merged)
    found = []
    for fix, cause, window in _windows(dated, fixes, merged):
        voices = voices_of(told, cause, side=fix.side, touched=touched)
        outcome = outcome_of(voices, window, settings, late=fix.late)
        controls = controls_of(told, cause, touched=touched, window=window)
        found.append(Reviewed(fix, cause, outcome, controls))
    return found


def held_against(
    cause: str, dated: DatedJournal, fixes: Sequence[Fix], merged: Mapping[str, str]
) -> list[int]:
    """Numbers of the ``fixes`` that have ``cause`` among their controls; arguments as with ``review``."""
    touched = {merged.get(fix.cause, fix.cause) for fix in fixes}
    wanted, told = merged.get(cause, cause), dated.merged(merged)
    return [
        fix.number
        for fix, own, window in _windows(dated, fixes, merged)
        if any(each.cause == wanted for each in controls_of(told, own, touched=touched, window=window))
    ]


def _windows(
    dated: DatedJournal, fixes: Sequence[Fix], merged: Mapping[str, str]
) -> Iterator[tuple[Fix, str, Window]]:
    """Each fix, its cause as it is now, and its window, which other fixes of that cause end."""
    now = {fix.number: merged.get(fix.cause, fix.cause) for fix in fixes}
    for fix in fixes:
        day, cause = fix.day.toordinal(), now[fix.number]
        others = [each.day.toordinal() for each in fixes if now[each.number] == cause and each is not fix]
        yield (
            fix,
            cause,
            window_of(day, dated.first, dated.last, [other for other in others if other != day]),
        )


def verdict_seen(reviewed: Reviewed, looks: Sequence[Look], last: int) -> Verdict | None:
    """The verdict on a fix that could be seen by now; None where no message from later than its day was ever mined.

    Args:
        reviewed: By the last mining, whose file may end before that of an earlier one.
        looks: What minings said.
        last: Ordinal of the last day of the last mining.
    """
    fix, verdict = reviewed.fix, reviewed.outcome.verdict
    if last > fix.day.toordinal():
        return verdict
    told = [look.verdict for look in looks if look.fix == fix.number and look.verdict in _DECIDED]
    if told:
        return told[-1]
    return verdict if fix.late else None
