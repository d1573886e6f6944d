"""The timing of a cause in report.json."""

from mining.json_numbers import interval, number
from mining.timing_results import Recent, Timing, Trend


def timing_dict(timing: Timing) -> dict[str, object]:
    """The ``timing`` of a cause."""
    return {
        "kind": timing.kind,
        "fano": number(timing.fano),
        "burst_period": timing.burst_period,
        "bursts": list(timing.bursts),
        "periods": dict(timing.periods),
        "trend": None if timing.trend is None else _trend(timing.trend),
        "recent": None if timing.recent is None else _recent(timing.recent),
    }


def _trend(trend: Trend) -> dict[str, object]:
    return {
        "label": trend.label,
        "change": number(trend.change),
        "interval": interval(trend.low, trend.high),
        "unit": trend.unit,
        "model": trend.model,
        "dispersion": number(trend.dispersion),
        "p_value": number(trend.p_value),
        "p_adjusted": number(trend.p_adjusted),
        "points": [
            {
                "period": point.period,
                "people": point.people,
                "of": point.of,
                "expected": number(point.expected),
                "interval": interval(point.low, point.high),
            }
            for point in trend.points
        ],
    }


def _recent(recent: Recent) -> dict[str, object]:
    return {
        "emerging": recent.emerging,
        "first": recent.first,
        "people": recent.people,
        "of": recent.of,
        "past_people": recent.past_people,
        "past_of": recent.past_of,
        "ratio": number(recent.ratio),
        "p_value": number(recent.p_value),
        "p_adjusted": number(recent.p_adjusted),
    }
