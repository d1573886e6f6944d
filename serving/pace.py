"""How fast work goes, as the work itself has shown of late; what is waiting is promised nothing else."""

from typing import Final

LATENCY_BUDGET_S: Final = 2.0  # within which a request is expected to begin, where nobody says otherwise
FORGETS: Final = 0.9  # what a batch counts for, one batch later: about the last ten matter


class Pace:
    """Units of work a second, over all batches so far, the last ones counting most.

    Work and time are summed before they are divided, so that a large batch says more than a small one, of which
    most of the time goes into what any batch costs.
    """

    def __init__(self) -> None:
        self._size = 0.0
        self._seconds = 0.0

    def note(self, size: int, seconds: float) -> None:
        """A batch of ``size`` units took ``seconds``."""
        self._size = FORGETS * self._size + size
        self._seconds = FORGETS * self._seconds + seconds

    @property
    def rate(self) -> float | None:
        """Units a second; None while nothing is known."""
        return self._size / self._seconds if self._seconds > 0 and self._size > 0 else None

    def seconds(self, size: float) -> float:
        """What ``size`` units will take; nothing while nothing is known."""
        rate = self.rate
        return size / rate if rate else 0.0
