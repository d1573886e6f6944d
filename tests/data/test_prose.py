"""Columns of texts that are not read are named, and others are not."""

from pathlib import Path

import pytest

from data.columns import asks_for_a_side, describe_columns
from data.reading import FeedbackFile

LIKED = "What did you like?"
NOTE = (
    f"answers to {LIKED!r} are read without the question: short ones may fall on the wrong side, "
    "and those such as 'nothing' are set aside"
)


def lines_of(path: Path, header: str, rows: list[str], **given: str) -> tuple[str, ...]:
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return describe_columns(FeedbackFile(path, given).columns)


def test_columns_of_texts_that_are_not_read_are_named(tmp_path: Path) -> None:
    header = "review,Remark,Reply,Version,Full name,E-mail,Agent,Handled"
    rows = [
        f"message {number},Far too slow {number},{'Thank you for your kind words' * 3 if number % 2 else ''},"
        f"4.{number % 3},Anna Maria Berg {number},a{number}@mail.example,Ann Lee {number % 3},May {number} 2026 10:15"
        for number in range(60)
    ]
    lines = lines_of(tmp_path / "f.csv", header, rows)
    how = "(texts in many rows); --text-column takes one for the text, --title-column puts one before it"
    assert lines[1] == f"not read: Remark {how}"
    reply = [row.replace("kind words", f"kind words {number}") for number, row in enumerate(rows)]
    assert lines_of(tmp_path / "f.csv", header, reply)[1] == f"not read: Remark, Reply {how}"


def test_segments_rare_texts_and_unspaced_names_are_not_named(tmp_path: Path) -> None:
    rows = [
        f"message {n},a plan for families,{'it was so very slow' if n % 5 == 0 else ''},王小{n}"
        for n in range(60)
    ]
    lines = lines_of(
        tmp_path / "f.csv", "text,plan,note,店员", [*rows, "more,a plan for one,,", "more,a plan for one,,"]
    )
    assert not [line for line in lines if line.startswith("not read")]


def test_texts_without_spaces_count_as_several_words(tmp_path: Path) -> None:
    rows = [f"message {number},配送太慢了而且送餐员态度很差{number}" for number in range(30)]
    lines = lines_of(tmp_path / "f.csv", "text,店名", rows)
    assert lines[1].startswith("not read: 店名 (texts in many rows)")


def test_short_answers_to_a_question_of_one_side_are_told(tmp_path: Path) -> None:
    path, header = tmp_path / "f.csv", f"{LIKED},n"
    short = [f"the riders {number}," for number in range(9)]
    assert NOTE in lines_of(path, header, short, text=LIKED)
    long = [f"the riders were always kind to us {number}," for number in range(9)]
    assert NOTE not in lines_of(path, header, long, text=LIKED)
    assert len(lines_of(path, "text,n", short)) == 2


@pytest.mark.parametrize(
    "name",
    ["What did you like? (comment)", "What could we improve?", "Was hat Ihnen nicht gefallen?", "Pros",
     "Verbesserungsvorschläge", "Bạn thích điều gì nhất?", "ไม่ชอบอะไร", "Kas Jums patika?", "您最喜欢什么？",
     "Negative_Review", "良かった点", "¿Qué podemos mejorar?", "Qu'est-ce qui vous a plu ?", "Что вам понравилось?"],
)  # fmt: skip
def test_questions_of_one_side(name: str) -> None:
    assert asks_for_a_side(name)


@pytest.mark.parametrize(
    "name", ["text", "Comment", "How likely are you to recommend us?", "giải thích", "Prospect comment"]
)
def test_other_names_ask_for_no_side(name: str) -> None:
    assert not asks_for_a_side(name)
