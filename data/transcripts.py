"""Whether texts are transcripts of several speakers, whose turns would all be read as the words of the author.

They are not taken apart: nothing tells a customer from an agent for sure. People are told, and can give the turns of
the customer alone.
"""

import re
from itertools import pairwise
from typing import Final

_LEAST_TEXTS: Final = 5
_LEAST_SHARE: Final = 0.05
_LEAST_TURNS: Final = 3
_LEAST_SPEAKERS: Final = 2
# A label is up to three words, and stands first in a line or behind a time; only there may a dash follow it.
_TIME: Final = r"[(\[]?(?:[\d./-]{6,10}[T,]? ?)?\d{1,2}:\d{2}(?::\d{2})?[)\]]?"
_LABEL: Final = r"[^\W\d_][^\s:：]{0,19}(?: [^\s:：]{1,20}){0,2}"
_TURN: Final = re.compile(
    rf"^[ \t]*(?:{_TIME}[ \t]{{0,3}}(?P<timed>{_LABEL})[ \t]?(?:[:：]|[-\u2013\u2014]\s)"
    rf"|(?P<bare>{_LABEL})[ \t]?[:：])",
    re.MULTILINE,
)
# Where nobody broke the lines: "Speaker 1: ... Speaker 2: ...".
_INLINE: Final = re.compile(r"(?:^|(?<=\s))([^\W\d_][^\s:：]{1,19}(?: \d{1,2})?)[:：](?=\s)")


class Transcripts:
    """Counts the texts of a file that look like transcripts."""

    def __init__(self) -> None:
        self._texts = 0
        self._found = 0

    def add(self, text: str) -> None:
        """Count a text."""
        self._texts += 1
        self._found += is_transcript(text)

    def notes(self) -> tuple[str, ...]:
        """A line for people where 5 % of the texts, and at least five, look like transcripts."""
        if self._found < max(_LEAST_TEXTS, _LEAST_SHARE * self._texts):
            return ()
        return (
            f"{self._found:,} texts look like transcripts of several speakers: all are read as the author's words; "
            "give only the customer's turns",
        )


def is_transcript(text: str) -> bool:
    """Whether two or more labels such as "Agent:" take turns in ``text``, and one comes again."""
    if text.count(":") + text.count("：") < _LEAST_TURNS:
        return False
    if "\n" in text:
        return _alternate([turn["timed"] or turn["bare"] for turn in _TURN.finditer(text)])
    return _alternate([turn[1] for turn in _INLINE.finditer(text)])


def _alternate(labels: list[str]) -> bool:
    speakers = [label.casefold() for label in labels]
    changes = sum(one != other for one, other in pairwise(speakers))
    return len(speakers) > len(set(speakers)) >= _LEAST_SPEAKERS and changes + 1 >= _LEAST_TURNS
