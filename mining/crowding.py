"""Whether one cause holds so many of those who complain that a list of causes says little."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mining.evidence import share_of
from mining.picture import Picture
from mining.results import Cause, Crowd

Ints = NDArray[np.int64]

FEWEST_CAUSES: Final = 3
"""Of two causes one always holds much."""

FEWEST_PEOPLE: Final = 50
"""Below so many people who complain the interval of a share is too wide to speak of."""


def crowd_of(picture: Picture, causes: Sequence[Cause], members: Sequence[Ints]) -> Crowd | None:
    """The cause that holds more of those who complain than ``settings.crowded_share``, if any.

    Whoever complains anywhere is counted, in a cause or in none; degrees are complaints, too.

    Args:
        picture: What was mined.
        causes: Of the mining, most people first.
        members: Positions of the statements of each cause.
    """
    corpus, complains = picture.corpus, picture.stance.complains
    everybody = corpus.count_people(np.flatnonzero(complains))
    if len(causes) < FEWEST_CAUSES or everybody < FEWEST_PEOPLE:
        return None
    people = [corpus.count_people(own[complains[own]]) for own in members]
    fullest = int(np.argmax(people))
    share = share_of(people[fullest], everybody)
    if share.value <= picture.settings.crowded_share:
        return None
    return Crowd(cause_id=causes[fullest].id, share=share)
