"""Labelled rows as they are read: what a cell may hold, and how its absence is taken in each kind of file."""

import json
from pathlib import Path

import pandas as pd
import pytest

from data.errors import EncodingError, InputError
from training.examples import in_their_own_order, read_labelled


def lines(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps({"text": "a", "degree": "none"} | row) + "\n" for row in rows))
    return path


def table(path: Path, **columns: object) -> Path:
    frame = pd.DataFrame({"degree": "none"} | columns)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".jsonl":
        frame.to_json(path, orient="records", lines=True)
    else:
        frame.to_csv(path, index=False)
    return path


FILES = pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl", "rows.parquet"])
TEXTS = [f"text {number}" for number in range(300)]


@FILES
def test_rows_without_a_group_are_split_by_their_texts(tmp_path: Path, name: str) -> None:
    groups = ["one", "one", *[None] * 298]
    some = read_labelled(table(tmp_path / name, text=TEXTS, group=groups))
    none = read_labelled(table(tmp_path / f"no_{name}", text=TEXTS))
    assert some.split[2:].tolist() == none.split[2:].tolist()
    assert 10 <= (some.split == "dev").sum() <= 60


@FILES
def test_a_group_named_0_stays_on_one_side(tmp_path: Path, name: str) -> None:
    rows = read_labelled(table(tmp_path / name, text=TEXTS, group=[number % 3 for number in range(300)]))
    assert (rows.groupby("group").split.nunique() == 1).all()


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.parquet"])  # CSV holds what it says
def test_a_row_without_a_group_moves_no_other_row(tmp_path: Path, name: str) -> None:
    groups: list[int | None] = [number // 2 for number in range(300)]
    whole = read_labelled(table(tmp_path / name, text=TEXTS, group=groups))
    some = read_labelled(table(tmp_path / f"some_{name}", text=TEXTS, group=[*groups[:-1], None]))
    assert whole.split[:-1].tolist() == some.split[:-1].tolist()


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("sentiment", 1, "'1' is not one of negative"),
        ("degree", 2, "'2' is not one of too_little"),
        ("topics", 3, "'3' is not one of"),
        ("split", "test", "'test' is not one of train, dev"),
        ("split", None, "'' is not one of train, dev"),
        ("weight", -1, "'-1' is no number from 0 on"),
        ("weight", "often", "'often' is no number from 0 on"),
        ("text", None, "there is none"),
    ],
)
def test_what_a_cell_may_not_hold_is_told_with_row_and_column(
    tmp_path: Path, column: str, value: object, told: str
) -> None:
    fine = {"sentiment": "positive", "topics": ["price"], "split": "dev", "weight": 2}
    path = lines(tmp_path / "rows.jsonl", fine, fine | {column: value})
    with pytest.raises(InputError, match=rf"rows\.jsonl row 2, column {column}: {told}"):
        read_labelled(path)


def test_a_csv_whose_labels_are_numbers_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "rows.csv", text=["a", "b"], sentiment=[-1, 1])
    with pytest.raises(InputError, match=r"rows\.csv row 1, column sentiment: '-1'"):
        read_labelled(path)


@FILES
def test_gaps_in_optional_columns_are_as_if_the_columns_were_not_there(tmp_path: Path, name: str) -> None:
    gaps = {"lang": ["vi", None], "weight": [2.0, None], "source": ["mine", None]}
    gaps |= {"subject": ["a:b", None], "english": ["x", None]}
    rows = read_labelled(table(tmp_path / name, text=["a", "ตัวอย่างน้อยเกินไป"], **gaps))
    assert rows.lang.tolist() == ["vi", "th"]
    assert rows.weight.tolist() == [2, 1]
    assert rows.source.tolist() == ["mine", "file"]
    assert rows.subject.isna().tolist() == rows.english.isna().tolist() == [False, True]


def test_texts_that_are_numbers_are_texts(tmp_path: Path) -> None:
    assert read_labelled(table(tmp_path / "rows.csv", text=[5, 10])).text.tolist() == ["5", "10"]


def test_a_file_that_is_not_utf_8_is_told_in_a_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes("text,degree\ntrès,none\n".encode("cp1252"))
    with pytest.raises(EncodingError, match=r"rows\.csv is not UTF-8: byte 0xE8 .*save as 'CSV UTF-8'"):
        read_labelled(path)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("rows.jsonl", b"{", r"no line of rows\.jsonl is a JSON object; line 1: not JSON: [^\n]+$"),
        (
            "rows.jsonl",
            b'{"text": "a", "degree": "none"}\n[1]\n',
            r"jsonl row 2: a JSON list, not an object$",
        ),
        ("rows.parquet", b"PAR", r"rows\.parquet is not a readable Parquet file: [^\n]+$"),
        ("rows.json", b"{}", r"rows\.json: the suffix must be one of \.csv, "),
    ],
)
def test_a_file_that_cannot_be_parsed_is_told_in_a_line(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=told):
        read_labelled(tmp_path / name)


def test_the_same_rows_in_each_kind_of_file_are_the_same_rows(tmp_path: Path) -> None:
    ids = [None, *(str(1_234_567_890_123_456_000 + number // 2) for number in range(1, 300))]
    texts = ["007", "0012", "1.10", "NaN", *(f"text {number}" for number in range(4, 300))]
    paths = [table(tmp_path / f"rows.{kind}", text=texts, group=ids) for kind in ("csv", "jsonl", "parquet")]
    paths.append(paths[0].with_suffix(".CSV"))
    paths[-1].write_bytes(paths[0].read_bytes())
    as_numbers = [{"text": text, "group": key and int(key)} for text, key in zip(texts, ids, strict=True)]
    paths.append(lines(tmp_path / "numbers.jsonl", *as_numbers))
    first, *others = (read_labelled(path)[["text", "group", "split"]].astype(object) for path in paths)
    assert first.text.tolist() == texts
    assert first.group.nunique() == 150
    for other in others:
        assert other.equals(first)


def test_lines_of_json_may_begin_with_a_mark_of_utf_8(tmp_path: Path) -> None:
    path = lines(tmp_path / "rows.jsonl", {"text": "too slow"})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_labelled(path).text.tolist() == ["too slow"]


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("text", {"en": "a"}, "an object"),
        ("text", ["a"], "a list"),
        ("group", ["a"], "a list"),
        ("topics", {"price": 0.1}, "an object"),
    ],
)
def test_values_in_values_are_refused(tmp_path: Path, column: str, value: object, what: str) -> None:
    path = lines(tmp_path / "rows.jsonl", {}, {column: value})
    with pytest.raises(InputError, match=rf"rows\.jsonl row 2, column {column}: {what} is not read: write"):
        read_labelled(path)


@pytest.mark.parametrize("name", ["file:rows.jsonl", "file:rows.parquet", "fb:may.parquet"])
def test_a_name_that_looks_like_a_url_is_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    table(tmp_path / name, text=TEXTS)
    assert read_labelled(Path(name)).text.tolist() == TEXTS


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Honestly, too few holds,negative", "3 cells where the header has 2"),
        ("too few holds", "1 cell where the header has 2"),
        ('"too few" holds,"negative', "a quote inside a quoted cell is not doubled"),
    ],
)
def test_a_row_with_other_cells_than_the_header_is_told(
    tmp_path: Path, row: str, told: str, first: bool
) -> None:
    rows = [f"too few holds {number},negative" for number in range(20)]
    rows.insert(0 if first else 6, row)
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(["text,sentiment", *rows]) + "\n", encoding="utf-8")
    with pytest.raises(
        InputError,
        match=rf"rows\.csv row {1 if first else 7}: {told}; a text that holds the separator stands in",
    ):
        read_labelled(path)


@pytest.mark.parametrize("header", ["text,sentiment", "text,sentiment,"])
def test_empty_cells_at_the_end_of_all_rows_shift_nothing(tmp_path: Path, header: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f'{header}\n"Honestly, too few",negative,\ntoo many,positive,\n', encoding="utf-8")
    rows = read_labelled(path)
    assert rows.text.tolist() == ["Honestly, too few", "too many"]
    assert rows.sentiment.tolist() == ["negative", "positive"]


def test_a_table_of_another_separator_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("sep=;\ntext;weight\nfew;2\n".replace("text", "degree;text").replace("few", "none;few"))
    rows = read_labelled(path)
    assert (rows.text.tolist(), rows.degree.tolist(), rows.weight.tolist()) == (["few"], ["none"], [2.0])


def test_what_training_does_not_read_moves_no_row_and_each_order_of_the_file_is_one(tmp_path: Path) -> None:
    rows = read_labelled(table(tmp_path / "rows.jsonl", text=["b", "a", "a"], weight=[1.0, 3.0, 2.0]))
    shuffled = rows.sample(frac=1, random_state=1)
    assert in_their_own_order(rows).equals(in_their_own_order(shuffled))
    named = rows.assign(source=["x", "z", "y"], lang=["vi", "vi", "en"])
    assert in_their_own_order(named).weight.tolist() == in_their_own_order(rows).weight.tolist() == [2, 3, 1]


@FILES
def test_languages_are_primary_tags_and_those_that_nobody_tells_are_found(tmp_path: Path, name: str) -> None:
    tags = ["EN", "en-US", "pt_BR", "und", "Thai", None]
    texts = ["a", "b", "c", "案例太多了", "กรณีศึกษามากเกินไป", "42"]
    rows = read_labelled(table(tmp_path / name, text=texts, lang=tags))
    assert rows.lang.tolist() == ["en", "en", "pt", "zh", "th", "und"]
    assert read_labelled(table(tmp_path / f"no_{name}", text=texts[3:])).lang.tolist() == ["zh", "th", "und"]
