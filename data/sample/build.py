"""``python -m data.sample.build``: composes the files of the sample from the texts in ``texts/``.

Every message was written by hand, with the causes and sides that it speaks of. Authors, dates, sources, ratings and
segments are added here, by chance with fixed seeds, so that what ``data.sample.design`` plants is in the file.
"""

import csv
import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

from data.errors import InputError
from data.sample.casting import give_authors, give_days
from data.sample.customers import customers
from data.sample.design import (
    BELIEFS,
    BURSTS,
    CAMPAIGNS,
    FIXES,
    LEAVES,
    LEAVES_AFTER,
    LOOSE,
    MARGINS,
    OPPOSITIONS,
    SYSTEMIC,
)
from data.sample.messages import Message, read_texts, seeded
from data.writing import whole_file

FOLDER: Final = Path(__file__).parent
LEAST_MESSAGES: Final = 2400

_CHANNELS: Final = {
    "app_store": "app",
    "play_store": "app",
    "email": "mail",
    "survey": "web",
    "web_shop": "web",
    "social": "social",
}
_SOURCE_ODDS: Final = (18, 24, 16, 20, 12, 10)
_PLANS: Final = ("solo", "family", "team")
_PLAN_ODDS: Final = (45, 40, 15)
_REGIONS: Final = ("north", "south", "east", "west")
_TRUE_TO_SEGMENT: Final = 0.95
_WITHOUT_RATING: Final = {"email": 0.8, "social": 0.9}
_RATINGS: Final = {
    "complaint": (1, 1, 2, 2, 3),
    "too_little": (1, 2, 2, 3, 3),
    "too_much": (1, 1, 2, 2, 3),
    "praise": (4, 5, 5, 5),
    "noise": (3, 3, 4, 5),
    "spam": (1, 5, 5),
    "anecdote": (2, 3, 4),
}
_MIXED: Final = (2, 3, 3, 4)


def build(folder: Path = FOLDER) -> int:
    """Write the four tables and ``truth.json`` from ``folder``'s ``texts``; gives the number of messages.

    Raises:
        InputError: A text file is malformed, a text comes twice, or there are under ``LEAST_MESSAGES``.
    """
    messages = read_texts(folder / "texts")
    if len(messages) < LEAST_MESSAGES:
        raise InputError(
            f"{len(messages):,} texts in {folder / 'texts'}: at least {LEAST_MESSAGES:,} are needed"
        )
    give_days(messages)
    give_authors(messages)
    messages.sort(key=lambda message: (message.day, message.chance("order").random()))
    for number, message in enumerate(messages, start=1):
        message.id = f"f-{number:04}"
    _write_rows(folder / "feedback.csv", [_row(message) for message in messages])
    _write_rows(folder / "customers.csv", customers(messages))
    _write_rows(
        folder / "beliefs.csv",
        [{"topic": each.topic, "share": f"{each.share:g}", "by": each.by} for each in BELIEFS],
    )
    _write_rows(folder / "margins.csv", _margins())
    with whole_file(folder / "truth.json", "w") as file:
        json.dump(_truth(messages), file, ensure_ascii=False, indent=1)
        file.write("\n")
    return len(messages)


def _write_rows(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with whole_file(path, "w") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _margins() -> list[dict[str, str]]:
    return [
        {"column": column, "value": value, "share": f"{share:g}"}
        for column, shares in MARGINS.items()
        for value, share in shares.items()
    ]


def _row(message: Message) -> dict[str, str]:
    chance = message.chance("row")
    (source,) = chance.choices(list(_CHANNELS), _SOURCE_ODDS)
    moment = datetime.combine(message.day, time(chance.randrange(24), chance.randrange(60)), UTC)
    # Plan and region belong to the person, not to the message.
    person = seeded(f"person:{message.author or message.text}")
    return {
        "id": message.id,
        "text": message.text,
        "author": message.author,
        "source": source,
        "channel": _CHANNELS[source],
        "product": message.product,
        "rating": _rating(message, chance, _WITHOUT_RATING.get(source, 0.05)),
        "created_at": moment.isoformat().replace("+00:00", "Z"),
        "solicited": "true" if source == "survey" else "false",
        "plan": _plan(message, person),
        "region": person.choice(_REGIONS),
    }


def _rating(message: Message, chance: random.Random, missing: float) -> str:
    if chance.random() < missing:
        return ""
    kinds = {cause if cause in LOOSE else side for cause, side in message.parts}
    mixed = "praise" in kinds and len(kinds) > 1
    return str(
        chance.choice(_MIXED if mixed else _RATINGS[message.parts[0][message.parts[0][0] not in LOOSE]])
    )


def _plan(message: Message, person: random.Random) -> str:
    explained = {
        (opposition.cause, side): opposition.segment[side]
        for opposition in OPPOSITIONS
        if opposition.segment
        for side in opposition.sides
    }
    (plan,) = person.choices(_PLANS, _PLAN_ODDS)
    told = next((explained[part] for part in message.parts if part in explained), None)
    return told if told is not None and person.random() < _TRUE_TO_SEGMENT else plan


def _truth(messages: Sequence[Message]) -> dict[str, object]:
    members: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    products = {}
    for message in messages:
        for cause, side in message.parts:
            members[cause][side].append(message.id)
            products[cause] = message.product
    kinds = {opposition.cause: opposition.kind for opposition in OPPOSITIONS}
    return {
        "causes": {
            cause: {
                "product": products[cause],
                "kind": kinds.get(cause, "one_sided"),
                "sides": {side: members[cause][side] for side in sorted(members[cause])},
            }
            for cause in sorted(set(members) - set(LOOSE))
        },
        "oppositions": [
            {
                "cause": opposition.cause,
                "kind": opposition.kind,
                "sides": list(opposition.sides),
                "segment": opposition.segment,
                "expected_verdict": opposition.expected_verdict,
            }
            for opposition in OPPOSITIONS
        ],
        "bursts": [
            {"cause": cause, "from": first.isoformat(), "to": last.isoformat()}
            for cause, (first, last) in BURSTS.items()
        ],
        "systemic": list(SYSTEMIC),
        "fixes": [
            {
                "cause": fix.cause,
                "day": fix.day.isoformat(),
                "came_back": fix.came_back.isoformat() if fix.came_back else None,
                "expected_verdict": fix.expected_verdict,
            }
            for fix in FIXES
        ],
        "leaving": {"else": LEAVES}
        | {f"{cause}:{side}": odds for (cause, side), odds in LEAVES_AFTER.items()},
        "beliefs": _beliefs(messages),
        "anecdotes": members["anecdote"]["none"],
        "noise": members["noise"]["none"],
        "spam": members["spam"]["none"],
        "campaigns": [
            [message.id for message in messages if message.campaign == number]
            for number in range(len(CAMPAIGNS))
        ],
        "languages": {message.id: message.language for message in messages},
    }


def _beliefs(messages: Sequence[Message]) -> list[dict[str, object]]:
    """Each belief with the people who complain of its planted causes, of all who complain."""
    complaining: dict[str, set[str]] = defaultdict(set)
    for message in messages:
        for cause, side in message.parts:
            if cause not in LOOSE and side != "praise":
                complaining[cause].add(message.author or message.id)
    everybody = set().union(*complaining.values())
    return [
        {
            "topic": each.topic,
            "share": each.share,
            "by": each.by,
            "causes": list(each.causes),
            "people": len(set().union(*(complaining[cause] for cause in each.causes))),
            "of": len(everybody),
            "planted_verdict": each.planted_verdict,
            "expected_verdict": each.expected_verdict,
        }
        for each in BELIEFS
    ]


if __name__ == "__main__":
    print(f"{build():,} messages in {FOLDER / 'feedback.csv'}")  # noqa: T201
