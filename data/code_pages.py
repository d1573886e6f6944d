"""Which code page a text that is not UTF-8 is in, by the letters and words that each would make of it."""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from data.words import stopwords, words

_LATIN: Final = {
    "es": "áéíóúüñ", "fr": "àâæçèéêëîïôœùûüÿ", "de": "äöüß", "pt": "áàâãçéêíóôõúü", "it": "àèéìîòóù",
    "nl": "éëïóöüè", "sv": "åäöé", "da": "æøåé", "pl": "ąćęłńóśźż", "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž", "hr": "čćđšž", "lv": "āčēģīķļņšūž", "lt": "ąčęėįšųūž", "et": "äõöüšž", "tr": "çğıöşüâîû",
    "vi": "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
}  # fmt: skip
_OTHER: Final = {
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "ar": "".join(map(chr, range(0x621, 0x653))),
    "th": "".join(map(chr, range(0xE01, 0xE4F))),
}


@dataclass(frozen=True, slots=True)
class _Page:
    """A code page by its name for Python and for iconv, with the languages that are written in it."""

    codec: str
    name: str
    languages: tuple[str, ...]


# Of pages that read a text alike the first one is told.
_PAGES: Final = (
    _Page("cp1252", "WINDOWS-1252", ("es", "fr", "de", "pt", "it", "nl", "sv", "da", "et")),
    _Page("cp1250", "WINDOWS-1250", ("pl", "cs", "sk", "hr")),
    _Page("cp1257", "WINDOWS-1257", ("lv", "lt", "et")),
    _Page("cp1254", "WINDOWS-1254", ("tr",)),
    _Page("cp1258", "WINDOWS-1258", ("vi",)),
    _Page("cp1251", "WINDOWS-1251", ("ru", "uk")),
    _Page("koi8_u", "KOI8-U", ("ru", "uk")),
    _Page("cp1256", "WINDOWS-1256", ("ar",)),
    _Page("cp874", "CP874", ("th",)),
    _Page("cp932", "CP932", ("ja",)),
    _Page("euc_jp", "EUC-JP", ("ja",)),
    _Page("cp949", "CP949", ("ko",)),
    _Page("gb18030", "GB18030", ("zh",)),
    _Page("big5", "BIG5", ("zh-Hant",)),
    _Page("utf-16-le", "UTF-16LE", ("zh", "ja", "ko", "th", "ru", "uk", "ar", "zh-Hant")),
    _Page("utf-16-be", "UTF-16BE", ("zh", "ja", "ko", "th", "ru", "uk", "ar", "zh-Hant")),
)
# The codes of the usual characters in the national sets: their first byte.
_USUAL: Final = {
    "zh": ("gb2312", range(0xB0, 0xD8)),
    "zh-Hant": ("big5", range(0xA4, 0xC7)),
    "ja": ("euc_jp", range(0xA4, 0xD0)),
    "ko": ("euc_kr", range(0xB0, 0xC9)),
}
# What every text in a language of Han has, and at least how much of it: usual letters of one page are often those of
# another.
_TELLING: Final = {
    "ja": (re.compile("[\u3041-\u30ff]"), 0.2),
    "zh": (re.compile("[的了是不我很有]"), 0.03),
    "zh-Hant": (re.compile("[的了是不我很有]"), 0.03),
}
_LEAST_USUAL: Final = 0.9  # of the characters beyond ASCII
_ODD: Final = frozenset(("Cc", "Cn", "Co", "Cs"))  # control characters, and those that are none
_MOST_ODD: Final = 0.001
_AS_LIKELY: Final = 0.02
# Of all words: five texts have a third, those of another page or language a fifth at most. Some languages put them into
# endings, or their lists are short; of those, letters tell more.
_LEAST_FUNCTION_WORDS: Final = 0.25
_LEAST_BY_LANGUAGE: Final = {
    **dict.fromkeys(("cs", "sk", "hr", "lv", "lt", "et", "th", "zh", "zh-Hant"), 0.18),
    **dict.fromkeys(("ar", "tr"), 0.1),
    "vi": 0.12,
    "ko": 0.02,
}
_FUNCTION_WORDS: Final = 0.3  # how much the share of function words counts beside that of usual letters
_MOST_TOLD: Final = 2
# What stands beside letters in any language, as far as mojibake is not full of it.
_MARKS: Final = frozenset(
    "“”‘’‚„–—…«»•€£°№™\u00a0\u3000¿¡、。，．！？：；（）「」『』【】《》・～％＋－／·★☆ー،؛؟٠١٢٣٤٥٦٧٨٩"
)
_BEYOND: Final = re.compile(r"[^\x00-\x7f]")
_APART: Final = re.compile(
    r"(?<![A-Za-z])[^\x00-\x7f](?![A-Za-z])"
)  # no script but Latin is within Latin words


def likely_code_pages(sample: bytes) -> tuple[str, ...]:
    """One or two names, as ``iconv`` has them, of the code pages in which ``sample`` reads like a language.

    Empty where it does in none. ``sample`` may end within a character.
    """
    if _is_damaged_utf8(sample):
        return ()
    found: dict[str, tuple[float, str]] = {}  # by what the page makes of the sample
    for page in _PAGES:
        text = _decoded(sample, page.codec)
        if text is not None and text not in found:
            score = max(_plausibility(text, language) for language in page.languages)
            if score:
                found[text] = (score, page.name)
    best = max((score for score, _ in found.values()), default=0.0)
    likely = [(score, name) for score, name in found.values() if score >= best - _AS_LIKELY]
    return tuple(name for _, name in sorted(likely, key=lambda pair: -pair[0])[:_MOST_TOLD])


def _is_damaged_utf8(sample: bytes) -> bool:
    """Whether at least half of the characters beyond ASCII can be read as UTF-8."""
    beyond = _BEYOND.findall(sample.decode(errors="replace"))
    return 2 * beyond.count("\ufffd") <= len(beyond)


def _decoded(sample: bytes, codec: str) -> str | None:
    """The sample in a code page, in NFC; None where it has other bytes, or control characters."""
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return None
    odd = sum(unicodedata.category(char) in _ODD for char in text if char not in "\t\r\n")
    if odd > _MOST_ODD * len(text):
        return None
    return unicodedata.normalize("NFC", text)


def _plausibility(text: str, language: str) -> float:
    """0 without enough usual letters and function words of the language, else more for more of both."""
    beyond = [char for char in _BEYOND.findall(text.lower()) if char not in _MARKS]
    own = beyond if language in _LATIN else _APART.findall(text.lower())
    share = sum(_is_usual(char, language) for char in own) / len(beyond) if beyond else 0.0
    if share < _LEAST_USUAL or not _is_telling(text, language, len(beyond)):
        return 0.0
    tag = language[:2]
    told = words(text, tag)
    function_words = sum(word in stopwords(tag) for word in told) / max(len(told), 1)
    least = _LEAST_BY_LANGUAGE.get(language, _LEAST_FUNCTION_WORDS)
    return share + _FUNCTION_WORDS * function_words if function_words >= least else 0.0


def _is_telling(text: str, language: str, letters: int) -> bool:
    if language not in _TELLING:
        return True
    form, least = _TELLING[language]
    return len(form.findall(text)) >= least * letters


@cache
def _is_usual(char: str, language: str) -> bool:
    if language not in _USUAL:
        return char in (_LATIN.get(language) or _OTHER[language])
    national, first_bytes = _USUAL[language]
    try:
        code = char.encode(national)
    except UnicodeEncodeError:
        return False
    return len(code) > 1 and code[0] in first_bytes and char not in _MARKS
