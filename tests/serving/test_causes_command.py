"""``countervoice causes``: from a mining over edits to the next mining and to the service, through the command line."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pandas as pd
import pyarrow.compute as pc
import pytest

import models.checkpoint
from mining.register import PEOPLE, open_register
from serving import cli
from serving.causes_command import causes
from serving.engine import Engine
from serving.state import journal_in, read_state
from serving.version import ROOT
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv
from tests.serving.subjectless import without_subject

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, command_line: Run) -> Run:
    """The command line in this process, over keywords instead of a network: exit code, output, errors."""
    monkeypatch.setattr(
        models.checkpoint, "load_predictor", lambda folder=None, *, runtime="auto": KeywordPredictor()
    )
    monkeypatch.setenv("COLUMNS", "120")
    return command_line


def report(out: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return read


def causes_of(out: Path) -> dict[str, dict[str, Any]]:
    return {cause["id"]: cause for cause in report(out)["causes"]}


def cause_with(out: Path, feedback_id: str) -> str:
    return next(cause["id"] for cause in report(out)["causes"] if feedback_id in cause["members"])


def first_row(word: str) -> str:
    return next(row[0] for row in rows() if word in row[2])


def test_edits_survive_more_rows_and_another_order(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out"
    some = [row for number, row in enumerate(rows()) if number % 6]
    assert run("mine", write_csv(source, some), "--out", out)[0] == 0
    examples = cause_with(out, first_row("Too few examples"))
    couriers = cause_with(out, first_row("was rude"))
    alerts = cause_with(out, first_row("Too many alerts"))
    moved = next(row[0] for row in some if "was rude" in row[2])
    people = {cause: found["people"] for cause, found in causes_of(out).items()}

    where = ("--state", out)
    for call in (
        ("rename", examples, "Worked examples"),
        ("merge", couriers, alerts),
        ("move", moved, examples),
        ("split", examples, "--containing", "case stud", "--name", "Case studies"),
    ):
        code, shown, said = run("causes", *call, *where)
        assert (code, shown) == (0, ""), said
    assert causes_of(out)[examples]["label"] != "Worked examples", (
        "a report changes with the next mining only"
    )
    asked = Engine(read_state(out), KeywordPredictor())
    assert asked.served.causes[examples]["label"] == "Worked examples", (
        "the service shows names at its next start"
    )

    for lines in (rows(), rows()[::-1]):
        assert run("mine", write_csv(source, lines), "--out", out)[0] == 0
        found = causes_of(out)
        assert found[examples]["label"] == "Worked examples"
        assert couriers not in found
        assert found[alerts]["people"] >= people[alerts] + people[couriers] - 1
        assert moved in found[examples]["members"]
        (new,) = (cause for cause in found.values() if cause["label"] == "Case studies")
        assert first_row("case studies") in new["members"]
        assert first_row("Too few examples") not in new["members"]
    labels = {o["cause_id"]: o["label"] for o in report(out)["oppositions"]}
    assert all(labels[cause] == found[cause]["label"] for cause in labels)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Worked examples" in page

    code, shown, _ = run("causes", "list", *where)
    assert code == 0
    assert "Worked examples" in shown
    assert couriers not in shown
    code, shown, _ = run("causes", "list", "--all", *where)
    assert f"merged into {alerts}" in shown
    code, shown, _ = run("causes", "show", examples, *where)
    assert "Worked examples" in shown
    assert "split off" in shown
    code, shown, _ = run("causes", "history", *where)
    kinds = ["born", "named", "merged into", "moved here", "split off"]
    assert [shown.index(kind) for kind in kinds] == sorted(shown.index(kind) for kind in kinds)


def test_hide_and_unhide(run: Run, tmp_path: Path) -> None:
    source, out = write_csv(tmp_path / "in.csv", rows()), tmp_path / "out"
    run("mine", source, "--out", out)
    before = report(out)
    couriers = cause_with(out, first_row("was rude"))
    assert run("causes", "hide", couriers, "--state", out)[0] == 0
    run("mine", source, "--out", out)
    assert couriers not in causes_of(out)
    assert report(out)["unassigned"]["in a hidden cause"] > 0
    answer = asyncio.run(
        Engine(read_state(out), KeywordPredictor()).classify(["The courier in Riga was rude"])
    )
    assert answer[0]["statements"][0]["cause"] is None
    assert run("causes", "unhide", couriers, "--state", out)[0] == 0
    run("mine", source, "--out", out)
    after = report(out)
    assert {**after, "created_at": ""} == {**before, "created_at": ""}


def test_a_cause_of_no_one_subject_says_so_under_any_name(run: Run, tmp_path: Path) -> None:
    source, out = write_csv(tmp_path / "in.csv", rows()), tmp_path / "out"
    run("mine", source, "--out", out)
    vague, named = (cause_with(out, first_row(words)) for words in ("was rude", "Too few examples"))
    assert "no one subject" not in run("causes", "list", "--state", out)[1]
    without_subject(out, vague)
    for name in (causes_of(out)[vague]["label"], "Riders"):
        shown = run("causes", "list", "--state", out)[1]
        (line,) = (line for line in shown.splitlines() if vague in line)
        assert f"{name} (no one subject)" in line
        assert shown.count("no one subject") == 1
        assert f"{vague}  {name} (no one subject)" in run("causes", "show", vague, "--state", out)[1]
        assert "no one subject" not in run("causes", "show", named, "--state", out)[1]
        run("causes", "rename", vague, "Riders", "--state", out)
    (out / "state").rename(out / "elsewhere")
    code, shown, _ = run("causes", "list", "--state", out)
    assert (code, "Riders" in shown, "no one subject" in shown) == (0, True, False)


def test_runs_and_orders_give_the_same_bytes_but_for_the_time(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written = []
    for lines in (rows(), rows(), rows()[::-1]):
        run("mine", write_csv(tmp_path / "in.csv", lines), "--out", out)
        text = (out / "report.json").read_text(encoding="utf-8")
        written.append([line for line in text.splitlines() if '"created_at"' not in line])
    assert written[0] == written[1] == written[2]


def test_a_register_may_lie_elsewhere(run: Run, tmp_path: Path) -> None:
    source, register = write_csv(tmp_path / "in.csv", rows()), tmp_path / "kept" / "books.db"
    run("mine", source, "--out", tmp_path / "one", "--register", register)
    assert not (tmp_path / "one" / "causes.db").exists()
    cause = cause_with(tmp_path / "one", first_row("was rude"))
    assert run("causes", "rename", cause, "Riders", "--register", register)[0] == 0
    run("mine", source, "--out", tmp_path / "two", "--register", register)
    assert causes_of(tmp_path / "two")[cause]["label"] == "Riders"


def test_a_split_says_how_many_statements_it_names(run: Run, tmp_path: Path) -> None:
    out, where = tmp_path / "out", ("--state", tmp_path / "out")
    run("mine", write_csv(tmp_path / "in.csv", rows()), "--out", out)
    examples, couriers = (cause_with(out, first_row(words)) for words in ("Too few examples", "was rude"))
    of = causes_of(out)[examples]["statements"]
    _, _, said = run("causes", "split", examples, "--containing", "CASE  stud", *where)
    held = sum("case studies" in row[2] for row in rows())
    assert f"{held} of {of} statements of {examples} in the last mining hold a phrase" in said
    assert " % of them" not in said

    _, _, said = run(
        "causes", "split", examples, *[f"--containing={letter}" for letter in "aāาi关i于讲"], *where
    )
    assert "% of them" in said
    assert f"`countervoice causes merge {said.split()[1]} {examples}`" in said

    rude = next(row[0] for row in rows() if "The courier in" in row[2] and "was rude" in row[2])
    split_off = ("causes", "split", examples, "--containing", "was rude")
    code, shown, said = run(*split_off, *where)
    assert (code, shown) == (1, "")
    assert f"none of the {of} statements of {examples} in the last mining holds a phrase" in said
    run("causes", "move", rude, examples, *where)
    assert f"1 of {of + 1} statements of {examples}" in run(*split_off, *where)[2]
    run("causes", "merge", couriers, examples, *where)
    assert run(*split_off, *where)[0] == 0
    code, _, said = run("causes", "split", examples, "--statement", first_row("Too many alerts"), *where)
    assert (code, "holds a phrase or is named" in said) == (1, True)


def test_a_split_that_makes_no_cause_is_told_before_and_after(run: Run, tmp_path: Path) -> None:
    out, where = tmp_path / "out", ("--state", tmp_path / "out")
    source = write_csv(tmp_path / "in.csv", rows())
    assert "was split off" not in run("mine", source, "--out", out)[2]
    cause = cause_with(out, first_row("Too few examples"))
    _, _, said = run(
        "causes", "split", cause, "--statement", first_row("Too few examples"), "--name", "One", *where
    )
    new = said.split()[1]
    assert f"that is 1 person, and a cause needs 6: {new} becomes one only" in said
    run("causes", "move", first_row("Too few examples"), cause, *where)
    assert f"{new} “One” was split off {cause} and is no cause yet: too few people" in " ".join(
        run("mine", source, "--out", out)[2].split()
    )
    run("causes", "merge", new, cause, *where)
    assert "was split off" not in run("mine", source, "--out", out)[2]


def test_a_split_without_the_words_of_the_mining_takes_any_phrase(run: Run, tmp_path: Path) -> None:
    register = tmp_path / "kept" / "books.db"
    run("mine", write_csv(tmp_path / "in.csv", rows()), "--out", tmp_path / "out", "--register", register)
    (tmp_path / "out" / "state" / "journal.parquet").unlink()
    for state in (tmp_path / "out", tmp_path / "nowhere"):
        call = ("split", "c-0001", "--containing", "xyzzy", "--state", state, "--register", register)
        code, _, said = run("causes", *call)
        assert (code, "will be split off c-0001" in said, "last mining" in said) == (0, True, False)


def test_a_narrow_terminal_keeps_causes_and_breaks_no_state(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    run("mine", write_csv(tmp_path / "in.csv", rows()), "--out", out)
    for width in ("72", "60", "40"):
        monkeypatch.setenv("COLUMNS", width)
        shown = run("causes", "list", "--state", out)[1]
        assert "c-0003" in shown
        assert {"Cause", "People", "State", causes_of(out)["c-0003"]["label"]} <= set(shown.split())
        assert "…" not in shown
    run("causes", "split", "c-0001", "--containing", "a", "--name", "Of the words " * 8, "--state", out)
    run("causes", "merge", "c-0002", "c-0003", "--state", out)
    for width in ("80", "72"):
        monkeypatch.setenv("COLUMNS", width)
        words = run("causes", "list", "--all", "--state", out)[1].split()
        assert {"waiting", "merged", "found", "c-0003"} <= set(words)


def test_whoever_reads_only_the_first_line_is_no_error(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("mine", write_csv(tmp_path / "in.csv", rows()), "--out", out)
    for arguments in (["causes", "list", "--state", out], ["--help"]):
        reads, writes = os.pipe()
        os.close(reads)
        command = [sys.executable, ROOT / "countervoice.py", *arguments]
        done = subprocess.run(command, stdout=writes, stderr=subprocess.PIPE, encoding="utf-8")
        os.close(writes)
        assert (done.returncode, done.stderr) == (141, "")


def test_the_answer_follows_a_moved_text(run: Run, tmp_path: Path) -> None:
    source, out = write_csv(tmp_path / "in.csv", rows()), tmp_path / "out"
    run("mine", source, "--out", out)
    text = "The courier in Riga was rude"
    moved = first_row(text)
    target = cause_with(out, first_row("Too many alerts"))
    run("causes", "move", moved, target, "--state", out)
    run("mine", source, "--out", out)
    engine = Engine(read_state(out), KeywordPredictor())
    here, there = asyncio.run(engine.classify([text, text.replace("Riga", "Leeds")]))
    assert here["statements"][0]["cause"]["id"] == target
    assert there["statements"][0]["cause"]["id"] != target


def test_a_statement_counts_as_people_read_it_and_is_answered_so(run: Run, tmp_path: Path) -> None:
    source, out = write_csv(tmp_path / "in.csv", rows()), tmp_path / "out"
    run("mine", source, "--out", out)
    text = next(row[2] for row in rows() if "Too few examples" in row[2])
    misread = first_row("Too few examples")
    cause = cause_with(out, misread)
    assert misread in members_on(out, cause, "too_little")
    code, shown, said = run("causes", "side", misread, "too_much", "--state", out)
    assert (code, shown) == (0, "")
    assert said.startswith(f"countervoice: {misread}#1 will be read as too much\n")
    assert misread in members_on(out, cause, "too_little"), "a report changes with the next mining only"

    found = {cause: each["members"] for cause, each in causes_of(out).items()}
    for lines in (rows(), rows()[::-1]):
        assert run("mine", write_csv(source, lines), "--out", out)[0] == 0
        assert {cause: each["members"] for cause, each in causes_of(out).items()} == found
        assert misread in members_on(out, cause, "too_much")
        assert misread not in members_on(out, cause, "too_little")
    engine = Engine(read_state(out), KeywordPredictor())
    here, there = asyncio.run(engine.classify([text, "Too few examples for teachers"]))
    (answer,), (other,) = here["statements"], there["statements"]
    assert (answer["degree"]["label"], answer["side"]["label"]) == ("too_much", "too_much")
    assert answer["counter"]["label"] == "too_little"
    assert (other["degree"]["label"], other["side"]["label"]) == ("too_little", "too_little")
    assert journal_in(out).table.filter(pc.field("feedback_id") == misread)["side"].to_pylist() == [
        "too_much"
    ]
    assert f"{misread}#1 read as too much" in run("causes", "history", cause, "--state", out)[1]

    run("causes", "side", misread, "as_read", "--state", out)
    run("mine", source, "--out", out)
    assert misread in members_on(out, cause, "too_little")
    assert "read by the model again" in " ".join(run("causes", "history", "--state", out)[1].split())


def test_what_people_read_is_written_as_labelled_rows(run: Run, tmp_path: Path) -> None:
    source, out, labelled = (
        write_csv(tmp_path / "in.csv", rows()),
        tmp_path / "out",
        tmp_path / "labelled.csv",
    )
    run("mine", source, "--out", out)
    few, rude = first_row("Too few examples"), first_row("was rude")
    for statement, side in ((few, "praise"), (few, "neither"), (rude, "too_little")):
        run("causes", "side", statement, side, "--state", out)
    code, _, said = run("causes", "readings", "--out", labelled, "--state", out)
    assert (code, f"2 statements that people read: {labelled}" in said) == (0, True)
    found = pd.read_csv(labelled, keep_default_na=False).set_index("text")
    texts = {row[0]: row[2] for row in rows()}
    assert found.loc[texts[few]].tolist() == ["en", "neutral", "none"]
    assert found.loc[texts[rude]].tolist() == ["en", "negative", "too_little"]

    run("mine", write_csv(source, [row for row in rows() if row[0] != few]), "--out", out)
    said = run("causes", "readings", "--out", labelled, "--state", out)[2]
    assert "1 other of earlier minings: the last one has not their words" in " ".join(said.split())
    assert len(pd.read_csv(labelled)) == 1


def members_on(out: Path, cause: str, side: str) -> list[str]:
    (found,) = (
        each
        for opposition in report(out)["oppositions"]
        if (opposition["cause_id"], opposition["kind"]) == (cause, "degree")
        for each in opposition["sides"]
        if each["label"] == side
    )
    members: list[str] = found["members"]
    return members


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "c-0099"], "no cause 'c-0099'"),
        (["history", "c-0099"], "no cause 'c-0099'"),
        (["rename", "c-0001", " "], "a name is one line of 1 to 120"),
        (["rename", "c-0001", "a\x1b[2Jb"], "printable"),
        (["rename", "c-0001", "x" * 121], "1 to 120"),
        (["merge", "c-0001", "c-0001"], "into itself"),
        (["merge", "c-0001", "c-0099"], "no cause 'c-0099'"),
        (["merge", "c-0002", "c-0001"], "c-0002 was merged into c-0003: name c-0003"),
        (["split", "c-0001"], "needs something to go by"),
        (["split", "c-0001", "--containing", " "], "needs something to go by"),
        (["split", "c-0001", "--statement", "nobody"], "no statement 'nobody'"),
        (["split", "c-0001", "--containing", "xyzzy"], "in the last mining holds a phrase"),
        (["cost", "c-0001", "1e308"], "above 0 and up to 1,000,000"),
        (["cost", "c-0001", "0"], "above 0 and up to 1,000,000"),
        (["cost", "c-0001", "nan"], "above 0 and up to 1,000,000"),
        (["unhide", "c-0001"], "c-0001 is not hidden"),
        (["move", "nobody", "c-0001"], "no statement 'nobody'"),
        (["side", "nobody", "praise"], "no statement 'nobody'"),
        (["side", first_row("was rude"), "as_read"], "nobody has said how"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_changes_nothing(
    run: Run, mined: Path, arguments: list[str], message: str
) -> None:
    before = (mined / "causes.db").read_bytes()
    code, shown, said = run("causes", *arguments, "--state", mined)
    assert (code, shown) == (1, "")
    assert said.startswith("countervoice: ")
    assert message in said
    assert len(said.splitlines()) == 1
    assert (mined / "causes.db").read_bytes() == before


@pytest.fixture(scope="module")
def mined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from mining.edits import merge
    from mining.register import open_register
    from serving.mining_run import mine_file

    folder = tmp_path_factory.mktemp("mined")
    mine_file(write_csv(folder / "in.csv", rows()), folder / "out", KeywordPredictor(), columns={})
    with open_register(folder / "out" / "causes.db") as register:
        merge(register, "c-0002", "c-0003")
    return folder / "out"


def test_without_a_mining_there_is_nothing_to_edit(run: Run, tmp_path: Path) -> None:
    for arguments in (["list"], ["rename", "c-0001", "x"]):
        code, _, said = run("causes", *arguments, "--state", tmp_path)
        assert code == 1
        assert f"no mining in {tmp_path}: run `countervoice mine FILE --out" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["rename", "c-0001"], ["merge"], ["nothing"], ["list", "--wrong"]])
def test_wrong_usage_is_2(run: Run, arguments: list[str]) -> None:
    code, _, said = run("causes", *arguments)
    assert code == 2
    assert "Traceback" not in said


@pytest.mark.parametrize("name", list(causes.commands))
def test_every_command_shows_an_example(run: Run, name: str) -> None:
    code, shown, _ = run("causes", name, "--help")
    assert code == 0
    assert f"countervoice causes {name}" in shown


def test_the_line_shown_for_the_group_is_its_own() -> None:
    command = cli.cli.get_command(click.Context(cli.cli), "causes")
    assert command is not None
    assert command.get_short_help_str(90) == cli.CAUSES["causes"].help


def test_a_cost_is_told_in_the_history_and_counts_at_the_next_mining(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("mine", write_csv(tmp_path / "in.csv", rows()), "--out", out)[0] == 0
    cause = cause_with(out, first_row("was rude"))
    code, _, said = run("causes", "cost", cause, "12.5", "--state", out)
    assert (code, f"one case of {cause} costs 12.5" in said) == (0, True)
    assert "one case costs 12.5" in run("causes", "history", cause, "--state", out)[1]
    for wrong in ("0", "-5", "-12.50", "inf", "nan"):
        code, _, said = run("causes", "cost", cause, wrong, "--state", out)
        assert (code, "give an amount above 0" in said) == (1, True)


def test_a_name_that_may_not_fit_any_more_is_told_once(run: Run, tmp_path: Path) -> None:
    source, out = write_csv(tmp_path / "in.csv", rows()), tmp_path / "out"
    run("mine", source, "--out", out)
    cause, other = (cause_with(out, first_row(words)) for words in ("Too few examples", "was rude"))
    others = causes_of(out)[other]["members"][:20]
    with open_register(
        out / "causes.db"
    ) as register:  # as if it had been about something else when it was named
        register.append(PEOPLE, "rename", cause, {"name": "Riders", "members": others})
    said = " ".join(run("mine", source, "--out", out)[2].split())
    assert (
        f"{cause} “Riders” holds 0 of the 20 messages that it held when it was named: look at it again"
        in said
    )
    history = " ".join(run("causes", "history", cause, "--state", out)[1].split())
    assert "holds 0 of the 20 messages that it held when it was named" in history
