"""``countervoice fix``: register, look, mine again, look again."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from io import StringIO
from pathlib import Path

import click
import pytest
from rich.console import Console

from mining.edits import merge
from mining.fixes.cost import Cost
from mining.fixes.ledger import read_ledger
from mining.register import PEOPLE, RegisteredCause, open_register
from mining.settings import MiningSettings
from serving.fixes.command import fix
from serving.fixes.costs import cost_folder
from serving.fixes.folder import FixedFolder, note_fixes, review_folder
from serving.fixes.tables import print_fix
from tests.serving.fix_world import FIXED_ON, fixable_folder, mine_again
from tests.serving.subjectless import without_subject

Run = Callable[..., tuple[int, str, str]]
WORDS = ("--owner", "Ana, app", "--action", "Sleep mode", "--date")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, command_line: Run) -> Run:
    monkeypatch.setenv("COLUMNS", "140")
    return partial(command_line, "fix")


def note(folder: Path) -> list[str]:
    found = note_fixes(FixedFolder(folder), MiningSettings(), datetime.now(UTC))
    return [each.standing for each in found]


def cost(folder: Path, cause: str) -> Cost:
    return cost_folder(FixedFolder(folder), [cause], None, None).costs[cause]


def test_a_fix_of_a_cause_that_was_not_found_is_refused(run: Run, tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out", days=180)
    with open_register(folder / "causes.db") as register:
        for cause, found in (("c-0003", 1), ("c-0004", 0), ("c-0005", 0)):
            register.put(replace(RegisteredCause.waiting(cause, ("Pinglet",)), found=found))
        register.append(PEOPLE, "merge", "c-0001", {"into": "c-0004"})
    for _ in range(2):
        with open_register(folder / "causes.db") as register:
            register.put_mining("one", 2, [], [])
    for cause, reason in (
        ("c-0003", "c-0003 is retired: the last mining did not find it"),
        ("c-0005", "c-0005 is waiting for its first mining"),
        ("c-0001", "was merged into c-0004"),
    ):
        code, _, said = run("register", cause, *WORDS, FIXED_ON, "--state", folder)
        assert (code, reason in said) == (1, True)
    assert run("register", "c-0004", *WORDS, FIXED_ON, "--state", folder)[0] == 0


def test_a_fix_registered_in_time_is_covered_and_reopens_by_itself(run: Run, tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out", days=180)
    code, _, said = run("register", "c-0001", *WORDS, FIXED_ON, "--state", folder)
    assert code == 0
    assert "after looking" not in said
    assert "too early" in run("list", "--state", folder)[1]
    assert note(folder) == ["waiting"]

    mine_again(folder, days=300)
    assert note(folder) == ["covered"]
    assert note(folder) == []
    shown = run("show", "c-0001", "--state", folder)[1]
    assert "Verdict: fixed (established)" in shown
    assert "The cause is covered" in shown

    mine_again(folder, days=360, back_after=290)
    assert note(folder) == ["reopened"]
    answer = json.loads(run("show", "c-0001", "--json", "--state", folder)[1])["fixes"][0]
    assert (answer["verdict"], answer["standing"]) == ("came_back", "reopened")
    assert [look["verdict"] for look in answer["history"]] == ["too_early", "fixed", "came_back"]


def test_a_fix_registered_after_looking_is_marked(run: Run, tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out")
    code, _, said = run("register", "c-0001", *WORDS, FIXED_ON, "--state", folder)
    assert code == 0
    assert "registered after looking" in said
    listed = run("list", "--state", folder)[1]
    assert "registered after" in " ".join(listed.split())
    answer = json.loads(run("list", "--json", "--state", folder)[1])["fixes"][0]
    assert (answer["verdict"], answer["grade"], answer["registered_after_looking"]) == (
        "fixed",
        "emerging",
        True,
    )


def test_what_cannot_be_registered_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out")
    place = ("--state", folder)
    for arguments, words in (
        (("register", "c-0099", *WORDS, FIXED_ON, *place), "no cause 'c-0099'"),
        (
            ("register", "c-0001", "--owner", " ", "--action", "x", "--date", FIXED_ON, *place),
            "the owner is one line",
        ),
        (("show", "c-0001", *place), "no fix of 'c-0001'"),
        (("cost", "c-0099", *place), "no cause 'c-0099'"),
        (("list", "--state", tmp_path / "none"), "no mining in"),
    ):
        code, _, said = run(*arguments)
        assert (code, len(said.splitlines())) == (1, 1), said
        assert words in said
    run("register", "c-0001", *WORDS, FIXED_ON, *place)
    code, _, said = run("register", "c-0001", *WORDS, FIXED_ON, *place)
    assert (code, "a registration stands" in said) == (1, True)
    assert len(read_ledger(folder / "fixes.db").fixes) == 1


def test_a_withdrawn_fix_is_told_and_counted_nowhere(run: Run, tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out", days=180)
    place = ("--state", folder)
    run("register", "c-0001", *WORDS, FIXED_ON, *place)
    mine_again(folder, days=300)
    assert note(folder) == ["covered"]
    assert cost(folder, "c-0001").saving is not None
    code, shown, said = run("withdraw", "1", "--reason", "it never shipped", "--by", "Ilze", *place)
    assert (code, shown) == (0, "")
    assert "fix 1, c-0001 since 2026-05-04: withdrawn on " in said
    assert "by Ilze, after looking (verdict: fixed): it never shipped" in said

    priced = cost(folder, "c-0001")
    assert priced.saving is None
    assert priced.phase.last == date(2026, 8, 29)  # of the last year again, not of the time before a fix
    mine_again(folder, days=360, back_after=290)
    assert note(folder) == []
    listed = " ".join(run("list", *place)[1].split())
    assert "0 fixes; 1 withdrawn" in listed
    assert "after looking (verdict: fixed)" in listed
    shown = run("show", "c-0001", *place)[1]
    assert "by Ilze, after looking (verdict: fixed): it never shipped" in shown
    assert "Verdict:" not in shown
    answer = json.loads(run("list", "--json", *place)[1])
    assert answer["fixes"] == []
    (withdrawn,) = answer["withdrawn"]
    told = ("number", "withdrawn_by", "withdrawn_reason", "seen_verdict")
    assert [withdrawn[name] for name in told] == [1, "Ilze", "it never shipped", "fixed"]
    assert [look["verdict"] for look in withdrawn["history"]] == ["fixed"]


def test_a_withdrawn_fix_is_no_fix_of_any_other(run: Run, tmp_path: Path) -> None:
    """A date a month too early would end the window of the right one; its cause would be no control."""
    alone, beside = fixable_folder(tmp_path / "alone"), fixable_folder(tmp_path / "beside")
    run("register", "c-0001", *WORDS, "2026-06-04", "--state", beside)
    run("register", "c-0002", *WORDS, FIXED_ON, "--state", beside)
    for folder in (alone, beside):
        run("register", "c-0001", *WORDS, FIXED_ON, "--state", folder)
    disturbed = review_folder(FixedFolder(beside)).of_cause("c-0001").found[0].outcome
    for number in ("1", "2"):
        run("withdraw", number, "--reason", "typo", "--state", beside)
    (wanted,) = review_folder(FixedFolder(alone)).found
    (found,) = review_folder(FixedFolder(beside)).found
    assert found.outcome == wanted.outcome != disturbed


def test_a_fix_of_another_cause_that_takes_a_control_says_so(run: Run, tmp_path: Path) -> None:
    """c-0002 is the one control of c-0001: once it has a fix, it is none."""
    folder = fixable_folder(tmp_path / "out")
    place = ("--state", folder)

    def shown() -> str:
        return " ".join(run("show", "c-0001", *place)[1].split())

    assert "untouched" not in run("register", "c-0001", *WORDS, FIXED_ON, *place)[2]
    (before,) = json.loads(run("show", "c-0001", "--json", *place)[1])["fixes"]
    assert before["controls"] == [{"cause_id": "c-0002", "before": 218, "after": 214}]
    assert "Untouched causes (people before, after): c-0002 (218, 214)." in shown()

    said = run("register", "c-0002", *WORDS, FIXED_ON, *place)[2]
    assert "fix 1 loses c-0002 from its untouched causes: a verdict may change" in said
    (during,) = json.loads(run("show", "c-0001", "--json", *place)[1])["fixes"]
    assert (during["controls"], during["controlled"]) == ([], None)
    assert "There is no untouched cause to hold it against." in shown()
    said = run("register", "c-0002", *WORDS, "2026-06-04", *place)[2]
    assert "untouched" not in said, "it was none any more"
    assert "untouched" not in run("withdraw", "3", "--reason", "typo", *place)[2], "fix 2 stands"

    said = run("withdraw", "2", "--reason", "typo", *place)[2]
    assert "fix 1 gains c-0002 for its untouched causes: a verdict may change" in said
    assert json.loads(run("show", "c-0001", "--json", *place)[1])["fixes"] == [before]


def test_a_fix_withdrawn_before_looking_says_so(run: Run, tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out", days=180)
    place = ("--state", folder)
    run("register", "c-0001", *WORDS, "2062-05-04", *place)
    note(folder)
    assert (
        "by command line, before looking: 2026 was meant"
        in run("withdraw", "1", "--reason", "2026 was meant", *place)[2]
    )
    assert run("register", "c-0001", *WORDS, FIXED_ON, *place)[0] == 0
    assert json.loads(run("list", "--json", *place)[1])["withdrawn"][0]["seen_verdict"] is None
    mine_again(folder, days=300)
    assert note(folder) == ["covered"]


def test_a_mistake_of_the_right_day_can_be_registered_rightly(run: Run, tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out", days=180)
    place = ("--state", folder)
    run("register", "c-0001", *WORDS, FIXED_ON, "--side", "praise", *place)
    code, _, said = run("register", "c-0001", *WORDS, FIXED_ON, *place)
    assert (code, "countervoice fix withdraw 1 --reason" in said) == (1, True)
    run("withdraw", "1", "--reason", "the wrong side", *place)
    assert run("register", "c-0001", *WORDS, FIXED_ON, *place)[0] == 0
    answer = json.loads(run("show", "c-0001", "--json", *place)[1])
    assert [(each["number"], each["side"]) for each in answer["fixes"]] == [(2, None)]
    assert [(each["number"], each["side"]) for each in answer["withdrawn"]] == [(1, "praise")]


def test_what_cannot_be_withdrawn_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out")
    place = ("--state", folder)
    run("register", "c-0001", *WORDS, FIXED_ON, *place)
    for arguments, code, words in (
        (("withdraw", "2", "--reason", "x", *place), 1, "there is no fix 2: `countervoice fix list`"),
        (("withdraw", "1", "--reason", " ", *place), 1, "the reason is one line"),
        (("withdraw", "1", "--reason", "x", "--by", "", *place), 1, "the name is one line"),
        (("withdraw", "c-0001", "--reason", "x", *place), 2, "'c-0001' is not a valid integer"),
        (("withdraw", "1", *place), 2, "Missing option '--reason'"),
    ):
        found, _, said = run(*arguments)
        assert found == code
        assert words in said
    assert len(read_ledger(folder / "fixes.db").fixes) == 1
    assert run("withdraw", "1", "--reason", "x", *place)[0] == 0
    assert "fix 1 was withdrawn on" in run("withdraw", "1", "--reason", "x", *place)[2]


def test_costs_are_ranges_with_sources(run: Run, tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out")
    run("register", "c-0001", *WORDS, FIXED_ON, "--state", folder)
    customers = tmp_path / "customers.csv"
    lines = [f"author {n},{'2026-09-01' if n % 5 == 0 and n < 500 else ''},40" for n in range(1080)]
    customers.write_text("\n".join(["author,left_on,yearly_value", *lines]))
    code, shown, said = run("cost", "c-0001", "--customers", customers, "--state", folder)
    assert (code, said) == (0, "")
    assert "assumption" in shown
    assert "not shown to be its doing" in " ".join(shown.split())
    assert "customers who complained left" in shown
    assert run("cost", "--state", folder)[0] == 0
    shutil.copy(customers, folder)
    assert run("cost", "c-0001", "--state", folder)[1] == shown
    customers.write_text("author,yearly_value\nauthor 1,40\n")
    code, _, said = run("cost", "--customers", customers, "--state", folder)
    assert (code, "customers.csv does not tell who left" in said) == (1, True)


def test_a_short_file_is_not_told_for_a_year(run: Run, tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out", days=60)
    shown = run("cost", "--state", folder)[1]
    assert "EUR in 60 days; too short a stretch for a year" in shown
    assert "EUR a year" not in shown
    mine_again(folder, days=300)
    run("register", "c-0001", *WORDS, "2025-12-13", "--state", folder)
    shown = run("cost", "--state", folder)[1]
    year, _, short = shown.partition("EUR in 40 days; too short a stretch for a year")
    assert "EUR a year" in year
    assert "c-0002" in year
    assert "c-0001" in short


def test_a_merged_cause_is_priced_with_the_other_and_refused_by_its_old_id(run: Run, tmp_path: Path) -> None:
    """One in five complains of c-0001, two of c-0002; after the merge both are counted before the next mining."""
    folder = fixable_folder(tmp_path / "out")
    before = cost(folder, "c-0002")
    with open_register(folder / "causes.db") as register:
        merge(register, "c-0001", "c-0002")
    after = cost_folder(FixedFolder(folder), [], None, None)
    assert list(after.costs) == ["c-0002"]
    assert after.costs["c-0002"].phase.people > before.phase.people
    code, _, said = run("cost", "c-0001", "--state", folder)
    assert (code, "c-0001 was merged into c-0002: name c-0002" in said) == (1, True)


def test_a_mining_is_not_undone_by_a_broken_ledger(tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out")
    (folder / "fixes.db").write_text("not a database, but long enough to be read as one " * 50)
    assert note(folder) == []


@pytest.mark.parametrize("name", ["", *fix.commands])
def test_every_help_has_an_example(name: str) -> None:
    command = fix.commands[name] if name else fix
    text = command.get_help(click.Context(command))
    assert "Example" in text
    assert f"countervoice fix {name}".strip() in text


def test_a_cause_of_no_one_subject_is_marked_in_every_table(run: Run, tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out")
    place = ("--state", folder)
    run("register", "c-0001", *WORDS, FIXED_ON, *place)
    tables = (("list",), ("show", "c-0001"), ("cost", "c-0001"))
    assert all("no one subject" not in " ".join(run(*table, *place)[1].split()) for table in tables)
    without_subject(folder, "c-0001")
    assert all("(no one subject)" in " ".join(run(*table, *place)[1].split()) for table in tables)


def test_a_rate_is_told_of_as_many_people_as_a_share_takes_in_the_mining(run: Run, tmp_path: Path) -> None:
    folder = fixable_folder(tmp_path / "out")
    run("register", "c-0001", *WORDS, FIXED_ON, "--state", folder)
    (found,) = review_folder(FixedFolder(folder)).found
    before = found.outcome.before
    assert before is not None
    for gate, told in ((before.of, True), (10_000, False)):
        console = Console(file=StringIO(), width=160)
        print_fix(console, found, (), "", gate)
        assert ("%" in console.file.getvalue()) is told  # type: ignore[attr-defined]


def test_a_narrow_terminal_keeps_every_figure_and_day_whole(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    folder = fixable_folder(tmp_path / "out", back_after=290)
    customers = folder / "customers.csv"
    lines = [
        f"author {number},{'2026-08-20' if number % 5 == 0 else ''},90000" for number in range(0, 1000, 2)
    ]
    customers.write_text("\n".join(["author,left_on,yearly_value", *lines]), encoding="utf-8")
    run("register", "c-0001", *WORDS, FIXED_ON, "--state", folder)
    for table in (("list",), ("show", "c-0001"), ("cost",)):
        shown = run(*table, "--state", folder)[1]
        assert "…" not in shown
        assert max(map(len, shown.splitlines())) <= 80
    words = run("show", "c-0001", "--state", folder)[1].split()
    (answer,) = json.loads(run("show", "c-0001", "--json", "--state", folder)[1])["fixes"]
    before, ratio = answer["before"], answer["ratio"]
    assert {"Before", "After", "quiet", "again", "untouched", "beyond"} <= set(words)
    assert {f"{before['first']}/", before["last"]} <= set(words)
    assert f"({ratio['low']:.2f}–{ratio['high']:.2f})" in words
    assert f"({ratio['low']:.2f}–{ratio['high']:.2f})" in run("list", "--state", folder)[1].split()
    (amount,) = (
        word for word in run("cost", "--state", folder)[1].split() if word.endswith("–") and len(word) > 8
    )
    assert amount.count(",") == 2
