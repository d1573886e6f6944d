"""``0-10``: two numbers, the lower one first, as the command and the query name a scale."""

from typing import Final

_HIGHEST: Final = 1_000_000


def number_range(value: str) -> tuple[float, float]:
    """``0-10`` as a pair, the lower number first, both from 0 to ``_HIGHEST``.

    Raises:
        ValueError: It is no such pair.
    """
    try:
        low, high = (float(part) for part in value.split("-"))
    except ValueError:
        raise ValueError(f"{value!r} is not two numbers such as 1-5") from None
    if not 0 <= low <= high <= _HIGHEST:
        raise ValueError(f"{value!r} has not the lower number first, and none above {_HIGHEST:,}")
    return low, high
