"""Titles on their way through the commands: said, scored with offsets in the whole message, and mined."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import models.checkpoint
from serving import cli
from tests.fakes import KeywordPredictor
from tests.serving.files import rows

TITLE = "Too few examples"


@pytest.fixture(autouse=True)
def keywords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        models.checkpoint, "load_predictor", lambda folder=None, *, runtime="auto": KeywordPredictor()
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The file of three subjects, with a title above each text that no other row has, and none above the first."""
    header = ["id", "author", "title", "text", "rating", "created_at"]
    lines = [[*row[:2], f"{TITLE} {row[0]}", *row[2:]] for row in rows()]
    lines[0][2] = ""
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *lines, ["last", "mute", TITLE, "", "1", ""]])
    return tmp_path / "in.csv"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["countervoice", *map(str, arguments)])
    assert cli.run() == 0


def scored(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


def test_offsets_are_in_title_blank_line_and_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], source: Path
) -> None:
    run(monkeypatch, "score", source, "--out", source.with_name("scored.parquet"))
    assert "text = text; title = title; id = id" in " ".join(capsys.readouterr().err.split())
    with source.open(encoding="utf-8", newline="") as file:
        messages = {
            row["id"]: "\n\n".join(filter(None, (row["title"], row["text"]))) for row in csv.DictReader(file)
        }
    statements = scored(source.with_name("scored.parquet"))
    assert {row["feedback_id"] for row in statements} == set(messages)
    assert all(messages[row["feedback_id"]][row["start"] : row["end"]] == row["text"] for row in statements)
    assert [row["text"] for row in statements if row["feedback_id"] in ("r0", "last")] == [
        rows()[0][2],
        TITLE,
    ]
    first, second, *_ = (row for row in statements if row["feedback_id"] == "r1")
    assert (first["text"], first["degree"], second["start"]) == (f"{TITLE} r1", "too_little", len(TITLE) + 5)


def test_a_title_can_be_left_unread(monkeypatch: pytest.MonkeyPatch, source: Path) -> None:
    out = source.with_name("scored.parquet")
    run(monkeypatch, "score", source, "--out", out, "--title-column", "")
    assert [row["text"] for row in scored(out)] == [text for _, _, text, *_ in rows()]


def test_a_scored_file_with_titles_is_mined_as_the_file_itself(
    monkeypatch: pytest.MonkeyPatch, source: Path
) -> None:
    run(monkeypatch, "mine", source, "--out", source.with_name("raw"))
    run(monkeypatch, "score", source, "--out", source.with_name("scored.parquet"), "--embeddings")
    out = source.with_name("out")
    run(monkeypatch, "mine", source.with_name("scored.parquet"), "--out", out)
    raw, mined = (
        json.loads((folder / "report.json").read_bytes()) for folder in (source.with_name("raw"), out)
    )
    assert raw["data"]["statements"] == 2 * len(rows())
    assert mined == {**raw, "created_at": mined["created_at"]}
