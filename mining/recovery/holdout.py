"""A part of the people who are never contacted, drawn by a stable hash: against them the effect is causal."""

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdout:
    """A draw that is in force.

    Attributes:
        share: Of people held out, in [0, 1].
        salt: Random text of this draw: without it nobody can choose who is held out.
        since: When it began, in UTC.
        anew: Whether another share was in force before: then it counts only for people who complained first after
            ``since``. Of those from before, who was contacted and who had left by then went by the draw of before.
    """

    share: float
    salt: str
    since: datetime
    anew: bool = False

    def holds(self, key: str) -> bool:
        """Whether the person under ``key`` is held out: the same answer at every mining and on every machine."""
        digest = hashlib.sha256(f"{self.salt}\0{key}".encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:8], "big") < self.share * 2**64
