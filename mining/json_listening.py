"""Who is hardly heard, in report.json."""

from mining.json_numbers import interval, number
from mining.results import Listening, RatingShape


def listening_dict(listening: Listening) -> dict[str, object]:
    """``listening``: the rating distribution and the quiet corners."""
    shape = listening.ratings
    return {
        "gate": listening.gate,
        "ratings": None if shape is None else _shape(shape),
        "quiet": [
            {
                "column": corner.column,
                "value": corner.value,
                "people": corner.people,
                "most": corner.most,
                "below_gate": corner.below_gate,
            }
            for corner in listening.quiet
        ],
    }


def _shape(shape: RatingShape) -> dict[str, object]:
    return {
        "people": dict(shape.people),
        "of": shape.ends.n,
        "ends": shape.ends.k,
        "ends_share": number(shape.ends.value),
        "ends_interval": interval(shape.ends.low, shape.ends.high),
        "p_value": number(shape.p_value),
        "j_shaped": shape.j_shaped,
    }
