"""Scoring at scale: killed and resumed, each row is written once; what changed is scored anew; errors are one line."""

import csv
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data.errors import InputError, WriteError
from models.predictions import Predictions
from serving import scoring
from serving.parts import Parts
from serving.score_output import ScoreSettings
from serving.scoring import Scored, score_file
from serving.version import ROOT
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv

SMALL = ScoreSettings(chunk_rows=20)
REJECTED = [["r1", "twin", "the same id again", "3", ""], ["mute", "b", " ", "1", ""]]

SLOW_SCORING = """
import sys, time
from pathlib import Path
from serving.scoring import score_file
from serving.score_output import ScoreSettings
from tests.fakes import KeywordPredictor

class Slow(KeywordPredictor):
    def predict(self, texts, *, on_progress=None):
        time.sleep(0.05)
        return super().predict(texts, on_progress=on_progress)

score_file(Path(sys.argv[1]), Path(sys.argv[2]), Slow(), columns={}, settings=ScoreSettings(chunk_rows=20))
"""


class Counting(KeywordPredictor):
    """Counts the calls, and can be told to stop at one of them."""

    def __init__(self, stop_at: int = -1, name: str = "keywords") -> None:
        super().__init__(name)
        self.calls = 0
        self._stop_at = stop_at

    def predict(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> Predictions:
        if self.calls == self._stop_at:
            raise KeyboardInterrupt
        self.calls += 1
        return super().predict(texts, on_progress=on_progress)


def source_in(folder: Path) -> Path:
    lines = rows()
    return write_csv(folder / "in.csv", [*lines[:150], *REJECTED, *lines[150:]])


def score(source: Path, out: Path, predictor: KeywordPredictor | None = None, **how: object) -> Scored:
    return score_file(source, out, predictor or KeywordPredictor(), columns={}, settings=SMALL, **how)  # type: ignore[arg-type]


def interrupted(source: Path, out: Path, stop_at: int, say: Callable[[str], None] = print) -> None:
    with pytest.raises(KeyboardInterrupt):
        score(source, out, Counting(stop_at), say=say)


def parts_in(out: Path) -> list[Path]:
    return sorted(out.with_name(f"{out.name}.parts").glob("part-*.parquet"))


def start(source: Path, out: Path) -> "subprocess.Popen[bytes]":
    program = [sys.executable, "-c", SLOW_SCORING, str(source), str(out)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(program, env=environment, cwd=ROOT)


def kill_after(parts: int, source: Path, out: Path) -> None:
    running = start(source, out)
    while len(parts_in(out)) < parts:
        assert running.poll() is None, "it ended before it could be killed"
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not out.exists()


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_killed_three_times_each_row_is_written_once(tmp_path: Path, suffix: str) -> None:
    source = source_in(tmp_path)
    whole, out = tmp_path / f"whole{suffix}", tmp_path / f"killed{suffix}"
    for parts in (3, 8, 13):
        kill_after(parts, source, out)
    assert start(source, out).wait() == 0
    rejected = (tmp_path / "rejected.csv").read_bytes()
    scored = score(source, whole)
    assert out.read_bytes() == whole.read_bytes()
    assert (tmp_path / "rejected.csv").read_bytes() == rejected
    assert scored.rejected == len(REJECTED)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["in.csv", "rejected.csv", whole.name, out.name]
    )


def test_chunks_are_invisible_in_the_output(tmp_path: Path) -> None:
    source = source_in(tmp_path)
    score(source, tmp_path / "chunked.csv")
    score_file(source, tmp_path / "whole.csv", KeywordPredictor(), columns={})
    assert (tmp_path / "chunked.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    with (tmp_path / "chunked.csv").open(encoding="utf-8", newline="") as file:
        ids = [row["statement_id"] for row in csv.DictReader(file)]
    assert len(set(ids)) == len(ids)
    assert list(dict.fromkeys(name.partition("#")[0] for name in ids)) == [row[0] for row in rows()]


def test_finished_chunks_are_not_scored_again(tmp_path: Path) -> None:
    source, out = source_in(tmp_path), tmp_path / "scored.jsonl"
    said: list[str] = []
    interrupted(source, out, 5, said.append)
    assert len(parts_in(out)) == 5
    assert f"100 of {len(rows()) + 2} rows are finished and kept in" in said[-1]
    again = Counting()
    scored = score(source, out, again, say=said.append)
    assert again.calls == -(-scored.rows // 20) - 5
    assert any("going on after 100 of" in line for line in said)


def test_progress_goes_on_where_it_stopped_and_ends_at_the_last_row(tmp_path: Path) -> None:
    source, out = source_in(tmp_path), tmp_path / "scored.jsonl"
    interrupted(source, out, 5)
    begun: list[tuple[str, int | None, int]] = []
    done: list[int] = []

    def stages(name: str, total: int | None = None, *, done: int = 0) -> Callable[[int], None]:
        begun.append((name, total, done))
        return reported if name == "Scoring rows" else lambda newly_done: None

    def reported(newly_done: int) -> None:
        done.append(newly_done)

    scored = score(source, out, stages=stages)
    assert ("Scoring rows", scored.rows, 100) in begun
    assert sum(done) == scored.rows - 100


@pytest.mark.parametrize("change", ["input", "model", "settings"])
def test_what_changed_is_scored_anew_and_said(tmp_path: Path, change: str) -> None:
    source, out = source_in(tmp_path), tmp_path / "scored.csv"
    interrupted(source, out, 5)
    predictor = Counting(name="another" if change == "model" else "keywords")
    if change == "input":
        source.write_text(source.read_text(encoding="utf-8").replace("Leeds", "Derby"), encoding="utf-8")
    columns = {"text": "text"} if change == "settings" else {}
    said: list[str] = []
    scored = score_file(source, out, predictor, columns=columns, settings=SMALL, say=said.append)
    assert f"the {change} changed since a scoring was interrupted: starting anew" in said
    assert predictor.calls == -(-scored.rows // 20)
    assert ("Leeds" in out.read_text(encoding="utf-8")) == (change != "input")


def test_a_copy_of_the_input_may_go_on(tmp_path: Path) -> None:
    source, out = source_in(tmp_path), tmp_path / "scored.csv"
    interrupted(source, out, 5)
    os.utime(source, (1, 1))
    again = Counting()
    score(source, out, again)
    assert again.calls == -(-(len(rows()) + 2) // 20) - 5


def test_a_torn_part_is_made_again(tmp_path: Path) -> None:
    source, out = source_in(tmp_path), tmp_path / "scored.csv"
    interrupted(source, out, 5)
    torn = parts_in(out)[2]
    torn.write_bytes(torn.read_bytes()[:100])
    score(source, out)
    score(source, tmp_path / "whole.csv")
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_an_input_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    source, out = source_in(tmp_path), tmp_path / "scored.csv"

    class Meddling(KeywordPredictor):
        def predict(
            self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
        ) -> Predictions:
            os.utime(source, (1, 1))
            return super().predict(texts, on_progress=on_progress)

    with pytest.raises(InputError, match="changed while it was read"):
        score(source, out, Meddling())
    assert not out.exists()


def test_formats_agree_across_chunks(tmp_path: Path) -> None:
    lines = [{"id": row[0], "text": row[2]} for row in rows()]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    import pyarrow as pa

    pq.write_table(pa.Table.from_pylist(lines), tmp_path / "in.parquet", row_group_size=50)
    write_csv(tmp_path / "in.csv", rows())
    written = []
    for suffix in (".jsonl", ".parquet", ".csv"):
        score(tmp_path / f"in{suffix}", tmp_path / f"scored{suffix}.jsonl")
        written.append((tmp_path / f"scored{suffix}.jsonl").read_bytes())
    assert written[0] == written[1] == written[2]


def test_partitioned_leaves_nothing_but_parts_that_equal_the_file(tmp_path: Path) -> None:
    source = source_in(tmp_path)
    settings = ScoreSettings(chunk_rows=20, partitioned=True)
    for _ in range(2):  # the second time over the folder of the first
        scored = score_file(source, None, KeywordPredictor(), columns={}, settings=settings)
    assert scored.path == tmp_path / "in.scored"
    names = sorted(path.name for path in scored.path.iterdir())
    assert names == [f"part-{number:06}.parquet" for number in range(len(names))]
    score(source, tmp_path / "one.parquet")
    one = pq.read_table(tmp_path / "one.parquet")
    assert pq.read_table(scored.path).replace_schema_metadata(one.schema.metadata) == one


def test_no_folder_beside_the_output_is_touched(tmp_path: Path) -> None:
    source, backup = source_in(tmp_path), tmp_path / "scored.old" / "my-backup.parquet"
    backup.parent.mkdir()
    backup.write_text("mine")
    settings = ScoreSettings(chunk_rows=20, partitioned=True)
    for _ in range(2):  # into a new folder, and over the one of before
        score_file(source, tmp_path / "scored", KeywordPredictor(), columns={}, settings=settings)
    assert backup.read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", "rejected.csv", "scored", "scored.old"}


def test_the_output_of_before_stays_where_the_new_one_cannot_be_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, settings = source_in(tmp_path), ScoreSettings(chunk_rows=20, partitioned=True)
    out = score_file(source, tmp_path / "scored", KeywordPredictor(), columns={}, settings=settings).path
    before = sorted(path.name for path in out.iterdir())
    replace = Path.replace

    def refused(path: Path, target: Path) -> Path:
        if path.name == "scored.parts":
            raise PermissionError(13, "Permission denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(WriteError, match="Permission denied"):
        score_file(source, out, KeywordPredictor(), columns={}, settings=settings)
    assert sorted(path.name for path in out.iterdir()) == before


def test_parts_of_another_program_are_no_output_to_replace(tmp_path: Path) -> None:
    source, theirs = source_in(tmp_path), tmp_path / "scored" / "part-0.parquet"
    theirs.parent.mkdir()
    theirs.write_text("theirs")
    with pytest.raises(InputError, match="holds more than the parts of a scoring"):
        score_file(
            source,
            theirs.parent,
            KeywordPredictor(),
            columns={},
            settings=ScoreSettings(partitioned=True),
        )
    assert theirs.read_text() == "theirs"


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    source, out = source_in(tmp_path), tmp_path / "scored.csv"
    diary = tmp_path / "scored.csv.parts" / "diary.txt"
    diary.parent.mkdir()
    diary.write_text("mine")
    with pytest.raises(InputError, match=r"diary\.txt is none of the files of a scoring"):
        score(source, out)
    assert diary.read_text() == "mine"


def test_a_full_disk_keeps_what_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = source_in(tmp_path), tmp_path / "scored.parquet"

    def full(*anything: object, **more: object) -> None:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
            real(*anything, **more)  # type: ignore[arg-type]
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    real = scoring.assemble_file
    monkeypatch.setattr(scoring, "assemble_file", full)
    with pytest.raises(
        WriteError, match=r"^cannot write [^\n]*: File too large; \d+ of \d+ rows are finished"
    ):
        score(source, out)
    monkeypatch.setattr(scoring, "assemble_file", real)
    again = Counting()
    score(source, out, again)
    assert again.calls == 0


@pytest.mark.parametrize("partitioned", [False, True])
@pytest.mark.parametrize("stage", ["Finding the languages", "Scoring rows", "Writing"])
def test_the_slower_of_two_scorings_to_one_output_says_so(
    tmp_path: Path, partitioned: bool, stage: str
) -> None:
    source, out = source_in(tmp_path), tmp_path / ("scored" if partitioned else "scored.parquet")
    settings = ScoreSettings(chunk_rows=20, partitioned=partitioned)

    def overtaken(name: str, total: int | None = None, *, done: int = 0) -> Callable[[int], None]:
        if name.startswith(stage):
            score_file(source, out, KeywordPredictor(), columns={}, settings=settings)
        return lambda newly_done: None

    with pytest.raises(WriteError, match=r"^another scoring seems to write to the same --out [^\n]*scored"):
        score_file(source, out, KeywordPredictor(), columns={}, settings=settings, stages=overtaken)
    score(source, tmp_path / "alone.parquet")
    assert pq.read_table(out).to_pydict() == pq.read_table(tmp_path / "alone.parquet").to_pydict()
    assert not out.with_name(f"{out.name}.parts").exists()


def test_a_part_that_the_other_took_away_while_this_one_wrote_is_told_in_the_same_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = source_in(tmp_path), tmp_path / "scored.parquet"
    real = scoring.assemble_file

    def overtaken(parts: Parts, *rest: Any) -> None:
        parts.remove()
        real(parts, *rest)

    monkeypatch.setattr(scoring, "assemble_file", overtaken)
    with pytest.raises(WriteError, match=r"^another scoring seems to write to the same --out [^\n]*scored"):
        score(source, out)


def test_a_finished_part_that_is_gone_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = source_in(tmp_path), tmp_path / "scored.parquet"
    real = scoring.assemble_file

    def meddled(parts: Parts, *rest: Any) -> None:
        parts_in(out)[2].unlink()
        real(parts, *rest)

    monkeypatch.setattr(scoring, "assemble_file", meddled)
    told = r"part-000002\.parquet is gone, though it was finished; [^\n]*the same command goes on from there$"
    with pytest.raises(WriteError, match=told):
        score(source, out)


def test_parts_of_a_scoring_that_began_anew_are_left_to_it(tmp_path: Path) -> None:
    """The other has other settings, is stopped, and goes on: no part of this one is among its own."""
    source, out = source_in(tmp_path), tmp_path / "scored.csv"
    other = {"text": "text"}

    class Overtaken(Counting):
        def predict(
            self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
        ) -> Predictions:
            if self.calls == 3:
                with pytest.raises(KeyboardInterrupt):
                    score_file(source, out, Counting(2), columns=other, settings=SMALL)
            return super().predict(texts, on_progress=on_progress)

    with pytest.raises(WriteError, match="another scoring seems to write to the same --out"):
        score(source, out, Overtaken())
    assert len(parts_in(out)) == 2
    again = Counting()
    scored = score_file(source, out, again, columns=other, settings=SMALL)
    assert again.calls == -(-scored.rows // 20) - 2
