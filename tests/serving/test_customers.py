"""The file of customers that goes with a mining folder."""

from pathlib import Path

import pytest

from data.customers import Customer
from data.errors import InputError
from serving.customers import CUSTOMERS_NAME, customers_in


def written(path: Path, value: int) -> Path:
    path.write_text(f"author,yearly_value\nAnna,{value}\n", encoding="utf-8")
    return path


def test_the_one_in_the_folder_is_taken_unless_another_is_given(tmp_path: Path) -> None:
    assert customers_in(tmp_path) is None
    written(tmp_path / CUSTOMERS_NAME, 1)
    for given, value in ((None, 1.0), (written(tmp_path / "other.csv", 2), 2.0)):
        found = customers_in(tmp_path, given)
        assert found is not None
        assert found.by_author == {"anna": Customer(value, None)}
    with pytest.raises(InputError, match="no such file"):
        customers_in(tmp_path, tmp_path / "none.csv")


def test_they_are_found_under_the_name_that_the_service_keeps(tmp_path: Path) -> None:
    written(tmp_path / CUSTOMERS_NAME, 1)
    found = customers_in(tmp_path, pseudonym=lambda name: f"U-{name.lower()}")
    assert found is not None
    assert set(found.by_author) == {"anna", "u-anna"}
    assert found.count == 1
