"""The arithmetic of one scale, as JSON has it: on the command line and over HTTP."""

from dataclasses import asdict
from math import isfinite

from data.errors import SettingsError
from mining.ratio.holding import RESPONDING, Scale, table


def answer(scale: Scale) -> dict[str, object]:
    """The scale, its figures to four digits, and the table over targets and shares who rate.

    Raises:
        SettingsError: A figure is beyond all numbers.
    """
    rows = table(scale.low, scale.high)
    return {
        **asdict(scale),
        "top_ratings": _figure(scale.top_ratings()),
        "good_experiences": _figure(scale.good_experiences()),
        "table": [
            {
                "target": row.target,
                "top_ratings": _figure(row.top_ratings),
                "good_experiences": {
                    f"{share:g}": _figure(value)
                    for share, value in zip(RESPONDING, row.good_experiences, strict=True)
                },
            }
            for row in rows
        ],
    }


def _figure(value: float) -> float:
    """To four digits; JSON has no infinity."""
    if not isfinite(value):
        raise SettingsError(
            "the figures are beyond all numbers: give a larger share who rate, or a target farther from the high end"
        )
    return round(value, 4)
