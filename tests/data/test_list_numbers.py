import pytest

from data.list_numbers import list_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1. Dim 2. Loud", ["1. ", "2. "]),
        ("1) Dim 2) Loud 3) Late", ["1) ", "2) ", "3) "]),
        ("Faults: 1. Dim 2. Loud", ["1. ", "2. "]),
        ("Good 1. Light 2. Loud 3. Red Bad 1. Dear 2. Late 3. Torn", ["1. ", "2. ", "3. "] * 2),
        ("1.灯暗2.声大", ["1.", "2."]),
        ("1. Runs 3 days 2. Loud", ["1. ", "2. "]),
        ("1. Dim", []),
        ("Room 1. Room 2. Loud", []),
        ("2. Dim 3. Loud 4. Late", []),
        ("1. Dim 3. Loud", []),
        ("1. Works since v2. Loud", []),
        ("1. Cost $2. Loud", []),
        ("1. Since 1.2. Loud", []),
        ("1. Lasts 2.5 days", []),
    ],
)
def test_numbers_ascend_from_one(text: str, numbers: list[str]) -> None:
    assert [text[start:end] for start, end in list_numbers(text)] == numbers
