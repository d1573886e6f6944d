"""Which columns of a labelled file are read, whatever the case of their names, and which cells of a scored file."""

from pathlib import Path

import pandas as pd
import pytest

from data.errors import ColumnError
from data.writing import write_table
from tests.serving.tiny_checkpoint import tiny_checkpoint
from tests.training.tiny import labelled
from training.columns import unread
from training.evaluate import evaluate
from training.examples import read_labelled
from training.promotion import compare

SCORED = pd.DataFrame(
    {
        "feedback_id": [f"f{number // 3}" for number in range(300)],
        "statement_id": [f"f{number // 3}#{number % 3}" for number in range(300)],
        "text": [f"text {number}" for number in range(300)],
        "language": "vi",
        "sentiment": "negative",
        "topics": [["price", "staff"] if number % 2 else [] for number in range(300)],
    }
)


def written(path: Path, frame: pd.DataFrame) -> Path:
    """As ``score`` writes it."""
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.assign(topics=frame.topics.map("|".join)).to_csv(path, index=False)
    return path


def test_names_are_read_in_any_case_and_the_other_columns_are_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    names = {"Text": ["a"], "Sentiment": ["negative"], "topic": ["price"], "SPLIT ": ["dev"], "stars": [1]}
    pd.DataFrame(names).to_csv(path, index=False)
    rows = read_labelled(path)
    assert (rows.sentiment.tolist(), rows.split.tolist()) == (["negative"], ["dev"])
    assert [line.partition(" (")[0] for line in unread(rows)] == ["columns not read: topic, stars"]


def test_a_name_to_the_letter_goes_before_others_and_two_others_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    pd.DataFrame({"text": ["a"], "Degree": ["huge"], "degree": ["none"]}).to_csv(path, index=False)
    assert read_labelled(path).degree.tolist() == ["none"]
    pd.DataFrame({"text": ["a"], "Degree": ["none"], "DEGREE": ["none"]}).to_csv(path, index=False)
    with pytest.raises(
        ColumnError, match=r"rows\.csv has the columns Degree and DEGREE, each of which may be"
    ):
        read_labelled(path)


def test_of_many_columns_that_are_not_read_some_are_named() -> None:
    frame = pd.DataFrame({"text": ["a"]} | {f"c{number}": [1] for number in range(40)})
    assert "c11 and 28 more (those read are text, sentiment, topics" in unread(frame)[0]
    assert unread(frame[["text"]]) == []


def test_every_command_that_reads_labelled_rows_names_what_it_does_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, model = labelled(tmp_path / "rows.parquet"), tiny_checkpoint(tmp_path)
    pd.read_parquet(rows).assign(topic="price").to_parquet(rows)
    evaluate(rows, model, with_baseline=False)
    assert "columns not read: topic (" in capsys.readouterr().err
    assert compare(rows, model, model).doubts[0].startswith("columns not read: topic (")


@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet"])
def test_statements_of_one_feedback_of_a_scored_file_stay_on_one_side(tmp_path: Path, name: str) -> None:
    rows = read_labelled(written(tmp_path / name, SCORED))
    assert (rows.groupby("feedback_id").split.nunique() == 1).all()
    assert rows.group.tolist() == SCORED.feedback_id.tolist()
    assert set(rows.lang) == {"vi"}
    assert unread(rows) == []
    own = read_labelled(written(tmp_path / f"own_{name}", SCORED.assign(group=["g", *[None] * 299])))
    assert own.group.tolist() == ["g", *SCORED.feedback_id[1:]]


@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet"])
def test_no_topics_of_a_statement_are_none_and_of_another_row_not_labelled(tmp_path: Path, name: str) -> None:
    frame = SCORED.assign(statement_id=[*SCORED.statement_id[:-2], None, None])
    rows = read_labelled(written(tmp_path / name, frame))
    assert rows.topics[:2].tolist() == [[], ["price", "staff"]]
    last = {"rows.csv": None, "rows.parquet": []}[name]  # a list that is empty is one in any row
    assert rows.topics[298:].tolist() == [last, ["price", "staff"]]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_texts_of_a_scored_file_are_the_same_in_each_format(tmp_path: Path, suffix: str) -> None:
    texts = ["Costs 49,- €", "- the lid leaks", "Much too\n-- and far too -- loud", "-5", "typed ;'=A1 there"]
    columns = {
        "feedback_id": ["1"] * 5,
        "statement_id": [f"1#{number}" for number in range(1, 6)],
        "start": [10] * 5,
        "end": [10 + len(text) for text in texts],
        "text": texts,
        "sentiment": ["negative"] * 5,
    }
    write_table(tmp_path / f"rows{suffix}", columns)
    rows = read_labelled(tmp_path / f"rows{suffix}")
    assert rows.text.tolist() == texts
    assert unread(rows) == []


def test_without_its_place_a_text_is_taken_as_it_stands(tmp_path: Path) -> None:
    columns = {"text": ["Costs 49,- €"] * 3, "sentiment": ["negative"] * 3}
    place = {"statement_id": ["1#1", "", "1#3"], "start": ["0", "0", "?"], "end": ["11", "12", "12"]}
    write_table(tmp_path / "rows.csv", columns | place)
    assert read_labelled(tmp_path / "rows.csv").text.tolist() == ["Costs 49,'- €"] * 3
