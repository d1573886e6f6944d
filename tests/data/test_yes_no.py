import unicodedata

import pytest

from data.fields import as_flag
from data.language import LANGUAGES
from data.yes_no import YES_NO

ANSWERS = {
    "ar": ("نعم", "لا"), "cs": ("Ano", "Ne"), "da": ("Ja", "Nej"), "de": ("Ja", "Nein"), "en": ("Yes", "No"),
    "es": ("Sí", "No"), "et": ("Jah", "Ei"), "fr": ("Oui", "Non"), "hi": ("हाँ", "नहीं"), "hr": ("Da", "Ne"),
    "id": ("Ya", "Tidak"), "it": ("Sì", "No"), "ja": ("はい", "いいえ"), "ko": ("예", "아니요"), "lt": ("Taip", "Ne"),
    "lv": ("Jā", "Nē"), "nl": ("Ja", "Nee"), "pl": ("Tak", "Nie"), "pt": ("Sim", "Não"), "ru": ("Да", "Нет"),
    "sk": ("Áno", "Nie"), "sv": ("Ja", "Nej"), "sw": ("Ndiyo", "Hapana"), "th": ("ใช่", "ไม่ใช่"),
    "tr": ("Evet", "Hayır"), "uk": ("Так", "Ні"), "vi": ("Có", "Không"), "zh": ("是", "否"),
}  # fmt: skip


def test_every_language_answers() -> None:
    assert set(ANSWERS) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_yes_and_no_are_told_in_every_language(language: str, form: str) -> None:
    yes, no = (unicodedata.normalize(form, word) for word in ANSWERS[language])
    assert [as_flag(word) for word in (yes, no, f" {yes.upper()} ", no.upper())] == [True, False, True, False]


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("ja", "ne"),
        ("ano", "nie"),
        ("si", "nao"),
        ("co", "khong"),
        ("네", "아니오"),
        ("evet", "HAYIR"),
        ("iya", "neen"),
    ],
)
def test_common_forms_and_lost_marks(yes: str, no: str) -> None:
    assert (as_flag(yes), as_flag(no)) == (True, False)


@pytest.mark.parametrize(
    ("yes", "no"),
    [("1.0", "0.0"), ("１", "０"), ("ＹＥＳ", "ｎｏ"), (1.0, 0.0), ("TRUE", "f"), ("\u3000Y", "N")],
)
def test_what_programs_write(yes: object, no: object) -> None:
    assert (as_flag(yes), as_flag(no)) == (True, False)


@pytest.mark.parametrize("cell", ["já", "maybe", "2", "0.5", "1.1", "x", "ja nein", "", None])
def test_what_is_no_answer(cell: object) -> None:
    assert as_flag(cell) is None


def test_every_word_is_found_as_it_stands() -> None:
    assert {word: as_flag(word) for word in YES_NO} == dict(YES_NO)
