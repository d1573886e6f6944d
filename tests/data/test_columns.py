import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.columns import (
    ROLES,
    ColumnMap,
    _common_names,
    describe_columns,
    describe_guess,
    guess_columns,
)
from data.errors import ColumnError


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["ID", "Review_Text", "User Name", "Created-At", "Stars"],
         {"text": "Review_Text", "id": "ID", "author": "User Name", "time": "Created-At", "rating": "Stars"}),
        (["mã", "Nội dung", "Khách hàng", "Ngày gửi", "Điểm"],
         {"text": "Nội dung", "id": "mã", "author": "Khách hàng", "time": "Ngày gửi", "rating": "Điểm"}),
        (["noi dung", "diem"], {"text": "noi dung", "rating": "diem"}),
        (["ข้อความ", "ลูกค้า", "วันที่", "คะแนน"],
         {"text": "ข้อความ", "author": "ลูกค้า", "time": "วันที่", "rating": "คะแนน"}),
        (["评论", "用户名", "日期", "评分"], {"text": "评论", "author": "用户名", "time": "日期", "rating": "评分"}),
        (["Atsauksme", "Datums", "Vērtējums"], {"text": "Atsauksme", "time": "Datums", "rating": "Vērtējums"}),
        (["review", "comment", "text"], {"text": "text"}),
        (["Q3 open feedback", "stars"], {"text": "Q3 open feedback", "rating": "stars"}),
        (["customerComment", "comment_date"], {"text": "customerComment"}),
        (["Ticket-ID", "Beschreibung", "Anfragender", "Erstelldatum"],
         {"text": "Beschreibung", "id": "Ticket-ID", "author": "Anfragender", "time": "Erstelldatum"}),
        (["Review Created (UTC)", "Review Consumer User ID", "Review Content", "Review Stars", "Source Of Review"],
         {"text": "Review Content", "author": "Review Consumer User ID", "time": "Review Created (UTC)",
          "rating": "Review Stars", "source": "Source Of Review"}),
        (["Review Submit Date and Time", "Star Rating", "Review Text", "Reviewer Language"],
         {"text": "Review Text", "time": "Review Submit Date and Time", "rating": "Star Rating",
          "language": "Reviewer Language"}),
        (["Submit Date (UTC)", "Feedback"], {"time": "Submit Date (UTC)", "text": "Feedback"}),
        (["Zeitstempel", "E-Mail-Adresse", "Kommentar"], {"time": "Zeitstempel", "author": "E-Mail-Adresse",
         "text": "Kommentar"}),
        (["Dấu thời gian", "Họ và tên", "Góp ý"], {"time": "Dấu thời gian", "author": "Họ và tên", "text": "Góp ý"}),
        (["ประทับเวลา", "ที่อยู่อีเมล", "รายละเอียด"], {"time": "ประทับเวลา", "author": "ที่อยู่อีเมล", "text": "รายละเอียด"}),
        (["Iesniegšanas datums", "Iesniedzējs", "Apraksts"],
         {"time": "Iesniegšanas datums", "author": "Iesniedzējs", "text": "Apraksts"}),
        (["提交时间", "姓名", "建议"], {"time": "提交时间", "author": "姓名", "text": "建议"}),
        (["Requester", "Description", "Created time"], {"author": "Requester", "text": "Description",
         "time": "Created time"}),
    ],
)  # fmt: skip
def test_guess(names: list[str], expected: dict[str, str]) -> None:
    columns = guess_columns(names, {})
    assert {role: getattr(columns, role) for role in expected} == expected


def test_what_is_left_may_be_segments() -> None:
    columns = guess_columns(["text", "plan", "id", "region"], {})
    assert columns.segments == ("plan", "region")


def test_given_columns_win_and_are_not_used_twice() -> None:
    columns = guess_columns(["text", "comment", "id"], {"text": "comment", "author": "id"})
    assert (columns.text, columns.author, columns.id) == ("comment", "id", None)
    assert columns.segments == ("text",)


@pytest.mark.parametrize(
    ("names", "given", "message"),
    [
        (["a", "b"], {}, "no text column among 'a', 'b': name it with --text-column"),
        (["text"], {"rating": "mark"}, "no column 'mark' for --rating-column; the file has 'text'"),
        (["Text", "text "], {}, "'Text', 'text ' could each be the text: say which with --text-column"),
        (["open comment 1", "open comment 2"], {}, "could each be the text"),
        (["text"], {"mood": "text"}, "no role 'mood'"),
    ],
)
def test_errors_say_the_fix(names: list[str], given: dict[str, str], message: str) -> None:
    with pytest.raises(ColumnError, match=r"^[^\n]*$") as caught:
        guess_columns(names, given)
    assert message in str(caught.value)


@given(st.lists(st.text(max_size=20), max_size=8, unique=True))
def test_a_guess_names_real_columns_once(names: list[str]) -> None:
    columns = guess_columns(["text", *(name for name in names if name != "text")], {"text": "text"})
    used = [getattr(columns, role) for role in ROLES if getattr(columns, role) is not None]
    assert sorted([*used, *columns.segments]) == sorted({"text", *names})


def test_describe_guess() -> None:
    columns = ColumnMap(text="comment", author="user", segments=("plan",), given=frozenset({"text"}))
    line = describe_guess(columns)
    assert line.startswith("Columns: text = comment (given); author = user; segments = plan (guessed;")
    assert "--text-column" not in line
    assert "--rating-column" in line
    assert describe_guess(ColumnMap(text="id", given=frozenset({"text"}))) == "Columns: text = id (given)"


def test_what_is_wanting_is_said_with_what_follows() -> None:
    guess, wanting = describe_columns(ColumnMap(text="comment", segments=("plan",)))
    assert guess == describe_guess(ColumnMap(text="comment", segments=("plan",)))
    assert wanting == (
        "no author column: each message counts as a person; no time column: no timing; "
        "no rating column: no mean ratings"
    )
    assert describe_columns(ColumnMap(text="t", author="a", time="d"))[1:] == (
        "no rating column: no mean ratings",
    )
    assert len(describe_columns(ColumnMap(text="t", author="a", time="d", rating="r"))) == 1


def test_a_name_that_only_hints_needs_the_cells() -> None:
    names = ["text", "at", "Iesniegts", "Zufriedenheit", "How likely are you to recommend us?"]
    assert guess_columns(names, {}).segments == tuple(names[1:])
    found = guess_columns(names, {}, holds=lambda role, column: True)
    assert (found.time, found.rating) == ("at", "Zufriedenheit")
    found = guess_columns(names, {}, holds=lambda role, column: column not in {"at", "Zufriedenheit"})
    assert (found.time, found.rating) == ("Iesniegts", names[-1])


def test_of_two_questions_neither_is_the_rating_and_two_hints_are_asked_about() -> None:
    names = ["text", "How satisfied are you with us?", "How satisfied are you with it?"]
    assert guess_columns(names, {}, holds=lambda role, column: True).rating is None
    with pytest.raises(ColumnError, match="'at', 'AT' could each be the time: say which with --time-column"):
        guess_columns(["text", "at", "AT"], {}, holds=lambda role, column: True)


@pytest.mark.parametrize(
    ("name", "other"),
    [("Avis", "Commentaire"), ("レビュー", "コメント"), ("Recensione", "Commento"), ("Ulasan", "Komentar")],
)
def test_a_column_in_numbers_with_the_name_of_a_text_is_the_rating(name: str, other: str) -> None:
    found = guess_columns([name, other], {}, holds=lambda role, column: (role == "text") == (column == other))
    assert (found.text, found.rating) == (other, name)
    found = guess_columns([name, other], {}, holds=lambda role, column: role == "text" and column == other)
    assert (found.text, found.rating) == (other, None)


def test_numbers_before_a_heading_do_not_count() -> None:
    for name in ("2、意见和建议", "3. Comments", "(4) Comments", "12）意见和建议"):
        assert guess_columns(["1、您的年龄", name], {}).text == name
    assert guess_columns(["2nd opinion of us", "text"], {}).text == "text"


def test_longer_names_of_texts_come_before_those_of_ratings() -> None:
    for names in (["Đánh giá", "Nội dung góp ý"], ["评价", "评价详情"], ["รีวิว", "ข้อความรีวิว"]):
        assert guess_columns(names, {}).text == names[1]


def test_no_name_is_listed_for_two_roles() -> None:
    lists = {role: _common_names()[role] for role in ROLES}
    listed = [name for names in lists.values() for name in set(names)]
    assert all(listed)
    assert [name for name in set(listed) if listed.count(name) > 1] == []


def test_an_outcome_is_never_guessed_and_takes_no_role_away() -> None:
    names = ["text", "stars", "outcome", "plan"]
    assert guess_columns(names, {}).outcome is None
    told = guess_columns(names, {"outcome": "stars"})
    assert (told.outcome, told.rating, told.segments) == ("stars", "stars", ("outcome", "plan"))
    assert "outcome = stars (given)" in describe_guess(told)
    with pytest.raises(ColumnError, match="no column 'left' for --outcome"):
        guess_columns(names, {"outcome": "left"})
