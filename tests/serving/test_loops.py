"""What the loops say in the report."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mining.fixes.ledger import read_ledger
from mining.gap.book import read_book
from mining.journal import JOURNAL_NAME, write_journal
from mining.loop_table import LoopTable
from mining.settings import MiningSettings
from serving import mining_run
from serving.fixes.folder import FixedFolder, register_fix, withdraw_fix
from serving.gap.folder import believe, show
from serving.loops import gathering, loyalty
from serving.loops.asking import asked_by
from serving.loops.fixes import SHOWN, fixes_table
from serving.loops.loyalty import loyalty_tables
from serving.loops.recovery import recovery_table
from serving.mining_run import mine_file
from serving.recovery.desk import Desk
from serving.state import stored_in
from tests.fakes import KeywordPredictor
from tests.mining.journal_rows import journal, said
from tests.serving.files import rows, write_csv
from tests.serving.job_world import mined_folder
from tests.serving.leavers import write_leavers
from tests.serving.subjectless import without_subject


def mined_again(folder: Path, say: Callable[[str], None] = lambda line: None) -> str:
    mine_file(folder / "in.csv", folder / "out", KeywordPredictor(), columns={}, say=say)
    return (folder / "out" / "report.html").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_csv(tmp_path / "in.csv", rows())
    return tmp_path


def test_each_loop_has_its_place_and_names_nobody(folder: Path) -> None:
    page = mined_again(folder)
    for title in ("Who is to be won back?", "Is the well covered?", "Who is loyal?", "What makes up for it?"):
        assert title in page
    assert "No fix is registered" in page
    assert f"countervoice recover queue --state {folder}/out" in page
    assert f"countervoice fix list --state {folder}/out" in page
    section = page[page.index('id="loops-head"') :]
    section = section[: section.index("</section>")]
    assert not [author for _, author, _, _, _ in rows() if author in section]


def test_a_cause_of_no_one_subject_says_so_in_every_loop(folder: Path) -> None:
    mined_again(folder)
    out = folder / "out"
    stored = stored_in(out)
    vague = max(stored.mining.causes, key=lambda cause: cause.people)
    without_subject(out, vague.id)
    register_fix(FixedFolder(out), vague.id, "Ilze", "shorter chapters", date(2026, 5, 1))
    tables = gathering.loops_of(out, None, MiningSettings(), datetime(2026, 6, 1, tzinfo=UTC))
    marked = f"{stored.labels[vague.id]} (no one subject)"
    found = {table.title for table in tables if marked in [row[0] for row in table.rows]}
    assert {"Who is to be won back?", "Is the well covered?", "What makes up for it?"} <= found
    firsts = [row[0] for table in tables for row in table.rows]
    assert stored.labels[vague.id] not in firsts
    assert [first for first in firsts if first.endswith("(no one subject)") and first != marked] == []


@pytest.mark.parametrize(
    ("billed", "gesture"),
    [
        (0, "An apology signed by a name, with what was changed, plus a small credit"),
        (1, "An apology signed by a name, with what was changed, plus a small credit (for 3 of 4)"),
        (2, "Refund the difference, and the same again as credit (for 2 of 4)"),  # the first in the playbook
    ],
)
def test_the_gesture_of_a_cause_is_the_one_that_most_of_its_people_begin_with(
    tmp_path: Path, billed: int, gesture: str
) -> None:
    """Who was charged twice as well begins with the gesture for that, and is the most urgent."""
    folder, people = mined_folder(tmp_path / "out"), ("Anna", "Bo", "Di", "Ed")
    rude = [said(f"f-{name}", name, cause="c-0001", topics=("staff",)) for name in people]
    twice = [said(f"g-{name}", name, cause="c-0002", topics=("billing",)) for name in people[:billed]]
    write_journal(folder / "state" / JOURNAL_NAME, journal([*rude, *twice]))
    rows_by_cause = {row[0]: row for row in recovery_table(folder, {}, date(2026, 3, 3)).rows}
    assert rows_by_cause["c-0001"][1] == "4"
    assert rows_by_cause["c-0001"][-1] == gesture


def test_causes_and_people_that_the_queue_leaves_out_are_counted(tmp_path: Path) -> None:
    folder = mined_folder(tmp_path / "out")
    causes = [said(f"f-{number}", f"Anna {number}", cause=f"c-{number:04}") for number in range(1, 11)]
    write_journal(
        folder / "state" / JOURNAL_NAME,
        journal([*causes, said("g-1", "Bo", cause=None), said("g-2", "Di", cause=None)]),
    )
    desk = Desk(folder)
    today = date(2026, 3, 3)
    (gone,) = (entry.id for entry in desk.queue(today).entries if entry.person.author == "Di")
    desk.close(gone, "lost", who="Ilze", at=datetime(2026, 3, 3, tzinfo=UTC))
    table = recovery_table(folder, {}, today)
    assert len(table.rows) == 8
    assert table.note == "2 more causes not shown. 1 open person in no cause."


def test_causes_of_leaving_that_are_left_out_are_counted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mined_again(folder)
    write_leavers(folder / "out" / "customers.csv")

    def leaving(shown: int) -> LoopTable:
        monkeypatch.setattr(loyalty, "SHOWN", shown)
        return loyalty_tables(folder / "out", stored_in(folder / "out"), {}, date(2026, 12, 1))[-1]

    assert len(leaving(1).rows) == 1
    assert "not shown" not in leaving(1).note
    assert leaving(0).note == f"1 more cause or side not shown. {leaving(1).note}"


def test_people_whom_the_file_does_not_name_are_told(folder: Path) -> None:
    unnamed = "The file names no author of them"
    assert unnamed not in mined_again(folder)
    lines = [(key, "", *others) for key, _, *others in rows()]
    write_csv(folder / "in.csv", lines)
    assert unnamed in mined_again(folder)


def test_a_registered_fix_is_in_the_next_report(folder: Path) -> None:
    mined_again(folder)
    place = FixedFolder(folder / "out")
    cause = min(place.labels())
    register_fix(place, cause, "Ilze <b>", "shorter chapters", date(2026, 5, 1))
    page = mined_again(folder)
    assert "2026-05-01" in page
    assert "registered after looking" in page
    assert "Ilze &lt;b&gt;" in page


def test_a_withdrawn_fix_is_in_the_report_without_a_verdict(folder: Path) -> None:
    mined_again(folder)
    place = FixedFolder(folder / "out")
    cause = min(place.labels())
    made = register_fix(place, cause, "Ilze", "shorter chapters", date(2026, 5, 1))
    withdraw_fix(place, made.number, "ne tas <b>cēlonis</b>", "Ilze")
    page = mined_again(folder)
    assert "after looking (verdict: " in page
    assert "ne tas &lt;b&gt;cēlonis&lt;/b&gt;" in page
    assert "registered after looking" not in page
    assert read_ledger(place.ledger).looks == []


def test_fixes_that_stand_come_before_those_that_do_not(folder: Path) -> None:
    mined_again(folder)
    place = FixedFolder(folder / "out")
    cause = min(place.labels())
    for day in range(1, SHOWN + 1):
        made = register_fix(place, cause, "Ilze", "shorter chapters", date(2026, 5, day))
        withdraw_fix(place, made.number, "typo", "Ilze")
    register_fix(place, cause, "Ilze", "shorter chapters", date(2026, 4, 1))
    table = fixes_table(folder / "out", None, {})
    assert [row[1] for row in table.rows] == [
        "2026-04-01",
        *(f"2026-05-{day:02}" for day in range(12, 1, -1)),
    ]
    assert table.note == "1 more fix not shown."


@pytest.mark.parametrize(
    ("out", "command"),
    [(".", "countervoice gap show --state ."), ("q 3/out", "countervoice gap show --state 'q 3/out'")],
)
def test_a_command_names_the_folder_as_it_was_given(out: str, command: str) -> None:
    assert asked_by("gap show", Path(out)) == command


def test_a_mining_shows_no_belief_that_nobody_asked_to_be_shown(folder: Path) -> None:
    assert "What did we believe?" not in mined_again(folder)
    believe(folder / "out", "delivery", 0.9, "the COO")
    page = mined_again(folder)
    assert "What did we believe?" in page
    assert "1 sealed belief waits" in page
    assert "90 % ±" not in page
    assert not read_book(folder / "out")[1]
    believe(folder / "out", "delivery", 0.2, "the CFO")


def test_a_belief_that_was_shown_stands_beside_the_figure(folder: Path) -> None:
    mined_again(folder)
    believe(folder / "out", "delivery", 0.9, "the COO")
    show(folder / "out")
    believe(folder / "out", "price", 0.8, "the CFO")
    page = mined_again(folder)
    assert "90 % ±" in page
    assert "80 % ±" not in page
    assert "1 sealed belief waits" in page


def test_customers_that_cannot_be_read_cost_their_table_and_not_the_mining(folder: Path) -> None:
    mined_again(folder)
    (folder / "out" / "customers.csv").write_text("author,left_on\nBo,soon\n", encoding="utf-8")
    said: list[str] = []
    page = mined_again(folder, said.append)
    assert "Who is loyal?" not in page
    assert "What makes up for it?" in page
    (line,) = [line for line in said if "not in the report" in line]
    assert line.startswith(
        "not in the report: recovery, loyalty and leaving (row 1 of customers.csv: left_on is"
    )


def test_a_loop_with_a_fault_of_ours_costs_its_table_and_tells_the_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(gathering, "alarms_table", broken)
    page = mined_again(folder)
    assert "Who is to be won back?" in page
    assert "What makes up for it?" in page
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.levelname == "ERROR"
    assert "ZeroDivisionError: a bug" in caplog.text


def test_a_large_mining_is_asked_by_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mining_run, "MOST_STATEMENTS", 3)
    assert "loops-head" not in mined_again(folder)
