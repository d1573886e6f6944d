"""Whether dates such as 03/04/2026 start with the day or the month: one order for a whole column."""

from dataclasses import dataclass

from data.fields import is_ambiguous_date, starts_with_day


@dataclass(slots=True)
class DateOrder:
    """What the dates of a column show, in whatever order they are added.

    Attributes:
        days, months: Dates that show that the day, or the month, comes first: 25/12/2026, 12/25/2026.
        ambiguous: Dates that could be either.
    """

    days: int = 0
    months: int = 0
    ambiguous: int = 0

    def add(self, cell: object) -> None:
        """Count a cell; what is no such date shows nothing."""
        told = starts_with_day(cell)
        self.days += told is True
        self.months += told is False
        self.ambiguous += is_ambiguous_date(cell)

    @property
    def day_first(self) -> bool | None:
        """The order of most dates that show one, the day first where as many show each; None where none does."""
        return self.days >= self.months if self.days or self.months else None

    def notes(self) -> tuple[str, ...]:
        """A line for people where dates contradict each other, or none shows how the others are to be read."""
        if self.days and self.months:
            told = f"dates start with the day: {self.days:,}, with the month: {self.months:,}"
            return (f"{told}; all were read as {'day/month' if self.day_first else 'month/day'}",)
        if self.day_first is None and self.ambiguous:
            return ("dates such as 03/04/2026 were read as day/month",)
        return ()
