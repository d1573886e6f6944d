"""Loyal by rating: only the top of the scale counts; who stands one below is content, and goes for a better offer.

Between content and delighted customers lies most of the difference in what they do later (Jones & Sasser 1995, "Why
satisfied customers defect"), so a mean, or the top two boxes together, hides it.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from data.errors import SettingsError
from mining.evidence import share_of
from mining.loyalty.results import TopBox
from mining.loyalty.writers import Writer

GATE: Final = 30
_SCALES: Final = ((1.0, 5.0), (1.0, 7.0), (0.0, 10.0))

Scale = tuple[float, float]


def scale_of(writers: Iterable[Writer], given: Scale | None = None) -> Scale | None:
    """The scale of the ratings: the narrowest usual one that holds them all, if none is given; None without ratings.

    Raises:
        SettingsError: A rating lies outside the given scale, or of every usual one.
    """
    ratings = [
        message.rating for writer in writers for message in writer.messages if message.rating is not None
    ]
    if not ratings:
        return None
    low, high = min(ratings), max(ratings)
    for scale in [given] if given else _SCALES:
        if scale[0] <= low and high <= scale[1]:
            return scale
    wanted = f"the scale {given[0]:g}-{given[1]:g}" if given else "a scale of 1-5, 1-7 or 0-10"
    raise SettingsError(f"ratings run from {low:g} to {high:g}, outside of {wanted}: name yours with --scale")


def top_boxes(writers: Sequence[Writer], scale: Scale) -> list[TopBox]:
    """Everybody, then each product, most people first: people by their latest rating."""
    contexts = sorted({writer.context for writer in writers} - {""})
    each = [top_box(name, (w for w in writers if w.context == name), scale) for name in contexts]
    rated = sorted((group for group in each if group.loyal.n), key=lambda group: (-group.loyal.n, group.name))
    return [top_box("", writers, scale), *rated]


def top_box(name: str, writers: Iterable[Writer], scale: Scale) -> TopBox:
    """Loyal, content and the rest among those of ``writers`` who rated."""
    latest = [writer.latest_rated for writer in writers]
    ratings = [message.rating for message in latest if message is not None and message.rating is not None]
    top, people = scale[1], len(ratings)
    loyal, below = (sum(rating >= least for rating in ratings) for least in (top, top - 1))
    return TopBox(
        name=name,
        loyal=share_of(loyal, people),
        content=share_of(below - loyal, people),
        rest=share_of(people - below, people),
        shown=people >= GATE,
    )
