"""A line of a letter as its phrases: formulas, names, whom it is to, and what joins them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Final

from data.courtesies_lexicon import Phrases, Words, is_cased, longest, plain, size
from data.words import stopwords, without_marks


class Kind(Enum):
    """What a phrase of a line is."""

    FORMULA = 0
    THANKS = 1
    ADDRESSEE = 2
    JOINER = 3
    LABEL = 4  # of a number
    NUMBER = 5
    NAME = 6
    OTHER = 7


NAMING: Final = {Kind.ADDRESSEE, Kind.NAME}
FORMULAS: Final = {Kind.FORMULA, Kind.THANKS}


@dataclass(frozen=True, slots=True)
class Part:
    """A phrase of a line, and in which of the stretches between commas it begins."""

    kind: Kind
    phrase: Words
    stretch: int

    @property
    def is_cased(self) -> bool:
        """Whether its script has capitals."""
        return is_cased("".join(self.phrase))


def read_phrases(
    typed: Sequence[str],
    tables: Mapping[Kind, Phrases],
    language: str,
    stretches: Sequence[int] | None = None,
) -> Iterator[Part]:
    """The words of a line as phrases, each of the first of the tables that has it."""
    read = [plain(word) for word in typed]
    place = 0
    while place < len(read):
        found = ((kind, longest(phrases, read, place)) for kind, phrases in tables.items())
        kind, phrase = next((pair for pair in found if pair[1]), (_kind(typed[place], language), None))
        yield Part(kind, phrase or (read[place],), stretches[place] if stretches else 0)
        place += size(phrase) if phrase else 1


def _kind(word: str, language: str) -> Kind:
    """What a word, as typed, is by itself: with a capital a name, unless it is a function word or one of praise."""
    if any(map(str.isdigit, word)):
        return Kind.NUMBER
    return Kind.NAME if word != word.lower() and is_new(word, language) else Kind.OTHER


def is_new(word: str, language: str) -> bool:
    """Whether a word is neither a function word nor one of praise."""
    return word.replace("-", "").isalpha() and word.lower() not in function_words(language)


@cache
def function_words(language: str) -> frozenset[str]:
    """Function words and those of praise; Vietnamese ones with their marks, for without them many are names."""
    found = stopwords(language)
    return found - {without_marks(word) for word in found if without_marks(word) != word}
