"""What is planted in the sample: causes, oppositions, bursts, and campaigns."""

from dataclasses import dataclass
from datetime import date
from typing import Final

FIRST_DAY: Final = date(2025, 11, 1)
LAST_DAY: Final = date(2026, 10, 31)

PRODUCTS: Final = {
    "book": "The Counting House",
    "delivery": "Mangobike",
    "doorbell_alerts": "Pinglet",
    "doorbell_rest": "Pinglet",
}
# Keys of messages that belong to no cause.
LOOSE: Final = ("noise", "spam", "anecdote")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opposition:
    """Two sides of one cause that pull apart.

    Attributes:
        expected_verdict: A is ``sides[0]``, B is ``sides[1]``.
        segment: Column, then the value that each side holds, where a segment explains the split.
    """

    cause: str
    kind: str
    sides: tuple[str, str]
    expected_verdict: str
    segment: dict[str, str] | None = None


OPPOSITIONS: Final = (
    Opposition(cause="examples", kind="degree", sides=("too_little", "too_much"), expected_verdict="split"),
    # 30 people shout in capitals, three or four times each; 300 murmur the opposite once.
    Opposition(cause="alerts", kind="degree", sides=("too_little", "too_much"), expected_verdict="leans_A"),
    Opposition(cause="chime", kind="degree", sides=("too_little", "too_much"), expected_verdict="split"),
    Opposition(
        cause="portions",
        kind="degree",
        sides=("too_little", "too_much"),
        expected_verdict="split_by_segment",
        segment={"column": "plan", "too_little": "family", "too_much": "solo"},
    ),
    Opposition(cause="couriers", kind="sentiment", sides=("complaint", "praise"), expected_verdict="split"),
)

SHOUTED: Final = "alerts:too_much"
MESSAGES_A_SHOUTER: Final = 3.4
WRITERS_OF_TWO: Final = 60

# First and last day of the window that holds most of a cause.
BURSTS: Final = {
    "firmware": (date(2026, 3, 10), date(2026, 3, 21)),
    "charge": (date(2026, 9, 4), date(2026, 9, 13)),
}
IN_BURST: Final = 0.85
SYSTEMIC: Final = ("late",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What the company did about a cause on a day, and what came of it.

    Attributes:
        came_back: Day from which the cause is as frequent as before, where it came back.
        expected_verdict: "fixed", "not_yet", "too_early" or "came_back".
    """

    cause: str
    day: date
    expected_verdict: str
    came_back: date | None = None


FIXES: Final = (
    Fix(cause="leaks", day=date(2026, 5, 4), expected_verdict="fixed"),
    Fix(cause="binding", day=date(2026, 5, 4), expected_verdict="not_yet"),
    Fix(cause="setup", day=date(2026, 10, 26), expected_verdict="too_early"),
    Fix(
        cause="battery",
        day=date(2026, 3, 2),
        expected_verdict="came_back",
        came_back=date(2026, 8, 3),
    ),
)
# Share of the messages about a mended cause that are written all the same while it is mended.
LEFT_AFTER_FIX: Final = 0.04

# Known shares of all customers. Of the writers 45 % are solo, 40 % family and 15 % team, and the regions are even.
MARGINS: Final = {
    "plan": {"solo": 0.65, "family": 0.2, "team": 0.15},
    "region": {"north": 0.35, "south": 0.3, "east": 0.2, "west": 0.15},
}

# Odds that someone leaves within the year, by what they wrote of; the largest counts. All else: LEAVES.
LEAVES: Final = 0.08
LEAVES_AFTER: Final = {
    ("late", "too_little"): 0.55,
    ("fees", "too_much"): 0.45,
    ("leaks", "complaint"): 0.35,
    ("stories", "praise"): 0.03,
    ("video", "praise"): 0.03,
    ("couriers", "praise"): 0.03,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """What somebody in the company believes: of those who complain, the share who complain of a topic.

    Attributes:
        causes: The planted causes of the topic.
        planted_verdict: "knew", "overrated" or "underrated", by the planted share.
        expected_verdict: What can be told from what the model reads, which leaves many complaints without a topic.
    """

    topic: str
    share: float
    by: str
    causes: tuple[str, ...]
    planted_verdict: str
    expected_verdict: str


BELIEFS: Final = (
    Believed(
        topic="content",
        share=0.05,
        by="Head of publishing",
        causes=("examples",),
        planted_verdict="underrated",
        expected_verdict="underrated",
    ),
    Believed(
        topic="delivery",
        share=0.5,
        by="COO",
        causes=("late",),
        planted_verdict="overrated",
        expected_verdict="overrated",
    ),
    Believed(
        topic="price",
        share=0.06,
        by="CFO",
        causes=("fees",),
        planted_verdict="knew",
        expected_verdict="cannot_tell",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One text that many accounts post with tiny changes: one voice, not many."""

    product: str
    language: str
    first_day: date
    texts: tuple[str, ...]


CAMPAIGNS: Final = (
    Campaign(
        product="Mangobike",
        language="en",
        first_day=date(2026, 6, 8),
        texts=(
            "Free dinner every Friday! Use code MEAL4U at meal4u.example.com before midnight",
            "Free dinner every Friday! Use code MEAL4U at meal4u.example.com before midnight!",
            "free dinner every friday! use code MEAL4U at meal4u.example.com before midnight",
            "Free dinner every Friday!! Use code MEAL4U at meal4u.example.com before midnight",
            "Free dinner every Friday! Use code MEAL4U on meal4u.example.com before midnight",
            "FREE dinner every Friday! Use code MEAL4U at meal4u.example.com before midnight",
            "Free dinner every Friday! Use the code MEAL4U at meal4u.example.com before midnight",
            "Free dinner every Friday! Use code MEAL4U at meal4u.example.com before midnight 🔥",
            "Free dinners every Friday! Use code MEAL4U at meal4u.example.com before midnight",
            "🔥 Free dinner every Friday! Use code MEAL4U at meal4u.example.com before midnight",
            "Free dinner every Friday, use code MEAL4U at meal4u.example.com before midnight",
            "Free dinner every Friday! Use code MEAL4U at meal4u.example.com before midnight...",
        ),
    ),
    Campaign(
        product="Pinglet",
        language="vi",
        first_day=date(2026, 1, 19),
        texts=(
            "Chuyển sang camera Mắt Cú đi mọi người, đăng ký hôm nay tặng thẻ nhớ matcu.example.com",
            "Chuyển sang camera Mắt Cú đi mọi người, đăng ký hôm nay tặng thẻ nhớ matcu.example.com!",
            "chuyển sang camera Mắt Cú đi mọi người, đăng ký hôm nay tặng thẻ nhớ matcu.example.com",
            "Chuyển sang camera Mắt Cú đi mọi người ơi, đăng ký hôm nay tặng thẻ nhớ matcu.example.com",
            "Chuyển sang camera Mắt Cú đi mọi người, đăng ký hôm nay tặng thẻ nhớ matcu.example.com 🦉",
            "Chuyển sang camera MẮT CÚ đi mọi người, đăng ký hôm nay tặng thẻ nhớ matcu.example.com",
            "Chuyển sang camera Mắt Cú đi mọi người, đăng ký hôm nay được tặng thẻ nhớ matcu.example.com",
            "Chuyển qua camera Mắt Cú đi mọi người, đăng ký hôm nay tặng thẻ nhớ matcu.example.com",
            "🦉 Chuyển sang camera Mắt Cú đi mọi người, đăng ký hôm nay tặng thẻ nhớ matcu.example.com",
            "Chuyển sang camera Mắt Cú đi mọi người! Đăng ký hôm nay tặng thẻ nhớ matcu.example.com",
            "Chuyển sang camera Mắt Cú đi mọi người, đăng kí hôm nay tặng thẻ nhớ matcu.example.com",
            "Chuyển sang camera Mắt Cú đi mọi người, đăng ký hôm nay tặng thẻ nhớ: matcu.example.com",
        ),
    ),
)
