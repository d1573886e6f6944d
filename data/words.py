"""Words of a text in any script, and the words that cannot name a subject."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from icu4py.breakers import WordBreaker

from data.web_addresses import WEB_ADDRESS

_STOPWORDS_FILE: Final = Path(__file__).with_name("stopwords.yaml")

# Addresses, handles and HTML entities hold letters but no words. A web address without a scheme goes by more endings
# than where adverts are told: to lose a word is no great harm. Bounded or linear, for hostile texts.
_NOT_WORDS: Final = re.compile(
    WEB_ADDRESS + r"|\b[\w-]{1,64}(?:\.[\w-]{1,64}){0,4}@\S+|@\w{1,40}|&#?\w{1,10};|"
    r"\b(?:[a-z0-9-]{1,40}\.){1,4}(?:com|net|org|io|app|shop|info|biz)\b\S*",
    re.IGNORECASE,
)
# "l'appli", "dell'app", "qu'il": the part before the apostrophe is a function word.
_ELISION: Final = re.compile(r"^(?:[a-z]|qu|jusqu|lorsqu|un|dell|all|nell|sull|dall|quell)'(?=\w)")
_ELIDING: Final = frozenset({"fr", "it"})
# ICU's dictionary takes "很好" and "不想" for words. Some words that name something are made of stop words, too
# ("大小", size; "地点", place), but hardly ever with one of these.
_GLUED: Final = frozenset("很挺太极最更真不没都也就还又再才只把被了的着吗呢吧啊我你您他她它这那是")
_LONE_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")


def words(text: str, language: str) -> list[str]:
    """Words of ``text``, lower-cased and NFC, in the order of the text.

    ICU's dictionaries cut Thai, Chinese and Japanese; Vietnamese comes by syllable. Numbers, punctuation,
    emoji, addresses and handles are left out; "iPhone15" stays. ``language`` is a BCP 47 primary tag; "und"
    will do.
    """
    plain = unicodedata.normalize("NFC", _NOT_WORDS.sub(" ", text)).replace("’", "'")
    found = (
        token.lower()
        for token in segments(plain, language)
        if token.isalpha() or any(map(str.isalpha, token))
    )
    if language in _ELIDING:
        return [_ELISION.sub("", token) for token in found]
    return list(found)


def segments(text: str, language: str) -> Iterator[str]:
    """Cut ``text`` at every word edge; the pieces joined give ``text`` (lone surrogates become U+FFFD)."""
    return iter(WordBreaker(_LONE_SURROGATES.sub("\ufffd", text), language))


def weight(text: str) -> int:
    """Letters by what they carry: Han counts as three Latin letters, kana, Hangul and Devanagari as two."""
    return sum(letter_weight(char) for char in text)


@cache
def letter_weight(char: str) -> int:
    """What one character weighs: 0 unless it is a letter."""
    if not char.isalpha():
        return 0
    if "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf":
        return 3
    return 2 if unicodedata.name(char, "").startswith(("HIRAGANA", "KATAKANA", "HANGUL", "DEVANAGARI")) else 1


@cache
def stopwords(language: str) -> frozenset[str]:
    """Function and degree words, negations, bare praise or blame; empty for a language without a list."""
    return _all_stopwords().get(language, frozenset())


def is_stopword(word: str, language: str) -> bool:
    """Whether ``word`` as ``words`` cuts it is a stop word, or in Chinese several in one: "很好", "都没"."""
    listed = stopwords(language)
    return word in listed or (language == "zh" and _is_glued(word, listed))


def _is_glued(word: str, listed: frozenset[str]) -> bool:
    """Whether a word is listed ones in a row, at least one of which names nothing with any neighbour."""
    return not _GLUED.isdisjoint(word) and _is_made_of(word, listed)


def _is_made_of(word: str, listed: frozenset[str]) -> bool:
    reached = {0}
    for end in range(1, len(word) + 1):
        if any(word[start:end] in listed for start in reached):
            reached.add(end)
    return len(word) in reached


@cache
def _all_stopwords() -> dict[str, frozenset[str]]:
    import yaml

    lists: dict[str, str] = yaml.safe_load(_STOPWORDS_FILE.read_text(encoding="utf-8"))
    found = {tag: frozenset(unicodedata.normalize("NFC", text).split()) for tag, text in lists.items()}
    # Vietnamese is often typed without its marks, and "qua it" is no better a label than "quá ít".
    found["vi"] |= {without_marks(word) for word in found["vi"]}
    return found


def without_marks(text: str) -> str:
    """``text`` without diacritics, as people type in a hurry: "quá ít ví dụ" gives "qua it vi du"."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))
