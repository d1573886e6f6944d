"""Geometry of the report's small drawings, in per cent of their width or height.

Every horizontal length is a per cent and every stroke and letter a pixel, so one drawing stays sharp at any width:
a phone gets the same marks as a desk, never shrunken ones.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mining.results import Cause, Opposition, Side
from mining.timing_results import Timing, Trend

_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MirroredBar:
    """One side of an opposition: a bar from the middle outwards, with its whisker.

    Attributes:
        left, width: The bar, in per cent of the drawing.
        whisker: Both ends of the 95 % interval, smaller x first.
        half: Where half of the people would end.
    """

    label: str
    left: float
    width: float
    whisker: tuple[float, float]
    half: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One period of a cause; ``height`` is in per cent of the busiest period, from the ground up."""

    period: str
    people: int
    left: float
    width: float
    height: float
    burst: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One side's part of a cause's strip."""

    label: str
    people: int
    left: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A name with its count; ``width`` is in per cent of the largest count."""

    name: str
    count: int
    total: int
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A trend: counted rates as dots, the fitted curve, and its 95 % band.

    Attributes:
        outline, curve: Points "x,y x,y ..." in a box of 100 by 100, y from the top.
        dots: x and y of each period, in per cent.
        top: The rate at the upper edge.
    """

    outline: str
    curve: str
    dots: tuple[tuple[float, float], ...]
    top: float


def mirrored(opposition: Opposition) -> tuple[MirroredBar, MirroredBar]:
    """Side A to the left of the middle, side B to the right, each as long as its share of the people."""
    first, second = opposition.sides
    return _bar(first, -1), _bar(second, 1)


def _bar(side: Side, direction: int) -> MirroredBar:
    share = side.share
    inner, outer, low, high = (
        50 + direction * 50 * part for part in (0.0, share.value, share.low, share.high)
    )
    return MirroredBar(
        label=side.label,
        left=round(min(inner, outer), 2),
        width=round(abs(outer - inner), 2),
        whisker=(round(min(low, high), 2), round(max(low, high), 2)),
        half=50 + direction * 25,
    )


def columns(timing: Timing) -> tuple[Column, ...]:
    """People per period, the periods of the burst marked; empty without dates."""
    if not timing.periods:
        return ()
    step, top = 100 / len(timing.periods), max(1, *timing.periods.values())
    return tuple(
        Column(
            period=period,
            people=people,
            left=round(number * step + step * 0.1, 2),
            width=round(step * 0.8, 2),
            height=round(100 * people / top, 1),
            burst=_in_burst(period, timing),
        )
        for number, (period, people) in enumerate(timing.periods.items())
    )


def band(trend: Trend | None) -> Band | None:
    """The drawing of a trend; None where none was fitted.

    The upper edge is the highest counted rate or twice the highest fitted one, whichever is lower, so that a band of
    few people does not press the rest to the ground; what is higher is cut.
    """
    if trend is None or trend.change is None:
        return None
    points, step = trend.points, 100 / len(trend.points)
    fitted = [(point.low or 0.0, point.expected or 0.0, point.high or 0.0) for point in points]
    rates = [point.people / point.of for point in points]
    top = max(min(max(rates), 2 * max(rate for _, rate, _ in fitted)), max(rate for _, rate, _ in fitted))
    across = [round((number + 0.5) * step, 2) for number in range(len(points))]

    def height(rate: float) -> float:
        return round(100 - 100 * min(1.0, rate / top), 2)

    upper = [f"{x},{height(high)}" for x, (_, _, high) in zip(across, fitted, strict=True)]
    lower = [f"{x},{height(low)}" for x, (low, _, _) in zip(across, fitted, strict=True)]
    return Band(
        outline=" ".join([*upper, *reversed(lower)]),
        curve=" ".join(f"{x},{height(rate)}" for x, (_, rate, _) in zip(across, fitted, strict=True)),
        dots=tuple((x, height(rate)) for x, rate in zip(across, rates, strict=True)),
        top=top,
    )


def _in_burst(period: str, timing: Timing) -> bool:
    spans = [_MONTH.findall(days) for days in timing.bursts]
    return any(months and months[0] <= period[:7] <= months[-1] for months in spans)


def parts(cause: Cause) -> tuple[Part, ...]:
    """The sides of a cause end to end; at least as many people as are missing to 100 took no side.

    A person on two sides counts once on each, so the whole is the larger of the cause and the sum of its sides, and
    what is missing shrinks by those on two.
    """
    whole = max(1, cause.people, sum(side.people for side in cause.sides))
    drawn: list[Part] = []
    left = 0.0
    for side in cause.sides:
        width = 100 * side.people / whole
        drawn.append(Part(label=side.label, people=side.people, left=round(left, 2), width=round(width, 2)))
        left += width
    return tuple(drawn)


def tallies(counts: Mapping[str, int], order: Sequence[str] | None = None) -> tuple[Tally, ...]:
    """Counts as bars, largest first, or in ``order``."""
    names = order if order is not None else sorted(counts, key=lambda name: (-counts[name], name))
    total, top = sum(counts.values()), max([1, *counts.values()])
    return tuple(
        Tally(name=name, count=counts[name], total=total, width=round(100 * counts[name] / top, 1))
        for name in names
    )
