"""The line breaks that a program put into paragraphs, told from those that people type.

Mail programs fill a line with words until the next word does not fit. So a line of a block, which ends at a blank line,
can be wrapped only where the first word of the next one had no room, measured by the longest line. People break lines
at such places, too, by chance; what they break is a list or says one thing a line. So the sentence must also read on:
in small letters, behind a line without a stop, by somebody who writes stops and capitals. What could be either stays
a border, for two opinions in one statement are worse than one in two. See
``docs/decisions/0064-lines-that-a-program-wrapped-are-one.md``.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Final

_WIDTHS: Final = range(50, 101)  # characters of the longest line of a block; programs wrap at 60 to 80
_WIDTHS_OF_TWO_LINES: Final = range(55, 81)
_UNCASED: Final = 2  # breaks, and lines without a stop, where no small letter tells that a sentence goes on
_LONG: Final = 3  # breaks from which a stop within is enough

_CLOSERS: Final = "\"'”“»’)]"
_GOING_ON: Final = ",،%°€$&/+-–"  # what a line may end with in the middle of a sentence, beside words
_WORDY: Final = "LMN"  # letters, marks and digits
_STOPS: Final = tuple(".!?…؟۔।")
_STOP_WITHIN: Final = re.compile(r"[.!?…؟۔।][\"'”“»’)\]]?\s")
_FIRST_LETTER: Final = re.compile(r"(?:\A\W{0,3}|[.!?…]\s{1,3}[\"'“„«‘(¿¡]?)([^\W\d_])")
_GOES_ON: Final = re.compile(r"[\"'“„«‘(\[¿¡€$£]?\w")
_POINT: Final = re.compile(r"\(?(?:\d{1,3}|[^\W\d_])[.)]\s|https?:|www\.")  # of a list, or an address
_LABEL: Final = re.compile(r"\S{1,30}(?: \S{1,30})? ?[:：](?:\s|$)")
# Scripts that put no space between words, and kana, Han and wide forms, which fill two columns.
_UNSPACED: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwrapped:
    """A text with its wrapped lines joined, each by one space, and the way back.

    Attributes:
        joints: Where in ``text`` each line that was joined begins, ascending.
        shifts: By how much later each begins in the text as it was written.
    """

    text: str
    joints: Sequence[int]
    shifts: Sequence[int]

    def written(self, spans: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
        """Spans of ``text`` that neither begin nor end with white space, as spans of the text as it was written."""
        return [(self._written(start), self._written(end - 1) + 1) for start, end in spans]

    def _written(self, place: int) -> int:
        joined = bisect_right(self.joints, place)
        return place + self.shifts[joined - 1] if joined else place


@dataclass(frozen=True, slots=True, kw_only=True)
class _Break:
    """A line break within a block.

    Attributes:
        line: Number of the line above it.
        room: Width from which the first word below would have had room above.
        is_open: Whether the line above ends without a stop.
        reads_on: Whether that, and it goes on in small letters.
        is_wrapped: Whether a program may have made it, were the longest line of the block as wide as it wraps.
    """

    line: int
    room: int
    is_open: bool
    reads_on: bool
    is_wrapped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Breaks that follow one another and that one program may have made.

    Attributes:
        width: Of the longest line of the block.
        stops: Whether the last line ends with a stop, and whether there is one within.
        typed: Breaks of the block in the middle of a sentence where the next word had room.
    """

    breaks: Sequence[_Break]
    width: int
    stops: tuple[bool, bool]
    typed: int

    @property
    def room(self) -> int:
        """A program that made all of its breaks wraps at a width from ``width`` to below this."""
        return min(found.room for found in self.breaks)


def unwrapped(text: str) -> Unwrapped | None:
    """``text`` with the lines joined that a program wrapped; None where it wrapped none."""
    if "\n" not in text:
        return None
    lines = text.split("\n")
    breaks = _wrapped([line.rstrip() for line in lines])
    return _joined(text, lines, breaks) if breaks else None


def _joined(text: str, lines: Sequence[str], breaks: Collection[int]) -> Unwrapped:
    """The text without the breaks below the lines of the given numbers."""
    parts: list[str] = []
    joints: list[int] = []
    shifts: list[int] = []
    last = shift = 0
    for number, below in enumerate(accumulate(len(line) + 1 for line in lines)):
        if number not in breaks:
            continue
        end = below - 1 - (len(lines[number]) - len(lines[number].rstrip()))
        start = below + len(lines[number + 1]) - len(lines[number + 1].lstrip())
        parts.append(text[last:end])
        shift += start - end - 1
        joints.append(start - shift)
        shifts.append(shift)
        last = start
    return Unwrapped(text=" ".join([*parts, text[last:]]), joints=joints, shifts=shifts)


def _wrapped(lines: Sequence[str]) -> frozenset[int]:
    """Numbers of the lines below which a program broke; ``lines`` end without white space."""
    capitals = _begins_with_capitals("\n".join(lines))
    runs = [run for first, last in _blocks(lines) for run in _runs(lines, first, last, capitals)]
    sure = [run for run in runs if _is_wrapped(run, capitals=capitals)]
    if not sure:
        return frozenset()
    # One program wraps at one width, so less is needed to tell other blocks.
    width, room = max(run.width for run in sure), min(run.room for run in sure)
    fit = [run for run in runs if max(width, run.width) < min(room, run.room)]
    return frozenset(found.line for run in [*sure, *fit] for found in run.breaks)


def _begins_with_capitals(text: str) -> bool:
    """Whether more of the sentences begin with a capital than with a small letter."""
    firsts = [found[1] for found in _FIRST_LETTER.finditer(text)]
    return sum(map(str.isupper, firsts)) > sum(map(str.islower, firsts))


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """First line of each block, and the one behind its last."""
    first = 0
    for number, line in enumerate([*lines, ""]):
        if not line:
            if number - first > 1:
                yield first, number
            first = number + 1


def _runs(lines: Sequence[str], first: int, last: int, capitals: bool) -> Iterator[_Run]:
    """The runs of a block."""
    # A long address stands alone on its line.
    width = max((len(line) for line in lines[first:last] if " " in line.strip()), default=0)
    if width not in _WIDTHS:
        return
    breaks = [_break(lines, number, width) for number in range(first, last - 1)]
    typed = sum(
        found.room <= width
        and (found.reads_on if capitals else found.is_open and len(lines[found.line]) >= width / 2)
        and lines[found.line][-1] not in ",،"
        for found in breaks
    )
    for is_wrapped, group in groupby(breaks, lambda found: found.is_wrapped):
        run = list(group) if is_wrapped else []
        while run and not run[-1].is_open:  # a border in any case, and what is below may be a closing
            run.pop()
        if run:
            yield _Run(breaks=run, width=width, stops=_stops(lines, run), typed=typed)


def _stops(lines: Sequence[str], run: Sequence[_Break]) -> tuple[bool, bool]:
    """Whether the last line of a run ends with a stop, and whether there is one within its lines."""
    within = lines[run[0].line : run[-1].line + 2]
    return within[-1].rstrip(_CLOSERS).endswith(_STOPS), any(map(_STOP_WITHIN.search, within))


def _break(lines: Sequence[str], number: int, width: int) -> _Break:
    above, below = lines[number], lines[number + 1].lstrip()
    word, *_ = below.split(maxsplit=1)
    room = len(above) + 1 + len(word)
    is_open = _is_open(above)
    letter = next(filter(str.isalnum, below[:2]), "")
    return _Break(
        line=number,
        room=room,
        is_open=is_open,
        reads_on=is_open and letter.islower(),
        is_wrapped=(
            len(above) <= width < room and _UNSPACED.search(above[-1] + word) is None and _may_go_on(below)
        ),
    )


def _is_open(line: str) -> bool:
    """Whether a line ends without a stop, an emoji or a face of punctuation."""
    last = line.rstrip(_CLOSERS)[-1:]
    return last != "" and (last in _GOING_ON or unicodedata.category(last)[0] in _WORDY)


def _may_go_on(line: str) -> bool:
    """Whether a line begins with words, and is neither a point of a list nor has a label before it."""
    if _GOES_ON.match(line) is None or _POINT.match(line) is not None:
        return False
    return line[0].islower() or _LABEL.match(line) is None


def _is_wrapped(run: _Run, *, capitals: bool) -> bool:
    """Whether the sentences of a run read on across its breaks; ``capitals`` says that its writer uses them."""
    last, within = run.stops
    if not capitals:
        is_open = sum(found.is_open for found in run.breaks)
        return min(len(run.breaks), is_open) >= _UNCASED and run.typed == 0 and last and within
    if len(run.breaks) == 1 and run.width not in _WIDTHS_OF_TWO_LINES:
        return False
    stopped = last or (within and len(run.breaks) >= _LONG)
    return stopped and sum(found.reads_on for found in run.breaks) > run.typed
