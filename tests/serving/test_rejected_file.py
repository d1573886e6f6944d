"""rejected.csv: no scoring takes away what another wrote, whatever the names of the inputs and whoever comes first."""

import csv
import errno
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from data.errors import InputError, WriteError
from data.records import Rejection
from data.writing import rejection_columns
from serving import rejected_file
from serving.mining_run import mine_file
from serving.rejected_file import check_reasons, put_reasons, put_rejections
from serving.score_output import ScoreSettings
from serving.scored_mining import mine_scored
from serving.scoring import score_file
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv

MUTE = ["x", "a", "", "", ""]


def rejection(row: int = 3) -> list[Rejection]:
    return [Rejection(row=row, id=None, field="text", reason="no text")]


def told(path: Path) -> list[tuple[str, str]]:
    """File and row of each line."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [(line["file"], line["row"]) for line in csv.DictReader(lines)]


def put_scored(target: Path, source: Path, row: int = 3) -> None:
    """What a scoring of ``source`` leaves whose row ``row`` has no text."""
    fresh = target.with_name(f"fresh-{source.name}")
    with fresh.open("w", encoding="utf-8", errors="replace", newline="") as lines:
        columns = rejection_columns(rejection(row), source)
        csv.writer(lines).writerows([columns, *zip(*columns.values(), strict=True)])
    put_reasons(fresh, target, source)


def score(source: Path, out: Path) -> None:
    score_file(source, out, KeywordPredictor(), columns={})


def test_a_line_names_the_file_and_where_it_lies(tmp_path: Path) -> None:
    put_rejections(rejection(), tmp_path / "rejected.csv", tmp_path / "in.csv")
    written = (tmp_path / "rejected.csv").read_text(encoding="utf-8")
    assert (
        written
        == f"file,row,id,field,reason,path,by\nin.csv,3,,text,no text,{tmp_path.resolve()}/in.csv,mine\n"
    )


def test_a_file_whose_name_is_not_utf8_is_named_all_the_same(tmp_path: Path) -> None:
    for _ in range(2):
        put_rejections(rejection(), tmp_path / "rejected.csv", tmp_path / "caf\udce9.csv")
    assert told(tmp_path / "rejected.csv") == [("caf?.csv", "3")]


def test_where_nothing_is_left_there_is_no_file(tmp_path: Path) -> None:
    put_rejections(rejection(), tmp_path / "rejected.csv", tmp_path / "in.csv")
    put_rejections([], tmp_path / "rejected.csv", tmp_path / "in.csv")
    assert list(tmp_path.iterdir()) == []


def test_inputs_of_one_name_keep_their_reasons(tmp_path: Path) -> None:
    for month, line in (("jan", 1), ("feb", 2), ("jan", 3)):  # the last time as it is now
        (tmp_path / month).mkdir(exist_ok=True)
        lines = rows()[:4]
        lines.insert(line - 1, MUTE)
        source = write_csv(tmp_path / month / "reviews.csv", lines)
        score(source, tmp_path / "out" / f"{month}.parquet")
    assert told(tmp_path / "out" / "rejected.csv") == [("reviews.csv", "2"), ("reviews.csv", "3")]


def test_an_input_is_the_same_from_whatever_folder_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path / "jan", tmp_path / "feb"):
        folder.mkdir()
        monkeypatch.chdir(folder)
        put_scored(tmp_path / "rejected.csv", Path("reviews.csv"))
    put_scored(tmp_path / "rejected.csv", Path("..") / "jan" / "reviews.csv", 7)
    assert told(tmp_path / "rejected.csv") == [("reviews.csv", "3"), ("reviews.csv", "7")]


def test_lines_of_a_version_without_paths_go_by_the_name(tmp_path: Path) -> None:
    before = "file,row,id,field,reason\njan.csv,1,,text,no text\nfeb.csv,2,,text,no text\n"
    (tmp_path / "rejected.csv").write_text(before, encoding="utf-8")
    check_reasons(tmp_path / "rejected.csv")
    put_scored(tmp_path / "rejected.csv", tmp_path / "jan.csv")
    assert told(tmp_path / "rejected.csv") == [("feb.csv", "2"), ("jan.csv", "3")]


def test_who_comes_while_another_writes_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, real, others = tmp_path / "rejected.csv", rejected_file.row_writer, []

    def slow(file: Any) -> Any:
        monkeypatch.setattr(rejected_file, "row_writer", real)
        other = Thread(target=put_scored, args=(target, tmp_path / "feb.csv"))
        other.start()
        other.join(0.3)
        others.append(other)
        return real(file)

    put_scored(target, tmp_path / "mar.csv")
    monkeypatch.setattr(rejected_file, "row_writer", slow)
    put_scored(target, tmp_path / "jan.csv")
    others[0].join()
    assert sorted(told(target)) == [("feb.csv", "3"), ("jan.csv", "3"), ("mar.csv", "3")]
    assert list(tmp_path.iterdir()) == [target]


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    names = [f"{number:02}.csv" for number in range(12)]
    runs = [Thread(target=put_scored, args=(tmp_path / "rejected.csv", tmp_path / name)) for name in names]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert sorted(told(tmp_path / "rejected.csv")) == [(name, "3") for name in names]


def test_the_lock_of_a_run_that_was_killed_keeps_nobody_out(tmp_path: Path) -> None:
    (tmp_path / ".rejected.csv.lock").touch()
    put_rejections(rejection(), tmp_path / "rejected.csv", tmp_path / "in.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["rejected.csv"]


def test_a_file_system_without_locks_is_written_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(descriptor: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", unknown)
    put_rejections(rejection(), tmp_path / "rejected.csv", tmp_path / "in.csv")
    assert told(tmp_path / "rejected.csv") == [("in.csv", "3")]


def test_a_folder_that_is_gone_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"^cannot write [^\n]*rejected\.csv: No such file or directory$"):
        put_rejections(rejection(), tmp_path / "gone" / "rejected.csv", tmp_path / "in.csv")
    with pytest.raises(WriteError, match=r"^cannot write [^\n]*rejected\.csv: No such file or directory$"):
        put_reasons(tmp_path / "gone.csv", tmp_path / "rejected.csv", tmp_path / "in.csv")


def test_a_mining_leaves_the_reasons_of_other_inputs(tmp_path: Path) -> None:
    jan = write_csv(tmp_path / "jan.csv", [*rows()[:2], MUTE])
    feb = write_csv(tmp_path / "feb.csv", [*rows()[:40], MUTE])
    score(jan, tmp_path / "jan.parquet")
    mine_file(feb, tmp_path, KeywordPredictor(), columns={})
    assert told(tmp_path / "rejected.csv") == [("jan.csv", "3"), ("feb.csv", "41")]
    mine_file(write_csv(feb, rows()[:40]), tmp_path, KeywordPredictor(), columns={})
    assert told(tmp_path / "rejected.csv") == [("jan.csv", "3")]
    with pytest.raises(InputError, match="is a message"):
        mine_file(write_csv(feb, [MUTE]), tmp_path, KeywordPredictor(), columns={})
    assert told(tmp_path / "rejected.csv") == [("jan.csv", "3"), ("feb.csv", "1")]


def test_a_mining_does_not_write_over_a_file_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "rejected.csv").write_text("name,age\nAda,36\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds something else: rename it"):
        mine_file(write_csv(tmp_path / "in.csv", rows()), tmp_path, KeywordPredictor(), columns={})
    assert (tmp_path / "rejected.csv").read_text(encoding="utf-8") == "name,age\nAda,36\n"


def test_a_folder_holds_the_reasons_of_one_mining(tmp_path: Path) -> None:
    jan = write_csv(tmp_path / "jan.csv", [*rows()[:2], MUTE])
    out = tmp_path / "out"
    score(jan, out / "jan.parquet")
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        feb = write_csv(tmp_path / name / f"{name}.csv", [*rows()[:40], MUTE])
        mine_file(feb, out, KeywordPredictor(), columns={})
    assert told(out / "rejected.csv") == [("jan.csv", "3"), ("three.csv", "41")]
    settings = ScoreSettings(embeddings=True)
    scored = tmp_path / "scored" / "feb.parquet"
    score_file(feb, scored, KeywordPredictor(), columns={}, settings=settings)
    mine_scored(scored, out, KeywordPredictor)
    assert told(out / "rejected.csv") == [("jan.csv", "3")]


def test_a_scoring_leaves_the_reasons_of_the_mining(tmp_path: Path) -> None:
    put_rejections(rejection(), tmp_path / "rejected.csv", tmp_path / "in.csv")
    put_scored(tmp_path / "rejected.csv", tmp_path / "in.csv", 7)
    put_scored(tmp_path / "rejected.csv", tmp_path / "in.csv", 8)
    assert told(tmp_path / "rejected.csv") == [("in.csv", "3"), ("in.csv", "8")]


def test_a_mining_replaces_what_versions_before_wrote(tmp_path: Path) -> None:
    before = "file,row,id,field,reason,path\njan.csv,1,,text,no text,/data/jan.csv\n"
    (tmp_path / "rejected.csv").write_text(before, encoding="utf-8")
    put_rejections(rejection(), tmp_path / "rejected.csv", tmp_path / "feb.csv")
    assert told(tmp_path / "rejected.csv") == [("feb.csv", "3")]


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8"), (";", "cp1252"), ("\t", "utf-8")]
)
def test_a_file_that_a_spreadsheet_saved_is_one_of_ours(
    tmp_path: Path, mark: str, delimiter: str, encoding: str
) -> None:
    target = tmp_path / "rejected.csv"
    put_scored(target, tmp_path / "jan.csv")
    written = (
        target.read_text(encoding="utf-8").replace("no text", "pas de texte, hélas").replace(",", delimiter)
    )
    written = written.replace(f"texte{delimiter}", "texte ")
    target.write_bytes((mark if encoding == "utf-8" else "").encode() + written.encode(encoding))
    check_reasons(target)
    put_scored(target, tmp_path / "feb.csv", 7)
    assert told(target) == [("jan.csv", "3"), ("feb.csv", "7")]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n"])
def test_an_empty_file_is_taken_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rejected.csv").write_bytes(content)
    check_reasons(tmp_path / "rejected.csv")
    put_scored(tmp_path / "rejected.csv", tmp_path / "jan.csv")
    assert told(tmp_path / "rejected.csv") == [("jan.csv", "3")]


def test_a_folder_of_that_name_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "rejected.csv").mkdir()
    with pytest.raises(InputError, match="is a folder: rename it, or choose another --out"):
        mine_file(write_csv(tmp_path / "in.csv", rows()), tmp_path, KeywordPredictor(), columns={})
