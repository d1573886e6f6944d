import csv
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.errors import InputError
from data.writing import defused, undefused, whole_file, write_table

COLUMNS: dict[str, Any] = {
    "text": ["=SUM(A1)", "-5 stars", "fine\nlines", "ví dụ"],
    "topics": [["content", "price"], [], [], ["other"]],
    "p": np.array([0.5, 0.25, np.nan, 1.0], dtype=np.float32),
    "n": [-1, None, 3, 4],
}


STARTS = tuple("=+-@＝＋－＠")


def test_csv_is_safe_for_spreadsheets(tmp_path: Path) -> None:
    write_table(tmp_path / "t.csv", COLUMNS)
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[:3] == [["text", "topics", "p", "n"], ["'=SUM(A1)", "content|price", "0.5", "-1"],
                        ["'-5 stars", "", "0.25", ""]]  # fmt: skip
    assert rows[3][0] == "fine\nlines"
    assert rows[3][2] == ""


@given(st.text())
def test_no_defused_text_starts_a_formula(text: str) -> None:
    assert not defused(text).startswith((*STARTS, "\t", "\r", "\n")) or float(text) <= 0
    assert defused(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["-5", "-0.25", "-1234567890123456789"])
def test_a_negative_number_is_no_formula(text: str) -> None:
    assert defused(text) == text


@pytest.mark.parametrize(
    "text", ["-5 stars", "-5#1", "-1+1", "--5", "-5\n", "-.", "-", "-\u0665", "+5", "=1", "@bob"]
)
def test_what_only_begins_like_one_may_run(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text('a5=+-@＝＋－＠)(; ,\t\r\n|"'), min_size=1, max_size=4))
@example([f"too slow{mark}=HYPERLINK(A1)" for mark in (";", ",", "\t", "\r", "\n", "\r\n", "|", ';"', ';""')])
@example([f"a;{start}1+1" for start in STARTS])
def test_no_text_starts_a_formula_whatever_the_separator(
    tmp_path: Path, suffix: str, texts: list[str]
) -> None:
    """Spreadsheets take theirs from the settings of the machine, not from the file."""
    path = tmp_path / f"t{suffix}"
    write_table(path, {"n": [1] * len(texts), "text": texts, "language": ["en"] * len(texts)})
    for delimiter in ",;\t|":
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file, delimiter=delimiter) for cell in row]
        formulas = [cell for cell in cells if cell.startswith(STARTS) and cell[1:2] != ")"]
        assert all(re.fullmatch(r"-5+", cell) for cell in formulas), (delimiter, formulas)


@pytest.mark.parametrize(
    "text", ["fine ;-)", "good, -5 points", "a - b, 5-3; @bob", "a,b@example.com", "2;5", "x|y", "1\n2"]
)
def test_texts_that_start_no_formula_stay(text: str) -> None:
    assert defused(text) == text


@given(st.text('a5=+-@＝＋－＠)(; ,\t\r\n|"'))
@example("Costs 49,- €")
def test_a_text_is_had_back_by_its_length(text: str) -> None:
    assert undefused(defused(text), len(text)) == text


@pytest.mark.parametrize("text", ["too slow;'=A1", "'=A1", "'49,'- €", "'-5"])
def test_what_its_writer_put_into_a_text_stays(text: str) -> None:
    assert undefused(text, len(text)) == text
    assert undefused(text, 99) == text


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=6))
@example(["10/10\rToo few examples", "a\r\nb", "\r"])
def test_csv_keeps_texts_with_any_line_end(tmp_path: Path, suffix: str, texts: list[str]) -> None:
    write_table(tmp_path / f"t{suffix}", {"n": [1] * len(texts), "text": texts})
    with (tmp_path / f"t{suffix}").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="," if suffix == ".csv" else "\t"))
    assert rows[1:] == [["1", defused(text)] for text in texts]


def test_jsonl(tmp_path: Path) -> None:
    write_table(tmp_path / "t.jsonl", COLUMNS)
    lines = (tmp_path / "t.jsonl").read_bytes().decode().splitlines()
    assert json.loads(lines[0]) == {"text": "=SUM(A1)", "topics": ["content", "price"], "p": 0.5, "n": -1}
    assert json.loads(lines[2])["p"] is None
    assert "ví dụ" in lines[3]


def test_parquet(tmp_path: Path) -> None:
    write_table(tmp_path / "t.parquet", {**COLUMNS, "none": [None] * 4, "lists": [[]] * 4})
    table = pq.read_table(tmp_path / "t.parquet")
    assert table["text"].to_pylist() == COLUMNS["text"]
    assert table["topics"].to_pylist()[0] == ["content", "price"]
    assert str(table.schema.field("none").type) == "string"
    assert str(table.schema.field("lists").type).startswith("list<")


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_no_rows(tmp_path: Path, suffix: str) -> None:
    write_table(tmp_path / f"t{suffix}", {"text": [], "topics": []})
    assert (tmp_path / f"t{suffix}").exists()


def test_a_broken_run_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_table(path, {"text": ["old"]})

    def interrupted() -> None:
        with whole_file(path, "w") as file:
            file.write("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text(encoding="utf-8") == "text\nold\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="files have other rights there")
def test_a_file_that_a_killed_run_left_lends_its_rights_to_none(tmp_path: Path) -> None:
    """In containers the next run has the same process id."""
    path = tmp_path / "t.csv"
    left = tmp_path / f"t.csv.{os.getpid()}.tmp"
    left.touch()
    left.chmod(0o644)
    with whole_file(path, "w", private=True) as file:
        file.write("Anna")
    assert path.stat().st_mode & 0o777 == 0o600


def test_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the suffix must be one of \.csv"):
        write_table(tmp_path / "t.xlsx", {})
    with pytest.raises(InputError, match="different lengths"):
        write_table(tmp_path / "t.csv", {"a": [1], "b": []})
    with pytest.raises(InputError, match="cannot write"):
        write_table(tmp_path / "missing" / "t.csv", {"a": [1]})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=6))
def test_jsonl_and_parquet_keep_texts(tmp_path: Path, texts: list[str]) -> None:
    write_table(tmp_path / "t.parquet", {"text": texts})
    assert pq.read_table(tmp_path / "t.parquet")["text"].to_pylist() == texts
    write_table(tmp_path / "t.jsonl", {"text": texts})
    lines = (tmp_path / "t.jsonl").read_bytes().decode().split("\n")[:-1]
    assert [json.loads(line)["text"] for line in lines] == texts
