"""Who the writers are to the company: since when they buy, what they are worth a year, and whether they left."""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from data.sample.design import LAST_DAY, LEAVES, LEAVES_AFTER
from data.sample.messages import Message, seeded

_YEARLY: Final = {"The Counting House": (15, 60), "Mangobike": (60, 900), "Pinglet": (40, 180)}
_LONGEST_CUSTOMER: Final = 1500  # days before the first message


def customers(messages: Sequence[Message]) -> list[dict[str, str]]:
    """One row for each author who gave a name, by name: author, customer_since, left_on, yearly_value.

    Who leaves does so after the last message; ``left_on`` is empty for those who stayed.
    """
    written: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        if message.author:
            written[message.author].append(message)
    return [_customer(author, written[author]) for author in sorted(written)]


def _customer(author: str, messages: Sequence[Message]) -> dict[str, str]:
    chance = seeded(f"customer:{author}")
    days = [message.day for message in messages]
    since = min(days) - timedelta(days=chance.randrange(10, _LONGEST_CUSTOMER))
    left = _left_on(messages, max(days), chance)
    return {
        "author": author,
        "customer_since": since.isoformat(),
        "left_on": left.isoformat() if left else "",
        "yearly_value": str(chance.randint(*_YEARLY[messages[0].product])),
    }


def _left_on(messages: Sequence[Message], last: date, chance: random.Random) -> date | None:
    odds = max(LEAVES_AFTER.get(part, LEAVES) for message in messages for part in message.parts)
    leaves, wait = chance.random() < odds, chance.randrange(3, 90)
    day = last + timedelta(days=wait)
    return day if leaves and day <= LAST_DAY else None
