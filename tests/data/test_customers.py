"""The file of customers."""

from datetime import date
from pathlib import Path
from unicodedata import normalize

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.customers import AUTHOR, Customer, author_key, read_customers
from data.errors import ColumnError, InputError
from data.reading import read_feedback
from serving.version import ROOT


def written(folder: Path, *lines: str) -> Path:
    path = folder / "customers.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_sample_is_read() -> None:
    found = read_customers(ROOT / "data" / "sample" / "customers.csv")
    assert len(found.by_author) == 2247
    assert found.tells_leaving
    assert found.by_author["agus-514"] == Customer(31.0, date(2026, 7, 1), date(2023, 7, 22))


def test_since_is_welcome_and_not_needed(tmp_path: Path) -> None:
    found = read_customers(written(tmp_path, "author,left_on", " Anna  B ,2026-01-02", "Bo,"))
    assert found.by_author == {"anna b": Customer(None, date(2026, 1, 2)), "bo": Customer(None, None)}


def test_numbers_as_names_are_those_that_feedback_has(tmp_path: Path) -> None:
    values = {"author": pa.array([0.0, 12.0, None]), "yearly_value": [1, 2, 3]}
    for name, columns in ((AUTHOR, values), ("text", {**values, "text": ["a", "b", "c"]})):
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    found = read_customers(tmp_path / f"{AUTHOR}.parquet")
    assert list(found.by_author) == ["0", "12"]
    assert [each.author for each in read_feedback(tmp_path / "text.parquet").feedback] == ["0", "12", None]


def test_customers_are_found_by_name_without_case_and_spare_spaces(tmp_path: Path) -> None:
    found = read_customers(
        written(tmp_path, "author,yearly_value,left_on", "Bo  LI,12.5,", "Āris,,2026-05-31", ",9,")
    )
    assert found.tells_leaving
    assert found.by_author == {
        "bo li": Customer(12.5, None),
        author_key("āris"): Customer(None, date(2026, 5, 31)),
    }


@given(st.text())
def test_a_name_that_looks_the_same_is_the_same(name: str) -> None:
    key = author_key(name)
    assert author_key(normalize("NFD", name)) == author_key(normalize("NFC", name)) == author_key(key) == key


def test_one_customer_in_two_spellings_stands_there_twice(tmp_path: Path) -> None:
    lines = ("author,left_on", "Đỗ Lữ,", normalize("NFD", "Đỗ Lữ") + ",")
    with pytest.raises(InputError, match=r"row 2 of customers\.csv: 'đỗ lữ' stands there twice"):
        read_customers(written(tmp_path, *lines))


@pytest.mark.parametrize("nothing", [" ", "\u00a0", "\t"])
def test_a_cell_that_shows_nothing_tells_nothing(tmp_path: Path, nothing: str) -> None:
    path = written(
        tmp_path, "author,yearly_value,left_on,customer_since", f"Bo,{nothing},{nothing},{nothing}"
    )
    assert read_customers(path).by_author == {"bo": Customer(None, None)}


def test_no_number_is_no_value(tmp_path: Path) -> None:
    path = tmp_path / "c.parquet"
    pq.write_table(pa.table({"author": ["Bo", "Al"], "yearly_value": [float("nan"), 5.0]}), path)
    assert [each.yearly_value for each in read_customers(path).by_author.values()] == [None, 5.0]


def test_croatian_months_are_those_of_the_whole_file(tmp_path: Path) -> None:
    path = written(tmp_path, "author,left_on,customer_since", "Bo,15. lip 2026.,", "Al,,1. kol 2025.")
    assert read_customers(path).by_author["bo"].left_on == date(2026, 6, 15)


def test_one_of_the_two_columns_is_enough(tmp_path: Path) -> None:
    found = read_customers(written(tmp_path, "author,yearly_value", "Bo,3"))
    assert not found.tells_leaving


@pytest.mark.parametrize(
    ("other", "day"), [("25/12/2026", date(2026, 4, 3)), ("12/25/2026", date(2026, 3, 4))]
)
def test_another_date_of_the_file_shows_the_order(tmp_path: Path, other: str, day: date) -> None:
    path = written(tmp_path, "author,left_on,customer_since", "Bo,03/04/2026,", f"Al,,{other}")
    assert read_customers(path).by_author["bo"].left_on == day


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("author,left_on", "a,soon"), "row 1 of customers.csv: left_on is 'soon'; a date"),
        (
            ("author,left_on,customer_since", "a,2026-01-01,2026-02-01"),
            "lies before customer_since 2026-02-01",
        ),
        (("author,left_on,yearly_value", "a,,many"), "yearly_value is 'many'"),
        (("author,left_on", "a,", "A,"), "stands there twice"),
        (("author,plan", "Bo,solo"), "one of yearly_value, left_on"),
        (("author,left_on", "Bo,03/04/2026"), "no date of the file shows whether days or months come first"),
        (
            ("author,left_on", "Al,25/12/2026", "Bo,01/13/2026"),
            "row 2 of customers.csv: left_on is '01/13/2026', and other dates of the file start with the day",
        ),
        (
            ("author,left_on", "Al,3.4.2026", "Bo,01/13/2026", "Cy,01/14/2026"),
            "row 1 of customers.csv: left_on is '3.4.2026', and other dates of the file start with the month",
        ),
        (("author,left_on", "Bo,31/31/2026"), "left_on is '31/31/2026'; a date"),
        (("author,left_on", "Bo,9999-12-31"), "is needed, from the years 1900 to 2199"),
        (("author,yearly_value", "Bo,-1"), "a number from 0"),
        (("author,yearly_value", "Bo,nan"), "a number from 0"),
        (("author,left_on", "Bo,,,x"), "row 1 of customers.csv"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, lines: tuple[str, ...], reason: str) -> None:
    with pytest.raises(InputError, match=reason.replace(".", r"\.")):
        read_customers(written(tmp_path, *lines))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(ColumnError, match="needs the column author"):
        read_customers(written(tmp_path, "name,left_on", "a,"))
