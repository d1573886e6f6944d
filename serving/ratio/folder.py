"""The rating scale of a mining folder."""

from mining.journal import Journal
from mining.rating_scale import scale_of
from mining.ratio.holding import HIGH, LOW


def ends_of(journal: Journal, low: float | None = None, high: float | None = None) -> tuple[float, float]:
    """Lowest and highest rating: as given, else of the usual scale that the ratings fit, else 1 and 5.

    Raises:
        SettingsError: The ratings lie outside of it, or fit no usual scale.
    """
    named = None if low is None and high is None else given_ends(low, high)
    return scale_of(journal.column("rating"), named, option="--low and --high") or given_ends(low, high)


def given_ends(low: float | None, high: float | None) -> tuple[float, float]:
    """Lowest and highest rating as given, 1 and 5 where they are not."""
    return (LOW if low is None else low), (HIGH if high is None else high)
