"""What a line is in the signature of a letter.

A line could as well be a complaint ("谢谢 / 漏水"), so a name without capitals is told by its length, surname or title,
and mostly only behind the closing of a letter.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final

from data.courtesies_lexicon import Words, courtesies, is_cased, is_one_of, longest, plain, typed_words
from data.courtesies_lines import is_device
from data.courtesies_reading import NAMING, Kind, function_words, is_new, read_phrases
from data.web_addresses import WEB_ADDRESS
from data.words import words

_LONGEST: Final = 60
_NAME_WORDS: Final = 4
_UNCASED_NAME: Final = 20  # characters
_UNCASED_WORDS: Final = 2
_GIVEN: Final = range(1, 3)  # characters
_KOREAN_NAME: Final = 3  # syllables
_NUMBER: Final = 5  # digits of a number without a word that says what it is
_PHONE: Final = 7
_ORDER: Final = 3

_ADDRESS: Final = re.compile(r"\S{1,64}@\S{1,64}|" + WEB_ADDRESS, re.IGNORECASE)
_HAN: Final = re.compile(r"[\u2e80-\u9fff]+")
_KANJI: Final = re.compile(r"[\u3400-\u9fff]{1,3}")
_HANGUL: Final = re.compile(r"[\uac00-\ud7af]+")
_LATER_NAMED: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]")
_STOPS: Final = tuple(".!?…。！？।")
_FIRST_OF_NUMBER: Final = re.compile(r"[+(\d]")
_PHONES_BEGIN: Final = "+(0"


class Signature(Enum):
    """What a line is in a signature; a titled name is one in a script without capitals that has its title."""

    NONE = 0
    NAME = 1
    TITLED = 2
    NUMBER = 3
    CONTACT = 4
    DEVICE = 5


def signature(line: str, language: str, *, letter: bool, announced: bool) -> Signature:
    """What a line is in a signature: a name, what somebody is, a number or an address with what it is.

    Args:
        letter: Whether it stands behind the closing of a letter, where other things than names are rare.
        announced: Whether the closing right above it ends with a comma.
    """
    line = unicodedata.normalize("NFC", line.strip())
    if len(line) > _LONGEST or line.endswith(_STOPS):
        return Signature.NONE
    typed = typed_words(_ADDRESS.sub(" ", line))
    if not typed:
        return Signature.CONTACT if _ADDRESS.search(line) else Signature.NUMBER
    if is_device(line, language):
        return Signature.DEVICE
    if not any(map(is_cased, "".join(typed))) and any(map(str.isalpha, "".join(typed))):
        uncased = _uncased_name(line, typed, language, letter=letter, announced=announced)
        if uncased != Signature.NONE:
            return uncased
    return _cased_line(line, _named(typed, language), language, small=letter and announced)


def _cased_line(line: str, typed: Sequence[str], language: str, *, small: bool) -> Signature:
    """What words are; ``small`` says that a name may be written in small letters."""
    tables = {
        Kind.LABEL: courtesies().signatures,
        Kind.ADDRESSEE: courtesies().addressees,
        Kind.JOINER: courtesies().joiners,
    }
    kinds = [part.kind for part in read_phrases(typed, tables, language)]
    names = sum(kind in NAMING for kind in kinds)
    if small and kinds == [Kind.OTHER] and is_cased(typed[0]) and is_new(typed[0], language):
        return Signature.NAME
    if Kind.OTHER in kinds or names > _NAME_WORDS:
        return Signature.NONE
    digits = sum(map(str.isdigit, "".join(typed)))
    if digits and digits < (_ORDER if Kind.LABEL in kinds else _NUMBER):
        return Signature.NONE
    if names:
        return Signature.NAME
    has_address = _ADDRESS.search(line) is not None
    if not digits:
        return Signature.CONTACT if has_address else Signature.NONE
    first = _FIRST_OF_NUMBER.search(line)
    is_phone = digits >= _PHONE and first is not None and first[0] in _PHONES_BEGIN
    return Signature.CONTACT if has_address or is_phone else Signature.NUMBER


def _named(typed: Sequence[str], language: str) -> Sequence[str]:
    """Words less a function word with a capital behind at least two others: "An" of "Nguyễn Văn An"."""
    first, *others = typed
    kept = [word for word in others if word == word.lower() or is_new(word, language)]
    return [first, *kept] if 0 < len(kept) == len(others) - 1 else typed


def _uncased_name(
    line: str, typed: Sequence[str], language: str, *, letter: bool, announced: bool
) -> Signature:
    """Whether a line is a name in a script without capitals."""
    letters = "".join(map(plain, typed))
    if len(line) > _UNCASED_NAME:
        return Signature.NONE
    if _LATER_NAMED.search(letters):
        if any(_is_full_name(name, line, language, titled=True) for name in _untitled(letters)):
            return Signature.TITLED
        return Signature.NAME if letter and _is_full_name(letters, line, language) else Signature.NONE
    told = words(line, language)
    if not letter or not function_words(language).isdisjoint(
        word for word in told if not is_one_of(_phrase(word), courtesies().addressees)
    ):
        return Signature.NONE
    titled = len(told) > 1 and any(
        is_one_of(_phrase(word), courtesies().titles) for word in (told[0], told[-1])
    )
    if titled and len(line.split()) < _NAME_WORDS:
        return Signature.TITLED
    return Signature.NAME if announced and len(told) <= _UNCASED_WORDS else Signature.NONE


def _untitled(letters: str) -> Iterator[str]:
    """What a title stands at."""
    for title in {"".join(phrase) for phrases in courtesies().titles.values() for phrase in phrases}:
        if letters.endswith(title):
            yield letters.removesuffix(title)


def _is_full_name(letters: str, line: str, language: str, *, titled: bool = False) -> bool:
    """Whether letters are a Chinese or Korean name, or a Japanese surname that stands alone or before a space."""
    surname = longest(courtesies().surnames, letters, 0) if letters else None
    if surname is None:
        return False
    if _HANGUL.fullmatch(letters):
        return len(letters) == _KOREAN_NAME and line.split()[0].startswith(letters)
    given = letters[len(surname) :]
    if language != "ja":
        return _HAN.fullmatch(letters) is not None and (len(given) in _GIVEN or (titled and not given))
    spaced = line.split()
    return not given or (
        len(spaced) > 1 and spaced[0] == "".join(surname) and _KANJI.fullmatch(given) is not None
    )


def _phrase(word: str) -> Words:
    return tuple(map(plain, typed_words(word)))
