"""The committed sample is what ``python -m data.sample.build`` gives, and it holds what it says."""

import csv
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from data.language import identify
from data.reading import ReadResult, read_feedback
from data.sample.build import FOLDER, build


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    shutil.copytree(FOLDER / "texts", folder / "texts")
    build(folder)
    return folder


@pytest.fixture(scope="module")
def truth(built: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((built / "truth.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def sample(built: Path) -> ReadResult:
    return read_feedback(built / "feedback.csv")


@pytest.mark.parametrize(
    "name", ["feedback.csv", "customers.csv", "beliefs.csv", "margins.csv", "truth.json"]
)
def test_the_committed_files_are_built_from_the_texts(built: Path, name: str) -> None:
    assert (FOLDER / name).read_bytes() == (built / name).read_bytes()


def test_it_is_read_whole(sample: ReadResult) -> None:
    assert sample.rows >= 2400
    assert sample.rejections == ()
    assert sample.notes == ()
    assert sample.columns.segments == ("product", "plan", "region")
    assert len({(feedback.segments["product"], feedback.text) for feedback in sample.feedback}) == sample.rows
    assert len({feedback.source for feedback in sample.feedback}) == 6
    months = Counter(f"{feedback.created_at:%Y-%m}" for feedback in sample.feedback if feedback.created_at)
    assert (min(months), max(months), len(months)) == ("2025-11", "2026-10", 12)


def test_languages_are_identified(sample: ReadResult, truth: dict[str, Any]) -> None:
    found = identify([feedback.text for feedback in sample.feedback])
    told = [truth["languages"][feedback.id] for feedback in sample.feedback]
    assert len(Counter(told)) >= 10
    assert sum(a != b for a, b in zip(found, told, strict=True)) <= 0.02 * len(told)


def test_planted_sides_are_people(sample: ReadResult, truth: dict[str, Any]) -> None:
    author = {feedback.id: feedback.author or feedback.id for feedback in sample.feedback}
    assert len(truth["causes"]) >= 8
    assert [opposition["cause"] for opposition in truth["oppositions"]] == [
        "examples", "alerts", "chime", "portions", "couriers"]  # fmt: skip
    for opposition in truth["oppositions"]:
        sides = truth["causes"][opposition["cause"]]["sides"]
        people = [len({author[member] for member in sides[side]}) for side in opposition["sides"]]
        assert min(people) >= 25
        if opposition["cause"] == "alerts":
            assert people[0] > 8 * people[1]
            assert len(sides["too_much"]) > 3 * people[1]


def test_a_segment_explains_the_portions(sample: ReadResult, truth: dict[str, Any]) -> None:
    plan = {feedback.id: feedback.segments["plan"] for feedback in sample.feedback}
    (told,) = [opposition["segment"] for opposition in truth["oppositions"] if opposition["segment"]]
    for side in ("too_little", "too_much"):
        members = truth["causes"]["portions"]["sides"][side]
        assert sum(plan[member] == told[side] for member in members) > 0.9 * len(members)


def test_bursts_and_the_systemic_cause(sample: ReadResult, truth: dict[str, Any]) -> None:
    day = {feedback.id: f"{feedback.created_at:%Y-%m-%d}" for feedback in sample.feedback}
    members = {
        cause: [member for side in told["sides"].values() for member in side]
        for cause, told in truth["causes"].items()
    }
    for burst in truth["bursts"]:
        days = [day[member] for member in members[burst["cause"]]]
        assert sum(burst["from"] <= found <= burst["to"] for found in days) > 0.75 * len(days)
    for cause in truth["systemic"]:
        months = Counter(day[member][:7] for member in members[cause])
        assert len(months) == 12
        assert max(months.values()) < 2 * min(months.values())


def test_a_mended_cause_is_hardly_written_of(sample: ReadResult, truth: dict[str, Any]) -> None:
    day = {feedback.id: f"{feedback.created_at:%Y-%m-%d}" for feedback in sample.feedback}
    for fix in truth["fixes"]:
        if fix["expected_verdict"] not in ("fixed", "came_back"):
            continue
        members = [m for side in truth["causes"][fix["cause"]]["sides"].values() for m in side]
        mended = [fix["day"] <= day[member] < (fix["came_back"] or "9") for member in members]
        assert sum(mended) < 0.1 * len(members)
        assert sum(day[member] < fix["day"] for member in members) > 0.4 * len(members)
        if fix["came_back"]:
            assert sum(day[member] >= fix["came_back"] for member in members) > 0.3 * len(members)


def test_customers_are_the_named_authors_and_leave_after_they_wrote(
    built: Path, sample: ReadResult, truth: dict[str, Any]
) -> None:
    with (built / "customers.csv").open(encoding="utf-8", newline="") as file:
        customers = {row["author"]: row for row in csv.DictReader(file)}
    last: dict[str, str] = {}
    for message in sample.feedback:
        if message.author and message.created_at:
            last[message.author] = max(last.get(message.author, ""), f"{message.created_at:%Y-%m-%d}")
    assert set(customers) == set(last)
    assert all(not row["left_on"] or row["left_on"] > last[name] for name, row in customers.items())
    author = {feedback.id: feedback.author for feedback in sample.feedback}
    gone = {
        cause: [bool(customers[name]["left_on"]) for m in members if (name := author[m]) is not None]
        for cause in ("late", "stories")
        for members in truth["causes"][cause]["sides"].values()
    }
    assert sum(gone["late"]) / len(gone["late"]) > 3 * sum(gone["stories"]) / len(gone["stories"])


def test_beliefs_have_the_planted_answer(built: Path, truth: dict[str, Any]) -> None:
    with (built / "beliefs.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["topic"], float(row["share"]), row["by"]) for row in csv.DictReader(file)]
    assert rows == [(told["topic"], told["share"], told["by"]) for told in truth["beliefs"]]
    for told in truth["beliefs"]:
        gap = told["people"] / told["of"] - told["share"]
        near = {"knew": abs(gap) < 0.01, "underrated": gap > 0.1, "overrated": gap < -0.1}
        assert near[told["planted_verdict"]]
        assert told["expected_verdict"] in (told["planted_verdict"], "cannot_tell")


def test_campaigns_and_loose_messages(sample: ReadResult, truth: dict[str, Any]) -> None:
    author = {feedback.id: feedback.author for feedback in sample.feedback}
    for campaign in truth["campaigns"]:
        assert len({author[member] for member in campaign}) == len(campaign) == 12
        assert set(campaign) <= set(truth["spam"])
    planted = {
        member for told in truth["causes"].values() for side in told["sides"].values() for member in side
    }
    for kind in ("noise", "spam", "anecdotes"):
        assert truth[kind]
        assert not planted & set(truth[kind])
