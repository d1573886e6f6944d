"""Entries of the register's log as people say them."""

from collections.abc import Mapping
from typing import Any

from data.labels import AS_READ
from mining.register import PEOPLE, LogEntry
from mining.report_words import plural


def told(entry: LogEntry) -> str:
    """One entry of the log as people say it."""
    return _told_of_people(entry) if entry.actor == PEOPLE else _told_of_minings(entry)


def _told_of_people(entry: LogEntry) -> str:
    details = entry.details
    match entry.kind:
        case "rename":
            return f"named “{details['name']}”"
        case "cost":
            return f"one case costs {details['cost']:g}"
        case "merge":
            return f"merged into {details['into']}"
        case "split":
            named = f" as “{details['name']}”" if details["name"] else ""
            return f"{details['new']} split off{named}, by {_seeds(details)}"
        case "move":
            return f"{details['statement']} moved here from {details['from'] or 'no cause'}"
        case "side":
            return f"{details['statement']} read {how_read(details['side'])}"
        case kind:
            return {"hide": "hidden", "unhide": "shown again"}[kind]


def how_read(reading: str) -> str:
    """How a statement is read from now on, as people say it."""
    return "by the model again" if reading == AS_READ else f"as {reading.replace('_', ' ')}"


def _told_of_minings(entry: LogEntry) -> str:
    details = entry.details
    match entry.kind:
        case "merged":
            return f"{_counts(details)} found in {details['into']} ({plural(details['shared'], 'message')} of it there)"
        case "split":
            return f"{_counts(details)}, split off {details['from']} ({plural(details['shared'], 'message')} from it)"
        case "retired":
            return f"not found any more; last {_counts(details)}"
        case "changed":
            return (
                f"holds {details['kept']} of the {plural(details['of'], 'message')} that it held when it was "
                f"{details['since']}"
            )
        case kind:
            return f"{kind}, {_counts(details)}"


def causes_of(entry: LogEntry) -> set[str]:
    """Ids of the causes that an entry speaks of."""
    return {entry.cause} | {
        str(entry.details[key]) for key in ("into", "new", "from") if entry.details.get(key)
    }


def _seeds(details: Mapping[str, Any]) -> str:
    words = [f"“{phrase}”" for phrase in details["phrases"]] + list(details["statements"])
    return ", ".join(words)


def _counts(details: Mapping[str, Any]) -> str:
    people = plural(details["people"], "person", "people")
    return f"{people}, {plural(details['statements'], 'statement')}"
