"""A title and the text below it are one message: neither is lost, and neither is said twice."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from data.columns import describe_columns, guess_columns
from data.errors import ColumnError
from data.non_answers import says_nothing
from data.reading import FeedbackFile, ReadResult, read_feedback
from data.records import Feedback
from data.splitting import split_statements
from data.titles import titled
from data.visible import is_blank

FEW, NICE = "Too few examples", "Otherwise a nice book."


def read(path: Path, rows: list[dict[str, object]], **given: str) -> ReadResult:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return read_feedback(path, given)


def texts(result: ReadResult) -> list[str]:
    return [message.text for message in result.feedback]


@pytest.mark.parametrize(
    ("title", "text", "message"),
    [
        (FEW, NICE, f"{FEW}\n\n{NICE}"),
        (f"  {FEW} ", f" {NICE} ", f"{FEW}\n\n {NICE} "),
        ("Quá ít ví dụ", "Còn lại sách hay.", "Quá ít ví dụ\n\nCòn lại sách hay."),
        ("ตัวอย่างน้อยไป", "นอกนั้นดี", "ตัวอย่างน้อยไป\n\nนอกนั้นดี"),
        ("Par maz piemēru", "Citādi laba grāmata.", "Par maz piemēru\n\nCitādi laba grāmata."),
        ("例子太少", "其他都好。", "例子太少\n\n其他都好。"),
        ("", NICE, NICE),
        ("\u200b", f" {NICE}", f" {NICE}"),
        (" n/a ", NICE, NICE),
        ("...", NICE, NICE),
        (f" {FEW}\n", "", FEW),
        (FEW, "  ", FEW),
        (FEW, "See title", FEW),
        ("例子太少", "如题", "例子太少"),
        (NICE, NICE, NICE),
        ("OTHERWISE  a nice book", NICE, NICE),
        ("Otherwise a nice bo…", NICE, NICE),
        ("Otherwise a nice ...", NICE, NICE),
        ("Otherwise a [...]", NICE, NICE),
        ("Otherwise a nice bo", NICE, NICE),
        ("Otherw…", NICE, NICE),
        ("Bad", "Badminton set arrived on time", "Bad\n\nBadminton set arrived on time"),
        ("Slow", "Slowly I got used to the rest", "Slow\n\nSlowly I got used to the rest"),
        ("Bad.", "Badminton set arrived on time", "Bad.\n\nBadminton set arrived on time"),
        ("Bad", "Bad, and late", "Bad, and late"),
        ("太慢", "太慢了", "太慢了"),
        ("ช้า", "ช้ามาก", "ช้ามาก"),
        ("例子太少", "例子太少，其他都好。", "例子太少，其他都好。"),
        ("★★★★☆", NICE, f"★★★★☆\n\n{NICE}"),
        (")))", NICE, f")))\n\n{NICE}"),
        ("Otherwise a nice box...", NICE, f"Otherwise a nice box...\n\n{NICE}"),
        ("n/a", "-", "-"),
        ("n/a", "", "n/a"),
        ("", "", ""),
    ],
)
def test_a_title_stands_before_its_text(title: str, text: str, message: str) -> None:
    assert titled(title, text) == message


def test_a_told_language_decides_which_part_says_nothing() -> None:
    assert titled("Keine", FEW, "de") == FEW
    assert titled("Keine", FEW, "vi") == f"Keine\n\n{FEW}"


@given(st.text(max_size=30), st.text(max_size=60))
def test_what_says_something_is_in_the_message(title: str, text: str) -> None:
    message = titled(title, text)
    assert message in {title, title.strip(), text, f"{title.strip()}\n\n{text}"}
    says = [part for part in (title.strip(), text) if not is_blank(part) and not says_nothing(part)]
    if says:
        assert message.endswith(says[-1])
        assert message.startswith(says[0]) or message == text


@given(st.text("aB é例.… ", max_size=40), st.integers(0, 40), st.sampled_from(["", "…", "...", " ..."]))
def test_the_beginning_of_a_text_is_not_read_twice(text: str, length: int, cut: str) -> None:
    title = text[:length].strip()
    assume(cut or " " in title or not text[length:][:1].isalpha())  # "Bad" does not begin "Badminton"
    if not is_blank(text) and not says_nothing(text):
        assert titled(title + cut, text) == text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (FEW, NICE),
        (
            "Far too few examples in the long chapter on money and on taxes",
            "otherwise a nice book, and cheap.",
        ),
        ("例子太少", "其他都好。"),
    ],
)
def test_a_title_is_statements_of_its_own_with_exact_offsets(title: str, text: str) -> None:
    feedback = Feedback(id="f", text=titled(title, text))
    statements = split_statements(feedback)
    assert statements[0].text == title
    assert all(feedback.text[each.start : each.end] == each.text for each in statements)
    assert statements[1].start == len(title) + len("\n\n")


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (["Review Title", "Review Text", "Title"], "Review Title"),
        (["title", "body", "rating"], "title"),
        (["Tiêu đề", "Nội dung"], "Tiêu đề"),
        (["หัวข้อ", "รีวิว"], "หัวข้อ"),
        (["Virsraksts", "Atsauksme"], "Virsraksts"),
        (["标题", "评论内容"], "标题"),
        (["Betreff", "Nachricht"], None),
        (["Subject", "Description"], None),
        (["Summary", "Review Text"], None),
        (["Job Title", "Comment"], None),
        (["Product Title", "Comment"], None),
    ],
)
def test_titles_are_guessed_and_subjects_are_not(names: list[str], title: str | None) -> None:
    assert guess_columns(names, {}, holds=lambda role, column: role in ("text", "title")).title == title


def test_of_a_name_that_only_hints_the_cells_decide(tmp_path: Path) -> None:
    def title_of(*titles: object) -> str | None:
        rows = [{"title": each, "text": f"words {number}"} for number, each in enumerate(titles)]
        return read(tmp_path / "f.jsonl", rows).columns.title

    assert title_of(FEW, "Great", None, "Great", "Dull from page one") == "title"
    assert title_of("Mr", "Ms", "Ms", "Mr") is None  # of persons
    assert title_of("The Baker's Year", "The Baker's Year", "Knots", "Knots") is None  # of products
    assert title_of(*range(9)) is None
    assert title_of(*(f"{number} " + "long " * 50 for number in range(9))) is None
    assert title_of(*([each] for each in "abc")) is None


def test_a_title_that_was_guessed_is_said_and_can_be_refused(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"title": f"{FEW} {number}", "body": f"{NICE} {number}"} for number in range(9)
    ]
    guessed = read(tmp_path / "f.jsonl", rows)
    assert texts(guessed)[0] == f"{FEW} 0\n\n{NICE} 0"
    assert describe_columns(guessed.columns)[0].startswith("Columns: text = body; title = title (guessed; ")
    refused = read(tmp_path / "f.jsonl", rows, title="")
    assert texts(refused)[0] == f"{NICE} 0"
    first, unread, _ = describe_columns(refused.columns)
    assert first.startswith("Columns: title = none (given); text = body (guessed; ")
    how = "--text-column takes one for the text, --title-column puts one before it"
    assert unread == f"not read: title (texts in many rows); {how}"


def test_a_subject_is_a_title_by_hand(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"subject": f"Re: late again [#{n}]", "body": f"Day {n}."} for n in range(9)
    ]
    assert texts(read(tmp_path / "f.jsonl", rows))[1] == "Day 1."
    assert texts(read(tmp_path / "f.jsonl", rows, title="subject"))[1] == "Re: late again [#1]\n\nDay 1."
    with pytest.raises(ColumnError, match="no column 'subjekt' for --title-column; the file has 'subject'"):
        read(tmp_path / "f.jsonl", rows, title="subjekt")


def test_two_columns_of_titles_are_asked_about(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"Title": f"a {n}", "TITLE": f"b {n}", "text": f"c {n}"} for n in range(3)
    ]
    with pytest.raises(ColumnError, match="could each be the title: say which with --title-column"):
        read(tmp_path / "f.jsonl", rows)
    assert texts(read(tmp_path / "f.jsonl", rows, title="Title"))[0] == "a 0\n\nc 0"


def test_rows_with_half_a_message(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"title": FEW, "text": NICE},
        {"title": "Otherwise a n…", "text": NICE},
        {"title": "n/a", "text": "Cold soup"},
        {"title": "Far too loud", "text": ""},
        {"title": "Far too quiet", "text": "see title"},
        {"title": "Slow", "text": None},
        {"title": "-", "text": "n/a"},
        {"title": None, "text": None},
        {"title": ["Late"], "text": "Good soup"},
        {"title": "Salt &amp; more salt", "text": "<p>Far too much</p>"},
        {"title": "Fine", "text": ["a", "list"]},
        {"title": "Long", "text": "x" * 20_000},
    ]
    result = read(tmp_path / "f.jsonl", rows)
    assert texts(result) == [
        f"{FEW}\n\n{NICE}",
        NICE,
        "Cold soup",
        "Far too loud",
        "Far too quiet",
        "Slow",
        "Good soup",
        "Salt & more salt\n\nFar too much",
    ]
    assert [(each.row, each.field, each.reason) for each in result.rejections] == [
        (7, "text", "says nothing ('n/a')"),
        (8, "text", "no text"),
        (11, "text", "the text is a list"),
        (12, "text", "20,006 characters where at most 20,000 are allowed"),
    ]
    assert "title held no text that can be read (1 of 12 rows, such as \"['Late']\")" in result.notes
    assert "HTML tags or entities were removed from texts (1 of 12 rows)" in result.notes
    left_out = "title says nothing, or its text begins with it, and was left out"
    assert f"{left_out} (3 of 12 rows, such as 'Otherwise a n…')" in result.notes


def test_every_format_reads_titles_alike(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": str(number), "title": f"{FEW} {number}", "text": NICE} for number in range(3)
    ]
    expected = read(tmp_path / "f.jsonl", rows).feedback
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "f.parquet")
    lines = ["\t".join(map(str, row.values())) for row in rows]
    (tmp_path / "f.tsv").write_text("\n".join(["id\ttitle\ttext", *lines]), encoding="utf-8")
    (tmp_path / "f.csv").write_text(
        "\n".join(["id\ttitle\ttext", *lines]).replace("\t", ","), encoding="utf-8"
    )
    for suffix in ("parquet", "tsv", "csv"):
        assert read_feedback(tmp_path / f"f.{suffix}").feedback == expected


def test_a_title_of_a_nested_type_is_named(tmp_path: Path) -> None:
    table = pa.table({"text": [NICE], "review_title": pa.array([[FEW]], pa.list_(pa.string()))})
    pq.write_table(table, tmp_path / "f.parquet")
    with pytest.raises(ColumnError, match=r"the column 'review_title' is a list, .* with --title-column"):
        FeedbackFile(tmp_path / "f.parquet")
    assert texts(read_feedback(tmp_path / "f.parquet", {"title": ""})) == [NICE]


@pytest.mark.parametrize("role", ["author", "id", "time", "rating", "source"])
def test_any_role_but_the_text_can_be_that_of_no_column(role: str) -> None:
    names = ["text", "author", "id", "time", "rating", "source"]
    assert getattr(guess_columns(names, {}), role) == role
    columns = guess_columns(names, {role: ""})
    assert getattr(columns, role) is None
    assert columns.segments == (role,)
    with pytest.raises(ColumnError, match="no column '' for --text-column"):
        guess_columns(names, {"text": ""})
