"""How letters begin and end: salutations, closings and signatures, which say nothing of what the letter is about.

"Dear support team," and "Kind regards, Anna" would each be a statement, and be read as praise. Only whole pieces are
courtesies: "Hello, the lid leaks" and "Thanks for the quick delivery" say something.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from data.errors import SettingsError
from data.language import LANGUAGES
from data.words import stopwords, without_marks, words

Span = tuple[int, int]
Words = tuple[str, ...]
Phrases = Mapping[str, Sequence[Words]]
"""Phrases by their first word, the longest first."""

_FILE: Final = Path(__file__).with_name("courtesies.yaml")
_FORMULAS: Final = ("salutations", "closings", "devices")
_SECTIONS: Final = (*_FORMULAS, "addressees", "joiners", "signatures", "surnames")
_NAMED: Final = ("zh", "ja", "ko")  # the languages whose names are told by their first characters

_LONGEST_FORMULA: Final = 120  # characters
_LONGEST_SIGNATURE: Final = 60
_MOST_SALUTATIONS: Final = 2  # pieces
_SIGNATURE_LINES: Final = 4
_NAME_WORDS: Final = 4
_UNCASED_NAME: Final = 20  # characters
_SURNAMED: Final = range(2, 6)  # characters of a name that is told by its first ones
_PHONE: Final = 5  # digits of a number without a word that says what it is
_ORDER: Final = 3
_BEGIN: Final = 8  # characters of a piece that are looked at first, and letters of them
_PREFIX: Final = 5
_REMEMBERED: Final = 4096  # lines; letters of one file begin and end alike

_ADDRESS: Final = re.compile(r"\S{1,64}@\S{1,64}|https?://\S+|www\.\S+", re.IGNORECASE)
_UNSPACED: Final = re.compile(r"[\u0e00-\u0e7f\u2e80-\u9fff]")
_SURNAMES_FIRST: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]")
_LETTERS: Final = re.compile(r"\w+")
# A question, and what goes on behind a quotation: "Regards, Anna" Yes.
_SAYS_MORE: Final = re.compile(r"[?？؟]|\w\W{0,3}[\"“”»]\s*\w")
_STOPS: Final = tuple(".!?…。！？।")
_PAUSE: Final = re.compile(r"[,:，：،、]")
_APOSTROPHES: Final = "'’‘`´ʼ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Courtesies:
    """The words of letters in all languages, without case and marks.

    Attributes:
        salutations, closings, devices: Formulas; the last word is "+" where one is none without a comma and a name
            behind it. Devices are what a telephone writes beneath a letter.
        addressees: Whom a letter is to or from, beside names: "team", "madam".
        joiners: What may stand between formulas and names.
        signatures: What goes before the number in a signature: "order no".
        surnames: What names without capitals begin with.
        openers: How a formula may begin, as it is typed: its first characters, to pass over other pieces quickly.
    """

    salutations: Phrases
    closings: Phrases
    devices: Phrases
    addressees: Phrases
    joiners: Phrases
    signatures: Phrases
    surnames: Phrases
    openers: frozenset[str]


class _Formula(Enum):
    """What a line is: no formula, one that is none without a name behind it, or a whole one."""

    NONE = 0
    UNSIGNED = 1
    WHOLE = 2


class _Kind(Enum):
    """What a phrase of a line is."""

    FORMULA = 0
    ADDRESSEE = 1
    JOINER = 2
    LABEL = 3  # of a number
    NUMBER = 4
    NAME = 5
    OTHER = 6


_NAMING: Final = {_Kind.ADDRESSEE, _Kind.NAME}


def without_courtesies(text: str, spans: Sequence[Span], language: str) -> Sequence[Span]:
    """The pieces of a message less salutations at its start, and closings and signatures at its end; maybe none."""
    first = _salutations(text, spans, language)
    return spans[first : len(spans) - _closings(text, spans[first:], language)]


def _salutations(text: str, spans: Sequence[Span], language: str) -> int:
    """How many of the first pieces are salutations."""
    found = 0
    while found < min(_MOST_SALUTATIONS, len(spans)) and _is_salutation(text, *spans[found], language):
        found += 1
    return found


def _is_salutation(text: str, start: int, end: int, language: str) -> bool:
    if not _may_open(text, start, end):
        return False
    return _formula(text[start:end], "salutations", language) == _Formula.WHOLE


def _closings(text: str, spans: Sequence[Span], language: str) -> int:
    """How many of the last pieces are closings with the signature beneath them, or what a telephone wrote there."""
    signed = found = _signed(text, spans, language)
    while found < len(spans):
        closing = _closing(text, *spans[-1 - found], language)
        if closing == _Formula.NONE or (closing == _Formula.UNSIGNED and not 0 < signed == found):
            break
        found += 1
    return found if found > signed else _sent_from(text, spans[len(spans) - signed :], language)


def _signed(text: str, spans: Sequence[Span], language: str) -> int:
    """How many of the last pieces could be lines of a signature, each on its own."""
    found = lines = 0
    while found < len(spans) - 1:
        (before, above), (start, end) = spans[-2 - found], spans[-1 - found]
        if text.find("\n", above, start) < 0 or _closing(text, start, end, language) != _Formula.NONE:
            break
        typed = [line for line in text[start:end].split("\n") if line.strip()]
        lines += len(typed)
        small = text[before:above].endswith(",") and len(typed[0].split()) == 1
        if lines > _SIGNATURE_LINES or not all(_is_signature(line, language, small=small) for line in typed):
            break
        found += 1
    return found


def _sent_from(text: str, spans: Sequence[Span], language: str) -> int:
    """How many of the last pieces a telephone wrote."""
    found = 0
    while found < len(spans) and _is_device(text[slice(*spans[-1 - found])], language):
        found += 1
    return found


def _is_device(line: str, language: str) -> bool:
    return _formula(line, "devices", language) == _Formula.WHOLE


def _closing(text: str, start: int, end: int, language: str) -> _Formula:
    """What a piece is as a closing; lines of a signature without letters have joined it."""
    if not _may_open(text, start, end):
        return _Formula.NONE
    line, *others = text[start:end].split("\n")
    found = _formula(line, "closings", language)
    if found == _Formula.NONE or not all(_is_signature(other, language) for other in others if other.strip()):
        return _Formula.NONE
    return _Formula.WHOLE if others else found


def _may_open(text: str, start: int, end: int) -> bool:
    """Whether a piece may be a formula by its length and first characters; spares most pieces the reading."""
    if end - start > _LONGEST_FORMULA:
        return False
    openers, opener = courtesies().openers, _opener(text[start : min(start + _BEGIN, end)])
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


@lru_cache(_REMEMBERED)
def _formula(line: str, section: str, language: str) -> _Formula:
    """Read a line as formulas of a section with names, addressees and joiners around them."""
    formulas: Phrases = getattr(courtesies(), section)
    typed = _words(line)
    # Nobody is named before a formula in a script with capitals.
    if not typed or (_is_cased(typed[0]) and _longest(formulas, [_plain(word) for word in typed], 0) is None):
        return _Formula.NONE
    tables = {
        _Kind.FORMULA: formulas,
        _Kind.ADDRESSEE: courtesies().addressees,
        _Kind.JOINER: courtesies().joiners,
        _Kind.NAME: courtesies().surnames,
    }
    parts = list(_read(typed, tables, language))
    kinds = [kind for kind, _ in parts]
    if _SAYS_MORE.search(line) or _Kind.FORMULA not in kinds or {_Kind.OTHER, _Kind.NUMBER} & {*kinds}:
        return _Formula.NONE
    last = len(kinds) - 1 - kinds[::-1].index(_Kind.FORMULA)
    names = sum(kind in _NAMING for kind in kinds[last:])
    # In a shout capitals do not tell names.
    if names > _NAME_WORDS or (_Kind.NAME in kinds and line.isupper()):
        return _Formula.NONE
    if parts[last][1][-1] != "+":
        return _Formula.WHOLE
    if not names:
        return _Formula.UNSIGNED
    return _Formula.WHOLE if _PAUSE.search(line) else _Formula.NONE


def _is_signature(line: str, language: str, *, small: bool = False) -> bool:
    """Whether a line is a name, what somebody is, a number or an address with what it is, or of a telephone.

    ``small`` says that a name may be written in small letters.
    """
    line = line.strip()
    if len(line) > _LONGEST_SIGNATURE or line.endswith(_STOPS):
        return False
    typed = _words(_ADDRESS.sub(" ", line))
    if not typed or _is_uncased_name(line, typed, language) or _is_device(line, language):
        return True
    courteous = courtesies()
    tables = {
        _Kind.LABEL: courteous.signatures,
        _Kind.ADDRESSEE: courteous.addressees,
        _Kind.JOINER: courteous.joiners,
    }
    kinds = [kind for kind, _ in _read(_named(typed, language), tables, language)]
    names = sum(kind in _NAMING for kind in kinds)
    if small and kinds == [_Kind.OTHER] and _is_new(typed[0], language):
        return True
    if _Kind.OTHER in kinds or names > _NAME_WORDS:
        return False
    digits = sum(map(str.isdigit, "".join(typed)))
    return digits >= (_ORDER if _Kind.LABEL in kinds else _PHONE) or (names > 0 and not digits)


def _named(typed: Sequence[str], language: str) -> Sequence[str]:
    """Words less a function word with a capital behind at least two others: "An" of "Nguyễn Văn An"."""
    first, *others = typed
    kept = [word for word in others if word == word.lower() or _is_new(word, language)]
    return [first, *kept] if 0 < len(kept) == len(others) - 1 else typed


def _read(
    typed: Sequence[str], tables: Mapping[_Kind, Phrases], language: str
) -> Iterator[tuple[_Kind, Words]]:
    """The words of a line as phrases, each of the first of the tables that has it."""
    read = [_plain(word) for word in typed]
    place = 0
    while place < len(read):
        found = ((kind, _longest(phrases, read, place)) for kind, phrases in tables.items())
        kind, phrase = next((pair for pair in found if pair[1]), (_kind(typed[place], language), None))
        yield kind, phrase or (read[place],)
        place += _size(phrase) if phrase else 1


def _longest(phrases: Phrases, read: Sequence[str], place: int) -> Words | None:
    """The longest of the phrases that stands at a place."""
    for phrase in phrases.get(read[place], ()):
        size = _size(phrase)
        if tuple(read[place : place + size]) == phrase[:size]:
            return phrase
    return None


def _size(phrase: Words) -> int:
    return len(phrase) - (phrase[-1] == "+")


def _kind(word: str, language: str) -> _Kind:
    """What a word, as typed, is by itself: with a capital a name, unless it is a function word or one of praise."""
    if any(map(str.isdigit, word)):
        return _Kind.NUMBER
    return _Kind.NAME if word != word.lower() and _is_new(word, language) else _Kind.OTHER


def _is_uncased_name(line: str, typed: Sequence[str], language: str) -> bool:
    """Whether a line is a name in a script without capitals."""
    letters = "".join(typed)
    if len(line) > _UNCASED_NAME or not any(map(str.isalpha, letters)) or any(map(_is_cased, letters)):
        return False
    if _SURNAMES_FIRST.search(letters):
        return len(letters) in _SURNAMED and _longest(courtesies().surnames, letters, 0) is not None
    said = [word for word in words(line, language) if not _is_addressee(word)]
    return len(line.split()) < _NAME_WORDS and _function_words(language).isdisjoint(said)


def _is_addressee(word: str) -> bool:
    read = [_plain(part) for part in _words(word)]
    return bool(read) and tuple(read) in courtesies().addressees.get(read[0], ())


def _is_new(word: str, language: str) -> bool:
    return word.replace("-", "").isalpha() and word.lower() not in _function_words(language)


def _is_cased(word: str) -> bool:
    return word.lower() != word.upper()


@cache
def _function_words(language: str) -> frozenset[str]:
    """Function words and those of praise; Vietnamese ones with their marks, for without them many are names."""
    found = stopwords(language)
    return found - {without_marks(word) for word in found if without_marks(word) != word}


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


def _words(text: str) -> list[str]:
    """Words as they are typed; where words have no spaces, characters, but for marks."""
    found = unicodedata.normalize("NFC", text).translate(_SEPARATED).split()
    return [word for typed in found if (word := typed.strip("-")) and _plain(word)]


def _plain(word: str) -> str:
    return word.translate(_MARKLESS).casefold()


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
        *(entry for name in ("addressees", "surnames") for entry in lists[name] if not _is_cased(entry)),
    ]
    return Courtesies(
        **{name: _phrases(name, entries) for name, entries in lists.items()},
        openers=frozenset(
            _opener(form[:_BEGIN])
            for entry in openers
            for form in (entry, " ".join(map(_plain, _words(entry))))
        ),
    )


def _lists(name: str, section: Any) -> list[str]:
    """The entries of a section, of all its languages."""
    if name == "joiners":
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
        phrase = tuple(map(_plain, _words(entry)))
        if not phrase or (needs_name and name not in _FORMULAS):
            raise SettingsError(f"{entry!r} cannot be one of the {name}")
        found.setdefault(phrase[0], set()).add((*phrase, "+") if needs_name else phrase)
    return {first: sorted(phrases, key=_longest_first) for first, phrases in found.items()}


def _longest_first(phrase: Words) -> tuple[int, Words]:
    return -_size(phrase), phrase
