import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.columns import ROLES, ColumnMap, describe_guess, guess_columns
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
        (["Q3 open feedback", "score"], {"text": "Q3 open feedback", "rating": "score"}),
        (["customerComment", "comment_date"], {"text": "customerComment"}),
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


def test_an_outcome_is_never_guessed_and_takes_no_role_away() -> None:
    names = ["text", "stars", "outcome", "plan"]
    assert guess_columns(names, {}).outcome is None
    told = guess_columns(names, {"outcome": "stars"})
    assert (told.outcome, told.rating, told.segments) == ("stars", "stars", ("outcome", "plan"))
    assert "outcome = stars (given)" in describe_guess(told)
    with pytest.raises(ColumnError, match="no column 'left' for --outcome"):
        guess_columns(names, {"outcome": "left"})
