"""``countervoice loyalty`` and GET /v1/loyalty, on a small mining whose leavers are planted."""

import csv
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from starlette.testclient import TestClient

from mining import register
from mining.journal import JOURNAL_NAME, forget_in_journal, read_journal
from mining.loyalty.results import Loyalty
from serving.database.connection import Database, database_url
from serving.database.migration import open_database
from serving.loyalty import api, tables
from serving.loyalty.folder import loyalty_in
from serving.mining_run import mine_file
from serving.state import stored_in
from serving.store import StoredMining
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv
from tests.serving.leavers import write_leavers
from tests.serving.served import served
from tests.serving.subjectless import without_subject

Run = Callable[..., tuple[int, str, str]]
TODAY = date(2026, 11, 30)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("loyal")
    mine_file(write_csv(folder / "in.csv", rows()), folder / "out", KeywordPredictor(), columns={})
    return folder / "out"


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_leavers(tmp_path_factory.mktemp("customers") / "customers.csv")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, command_line: Run) -> Run:
    monkeypatch.setenv("COLUMNS", "160")

    def call(*arguments: object) -> tuple[int, str, str]:
        code, out, err = command_line("loyalty", *arguments)
        return code, " ".join(out.split()), err

    return call


def test_the_gate_of_a_share_is_that_of_the_mining(out: Path) -> None:
    """All four hundred rated: enough for a share by default, and too few for a mining that asks for more."""
    told = {}
    for people in (30, 401):
        stored = stored_in(out)
        mining = replace(stored.mining, settings={**stored.mining.settings, "share_people": people})
        found = loyalty_in(out, replace(stored, mining=mining), today=TODAY)
        console = Console(file=StringIO(), width=160)
        tables.print_loyalty(console, found, {}, everything=False)
        told[people] = (found.ratings[0].shown, "anecdote" in console.file.getvalue())  # type: ignore[attr-defined]
    assert told == {30: (True, False), 401: (False, True)}


def test_without_customers_it_tells_ratings_and_word_of_mouth_alone(run: Run, out: Path) -> None:
    code, shown, _ = run("--state", out)
    assert code == 0
    assert "Loyal by their latest rating: 5 on a scale from 1 to 5" in shown
    assert "Leaving: not told. Give --customers" in shown
    assert "at risk" not in shown
    assert "advocates" in shown
    assert "Word of mouth: nothing in public" in shown


def test_with_customers_it_tells_what_leaving_goes_with(
    run: Run, out: Path, customers: Path, tmp_path: Path
) -> None:
    code, shown, said = run(
        "--state", out, "--customers", customers, "--export", tmp_path, "--until", "2026-12-01"
    )
    assert code == 0, said
    assert "What leaving is associated with" in shown
    assert "complain 45 of 50" in shown
    assert "Brier skill" in shown
    with (tmp_path / "at_risk.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert found
    assert all("associated with" in row["reasons"] for row in found)
    assert (tmp_path / "advocates.csv").is_file()


@pytest.mark.parametrize(
    ("told", "title", "note"),
    [
        (
            None,
            "Said in public, by people",
            "Of 400 messages there nobody tells whether they were asked for.",
        ),
        ("no", "Said in public, unasked, by people", "Public: app_store. If"),
    ],
)
def test_what_nobody_says_was_unasked_is_not_called_so(
    run: Run, tmp_path: Path, told: str | None, title: str, note: str
) -> None:
    lines = [[*row, "app_store", *([told] if told else [])] for row in rows()]
    header = ["id", "author", "text", "rating", "created_at", "source", *(["solicited"] if told else [])]
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *lines])
    mine_file(tmp_path / "in.csv", tmp_path / "out", KeywordPredictor(), columns={})
    code, shown, _ = run("--state", tmp_path / "out")
    assert code == 0
    assert title in shown
    assert note in shown
    assert "no one subject" not in shown
    without_subject(tmp_path / "out", "c-0001")
    assert run("--state", tmp_path / "out")[1].count("(no one subject)") == 1


def test_a_list_that_is_cut_says_so(
    run: Run, out: Path, customers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_SHOWN", 3)
    given = ("--state", out, "--customers", customers, "--until", "2026-12-01")
    _, shown, _ = run(*given)
    told = json.loads(run(*given, "--json")[1])
    for people in (told["at_risk"], told["advocates"]):
        assert people["of"] > 3
        assert f"3 of {people['of']} shown: --export writes them all, up to --most" in shown


def test_a_long_name_leaves_the_reason_its_room_in_a_narrow_terminal(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = [[row[0], f"{row[1]} of the very long name and title", *row[2:]] for row in rows()]
    mine_file(write_csv(tmp_path / "in.csv", named), tmp_path / "out", KeywordPredictor(), columns={})
    monkeypatch.setenv("COLUMNS", "80")
    assert "praises" in run("--state", tmp_path / "out")[1].split("advocates", 1)[1]


def test_json_keeps_what_is_assumed_apart(run: Run, out: Path, customers: Path) -> None:
    code, shown, _ = run(
        "--state", out, "--customers", customers, "--json", "--tell", "2-3", "--gone", "0.5", "--most", "1"
    )
    assert code == 0
    told = json.loads(shown)
    assert told["assumed"]["tell"] == [2, 3]
    assert told["assumed"]["gone"] == 0.5
    assert len(told["advocates"]["people"]) == 1 < told["advocates"]["of"]
    assert told["leaving"]["events"] > 50


def test_a_spreadsheet_runs_no_name_as_a_formula(run: Run, tmp_path: Path) -> None:
    praised = [[row[0], f"=cmd|{row[1]}", *row[2:]] for row in rows()]
    mine_file(write_csv(tmp_path / "in.csv", praised), tmp_path / "out", KeywordPredictor(), columns={})
    assert run("--state", tmp_path / "out", "--export", tmp_path)[0] == 0
    with (tmp_path / "advocates.csv").open(encoding="utf-8", newline="") as file:
        names = [row["author"] for row in csv.DictReader(file)]
    assert names
    assert all(name.startswith("'=cmd|") for name in names)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--scale", "5"), 2, "is not two numbers such as 1-5"),
        (("--tell", "9-3"), 2, "has not the lower number first"),
        (("--tell", "1-1e308"), 2, "none above 1,000,000"),
        (("--tell", "0.5-2.9"), 2, "'0.5-2.9' is not two whole numbers such as 9-15"),
        (("--gone", "nan"), 2, "nan is not a finite number"),
        (("--scale", "1-4"), 1, "outside of the scale 1-4"),
        (("--customers", "nowhere.csv"), 2, "File 'nowhere.csv' does not exist"),
    ],
)
def test_what_cannot_be_is_one_line(
    run: Run, out: Path, options: tuple[str, ...], code: int, words: str
) -> None:
    found, _, said = run("--state", out, *options)
    assert found == code
    assert words in said


def test_a_folder_without_a_mining_is_named(run: Run, tmp_path: Path) -> None:
    code, _, said = run("--state", tmp_path)
    assert code == 1
    assert f"no mining in {tmp_path}" in said


def test_over_http_nobody_is_named(out: Path, customers: Path, tmp_path: Path) -> None:
    database = open_database(database_url(None, tmp_path))
    beside = out / "customers.csv"
    beside.write_bytes(customers.read_bytes())
    try:
        with served(database, folder=out) as client:
            response = client.get("/v1/loyalty?limit=3")
            assert response.status_code == 200
            told = response.json()
            assert "writer" not in response.text
            assert len(told["advocates"]["people"]) == 3
            assert told["leaving"]["people"] > 250
            assert told["customers"] == len(rows()), "each once, though under two names"
            assert client.get("/v1/loyalty?limit=0").status_code == 422
            beside.write_text("author,left_on\na,soon\n", encoding="utf-8")
            refused = client.get("/v1/loyalty")
            assert refused.status_code == 409
            assert "left_on is 'soon'" in refused.json()["error"]["message"]
            beside.unlink()
            assert client.get("/v1/loyalty").json()["leaving"] is None
    finally:
        beside.unlink(missing_ok=True)
        database.close()


def test_praise_that_cannot_be_told_from_zero_makes_nobody_an_advocate(out: Path) -> None:
    stored = stored_in(out)
    causes = tuple(
        replace(cause, sides=tuple(replace(side, near_zero=side.label == "praise") for side in cause.sides))
        for cause in stored.mining.causes
    )
    doubted = replace(stored, mining=replace(stored.mining, causes=causes))
    assert loyalty_in(out, stored, today=TODAY).advocates
    assert loyalty_in(out, doubted, today=TODAY).advocates == []


def test_without_a_mining_there_is_nothing_over_http(tmp_path: Path) -> None:
    database = open_database(database_url(None, tmp_path))
    with served(database, folder=tmp_path) as client:
        assert client.get("/v1/loyalty").status_code == 404
    database.close()


@pytest.fixture
def folder(out: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return Path(shutil.copytree(out, tmp_path / "copy"))


@pytest.fixture
def client(folder: Path, embedded: Database) -> Iterator[TestClient]:
    with served(embedded, folder=folder) as client:
        yield client


def test_a_register_in_use_and_a_damaged_journal_are_unavailable_and_say_no_path(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "_BUSY_SECONDS", 0.0)
    with closing(sqlite3.connect(folder / "causes.db", isolation_level=None)) as mining:
        mining.execute("BEGIN EXCLUSIVE")
        in_use = client.get("/v1/loyalty")
    (folder / "state" / JOURNAL_NAME).write_bytes(b"no journal")
    damaged = client.get("/v1/loyalty")
    (folder / "state" / JOURNAL_NAME).unlink()
    missing = client.get("/v1/loyalty")
    assert [each.status_code for each in (in_use, damaged, missing)] == [503, 503, 404]
    assert "has no journal" in missing.json()["error"]["message"]
    assert all(str(folder) not in each.text for each in (in_use, damaged, missing))


def test_a_scale_of_your_own_is_named_in_the_query(tmp_path: Path, embedded: Database) -> None:
    percents = [[*row[:3], str(int(float(row[3]) * 20)), *row[4:]] for row in rows()]
    mine_file(write_csv(tmp_path / "in.csv", percents), tmp_path / "out", KeywordPredictor(), columns={})
    with served(embedded, folder=tmp_path / "out") as client:
        refused = [client.get("/v1/loyalty"), client.get("/v1/loyalty?scale=1-5")]
        assert [each.status_code for each in refused] == [409, 409]
        assert all("name yours with ?scale=LOW-HIGH" in each.json()["error"]["message"] for each in refused)
        assert client.get("/v1/loyalty?scale=0-100").json()["scale"] == [0, 100]
        assert client.get("/v1/loyalty?scale=20-100").json()["scale"] == [20, 100]
        for wrong in ("5", "5-1", "1-1e308", "nan-5"):
            answer = client.get(f"/v1/loyalty?scale={wrong}")
            assert answer.status_code == 422
            assert answer.json()["error"]["message"].startswith("scale: ")


def test_it_is_found_out_once_by_however_many_ask_and_anew_after_an_erasure_and_on_a_new_day(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words: list[str | None] = []

    def noted(folder: Path, stored: StoredMining, **options: Any) -> Loyalty:
        words.append(read_journal(folder / "state" / JOURNAL_NAME).column("text")[0])
        return loyalty_in(folder, stored, **options)

    monkeypatch.setattr(api, "loyalty_in", noted)
    with ThreadPoolExecutor(4) as pool:
        answers = [response.json() for response in pool.map(client.get, ["/v1/loyalty"] * 8)]
    assert all(answer == answers[0] for answer in answers)
    assert len(words) == 1
    path = folder / "state" / JOURNAL_NAME
    forget_in_journal(path, [read_journal(path).column("feedback_id")[0]], "product")
    assert client.get("/v1/loyalty").status_code == 200
    assert len(words) == 2
    assert words[1] is None

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=1)

    monkeypatch.setattr(api, "datetime", Tomorrow)
    client.get("/v1/loyalty")
    assert len(words) == 3
