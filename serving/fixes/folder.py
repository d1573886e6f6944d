"""The fixes of a mining folder: registered against its causes, reviewed against its journal."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from data.errors import CountervoiceError
from mining.edits import Standing, mined_cause, standing_of
from mining.fixes.entries import Entries, Fix, Withdrawal
from mining.fixes.ledger import LEDGER_NAME, open_ledger, read_ledger
from mining.fixes.review import Review, Reviewed, Withdrawn, held_against, review, verdict_seen
from mining.fixes.voices import DatedJournal, open_dated
from mining.journal import JOURNAL_NAME, read_journal
from mining.kept_file import holds_something
from mining.register import REGISTER_NAME, read_register
from mining.settings import MiningSettings
from serving.marks import Mark, kept_once, mark_of
from serving.state import find_state, register_in, settings_in

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FixedFolder:
    """A folder that ``countervoice mine --out`` wrote.

    Attributes:
        register: The register of causes; None for the one in the folder.
    """

    folder: Path
    register: Path | None = None

    @property
    def ledger(self) -> Path:
        """The file of the fixes."""
        return self.folder / LEDGER_NAME

    @property
    def causes(self) -> Path:
        """The file of the causes."""
        return self.register or self.folder / REGISTER_NAME

    def standing(self) -> Standing:
        """How causes stand after all edits; as found where there is no register."""
        if not holds_something(self.causes):
            return standing_of(())
        with read_register(self.causes) as opened:
            return standing_of(opened.edits())

    def labels(self) -> Mapping[str, str]:
        """Cause id to its name."""
        if not holds_something(self.causes):
            return {}
        with read_register(self.causes) as opened:
            names = standing_of(opened.edits()).names
            return {cause.id: names.get(cause.id, cause.label) for cause in opened.causes().values()}

    def settings(self) -> MiningSettings:
        """Of the last mining."""
        return settings_in(self.folder)

    def mined(self) -> frozenset[str]:
        """The causes of the statements of the last mining, under the ids of those into which they were merged since.

        Raises:
            StateError: There is no mining, or none with a journal.
        """
        into = self.standing().merged
        return frozenset(into.get(cause, cause) for cause in self._journal().causes)

    def dated(self) -> DatedJournal:
        """The journal of the last mining.

        Raises:
            StateError: There is no mining, or none with a journal.
        """
        return self._journal().dated

    def _journal(self) -> "_Journal":
        path = find_state(self.folder) / JOURNAL_NAME
        return _read(path, mark_of(path))


@dataclass(frozen=True, slots=True)
class _Journal:
    """What fixes need of a journal: the causes of all its statements, and those statements that have a date."""

    causes: frozenset[str]
    dated: DatedJournal


@kept_once
def _read(path: Path, mark: Mark) -> _Journal:
    """The journal in ``path`` as long as it is the one with this mark."""
    journal = read_journal(path)
    return _Journal(frozenset(journal.column("cause_id")) - {None}, open_dated(journal))


def register_fix(
    place: FixedFolder,
    cause: str,
    owner: str,
    action: str,
    day: date,
    *,
    side: str | None = None,
    entering: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> Fix:
    """Write a fix down, with the day up to which messages had been mined by now.

    Once all has been read and checked, it is written within ``entering``, which may refuse.

    Raises:
        EditError: No such cause, or one that the last mining did not find; or a word is missing.
        StandingError: The cause was merged, or has a fix of this day.
        StateError: There is no mining in the folder.
    """
    with read_register(register_in(place.folder, place.register)) as opened:
        mined_cause(opened, cause, place.mined())
    dated = place.dated()
    fix = Fix(
        cause=cause,
        owner=owner,
        action=action,
        day=day,
        side=side,
        registered_at=datetime.now(UTC),
        looked_until=date.fromordinal(dated.last) if dated.last else None,
    )
    with entering(), open_ledger(place.ledger) as ledger:
        return ledger.register(fix)


def withdraw_fix(
    place: FixedFolder,
    number: int,
    reason: str,
    by: str,
    *,
    entering: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> Withdrawn:
    """Withdraw a fix for good, with the verdict that could be seen by now.

    Once that verdict is found, it is written within ``entering``, which may refuse.

    Raises:
        EditError: There is no such fix, it was withdrawn before, or a word is missing.
        StateError: There is no mining in the folder, or the ledger cannot be used.
    """
    settings = place.settings()
    entries = read_ledger(place.ledger)
    entries.standing(number)
    (reviewed,) = (each for each in _reviewed(place, settings, entries).found if each.fix.number == number)
    withdrawal = Withdrawal(
        fix=number,
        at=datetime.now(UTC).replace(microsecond=0),  # as the ledger keeps it
        by=by.strip(),
        reason=reason.strip(),
        seen=verdict_seen(reviewed, entries.looks, place.dated().last),
    )
    with entering(), open_ledger(place.ledger) as ledger:
        ledger.withdraw(withdrawal)
    return Withdrawn(reviewed.fix, reviewed.cause, withdrawal)


def review_folder(place: FixedFolder, settings: MiningSettings | None = None) -> Review:
    """What became of each fix by the last mining, what was withdrawn, and what minings said before.

    Raises:
        StateError: There is no mining with a journal, or the ledger cannot be read.
    """
    entries = read_ledger(place.ledger)
    if not (entries.fixes or entries.withdrawn):
        return Review()
    return _reviewed(place, settings or place.settings(), entries)


def _reviewed(place: FixedFolder, settings: MiningSettings, entries: Entries) -> Review:
    merged = place.standing().merged
    return Review(
        review(place.dated(), entries.fixes, settings, merged),
        [Withdrawn(fix, merged.get(fix.cause, fix.cause), each) for fix, each in entries.withdrawn],
        entries.looks,
    )


def shifted_by(place: FixedFolder, fix: Fix) -> list[int]:
    """Numbers of the other fixes that have the cause of ``fix`` as a control without it, and not with it.

    Raises:
        StateError: There is no mining with a journal, or the ledger cannot be read.
    """
    others = [each for each in read_ledger(place.ledger).fixes if each.number != fix.number]
    return held_against(fix.cause, place.dated(), others, place.standing().merged)


def note_fixes(place: FixedFolder, settings: MiningSettings, at: datetime) -> list[Reviewed]:
    """Keep what the mining that has just ended says of each fix, where it is news; those fixes.

    A mining that is done is not undone by a ledger that cannot be written: that is logged.
    """
    try:
        found = review_folder(place, settings).found
        if not found:
            return []
        with open_ledger(place.ledger) as ledger:
            news = ledger.note({each.fix.number: each.outcome for each in found}, at)
    except (CountervoiceError, OSError) as error:
        log.error("the verdicts on fixes were not kept: %s", error)
        return []
    return [each for each in found if each.fix.number in news]
