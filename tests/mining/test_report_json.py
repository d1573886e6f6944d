import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from data.errors import WriteError
from mining.evidence import share_of
from mining.report_json import report_dict, write_json
from mining.results import Crowd, Mining
from tests.mining.report_schema import SCHEMA
from tests.mining.report_world import MODEL, empty_world, world

MOMENT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def written(tmp_path: Path, mining: Mining) -> Any:
    path = tmp_path / "report.json"
    write_json(path, mining, MODEL, created_at=MOMENT)
    return json.loads(path.read_text(encoding="utf-8"))


def without_unknown_fields(schema: Any) -> Any:
    """The published schema lets later versions add fields; ours must hold none that it does not describe."""
    if isinstance(schema, dict):
        closed = {key: without_unknown_fields(value) for key, value in schema.items()}
        if "required" in closed:
            closed["additionalProperties"] = False
        return closed
    return [without_unknown_fields(part) for part in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("mining", [world(), empty_world()], ids=["full", "empty"])
def test_the_file_has_exactly_the_fields_of_the_published_schema(tmp_path: Path, mining: Mining) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(
        written(tmp_path, mining), without_unknown_fields(SCHEMA), jsonschema.Draft202012Validator
    )


def test_the_schema_refuses_a_verdict_that_does_not_exist(tmp_path: Path) -> None:
    report = written(tmp_path, world())
    report["oppositions"][0]["verdict"] = "everybody_agrees"
    with pytest.raises(jsonschema.ValidationError, match="everybody_agrees"):
        jsonschema.validate(report, SCHEMA)


def test_an_opposition_says_what_was_counted(tmp_path: Path) -> None:
    first = written(tmp_path, world())["oppositions"][0]
    assert (first["label"], first["kind"], first["verdict"]) == ("examples", "degree", "split")
    few, many = first["sides"]
    assert (few["label"], few["people"], few["of"]) == ("too_little", 96, 181)
    assert few["share"] == pytest.approx(96 / 181, abs=1e-6)
    assert first["both"] == 0
    assert few["interval"][0] < few["share"] < few["interval"][1]
    assert few["corrected_share"] is None
    assert few["corrected_interval"] is None
    assert len(many["members"]) == 88


def test_examples_come_back_verbatim_with_their_offsets(tmp_path: Path) -> None:
    for opposition, mined in zip(written(tmp_path, world())["oppositions"], world().oppositions, strict=True):
        for side, expected in zip(opposition["sides"], mined.sides, strict=True):
            assert [example["text"] for example in side["examples"]] == [e.text for e in expected.examples]
            assert all(len(e["text"]) == e["end"] - e["start"] for e in side["examples"])


def test_two_writings_differ_in_created_at_alone(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.json", "b.json", "later.json")]
    for path, moment in zip(paths, (MOMENT, MOMENT, MOMENT.replace(day=3)), strict=True):
        write_json(path, world(), MODEL, created_at=moment)
    first, second, later = (path.read_bytes() for path in paths)
    assert first == second
    changed = [one for one, other in zip(first.splitlines(), later.splitlines(), strict=True) if one != other]
    assert changed == [b' "created_at": "2026-11-02T09:30:00+00:00",']


def test_the_order_of_counts_does_not_change_the_bytes(tmp_path: Path) -> None:
    mining = world()
    turned = replace(
        mining,
        unassigned=dict(reversed(mining.unassigned.items())),
        data=replace(mining.data, languages=dict(reversed(mining.data.languages.items()))),
    )
    assert json.dumps(report_dict(mining, MODEL)) == json.dumps(report_dict(turned, MODEL))


def test_half_a_surrogate_pair_and_a_missing_number_still_make_valid_json(tmp_path: Path) -> None:
    mining = world()
    opposition = replace(mining.oppositions[0], label="broken \ud83d emoji", p_value=math.nan)
    first = written(tmp_path, replace(mining, oppositions=(opposition,)))["oppositions"][0]
    assert first["label"] == "broken \ud83d emoji"
    assert first["p_value"] is None


def test_a_failed_write_leaves_the_old_report_and_no_scraps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("data.writing.os.fsync", refuse)
    with pytest.raises(WriteError, match="disk full"):
        write_json(path, world(), MODEL)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_crowd_is_told_with_its_share(tmp_path: Path) -> None:
    report = written(tmp_path, replace(world(), crowd=Crowd(cause_id="c-0001", share=share_of(170, 381))))
    jsonschema.validate(report, without_unknown_fields(SCHEMA), jsonschema.Draft202012Validator)
    crowd = report["crowd"]
    assert (crowd["cause_id"], crowd["people"], crowd["of"]) == ("c-0001", 170, 381)
    assert crowd["interval"][0] < crowd["share"] < crowd["interval"][1]
    assert written(tmp_path, world())["crowd"] is None
