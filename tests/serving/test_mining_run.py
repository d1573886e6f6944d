"""A file in; a report and a state out, that the service answers from."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from data.errors import InputError, StateError
from mining.report_csv import CSV_NAMES
from models.predictions import Floats, Predictions
from serving import mining_run
from serving.engine import Engine
from serving.mining_run import Mined, check_target, mine_file
from serving.rows import Span, span_of
from serving.state import read_state
from serving.store import examples_of
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv

FILES = sorted(["causes.db", "report.html", "report.json", "state", *CSV_NAMES])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mining")


@pytest.fixture(scope="module")
def mined(folder: Path) -> Mined:
    lines = [*rows(), ["r1", "twin", "the same id again", "3", ""], ["r999", "mute", "", "1", ""]]
    return mine_file(write_csv(folder / "in.csv", lines), folder / "out", KeywordPredictor(), columns={})


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir())


def test_report_state_and_rejected_rows_are_left(mined: Mined, folder: Path) -> None:
    assert names(folder / "out") == sorted([*FILES, "rejected.csv"])
    assert mined.rejected_path == folder / "out" / "rejected.csv"
    assert len(mined.rejected_path.read_text(encoding="utf-8").splitlines()) == 3
    report = json.loads(mined.json.read_text(encoding="utf-8"))
    assert report["data"]["rejected"] == 2
    assert report["model"]["name"] == "keywords"


def test_the_state_is_the_mining(mined: Mined, folder: Path) -> None:
    state = read_state(folder / "out")
    assert state.stored.mining.causes == mined.mining.causes
    assert state.stored.mining.oppositions == mined.mining.oppositions
    assert state.index.ids == tuple(cause.id for cause in mined.mining.causes)


@pytest.mark.parametrize("column", ["id", "when"])
def test_the_state_knows_whether_its_messages_have_ids_of_their_own(tmp_path: Path, column: str) -> None:
    source = write_csv(tmp_path / "in.csv", rows())
    source.write_text(source.read_text(encoding="utf-8").replace("id,", f"{column},", 1), encoding="utf-8")
    mine_file(source, tmp_path / "out", KeywordPredictor(), columns={})
    assert read_state(tmp_path / "out").stored.own_ids == (column == "id")


def test_the_service_shows_each_camp_the_other(mined: Mined, folder: Path) -> None:
    engine = Engine(read_state(folder / "out"), KeywordPredictor())
    texts = ["Quá ít ví dụ so với số lượng các công ty trong nước", "Quá nhiều nghiên cứu điển hình."]
    few, many = [answer["statements"][0] for answer in asyncio.run(engine.classify(texts))]
    assert few["cause"] == many["cause"]
    assert few["side"]["label"] == many["counter"]["label"] == "too_little"
    assert many["side"]["label"] == few["counter"]["label"] == "too_much"
    assert many["verdict"] == few["verdict"] is not None


def test_mining_again_takes_old_rejections_away(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", [*rows(), ["r999", "mute", "", "1", ""]])
    mine_file(source, tmp_path / "out", KeywordPredictor(), columns={})
    write_csv(source, rows())
    again = mine_file(source, tmp_path / "out", KeywordPredictor(), columns={})
    assert again.rejected_path is None
    assert names(tmp_path / "out") == FILES


def test_an_interrupted_mining_leaves_the_last_one_whole(
    mined: Mined, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = folder / "out"
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}

    def interrupt(*anything: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mining_run, "write_state", interrupt)
    with pytest.raises(KeyboardInterrupt):
        mine_file(folder / "in.csv", out, KeywordPredictor(), columns={})
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_only_quoted_statements_take_their_embeddings_to_the_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, dict[Span, Floats]] = {}
    really = mining_run.write_state

    def told(folder: Path, *what: Any, embeddings: dict[Span, Floats], **more: Any) -> None:
        given["embeddings"] = embeddings
        really(folder, *what, embeddings=embeddings, **more)

    monkeypatch.setattr(mining_run, "write_state", told)
    source = write_csv(tmp_path / "in.csv", rows())
    mining = mine_file(source, tmp_path / "out", KeywordPredictor(), columns={}).mining
    assert given["embeddings"].keys() == {span_of(example) for example in examples_of(mining)}
    assert len(given["embeddings"]) < len(mining.assignment)


def test_a_file_without_a_single_message_is_an_error_with_reasons(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", [["r1", "a", "", "1", ""], ["r2", "b", " ", "1", ""]])
    with pytest.raises(InputError, match=r"none of the 2 rows of in.csv is a message.*rejected\.csv"):
        mine_file(source, tmp_path / "out", KeywordPredictor(), columns={})
    assert names(tmp_path / "out") == ["rejected.csv"]


def test_a_file_of_answers_that_say_nothing_is_an_error_that_says_so(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", [["r1", "a", "n/a", "1", ""], ["r2", "b", "-", "1", ""]])
    with pytest.raises(
        InputError, match=r"only answers that say nothing.*rejected\.csv lists.*--text-column"
    ):
        mine_file(source, tmp_path / "out", KeywordPredictor(), columns={})
    write_csv(source, [["r1", "a", "n/a", "1", ""], ["r2", "b", "", "1", ""]])
    with pytest.raises(InputError, match=r"none of the 2 rows of in.csv is a message \(1 say nothing"):
        mine_file(source, tmp_path / "out", KeywordPredictor(), columns={})


def test_out_must_not_be_a_file(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", rows())
    with pytest.raises(InputError, match=r"in.csv is a file: name a folder"):
        mine_file(source, source, KeywordPredictor(), columns={})


class Unasked(KeywordPredictor):
    """A model that must not be asked."""

    def predict(self, *anything: object, **more: object) -> Predictions:
        raise AssertionError("the model was asked")


@pytest.mark.parametrize("where", ["causes.db", "elsewhere.db"])
def test_a_bad_register_is_told_before_the_model_reads(tmp_path: Path, where: str) -> None:
    source, out = write_csv(tmp_path / "in.csv", rows()), tmp_path / "out"
    out.mkdir()
    register = out / where
    register.write_bytes(b"no register at all, " * 200)
    with pytest.raises(StateError, match=f"{where} is not a register of causes"):
        mine_file(source, out, Unasked(), columns={}, register=register)
    with pytest.raises(StateError, match=f"{where} is not a register of causes"):
        check_target(out, register if where != "causes.db" else None)


def test_the_rejected_rows_of_a_run_do_not_overwrite_its_source(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "rejected.csv", rows())
    with pytest.raises(InputError, match="rename it"):
        mine_file(source, tmp_path, KeywordPredictor(), columns={})
    assert len(source.read_text(encoding="utf-8").splitlines()) == len(rows()) + 1


def test_one_message_can_be_mined(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", [["r1", "a", "😀", "1", ""]])
    mined = mine_file(source, tmp_path / "out", KeywordPredictor(), columns={})
    assert mined.mining.causes == ()
    answers = asyncio.run(
        Engine(read_state(tmp_path / "out"), KeywordPredictor()).classify(["Too few examples"])
    )
    assert answers[0]["statements"][0]["cause"] is None


def test_hostile_texts_reach_the_store_unharmed(tmp_path: Path) -> None:
    hostile = " '); drop table cause; -- <script> \u202e \u0000 \ud83d"
    source = tmp_path / "in.jsonl"
    with source.open("w", encoding="utf-8") as file:
        for identity, author, text, *_ in rows():
            file.write(json.dumps({"id": identity, "author": author, "text": text + hostile}) + "\n")
    mine_file(source, tmp_path / "out", KeywordPredictor(), columns={})
    messages = read_state(tmp_path / "out").stored.messages
    assert messages
    assert all("drop table cause" in text.encode("utf-8").decode("utf-8") for text in messages.values())


def test_an_outcome_is_read_from_its_column(tmp_path: Path) -> None:
    header, *lines = write_csv(tmp_path / "in.csv", rows()).read_text(encoding="utf-8").splitlines()
    told = [f"{line},{'yes' if number % 2 else 'no'}" for number, line in enumerate(lines)]
    (tmp_path / "in.csv").write_text("\n".join([f"{header},left", *told]), encoding="utf-8")
    mining = mine_file(
        tmp_path / "in.csv", tmp_path / "out", KeywordPredictor(), columns={"outcome": "left"}
    ).mining
    assert mining.drivers is not None
    assert mining.drivers.outcome == "left"
    assert mining.drivers.people > 30


def test_a_source_that_a_table_would_replace_is_refused(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "causes.csv", rows())
    with pytest.raises(InputError, match=r"causes\.csv"):
        mine_file(source, tmp_path, KeywordPredictor(), columns={})
    assert source.exists()
