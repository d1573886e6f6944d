import csv
import io
import json
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from unicodedata import normalize

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.csv_rows import sniff_delimiter
from data.errors import ColumnError, EncodingError, InputError
from data.feedback_rows import MAX_TEXT
from data.non_answers import says_nothing
from data.reading import ReadResult, read_feedback
from data.visible import is_blank


def read(path: Path, content: str | bytes, **given: str) -> ReadResult:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    result = read_feedback(path, given)
    assert len(result.feedback) + len(result.rejections) == result.rows
    return result


def texts(result: ReadResult) -> list[str]:
    return [feedback.text for feedback in result.feedback]


def reasons(result: ReadResult) -> list[tuple[int, str]]:
    return [(rejection.row, rejection.reason) for rejection in result.rejections]


def test_every_field(tmp_path: Path) -> None:
    header = "id,text,rating,author,source,channel,solicited,created_at,language,plan"
    rows = ["a,Too few,2,Gary,survey,web,yes,2026-03-04,EN-gb,solo", "b,Too many,,James,survey,web,no,,vi,solo",
            "c,Quá ít,,,,,,,,family", "d,Quá nhiều,,,,,,,,family"]  # fmt: skip
    result = read(tmp_path / "f.csv", "\n".join([header, *rows]))
    first = result.feedback[0]
    assert (first.id, first.text, first.rating, first.author) == ("a", "Too few", 2.0, "Gary")
    assert (first.source, first.channel, first.solicited, first.language) == ("survey", "web", True, "en")
    assert first.created_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert dict(first.segments) == {"plan": "solo"}
    assert result.feedback[2].author is None
    assert result.feedback[2].language is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_quotes_and_newlines_in_cells(tmp_path: Path, delimiter: str) -> None:
    text = f'two\nlines{delimiter} "quoted" and ; , more'
    content = io.StringIO()
    csv.writer(content, delimiter=delimiter).writerows([["text", "plan"], [text, "solo"]])
    assert texts(read(tmp_path / "f.csv", "\ufeff" + content.getvalue())) == [text]
    assert texts(read(tmp_path / "f.csv", "\n" + content.getvalue())) == [text]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("before", ["", "\n\n"])
def test_a_line_break_in_the_first_cell_of_the_header(tmp_path: Path, before: str, delimiter: str) -> None:
    header, row = ['"Your\nfeedback"', "rating", "plan"], ["Too few; really, too few", "2", "solo"]
    row = [f'"{cell}"' for cell in row]
    content = "\r\n".join(delimiter.join(cells) for cells in (header, row))
    result = read(tmp_path / "f.csv", before + content)
    assert texts(result) == ["Too few; really, too few"]
    assert result.columns.text == "Your\nfeedback"


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (
            ("Datum, Uhrzeit;Kommentar", "4.5.2026, 12:30;Zu laut, leider", "5.5.2026, 9:00;Zu eng, zu heiß"),
            ";",
        ),
        (("Kommentar;Wie waren Preis, Lage, Service?", "Zu teuer;5", "Zu laut, zu eng, zu heiß;1"), ";"),
        (("Kommentar;Gefallen Preis, Service?", "Zu teuer, leider;2", "Zu laut;1"), ";"),
        (("text,stars (one; two; three; four)", "Too few; really,2", "Too many,4"), ","),
        (("text,plan|size", "Too|few,solo", "Too many,solo", "a,b,c"), ","),
        (("text,plan", "Too few,solo,", "", "Too many; really,solo,"), ","),
        (("text,stars (one; two)", "Too few; really,2,", "Too many,4,", "Took weeks,1,"), ","),
        (("id,text,plan|size", "1,Too few,solo|big,", "2,Bad,solo|big,"), ","),
        (("text;plan", "Too few;solo"), ";"),
        (("text;plan,size",), ","),
        (("text", "Too few; really", "Too many"), ","),
    ],
)
def test_the_rows_tell_the_delimiter_where_the_header_holds_several(
    lines: tuple[str, ...], delimiter: str
) -> None:
    assert sniff_delimiter(io.StringIO("\n".join(lines), newline="")) == delimiter


def test_a_croatian_column_is_read_in_croatian(tmp_path: Path) -> None:
    def months(*names: str, language: str = "") -> list[int | None]:
        rows = [f"{number},Spora,15-{name}-2026,{language}" for number, name in enumerate(names)]
        found = read(tmp_path / "f.csv", "\n".join(["id,text,datum,language", *rows])).feedback
        return [None if each.created_at is None else each.created_at.month for each in found]

    year = ("sij", "velj", "ožu", "tra", "svi", "lip", "srp", "kol", "ruj", "lis", "stu", "pro")
    assert months(*year) == list(range(1, 13))
    assert months("lip", "srp", "lis") == [6, 7, 10]
    assert months("lip", language="hr-HR") == [6]
    assert months("lip", language="pl") == months("lip") == [7]


def test_a_country_in_the_place_of_a_language_is_told(tmp_path: Path) -> None:
    result = read(tmp_path / "f.csv", "text,language\nQuá ít ví dụ,VN\nToo few,en\n")
    assert [each.language for each in result.feedback] == [None, "en"]
    assert "language held no language tag that can be read (1 of 2 rows, such as 'VN')" in result.notes


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "\ufeffsep=;", "SEP=;"])
def test_the_line_of_a_spreadsheet_that_tells_the_delimiter_is_no_row(tmp_path: Path, first: str) -> None:
    result = read(tmp_path / "f.csv", f"{first}\r\nid;text, free, long\r\n1;Too few\r\n2;\r\n")
    assert texts(result) == ["Too few"]
    assert reasons(result) == [(2, "no text")]


def test_names_in_json_lines_are_cleaned_as_those_of_a_header(tmp_path: Path) -> None:
    rows = [{" text ": "a", "": value, "pl\x00an": value} for value in "xxyy"]
    result = read(tmp_path / "f.jsonl", "\n".join(map(json.dumps, rows)))
    assert texts(result) == ["a"] * 4
    assert dict(result.feedback[0].segments) == {"column_2": "x", "plan": "x"}


def test_names_and_values_that_look_alike_are_one_and_texts_stay_as_they_came(tmp_path: Path) -> None:
    header, row = "Ý kiến khách hàng;Tác giả;Gói tập;Nguồn", "Giá cao quá;Đỗ Hồ Lữ;Gói tháng;Quầy lễ tân"
    apart = normalize("NFD", row)
    result = read(tmp_path / "f.csv", "\n".join([normalize("NFD", header), row, apart]))
    columns, (first, second) = result.columns, result.feedback
    assert (columns.text, columns.author, columns.source) == ("Ý kiến khách hàng", "Tác giả", "Nguồn")
    assert (second.text, second.author) == (normalize("NFD", first.text), first.author)
    assert second.source == "Quầy lễ tân"
    for form in ("NFC", "NFD"):
        assert read(tmp_path / "f.csv", "\n".join([header, row]), text=normalize(form, "Gói tập")).feedback


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_segments_group_people_whatever_the_spelling(tmp_path: Path, suffix: str) -> None:
    plans = ["Gói tháng", normalize("NFD", "Gói tháng"), "Gói năm", normalize("NFD", "Gói năm")]
    rows = [{"text": "Giá cao", normalize("NFD", "Gói tập"): plan} for plan in plans]
    if suffix == ".jsonl":  # each line has names of its own
        rows[0] = {"text": "Giá cao", "Gói tập": plans[0]}
        (tmp_path / "f.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    elif suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / "f.parquet")
    else:
        lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
        (tmp_path / "f.csv").write_text("\n".join(lines), encoding="utf-8")
    found = [dict(message.segments) for message in read_feedback(tmp_path / f"f{suffix}").feedback]
    assert found == [{"Gói tập": plan} for plan in ("Gói tháng", "Gói tháng", "Gói năm", "Gói năm")]


def test_formats_agree(tmp_path: Path) -> None:
    rows = [{"id": "1", "text": "Quá ít ví dụ"}, {"id": "2", "text": "ตัวอย่างน้อย"}]
    (tmp_path / "f.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "f.tsv").write_text("id\ttext\n1\tQuá ít ví dụ\n2\tตัวอย่างน้อย\n", encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "f.parquet")
    results = [read_feedback(tmp_path / f"f{suffix}") for suffix in (".jsonl", ".tsv", ".parquet")]
    assert results[0].feedback == results[1].feedback == results[2].feedback


def test_parquet_types(tmp_path: Path) -> None:
    moment = datetime(2026, 3, 4, 5, tzinfo=UTC)
    pq.write_table(
        pa.table({"id": [1.0, None], "text": ["a", "b"], "date": [moment, None], "stars": [4, None]}),
        tmp_path / "f.parquet",
    )
    first, second = read_feedback(tmp_path / "f.parquet").feedback
    assert (first.id, first.created_at, first.rating) == ("1", moment, 4.0)
    assert (second.id, second.created_at, second.rating) == ("row-2", None, None)


@pytest.mark.parametrize(
    "kind", [pa.timestamp("us", "Asia/Bangkok"), pa.timestamp("ms"), pa.date32(), pa.date64()], ids=str
)
def test_parquet_dates_outside_of_all_calendars_are_counted(tmp_path: Path, kind: pa.DataType) -> None:
    last = 2**31 - 1 if kind == pa.date32() else 2**62
    pq.write_table(
        pa.table({"text": ["a", "b", "c"], "date": pa.array([0, last, None], kind)}), tmp_path / "f.parquet"
    )
    result = read_feedback(tmp_path / "f.parquet")
    assert [each.created_at for each in result.feedback] == [datetime(1970, 1, 1, tzinfo=UTC), None, None]
    assert result.notes == (
        "date held no date that can be read (1 of 3 rows, such as 'outside of the years 1 to 9999')",
    )


def test_a_time_zone_that_is_not_known_is_named_with_its_column(tmp_path: Path) -> None:
    dates = pa.array([0], pa.timestamp("us", "Nowhere/Zone"))
    pq.write_table(pa.table({"text": ["a"], "date": dates}), tmp_path / "f.parquet")
    with pytest.raises(
        InputError, match=r"f\.parquet, column 'date': the time zone 'Nowhere/Zone' is not known"
    ):
        read_feedback(tmp_path / "f.parquet")


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_an_empty_file(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(InputError, match="is empty"):
        read(tmp_path / f"f{suffix}", "")


@pytest.mark.parametrize(
    ("name", "content", "error", "message"),
    [
        ("f.csv", "id,text\n", InputError, "no rows"),
        ("f.csv", "\n\n", InputError, "blank"),
        ("f.csv", "id,when\n1,now\n", ColumnError, "no text column among 'id', 'when'"),
        ("f.csv", b"text\ncaf\xe9\n", EncodingError, "byte 0xE9 at offset 8"),
        (
            "f.csv",
            b"text\n" + "né".encode() * 400_000 + b"\xff\n",
            EncodingError,
            "byte 0xFF at offset 1,200,005",
        ),
        ("f.csv", b"text\ncut \xe0\xb8", EncodingError, "offset 9"),
        ("f.csv", "text\nhello\n".encode("utf-16"), EncodingError, "UTF-16"),
        ("f.csv", b"\x1f\x8b\x08\x00\xff", EncodingError, "f.csv is compressed (gzip): unpack it first"),
        ("f.jsonl", b"PK\x03\x04\x14\x00\x08", EncodingError, "f.jsonl is a zip archive or a workbook"),
        ("f.csv", "text\nhello\n".encode("utf-16-le"), EncodingError, "UTF-16"),
        ("f.csv", "x" * 50_000 + "\nfine\n", InputError, "a column name of 50,000 characters"),
        ("f.csv", '"text\nfine\n', InputError, "the header of f.csv cannot be read: a quote is never closed"),
        ("f.xlsx", "PK", InputError, "the suffix must be one of .csv"),
        ("f.parquet", "not parquet", InputError, "not a readable Parquet file"),
        ("f.jsonl", '[{"text": "a"}]', InputError, "JSON array"),
        ("f.jsonl", "nonsense", InputError, "not JSON"),
    ],
)
def test_unusable_files(
    tmp_path: Path, name: str, content: str | bytes, error: type[InputError], message: str
) -> None:
    with pytest.raises(error, match=r"^[^\n]*$") as caught:
        read(tmp_path / name, content)
    assert message in str(caught.value)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_feedback(tmp_path / "none.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="cannot read"):
        read_feedback(tmp_path / "folder.csv")


def test_bad_rows_are_rejected_with_reasons(tmp_path: Path) -> None:
    content = 'id,text,plan\n1,fine,solo\n1,same id,solo\n3,,solo\n4,"  ",x\n5,short\n6,a,b,c\n\n7,ok,y,,\n'
    result = read(tmp_path / "f.csv", content)
    assert texts(result) == ["fine", "ok"]
    assert reasons(result) == [
        (2, "row 1 has the same id"),
        (3, "no text"),
        (4, "no text"),
        (5, "2 cells where the header has 3"),
        (6, "4 cells where the header has 3"),
    ]
    assert result.rejections[0].id == "1"


def test_an_unclosed_quote_costs_one_row(tmp_path: Path) -> None:
    result = read(tmp_path / "f.csv", 'text,plan\none,a\n"two,a\nthree,a\n"fo,ur",a\nfive,a\n')
    assert texts(result) == ["one", "three", "fo,ur", "five"]
    assert [row for row, _ in reasons(result)] == [2]
    result = read(tmp_path / "f.csv", 'text,plan\none,a\n"two,a\nthree,a\n')
    assert texts(result) == ["one", "three"]
    assert reasons(result) == [(2, "a quote is never closed")]


def test_stray_quotes_are_kept(tmp_path: Path) -> None:
    result = read(tmp_path / "f.csv", 'text,plan\n"He said "wow" to me",a\n5" pizza,a\n')
    assert texts(result) == ['He said "wow" to me', '5" pizza']


def test_a_huge_line_is_one_rejection(tmp_path: Path) -> None:
    huge = "x" * 50_000_000
    result = read(tmp_path / "f.csv", f"text\n{huge}\nfine\n")
    assert texts(result) == ["fine"]
    assert reasons(result) == [(1, f"50,000,000 characters where at most {MAX_TEXT:,} are allowed")]
    assert csv.field_size_limit() < len(huge), "the limit of the process is as before"


def test_nul_emoji_and_right_to_left(tmp_path: Path) -> None:
    rows = ["nul\x00here", "😀😀", "التطبيق جميل", "\x00"]
    result = read(tmp_path / "f.csv", "\n".join(["text", *rows]))
    assert texts(result) == ["nulhere", "😀😀", "التطبيق جميل"]
    assert result.notes == ("NUL characters were removed from texts (1 of 4 rows)",)
    assert reasons(result) == [(4, "no text")]


def test_bad_cells_are_dropped_and_counted(tmp_path: Path) -> None:
    content = "text,rating,date\na,good,2026-01-01\nb,4,soon\nc,3,later\n"
    result = read(tmp_path / "f.csv", content)
    assert [feedback.rating for feedback in result.feedback] == [None, 4.0, 3.0]
    assert result.notes == (
        "date held no date that can be read (2 of 3 rows, such as 'soon')",
        "rating held no rating that can be read (1 of 3 rows, such as 'good')",
    )


def test_ratings_out_of_different_numbers_are_said_aloud(tmp_path: Path) -> None:
    rows = ["a,4/5", "b,5 out of 5 stars", "c,8/10", "d,60/100", "e,3", "f,★★★"]
    for lines in (rows, rows[::-1]):
        result = read(tmp_path / "f.csv", "\n".join(["text,rating", *lines]))
        assert result.notes == (
            "rating: ratings are out of 5 (2 rows) and out of others (2 rows), such as 10; "
            "each was read by its first number alone",
        )
    assert read(tmp_path / "f.csv", "text,rating\na,4/5\nb,3/5\nc,5\n").notes == ()


def test_a_rating_of_a_thousand_is_no_decimal(tmp_path: Path) -> None:
    result = read(tmp_path / "f.csv", 'text,rating\na,"1,000"\nb,"4,5"\n')
    assert [feedback.rating for feedback in result.feedback] == [None, 4.5]
    assert result.notes == ("rating held no rating that can be read (1 of 2 rows, such as '1,000')",)


def test_a_dutch_column_of_answers_is_no_column_of_yes(tmp_path: Path) -> None:
    result = read(tmp_path / "f.csv", "text,solicited\na,ja\nb,nee\nc,Nee\n")
    assert [feedback.solicited for feedback in result.feedback] == [True, False, False]
    assert result.notes == ()


def test_ambiguous_dates_are_said_aloud(tmp_path: Path) -> None:
    assert read(tmp_path / "f.csv", "text,date\na,03/04/2026\n").notes == (
        "date: dates such as 03/04/2026 were read as day/month",
    )
    result = read(tmp_path / "f.csv", "text,date\na,03/04/2026\nb,12/31/2026\n")
    assert result.notes == ()
    assert result.feedback[0].created_at == datetime(2026, 3, 4, tzinfo=UTC)


def test_dates_that_contradict_each_other_are_read_alike_in_any_order(tmp_path: Path) -> None:
    rows = ["a,01/13/2026", "b,13/01/2026", "c,03/04/2026", "d,12/31/2026"]
    for lines in permutations(rows):
        result = read(tmp_path / "f.csv", "\n".join(["text,date", *lines]))
        read_at = {each.text: each.created_at and each.created_at.date() for each in result.feedback}
        assert read_at == {"a": date(2026, 1, 13), "b": None, "c": date(2026, 3, 4), "d": date(2026, 12, 31)}
        assert result.notes == (
            "date held no date that can be read (1 of 4 rows, such as '13/01/2026')",
            "date: dates start with the day: 1, with the month: 2; all were read as month/day",
        )


def test_numbers_that_are_no_plausible_time_are_counted(tmp_path: Path) -> None:
    result = read(tmp_path / "f.csv", "text,date\na,20260315120000\nb,12345678901\n")
    assert [each.created_at for each in result.feedback] == [datetime(2026, 3, 15, 12, tzinfo=UTC), None]
    assert result.notes == ("date held no date that can be read (1 of 2 rows, such as '12345678901')",)


def test_day_numbers_of_a_spreadsheet_are_read_in_a_column_of_them_and_said(tmp_path: Path) -> None:
    result = read(tmp_path / "f.csv", "text,date\na,46350\nb,46350.5\nc,\n")
    days = [datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 24, 12, tzinfo=UTC), None]
    assert [each.created_at for each in result.feedback] == days
    assert result.notes == (
        "date: numbers were read as days of a spreadsheet: 46350.5 is noon of 2026-11-24",
    )
    result = read(tmp_path / "f.csv", "text,date\na,46350\nb,2026-11-24\n")
    assert [each.created_at for each in result.feedback] == [None, days[0]]
    assert result.notes == ("date held no date that can be read (1 of 2 rows, such as '46350')",)
    assert read(tmp_path / "f.csv", "text,at\na,46350\nb,46351\n").columns.time is None


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (["07.05.26 14:02", "31.05.26 9:05"], [7, 31]),
        (["7/5/26", "31/5/26"], [7, 31]),
        (["5/7/26, 2:02 PM", "5/31/26, 9:05 p.m."], [7, 31]),
        (["May 7, 2026", "31 May 2026"], [7, 31]),
        (["7. Mai 2026 14:02", "31 de mayo de 2026"], [7, 31]),
        (["Thu, 7 May 2026 08:15:00 +0700", "31 May 2026 08:15:00 GMT"], [7, 31]),
        (["5/7/2026 3:14:15 PM", "5/31/2026 3:14:15 PM"], [7, 31]),
        (["07/05/2569 15:14", "31/05/2569 15:14"], [7, 31]),
        (["15:14 07/05/2026", "31/05/2026 lúc 15:14"], [7, 31]),
        (["2026年5月7日 下午3:14", "2026年5月31日 上午9:05"], [7, 31]),
    ],
)
def test_dates_as_exports_write_them(tmp_path: Path, dates: list[str], days: list[int]) -> None:
    rows = [f'words {number},"{each}"' for number, each in enumerate(dates)]
    result = read(tmp_path / "f.csv", "\n".join(["text,date", *rows]))
    assert [each.created_at and each.created_at.date() for each in result.feedback] == [
        date(2026, 5, day) for day in days
    ]
    assert result.notes == ()


def test_a_column_named_at_is_the_time_where_it_holds_dates(tmp_path: Path) -> None:
    exported = "reviewId,userName,content,score,at\n1,Ann,slow,2,2026-05-07 14:02:33\n2,Li,fast,5,2026-05-08 14:02:33\n"
    columns = read(tmp_path / "f.csv", exported).columns
    assert (columns.id, columns.author, columns.text) == ("reviewId", "userName", "content")
    assert (columns.rating, columns.time) == ("score", "at")
    rows = [f"words {number},{'shop' if number % 2 else 'home'},{number % 5}" for number in range(20)]
    result = read(tmp_path / "f.csv", "\n".join(["text,at,Zufriedenheit", *rows]))
    assert (result.columns.time, result.columns.rating) == (None, "Zufriedenheit")
    assert result.columns.segments == ("at",)


def test_satisfaction_in_words_groups_people_and_is_no_rating(tmp_path: Path) -> None:
    rows = [f"words {number},user {number},{'Gut' if number % 2 else 'Schlecht'}" for number in range(20)]
    result = read(tmp_path / "f.csv", "\n".join(["Beschreibung,Anfragender,Zufriedenheit", *rows]))
    assert (result.columns.text, result.columns.author) == ("Beschreibung", "Anfragender")
    assert (result.columns.rating, result.columns.segments) == (None, ("Zufriedenheit",))
    assert result.notes == ()


def test_the_question_of_a_survey_is_the_rating_where_its_answers_are_numbers(tmp_path: Path) -> None:
    question = "How likely are you to recommend us to a friend?"
    header = f"Timestamp,{question},Your feedback"
    rows = [f"2026-05-0{number},{number},words {number}" for number in range(1, 8)]
    assert read(tmp_path / "f.csv", "\n".join([header, *rows])).columns.rating == question
    rows = [f"2026-05-0{number},Very likely,words {number}" for number in range(1, 8)]
    assert read(tmp_path / "f.csv", "\n".join([header, *rows])).columns.rating is None


@pytest.mark.parametrize("name", ["How satisfied are you with your order number?", "score", "Zufriedenheit"])
@pytest.mark.parametrize(
    ("first", "step", "found"),
    [(0, 1, True), (0, 5, True), (1000, 1, False), (600, 10, False), (0, 0.5, False)],
)
def test_ratings_are_of_a_hundred_at_most(
    tmp_path: Path, name: str, first: int, step: float, found: bool
) -> None:
    cells = [
        first + step * (number % (20 if step == 5 else 101 if step == 1 else 150)) for number in range(150)
    ]
    rows = [f"words {number},{cell}" for number, cell in enumerate(cells)]
    columns = read(tmp_path / "f.csv", "\n".join([f"text,{name}", *rows])).columns
    assert columns.rating == (name if found else None)


@pytest.mark.parametrize(
    ("rated", "text"),
    [
        ("Đánh giá", "Nội dung góp ý"),
        ("Đánh giá", "Góp ý"),
        ("Đánh giá", "Nội dung phản hồi"),
        ("Đánh giá", "Ý kiến khách hàng"),
        ("รีวิว", "รายละเอียด"),
        ("รีวิว", "ข้อเสนอแนะ"),
        ("评价", "评价详情"),
        ("评价", "建议"),
        ("Atsauksme", "Ieteikumi"),
        ("Opinia", "Uwagi"),
        ("Review", "Comments"),
        ("Feedback", "Open comment (Q3)"),
    ],
)
@pytest.mark.parametrize("cells", [["1", "5", "n/a"], ["★★", "★★★★★", ""], ["10/10", "7/10", "3/10"]])
def test_a_column_of_ratings_is_no_text_where_another_is(
    tmp_path: Path, rated: str, text: str, cells: list[str]
) -> None:
    rows = [f"{cells[number % 3]},words {number}" for number in range(30)]
    columns = read(tmp_path / "f.csv", "\n".join([f"{rated},{text}", *rows])).columns
    assert (columns.text, columns.rating) == (text, rated)


@pytest.mark.parametrize(
    ("answered", "text", "answers"),
    [
        ("Đánh giá", "Góp ý", ["Tốt", "Rất tốt", "Kém"]),
        ("评价", "建议", ["满意", "非常满意", "一般"]),
        ("Feedback", "Comments", ["Positive", "Negative", "n/a"]),
        ("Feedback", "Comment", ["👍", "👎", ""]),
    ],
)
def test_a_column_of_answers_is_no_text_where_another_has_words(
    tmp_path: Path, answered: str, text: str, answers: list[str]
) -> None:
    rows = [f"{answers[number % 3]},words {number}" for number in range(30)]
    assert read(tmp_path / "f.csv", "\n".join([f"{answered},{text}", *rows])).columns.text == text
    rows = [f"{answers[number % 3]},{number}" for number in range(30)]
    assert read(tmp_path / "g.csv", "\n".join([f"{answered},{text}", *rows])).columns.text == answered


def test_an_empty_column_is_no_text_where_another_has_words_or_answers(tmp_path: Path) -> None:
    header = "Atsauksme,Komentārs,Atsauksmes teksts"
    rows = [f"Par maz {number},n/a," for number in range(600)]
    result = read(tmp_path / "f.csv", "\n".join([header, *rows]))
    assert (result.columns.text, result.rejections) == ("Atsauksme", ())
    answers = [f"{['Labi', 'Slikti'][number % 2]},," for number in range(30)]
    assert read(tmp_path / "g.csv", "\n".join([header, *answers])).columns.text == "Atsauksme"
    nothing = read(tmp_path / "h.csv", "\n".join([header, *[",,-"] * 30]))
    assert (nothing.columns.text, nothing.silent) == ("Atsauksmes teksts", 30)


def test_a_text_of_which_many_are_ratings_is_a_text(tmp_path: Path) -> None:
    rows = [("10/10" if number % 5 else "Far too slow") + f",words {number}" for number in range(30)]
    result = read(tmp_path / "f.csv", "\n".join(["review,comments", *rows]))
    assert result.columns.text == "review"
    assert texts(result)[:2] == ["Far too slow", "10/10"]


def test_where_ratings_alone_have_the_name_of_a_text_it_is_asked_for(tmp_path: Path) -> None:
    content = "\n".join(["Đánh giá,Ghi", *(f"{number % 5 + 1},words {number}" for number in range(9))])
    with pytest.raises(ColumnError) as caught:
        read(tmp_path / "f.csv", content)
    assert str(caught.value) == (
        "no text column among 'Đánh giá', 'Ghi' ('Đánh giá': numbers or stars, no words): name it with --text-column"
    )
    assert read(tmp_path / "f.csv", content, text="Ghi").columns.rating == "Đánh giá"
    assert texts(read(tmp_path / "f.csv", content, text="Đánh giá"))[:2] == ["1", "2"]


def test_a_column_of_addresses_is_no_segment(tmp_path: Path) -> None:
    rows = [f"words {number},agent{number % 3}@shop.example,{number % 3}" for number in range(30)]
    result = read(tmp_path / "f.csv", "\n".join(["text,agent,team", *rows]))
    assert result.columns.segments == ("team",)


@pytest.mark.parametrize(
    ("kind", "cell", "named"),
    [
        (pa.struct([("body", pa.string())]), {"body": "slow"}, "a struct"),
        (pa.list_(pa.string()), ["slow"], "a list"),
        (pa.map_(pa.string(), pa.string()), [("en", "slow")], "a map"),
    ],
    ids=str,
)
def test_a_text_column_of_a_nested_type_is_named(
    tmp_path: Path, kind: pa.DataType, cell: object, named: str
) -> None:
    table = pa.table({"id": ["1"], "text": pa.array([cell], kind), "plain": ["slow"]})
    pq.write_table(table, tmp_path / "f.parquet")
    with pytest.raises(
        ColumnError, match=f"^the column 'text' is {named}, which is no text: .*--text-column"
    ) as caught:
        read_feedback(tmp_path / "f.parquet")
    assert "\n" not in str(caught.value)
    assert texts(read_feedback(tmp_path / "f.parquet", {"text": "plain"})) == ["slow"]


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        (
            [None, [{"user": {"at": "2026", "body": "too slow"}}, {"body": "sorry, sorry, sorry"}]],
            r"a list, .*jq -c '\.comments = \.comments\[0\]\.user\.body'\)$",
        ),
        (
            [[{"id": "550e8400-e29b-41d4", "body": "slow"}]],
            r"a list, .*jq -c '\.comments = \.comments\[0\]\.body'\)$",
        ),
        ([{"url": "a-b.example/0123456789", "said": "太慢了"}], r"an object, .*\.comments\.said'\)$"),
        ([{"id": "550e8400-e29b-41d4"}], "an object, which is no text: .* a column of its own$"),
        ([{"body": "slow"}, {}], r"an object, .*jq -c '\.comments = \.comments\.body'\)$"),
        ([[1, 2]], "a list, which is no text: .* a column of its own$"),
        ([{"in other words": "slow"}], "an object, which is no text: .* a column of its own$"),
    ],
)
def test_lines_of_json_whose_text_is_nested_are_refused_as_one(
    tmp_path: Path, cells: list[object], named: str
) -> None:
    lines = "\n".join(json.dumps({"id": number, "comments": cell}) for number, cell in enumerate(cells))
    with pytest.raises(ColumnError, match=f"^the column 'comments' is {named}"):
        read(tmp_path / "f.jsonl", lines)


def test_a_line_of_json_whose_text_is_nested_beside_others_is_set_aside(tmp_path: Path) -> None:
    result = read(tmp_path / "f.jsonl", '{"text": ["slow"]}\n{"text": "late"}\n')
    assert (texts(result), reasons(result)) == (["late"], [(1, "the text is a list")])


def test_segments_are_columns_that_group_rows(tmp_path: Path) -> None:
    rows = [f"t{number},{number},{'ab'[number % 2]},same," for number in range(100)]
    result = read(tmp_path / "f.csv", "\n".join(["text,serial,plan,constant,empty", *rows]))
    assert result.columns.segments == ("plan",)


def test_jsonl_rows(tmp_path: Path) -> None:
    lines = ['{"text": "a", "extra": {"deep": 1}}', "oops", "", '"text"', '{"text": ["list"]}', '{"other": 1}',
             '{"text": "b\\ud800"}', '{"text": 5}', "[" * 100_000]  # fmt: skip
    result = read(tmp_path / "f.jsonl", "\n".join(lines))
    assert texts(result) == ["a", "b\ufffd", "5"]
    assert [row for row, _ in reasons(result)] == [2, 3, 4, 5, 8]
    assert reasons(result)[2] == (4, "the text is a list")


def test_progress_counts_every_row(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("text\n" + "same words\n" * 2500, encoding="utf-8")
    seen: list[int] = []
    result = read_feedback(tmp_path / "f.csv", on_progress=seen.append)
    assert sum(seen) == result.rows == len(result.feedback) == 2500
    assert [result.feedback[0].id, result.feedback[-1].id] == ["1", "2500"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), min_size=1, max_size=8))
def test_written_rows_come_back(tmp_path: Path, written: list[str]) -> None:
    content = io.StringIO(newline="")
    writer = csv.writer(content)
    writer.writerow(["id", "text"])
    writer.writerows([f"n{number}", text] for number, text in enumerate(written))
    result = read(tmp_path / "f.csv", content.getvalue(), text="text")  # which may be numbers alone
    kept = [text.replace("\x00", "") for text in written]
    assert texts(result) == [text for text in kept if not (is_blank(text) or says_nothing(text))]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text('ab",;\n\r\t\x00é', max_size=80), st.sampled_from([".csv", ".tsv", ".jsonl"]))
def test_any_content_is_read_or_refused(tmp_path: Path, content: str, suffix: str) -> None:
    with suppress(InputError):
        read(tmp_path / f"f{suffix}", "text,b\n" + content)


def test_rows_without_an_id_take_none_that_another_row_has(tmp_path: Path) -> None:
    rows = ["id,text", ",Too slow", "row-1,Too fast", "row-4,Too loud", ",Too dear", "row--7x,Too far"]
    assert [found.id for found in read(tmp_path / "f.csv", "\n".join(rows)).feedback] == [
        "row--1", "row-1", "row-4", "row--4", "row--7x",
    ]  # fmt: skip
    result = read(tmp_path / "f.csv", "\n".join([*rows, "row---9,Too near"]))
    assert (result.feedback[0].id, result.feedback[3].id) == ("row----1", "row----4")
    assert result.rejections == ()


@pytest.mark.parametrize("text", ["\u200b", "\ufeff \u00a0", "\x1b", "\u2028", "\u200d\u00ad"])
def test_a_text_without_a_visible_character_is_none(tmp_path: Path, text: str) -> None:
    content = "\n".join(json.dumps({"text": each, "user": text}) for each in (text, "fine"))
    result = read(tmp_path / "f.jsonl", content)
    assert reasons(result) == [(1, "no text")]
    assert result.feedback[0].author is None


def test_joiners_inside_a_text_stay(tmp_path: Path) -> None:
    written = ["👩‍👧", "क्‍ष", "\u200bगलत\u200b"]
    assert texts(read(tmp_path / "f.csv", "\n".join(["text", *written]))) == written


@pytest.mark.parametrize(
    ("header", "role", "name"),
    [
        ("text,text,id", "text", "text"),
        ("text,id,id", "id", "id"),
        ("comment,a,comment", "text", "comment"),
        ("text,stars,stars", "rating", "stars"),
    ],
)
def test_two_columns_of_one_name_cannot_have_a_role(
    tmp_path: Path, header: str, role: str, name: str
) -> None:
    with pytest.raises(
        ColumnError, match=f"^more than one column is named '{name}', the {role}: rename"
    ) as caught:
        read(tmp_path / "f.csv", f"{header}\na,b,c\n")
    assert "\n" not in str(caught.value)


def test_other_columns_of_one_name_are_told_apart_and_said(tmp_path: Path) -> None:
    rows = ["text,plan,plan,plan_3", "a,x,y,z", "b,x,y,z", "c,w,v,u", "d,w,v,u"]
    result = read(tmp_path / "f.csv", "\n".join(rows))
    assert result.columns.segments == ("plan", "plan_3_3", "plan_3")
    assert dict(result.feedback[0].segments) == {"plan": "x", "plan_3_3": "y", "plan_3": "z"}
    assert result.notes == ("a column named 'plan' counts as 'plan_3_3': an earlier one has its name",)
    assert read(tmp_path / "f.csv", "text,text\nslow,fast\n", text="text_2").feedback[0].text == "fast"
    pq.write_table(pa.Table.from_arrays([pa.array(["a"])] * 2, ["text", "text"]), tmp_path / "f.parquet")
    with pytest.raises(ColumnError, match="more than one column is named 'text'"):
        read_feedback(tmp_path / "f.parquet")


def test_one_cell_is_not_called_cells_and_a_text_in_bytes_is_binary(tmp_path: Path) -> None:
    assert reasons(read(tmp_path / "f.csv", "id,text\n1\n2,b\n")) == [(1, "1 cell where the header has 2")]
    pq.write_table(pa.table({"text": [b"a"]}), tmp_path / "f.parquet")
    (rejection,) = read_feedback(tmp_path / "f.parquet").rejections
    assert rejection.reason == "the text is binary data"


def test_ids_in_bytes_are_read_as_utf8_or_told_in_hex(tmp_path: Path) -> None:
    table = {"id": [b"a-1", b"\xff\x00"], "author": [b"Ieva", b"Li"], "text": ["slow", "fast"]}
    pq.write_table(pa.table(table), tmp_path / "f.parquet")
    messages = read_feedback(tmp_path / "f.parquet").feedback
    assert [(message.id, message.author) for message in messages] == [("a-1", "Ieva"), ("ff00", "Li")]


def test_a_column_name_with_a_lone_surrogate_is_readable(tmp_path: Path) -> None:
    rows = [f'{{"text": "slow {number}", "\\ud800plan": "{number % 2}"}}\n' for number in range(8)]
    result = read(tmp_path / "f.jsonl", "".join(rows))
    assert dict(result.feedback[0].segments) == {"\ufffdplan": "0"}


def test_answers_that_say_nothing_are_told_apart_from_rows_with_other_reasons(tmp_path: Path) -> None:
    result = read(
        tmp_path / "f.csv", "id,text,language\n1,Keine,\n2,-,\n3,Too few,\n4,,\n3,ok,\n6,keine,vi\n"
    )
    assert texts(result) == ["Too few", "keine"]
    assert reasons(result)[:2] == [(1, "says nothing ('Keine')"), (2, "says nothing ('-')")]
    assert result.silent == 2
    assert result.notes == (
        "2 answers say nothing, such as 'Keine', and are set aside, beside 2 rows with other reasons",
    )
    alone = read(tmp_path / "f.csv", "text\nn/a\nToo few\n")
    assert alone.notes == ("1 answer says nothing, such as 'n/a', and is set aside",)


def test_many_texts_over_the_limit_are_told_aloud(tmp_path: Path) -> None:
    long = "long " * (MAX_TEXT // 5 + 1)
    rows = [long if number < 2 else f"message {number}" for number in range(39)]
    result = read(tmp_path / "f.csv", "\n".join(["text", *rows]))
    assert result.notes == (
        "CAREFUL: 5% of all rows are left out, for their texts are too long (2 of 39): "
        "results speak of the others only; cut such texts into messages",
    )
    assert read(tmp_path / "f.csv", "\n".join(["text", *rows, "one more"])).notes == ()


def test_markup_and_quoted_mail_are_not_read_and_counted(tmp_path: Path) -> None:
    rows = [
        "<p>Too few &amp; too late</p>",
        "Too late.\n\nOn Mon, Mar 3, 2026 at 14:20, Care <care@shop.example> wrote:\n> We are sorry.",
        "<div>Cold<br>-----Original Message-----<br>Sorry.</div>",
        "I <3 it, a < b, AT&T",
        "<p>&nbsp;</p>",
        f"<p style='{'x' * MAX_TEXT}'>long only by its markup</p>",
    ]
    result = read(tmp_path / "f.jsonl", "\n".join(json.dumps({"text": text}) for text in rows))
    kept = ["Too few & too late", "Too late.", "Cold", "I <3 it, a < b, AT&T", "long only by its markup"]
    assert texts(result) == kept
    assert reasons(result) == [(5, "no text")]
    assert "HTML tags or entities were removed from texts (3 of 6 rows)" in result.notes
    assert "quoted mail was removed from texts (2 of 6 rows)" in result.notes


def test_a_line_tells_of_transcripts(tmp_path: Path) -> None:
    cell = "Agent: Hello\nCustomer: It is late\nAgent: Sorry"
    result = read(tmp_path / "f.jsonl", "\n".join([json.dumps({"text": cell})] * 5))
    assert texts(result) == [cell] * 5
    assert (
        sum(note.startswith("5 texts look like transcripts of several speakers") for note in result.notes)
        == 1
    )
