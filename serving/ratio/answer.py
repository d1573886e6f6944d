"""The arithmetic of one scale, as JSON has it: on the command line and over HTTP."""

from dataclasses import asdict

from pydantic import BaseModel

from mining.ratio.holding import RESPONDING, Scale, table


class HeldTarget(BaseModel):
    """A mean to hold: top ratings for one lowest rating, and good experiences by the share who rate."""

    target: float
    top_ratings: float
    good_experiences: dict[str, float]


class HoldingRecord(BaseModel):
    """What ``answer`` says."""

    target: float
    respond: float
    low: float
    high: float
    top_ratings: float
    good_experiences: float
    table: list[HeldTarget]


def answer(scale: Scale) -> dict[str, object]:
    """The scale, its figures to four digits, and the table over targets and shares who rate.

    Raises:
        SettingsError: In the table there is a target that takes more good experiences than anybody has.
    """
    rows = table(scale.low, scale.high)
    return {
        **asdict(scale),
        "top_ratings": round(scale.top_ratings(), 4),
        "good_experiences": round(scale.good_experiences(), 4),
        "table": [
            {
                "target": row.target,
                "top_ratings": round(row.top_ratings, 4),
                "good_experiences": {
                    f"{share:g}": round(value, 4)
                    for share, value in zip(RESPONDING, row.good_experiences, strict=True)
                },
            }
            for row in rows
        ],
    }
