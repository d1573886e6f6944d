"""How long work takes, as the work itself has shown of late; what is waiting is promised nothing else."""

from typing import Final

LATENCY_BUDGET_S: Final = 2.0  # within which a request is expected to begin, where nobody says otherwise
_HALF_LIFE: Final = 16_384  # units of work after which a batch counts for half


class Pace:
    """Seconds of a batch as a cost of any batch and a cost of each unit: a line through the batches so far.

    The line is of weighted least squares. Batches fade with the work that is done after them and not with their
    number, so that many small batches, of which most of the time is the cost of any batch, do not bury the last large
    one, from which the cost of a unit is known. Neither cost is below zero.
    """

    def __init__(self) -> None:
        self._count = self._size = self._seconds = self._size_squared = self._product = 0.0

    def note(self, size: int, seconds: float) -> None:
        """A batch of ``size`` units took ``seconds``."""
        kept = 0.5 ** (size / _HALF_LIFE)
        self._count = kept * self._count + 1
        self._size = kept * self._size + size
        self._seconds = kept * self._seconds + seconds
        self._size_squared = kept * self._size_squared + size**2
        self._product = kept * self._product + size * seconds

    @property
    def rate(self) -> float | None:
        """Units a second of late, over all batches; None while nothing is known."""
        return self._size / self._seconds if self._seconds > 0 else None

    def seconds(self, size: float, batches: int = 1) -> float:
        """What ``size`` units in so many ``batches`` will take; 0 while nothing is known."""
        if not (size and self._seconds > 0):
            return 0.0
        of_batch, of_unit = self._costs()
        return batches * of_batch + size * of_unit

    def _costs(self) -> tuple[float, float]:
        size, seconds = self._size / self._count, self._seconds / self._count
        variance = self._size_squared / self._count - size**2
        together = self._product / self._count - size * seconds
        all_in_units = seconds / size
        if variance <= 1e-9 * size**2:  # one size only: it cannot be told apart
            return 0.0, all_in_units
        of_unit = min(max(together / variance, 0.0), all_in_units)
        return seconds - of_unit * size, of_unit
