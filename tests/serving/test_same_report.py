"""The same feedback gives the same ``report.json``, byte for byte, but for the time when it was written."""

import json
import random
import re
from pathlib import Path

import pytest

from mining.report_json import report_dict
from serving.mining_run import mine_file
from serving.score_output import ScoreSettings
from serving.scored_mining import mine_scored
from serving.scoring import score_file
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv


def content(out: Path) -> bytes:
    """The report without its time, which must be there once."""
    written, times = re.subn(rb'"created_at": ?"[^"]+"', b"", (out / "report.json").read_bytes())
    assert times == 1
    return written


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``in.csv``, and what mining it left in ``out``."""
    folder = tmp_path_factory.mktemp("same_report")
    mine_file(write_csv(folder / "in.csv", rows()), folder / "out", KeywordPredictor(), columns={})
    assert b'"kind": "degree"' in content(folder / "out")
    return folder


@pytest.mark.parametrize("seed", range(3))
def test_in_whatever_order_the_rows_come(folder: Path, tmp_path: Path, seed: int) -> None:
    lines = rows()
    random.Random(seed).shuffle(lines)
    mine_file(write_csv(tmp_path / "in.csv", lines), tmp_path / "out", KeywordPredictor(), columns={})
    assert content(tmp_path / "out") == content(folder / "out")


def test_when_it_is_mined_again_with_and_without_the_register(folder: Path, tmp_path: Path) -> None:
    for _ in range(2):
        mine_file(folder / "in.csv", tmp_path / "out", KeywordPredictor(), columns={})
        assert content(tmp_path / "out") == content(folder / "out")


def test_when_it_is_scored_first(folder: Path, tmp_path: Path) -> None:
    settings = ScoreSettings(chunk_rows=50, embeddings=True)
    score_file(
        folder / "in.csv", tmp_path / "scored.parquet", KeywordPredictor(), columns={}, settings=settings
    )
    mine_scored(tmp_path / "scored.parquet", tmp_path / "out", KeywordPredictor)
    assert content(tmp_path / "out") == content(folder / "out")


@pytest.mark.parametrize("part", ["causes", "oppositions", "unassigned", "data", "model", "settings"])
def test_when_it_is_kept_in_the_state_and_read_again(folder: Path, part: str) -> None:
    """The state has no drivers, themes and listening, which the report alone has use for."""
    stored = read_state(folder / "out").stored
    kept = json.dumps(report_dict(stored.mining, stored.model)[part])
    written = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    assert kept == json.dumps(written[part])
