"""Answers that say nothing are no feedback, and what praises or complains in a word is."""

import csv
from itertools import chain
from pathlib import Path

import pytest
import yaml

from data.language import LANGUAGES
from data.non_answers import says_nothing

LISTS = yaml.safe_load(Path("data/non_answers.yaml").read_text(encoding="utf-8"))
ANSWERS = {tag: [answer.strip() for answer in answers.split(",")] for tag, answers in LISTS.items()}


@pytest.mark.parametrize(
    "text",
    ["n/a", "N/A", "N.A.", "#N/A", "none", "None.", "(none)", " - ", "--", ".", "*", "$", "()",
     "#####", "...", "…", "???", "!!!", "\ufffd?",
     "Keine", "Keine Angabe", "k.A.", "không", "KHÔNG CÓ", "ไม่มี", "ไม่มีค่ะ", "nothing", "Nothing?", "no comment",
     "No-comment", "don’t know", "see above", "same as above", "无", "没有。", "特になし", "없음", "нет", "No", "Nein.",
     "nav", "لا يوجد", "कुछ नहीं", "yok", "HAYIR", "see title"],
)  # fmt: skip
def test_non_answers_say_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text",
    ["nothing, all good", "Nothing, all good", "no complaints", "No problems", "alles gut", "none, great work",
     "everything", "ok", "yes", "good", "👍", "none 👍", "★★★★★", "5/5", "0", "10", "5", ":)", "none :)", "：）", "^_^",
     ")))", "+++", "×", "❤️", "keine Antwort", "no response", "Ничего", "rien à dire", "nav ko teikt", "ohne Worte",
     "无语", "nothing works", "no milk", "nic moc", "nothing special", "Inga", "Ei", "keine Ahnung", "别说了",
     "tốt", "ดี", "*****", "**", "$$$", "€€€", "££", "¥¥¥", "＊＊＊", "(:", "(-:", "):", "No!!!", "NON!!!", "Nada!",
     "¡Nada!", "Nichts!", "Nothing!", "没有！"],
)  # fmt: skip
def test_what_says_something_is_an_answer(text: str) -> None:
    assert not says_nothing(text)


def test_each_language_has_a_list_whose_answers_are_found_as_they_are_listed() -> None:
    assert set(ANSWERS) == {"any", *LANGUAGES}
    listed = chain.from_iterable(ANSWERS.values())
    assert [answer for answer in listed if not (answer and says_nothing(f"({answer}.)"))] == []
    assert [tag for tag, answers in ANSWERS.items() if len(set(answers)) < len(answers)] == []


def test_a_told_language_is_compared_with_its_own_answers() -> None:
    assert says_nothing("keine", "de")
    assert says_nothing("keine")
    assert not says_nothing("keine", "vi")
    assert not says_nothing("keine", "xx")
    assert says_nothing("none", "vi")
    assert says_nothing("-", "xx")


@pytest.mark.parametrize(
    "word", ["good", "bad", "gut", "schlecht", "tốt", "labi", "slikti", "好", "差", "ok", "super"]
)
def test_the_lists_hold_no_verdict(word: str) -> None:
    assert not says_nothing(word)


def test_no_message_of_the_sample_says_nothing() -> None:
    with Path("data/sample/feedback.csv").open(encoding="utf-8", newline="") as lines:
        assert [row["id"] for row in csv.DictReader(lines) if says_nothing(row["text"])] == []
