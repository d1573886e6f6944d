"""A belief about a share, and the seal that shows whether it was changed."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from data.errors import EditError
from data.labels import TOPICS

LONGEST_NAME = 100
_WIDEST = 0.05
_NARROWEST = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What somebody believes before looking: which share of those who complain do so of a subject.

    Attributes:
        subject: A topic, or the permanent id of a cause.
        share: Believed, in [0, 1].
        margin: How far off still counts as right, in (0, 0.5].
        by: Who believes it.
        at: When it was entered, UTC.
        salt: Random, so that nobody finds the share by trying seals.
    """

    subject: str
    share: float
    margin: float
    by: str
    at: datetime
    salt: str

    def __post_init__(self) -> None:
        """Refuse what is no belief.

        Raises:
            EditError: It says what is out of range, and what is allowed.
        """
        if not 0 <= self.share <= 1:
            raise EditError(f"the share is {self.share:g}: give one from 0 to 1, for instance 0.1")
        if not 0 < self.margin <= 0.5:
            raise EditError(f"the margin is {self.margin:g}: give one above 0 and at most 0.5")
        if not self.by.strip() or len(self.by) > LONGEST_NAME or not self.by.isprintable():
            raise EditError(
                f"who believes it is one line of 1 to {LONGEST_NAME} characters: give a name or a role"
            )

    @property
    def is_topic(self) -> bool:
        """Whether it is about a topic, and not about a cause."""
        return self.subject in TOPICS

    def seal(self, before: str) -> str:
        """SHA-256 of the belief and of the seal ``before`` it, in hexadecimal.

        Chained, so that a belief that is changed, removed or put in between breaks every seal after it.
        """
        # The file gives 0.0 back for -0.0, which would have another seal.
        record = asdict(self) | {"share": self.share + 0.0, "at": self.at.isoformat(), "before": before}
        text = json.dumps(record, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


def default_margin(share: float) -> float:
    """Five points, but at most half of the share or of what is left to 1, and at least one point.

    Ten per cent is not far from thirteen; one per cent is.
    """
    return min(_WIDEST, max(_NARROWEST, min(share, 1 - share) / 2))
