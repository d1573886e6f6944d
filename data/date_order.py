"""Whether dates such as 03/04/2026 start with the day or the month: one order for a whole column."""

from dataclasses import dataclass

from data.fields import is_ambiguous_date, may_start_with_year, starts_with_day


@dataclass(slots=True)
class DateOrder:
    """What the dates of a column show, in whatever order they are added.

    Attributes:
        days, months: Dates that show that the day, or the month, comes first: 25/12/2026, 12/25/2026.
        ambiguous: Dates that could be either.
        short: Dates with slashes and a year of two digits.
        years: Those of ``short`` that could start with it: 26/05/07.
    """

    days: int = 0
    months: int = 0
    ambiguous: int = 0
    short: int = 0
    years: int = 0

    def add(self, cell: object) -> None:
        """Count a cell; what is no such date shows nothing."""
        told = starts_with_day(cell)
        self.days += told is True
        self.months += told is False
        self.ambiguous += is_ambiguous_date(cell)
        year = may_start_with_year(cell)
        self.short += year is not None
        self.years += year is True

    @property
    def day_first(self) -> bool | None:
        """The order of most dates that show one, the day first where as many show each; None where none does."""
        return self.days >= self.months if self.days or self.months else None

    def notes(self) -> tuple[str, ...]:
        """Lines for people where dates contradict each other, or none shows how the others are to be read."""
        lines = []
        if self.days and self.months:
            told = f"dates start with the day: {self.days:,}, with the month: {self.months:,}"
            lines.append(f"{told}; all were read as {'day/month' if self.day_first else 'month/day'}")
        elif self.day_first is None and self.ambiguous:
            lines.append("dates such as 03/04/2026 were read as day/month")
        if self.short and self.years == self.short:
            lines.append("dates such as 26/05/07 were read as of 2007, not of 2026")
        return tuple(lines)
