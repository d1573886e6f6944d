"""The recovery queue in a terminal."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console

from mining.recovery.queue import Entry, Queue
from mining.report_words import count, excerpt, plural
from mining.terminal_voice import Voice, table_of

_QUOTE: Final = 60
_NAME: Final = 30
_ID: Final = len("p-ea542e5bf9e5e04a")


def print_queue(console: Console, queue: Queue, shown: Sequence[Entry], language: str) -> None:
    """One line for each of ``shown``, and how the whole queue stands."""
    say, table = Voice(console), table_of()
    table.add_column("Urgency", justify="right", no_wrap=True)
    table.add_column("Due", no_wrap=True)
    table.add_column("Person", overflow="fold", max_width=None if say.wide else _ID)
    table.add_column("State", no_wrap=True)
    table.add_column("Said", ratio=4, overflow="fold")
    table.add_column("Begin with", ratio=4, overflow="fold")
    for entry in shown:
        table.add_row(
            f"{entry.urgency:.0f}",
            f"{entry.due}{' !' if entry.overdue else ''}",
            say.text(f"{entry.id}\n{excerpt(entry.person.author or 'no name', _NAME)}"),
            entry.state,
            say.text(excerpt(entry.person.quote, _QUOTE)),
            say.text(_gesture(entry, language)),
        )
    console.print(table)
    console.print(_closing(queue, len(shown)), style="dim", highlight=False)


def _closing(queue: Queue, shown: int) -> str:
    states = ", ".join(f"{count(number)} {state}" for state, number in sorted(queue.states().items()))
    parts = [
        f"{plural(len(queue.entries), 'person', 'people')}: {states or 'nobody'}",
        f"{count(shown)} shown",
    ]
    if queue.overdue:
        parts.append(f"{count(queue.overdue)} overdue (!)")
    if queue.nameless:
        parts.append(f"{count(queue.nameless)} without an author in the file")
    if queue.held_out:
        parts.append(f"{count(queue.held_out)} held out")
    if queue.not_mined:
        parts.append(f"{count(queue.not_mined)} contacted, not in this mining")
    if queue.copied:
        parts.append(f"{plural(queue.copied, 'copied message')} left out")
    return "; ".join(parts)


def _gesture(entry: Entry, language: str) -> str:
    if entry.standing is not None and entry.state != "open":
        return f"{', '.join(entry.standing.gestures) or '–'}; spent {entry.standing.cost:g}"
    return f"{entry.gesture.names[language]} ({entry.gesture.cost:g})"
