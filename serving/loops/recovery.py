"""The recovery queue in the report: how many to contact, by cause, and nobody by name."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from data.playbook import Gesture
from mining.loop_table import LoopTable
from mining.recovery.queue import Entry, Queue
from mining.report_words import count, plural
from serving.loops.asking import asked_by, not_shown
from serving.recovery.desk import Desk

SHOWN = 8


def recovery_table(folder: Path, names: Mapping[str, str], today: date) -> LoopTable:
    """The open people by cause, most first; who complained of two causes stands in both."""
    desk = Desk(folder)
    queue, gestures = desk.queue(today), desk.rules().gestures.values()
    waiting = [entry for entry in queue.entries if entry.state == "open"]
    people = defaultdict[str, list[Entry]](list)
    for entry in waiting:
        for cause in entry.person.causes:
            people[cause].append(entry)
    ranked = sorted(people.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    rows = [
        (
            names.get(cause, cause),
            count(len(entries)),
            count(sum(entry.overdue for entry in entries)),
            f"{entries[0].urgency:.0f}",
            _begin_with(entries, gestures),
        )
        for cause, entries in ranked[:SHOWN]
    ]
    states = ", ".join(f"{count(number)} {state}" for state, number in sorted(queue.states().items()))
    return LoopTable(
        title="Who is to be won back?",
        question=(
            f"{plural(len(queue.entries), 'person', 'people')} who complained: {states or 'nobody'}; "
            "by cause, those still open."
        ),
        columns=("Cause", "Open", "Overdue", "Highest urgency (0 to 100)", "Gesture to begin with"),
        rows=rows,
        note=" ".join([*_left_out(waiting, len(ranked) - len(rows)), *_notes(queue)]),
        command=asked_by("recover queue", folder),
    )


def _begin_with(entries: Sequence[Entry], gestures: Iterable[Gesture]) -> str:
    """The gesture that most of them begin with, of equals the first of ``gestures``; and how many, if not all."""
    wanted = Counter(entry.gesture.id for entry in entries)
    most = max(gestures, key=lambda gesture: wanted[gesture.id])
    some = wanted[most.id] < len(entries)
    return most.names["en"] + (f" (for {count(wanted[most.id])} of {count(len(entries))})" if some else "")


def _left_out(waiting: Sequence[Entry], causes: int) -> Iterator[str]:
    """What the table has no row for."""
    if causes:
        yield not_shown(causes, "cause")
    if without := sum(not entry.person.causes for entry in waiting):
        yield f"{plural(without, 'open person', 'open people')} in no cause."


def _notes(queue: Queue) -> Iterator[str]:
    if queue.entries and queue.nameless == len(queue.entries):
        yield "The file names no author of them: they can be contacted only where their messages came from."
    elif queue.nameless:
        yield f"{count(queue.nameless)} of them have no author in the file."
    if queue.held_out:
        yield f"{plural(queue.held_out, 'person', 'people')} held out for comparison."
