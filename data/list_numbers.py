"""Numbers of a list that somebody typed on one line: "1. Great screen 2. Bad battery 3. Slow charging"."""

import re
from collections.abc import Iterator
from typing import Final

# No digits of a version, a price, a date, a time or a decimal. Scripts without spaces between words leave none before a
# number either: "1.屏幕好2.电池差".
_NUMBER: Final = re.compile(
    r"(?:(?<![\w.,:/$€£¥฿₫%+(-])|(?<=[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff]))"
    r"([1-9][0-9]?)[ ]?[.)．）](?![0-9])[^\S\r\n]*"
)
_OPENERS: Final = "\n\r:：.!?;,。！？；，、–—-"
_READ: Final = 16  # characters before a 1 in which its opener is looked for


def list_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the numbers of lists in ``text``, ascending, each with the blanks behind it.

    A list has the numbers from 1 on in order: three, or two if the 1 stands at the beginning of a line or behind
    punctuation. "I gave it a 1. My wife gave it a 2. Never again." holds none.
    """
    run: list[tuple[int, int]] = []
    for match in _NUMBER.finditer(text):
        number = int(match[1])
        if number == 1:
            yield from _if_list(text, run)
            run = [match.span()]
        elif run and number == len(run) + 1:
            run.append(match.span())
    yield from _if_list(text, run)


def _if_list(text: str, run: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return run if len(run) > 2 or (len(run) == 2 and _opens(text, run[0][0])) else []


def _opens(text: str, place: int) -> bool:
    before = text[max(0, place - _READ) : place].rstrip(" \t")
    return not before or before[-1] in _OPENERS
