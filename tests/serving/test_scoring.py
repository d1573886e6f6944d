"""Batch scoring: the promised columns, every row accounted for, and refusals before the work starts."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import InputError
from data.labels import TOPICS
from models.predictions import topics_over
from serving.score_output import ScoreSettings, checked_output
from serving.scored_input import is_scored
from serving.scoring import score_file
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv

COLUMNS = [
    *("feedback_id", "statement_id", "start", "end", "text", "language"),
    *("sentiment", "p_negative", "p_neutral", "p_positive", "sentiment_abstain", "topics"),
    *("degree", "p_too_little", "p_too_much", "p_none", "degree_abstain"),
]
TEXT = "Quá ít ví dụ cho doanh nghiệp nhỏ. Shipper rất thân thiện!"


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".csv"])
def test_one_row_per_statement_in_the_promised_columns(tmp_path: Path, suffix: str) -> None:
    source = write_csv(tmp_path / "in.csv", [["r1", "a", TEXT, "2", ""], ["r2", "b", "案例太多", "1", ""]])
    score_file(source, tmp_path / f"scored{suffix}", KeywordPredictor(), columns={})
    first, second, third = read(tmp_path / f"scored{suffix}")
    assert list(first) == COLUMNS
    assert [row["statement_id"] for row in (first, second, third)] == ["r1#1", "r1#2", "r2#1"]
    assert (first["feedback_id"], first["language"]) == ("r1", "vi")
    assert (first["sentiment"], first["degree"]) == ("negative", "too_little")
    assert (second["sentiment"], second["degree"]) == ("positive", "none")
    assert (third["language"], third["degree"]) == ("zh", "too_much")
    assert TEXT[int(second["start"]) : int(second["end"])] == second["text"]
    assert float(first["p_negative"]) == pytest.approx(0.9)
    assert float(third["p_too_much"]) == pytest.approx(0.9)
    assert first["topics"] in (["content"], "content")


def test_a_call_below_the_threshold_of_its_head_is_one_that_the_model_abstains_from(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", [["r1", "a", "案例太多", "1", ""]])
    predictor = KeywordPredictor(abstain_below={"sentiment": 0.95, "degree": 0.85})
    score_file(source, tmp_path / "scored.parquet", predictor, columns={})
    (row,) = read(tmp_path / "scored.parquet")
    assert (row["sentiment"], row["sentiment_abstain"]) == ("negative", True)
    assert (row["degree"], row["degree_abstain"]) == ("too_much", False)


def test_the_default_output_lies_beside_the_source(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", rows()[:3])
    scored = score_file(source, None, KeywordPredictor(), columns={})
    assert scored.path == tmp_path / "in.scored.parquet"
    assert scored.path.is_file()
    assert scored.rejected_path is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "in.scored.parquet"]


def test_every_row_is_scored_or_rejected(tmp_path: Path) -> None:
    lines = [
        *rows()[:5],
        ["r1", "twin", "same id", "", ""],
        ["x", "mute", "", "", ""],
        ["y", "z", "a" * 20_001, "", ""],
    ]
    scored = score_file(write_csv(tmp_path / "in.csv", lines), None, KeywordPredictor(), columns={})
    assert (scored.rows, scored.messages, scored.rejected) == (8, 5, 3)
    assert scored.rejected_path is not None
    found = {row["feedback_id"] for row in read(scored.path)}
    rejected = read(scored.rejected_path)
    assert found == {line[0] for line in rows()[:5]}
    assert [(row["row"], row["id"]) for row in rejected] == [("6", "r1"), ("7", "x"), ("8", "y")]


def test_answers_that_say_nothing_are_rejected_and_told(tmp_path: Path) -> None:
    said: list[str] = []
    source = write_csv(tmp_path / "in.csv", [*rows()[:5], ["x", "a", "keine", "", ""]])
    scored = score_file(source, None, KeywordPredictor(), columns={}, say=said.append)
    assert (scored.rows, scored.messages, scored.rejected) == (6, 5, 1)
    assert [row["reason"] for row in read(tmp_path / "rejected.csv")] == ["says nothing ('keine')"]
    assert "1 answer says nothing, such as 'keine', and is set aside" in said
    write_csv(source, [["x", "a", "keine", "", ""]])
    with pytest.raises(InputError, match="has only answers that say nothing"):
        score_file(source, None, KeywordPredictor(), columns={})


def test_rejections_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", [*rows()[:2], ["x", "mute", "", "", ""]])
    score_file(source, None, KeywordPredictor(), columns={})
    score_file(write_csv(source, rows()[:2]), None, KeywordPredictor(), columns={})
    assert not (tmp_path / "rejected.csv").exists()


def test_the_reasons_of_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    mute = [["x", "a", "", "", ""]]
    first = write_csv(tmp_path / "=jan.csv", [*rows()[:2], *mute])
    second = write_csv(tmp_path / "feb.csv", [*mute, *rows()[:2]])
    for source in (first, second, first):
        score_file(source, None, KeywordPredictor(), columns={})
    assert [(row["file"], row["row"]) for row in read(tmp_path / "rejected.csv")] == [
        ("feb.csv", "1"),
        ("'=jan.csv", "3"),
    ]
    score_file(write_csv(second, rows()[:2]), None, KeywordPredictor(), columns={})
    assert [row["file"] for row in read(tmp_path / "rejected.csv")] == ["'=jan.csv"]
    with pytest.raises(InputError, match="is a message"):
        score_file(write_csv(second, mute), None, KeywordPredictor(), columns={})
    assert [row["file"] for row in read(tmp_path / "rejected.csv")] == ["'=jan.csv", "feb.csv"]


@pytest.mark.parametrize("content", [b"name,age\nAda,36\n", b"\nAda,36\n", b"\xff\xfe\x00"])
def test_a_file_of_somebody_else_is_not_taken_for_reasons(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rejected.csv").write_bytes(content)
    with pytest.raises(InputError, match="holds something else: rename it"):
        score_file(write_csv(tmp_path / "in.csv", rows()[:2]), None, KeywordPredictor(), columns={})
    assert (tmp_path / "rejected.csv").read_bytes() == content


def test_ten_thousand_identical_rows_are_answered_alike(tmp_path: Path) -> None:
    lines = [[f"r{n}", "a", "Too few examples", "1", ""] for n in range(10_000)]
    score_file(write_csv(tmp_path / "in.csv", lines), None, KeywordPredictor(), columns={})
    scored = read(tmp_path / "in.scored.parquet")
    answers = {json.dumps({key: row[key] for key in COLUMNS[4:]}) for row in scored}
    assert len(scored) == 10_000
    assert len(answers) == 1


def test_a_formula_is_defused_in_csv(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", [["r1", "a", "=HYPERLINK(too few examples)", "2", ""]])
    score_file(source, tmp_path / "scored.csv", KeywordPredictor(), columns={})
    assert read(tmp_path / "scored.csv")[0]["text"].startswith("'=")


def test_given_columns_win_over_guesses(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("text;body;nr\nwrong;Too few examples;7\n", encoding="utf-8")
    said: list[str] = []
    columns = {"text": "body", "id": "nr"}
    score_file(source, None, KeywordPredictor(), columns=columns, say=said.append)
    assert [(row["feedback_id"], row["text"]) for row in read(tmp_path / "in.scored.parquet")] == [
        ("7", "Too few examples")
    ]
    assert "text = body" in said[0]


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("scored.xlsx", "the suffix must be one of"),
        ("scored", "the suffix must be one of"),
        ("in.csv", "is the input itself"),
        ("rejected.csv", "where rejected rows go"),
        ("in.csv/scored.csv", "cannot make the folder"),
        ("folder.csv", "is a folder"),
    ],
)
def test_a_bad_output_is_refused(tmp_path: Path, out: str, message: str) -> None:
    source = write_csv(tmp_path / "in.csv", rows()[:1])
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=message):
        checked_output(source, tmp_path / out)


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", rows()[:1])
    scored = score_file(source, tmp_path / "q3" / "out" / "scored.csv", KeywordPredictor(), columns={})
    assert scored.path.is_file()


@pytest.mark.parametrize(
    ("out", "settings", "message"),
    [
        ("scored.csv", ScoreSettings(embeddings=True), "needs Parquet"),
        ("scored.csv", ScoreSettings(partitioned=True), "folder of Parquet files"),
        ("taken", ScoreSettings(partitioned=True), "holds more than the parts"),
        ("in.parquet", ScoreSettings(partitioned=True), "is a file: name a folder"),
    ],
)
def test_an_output_that_does_not_go_with_the_settings_is_refused(
    tmp_path: Path, out: str, settings: ScoreSettings, message: str
) -> None:
    source = write_csv(tmp_path / "in.csv", rows()[:1])
    write_csv(tmp_path / "in.parquet", [])
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "diary.txt").write_text("mine")
    with pytest.raises(InputError, match=message):
        checked_output(source, tmp_path / out, settings)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / f"in{suffix}"
    os.mkfifo(source)
    with pytest.raises(
        InputError, match=f"in{suffix} is a pipe or a device: save what it gives to a file first"
    ):
        score_file(source, tmp_path / "scored.csv", KeywordPredictor(), columns={})
    assert not is_scored(source)


def test_topics_are_those_over_the_threshold_most_probable_first() -> None:
    probabilities = np.zeros(len(TOPICS), dtype=np.float32)
    probabilities[[2, 5, 6]] = 0.5, 0.9, 0.49
    assert topics_over(probabilities, 0.5) == ["content", "usability"]
    assert topics_over(probabilities, 0.95) == []
