"""Years as files write them: with four or two digits, and of the Buddhist calendar."""

from typing import Final

YEARS: Final = range(1900, 2200)
"""Years that a date of feedback can be of, from files as over HTTP; 9999-12-31 in a table means "never"."""

NEAR_YEARS: Final = range(1990, 2050)
"""Those that a number can mean which is no plain year: nobody writes of 2068, and so long ago nobody typed feedback."""

_BUDDHIST: Final = 543
"""Years by which the Buddhist calendar is ahead."""


def year_of(written: str) -> int:
    """The year of four or two digits in our calendar: 2569, which nobody means so, is 2026 of the Buddhist one.

    Raises:
        ValueError: Two digits that are none of ``NEAR_YEARS``: 69 is 1969 as well as 2026 of the Buddhist calendar.
    """
    year = int(written)
    if len(written) > 2:
        return year - _BUDDHIST if year - _BUDDHIST in NEAR_YEARS else year
    return _near(year, 2000 if 2000 + year in NEAR_YEARS else 1900)


def thai_year(written: str) -> int:
    """The year of a date with a Thai month: of the Buddhist calendar where it is none of ours.

    Raises:
        ValueError: Two digits that are none of ``NEAR_YEARS`` in that calendar, such as 26.
    """
    year = int(written)
    if len(written) == 2:
        return _near(year, 2500 - _BUDDHIST)
    return year - _BUDDHIST if year - _BUDDHIST in YEARS else year


def _near(digits: int, century: int) -> int:
    if century + digits not in NEAR_YEARS:
        raise ValueError(f"no year {digits:02}")
    return century + digits
