"""The plain words of timing: kinds, trends and what is new, in English."""

from collections.abc import Mapping
from typing import Final

from mining.report_words import count, period
from mining.timing_results import Recent, Timing, Trend

TIMING_MEANINGS: Final[Mapping[str, str]] = {
    "systemic": "spread evenly over the months: look for a standing reason",
    "burst": "most of it within days: look for what happened then",
    "unclear": "too few dated messages, or neither even nor a burst",
}
TREND_MEANINGS: Final[Mapping[str, str]] = {
    "rising": "a larger share of those who write speaks of it, month by month",
    "falling": "a smaller share does",
    "steady": "shown not to double or halve over the whole file",
    "unclear": "too few people to tell",
    "more lately": "in the last quarter of the time, three months at most, at least twice the share of before",
}


def timing_words(timing: Timing) -> str:
    """``systemic``, ``unclear``, or ``burst`` with its periods."""
    return ", ".join(filter(None, (timing.kind, " and ".join(map(period, timing.bursts)))))


def trend_words(trend: Trend | None) -> str:
    """``rising, x1.12 [1.03, 1.21] a month``; the label alone where no trend was fitted, nothing without one."""
    if trend is None or trend.label == "anecdote":
        return ""
    if trend.change is None:
        return f"trend {trend.label}"
    label = "trend unclear" if trend.label == "unclear" else trend.label
    return f"{label}, x{trend.change:.2f} [{trend.low:.2f}, {trend.high:.2f}] a month"


def recent_words(timing: Timing) -> str:
    """``more lately: 18 of 402 since Aug 2026, before 9 of 1,311; 6.5 times the rate``, else nothing."""
    recent = timing.recent
    if recent is None or not recent.emerging:
        return ""
    return (
        f"more lately: {count(recent.people)} of {count(recent.of)} since {period(recent.first.split('/')[0])}, "
        f"before {count(recent.past_people)} of {count(recent.past_of)}{_times(recent)}"
    )


def _times(recent: Recent) -> str:
    """``; 6.5 times the rate``, and how people are counted in it where that is not what the people shown amount to."""
    if recent.ratio is None:
        return ""
    rate = f"{recent.ratio:.1f}"
    if rate == f"{recent.people / recent.of / (recent.past_people / recent.past_of):.1f}":
        return f"; {rate} times the rate"
    return f"; {rate} times the rate, each counted once a {'week' if '/' in recent.first else 'month'}"
