"""Loyal by rating: only the top of the scale counts; who stands one below is content, and goes for a better offer.

Between content and delighted customers lies most of the difference in what they do later (Jones & Sasser 1995, "Why
satisfied customers defect"), so a mean, or the top two boxes together, hides it.
"""

from collections.abc import Iterable, Sequence

from mining.evidence import share_of
from mining.loyalty.results import TopBox
from mining.loyalty.writers import Writer
from mining.rating_scale import Scale
from mining.settings import SHARE_PEOPLE


def top_boxes(writers: Sequence[Writer], scale: Scale, gate: int = SHARE_PEOPLE) -> list[TopBox]:
    """Everybody, then each product, most people first: by latest rating; a share takes ``gate`` people."""
    contexts = sorted({writer.context for writer in writers} - {""})
    each = [top_box(name, (w for w in writers if w.context == name), scale, gate) for name in contexts]
    rated = sorted((group for group in each if group.loyal.n), key=lambda group: (-group.loyal.n, group.name))
    return [top_box("", writers, scale, gate), *rated]


def top_box(name: str, writers: Iterable[Writer], scale: Scale, gate: int) -> TopBox:
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
        shown=people >= gate,
    )
