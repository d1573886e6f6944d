"""Where a cause comes from: the causes that became part of it, and those that it was split off, as the log tells."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from mining.register import LogEntry

_MERGES = ("merge", "merged")  # by people, by minings


def sources_of(log: Iterable[LogEntry]) -> Mapping[str, frozenset[str]]:
    """Cause id to all causes that it has something of, near and far, itself left out; without those that have none."""
    near: dict[str, set[str]] = defaultdict(set)
    for entry in log:
        if entry.kind in _MERGES:
            near[entry.details["into"]].add(entry.cause)
        elif entry.kind == "split":
            new, parent = _parted(entry)
            near[new].add(parent)
    return {cause: _all_behind(cause, near) for cause in [*near]}


def _parted(entry: LogEntry) -> tuple[str, str]:
    """The new cause and the one that it was split off: people name the old one first, minings the new one."""
    if "new" in entry.details:
        return entry.details["new"], entry.cause
    return entry.cause, entry.details["from"]


def _all_behind(cause: str, near: Mapping[str, set[str]]) -> frozenset[str]:
    found, ahead = set[str](), [cause]
    while ahead:
        new = near.get(ahead.pop(), set()) - found
        found |= new
        ahead += new
    return frozenset(found - {cause})
