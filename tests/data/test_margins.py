"""Known shares of the customers."""

from pathlib import Path
from unicodedata import normalize

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import ColumnError, InputError
from data.margins import Margins, check_margins, read_margins, told_of
from data.records import Feedback
from serving.version import ROOT


def written(folder: Path, *lines: str) -> Path:
    path = folder / "margins.csv"
    path.write_text("\n".join(("column,value,share", *lines)) + "\n", encoding="utf-8")
    return path


def test_the_sample_is_read() -> None:
    found = read_margins(ROOT / "data" / "sample" / "margins.csv")
    assert found.shares["plan"] == {"family": 0.2, "solo": 0.65, "team": 0.15}
    assert list(found.shares) == ["plan", "region"]


def test_rounded_shares_are_scaled_to_one(tmp_path: Path) -> None:
    found = read_margins(written(tmp_path, "plan,a,0.333", "plan,b,0.333", "plan,c,0.333"))
    assert sum(found.shares["plan"].values()) == pytest.approx(1)


def test_numbers_as_values_are_those_that_feedback_has(tmp_path: Path) -> None:
    columns = {"column": ["seats", "seats"], "value": [1.0, 2.5], "share": [0.5, 0.5]}
    pq.write_table(pa.table(columns), tmp_path / "margins.parquet")
    assert read_margins(tmp_path / "margins.parquet").shares == {"seats": {"1": 0.5, "2.5": 0.5}}


def test_names_that_look_the_same_are_the_same(tmp_path: Path) -> None:
    found = read_margins(written(tmp_path, normalize("NFD", "Gói tập,Gói năm,0.5"), "Gói tập,Gói tháng,0.5"))
    assert found.shares == {"Gói tập": {"Gói năm": 0.5, "Gói tháng": 0.5}}


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("plan,a,0.5", "plan,b,0.4"), "shares of 'plan' sum to 0.9; they must sum to 1"),
        (("plan,a,45", "plan,b,55"), "row 1 of margins.csv: share is '45'; a number above 0 and up to 1"),
        (("plan,a,0", "plan,b,1"), "share is '0'"),
        (("plan,a,nan",), "share is 'nan'"),
        (("plan,a,half",), "share is 'half'"),
        (("plan,a,0.5", "plan,a,0.5"), "row 2 of margins.csv: plan 'a' stands there twice"),
        (("plan,,1",), "row 1 of margins.csv: value is empty"),
        (("plan,a,1,2",), "row 1 of margins.csv"),
        ((), "has no rows"),
    ],
)
def test_a_bad_file_is_told(tmp_path: Path, lines: tuple[str, ...], reason: str) -> None:
    with pytest.raises(InputError, match=reason.replace(".", r"\.")):
        read_margins(written(tmp_path, *lines))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "margins.csv"
    path.write_text("column,value\nplan,a\n", encoding="utf-8")
    with pytest.raises(ColumnError, match="has no column 'share'; it needs column, value, share"):
        read_margins(path)


def test_a_message_tells_segments_source_channel_and_language() -> None:
    message = Feedback(
        id="1", text="x", source="email", language="und", segments={"plan": "solo", "tier": ""}
    )
    assert told_of(message) == {"plan": "solo", "source": "email"}


@pytest.mark.parametrize(
    ("shares", "reason"),
    [
        ({"tier": {"gold": 1.0}}, "nobody has a 'tier'; known of those who write: plan, source"),
        ({"plan": {"solo": 0.5, "team": 0.2, "max": 0.3}}, "plan 'max' is 30 % of the customers and nobody"),
        ({"plan": {"solo": 1.0}}, "plan names no share of 'team', which 1 of those who wrote have"),
    ],
)
def test_margins_of_others_than_those_who_wrote(shares: dict[str, dict[str, float]], reason: str) -> None:
    told = [{"plan": "solo", "source": "email"}, {"plan": "team"}, {}]
    with pytest.raises(InputError, match=reason):
        check_margins(Margins(shares, "margins.csv"), told)
