"""The beliefs of a mining folder: sealed in its book, shown against its journal."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from data.errors import ColumnError, EditError, InputError
from data.labels import TOPICS
from data.records import Rejection
from data.tables import open_table
from mining.edits import mined_cause
from mining.gap.beliefs import Belief, default_margin
from mining.gap.book import Sealed, open_book, read_book
from mining.gap.measured import Complaints, Measured
from mining.gap.verdict import Gap, gaps
from mining.journal import JOURNAL_NAME, read_journal
from mining.register import read_register
from serving.fixes.folder import FixedFolder
from serving.marks import Mark, kept_once, mark_of
from serving.state import find_state

COLUMNS = ("topic", "share", "by")


@dataclass(frozen=True, slots=True)
class Showing:
    """What is shown of a folder.

    Attributes:
        people: Everybody who complains.
        without_topic, without_cause: Those of them with a complaint that has no topic, or is in no cause.
        gaps: Each sealed belief with its gap, by subject and person.
        revealed: Topic to its share, for topics without a belief; where it was asked for, else empty.
        nobody_said: Topics without a belief, where their shares are not revealed.
        labels: Cause id to its name.
        waiting: Sealed beliefs that are left out, since to show them would close their subjects.
    """

    people: int
    without_topic: int
    without_cause: int
    gaps: Sequence[tuple[Sealed, Gap]]
    revealed: Mapping[str, Measured]
    nobody_said: Sequence[str]
    labels: Mapping[str, str]
    waiting: int = 0


def believe(
    folder: Path,
    subject: str,
    share: float,
    by: str,
    *,
    margin: float | None = None,
    at: datetime | None = None,
    entering: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> Sealed:
    """Seal one belief about a topic or a cause; the book is written within ``entering``, which may refuse.

    Raises:
        EditError: No such topic or cause, or one that was merged or that the last mining did not find; or a number or
            the name is out of range.
        SealedError: The measured share of the subject was shown already.
        StateError: The folder or its book cannot be used.
    """
    return believe_all(folder, [_belief(subject, share, by, margin, at)], entering)[0]


def believe_file(folder: Path, path: Path) -> list[Sealed]:
    """Seal every row of a file with the columns ``topic``, ``share`` and ``by``: all of them, or none.

    Raises:
        InputError: The file cannot be read, or a row holds no belief.
        EditError, SealedError, StateError: As with ``believe``.
    """
    table = open_table(path)
    if missing := [name for name in COLUMNS if name not in table.names]:
        raise ColumnError(f"{path.name} has no column {', '.join(missing)}: it needs {', '.join(COLUMNS)}")
    beliefs = []
    for row in table.rows():
        if isinstance(row, Rejection):
            raise InputError(f"row {row.row} of {path.name}: {row.reason}")
        number, cells = row
        topic, share, by = (str(cells[table.names.index(name)] or "").strip() for name in COLUMNS)
        try:
            beliefs.append(_belief(topic, float(share), by))
        except (ValueError, EditError) as error:
            reason = (
                error
                if isinstance(error, EditError)
                else f"the share {share!r} is no number, for instance 0.1"
            )
            raise InputError(f"row {number} of {path.name}: {reason}") from error
    return believe_all(folder, beliefs)


def believe_all(
    folder: Path,
    beliefs: Sequence[Belief],
    entering: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> list[Sealed]:
    """Seal the beliefs in order: all of them, or none."""
    find_state(folder)
    for belief in beliefs:
        _check_subject(folder, belief)
    with entering(), open_book(folder) as book:
        return [book.enter(belief) for belief in beliefs]


def show(folder: Path, *, reveal: bool = False, at: datetime | None = None) -> Showing:
    """The beliefs against the journal; what is shown is noted, and no belief about it is taken from then on.

    Args:
        folder: That ``mine --out`` wrote.
        reveal: Show the topics without a belief, too.
        at: When; now by default.

    Raises:
        StateError: There is no mining with a journal, or the book cannot be used.
    """
    place = FixedFolder(folder)
    settings, merged = place.settings(), place.standing().merged
    complaints = _complaints_in(folder, merged)
    numbers = complaints.people >= settings.share_people
    beliefs = _closed(folder, complaints if numbers else None, merged, reveal, at or datetime.now(UTC))
    open_topics = [topic for topic in TOPICS if topic not in {each.belief.subject for each in beliefs}]
    shown = reveal and numbers
    return replace(
        _beside(place, complaints, beliefs, merged),
        revealed={topic: complaints.of(topic) for topic in open_topics} if shown else {},
        nobody_said=() if shown else open_topics,
    )


def shown_before(folder: Path) -> Showing:
    """The beliefs whose shares were shown already, against the journal: nothing else is told, and nothing closed.

    A cause that was merged since into one that nobody was shown waits with that one.

    Raises:
        StateError: There is no mining with a journal, or the book cannot be used.
    """
    place = FixedFolder(folder)
    merged = place.standing().merged
    beliefs, shown = read_book(folder)
    told = [each for each in beliefs if _subjects([each], merged) <= set(shown)]
    showing = _beside(place, _complaints_in(folder, merged), told, merged)
    return replace(showing, waiting=len(beliefs) - len(told))


def _beside(
    place: FixedFolder, complaints: Complaints, beliefs: Sequence[Sealed], merged: Mapping[str, str]
) -> Showing:
    """These beliefs beside what was measured of their subjects, and nothing of any other."""
    pairs = [(each.belief, _measured(complaints, each.belief.subject, merged)) for each in beliefs]
    return Showing(
        people=complaints.people,
        without_topic=complaints.unnamed(topics=True),
        without_cause=complaints.unnamed(topics=False),
        gaps=list(zip(beliefs, gaps(pairs, place.settings()), strict=True)),
        revealed={},
        nobody_said=(),
        labels=place.labels(),
    )


def _measured(complaints: Complaints, subject: str, merged: Mapping[str, str]) -> Measured | None:
    return complaints.of(merged.get(subject, subject)) if complaints.knows(subject) else None


def _complaints_in(folder: Path, merged: Mapping[str, str]) -> Complaints:
    journal = find_state(folder) / JOURNAL_NAME
    return _complaints(journal, mark_of(journal), frozenset(merged.items()))


@kept_once
def _complaints(path: Path, mark: Mark, merged: frozenset[tuple[str, str]]) -> Complaints:
    """What the journal at ``path`` tells as long as it is the one with this mark; no words of anybody are kept."""
    return Complaints(read_journal(path), dict(merged))


def _closed(
    folder: Path, complaints: Complaints | None, merged: Mapping[str, str], reveal: bool, at: datetime
) -> list[Sealed]:
    """The beliefs that stand, closed before anybody sees a number.

    There is none to see below the gate, where ``complaints`` is None, or of a cause that the mining did not find.
    """
    beliefs, shown = read_book(folder)
    if complaints is None:
        return beliefs
    subjects = _seen(beliefs, complaints, merged) | (set(TOPICS) if reveal else set())
    if subjects <= set(shown):
        return beliefs
    with open_book(folder) as book:  # read again: somebody may have entered one since
        beliefs = book.beliefs()
        book.show(subjects | _seen(beliefs, complaints, merged), at)
    return beliefs


def _seen(beliefs: Sequence[Sealed], complaints: Complaints, merged: Mapping[str, str]) -> set[str]:
    """The subjects of these beliefs that have a number."""
    return {subject for subject in _subjects(beliefs, merged) if complaints.knows(subject)}


def _subjects(beliefs: Sequence[Sealed], merged: Mapping[str, str]) -> set[str]:
    own = {each.belief.subject for each in beliefs}
    return own | {merged.get(subject, subject) for subject in own}


def _belief(
    subject: str, share: float, by: str, margin: float | None = None, at: datetime | None = None
) -> Belief:
    return Belief(
        subject=subject,
        share=share,
        margin=default_margin(share) if margin is None else margin,
        by=by.strip(),
        at=(at or datetime.now(UTC)).replace(microsecond=0),
        salt=secrets.token_hex(16),
    )


def _check_subject(folder: Path, belief: Belief) -> None:
    if belief.is_topic:
        return
    if not belief.subject.startswith("c-"):
        raise EditError(f"no topic {belief.subject!r}: give one of {', '.join(TOPICS)}, or the id of a cause")
    place = FixedFolder(folder)
    with read_register(place.causes) as opened:
        mined_cause(opened, belief.subject, place.mined())
