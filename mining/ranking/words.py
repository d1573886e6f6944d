"""Ranks in words, for the report, and as values, for programs."""

from collections.abc import Sequence
from typing import Final

from mining.json_numbers import number
from mining.ranking.results import Rank
from mining.report_words import period, plural

SHOWN: Final = 15
_LOUDEST: Final = 3
_APART: Final = 3
_OFTEN: Final = 1.5


def shown_ranks(ranks: Sequence[Rank]) -> list[Rank]:
    """Those that weigh most, and the loudest ones."""
    return [rank for rank in ranks if rank.rank <= SHOWN or rank.noise_rank <= _LOUDEST]


def why(rank: Rank) -> str:
    """Why the two ranks differ, or do not."""
    held = f"{rank.peak} of {rank.people} in {period(rank.peak_month)}"
    spread = f"as spread as over {rank.time_spread * rank.months:.1f} of {plural(rank.months, 'month')}"
    if rank.narrowest and rank.segment_spread < 0.5:
        spread += f", and over {100 * rank.segment_spread:.0f} % of {rank.narrowest}"
    if rank.mentions >= _OFTEN:
        held += f", each saying it {rank.mentions:.1f} times"
    if rank.noise_rank + _APART <= rank.rank:
        return f"loud: {held}; {spread}"
    if rank.rank + _APART <= rank.noise_rank:
        return f"quiet and standing: {spread}; never more than {rank.peak} a month"
    return f"{spread}; {held}"


def rank_dict(rank: Rank) -> dict[str, object]:
    """A rank as report.json has it."""
    return {
        "cause_id": rank.cause_id,
        "rank": rank.rank,
        "noise_rank": rank.noise_rank,
        "weight": number(rank.weight),
        "noise": number(rank.noise),
        "people": rank.people,
        "months": rank.months,
        "people_per_month": number(rank.rate),
        "time_spread": number(rank.time_spread),
        "segment_spread": number(rank.segment_spread),
        "narrowest_segment": rank.narrowest,
        "cost": number(rank.cost),
        "peak": rank.peak,
        "peak_month": rank.peak_month,
        "anger": number(rank.anger),
        "mentions_per_person": number(rank.mentions),
        "why": why(rank),
    }
