import unicodedata

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from data.words import is_stopword, segments, stopwords, weight, without_marks, words
from serving.version import ROOT

LISTED = sorted(yaml.safe_load((ROOT / "data" / "stopwords.yaml").read_text(encoding="utf-8")))
ANY_TEXT = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Don’t use state-of-the-art 3.5 😀", ["don't", "use", "state", "of", "the", "art"]),
        (
            "en",
            "see https://a.example/x?y=1, mail me@shop.example or @bob &amp; #price",
            ["see", "mail", "or", "price"],
        ),
        ("en", "my iPhone15 costs 900", ["my", "iphone15", "costs"]),
        ("vi", "Quá ÍT ví dụ!!!", ["quá", "ít", "ví", "dụ"]),
        ("zh", "例子太少了，但是封面好看", ["例子", "太少", "了", "但是", "封面", "好看"]),
        ("zh", "看https://t.example/abc，质量太差", ["看", "质量", "太", "差"]),
        ("th", "ตัวอย่างน้อยเกินไป", ["ตัวอย่าง", "น้อย", "เกิน", "ไป"]),
        ("lv", "Piemēru ir par maz.", ["piemēru", "ir", "par", "maz"]),
        ("fr", "L’appli c'est nul, qu'il dit", ["appli", "est", "nul", "il", "dit"]),
        ("und", "12 :) ¿?", []),
    ],
)
def test_words(language: str, text: str, expected: list[str]) -> None:
    assert words(text, language) == expected


def test_words_are_the_same_for_composed_and_decomposed_text() -> None:
    text = "Quá ít ví dụ, nhiều lời quảng cáo"
    assert words(unicodedata.normalize("NFD", text), "vi") == words(text, "vi")


@given(ANY_TEXT, st.sampled_from(["en", "vi", "th", "zh", "fr", "und", "not a tag"]))
def test_words_are_lower_case_and_hold_letters(text: str, language: str) -> None:
    for word in words(text, language):
        assert any(map(str.isalpha, word))
        assert word == word.lower()


@given(ANY_TEXT)
@example("a\ud800b")
def test_segments_joined_give_the_text(text: str) -> None:
    storable = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    assert "".join(segments(text, "en")) == storable


@pytest.mark.parametrize("language", LISTED)
def test_a_stopword_is_one_word_or_made_of_stopwords(language: str) -> None:
    """Otherwise the list would name words that the cutter never gives."""
    listed = stopwords(language)
    assert len(listed) >= 80
    for stopword in listed:
        found = words(stopword, language)
        assert found
        assert found == [stopword] or set(found) <= listed, stopword


def test_stopwords_leave_the_subject_and_drop_the_degree() -> None:
    texts = {
        "en": ("there are far too few examples", {"examples"}),
        "vi": ("quá ít ví dụ", {"ví", "dụ"}),
        "th": ("ตัวอย่างน้อยเกินไป", {"ตัวอย่าง"}),
        "lv": ("pārāk maz piemēru", {"piemēru"}),
        "zh": ("例子太少了", {"例子"}),
        "de": ("viel zu wenig Beispiele", {"beispiele"}),
    }
    for language, (text, subject) in texts.items():
        assert set(words(text, language)) - stopwords(language) == subject


def test_stopwords_of_unmarked_vietnamese() -> None:
    assert {"qua", "nhieu", "khong", "quá", "nhiều"} <= stopwords("vi")


@pytest.mark.parametrize("word", ["很喜欢", "都没", "不想", "我的", "没了"])
def test_a_chinese_word_that_is_stop_words_in_one_is_a_stop_word(word: str) -> None:
    assert word not in stopwords("zh")
    assert is_stopword(word, "zh")


@pytest.mark.parametrize("word", ["大小", "小时", "地点", "要点", "太快", "不锈钢"])
def test_a_chinese_noun_is_no_stop_word_whatever_it_is_made_of(word: str) -> None:
    assert not is_stopword(word, "zh")


def test_stopwords_of_an_unlisted_language_are_empty() -> None:
    assert stopwords("eo") == frozenset()


def test_without_marks() -> None:
    assert without_marks("Đơn hàng quá chậm, ļoti žēl") == "Don hang qua cham, loti zel"


def test_weight_counts_what_letters_carry() -> None:
    assert weight("ab 1!") == 2
    assert weight("例子") == 6
    assert weight("でも") == 4
