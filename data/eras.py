"""Years of reigns and of the Republic of China in our calendar: 令和8年 and 民國115年 are 2026."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from data.years import NEAR_YEARS

# The years of each in our calendar; those of the eras that are not over end with ``NEAR_YEARS``.
_ERAS: Final[Mapping[str, range]] = MappingProxyType(
    {
        "平成": range(1989, 2020),
        "令和": range(2019, NEAR_YEARS.stop),
        "民國": range(1912, NEAR_YEARS.stop),
        "民国": range(1912, NEAR_YEARS.stop),
    }
)
_YEAR: Final = re.compile(rf"({'|'.join(_ERAS)})\s?(\d{{1,3}}|元)年")


def in_our_era(text: str) -> str:
    """``text`` with the years of other eras as ours; the first one may be written 元. One that an era lacks stays."""
    return _YEAR.sub(_in_ours, text)


def _in_ours(year: re.Match[str]) -> str:
    years = _ERAS[year[1]]
    ours = years.start + (1 if year[2] == "元" else int(year[2])) - 1
    return f"{ours}年" if ours in years else year[0]
