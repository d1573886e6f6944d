"""One value of each column for each person: that of most of their messages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from mining.counts import most_common


def person_values(told: Iterable[tuple[int, Mapping[str, str]]]) -> dict[int, dict[str, str]]:
    """What is known of each person: the value that most messages tell, the first by name among equals.

    A message counts once, however many statements it holds: who says more about a thing is no other person for it.

    Args:
        told: For each message the number of its person, and what it tells of them, column to value.

    Returns:
        Person to column to value; who tells nothing is left out.
    """
    said: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for person, values in told:
        for column, value in values.items():
            said[person][column].append(value)
    return {
        person: {column: most_common(each) or "" for column, each in own.items()}
        for person, own in said.items()
    }
