"""``countervoice recover`` from the queue to the effect, and what is refused."""

import csv
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from mining.journal import JOURNAL_NAME, write_journal
from mining.recovery.effect import Effect
from mining.recovery.person_ids import person_id
from mining.results import Share
from serving.recovery.effect_words import effect_lines
from serving.recovery.ledger import Ledger
from tests.mining.journal_rows import journal, said
from tests.serving.job_world import mined_folder
from tests.serving.recovery_world import ROWS, complained_folder

Run = Callable[..., tuple[int, str, str]]
ANNA = person_id("author:anna")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return complained_folder(tmp_path / "out")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, command_line: Run) -> Run:
    monkeypatch.setenv("COLUMNS", "140")
    return partial(command_line, "recover")


def queue(run: Run, out: Path, *options: object) -> Any:
    code, shown, said = run("queue", "--state", out, "--today", "2026-03-03", "--json", *options)
    assert code == 0, said
    return json.loads(shown)


def test_a_person_goes_from_open_to_contacted_to_recovered(run: Run, out: Path) -> None:
    assert [each["author"] for each in queue(run, out)["people"]] == ["Anna", "Bo"]
    code, _, said = run(
        "contact", ANNA, "--gesture", "refund_shipping_credit", "--cost", "9.5", "--state", out
    )
    assert code == 0
    assert f"{ANNA} is contacted: refund_shipping_credit, cost 9.5" in said
    assert [each["author"] for each in queue(run, out)["people"]] == ["Bo"]
    (contacted,) = queue(run, out, "--in", "contacted")["people"]
    assert (contacted["gestures"], contacted["spent"]) == (["refund_shipping_credit"], 9.5)
    assert run("close", "anna", "recovered", "--state", out)[0] == 0
    assert queue(run, out, "--in", "all")["states"] == {"open": 1, "recovered": 1}


@pytest.mark.parametrize("person", ["anna", ANNA])
def test_who_was_contacted_can_be_closed_when_a_later_export_has_no_word_of_them(
    run: Run, out: Path, person: str
) -> None:
    run("contact", "Anna", "--state", out)
    assert queue(run, out)["not_mined"] == 0
    write_journal(out / "state" / JOURNAL_NAME, journal(ROWS[2:]))
    found = queue(run, out)
    assert (found["states"], found["not_mined"]) == ({"open": 1}, 1)
    assert "1 contacted, not in this mining" in " ".join(run("queue", "--state", out)[1].split())
    assert "nobody 'Di' in the queue" in run("close", "Di", "lost", "--state", out)[2]
    assert "the last contact was on" in run("close", person, "lost", "--on", "2020-01-01", "--state", out)[2]
    for outcome in ("lost", "recovered", "recovered"):
        assert f"{ANNA} is {outcome}" in run("close", person, outcome, "--state", out)[2]
    assert queue(run, out)["not_mined"] == 0
    write_journal(out / "state" / JOURNAL_NAME, journal(ROWS))
    assert queue(run, out)["states"] == {"open": 1, "recovered": 1}


def test_a_name_is_found_as_it_looks(run: Run, out: Path) -> None:
    name = normalize("NFD", "Đỗ Lữ")
    write_journal(
        out / "state" / JOURNAL_NAME,
        journal([said("f-1", "Đỗ Lữ", person="p"), said("f-2", name, person="p")]),
    )
    (entry,) = queue(run, out)["people"]
    assert run("contact", name, "--state", out)[0] == 0
    assert queue(run, out, "--in", "contacted")["people"][0]["id"] == entry["id"]


def test_a_day_given_stands_for_its_end(run: Run, out: Path) -> None:
    """The last complaint of Anna is of noon on 2026-03-02: closed on that day, she is not open because of it."""
    for _ in range(2):
        assert f"{ANNA} is lost" in run("close", ANNA, "lost", "--on", "2026-03-02", "--state", out)[2]
    assert queue(run, out, "--in", "all")["states"] == {"lost": 1, "open": 1}
    with sqlite3.connect(out / "recovery.db") as connection:
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (1,)
    connection.close()


def test_today_stands_for_now(run: Run, out: Path) -> None:
    assert run("contact", "Bo", "--state", out)[0] == 0
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert "is recovered" in run("close", "Bo", "recovered", "--on", today, "--state", out)[2]


def test_the_table_shows_who_is_due_and_what_to_begin_with(run: Run, out: Path) -> None:
    code, shown, _ = run("queue", "--state", out, "--today", "2026-04-01", "--language", "lv")
    assert code == 0
    assert ANNA in shown
    assert "Anna" in shown
    assert "Atmaksāt starpību" in shown
    assert "2 people: 2 open; 2 shown; 2 overdue (!)" in shown


def test_a_long_name_leaves_what_was_said_its_room_in_a_narrow_terminal(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = mined_folder(tmp_path / "out")
    row = said("f-1", "Somebody of a very long name", text="Waiting patiently")
    write_journal(folder / "state" / JOURNAL_NAME, journal([row]))
    monkeypatch.setenv("COLUMNS", "80")
    words = run("queue", "--state", folder)[1].split()
    assert {"Waiting", "patiently"} <= set(words)


def test_an_edited_playbook_in_the_folder_is_used(run: Run, out: Path) -> None:
    from data.playbook import SHIPPED

    before = {each["author"]: each["urgency"] for each in queue(run, out)["people"]}
    text = SHIPPED.read_text(encoding="utf-8").replace("anger: 4", "anger: 400")
    (out / "playbook.yaml").write_text(text, encoding="utf-8")
    after = {each["author"]: each["urgency"] for each in queue(run, out)["people"]}
    assert after["Anna"] == pytest.approx(90, abs=1) != before["Anna"]
    assert after["Bo"] == pytest.approx(50, abs=1)


def test_what_cannot_be_is_said_in_one_line(run: Run, out: Path, tmp_path: Path) -> None:
    run("contact", ANNA, "--state", out)
    for arguments, reason in (
        (("contact", ANNA, "--state", out), "was contacted on"),
        (("contact", "Di", "--state", out), "nobody 'Di' in the queue"),
        (("contact", "Bo", "--gesture", "hug", "--state", out), "no gesture 'hug' in the playbook"),
        (("contact", "Bo", "--cost", "-1", "--state", out), "the cost is -1"),
        (("contact", "Bo", "--cost", "nan", "--state", out), "the cost is nan"),
        (("contact", "Bo", "--on", "2999-01-01", "--state", out), "is in the future"),
        (("close", ANNA, "lost", "--on", "2020-01-01", "--state", out), "the last contact was on"),
        (("holdout", "0.9", "--state", out), "the share is 0.9"),
        (("queue", "--state", tmp_path / "nothing"), "no mining in"),
    ):
        code, _, said = run(*arguments)
        assert code == 1, arguments
        assert reason in said
        assert said.count("\n") == 1
    assert run("contact", ANNA, "--again", "--state", out)[0] == 0


def test_an_exported_queue_runs_nothing_in_a_spreadsheet(run: Run, out: Path) -> None:
    run("close", "Bo", "lost", "--state", out)
    assert run("export", "--state", out, "--today", "2026-03-03")[0] == 0
    with (out / "recovery.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["author"], row["state"]) for row in rows] == [("Anna", "open"), ("Bo", "lost")]
    assert rows[0]["quote"] == "'=SUM(1) was charged TWICE"
    assert rows[0]["feedback"] == "f-1|f-2"
    assert run("export", "--state", out, "--to", out / "queue.parquet")[0] == 0


def test_too_few_people_give_the_word_anecdote_and_no_figure(run: Run, out: Path) -> None:
    code, shown, _ = run("effect", "--state", out)
    assert code == 0
    assert "anecdote: 0 and 0 people; 30 in each group are needed" in shown
    assert "%" not in shown
    customers = out / "customers.csv"
    customers.write_text("author,left_on\nAnna,\nBo,2026-03-20\n", encoding="utf-8")
    run("contact", "Anna", "--on", "2026-03-05", "--state", out)
    shown = run("effect", "--state", out, "--today", "2026-12-01")[1]
    assert (
        "Followed until 2026-03-20, the last day on which anybody wrote, left or became a customer." in shown
    )
    assert "Not counted, because their end is not known yet: 2." in shown
    with customers.open("a", encoding="utf-8") as file:
        file.write("Cy,2026-06-01\n")
    shown = run("effect", "--state", out, "--today", "2026-12-01")[1]
    assert "Contacted in time: 1 of 1 people stayed for 60 days" in shown
    assert "Not contacted in time: 0 of 1 people" in shown
    found = json.loads(run("effect", "--state", out, "--today", "2026-12-01", "--json")[1])
    assert (found["design"], found["difference"], found["causal"]) == ("landmark", None, False)
    assert found["until"] == "2026-06-01"


def test_the_words_claim_no_more_than_the_design_allows() -> None:
    def effect(design: Any, low: float, high: float) -> Effect:
        shares = [Share(k=k, n=50, low=0.1, high=0.9) for k in (40, 30)]
        return Effect(
            design=design,
            helped=shares[0],
            others=shares[1],
            reached=45,
            waiting=3,
            difference=0.2,
            low=low,
            high=high,
            until=date(2026, 9, 30),
            reason="",
        )

    chosen = " ".join(effect_lines(effect("landmark", 0.02, 0.37), 60))
    assert "Difference: +20 points (+2 to +37)" in chosen
    assert "An association: the contacted were not chosen by chance" in chosen
    drawn = " ".join(effect_lines(effect("randomised", 0.02, 0.37), 60))
    assert "this is the effect of being drawn to be contacted" in drawn
    assert "association" not in drawn
    assert "no effect is shown" in " ".join(effect_lines(effect("randomised", -0.1, 0.37), 60))


def test_a_holdout_leaves_the_queue_until_it_ends(run: Run, out: Path) -> None:
    code, _, said = run("holdout", "0.5", "--state", out)
    assert code == 0
    assert "50\u202f% are held out since" in said
    holdout = Ledger(out / "recovery.db").holdout()
    assert holdout is not None
    held = [name for name in ("anna", "bo") if holdout.holds(f"author:{name}")]
    found = queue(run, out)
    assert (found["held_out"], len(found["people"])) == (len(held), 2 - len(held))
    for name in held:
        assert "is held out" in run("contact", name, "--state", out)[2]
        assert run("close", name, "lost", "--state", out)[0] == 0
    assert "first complaint" not in run("holdout", "0.5", "--state", out)[2]
    said = run("holdout", "0.2", "--state", out)[2]
    assert "only people whose first complaint comes after that day count" in said
    assert "0.2\u202f% are held out since" in run("holdout", "0.002", "--state", out)[2]
    code, _, said = run("holdout", "--state", out, "--", "-0")
    assert (code, "countervoice: 0\u202f% are held out" in said) == (0, True)
    assert queue(run, out)["held_out"] == 0


def test_a_person_can_be_forgotten_by_name(run: Run, out: Path) -> None:
    run("contact", "Anna", "--state", out)
    assert "the entry is deleted" in run("forget", "ANNA", "--state", out)[2]
    assert "there was no entry" in run("forget", "ANNA", "--state", out)[2]
    assert Ledger(out / "recovery.db").standings() == {}
