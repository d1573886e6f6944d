"""The recovery queue for programs: entries as JSON, and as the columns of a table."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from mining.recovery.effect import Effect
from mining.recovery.queue import Entry, Queue
from mining.recovery.standing import Standing, Stood

COLUMNS: Final = (
    "id",
    "author",
    "state",
    "urgency",
    "due",
    "overdue",
    "gesture",
    "offer",
    "cost",
    "causes",
    "topics",
    "last_complaint",
    "language",
    "quote",
    "quoted",
    "feedback",
    "anger",
    "shouting",
    "severity",
    "value",
    "recency",
    "unsolicited",
    "contacted",
    "gestures",
    "spent",
    "outcome",
)
"""Of an exported queue."""


def entry_record(entry: Entry) -> dict[str, Any]:
    """An entry as JSON has it; dates as ISO."""
    person, standing = entry.person, entry.standing
    return {
        "id": entry.id,
        "author": person.author,
        "state": entry.state,
        "urgency": round(entry.urgency, 1),
        "signals": {
            name: None if value is None else round(value, 3) for name, value in asdict(entry.signals).items()
        },
        "due": entry.due.isoformat(),
        "overdue": entry.overdue,
        "gesture": {
            "id": entry.gesture.id,
            "cost": entry.gesture.cost,
            "names": dict(entry.gesture.names),
        },
        "causes": list(person.causes),
        "topics": list(person.topics),
        "last_complaint": person.days[-1].isoformat() if person.days else None,
        "language": person.language,
        "quote": person.quote,
        "quoted": person.quoted,
        "feedback": list(person.feedback),
        **_ledger_record(standing),
    }


def standing_record(person: Entry | Stood) -> dict[str, Any]:
    """How it stands with a person, without their words."""
    return {"id": person.id, "state": person.state, **_ledger_record(person.standing)}


def _ledger_record(standing: Standing | None) -> dict[str, Any]:
    return {
        "contacted": [moment.isoformat() for moment in standing.contacted] if standing else [],
        "gestures": list(standing.gestures) if standing else [],
        "spent": standing.cost if standing else 0.0,
        "outcome": standing.outcome if standing else None,
    }


def queue_record(queue: Queue, shown: Sequence[Entry]) -> dict[str, Any]:
    """The entries ``shown`` of a queue, and how all of it stands, as JSON has it."""
    return {
        "people": [entry_record(entry) for entry in shown],
        "states": queue.states(),
        "overdue": queue.overdue,
        "held_out": queue.held_out,
        "copied": queue.copied,
        "not_mined": queue.not_mined,
    }


def queue_columns(entries: Sequence[Entry], language: str) -> dict[str, list[Any]]:
    """The columns of an exported queue, for ``data.writing.write_table``; offers in ``language``."""
    rows = [_flat(entry, language) for entry in entries]
    return {name: [row[name] for row in rows] for name in COLUMNS}


def effect_record(effect: Effect) -> dict[str, Any]:
    """An effect as JSON has it; dates as ISO."""
    until = None if effect.until is None else effect.until.isoformat()
    return {**asdict(effect), "until": until, "causal": effect.causal}


def _flat(entry: Entry, language: str) -> dict[str, Any]:
    record = entry_record(entry)
    return {
        **record,
        **record["signals"],
        "gesture": entry.gesture.id,
        "offer": entry.gesture.names[language],
        "cost": entry.gesture.cost,
    }
