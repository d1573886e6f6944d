"""Yes and no, as tables hold them and as customers answer in every language."""

from types import MappingProxyType
from typing import Final

# With and without marks, as exports lose them. No word here is the opposite answer in another of the languages: "ne" is
# no wherever it answers, "da" and "tak" are yes (Indonesian "tak" negates verbs, and answers nothing), and "já" (I,
# already) is left out, for it answers nowhere.
_WORDS: Final = {
    "ar": ("نعم", "لا"),
    "cs": ("ano", "ne"),
    "da": ("ja", "nej"),
    "de": ("ja", "nein"),
    "en": ("yes", "no"),
    "es": ("sí si", "no"),
    "et": ("jah jaa", "ei"),
    "fr": ("oui", "non"),
    "hi": ("हाँ हां", "नहीं नही"),
    "hr": ("da", "ne"),
    "id": ("ya iya", "tidak"),
    "it": ("sì si", "no"),
    "ja": ("はい", "いいえ"),
    "ko": ("예 네", "아니요 아니오"),
    "lt": ("taip", "ne"),
    "lv": ("jā ja", "nē ne"),
    "nl": ("ja", "nee neen"),
    "pl": ("tak", "nie"),
    "pt": ("sim", "não nao"),
    "ru": ("да", "нет"),
    "sk": ("áno ano", "nie"),
    "sv": ("ja", "nej"),
    "sw": ("ndiyo ndio", "hapana"),
    "th": ("ใช่", "ไม่ใช่ ไม่"),
    "tr": ("evet", "hayır hayir"),
    "uk": ("так", "ні"),
    "vi": ("có co", "không khong"),
    "zh": ("是", "否 不是"),
}
_WRITTEN_BY_PROGRAMS: Final = ("true t y 1 1.0", "false f n 0 0.0")

YES_NO: Final = MappingProxyType(
    {
        word: is_yes
        for yes, no in (*_WORDS.values(), _WRITTEN_BY_PROGRAMS)
        for words, is_yes in ((yes, True), (no, False))
        for word in words.split()
    }
)
"""Words, case-folded and in NFKC, to whether they say yes."""
