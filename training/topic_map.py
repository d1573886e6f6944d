"""Which taxonomy topics the aspect categories of the public corpora mean, by a table of our own."""

from functools import cache
from pathlib import Path

from data.errors import InputError
from data.labels import TOPICS

TABLE = Path(__file__).resolve().parent.parent / "data" / "corpus" / "aspect_topics.csv"


@cache
def topic_table() -> dict[tuple[str, str], tuple[str, ...]]:
    """(domain, category in lower case) to topics; an empty tuple where a category says nothing about the topic.

    A domain of ``*`` serves every domain.

    Raises:
        InputError: A row names a topic that is not in the taxonomy.
    """
    table: dict[tuple[str, str], tuple[str, ...]] = {}
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines()[1:], start=2):
        domain, category, topics = line.split(",")
        chosen = tuple(topic for topic in topics.split("|") if topic)
        unknown = set(chosen) - set(TOPICS)
        if unknown:
            raise InputError(
                f"{TABLE.name} line {number}: unknown topic {sorted(unknown)[0]}, allowed are {TOPICS}"
            )
        table[domain, category.lower()] = chosen
    return table


def topics_of(domain: str, category: str) -> tuple[str, ...] | None:
    """Topics of one aspect category, None where the table does not know it."""
    table = topic_table()
    key = category.lower()
    entity, _, attribute = key.partition("#")
    candidates = ((domain, key), ("*", key), (domain, f"{entity}#*"), (domain, f"*#{attribute}"))
    return next((table[candidate] for candidate in candidates if candidate in table), None)
