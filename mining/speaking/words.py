"""Who speaks in plain words, for the page and the terminal."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from mining.report_words import SIDE_VERBS, excerpt, listed, percent_between, plural
from mining.results import Cause
from mining.speaking.results import Asked, AskedShare, Margin, WeightedShare, Weighting

SHOWN_CAUSES: Final = 15
SHOWN_OPPOSITIONS: Final = 15
EVERYBODY: Final = "everybody"
COMPLAIN_MORE: Final = "complain more than praise"
_REACHED: Final = 0.005
"""Least distance of a reached share from a known one that is told."""


class WeightedRow(NamedTuple):
    """A line of the table: what it is about, by name and by id of the cause, who of whom, the share, and a remark."""

    what: str
    cause_id: str | None
    who: str
    share: WeightedShare
    remark: str


def weighted_rows(weighting: Weighting, causes: Mapping[str, Cause]) -> Iterator[WeightedRow]:
    """Complaints of everybody, the first oppositions by their first side, and the largest causes, untested."""
    remark = _moved(weighting, weighting.complaints)
    yield WeightedRow(EVERYBODY, None, COMPLAIN_MORE, weighting.complaints, remark)
    for opposition in weighting.oppositions[:SHOWN_OPPOSITIONS]:
        side = opposition.sides[0]
        remark = "the other side leads" if weighting.turned(opposition) else _moved(weighting, side.share)
        name, who = _label(causes, opposition.cause_id), SIDE_VERBS[side.label]
        yield WeightedRow(name, opposition.cause_id, who, side.share, remark)
    for cause in weighting.causes[:SHOWN_CAUSES]:
        name = _label(causes, cause.cause_id)
        yield WeightedRow(name, cause.cause_id, "speak of it", cause.share, "")


def weighted(share: WeightedShare) -> str:
    """``43 % (32–54 %)``, or ``anecdote`` below the gate."""
    if share.value is None or share.low is None or share.high is None:
        return "anecdote"
    return percent_between(share.value, share.low, share.high)


def weighting_words(weighting: Weighting) -> str:
    """What weighting costs, and where weights were cut."""
    columns = listed(sorted({margin.column for margin in weighting.margins}), "columns")
    words = (
        f"Weighted by {columns}: {plural(weighting.people, 'person', 'people')} tell as much as "
        f"{weighting.n_eff:,.0f} of equal weight. Weights are cut at {weighting.least:g} and {weighting.most:g} times "
        f"the mean: {plural(weighting.clipped, 'person is', 'people are')} there."
    )
    missed = [margin for margin in weighting.margins if abs(margin.reached - margin.known) >= _REACHED]
    if missed:
        told = [f"{_value(each)} {100 * each.reached:.0f} % of {100 * each.known:.0f} %" for each in missed]
        words += f" Cut weights miss some margins: {listed(told, 'values')}."
    return words


def margins_words(margin: Margin) -> str:
    """``plan solo: 65 % of the customers, 44 % of those who wrote``."""
    wrote = f"{100 * margin.wrote.value:.0f} % of those who wrote"
    return f"{_value(margin)}: {100 * margin.known:.3g} % of the customers, {wrote}"


def asked_what(row: AskedShare, causes: Mapping[str, Cause]) -> str:
    """What a row is about."""
    return EVERYBODY if row.cause_id is None else _label(causes, row.cause_id)


def asked_who(row: AskedShare) -> str:
    """Who is counted in a row."""
    return COMPLAIN_MORE if row.cause_id is None else SIDE_VERBS[row.side]


def difference(row: AskedShare) -> str:
    """``-3.9 points (-21.0 to +13.0)``, with a word where it is more than chance; ``anecdote`` below the gate."""
    if row.low is None or row.high is None:
        return "anecdote"
    points = 100 * (row.solicited.value - row.unsolicited.value)
    told = f"{points:+.1f} points ({100 * row.low:+.1f} to {100 * row.high:+.1f})"
    return f"{told}, differs" if row.differs else told


def asked_words(asked: Asked) -> str:
    """How many people were asked, and who is in neither group."""
    words = f"{plural(asked.solicited, 'person', 'people')} wrote only when asked, {asked.unsolicited:,} only unasked"
    left = [
        f"{asked.both:,} did both" if asked.both else "",
        f"of {asked.untold:,} it is not told" if asked.untold else "",
    ]
    apart = ", ".join(filter(None, left))
    return f"{words}; {apart}, and they are left out." if apart else f"{words}."


def _moved(weighting: Weighting, share: WeightedShare) -> str:
    return "moved" if weighting.moved(share) else ""


def _label(causes: Mapping[str, Cause], cause_id: str) -> str:
    cause = causes.get(cause_id)
    return excerpt(cause.label if cause else cause_id, 60)


def _value(margin: Margin) -> str:
    return f"{excerpt(margin.column, 30)} {excerpt(margin.value, 40)}"
