"""Who wrote: one record for each person, with their messages in order of time."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from data.customers import Customer, author_key
from data.labels import COMPLAINTS
from data.web_addresses import holds_web_address
from mining.journal import Journal
from mining.periods import day_of, time_order

_COLUMNS: Final = (
    *("feedback_id", "person", "author", "created_at", "source", "channel", "solicited", "rating", "outcome"),
    *("segments", "cause_id", "side", "text"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: when and where it was written, how it rates, and what it says.

    Attributes:
        created_at: In UTC.
        context: What it is about: its value of the context column, such as the product; "" without one.
        said: Pairs of a cause and a side of it; the side is None where a statement takes none. Statements in no cause
            are not among them.
        complains: Whether any statement complains, in a cause or not.
        praise: Cause to a statement that praises it, "" once its words were erased. Empty in a message with a web
            address: adverts praise, too.
    """

    feedback_id: str
    created_at: datetime | None
    author: str | None
    source: str | None
    channel: str | None
    solicited: bool | None
    rating: float | None
    outcome: float | None
    context: str
    said: frozenset[tuple[str, str | None]]
    complains: bool
    praise: Mapping[str, str] = field(default_factory=dict)

    @property
    def day(self) -> date | None:
        """The day of writing in UTC."""
        return None if self.created_at is None else day_of(self.created_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A person who wrote.

    Attributes:
        person: Id of their first message, by id.
        context: What most of their messages are about: a model of leaving holds one product equal for a person. What is
            counted of a product is counted of the messages about it.
        messages: In order of time, those without one first.
        customer: Of the customers file; None for those it does not name, and for a campaign of several customers.
    """

    person: str
    context: str
    messages: Sequence[Message]
    customer: Customer | None = None

    @property
    def first_day(self) -> date | None:
        """The day of their first message that has one."""
        return next((message.day for message in self.messages if message.day), None)

    @property
    def author(self) -> str | None:
        """The name they last wrote under."""
        return next((message.author for message in reversed(self.messages) if message.author), None)

    @property
    def said(self) -> frozenset[tuple[str, str | None]]:
        """Everything that they said of causes, in any message."""
        return frozenset().union(*(message.said for message in self.messages))

    @property
    def complains(self) -> bool:
        """Whether they complain of anything, in any message."""
        return any(message.complains for message in self.messages)

    @property
    def latest_rating(self) -> float | None:
        """That of their latest message with a rating."""
        ratings = (message.rating for message in reversed(self.messages))
        return next((rating for rating in ratings if rating is not None), None)

    @property
    def latest_ratings(self) -> dict[str, float]:
        """What they rated to their latest rating of it; "" where a message is about no product."""
        return {message.context: message.rating for message in self.messages if message.rating is not None}


def writers_of(
    journal: Journal, customers: Mapping[str, Customer] | None = None, *, context: str = "product"
) -> list[Writer]:
    """The people of a mining, by id.

    Args:
        journal: What the mining left.
        customers: By ``author_key``.
        context: Segment that tells what a message is about, such as the product.
    """
    statements: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in journal.table.select(_COLUMNS).to_pylist():
        statements[row["person"]][row["feedback_id"]].append(row)
    return [
        _writer(person, [_message(rows, context) for rows in messages.values()], customers or {})
        for person, messages in sorted(statements.items())
    ]


def _message(rows: Sequence[Mapping[str, Any]], context: str) -> Message:
    first = rows[0]
    return Message(
        feedback_id=first["feedback_id"],
        created_at=first["created_at"],
        author=first["author"],
        source=first["source"],
        channel=first["channel"],
        solicited=first["solicited"],
        rating=first["rating"],
        outcome=first["outcome"],
        context=dict(first["segments"] or ()).get(context, ""),
        said=frozenset((row["cause_id"], row["side"]) for row in rows if row["cause_id"] is not None),
        complains=any(row["side"] in COMPLAINTS for row in rows),
        praise=_praise(rows),
    )


def _praise(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    found = {
        row["cause_id"]: row["text"] or ""
        for row in rows
        if row["side"] == "praise" and row["cause_id"] is not None
    }
    is_advert = bool(found) and any(holds_web_address(row["text"] or "") for row in rows)
    return {} if is_advert else found


def _writer(person: str, messages: Sequence[Message], customers: Mapping[str, Customer]) -> Writer:
    ordered = sorted(messages, key=lambda message: time_order(message.created_at, message.feedback_id))
    names = {author_key(message.author) for message in ordered if message.author}
    known = [customers[name] for name in sorted(names) if name in customers]
    places = Counter(message.context for message in ordered)
    return Writer(
        person=person,
        context=max(sorted(places), key=lambda value: places[value]),
        messages=tuple(ordered),
        customer=known[0] if len(known) == 1 else None,
    )
