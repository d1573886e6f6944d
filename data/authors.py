"""Whom the authors of a file name: nobody where they are placeholders, and how much one of them wrote."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Final

from data.customers import author_key
from data.plain_cells import plain_cell

_PLACEHOLDERS_FILE: Final = Path(__file__).with_name("placeholder_authors.yaml")

_COUNTED: Final = 1_000  # names counted at a time
_LEAST_MESSAGES: Final = 50
_LARGE_SHARE: Final = 0.05
_SHOWN: Final = 40  # characters of a name


def is_placeholder(author: str) -> bool:
    """Whether ``author`` names nobody: a placeholder of the list, or nothing with a letter or a digit."""
    return not any(map(str.isalnum, author)) or _plain(author) in _placeholders()


class AuthorCensus:
    """How many messages the most frequent authors wrote, in memory that does not grow with the file.

    Of files with more than 1,000 authors a count may be too low, by at most one in 1,000 messages (Misra-Gries).
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._names: dict[str, str] = {}
        self._messages = 0

    def add(self, author: str) -> None:
        """Count a message of ``author``, who is no placeholder."""
        key = author_key(author)
        self._messages += 1
        self._counts[key] += 1
        self._names.setdefault(key, author)
        if len(self._counts) > _COUNTED:
            self._counts = Counter({key: count - 1 for key, count in self._counts.items() if count > 1})
            self._names = {key: self._names[key] for key in self._counts}

    def notes(self) -> tuple[str, ...]:
        """A line for people where one author wrote more than 5 % of at least 50 messages."""
        large = [
            (key, count) for key, count in self._counts.most_common() if count > _LARGE_SHARE * self._messages
        ]
        if self._messages < _LEAST_MESSAGES or not large:
            return ()
        key, count = large[0]
        others = f", and {len(large) - 1} more wrote over {_LARGE_SHARE:.0%} each" if len(large) > 1 else ""
        return (
            f"{self._names[key][:_SHOWN]!r} wrote {count / self._messages:.0%} of {self._messages:,} messages with an "
            f"author{others}; each counts as one person: where it names nobody, empty its cells",
        )


@cache
def _placeholders() -> frozenset[str]:
    import yaml

    lists: dict[str, str] = yaml.safe_load(_PLACEHOLDERS_FILE.read_text(encoding="utf-8"))
    return frozenset(_plain(name) for names in lists.values() for name in names.split(","))


def _plain(author: str) -> str:
    """Without case, outer punctuation and symbols, and what parts words: "Google-Nutzer" as "google nutzer"."""
    return plain_cell(author, around="PSZC")
