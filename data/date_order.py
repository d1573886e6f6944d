"""How the dates of a whole column are read: whether 03/04/2026 starts with the day, and whether 46350 is a date.

And whether 26. 3. 5. starts with the year, and lip is the Croatian June or the Polish July.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from data.day_numbers import day_number
from data.early_years import early_year_day, starts_with_year
from data.month_names import CROATIAN, UNLIKE_CROATIAN, means_two_months, month_languages
from data.times import dotted_day, numbered_day, plain_date

# Of each month nine days have one digit. Fewer such dates among those with dots are slips: 05.03.4.
_LEAST_EARLY: Final = 0.1


@dataclass(slots=True)
class DateOrder:
    """What the dates of a column show, in whatever order they are added.

    Attributes:
        days, months: Dates that show that the day, or the month, comes first: 25/12/2026, 12/25/2026.
        ambiguous: Dates that could be either.
        short: Dates with slashes and a year of two digits.
        years: Those of ``short`` that could start with it: 26/05/07.
        filled: Cells that hold anything.
        numbers: Those that could be days of a spreadsheet.
        dotted: Dates with dots that could start with a year of two digits.
        early, late: Dates with dots that show that a year of two digits comes first, or that it does not.
        named: Dates with a name of a month that Croatian, Czech or Polish has, by each language that has it.
        told: The same dates by the language of their rows.
        torn: Those of ``told`` that are of one month in Croatian and of another in Czech or Polish, where the language
            of the row is one that has the name.
    """

    days: int = 0
    months: int = 0
    ambiguous: int = 0
    short: int = 0
    years: int = 0
    filled: int = 0
    numbers: int = 0
    dotted: int = 0
    early: int = 0
    late: int = 0
    named: Counter[str] = field(default_factory=Counter)
    told: Counter[str | None] = field(default_factory=Counter)
    torn: Counter[str] = field(default_factory=Counter)

    def add(self, cell: object, language: str | None = None) -> None:
        """Count a cell; what is no such date shows nothing. ``language`` is the tag of its row, where there is one."""
        text = plain_date(cell)
        self.filled += bool(text)
        self.numbers += day_number(text) is not None
        date = numbered_day(text)
        if date is not None:
            self.days += date.starts_with_day is True
            self.months += date.starts_with_day is False
            self.ambiguous += date.is_ambiguous
            self.short += date.may_start_with_year is not None
            self.years += date.may_start_with_year is True
        if date is not None and date.has_dots and len(date.year) > 2:
            self.late += 1
        elif dotted := dotted_day(text):
            early = starts_with_year(dotted)
            self.dotted += early_year_day(dotted) is not None
            self.early += early is True
            self.late += early is False
        if has_name := month_languages(text):
            self.named.update(has_name)
            self.told[language] += 1
            if language in has_name and means_two_months(text):
                self.torn[language] += 1

    @property
    def day_first(self) -> bool | None:
        """The order of most dates that show one, the day first where as many show each; None where none does."""
        return self.days >= self.months if self.days or self.months else None

    @property
    def early_years(self) -> bool:
        """Whether dates with dots start with a year of two digits: a tenth show it, and none shows otherwise."""
        return self.late == 0 < self.early and self.early >= _LEAST_EARLY * self.dotted

    @property
    def croatian(self) -> bool:
        """Whether lip is June: most names are Croatian, or, where as many are Czech or Polish, most rows are."""
        return self._weight(CROATIAN) > self._rival

    @property
    def _rival(self) -> tuple[int, int]:
        return max(map(self._weight, UNLIKE_CROATIAN))

    def _weight(self, language: str) -> tuple[int, int]:
        return self.named[language], self.told[language]

    @property
    def day_numbers(self) -> bool:
        """Whether the column holds days of a spreadsheet and nothing else: one such number alone tells nothing."""
        return self.filled == self.numbers > 0

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
        if self.early_years:
            lines.append("dates such as 26. 3. 5. were read as of 5 March 2026")
        lines += self._croatian_notes()
        if self.day_numbers:
            lines.append("numbers were read as days of a spreadsheet: 46350.5 is noon of 2026-11-24")
        return tuple(lines)

    def _croatian_notes(self) -> list[str]:
        """At most one line, where nothing tells in which language such a month is, or its row says another one."""
        undecided = self.named[CROATIAN] and self._weight(CROATIAN) == self._rival
        others = sorted(language for language in self.torn if (language == CROATIAN) != self.croatian)
        if not undecided and not others:
            return []
        line = "months that could be Croatian were read as Polish or Czech: lip as July, listopad as November"
        if self.croatian:
            line = (
                "months that could be Polish or Czech were read as Croatian: lip as June, listopad as October"
            )
        rows = sum(self.torn[language] for language in others)
        also = f"; also in {rows:,} row{'' if rows == 1 else 's'} of the language {' or '.join(others)}"
        return [line + also if others else line]
