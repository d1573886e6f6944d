"""Whether the ratings of a file say that they are out of different numbers: 4/5 beside 8/10."""

from collections import Counter

from data.fields import rated_out_of


class RatingScales:
    """Counts what the ratings of a column say they are out of, in whatever order they are added."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()

    def add(self, cell: object) -> None:
        """Count a cell; what does not say is not counted."""
        highest = rated_out_of(cell)
        if highest is not None:
            self._counts[highest] += 1

    def notes(self) -> tuple[str, ...]:
        """A line for people where ratings are out of different numbers, for none is put on the scale of another."""
        if len(self._counts) < 2:
            return ()
        usual, other, *_ = sorted(self._counts, key=lambda highest: (-self._counts[highest], highest))
        count = self._counts[usual]
        rest = f"out of others ({self._counts.total() - count:,} rows), such as {other}"
        told = f"ratings are out of {usual} ({count:,} rows) and {rest}"
        return (f"{told}; each was read by its first number alone",)
