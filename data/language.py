"""Which language a text is written in, for short and carelessly typed texts.

The script decides where it can (Thai, Hangul, kana, Han, Devanagari, Arabic). Latin and Cyrillic go to
py3langid, a Naive Bayes over byte n-grams (Lui & Baldwin 2012), restricted to ``LANGUAGES`` and helped by
counting function words: those tell Latvian from Lithuanian, and Vietnamese typed without its marks from
Indonesian.
"""

import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Final

from data.hashtags import without_hashtags
from data.words import letter_weight, stopwords, weight, words

LANGUAGES: Final = (
    *("ar", "cs", "da", "de", "en", "es", "et", "fr", "hi", "hr", "id", "it", "ja", "ko", "lt", "lv"),
    *("nl", "pl", "pt", "ru", "sk", "sv", "sw", "th", "tr", "uk", "vi", "zh"),
)
UNDETERMINED: Final = "und"
_ALL: Final = frozenset(LANGUAGES)

# First word of a letter's Unicode name to the languages that it may stand for.
_SCRIPTS: Final = {
    "THAI": ("th",),
    "HANGUL": ("ko",),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "CJK": ("zh",),
    "DEVANAGARI": ("hi",),
    "ARABIC": ("ar",),
    "CYRILLIC": ("ru", "uk"),
    "LATIN": tuple(tag for tag in LANGUAGES if tag not in {"ar", "hi", "ja", "ko", "th", "zh", "ru", "uk"}),
}
_JAPANESE: Final = ("HIRAGANA", "KATAKANA")
# The letters of languages in other scripts than Latin, to pass over most parts of a message quickly.
_LETTERS: Final = {
    ("th",): "\u0e00-\u0e7f",
    ("ko",): "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    ("ja",): "\u3005-\u30ff\u31f0-\u31ff\u3400-\u9fff\uff66-\uff9f",
    ("zh",): "\u3005\u3007\u3400-\u9fff",
    ("hi",): "\u0900-\u097f",
    ("ar",): "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    ("ru", "uk"): "\u0400-\u052f",
}
_NOT_LATIN: Final = re.compile(r"[\u0370-\u1dff\u2e80-\ud7ff\uf900-\ufdff\uff66-\uffdc]")
# Customers mix Latin brand names and English words into other scripts; this share of letters still decides.
_ENOUGH_OF_A_SCRIPT: Final = 0.3
_ENOUGH_KANA: Final = 0.1
# Log-odds of one function word, on the scale of py3langid's scores over the root of the length. On 2,970
# short messages in eight languages any value from 1 to 4 gave 0.5 % errors, 0 gave 0.8 %.
_FUNCTION_WORD: Final = 2.0
# From this many texts on, a language needs this share of them to be taken at its first word.
_MANY_TEXTS: Final = 200
_COMMON_SHARE: Final = 0.01
# Letters from which a text is believed in a rare language, too: of 20,308 texts in 26 languages with so many one in
# two thousand is taken for another language, of those with 10 to 15 one in thirteen.
_ENOUGH_LETTERS: Final = 30
_SAMPLE: Final = 20_000
# Of so many words in Latin letters within another script more than one has to be a function word.
_FEW_OF: Final = 3
# More of a long text does not change the answer.
_READ: Final = 2000


def identify(texts: Sequence[str], *, common: frozenset[str] = _ALL) -> list[str]:
    """BCP 47 primary tag of each text, one of ``LANGUAGES``, or "und" without letters of a known script.

    Each text is judged by itself, so the answer does not depend on its neighbours. A short text that seems to be in
    none of the languages ``common`` is judged again among those.
    """
    tags, plausible = [_language(text) for text in texts], common | {UNDETERMINED}
    return [
        tag if tag in plausible or not _is_short(text) else _language(text, common)
        for tag, text in zip(tags, texts, strict=True)
    ]


def identify_parts(text: str, parts: Sequence[str], language: str) -> list[str]:
    """The language of each part of a text in ``language``: another where its letters cannot be of that one.

    "Дорого. Par maz." is Russian and Latvian. Where the letters of the whole text cannot be of ``language``, as of
    Hindi in Latin letters, somebody who knows has named it, and it is that of all parts.
    """
    own = _own_letters(language)
    if language not in LANGUAGES or parts == [text] or (own is None and _NOT_LATIN.search(text) is None):
        return [language] * len(parts)
    foreign = [(own is None or own.search(part) is None) and not _can_be(part, language) for part in parts]
    if not any(foreign) or not _can_be(text, language):
        return [language] * len(parts)
    # Of courtesies in one script around what is said in another only the latter tells the language.
    usual = _language(" ".join(parts)) if all(foreign) else language
    return [
        _of_part(part, usual) if is_foreign else language
        for part, is_foreign in zip(parts, foreign, strict=True)
    ]


def identify_together(texts: Sequence[str]) -> list[str]:
    """Tags of texts that were collected together, such as the messages of one file.

    Two or three words are often like two languages. A language that only a few of many texts seem to be in is
    mostly such a mistake, so those texts are judged again among the languages that are common here.
    """
    census = LanguageCensus()
    for text in texts:
        census.add(text)
    return identify(texts, common=census.common())


class LanguageCensus:
    """Which languages are common in many texts, counted in memory that does not grow with them.

    Up to ``_SAMPLE`` different texts all are counted; of more, those with the smallest hashes, which are the same
    ones in any order of the texts.
    """

    def __init__(self) -> None:
        self._texts = 0
        self._sample: Counter[str] = Counter()
        self._limit = 1 << 32

    def add(self, text: str) -> None:
        """Count a text."""
        self._texts += 1
        read = text[:_READ]
        if _hash(read) < self._limit:
            self._sample[read] += 1
        while len(self._sample) > _SAMPLE:
            self._limit //= 2
            kept = {text: count for text, count in self._sample.items() if _hash(text) < self._limit}
            self._sample = Counter(kept)

    def common(self) -> frozenset[str]:
        """The languages that are to be taken at a text's first word: all of them where the texts are few."""
        if self._texts < _MANY_TEXTS:
            return _ALL
        counts: Counter[str] = Counter()
        for text, count in self._sample.items():
            counts[_language(text)] += count
        return frozenset(tag for tag, count in counts.items() if count >= _COMMON_SHARE * counts.total())


@cache
def _own_letters(language: str) -> re.Pattern[str] | None:
    """What finds a letter of the script of ``language``; None for Latin, which is mixed into every language."""
    return next((re.compile(f"[{own}]") for tags, own in _LETTERS.items() if language in tags), None)


def _of_part(part: str, usual: str) -> str:
    """The language of a part by itself; of a few Latin letters English where it is as likely, for it is mixed in most.

    With few function words they are rather a name in the ``usual`` language: "iPhone 15 Pro Max" in Thai; many letters
    are with none of them. Letters with marks are no name: "Sản phẩm tốt." is not Chinese. Hashtags do not count.
    """
    found = _language(part)
    if found not in _SCRIPTS["LATIN"]:
        return found
    said = without_hashtags(part)
    told = words(said, UNDETERMINED)
    likely, english = (sum(word in stopwords(tag) for word in told) for tag in (found, "en"))
    is_short, function_words = _is_short(said), max(likely, english)
    if function_words == 0 or (is_short and _FEW_OF * function_words <= len(told)):
        return usual if _is_ascii(part) or _can_be(part, usual) else found
    return found if likely > english or not is_short else "en"


def _is_ascii(text: str) -> bool:
    """Whether the letters of a text are those of English."""
    return all(char.isascii() for char in unicodedata.normalize("NFKC", text) if char.isalpha())


def _can_be(text: str, language: str) -> bool:
    """Whether the letters of a text may be of ``language``; Han alone may be Japanese."""
    possible = _possible(unicodedata.normalize("NFKC", text[:_READ]))
    return not possible or language in possible or (language == "ja" and possible == _SCRIPTS["CJK"])


def _is_short(text: str) -> bool:
    """Whether the words of a text, without its addresses, say too little to be sure of their language."""
    return weight("".join(words(text[:_READ], UNDETERMINED))) < _ENOUGH_LETTERS


def _hash(text: str) -> int:
    return zlib.crc32(text.encode(errors="replace"))


def _language(text: str, among: frozenset[str] = _ALL) -> str:
    read = unicodedata.normalize("NFKC", text[:_READ])
    possible = _possible(read)
    candidates = tuple(tag for tag in possible if tag in among) or possible
    if len(candidates) > 1:
        return _most_likely(read.lower(), candidates)
    return candidates[0] if candidates else UNDETERMINED


def _possible(text: str) -> tuple[str, ...]:
    """Languages that the letters of a text leave open; Latin hashtags do not outweigh another script."""
    possible = _candidates(_scripts(without_hashtags(text)))
    return possible if possible and possible != _SCRIPTS["LATIN"] else _candidates(_scripts(text))


def _scripts(text: str) -> Counter[str]:
    """Weight of the letters of each script."""
    scripts: Counter[str] = Counter()
    for letter in text:
        scripts[_script(letter)] += letter_weight(letter)
    return +scripts


def _candidates(scripts: Counter[str]) -> tuple[str, ...]:
    """Languages that the scripts of a text leave open; none when no script is known."""
    known = Counter({script: count for script, count in scripts.items() if script in _SCRIPTS})
    kana = sum(known[script] for script in _JAPANESE)
    if kana and kana >= _ENOUGH_KANA * (kana + known["CJK"]):
        known["HIRAGANA"] += known.pop("KATAKANA", 0) + known.pop("CJK", 0)
    others = [(count, script) for script, count in known.items() if script != "LATIN"]
    if others:
        count, script = max(others)
        if count >= _ENOUGH_OF_A_SCRIPT * known.total():
            return _SCRIPTS[script]
    return _SCRIPTS["LATIN"] if known["LATIN"] else ()


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ", maxsplit=1)[0]


def _most_likely(text: str, candidates: tuple[str, ...]) -> str:
    from py3langid import rank

    # Naive Bayes grows overconfident with length; the root of it keeps the scores comparable.
    scale = math.sqrt(len(text.encode(errors="replace")))
    found = words(text, UNDETERMINED)
    scores: dict[str, float] = {tag: score / scale for tag, score in rank(text) if tag in candidates}
    for tag in scores:
        scores[tag] += _FUNCTION_WORD * sum(word in stopwords(tag) for word in found)
    return max(sorted(scores), key=scores.__getitem__)
