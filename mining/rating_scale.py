"""The scale that the ratings of a mining are on."""

from collections.abc import Iterable
from typing import Final

from data.errors import SettingsError

_USUAL: Final = ((1.0, 5.0), (0.0, 5.0), (1.0, 7.0), (0.0, 10.0))

Scale = tuple[float, float]


def scale_of(
    ratings: Iterable[float | None], given: Scale | None = None, *, option: str = "--scale"
) -> Scale | None:
    """Lowest and highest rating of the narrowest usual scale that holds all ratings; None without ratings.

    Args:
        ratings: Of messages, None for those without one.
        given: Taken in place of the usual scales.
        option: What names a scale, for the error.

    Raises:
        SettingsError: A rating lies outside the given scale, or of every usual one.
    """
    told = [rating for rating in ratings if rating is not None]
    if not told:
        return None
    low, high = min(told), max(told)
    for scale in [given] if given else _USUAL:
        if scale[0] <= low and high <= scale[1]:
            return scale
    wanted = f"the scale {given[0]:g}-{given[1]:g}" if given else "a scale of 1-5, 0-5, 1-7 or 0-10"
    raise SettingsError(
        f"ratings run from {low:g} to {high:g}, outside of {wanted}: name yours with {option}"
    )
