"""Who complained: one record a person out of the journal, with what each signal of urgency needs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from data.customers import author_key
from data.labels import COMPLAINTS
from mining.journal import Journal
from mining.recovery.shouting import shouts

_COLUMNS: Final = (
    "feedback_id",
    "start",
    "text",
    "language",
    "person",
    "author",
    "created_at",
    "solicited",
    "cause_id",
    "side",
    "topics",
    "p_negative",
)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complainer:
    """One person with at least one complaint.

    Attributes:
        key: The author as ``data.customers.author_key`` compares it; where there is none, that of the person.
        author: As the source names the person, None where it does not.
        feedback: Ids of all messages of the person, sorted.
        days: Days in UTC on which the person complained, earliest first; without those of unknown date.
        anger: Greatest probability that one of the complaints is negative, in [0, 1].
        shouting: Whether one of the complaints shouts.
        solicited: False where one of the complaints came unasked; None where that is not known of any.
        causes: Of the complaints, sorted.
        topics: The main topic of each of these causes, and those of the complaints without a cause, sorted.
        quote, language: The angriest complaint.
        quoted: Id of the feedback that it stands in.
        last_at: When the last complaint of known date was written, in UTC.
    """

    key: str
    author: str | None
    feedback: tuple[str, ...]
    days: tuple[date, ...]
    anger: float
    shouting: bool
    solicited: bool | None
    causes: tuple[str, ...]
    topics: tuple[str, ...]
    quote: str
    language: str
    quoted: str
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Complainers:
    """Everybody who complained, by key, and the number of copied messages that were left out."""

    people: Mapping[str, Complainer]
    copied: int


def person_key(author: str | None, person: str) -> str:
    """What a person is kept under from one mining to the next."""
    named = author_key(author or "")
    return f"author:{named}" if named else f"person:{person}"


def author_of(key: str) -> str | None:
    """The author whom such a key names, as ``data.customers.author_key`` compares names; None where it names none."""
    name = key.removeprefix("author:")
    return None if name == key else name


def complainers(journal: Journal) -> Complainers:
    """Everybody in ``journal`` with a complaint, in the order of their keys.

    Copied messages (one voice under several names, a campaign) are left out: there is nobody to rescue. So are
    erased ones.
    """
    rows = [row for row in _rows(journal) if row["text"] is not None]
    voices: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        voices[row["person"]].add(person_key(row["author"], row["feedback_id"]))
    own, copied = defaultdict(list), set()
    for row in rows:
        if len(voices[row["person"]]) > 1 and _is_complaint(row):
            copied.add(row["feedback_id"])
        elif len(voices[row["person"]]) == 1:
            own[person_key(row["author"], row["person"])].append(row)
    main = _main_topics(rows)
    people = {
        key: _complainer(key, own[key], main) for key in sorted(own) if any(map(_is_complaint, own[key]))
    }
    return Complainers(people, len(copied))


def _rows(journal: Journal) -> Iterator[Row]:
    columns = [journal.column(name) for name in _COLUMNS]
    for cells in zip(*columns, strict=True):
        yield dict(zip(_COLUMNS, cells, strict=True))


def _is_complaint(row: Row) -> bool:
    return row["side"] in COMPLAINTS


def _main_topics(rows: Iterable[Row]) -> dict[str, str]:
    """Cause id to the topic that most of its statements have: many statements err less than one."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["cause_id"]:
            counts[row["cause_id"]].update(row["topics"])
    return {
        cause: max(found, key=lambda topic: (found[topic], topic)) for cause, found in counts.items() if found
    }


def _topics(row: Row, main: Mapping[str, str]) -> Sequence[str]:
    topic = main.get(row["cause_id"] or "")
    return row["topics"] if topic is None else (topic,)


def _complainer(key: str, rows: Sequence[Row], main: Mapping[str, str]) -> Complainer:
    complaints = [row for row in rows if _is_complaint(row)]
    angriest = max(complaints, key=lambda row: (row["p_negative"], row["feedback_id"], -row["start"]))
    moments = sorted(row["created_at"] for row in complaints if row["created_at"] is not None)
    return Complainer(
        key=key,
        author=next((row["author"] for row in rows if row["author"]), None),
        feedback=_distinct(row["feedback_id"] for row in rows),
        days=tuple(sorted({moment.date() for moment in moments})),
        anger=float(angriest["p_negative"]),
        shouting=any(shouts(row["text"]) for row in complaints),
        solicited=_solicited([row["solicited"] for row in complaints]),
        causes=_distinct(row["cause_id"] for row in complaints if row["cause_id"]),
        topics=_distinct(topic for row in complaints for topic in _topics(row, main)),
        quote=angriest["text"],
        language=angriest["language"],
        quoted=angriest["feedback_id"],
        last_at=moments[-1] if moments else None,
    )


def _solicited(known: Sequence[bool | None]) -> bool | None:
    answers = [answer for answer in known if answer is not None]
    return all(answers) if answers else None


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
