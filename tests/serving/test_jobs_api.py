"""Jobs over HTTP, and what they do, in this process."""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

import models.checkpoint
from data.records import Feedback
from mining.journal import JOURNAL_NAME, read_journal
from mining.register import REGISTER_NAME
from models.predictions import Predictor
from serving import analysis, job_pulse, job_work, mining_run
from serving.analysis import Analysis, analyse
from serving.configuration import Configuration
from serving.database.audit import COMMAND_LINE
from serving.database.connection import Database
from serving.database.jobs import Job, claim, find_job
from serving.database.keys import create_key
from serving.engine import Engine
from serving.job_process import run_job
from serving.job_pulse import JobPulse
from serving.job_work import job_folder
from serving.messages import ErrorAnswer
from serving.progress import Stages
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.serving.files import rows
from tests.serving.job_world import keep_feedback, mined_folder
from tests.serving.served import served
from tests.serving.small_world import small_mining

ASKED = {"mine": {"replace": True}, "score": {}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return mined_folder(tmp_path / "out")


@pytest.fixture
def engine(folder: Path) -> Engine:
    return Engine(read_state(folder), KeywordPredictor(), folder)


@pytest.fixture
def client(database: Database, engine: Engine, folder: Path) -> Iterator[TestClient]:
    with served(database, engine=engine, folder=folder) as client:
        yield client


@pytest.fixture(autouse=True)
def keyword_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models.checkpoint, "load_predictor", lambda model, runtime: KeywordPredictor())


def error(response: Any) -> tuple[int, str]:
    return response.status_code, ErrorAnswer.model_validate(response.json()).error.code


def work(database: Database, folder: Path) -> str:
    """Do the job that waits longest, here; how it ended."""
    job = claim(database, "w")
    assert job is not None
    run_job(Configuration(state=folder, database=database.engine.url), database, job.id, "w")
    ended = find_job(database, job.id)
    assert ended is not None
    return ended.state


def test_what_is_kept_is_mined_and_served_without_a_restart(
    client: TestClient, database: Database, engine: Engine, folder: Path
) -> None:
    keep_feedback(database)
    assert not engine.refresh()
    asked = client.post("/v1/jobs/mine", json={"granularity": 0.2, "replace": True})
    assert asked.status_code == 202
    place = asked.headers["location"]
    assert client.get(place).json()["state"] == "queued"
    assert work(database, folder) == "done"
    job = client.get(place).json()
    assert job["result"]["messages"] == 400
    assert job["result"]["oppositions"] >= 1
    assert job["error"] is None
    assert client.get("/v1/causes/c-0003").status_code == 200  # still the mining before
    assert engine.refresh()
    assert not engine.refresh()
    causes = client.get("/v1/causes").json()["causes"]
    assert len(causes) == job["result"]["causes"]
    assert client.get("/v1/info").json()["mined"]["granularity"] == 0.2
    assert (folder / "report.html").is_file()
    assert error(client.get(f"{place}/result")) == (404, "not_found")


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_what_is_kept_is_scored_into_a_file_that_can_be_fetched(
    client: TestClient, database: Database, folder: Path, form: str
) -> None:
    keep_feedback(database)
    place = client.post("/v1/jobs/score", json={"format": form}).headers["location"]
    assert error(client.get(f"{place}/result")) == (409, "conflict")
    assert work(database, folder) == "done"
    assert client.get(place).json()["result"]["statements"] >= 400
    sent = client.get(f"{place}/result")
    assert sent.status_code == 200
    if form == "jsonl":
        scored = [json.loads(line) for line in sent.text.splitlines()]
        assert {row["feedback_id"] for row in scored} == {f"r{number}" for number in range(400)}
    assert [path.name for path in job_folder(folder, place.rpartition("/")[2]).iterdir()] == [
        f"scored.{form}"
    ]


def test_a_segment_that_names_people_is_in_no_report(
    client: TestClient, database: Database, folder: Path
) -> None:
    for row in rows():
        number = int(row[0].removeprefix("r"))
        segments = {"customer": f"Zelda Zebra {number}", "plan": ("solo", "team")[number % 2]}
        sent = {"id": row[0], "author": row[1], "text": row[2], "segments": segments}
        assert client.post("/v1/feedback", json=sent).status_code == 201
    client.post("/v1/jobs/mine", json=ASKED["mine"])
    assert work(database, folder) == "done"
    for name in ("report.html", "report.json"):
        report = (folder / name).read_text(encoding="utf-8")
        assert "Zebra" not in report, name
    assert "Zebra" in client.get("/v1/feedback/r1").text
    kept = read_journal(folder / "state" / JOURNAL_NAME).column("segments")
    assert {name for own in kept for name, _ in own} == {"plan"}


def test_a_mining_of_a_file_gives_way_only_where_that_is_asked_for(
    client: TestClient, database: Database, folder: Path
) -> None:
    keep_feedback(database)
    refused = client.post("/v1/jobs/mine", json={})
    assert error(refused) == (409, "conflict")
    assert '"replace": true' in refused.json()["error"]["message"]
    assert client.get("/v1/jobs").json()["jobs"] == []
    place = client.post("/v1/jobs/mine", json={"replace": True}).headers["location"]
    assert client.get(place).json()["options"] == {}
    assert work(database, folder) == "done"
    assert client.post("/v1/jobs/mine", json={}).status_code == 202  # of what is kept, by now


def test_a_mining_of_a_file_does_not_give_way_while_another_one_writes(
    client: TestClient, folder: Path
) -> None:
    with closing(sqlite3.connect(folder / REGISTER_NAME, isolation_level=None)) as writer:
        writer.execute("CREATE TABLE register (format INTEGER)")
        writer.execute("BEGIN EXCLUSIVE")
        assert error(client.post("/v1/jobs/mine", json={})) == (409, "conflict")
    assert client.get("/v1/jobs").json()["jobs"] == []


def test_what_cannot_be_read_may_be_the_mining_of_a_file(
    client: TestClient, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "state" / "countervoice.db").write_bytes(b"no database" * 100)
    refused = client.post("/v1/jobs/mine", json={})
    assert error(refused) == (503, "unavailable")
    assert '"replace": true' in refused.json()["error"]["message"]
    assert "not a Countervoice store" in caplog.text
    assert client.post("/v1/jobs/mine", json={"replace": True}).status_code == 202


@pytest.mark.parametrize(("own_ids", "status"), [(True, 202), (False, 409)])
def test_numbers_of_rows_say_nothing_of_what_is_kept(
    database: Database, tmp_path: Path, own_ids: bool, status: int
) -> None:
    folder = mined_folder(tmp_path / "other", own_ids=own_ids)
    with served(database, engine=Engine(None, KeywordPredictor(), folder), folder=folder) as client:
        client.post("/v1/feedback", json={"id": "f-3", "text": "Of somebody else"})
        assert client.post("/v1/jobs/mine", json={}).status_code == status


def test_a_scored_parquet_is_whole(client: TestClient, database: Database, folder: Path) -> None:
    keep_feedback(database)
    place = client.post("/v1/jobs/score", json={"format": "parquet"}).headers["location"]
    work(database, folder)
    assert pq.read_table(job_folder(folder, place.rpartition("/")[2]) / "scored.parquet").num_rows >= 400


@pytest.mark.parametrize("kind", ["mine", "score"])
def test_an_answer_that_says_nothing_is_kept_and_set_aside(
    client: TestClient, database: Database, folder: Path, kind: str
) -> None:
    keep_feedback(database)
    assert client.post("/v1/feedback", json={"id": "empty", "text": "n/a"}).status_code == 201
    place = client.post(f"/v1/jobs/{kind}", json=ASKED[kind]).headers["location"]
    assert work(database, folder) == "done"
    result = client.get(place).json()["result"]
    assert (result["messages"], result["set_aside"]) == (400, 1)


def test_what_comes_while_a_job_reads_is_not_set_aside(
    client: TestClient, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_feedback(database)

    def slowly(messages: Sequence[Feedback], predictor: Predictor, stages: Stages) -> Analysis:
        assert client.post("/v1/feedback", json={"id": "late", "text": "The bell is slow"}).status_code == 201
        return analyse(messages, predictor, stages=stages)

    monkeypatch.setattr(analysis, "analyse", slowly)
    place = client.post("/v1/jobs/mine", json=ASKED["mine"]).headers["location"]
    assert work(database, folder) == "done"
    result = client.get(place).json()["result"]
    assert (result["messages"], result["set_aside"]) == (400, 0)


@pytest.mark.parametrize("kind", ["mine", "score"])
def test_where_nothing_kept_says_anything_a_job_says_so(
    client: TestClient, database: Database, folder: Path, kind: str
) -> None:
    client.post("/v1/feedback", json={"id": "empty", "text": "n/a"})
    place = client.post(f"/v1/jobs/{kind}", json=ASKED[kind]).headers["location"]
    assert work(database, folder) == "failed"
    assert client.get(place).json()["error"] == "no message that is kept says anything: all are like 'n/a'"


@pytest.mark.parametrize("kind", ["mine", "score"])
def test_with_nothing_kept_a_job_says_so(
    client: TestClient, database: Database, folder: Path, kind: str
) -> None:
    place = client.post(f"/v1/jobs/{kind}", json=ASKED[kind]).headers["location"]
    assert work(database, folder) == "failed"
    assert client.get(place).json()["error"] == "no feedback is kept: POST /v1/feedback first"


def test_a_bug_in_a_job_is_not_shown(
    client: TestClient, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> None:
        raise RuntimeError("secret path /home/anna")

    monkeypatch.setitem(job_work.WORK, "mine", broken)  # type: ignore[arg-type]
    place = client.post("/v1/jobs/mine", json=ASKED["mine"]).headers["location"]
    assert work(database, folder) == "failed"
    assert client.get(place).json()["error"] == "a fault of the service: its log says more"


def test_erasing_takes_results_away_and_running_jobs_begin_anew(
    client: TestClient, database: Database, folder: Path
) -> None:
    keep_feedback(database)
    place = client.post("/v1/jobs/score", json={}).headers["location"]
    work(database, folder)
    running = client.post("/v1/jobs/mine", json=ASKED["mine"]).headers["location"]
    claim(database, "w")
    client.delete("/v1/feedback/r7")
    gone = client.get(f"{place}/result")
    assert error(gone) == (404, "not_found")
    assert "erased" in gone.text
    assert client.get(running).json()["state"] == "queued"
    assert not (folder / "jobs").exists()


def test_a_job_that_was_lost_writes_nothing(client: TestClient, database: Database, folder: Path) -> None:
    keep_feedback(database)
    place = client.post("/v1/jobs/mine", json=ASKED["mine"]).headers["location"]
    job = claim(database, "first")
    assert job is not None
    before = (folder / "state" / "countervoice.db").read_bytes()
    run_job(Configuration(state=folder, database=database.engine.url), database, job.id, "second")
    assert (folder / "state" / "countervoice.db").read_bytes() == before
    assert client.get(place).json()["state"] == "running"


def test_a_job_that_is_lost_while_it_writes_does_not_publish(
    client: TestClient, database: Database, engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = mining_run.write_journal

    def erase_meanwhile(*what: Any) -> None:
        really(*what)
        assert client.delete("/v1/feedback/r7").json() == {"erased": 1}

    monkeypatch.setattr(job_pulse, "PULSE_S", 600)  # its next sign of life comes too late
    monkeypatch.setattr(mining_run, "write_journal", erase_meanwhile)
    keep_feedback(database)
    client.post("/v1/jobs/mine", json=ASKED["mine"])
    assert work(database, folder) == "queued"
    assert not engine.refresh()
    assert not (folder / "report.json").exists()
    assert not (folder / "state" / "journal.parquet").exists()
    assert not list(folder.glob(".mining-*"))


@pytest.mark.parametrize(
    ("asked", "ended"), [("jobs/{}", "done"), ("feedback/r7", "queued")], ids=["cancelled", "lost"]
)
def test_what_is_published_cannot_be_cancelled_but_is_made_anew_after_an_erasure(
    client: TestClient,
    database: Database,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    ended: str,
) -> None:
    def publish(job: Job, settings: Configuration, database: Database, pulse: JobPulse) -> dict[str, Any]:
        with pulse.publishing():
            pass
        assert client.delete(f"/v1/{asked.format(job.id)}").is_success
        pulse("Closing the loops")
        return {"causes": 3}

    monkeypatch.setattr(job_pulse, "PULSE_S", 600)  # else it might end this process
    monkeypatch.setitem(job_work.WORK, "mine", publish)  # type: ignore[arg-type]
    keep_feedback(database)
    place = client.post("/v1/jobs/mine", json=ASKED["mine"]).headers["location"]
    assert work(database, folder) == ended
    assert client.get(place).json()["result"] == ({"causes": 3} if ended == "done" else {})


def test_a_cancelled_job_stops_before_it_writes(client: TestClient, database: Database, folder: Path) -> None:
    keep_feedback(database)
    place = client.post("/v1/jobs/mine", json=ASKED["mine"]).headers["location"]
    job = claim(database, "w")
    assert job is not None
    cancelled = client.delete(place)
    assert (cancelled.status_code, cancelled.json()["state"]) == (202, "running")
    run_job(Configuration(state=folder, database=database.engine.url), database, job.id, "w")
    assert client.get(place).json()["state"] == "cancelled"
    assert client.delete(place).status_code == 200
    assert not list(folder.glob(".mining-*"))


def test_jobs_are_listed_newest_first_and_limited(client: TestClient) -> None:
    places = [client.post("/v1/jobs/score", json={}).headers["location"] for _ in range(5)]
    assert [f"/v1/jobs/{job['id']}" for job in client.get("/v1/jobs?limit=3").json()["jobs"]] == places[:1:-1]
    refused = client.post("/v1/jobs/score", json={})
    assert error(refused) == (429, "too_many_requests")
    assert "retry-after" in refused.headers
    assert client.delete(places[0]).json()["state"] == "cancelled"
    assert client.post("/v1/jobs/score", json={}).status_code == 202


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("mine", {"granularity": 2}),
        ("mine", {"granularity": "0.2"}),
        ("mine", {"granularity": True}),
        ("mine", {"x": 1}),
        ("score", {"format": "xlsx"}),
        ("score", []),
    ],
)
def test_bad_options_are_refused(client: TestClient, path: str, body: Any) -> None:
    assert error(client.post(f"/v1/jobs/{path}", json=body)) == (422, "invalid_request")
    assert error(client.post(f"/v1/jobs/{path}", content=b"{}")) == (415, "unsupported_media_type")


def test_unknown_jobs_are_not_found(client: TestClient) -> None:
    for method, path in (("GET", "x"), ("DELETE", "x"), ("GET", "x/result"), ("GET", "../audit/x")):
        assert error(client.request(method, f"/v1/jobs/{path}"))[0] in (404,)


def test_a_job_is_cancelled_by_its_own_key_or_an_admin(database: Database, folder: Path) -> None:
    own, other, admin = (
        {"Authorization": f"Bearer {create_key(database, name, scopes, COMMAND_LINE)[1]}"}
        for name, scopes in (("a", ["read", "write"]), ("b", ["write"]), ("c", ["admin"]))
    )
    with served(database, policy="required", folder=folder) as client:
        places = [client.post("/v1/jobs/score", json={}, headers=own).headers["location"] for _ in range(2)]
        assert error(client.delete(places[0], headers=other)) == (403, "forbidden")
        assert client.delete(places[0], headers=own).json()["state"] == "cancelled"
        assert client.delete(places[1], headers=admin).json()["state"] == "cancelled"


def test_info_tells_model_languages_and_limits(client: TestClient, database: Database) -> None:
    keep_feedback(database)
    found = client.get("/v1/info").json()
    assert found["kept"] == 400
    assert found["redacted"] is True
    assert found["limits"]["texts"] == 256
    assert found["mined"]["causes"] == 3
    read = small_mining().data
    assert found["mined"]["messages"] == read.rows - read.rejected < read.rows
    vietnamese = next(row for row in found["model"]["languages"] if row["language"] == "vi")
    assert 0 < vietnamese["degree"] < 1


def test_no_request_is_dropped_while_minings_are_swapped(
    client: TestClient, engine: Engine, folder: Path
) -> None:
    def ask(number: int) -> int:
        return client.post("/v1/classify", json={"texts": ["案例太多，看不下去"]}).status_code

    with ThreadPoolExecutor(3) as pool:
        statuses = pool.map(ask, range(30))
        for moment in range(1, 9):
            os.utime(folder / "state" / "index", (moment, moment))
            assert engine.refresh()
        assert set(statuses) == {200}
