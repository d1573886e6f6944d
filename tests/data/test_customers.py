"""Customers by author."""

from datetime import date
from pathlib import Path

import pytest

from data.customers import Customer, author_key, read_customers
from data.errors import ColumnError, InputError


def written(folder: Path, text: str) -> Path:
    path = folder / "customers.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_customers_are_found_by_name_without_case_and_spare_spaces(tmp_path: Path) -> None:
    found = read_customers(
        written(tmp_path, "author,yearly_value,left_on\nBo  LI,12.5,\nĀris,,2026-05-31\n,9,\n")
    )
    assert found.tells_leaving
    assert found.by_author == {
        "bo li": Customer(12.5, None),
        author_key("āris"): Customer(None, date(2026, 5, 31)),
    }


def test_one_of_the_two_columns_is_enough(tmp_path: Path) -> None:
    found = read_customers(written(tmp_path, "author,yearly_value\nBo,3\n"))
    assert not found.tells_leaving


@pytest.mark.parametrize(
    ("text", "error", "reason"),
    [
        ("author,plan\nBo,solo\n", ColumnError, "one of yearly_value, left_on"),
        ("name,yearly_value\nBo,3\n", ColumnError, "needs the column author"),
        ("author,yearly_value\nBo,much\n", InputError, "yearly_value is 'much'"),
        ("author,yearly_value\nBo,-1\n", InputError, "a number from 0"),
        ("author,yearly_value\nBo,nan\n", InputError, "a number from 0"),
        ("author,left_on\nBo,soon\n", InputError, "left_on is 'soon'"),
        ("author,left_on\nBo,\nbo,\n", InputError, "row 2 of customers.csv: 'bo' stands there twice"),
        ("author,left_on\nBo,,,x\n", InputError, "row 1 of customers.csv"),
    ],
)
def test_a_cell_that_cannot_be_is_named(
    tmp_path: Path, text: str, error: type[Exception], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        read_customers(written(tmp_path, text))
