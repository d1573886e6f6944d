"""The tables for a spreadsheet: every figure with its k of n, and no formula in them."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from mining.report_csv import CSV_NAMES, write_csv_tables
from mining.results import Mining
from tests.mining.report_world import empty_world, world


def tables(folder: Path, mining: Mining) -> dict[str, list[dict[str, str]]]:
    write_csv_tables(folder, mining)
    return {
        name: list(csv.DictReader((folder / name).read_text(encoding="utf-8").splitlines()))
        for name in CSV_NAMES
    }


def test_every_figure_is_there_with_its_people(tmp_path: Path) -> None:
    mining = world()
    found = tables(tmp_path, mining)
    causes = {row["id"]: row for row in found["causes.csv"]}
    assert len(causes) == len(mining.causes)
    late = causes["c-0006"]
    assert (late["people"], late["of"], late["complaint"], late["too_much"]) == ("174", "2133", "171", "0")
    assert (late["trend"], late["change_per_month"], late["emerging"]) == ("rising", "1.12", "True")
    assert (late["recent_people"], late["recent_of"]) == ("90", "600")
    assert causes["c-0011"]["trend"] == causes["c-0011"]["fano"] == ""
    first = found["oppositions.csv"][0]
    assert (first["side_a"], first["people_a"], first["of_b"], first["verdict"]) == (
        "too_little",
        "96",
        "181",
        "split",
    )
    assert len(found["trend.csv"]) == 12 * sum(cause.timing.trend is not None for cause in mining.causes)
    assert [row["rank"] for row in found["drivers.csv"]] == ["1", "2", "2"]
    assert found["drivers.csv"][0]["label"] == "late delivery"


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x")', "+1", "-1+1|cmd", "@SUM(A1)", "\t=1", "half \ud83d"]
)
def test_strangers_write_no_formulas(tmp_path: Path, text: str) -> None:
    mining = world()
    hostile = replace(
        mining,
        causes=tuple(replace(cause, label=text) for cause in mining.causes),
        oppositions=tuple(replace(one, label=text) for one in mining.oppositions),
        drivers=None if mining.drivers is None else replace(mining.drivers, outcome=text),
    )
    for rows in tables(tmp_path, hostile).values():
        for row in rows:
            words = [value for key, value in row.items() if key in ("label", "outcome")]
            assert words
            assert not any(value.startswith(("=", "+", "-", "@", "\t")) for value in words)


def test_nothing_found_leaves_headers(tmp_path: Path) -> None:
    assert all(rows == [] for rows in tables(tmp_path, empty_world()).values())
    assert (tmp_path / "trend.csv").read_text(encoding="utf-8").startswith("cause_id,label,period,people,of,")
