"""Mining a scored file gives the report of the file it was scored from."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import InputError
from data.reading import read_feedback
from models.predictions import Predictor
from serving.analysis import analyse
from serving.mining_run import mine_file
from serving.score_output import ScoreSettings
from serving.scored_input import is_scored, read_scored
from serving.scored_mining import mine_scored
from serving.scored_table import origin_of, with_origin
from serving.scoring import score_file
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv

CHUNKED = ScoreSettings(chunk_rows=64, embeddings=True)


def source_in(folder: Path) -> Path:
    """Rows with everything that mining looks at: people, dates, ratings, sources, segments, and rejected rows."""
    header = ["id", "author", "text", "rating", "created_at", "source", "solicited", "plan"]
    lines = [
        [
            *row,
            "shop" if number % 3 else "survey",
            "yes" if number % 2 else "",
            ("solo", "family")[number % 2],
        ]
        for number, row in enumerate(rows())
    ]
    lines.insert(7, ["x", "mute", " ", "", "", "", "", ""])
    lines.insert(9, ["two", "x", "Too few examples in this book.\n\nThe courier was rude!", "1", *[""] * 4])
    text = "\n".join(",".join(f'"{cell}"' for cell in line) for line in [header, *lines])
    (folder / "in.csv").write_text(text + "\n", encoding="utf-8")
    return folder / "in.csv"


def no_model() -> Predictor:
    raise AssertionError("the model is not needed")


def report(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    del found["created_at"]
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scored_mining")
    source = source_in(folder)
    mine_file(source, folder / "raw", KeywordPredictor(), columns={})
    score_file(source, folder / "rich.parquet", KeywordPredictor(), columns={}, settings=CHUNKED)
    score_file(source, folder / "plain.parquet", KeywordPredictor(), columns={})
    return folder


def test_the_report_is_that_of_the_raw_file(folder: Path) -> None:
    mined = mine_scored(folder / "rich.parquet", folder / "out", no_model)
    assert report(mined.json) == report(folder / "raw" / "report.json")
    assert mined.mining.data.rejected == 1
    assert mined.rejected_path is None
    raw, scored = read_state(folder / "raw"), read_state(folder / "out")
    assert scored.stored.messages == raw.stored.messages
    assert scored.stored.model == raw.stored.model


def test_a_folder_of_parts_does_as_well(folder: Path) -> None:
    settings = ScoreSettings(chunk_rows=64, embeddings=True, partitioned=True)
    scored = score_file(
        folder / "in.csv", folder / "parts", KeywordPredictor(), columns={}, settings=settings
    )
    mined = mine_scored(scored.path, folder / "out-parts", no_model)
    assert report(mined.json) == report(folder / "raw" / "report.json")


def test_parts_of_a_model_that_counted_its_errors_are_of_one_model(folder: Path) -> None:
    """Every checkpoint that train writes has counted them, and each part bears the counts."""
    counts = {"all": [[9, 1, 0], [1, 9, 0], [0, 1, 9]]}
    predictor = KeywordPredictor(confusion={"degree": counts, "sentiment": counts})
    settings = ScoreSettings(chunk_rows=64, embeddings=True, partitioned=True)
    scored = score_file(folder / "in.csv", folder / "counted", predictor, columns={}, settings=settings)
    raw = mine_file(folder / "in.csv", folder / "raw-counted", predictor, columns={})
    mined = mine_scored(scored.path, folder / "out-counted", no_model)
    assert report(mined.json) == report(raw.json)


def test_a_shuffled_scored_file_gives_the_same_report(folder: Path, tmp_path: Path) -> None:
    table = pq.read_table(folder / "rich.parquet")
    order = sorted(range(len(table)), key=lambda row: hash((row * 7919) % 1009))
    pq.write_table(table.take(order), tmp_path / "shuffled.parquet")
    mined = mine_scored(tmp_path / "shuffled.parquet", tmp_path / "out", no_model)
    assert report(mined.json) == report(folder / "raw" / "report.json")


def test_without_embeddings_they_are_made_again_and_said(folder: Path, tmp_path: Path) -> None:
    said: list[str] = []
    mined = mine_scored(folder / "plain.parquet", tmp_path, KeywordPredictor, say=said.append)
    assert "does not tell who wrote" in said[0]
    assert "scored without --embeddings: embedding its statements again" in said[1]
    raw, found = report(folder / "raw" / "report.json"), report(mined.json)
    assert [cause["members"] for cause in found["causes"]] == [cause["members"] for cause in raw["causes"]]


def test_corrected_labels_are_kept_when_embeddings_are_made_again(folder: Path, tmp_path: Path) -> None:
    table = pq.read_table(folder / "plain.parquet")
    for name, value in (("p_too_little", 0.0), ("p_too_much", 0.0), ("p_none", 1.0)):
        place = table.column_names.index(name)
        table = table.set_column(place, name, pa.array([value] * len(table)))
    pq.write_table(table, tmp_path / "corrected.parquet")
    mined = mine_scored(tmp_path / "corrected.parquet", tmp_path / "out", KeywordPredictor)
    assert not [found for found in mined.mining.oppositions if found.kind == "degree"]


def test_a_file_that_names_no_model_is_taken_for_the_one_at_hand(folder: Path, tmp_path: Path) -> None:
    pq.write_table(
        pq.read_table(folder / "rich.parquet").replace_schema_metadata(None), tmp_path / "s.parquet"
    )
    said: list[str] = []
    mine_scored(tmp_path / "s.parquet", tmp_path / "out", KeywordPredictor, say=said.append)
    assert said == ["s.parquet does not say which model scored it: taken for keywords 000000000000"]


def test_what_is_scored_and_what_is_not(folder: Path, tmp_path: Path) -> None:
    assert is_scored(folder / "plain.parquet")
    assert not is_scored(folder / "in.csv")
    pq.write_table(pa.table({"text": ["Too few examples"]}), tmp_path / "feedback.parquet")
    assert not is_scored(tmp_path / "feedback.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    assert not is_scored(tmp_path / "broken.parquet")


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl"])
def test_a_scored_table_of_text_is_not_mined_as_if_its_statements_were_messages(
    folder: Path, tmp_path: Path, suffix: str
) -> None:
    scored = tmp_path / f"s{suffix}"
    score_file(folder / "in.csv", scored, KeywordPredictor(), columns={})
    told = f"^s{suffix} is a scored {suffix[1:].upper()}; score to .parquet with --embeddings to mine it, or"
    with pytest.raises(InputError, match=told):
        mine_file(scored, tmp_path / "out", KeywordPredictor(), columns={})
    assert not (tmp_path / "out").exists()


def test_a_scored_table_is_known_as_a_spreadsheet_saves_it(folder: Path, tmp_path: Path) -> None:
    score_file(folder / "in.csv", tmp_path / "s.csv", KeywordPredictor(), columns={})
    lines = (tmp_path / "s.csv").read_text(encoding="utf-8").replace(",", ";")
    (tmp_path / "saved.csv").write_text(f"\ufeffsep=;\n{lines}", encoding="utf-8")
    with pytest.raises(InputError, match=r"^saved\.csv is a scored CSV"):
        mine_file(tmp_path / "saved.csv", tmp_path / "out", KeywordPredictor(), columns={})


@pytest.mark.parametrize("name", ["plain.parquet", "rich.parquet", "s.csv", "s.jsonl"])
def test_what_was_scored_is_not_scored_again(folder: Path, tmp_path: Path, name: str) -> None:
    scored = folder / name
    if name.startswith("s."):
        scored = tmp_path / name
        score_file(folder / "in.csv", scored, KeywordPredictor(), columns={})
    with pytest.raises(InputError, match=f"^{name} is a scored file already; score the original file$"):
        score_file(scored, tmp_path / "again.csv", KeywordPredictor(), columns={})


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("start", [10**12, 0, 0], "row 1: start 1000000000000 and end 16 do not fit the text"),
        ("end", [16, 3, 5], "row 2: start 0 and end 3 do not fit the text"),
        ("statement_id", ["a#1", "b#1", "a#1"], "row 3: row 1 has the same statement_id 'a#1'"),
        ("text", [None, "x", "y"], "row 1, column 'text': nothing where a value is needed"),
        ("p_negative", [0.1, 7.0, 0.2], "row 2, columns p_negative, .*: probabilities are from 0 to 1"),
        ("degree", None, None),
        ("p_none", None, "has no column 'p_none'"),
        ("start", ["0", "0", "0"], "column 'start' is string where int64 is needed"),
        ("embedding", [[0.1], [0.2, 0.3], [0.1]], "column 'embedding': each row needs"),
        ("embedding", [[0.1], [float("nan")], [0.1]], "column 'embedding': some numbers are not finite"),
        ("rating", ["x", "y", "z"], r"s\.parquet, column 'rating' is string where double is needed: "),
        ("segments", ["x", "y", "z"], r"s\.parquet, column 'segments' is string where map<.*> is needed: "),
        ("segments", [[["plan"]], None, []], r"column 'segments' is list<.*> where map<.*> is needed: "),
        (
            "segments",
            [[["plan", "solo", "x"]], None, []],
            r"column 'segments' is list<.*> where map<.*> is needed",
        ),
        ("segments", [["LV", "en"], None, []], "'LV' is no pair of a name and a value"),
    ],
)
def test_a_scored_file_that_cannot_be_used(
    tmp_path: Path, column: str, values: list[Any] | None, message: str | None
) -> None:
    source = write_csv(tmp_path / "in.csv", [[name, "a", "Too few examples", "1", ""] for name in "abc"])
    score_file(source, tmp_path / "s.parquet", KeywordPredictor(), columns={}, settings=CHUNKED)
    table = pq.read_table(tmp_path / "s.parquet")
    place = table.column_names.index(column)
    table = table.remove_column(place)
    if values is not None:
        table = table.add_column(place, column, pa.array(values))
    pq.write_table(table, tmp_path / "s.parquet")
    if message is None:
        read_scored(tmp_path / "s.parquet")
        return
    with pytest.raises(InputError, match=message):
        read_scored(tmp_path / "s.parquet")


@pytest.mark.parametrize("name", ["id", "nothing"])
def test_a_scored_file_tells_whether_its_ids_are_row_numbers(tmp_path: Path, name: str) -> None:
    (tmp_path / "in.csv").write_text(f"{name},text\n7,Too few examples\n", encoding="utf-8")
    score_file(tmp_path / "in.csv", tmp_path / "s.parquet", KeywordPredictor(), columns={})
    scored = read_scored(tmp_path / "s.parquet")
    assert scored.own_ids == (name == "id")
    assert scored.feedback[0].id == ("7" if name == "id" else "1")


MIXED = (
    ("Par maz garšvielu. Мы сидели там целый час и ждали, когда принесут счёт.", "ru"),
    ("I DON'T CARE ABOUT PIGEONS!!! 半分でいい", "ja"),
    ("ของไม่ดีเลย The delivery was late, nobody answered my calls, and the box was broken on one side.", "en"),
    ("Slow and dull. Too few examples.", "en"),
)


@pytest.mark.parametrize("reverse", [False, True])
def test_a_message_is_in_the_language_that_it_has_when_mined_directly(tmp_path: Path, reverse: bool) -> None:
    lines = ["text", *(f'"{text}"' for text, _ in MIXED)]
    (tmp_path / "in.csv").write_text("\n".join(lines), encoding="utf-8")
    mined = analyse(read_feedback(tmp_path / "in.csv").feedback, KeywordPredictor())
    score_file(tmp_path / "in.csv", tmp_path / "s.parquet", KeywordPredictor(), columns={}, settings=CHUNKED)
    table = pq.read_table(tmp_path / "s.parquet")
    pq.write_table(table[::-1] if reverse else table, tmp_path / "s.parquet")
    scored = {message.id: message.language for message in read_scored(tmp_path / "s.parquet").feedback}
    assert len(mined.statements) > len(MIXED)
    assert scored == {message.id: message.language for message in mined.feedback}
    assert list(dict(sorted(scored.items())).values()) == [language for _, language in MIXED]


def test_a_message_in_a_named_language_is_in_the_one_of_most_letters(tmp_path: Path) -> None:
    text = "Par maz garšvielu. Мы сидели там целый час и ждали, когда принесут счёт."
    (tmp_path / "in.csv").write_text(f'text,language\n"{text}",uk\n', encoding="utf-8")
    score_file(tmp_path / "in.csv", tmp_path / "s.parquet", KeywordPredictor(), columns={}, settings=CHUNKED)
    scored = read_scored(tmp_path / "s.parquet")
    assert [statement.language for statement in scored.statements] == ["lv", "uk"]
    assert scored.feedback[0].language == "uk"


def test_a_scored_file_without_rows_is_refused(folder: Path, tmp_path: Path) -> None:
    pq.write_table(pq.read_table(folder / "rich.parquet").slice(0, 0), tmp_path / "none.parquet")
    with pytest.raises(InputError, match=r"none\.parquet has no rows"):
        read_scored(tmp_path / "none.parquet")


def test_the_part_that_cannot_be_read_is_named(folder: Path, tmp_path: Path) -> None:
    pq.write_table(pq.read_table(folder / "rich.parquet"), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_text("no Parquet", encoding="utf-8")
    with pytest.raises(InputError, match=r"b\.parquet is not a readable scored file: [^\n]*$"):
        read_scored(tmp_path)


@pytest.mark.parametrize(
    "laid_out", [pa.large_string(), pa.dictionary(pa.int32(), pa.string()), pa.string_view()], ids=str
)
def test_texts_may_be_laid_out_as_another_program_does(
    folder: Path, tmp_path: Path, laid_out: pa.DataType
) -> None:
    table = pq.read_table(folder / "rich.parquet")
    half = len(table) // 2
    pq.write_table(table.slice(0, half), tmp_path / "a.parquet")
    rest = table.slice(half)
    for name in ("statement_id", "text", "language", "author"):
        cells = rest[name].combine_chunks()
        cells = cells.dictionary_encode() if pa.types.is_dictionary(laid_out) else cells.cast(laid_out)
        rest = rest.set_column(rest.schema.get_field_index(name), name, cells)
    pq.write_table(rest, tmp_path / "b.parquet")
    found, expected = read_scored(tmp_path), read_scored(folder / "rich.parquet")
    assert found.statements == expected.statements
    assert found.feedback == expected.feedback


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(lambda name, value: [name, value], id="pandas"),
        pytest.param(lambda name, value: {"key": name, "value": value}, id="Polars"),
    ],
)
def test_segments_may_be_laid_out_as_another_program_does(
    folder: Path, tmp_path: Path, pair: Callable[[str, str], Any]
) -> None:
    table = pq.read_table(folder / "rich.parquet")
    half = len(table) // 2
    pq.write_table(table.slice(0, half), tmp_path / "a.parquet")
    rest = table.slice(half)
    cells = [cell and [pair(*each) for each in cell] for cell in rest["segments"].to_pylist()]
    place = rest.schema.get_field_index("segments")
    pq.write_table(rest.set_column(place, "segments", pa.array(cells)), tmp_path / "b.parquet")
    assert read_scored(tmp_path).feedback == read_scored(folder / "rich.parquet").feedback


def test_segments_may_be_a_struct(folder: Path, tmp_path: Path) -> None:
    table = pq.read_table(folder / "rich.parquet")
    cells = [{"plan": "solo", "os": None}] * len(table)
    place = table.schema.get_field_index("segments")
    pq.write_table(table.set_column(place, "segments", pa.array(cells)), tmp_path / "a.parquet")
    assert all(dict(message.segments) == {"plan": "solo"} for message in read_scored(tmp_path).feedback)


def test_a_column_that_became_folders_is_read_from_their_names(folder: Path, tmp_path: Path) -> None:
    table = pq.read_table(folder / "rich.parquet")
    pq.write_to_dataset(table, tmp_path / "by", partition_cols=["language", "rating", "source"])
    found = sorted(read_scored(tmp_path / "by").feedback, key=lambda message: message.id)
    whole = sorted(read_scored(folder / "rich.parquet").feedback, key=lambda message: message.id)
    assert found == whole


def test_a_folder_that_tells_no_value_of_its_column_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "rating=x").mkdir()
    table = pq.read_table(folder / "rich.parquet").drop_columns(["rating"])
    pq.write_table(table, tmp_path / "rating=x" / "a.parquet")
    with pytest.raises(InputError, match=r"rating=x/a\.parquet is not a readable scored file: "):
        read_scored(tmp_path)


def test_a_scored_file_that_pandas_filtered_can_be_mined(folder: Path, tmp_path: Path) -> None:
    frame = pq.read_table(folder / "rich.parquet").to_pandas()
    frame[frame["language"] == "vi"].to_parquet(tmp_path / "vi.parquet")
    found = read_scored(tmp_path / "vi.parquet").feedback
    expected = {message.id: message for message in read_scored(folder / "rich.parquet").feedback}
    assert found
    assert all(message.segments == expected[message.id].segments for message in found)


def test_pieces_in_folders_side_by_side_are_one(folder: Path, tmp_path: Path) -> None:
    """With what else may lie beside them: an unfinished scoring, one that was replaced, a mining, files of others."""
    table = pq.read_table(folder / "rich.parquet")
    half = len(table) // 2
    for name, piece in {
        "pieces/one/part-000000.parquet": table.slice(0, half),
        "pieces/two/year=2026/part-000000.parquet": table.slice(half),
        "pieces/two.parts/part-000000.parquet": table.slice(half),
        "pieces/two.old-abc_1234/two/part-000000.parquet": table.slice(half),
        "pieces/.hidden/part-000000.parquet": table.slice(half),
        "pieces/_log/part-000000.parquet": table.slice(half),
        "pieces/state/journal.parquet": pa.table({"text": ["x"]}),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True)
        pq.write_table(piece, tmp_path / name)
    (tmp_path / "pieces" / "two.parts" / "_manifest.json").touch()
    (tmp_path / "pieces" / "state" / "countervoice.db").touch()
    (tmp_path / "pieces" / "one" / "again").symlink_to(tmp_path / "pieces")
    assert read_scored(tmp_path / "pieces").statements == read_scored(folder / "rich.parquet").statements


def test_folders_that_only_look_like_ours_are_read(folder: Path, tmp_path: Path) -> None:
    for name in ("spare.parts", "state"):
        (tmp_path / name).mkdir()
        with pytest.raises(InputError, match="holds no Parquet file"):
            read_scored(tmp_path)
    table = pq.read_table(folder / "rich.parquet")
    pq.write_table(table.slice(0, 5), tmp_path / "spare.parts" / "a.parquet")
    pq.write_table(table.slice(5), tmp_path / "state" / "b.parquet")
    assert len(read_scored(tmp_path).statements) == len(table)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"runtime": "onnx"},
            r"a/s\.parquet and b/s\.parquet were .* models \(runtime {0} and onnx\): .* one --runtime",
        ),
        (
            {"version": "beef", "confusion": {}},
            r"different models \(version 000000000000 and beef, confusion\): ",
        ),
        (None, "do not both say which model scored them"),
    ],
)
def test_what_differs_between_the_models_of_two_parts_is_named(
    folder: Path, tmp_path: Path, change: dict[str, Any] | None, told: str
) -> None:
    table = pq.read_table(folder / "rich.parquet")
    origin = origin_of(table.schema.metadata)
    assert origin is not None
    parts = {"a": table.slice(0, 9), "b": table.slice(9).replace_schema_metadata(None)}
    if change is not None:
        parts["b"] = with_origin(parts["b"], replace(origin, model=replace(origin.model, **change)))
    for name, part in parts.items():
        (tmp_path / name).mkdir()
        pq.write_table(part, tmp_path / name / "s.parquet")
    with pytest.raises(InputError, match=told.format(origin.model.runtime)):
        read_scored(tmp_path)


def test_the_file_of_a_folder_that_was_not_scored_is_named(folder: Path, tmp_path: Path) -> None:
    pq.write_table(pq.read_table(folder / "rich.parquet"), tmp_path / "a.parquet")
    pq.write_table(pa.table({"text": [b"x"]}), tmp_path / "raw.parquet")
    with pytest.raises(InputError, match=r"raw\.parquet has no column 'feedback_id': it was not written by"):
        read_scored(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no Parquet file"):
        read_scored(tmp_path)


def test_an_outcome_is_a_segment_of_the_scored_file(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without a segment 'left' \\(it has: plan\\)"):
        mine_scored(folder / "rich.parquet", tmp_path / "out", no_model, outcome="left")
    mined = mine_scored(folder / "rich.parquet", tmp_path / "out", no_model, outcome="plan").mining
    assert mined.drivers is not None
    assert (mined.drivers.outcome, mined.drivers.people) == ("plan", 0)
    assert (mined.drivers.refused or "").startswith("anecdote")


def test_the_reasons_that_the_scoring_wrote_stay(tmp_path: Path) -> None:
    score_file(source_in(tmp_path), tmp_path / "s.parquet", KeywordPredictor(), columns={}, settings=CHUNKED)
    told = (tmp_path / "rejected.csv").read_text(encoding="utf-8")
    mine_scored(tmp_path / "s.parquet", tmp_path, no_model)
    assert (tmp_path / "rejected.csv").read_text(encoding="utf-8") == told
    assert report(tmp_path / "report.json")["data"]["rejected"] == told.count("\n") - 1


def test_a_reason_for_a_row_with_a_huge_id_is_put_beside_those_of_other_files(tmp_path: Path) -> None:
    huge = '{"id": "' + "9" * 140_000 + '", "text": " "}\n{"id": "a", "text": "Too few examples"}\n'
    for name in ("one", "two"):
        (tmp_path / f"{name}.jsonl").write_text(huge, encoding="utf-8")
        score_file(tmp_path / f"{name}.jsonl", tmp_path / f"{name}.parquet", KeywordPredictor(), columns={})
        with (tmp_path / "rejected.csv").open("a", encoding="utf-8") as told:
            told.write("\n")  # as an editor may leave it
    lines = (tmp_path / "rejected.csv").read_text(encoding="utf-8").split("\n")
    assert [line[:11] for line in lines if line] == ["file,row,id", "one.jsonl,1", "two.jsonl,1"]
