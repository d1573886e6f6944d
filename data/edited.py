"""A text with parts of it replaced, and where its places are in the text as it was."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

Edit = tuple[int, int, str]  # start and end of what goes, and what comes instead


class _Boundary(NamedTuple):
    """A place behind an edit, and the place in the text as it was: of what ends there, and of what starts there."""

    place: int
    ending: int
    starting: int


@dataclass(frozen=True, slots=True)
class Edited:
    """A text, and the way back to the text that it was made of."""

    text: str
    boundaries: tuple[_Boundary, ...] = ()

    def span_before(self, start: int, end: int) -> tuple[int, int]:
        """Where ``start`` to ``end`` was. Both are outside of what an edit put in, or at its edges.

        What was taken out at an edge is not part of it; what was taken out inside is.
        """
        return self._before(start)[1], self._before(end)[0]

    def _before(self, place: int) -> tuple[int, int]:
        """Where what ends, and what starts, at ``place`` did so."""
        number = bisect_right(self.boundaries, place, key=lambda boundary: boundary.place) - 1
        if number < 0:
            return place, place
        boundary = self.boundaries[number]
        moved = boundary.starting + place - boundary.place
        return (boundary.ending if place == boundary.place else moved), moved


def edited(text: str, edits: Iterable[Edit]) -> Edited:
    """``text`` with ``edits`` made: in order, apart from each other, and with text between two that put in nothing."""
    parts, boundaries, position, length = [], [], 0, 0
    for start, end, instead in edits:
        parts += [text[position:start], instead]
        length += start - position + len(instead)
        boundaries.append(_Boundary(length, end if instead else start, end))
        position = end
    return Edited("".join([*parts, text[position:]]), tuple(boundaries))
