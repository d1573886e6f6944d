"""Who speaks: distinct authors, and each campaign of copied texts as one voice."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.customers import author_key
from data.records import Feedback
from data.words import weight
from mining.bare_texts import bare
from mining.near_duplicates import near_duplicates

# Below this weight (letters, Han counting as three) honest people meet by chance ("Too expensive!").
_SHORTEST_CAMPAIGN = 16


def find_people(feedback: Sequence[Feedback], *, near_duplicate: float = 0.75) -> NDArray[np.int64]:
    """Number of the person behind each feedback, from 0.

    A person is a distinct author name, compared by ``author_key``; feedback without an author is
    a person of its own. Identical or near-identical texts (Jaccard similarity of character 4-grams, found by
    MinHash and then computed exactly) that come under several names are one voice: a campaign. The other
    messages of its authors stay theirs. Short texts are a campaign only where nobody signed them.

    Args:
        feedback: Messages with distinct ids, in any order.
        near_duplicate: Least Jaccard similarity of two texts of one campaign, in (0, 1].

    Returns:
        (n,) numbers; who shares a number does not depend on the order of the messages.
    """
    authors = [_author(message) for message in feedback]
    campaigns = _campaigns([bare(message.text) for message in feedback], near_duplicate)
    voices = list(authors)
    for members in campaigns:
        long = min(weight(feedback[i].text) for i in members) >= _SHORTEST_CAMPAIGN
        joined = [i for i in members if long or feedback[i].author is None]
        if len({authors[i] for i in joined}) > 1:
            name = min(feedback[i].id for i in joined)
            for i in joined:
                voices[i] = ("campaign", name)
    numbers = {voice: number for number, voice in enumerate(sorted(set(voices)))}
    return np.array([numbers[voice] for voice in voices], dtype=np.int64)


def _author(message: Feedback) -> tuple[str, str]:
    name = author_key(message.author or "")
    return ("author", name) if name else ("message", message.id)


def _campaigns(texts: Sequence[str], near_duplicate: float) -> list[list[int]]:
    """Groups of two or more identical or nearly identical texts, as positions."""
    copies: dict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        if text:
            copies[text].append(position)
    distinct = sorted(copies)
    groups: dict[int, list[int]] = defaultdict(list)
    for number, root in enumerate(near_duplicates(distinct, near_duplicate).tolist()):
        groups[root].extend(copies[distinct[number]])
    return [members for members in groups.values() if len(members) > 1]
