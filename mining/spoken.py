"""Whether enough people wrote in a language that it is one of theirs, and not another one misread."""

from typing import Final

_FEWEST_SPEAKERS: Final = 3
_LEAST_SPEAKERS: Final = 0.01  # of all people


def is_spoken(speakers: int, people: int) -> bool:
    """Whether so many of all ``people`` wrote in a language that it is one of theirs.

    A language of fewer is more often a misreading of another, and nobody is to be asked in that.
    """
    return speakers >= max(_FEWEST_SPEAKERS, _LEAST_SPEAKERS * people)
