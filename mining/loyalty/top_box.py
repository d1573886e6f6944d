"""Loyal by rating: only the top of the scale counts; who stands one below is content, and goes for a better offer.

Between content and delighted customers lies most of the difference in what they do later (Jones & Sasser 1995, "Why
satisfied customers defect"), so a mean, or the top two boxes together, hides it.
"""

from collections import defaultdict
from collections.abc import Sequence

from mining.evidence import share_of
from mining.loyalty.results import TopBox
from mining.loyalty.writers import Writer
from mining.rating_scale import Scale
from mining.settings import SHARE_PEOPLE


def top_boxes(writers: Sequence[Writer], scale: Scale, gate: int = SHARE_PEOPLE) -> list[TopBox]:
    """Everybody by their latest rating, then each product by the latest rating of it, most people first.

    Who rated several products counts in each; a share takes ``gate`` people.
    """
    latest = [rating for writer in writers if (rating := writer.latest_rating) is not None]
    of_product = defaultdict[str, list[float]](list)
    for writer in writers:
        for product, rating in writer.latest_ratings.items():
            of_product[product].append(rating)
    products = sorted(of_product.keys() - {""}, key=lambda name: (-len(of_product[name]), name))
    each = [top_box(name, of_product[name], scale, gate) for name in products]
    return [top_box("", latest, scale, gate), *each]


def top_box(name: str, ratings: Sequence[float], scale: Scale, gate: int) -> TopBox:
    """Loyal, content and the rest among people, given by a rating of each."""
    top, people = scale[1], len(ratings)
    loyal, below = (sum(rating >= least for rating in ratings) for least in (top, top - 1))
    return TopBox(
        name=name,
        loyal=share_of(loyal, people),
        content=share_of(below - loyal, people),
        rest=share_of(people - below, people),
        shown=people >= gate,
    )
