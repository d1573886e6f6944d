"""``countervoice ratio`` and GET /v1/ratio."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from mining.ratio.by_cause import CauseRatio
from mining.settings import MiningSettings
from serving import cli
from serving.database.connection import Database
from serving.mining_run import mine_file
from serving.ratio.tables import print_causes
from serving.state import stored_in
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv
from tests.serving.served import served
from tests.serving.subjectless import without_subject


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(sys, "argv", ["countervoice", "ratio", *map(str, arguments)])
    return cli.run()


def test_the_answer_is_a_sentence_and_a_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "--target", "4.0", "--plot", tmp_path / "ratio.svg") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "each rating of 1 takes 3 of 5" in shown
    assert "that is 30 good experiences" in shown
    assert (tmp_path / "ratio.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_mining_tells_what_each_cause_asks_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    mined = mine_file(
        write_csv(tmp_path / "in.csv", rows()), tmp_path / "out", KeywordPredictor(), columns={}
    )
    assert run(monkeypatch, "--state", tmp_path / "out", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["top_ratings"] == 4
    assert {cause["cause_id"] for cause in told["causes"]} <= {cause.id for cause in mined.mining.causes}
    assert all(cause["label"] for cause in told["causes"])
    assert run(monkeypatch, "--state", tmp_path / "out") == 0
    shown = capsys.readouterr().out
    assert "good experiences" in shown
    assert "no one subject" not in shown
    first = told["causes"][0]
    without_subject(tmp_path / "out", first["cause_id"])
    assert run(monkeypatch, "--state", tmp_path / "out") == 0
    shown = capsys.readouterr().out
    (line,) = (line for line in shown.splitlines() if "no one subject" in line)
    assert f"{first['cause_id']}   {first['label']} (no one subject)" in line


def rated(folder: Path, bad: int, good: int) -> Path:
    """A mining whose complaints rate ``bad`` and whose praise rates ``good``."""
    lines = [[*row[:3], str(good if row[3] == "5" else bad), row[4]] for row in rows()]
    source = write_csv(folder / f"{good}.csv", lines)
    mine_file(source, folder / str(good), KeywordPredictor(), columns={})
    return folder / str(good)


def test_a_narrow_terminal_cuts_no_word(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    mine_file(write_csv(tmp_path / "in.csv", rows()), tmp_path / "out", KeywordPredictor(), columns={})
    stored = stored_in(tmp_path / "out")
    stored = replace(stored, names={cause.id: "late, long and winding" for cause in stored.mining.causes})
    causes = [
        CauseRatio(cause_id=cause.id, people=50, rated=40, mean=1.6, top_ratings=129, good_experiences=1288)
        for cause in stored.mining.causes
    ]
    print_causes(Console(width=80), causes, stored)
    shown = capsys.readouterr().out
    assert "experiences" in shown
    assert "…" not in shown


def test_the_scale_is_the_one_that_the_ratings_fit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = rated(tmp_path, 2, 10)
    assert run(monkeypatch, "--state", out, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["low"], told["high"], told["target"], told["top_ratings"]) == (0, 10, 8, 4)
    first = told["causes"][0]
    assert first["top_ratings"] == pytest.approx(first["rated"] * (8 - first["mean"]) / (10 - 8))
    assert "Ratings of 10 that hold a mean of 8" in (out / "report.html").read_text(encoding="utf-8")


def test_ratings_on_no_usual_scale_ask_for_theirs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = rated(tmp_path, 20, 100)
    assert "What makes up for it?" not in (out / "report.html").read_text(encoding="utf-8")
    for given in ((), ("--low", "1", "--high", "5"), ("--high", "90")):
        assert run(monkeypatch, "--state", out, *given) == 1
        said = capsys.readouterr().err
        assert "ratings run from 20 to 100, outside of" in said
        assert "name yours with --low and --high" in said
    assert run(monkeypatch, "--state", out, "--low", "20", "--high", "100", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["target"], told["top_ratings"]) == (84, 4)
    assert told["causes"][0]["top_ratings"] == told["causes"][0]["rated"] * 4


def test_without_ratings_the_scale_is_1_to_5(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = write_csv(tmp_path / "in.csv", [[*row[:3], "", row[4]] for row in rows()])
    mine_file(source, tmp_path / "out", KeywordPredictor(), columns={})
    assert run(monkeypatch, "--state", tmp_path / "out") == 0
    assert "on a scale from 1 to 5" in capsys.readouterr().out


def test_the_gate_is_that_of_the_mining(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = write_csv(tmp_path / "in.csv", rows())
    for gate, told in ((6, True), (60, False)):
        settings = MiningSettings(side_people=gate)
        mine_file(source, tmp_path / "out", KeywordPredictor(), columns={}, settings=settings)
        assert run(monkeypatch, "--state", tmp_path / "out", "--json") == 0
        causes = json.loads(capsys.readouterr().out)["causes"]
        assert any(cause["top_ratings"] is not None for cause in causes) is told


def test_what_cannot_be_held_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--target", "5") == 1
    assert "give a target between them" in capsys.readouterr().err


@pytest.mark.parametrize("options", [("--respond", "1e-320"), ("--respond", "1e-320", "--json")])
def test_what_nobody_can_reach_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    options: tuple[str, ...],
) -> None:
    mine_file(write_csv(tmp_path / "in.csv", rows()), tmp_path / "out", KeywordPredictor(), columns={})
    for folder in ((), ("--state", tmp_path / "out")):
        assert run(monkeypatch, *folder, *options) == 1
        shown = capsys.readouterr()
        assert shown.out == ""
        assert "give a larger share who rate" in shown.err
        assert shown.err.count("\n") == 1


def test_a_small_share_who_rate_is_not_told_as_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--respond", "0.001") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "If 0.1 % of content customers leave a rating, that is 4,000 good experiences" in shown


def test_a_folder_without_a_mining_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "--state", tmp_path) == 1
    assert str(tmp_path) in capsys.readouterr().err


def test_it_is_answered_over_http(database: Database) -> None:
    with served(database) as client:
        told = client.get("/v1/ratio?target=4.5&respond=0.05").json()
        assert (told["top_ratings"], told["good_experiences"]) == (7, 140)
        assert len(told["table"]) == 5
        assert client.get("/v1/ratio?low=20&high=100").json()["target"] == 84
        for query in ("target=5", "target=many", "respond=0", "target=nan", "high=1e9", "low=" + "1" * 400):
            assert client.get(f"/v1/ratio?{query}").status_code == 422
        for query in (
            "respond=1e-320",
            "low=-1e-4&high=1e-320&target=-9e-5",
        ):  # the second in its table alone
            refused = client.get(f"/v1/ratio?{query}")
            assert refused.status_code == 422
            assert "give a larger share who rate" in refused.json()["error"]["message"]
