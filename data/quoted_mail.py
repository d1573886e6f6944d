"""The mail that a message answers out of the message: it was written by somebody else, mostly the company itself.

Mail programs quote it below a mark: "On 3 March 2026 at 14:20, Anna Miller wrote:", a block of headers, or
"-----Original Message-----". The words of the marks are in ``data/quoted_mail.yaml``; no word is a mark without the
form around it, so that "As my wife wrote:" stays. Customers quote, too, and go on below: what has neither an address
nor a time of day may be theirs, and only lines with ">" go below it. Such lines alone are as often a list, and stay.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from data.visible import is_blank

_FILE: Final = Path(__file__).with_name("quoted_mail.yaml")
_MAY_QUOTE: Final = re.compile(r"[>:：]|--|##")
_COLONS: Final = (":", "：")
_LABEL: Final = re.compile(r"[\s*_]*([^:：*]{1,30}?)[\s*_]*[:：]")  # bold in some programs: "*From:* Anna"
_LONGEST_LABEL: Final = 60  # characters of it and its ornaments
_LONGEST_MARK: Final = 300  # characters of a line
_BLOCK: Final = 5  # lines in which the other headers stand
_NUMBER: Final = re.compile(r"\d+")
_LEAST_NUMBERS: Final = 2  # of a date and time
# "14:20", "2:20:05", "14.20" or "14h20", and not of a date: 3.05.2026.
_CLOCK: Final = re.compile(
    r"(?<![\d.:])(?:[01]?\d|2[0-3])(?::[0-5]\d(?::\d\d)?|[.h][0-5]\d)(?!\d|[.:]\d|\.\s)"
)
_DASHED: Final = re.compile(r"-{2,}\s*([^-\s](?:.{0,60}[^-\s])?)\s*-{2,}")
_UNSPACED: Final = re.compile(r"[\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7af]")
_RULE: Final = re.compile(r"[\s_*=\u2014\u2500-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """The words of marks in all languages, without case."""

    wrote: re.Pattern[str]
    labels: frozenset[str]
    sent: frozenset[str]
    subject: frozenset[str]
    original: frozenset[str]
    above: tuple[str, ...]


def without_quoted_mail(text: str) -> str:
    """``text`` up to the first mark of a quoted mail with words above it, or ``text`` itself; never blank."""
    if "\n" not in text or not _MAY_QUOTE.search(text):
        return text
    written = text.split("\n")
    lines = [line.strip() for line in written]
    for number, line in enumerate(lines):
        if not line or line.startswith(">") or len(line) > _LONGEST_MARK:
            continue
        start = _attribution(lines, number)
        if start is not None:
            return _without_answered(text, written, start, number)
        if _is_dashed(line) or _is_header_block(lines, number):
            return _above(text, written, number)
    return text


def _attribution(lines: Sequence[str], number: int) -> int | None:
    """The first line of "On ... wrote:" that ends in line ``number``: mail programs break it in two.

    One of neither an address nor a time of day counts above a line with ">" only.
    """
    line = lines[number]
    if not line.endswith(_COLONS):
        return None
    above = lines[number - 1][-_LONGEST_MARK:] if number else ""
    broken = "@" in above + line or _marks().wrote.fullmatch(line[:-1].rstrip().casefold())
    if broken and _is_dated(above) and _tells_who_wrote(f"{above} {line}"):
        start = number if _is_dated(line) else number - 1
    elif _is_dated(line) and _tells_who_wrote(line):
        start = number
    else:
        return None
    told = " ".join(lines[start : number + 1])
    return start if "@" in told or _has_clock(told) or _quotes_below(lines, number) else None


def _quotes_below(lines: Sequence[str], number: int) -> bool:
    below = (lines[place] for place in range(number + 1, len(lines)) if lines[place])
    return next(below, "").startswith(">")


def _is_dated(line: str) -> bool:
    return len(_NUMBER.findall(line)) >= _LEAST_NUMBERS


def _has_clock(line: str) -> bool:
    """Whether there is a time of day beside a date: "12.05" alone may be either."""
    return _CLOCK.search(line) is not None and _is_dated(_CLOCK.sub(" ", line, count=1))


def _tells_who_wrote(line: str) -> bool:
    addressed = line[:-1].rstrip().endswith(">") and "@" in line  # some languages have no verb there
    return addressed or _marks().wrote.search(line.casefold()) is not None


def _is_dashed(line: str) -> bool:
    """Whether ``line`` is "-----Original Message-----" or "## Reply above this line ##"."""
    if not line.startswith(("--", "##")):
        return False
    found = _DASHED.fullmatch(line)
    if found is not None and found[1].casefold() in _marks().original:
        return True
    return any(phrase in line.casefold() for phrase in _marks().above)


def _is_header_block(lines: Sequence[str], number: int) -> bool:
    """Whether "From: ..." has "Sent: ..." on the next lines, and an address, or a subject and a time of day there.

    A trip has neither, and a complaint about one has a subject, but seldom a time of day behind its date.
    """
    marks = _marks()
    if _label(lines[number]) not in marks.labels:
        return False
    block = [line for line in lines[number : number + 2 * _BLOCK] if line][: _BLOCK + 1]
    labels = [_label(line) for line in block]
    sent = [line for line, label in zip(block[1:], labels[1:], strict=True) if label in marks.sent]
    if not sent:
        return False
    known = marks.labels | marks.sent | marks.subject
    last = max(place for place, label in enumerate(labels) if label in known)
    if any("@" in line for line in block[: last + 1]):
        return True
    return not marks.subject.isdisjoint(labels[1:]) and any(map(_has_clock, sent))


def _label(line: str) -> str | None:
    found = _LABEL.match(line[:_LONGEST_LABEL])
    return None if found is None else found[1].casefold()


def _without_answered(text: str, written: Sequence[str], start: int, end: int) -> str:
    """Less the quoted mail whose attribution is lines ``start`` to ``end``; answers between and below ">" stay."""
    below = [line for line in written[end + 1 :] if line.strip()]
    if not below or not below[0].lstrip().startswith(">"):
        return _above(text, written, start)
    answers = (line for line in written[end + 1 :] if not line.lstrip().startswith(">"))
    own = "\n".join([*written[:start], *answers]).strip()
    return text if is_blank(own) else without_quoted_mail(own)  # no line with ">" is left below another mark


def _above(text: str, written: Sequence[str], number: int) -> str:
    """The lines above ``number``, less rules beneath them; ``text`` itself where none says anything."""
    while number and _RULE.fullmatch(written[number - 1]):
        number -= 1
    own = "\n".join(written[:number]).rstrip()
    return text if is_blank(own) else own


@cache
def _marks() -> _Marks:
    import yaml

    sections: dict[str, dict[str, str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    words = {
        name: frozenset(
            phrase.strip().casefold() for phrases in languages.values() for phrase in phrases.split(",")
        )
        for name, languages in sections.items()
    }
    return _Marks(
        wrote=_as_words(words["wrote"]),
        labels=words["from"],
        sent=words["sent"],
        subject=words["subject"],
        original=words["original"],
        above=tuple(sorted(words["above"])),
    )


def _as_words(phrases: frozenset[str]) -> re.Pattern[str]:
    """Any of ``phrases`` as whole words, or anywhere in a script that puts no space between words."""
    spaced = "|".join(re.escape(phrase) for phrase in sorted(phrases) if not _UNSPACED.search(phrase))
    unspaced = "|".join(re.escape(phrase) for phrase in sorted(phrases) if _UNSPACED.search(phrase))
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|(?:{unspaced})")
