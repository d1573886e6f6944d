"""Whether a cause still holds the messages that it held when it was born or last named."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from mining.register import MINING, PEOPLE, LogEntry


@dataclass(frozen=True, slots=True)
class Change:
    """A cause that kept ``kept`` of ``of`` messages, under half, since it was ``since``: born, or named by people.

    Messages that the mining has no longer are not counted.
    """

    cause: str
    kept: int
    of: int
    since: str


def changes_of(
    log: Iterable[LogEntry], held: Mapping[str, Set[str]], keys: Set[str], fewest: int
) -> Iterator[Change]:
    """The causes that changed and of which the log does not say so yet, in the order of their ids.

    Args:
        log: Up to this mining.
        held: Each cause that this mining found to the keys of the messages in it.
        keys: Of all messages of this mining.
        fewest: Messages that must still be there for a word on them.
    """
    starts = _starts(log)
    for cause in sorted(starts.keys() & held.keys()):
        before = keys & set(starts[cause].details.get("members", ()))  # an earlier version wrote none
        kept = before & held[cause]
        if len(before) >= fewest and 2 * len(kept) < len(before):
            yield Change(cause, len(kept), len(before), "named" if starts[cause].actor == PEOPLE else "born")


def _starts(log: Iterable[LogEntry]) -> Mapping[str, LogEntry]:
    """Cause id to its birth or its last name, whichever is later, without those that changed since."""
    starts = dict[str, LogEntry]()
    for entry in log:
        if entry.kind == "rename" or (entry.actor == MINING and entry.kind in ("born", "split")):
            starts[entry.cause] = entry
        elif entry.kind == "changed":
            starts.pop(entry.cause, None)
    return starts
