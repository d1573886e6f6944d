"""A checkpoint names the languages that its rows taught, not those that a text or two seem to be in."""

from pathlib import Path

import pandas as pd

from training.columns import unread
from training.examples import read_labelled
from training.languages import taught

ENGLISH = "This has far too few examples and the delivery was much too slow"
LATVIAN = "Šeit ir pārāk maz piemēru un piegāde bija ļoti lēna"
VIETNAMESE = "Sách này có quá ít ví dụ và giao hàng rất chậm"


def rows(path: Path, *counted: tuple[str, int], **columns: str) -> pd.DataFrame:
    """Rows of each text, so many times."""
    texts = [f"{text} {number}" for text, times in counted for number in range(times)]
    pd.DataFrame({"text": texts, "sentiment": "negative", **columns}).to_csv(path, index=False)
    return read_labelled(path)


def test_what_few_texts_seem_to_be_in_is_not_taught(tmp_path: Path) -> None:
    few = rows(tmp_path / "rows.csv", (ENGLISH, 400), (LATVIAN, 9), (VIETNAMESE, 10))
    assert set(few.lang) == {"en", "lv", "vi"}
    assert taught(few) == {"en", "vi"}
    few = rows(tmp_path / "rows.csv", (ENGLISH, 900), (VIETNAMESE, 12))
    assert taught(few) == {"en"}


def test_what_the_file_tells_is_taught(tmp_path: Path) -> None:
    told = rows(tmp_path / "rows.csv", (LATVIAN, 1), lang="LV-lv")
    assert taught(told) == {"lv"}
    assert unread(told) == []


def test_rows_that_are_never_seen_teach_nothing(tmp_path: Path) -> None:
    found = rows(tmp_path / "rows.csv", (ENGLISH, 30), (VIETNAMESE, 30))
    assert taught(found.assign(weight=[1.0] * 30 + [0.0] * 30)) == {"en"}
    told = rows(tmp_path / "rows.csv", (ENGLISH, 30), lang="en")
    assert taught(told.assign(weight=0.0)) == set()
