"""What a line of a letter is: a salutation, a closing, thanks, or of a telephone.

Where a name could be a complaint ("Danke, Akku Schrott"), the line is none of them.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import Final

from data.courtesies_lexicon import (
    Phrases,
    courtesies,
    is_cased,
    is_one_of,
    longest,
    plain,
    size,
    typed_words,
)
from data.courtesies_reading import FORMULAS, NAMING, Kind, Part, read_phrases

_NAME_WORDS: Final = 4
_PLAIN_NAME: Final = 2  # words of a name without a title
_REMEMBERED: Final = 4096  # lines; letters of one file begin and end alike

# A question, and what goes on behind a quotation: "Regards, Anna" Yes.
_SAYS_MORE: Final = re.compile(r"[?？؟]|\w\W{0,3}[\"“”»]\s*\w")
_STOPS: Final = tuple(".!?…。！？।")
_PAUSES: Final = ",:，：،、"
_PAUSE: Final = re.compile(f"[{_PAUSES}]")
_END: Final = re.compile(r"[\W_]*\Z")
# Every German noun has a capital, so only these words tell that a name follows.
_DEAR: Final = frozenset(
    ("dear", "liebe", "lieber", "liebes", "geehrte", "geehrter", "geehrtes", "werte", "werter", "verehrte")
)


class Closing(Enum):
    """What a line is as a closing: none, one that is none without a name behind it, thanks, or one of a letter."""

    NONE = 0
    UNSIGNED = 1
    THANKS = 2
    LETTER = 3


@lru_cache(_REMEMBERED)
def is_salutation(line: str, language: str, *, breaks: bool) -> bool:
    """Whether a line greets; ``breaks`` says that a new one follows it.

    Behind a comma stand only words of whom it is to, for "Hallo, Akku Schrott" says something.
    """
    line = unicodedata.normalize("NFC", line)
    parts = _formulas(line, language, {Kind.FORMULA: courtesies().salutations})
    if not parts:
        return False
    named = [place for place, part in enumerate(parts) if part.kind == Kind.NAME]
    *_, last = (part for part in parts if part.kind == Kind.FORMULA)
    if last.phrase[-1] == "+" and not (
        any(part.kind in NAMING for part in parts) and _PAUSE.search(_ending(line))
    ):
        return False
    return all(_greets(parts, place, language) for place in named) and (
        not named or _announces(line, parts, named, breaks=breaks)
    )


def _greets(parts: Sequence[Part], place: int, language: str) -> bool:
    """Whether a name stands where one does in a greeting."""
    if not parts[place].is_cased:
        stretch = parts[place].stretch
        return any(part.kind == Kind.ADDRESSEE and part.stretch == stretch for part in parts)
    formula = _greeting(parts, place)
    if formula is None:
        return False
    return language != "de" or formula.phrase[-1] in _DEAR or _is_titled(parts, place)


def _greeting(parts: Sequence[Part], place: int) -> Part | None:
    """The formula that a name stands right behind, with nothing but a title between."""
    for part in reversed(parts[:place]):
        untitled = part.kind == Kind.ADDRESSEE and not is_one_of(part.phrase, courtesies().titles)
        if untitled or part.stretch != parts[place].stretch:
            return None
        if part.kind == Kind.FORMULA:
            return part
    return None


def _is_titled(parts: Sequence[Part], place: int) -> bool:
    """Whether a title stands between the formula and a name: "Sehr geehrte Frau Müller"."""
    titles = courtesies().titles
    for part in reversed(parts[:place]):
        if part.kind == Kind.FORMULA:
            return size(part.phrase) > 1 and is_one_of(part.phrase[-1:], titles)
        if is_one_of(part.phrase, titles):
            return True
    return False


def _announces(line: str, parts: Sequence[Part], named: Sequence[int], *, breaks: bool) -> bool:
    """Whether a greeting with names ends like one: with a comma or colon, or after one name with "!" or its line."""
    cased = [place for place in named if parts[place].is_cased]
    if not cased:
        return True
    ending = _ending(line)
    titled = _is_titled(parts, cased[0])
    if _PAUSE.search(ending):
        return titled or len(cased) <= _PLAIN_NAME
    if not any(mark in ending for mark in "!！") and (not breaks or any(stop in ending for stop in _STOPS)):
        return False
    greeting = _greeting(parts, cased[0])
    # "Monsieur Bricole" is a machine.
    return titled or (
        len(cased) == 1 and greeting is not None and not is_one_of(greeting.phrase, courtesies().addressees)
    )


def _ending(line: str) -> str:
    """What stands behind the last word."""
    found = _END.search(line)
    return found[0] if found else ""


@lru_cache(_REMEMBERED)
def closing(line: str, language: str) -> Closing:
    """What a line is as a closing; who is named in thanks is praised or blamed, so those are none."""
    line = unicodedata.normalize("NFC", line)
    parts = _formulas(line, language, {Kind.FORMULA: courtesies().closings, Kind.THANKS: courtesies().thanks})
    if not parts:
        return Closing.NONE
    last = next(part for part in parts if part.kind in FORMULAS)
    for part in parts:
        last = part if part.kind in FORMULAS else last
        names = part.kind == Kind.NAME or (
            part.kind == Kind.ADDRESSEE and not is_one_of(part.phrase, courtesies().pronouns)
        )
        if names and last.kind == Kind.THANKS:
            return Closing.NONE
    if last.kind == Kind.THANKS:
        return Closing.THANKS
    if last.phrase[-1] != "+":
        return Closing.LETTER
    if not any(part.kind in NAMING for part in parts[parts.index(last) :]):
        return Closing.UNSIGNED
    return Closing.LETTER if _PAUSE.search(line) else Closing.NONE


@lru_cache(_REMEMBERED)
def is_device(line: str, language: str) -> bool:
    """Whether a telephone or a program wrote a line."""
    line = unicodedata.normalize("NFC", line)
    return bool(_formulas(line, language, {Kind.FORMULA: courtesies().devices}))


def _formulas(line: str, language: str, formulas: Mapping[Kind, Phrases]) -> Sequence[Part]:
    """A line as formulas with names, addressees and joiners around them; nothing if it is anything else."""
    typed = typed_words(line)
    # Nobody is named before a formula in a script with capitals.
    if not typed or (
        is_cased(typed[0])
        and all(longest(phrases, [plain(word) for word in typed], 0) is None for phrases in formulas.values())
    ):
        return ()
    tables = {
        **formulas,
        Kind.ADDRESSEE: courtesies().addressees,
        Kind.JOINER: courtesies().joiners,
        Kind.NAME: courtesies().surnames,
    }
    stretches = [place for place, part in enumerate(_PAUSE.split(line)) for _ in typed_words(part)]
    parts = list(read_phrases(typed, tables, language, stretches))
    kinds = [part.kind for part in parts]
    found = [place for place, kind in enumerate(kinds) if kind in FORMULAS]
    if _SAYS_MORE.search(line) or not found or {Kind.OTHER, Kind.NUMBER} & {*kinds}:
        return ()
    names = sum(kind in NAMING for kind in kinds[found[-1] :])
    # In a shout capitals do not tell names.
    return () if names > _NAME_WORDS or (Kind.NAME in kinds and line.isupper()) else parts
