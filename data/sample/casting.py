"""Who wrote each message, and on which day."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import cycle
from typing import Final

from data.sample.authors import Authors
from data.sample.design import (
    BURSTS,
    FIRST_DAY,
    FIXES,
    IN_BURST,
    LAST_DAY,
    LEFT_AFTER_FIX,
    LOOSE,
    MESSAGES_A_SHOUTER,
    OPPOSITIONS,
    SHOUTED,
    SYSTEMIC,
    WRITERS_OF_TWO,
    Fix,
)
from data.sample.messages import Message, part_of

_WITHOUT_AUTHOR: Final = 0.03


def give_days(messages: Sequence[Message]) -> None:
    """Any day of the year, but for the causes that come in a burst, month after month alike, or not once mended."""
    months = cycle(range(12))
    for message in messages:
        chance = message.chance("day")
        window = next((BURSTS[cause] for cause in sorted(message.causes) if cause in BURSTS), None)
        if message.campaign is not None:
            message.day += timedelta(days=chance.randrange(3))
        elif window is not None and chance.random() < IN_BURST:
            message.day = _day_between(*window, chance)
        elif message.causes & set(SYSTEMIC):
            start = FIRST_DAY.toordinal() + round(next(months) * 365 / 12)
            message.day = date.fromordinal(start + chance.randrange(30))
        else:
            message.day = _unless_mended(message, _day_between(FIRST_DAY, LAST_DAY, chance), chance)


def _unless_mended(message: Message, day: date, chance: random.Random) -> date:
    """``day``, or another one where the cause that the message speaks of is gone on ``day``."""
    fix = next((fix for fix in FIXES if fix.cause in message.causes), None)
    if fix is None or chance.random() < LEFT_AFTER_FIX:
        return day
    while _mended(fix, day):
        day = _day_between(FIRST_DAY, LAST_DAY, chance)
    return day


def _mended(fix: Fix, day: date) -> bool:
    """Whether the cause is gone on ``day``."""
    if fix.expected_verdict not in ("fixed", "came_back"):
        return False
    return fix.day <= day and (fix.came_back is None or day < fix.came_back)


def _day_between(first: date, last: date, chance: random.Random) -> date:
    return first + timedelta(days=chance.randrange((last - first).days + 1))


def give_authors(messages: Sequence[Message]) -> None:
    """One author a message, but for the shouters and for some who write of two matters."""
    authors = Authors()
    shouting, others = _parted(messages)
    for language, shouts in shouting.items():
        voices = [
            authors.new(language, shouts[0].chance(f"voice {voice}"))
            for voice in range(max(1, round(len(shouts) / MESSAGES_A_SHOUTER)))
        ]
        for message, voice in zip(shouts, cycle(voices), strict=False):
            message.author = voice
    for message in others:
        message.author = authors.new(message.language, message.chance("author"))
    for first, second in _pairs(others):
        second.author = first.author
    for message in others:
        if message.campaign is None and message.chance("anonymous").random() < _WITHOUT_AUTHOR:
            message.author = ""


def _parted(messages: Iterable[Message]) -> tuple[dict[str, list[Message]], list[Message]]:
    """The shouted messages by language, and the others."""
    shouting: dict[str, list[Message]] = defaultdict(list)
    others = []
    for message in messages:
        if part_of(SHOUTED) in message.parts:
            shouting[message.language].append(message)
        else:
            others.append(message)
    return shouting, others


def _pairs(messages: Iterable[Message]) -> list[tuple[Message, Message]]:
    """Messages in one language on one product about different causes, none of them explained by a segment."""
    explained = {opposition.cause for opposition in OPPOSITIONS if opposition.segment}
    groups: dict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in messages:
        if not message.causes & explained and not message.causes & set(LOOSE):
            groups[message.product, message.language].append(message)
    pairs = []
    for group in groups.values():
        group.sort(key=lambda message: message.chance("pair").random())
        half = len(group) // 2
        pairs += [
            (first, second)
            for first, second in zip(group[:half], group[half:], strict=False)
            if not first.causes & second.causes
        ]
    pairs.sort(key=lambda pair: pair[0].chance("pair").random())
    return pairs[:WRITERS_OF_TWO]
