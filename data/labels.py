"""The closed label sets. Their order is the order of every probability array in the project."""

from typing import Final

SENTIMENTS: Final = ("negative", "neutral", "positive")
DEGREES: Final = ("too_little", "too_much", "none")
CLASSES: Final = {"sentiment": SENTIMENTS, "degree": DEGREES}
"""The classes of each head that calls one of them."""
NO_TOPIC: Final = "other"
"""What is of none of the topics: the whole, thanks, greetings, adverts."""
TOPICS: Final = (
    "product_quality",
    "features",
    "usability",
    "reliability",
    "performance",
    "content",
    "price",
    "billing",
    "delivery",
    "availability",
    "packaging",
    "returns",
    "staff",
    "support",
    "environment",
    "cleanliness",
    "guidance",
    NO_TOPIC,
)
SIDES: Final = ("too_little", "too_much", "complaint", "praise")
COMPLAINTS: Final = tuple(side for side in SIDES if side != "praise")
"""The sides on which something is wrong."""
NEITHER: Final = "neither"
"""How people read what takes no side."""
AS_READ: Final = "as_read"
"""Takes back how people read a statement: the model reads it again."""
READINGS: Final = (*SIDES, NEITHER)
"""How people may read a statement."""
VERDICTS: Final = ("anecdote", "leans_A", "leans_B", "split", "split_by_segment", "inconclusive")
GRADES: Final = ("anecdote", "emerging", "established")
