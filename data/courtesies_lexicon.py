"""The words of letters in ``courtesies.yaml``: what is in it, and texts as words to look up there."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from data.errors import SettingsError
from data.language import LANGUAGES
from data.words import without_marks

Words = tuple[str, ...]
Phrases = Mapping[str, Sequence[Words]]
"""Phrases by their first word, the longest first."""

_FILE: Final = Path(__file__).with_name("courtesies.yaml")
_FORMULAS: Final = ("salutations", "closings", "thanks", "devices")
_COMMON: Final = ("pronouns", "titles", "joiners")  # one list for all languages
_SECTIONS: Final = (*_FORMULAS, "addressees", *_COMMON, "signatures", "surnames")
_NAMED: Final = ("zh", "ja", "ko")  # the languages whose names are told by their first characters

_BEGIN: Final = 8  # characters of a piece that are looked at first, and letters of them
_PREFIX: Final = 5
_DECOMPOSED: Final = 3  # code points of a character at most, but for rare ones

_UNSPACED: Final = re.compile(r"[\u0e00-\u0e7f\u2e80-\u9fff]")
_LETTERS: Final = re.compile(r"\w+")
_APOSTROPHES: Final = "'’‘`´ʼ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Courtesies:
    """The words of letters in all languages, without case and marks.

    Attributes:
        salutations, closings, thanks, devices: Formulas; the last word is "+" where one is none without a comma and a
            name behind it. Closings stand before a name; thanks are wishes and goodbyes, too. Devices are what a
            telephone writes beneath a letter.
        addressees: Whom a letter is to or from, beside names: "team", "madam".
        pronouns: Whom one thanks without naming them.
        titles: What stands at the name of a person.
        joiners: What may stand between formulas and names.
        signatures: What goes before the number in a signature: "order no".
        surnames: What names without capitals begin with.
        openers: How a formula may begin, as it is typed: its first characters, to pass over other pieces quickly.
    """

    salutations: Phrases
    closings: Phrases
    thanks: Phrases
    devices: Phrases
    addressees: Phrases
    pronouns: Phrases
    titles: Phrases
    joiners: Phrases
    signatures: Phrases
    surnames: Phrases
    openers: frozenset[str]


def may_open(text: str, start: int, end: int) -> bool:
    """Whether a piece may be a formula by its first characters; spares most pieces the reading."""
    begin = unicodedata.normalize("NFC", text[start : min(start + _DECOMPOSED * _BEGIN, end)])
    openers, opener = courtesies().openers, _opener(begin[:_BEGIN])
    if _UNSPACED.match(opener):
        return any(opener[:size] in openers for size in range(1, _PREFIX + 1))
    return opener in openers


def _opener(begin: str) -> str:
    """The first letters of a text, as far as its first word goes where words have spaces."""
    if not begin.isascii():
        begin = begin.translate(_SEPARATED).translate(_MARKLESS)
        if _UNSPACED.search(begin):
            begin = "".join(begin.split())
    first = _LETTERS.search(begin)
    return first[0][:_PREFIX].casefold() if first else ""


class _Characters(dict[int, str]):
    """What characters become, each found once: a table for ``str.translate``."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        self._rule = rule

    def __missing__(self, code: int) -> str:
        self[code] = "".join(map(self._rule, unicodedata.normalize("NFKC", chr(code))))
        return self[code]


def _separated(char: str) -> str:
    """A character of a word; spaces for another, and around one of a script without them."""
    if char in _APOSTROPHES or "\ufe00" <= char <= "\ufe0f":
        return ""
    if not (char.isalnum() or char == "-" or unicodedata.category(char).startswith("M")):
        return " "
    return f" {char} " if _UNSPACED.match(char) else char


def _markless(char: str) -> str:
    return unicodedata.normalize("NFC", without_marks(char))


_SEPARATED: Final = _Characters(_separated)
_MARKLESS: Final = _Characters(_markless)


def typed_words(text: str) -> list[str]:
    """Words as they are typed; where words have no spaces, characters, but for marks."""
    found = unicodedata.normalize("NFC", text).translate(_SEPARATED).split()
    return [word for typed in found if (word := typed.strip("-")) and plain(word)]


def plain(word: str) -> str:
    """A word without case and marks."""
    return word.translate(_MARKLESS).casefold()


def longest(phrases: Phrases, read: Sequence[str], place: int) -> Words | None:
    """The longest of the phrases that stands at a place."""
    for phrase in phrases.get(read[place], ()):
        length = size(phrase)
        if tuple(read[place : place + length]) == phrase[:length]:
            return phrase
    return None


def size(phrase: Words) -> int:
    """How many words of a line a phrase takes."""
    return len(phrase) - (phrase[-1] == "+")


def is_one_of(phrase: Words, phrases: Phrases) -> bool:
    """Whether a phrase is one of a section."""
    return bool(phrase) and phrase in phrases.get(phrase[0], ())


def is_cased(word: str) -> bool:
    """Whether a word has capitals or could have."""
    return word.lower() != word.upper()


@cache
def courtesies() -> Courtesies:
    """The words of ``courtesies.yaml``.

    Raises:
        SettingsError: The file lacks a section or a language, or an entry cannot be one.
    """
    import yaml

    return read_courtesies(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def read_courtesies(sections: Mapping[str, Any]) -> Courtesies:
    """Check the parsed file and give its words."""
    if tuple(sections) != _SECTIONS:
        raise SettingsError(f"the courtesies must be {', '.join(_SECTIONS)}, not {', '.join(sections)}")
    lists = {name: _lists(name, section) for name, section in sections.items()}
    openers = [
        *(entry for name in _FORMULAS for entry in lists[name]),
        *(entry for name in ("addressees", "surnames") for entry in lists[name] if not is_cased(entry)),
    ]
    return Courtesies(
        **{name: _phrases(name, entries) for name, entries in lists.items()},
        openers=frozenset(
            _opener(form[:_BEGIN])
            for entry in openers
            for form in (entry, " ".join(map(plain, typed_words(entry))))
        ),
    )


def _lists(name: str, section: Any) -> list[str]:
    """The entries of a section, of all its languages."""
    if name in _COMMON:
        return _entries(name, "all", section)
    languages = _NAMED if name == "surnames" else LANGUAGES
    if not isinstance(section, Mapping) or set(section) != set(languages):
        raise SettingsError(f"{name} must be in {', '.join(languages)}")
    return [entry for tag, listed in section.items() for entry in _entries(name, tag, listed)]


def _entries(name: str, tag: str, listed: Any) -> list[str]:
    entries = [entry.strip() for entry in re.split(r"\s" if name == "surnames" else ",", str(listed))]
    twice = sorted({entry for entry in entries if entries.count(entry) > 1})
    if twice:
        raise SettingsError(f"{name}, {tag}: {', '.join(twice)} stands there twice")
    return entries


def _phrases(name: str, entries: Sequence[str]) -> Phrases:
    found: dict[str, set[Words]] = {}
    for entry in entries:
        needs_name = entry.endswith("+")
        phrase = tuple(map(plain, typed_words(entry)))
        if not phrase or (needs_name and name not in _FORMULAS):
            raise SettingsError(f"{entry!r} cannot be one of the {name}")
        found.setdefault(phrase[0], set()).add((*phrase, "+") if needs_name else phrase)
    return {first: sorted(phrases, key=_longest_first) for first, phrases in found.items()}


def _longest_first(phrase: Words) -> tuple[int, Words]:
    return -size(phrase), phrase
