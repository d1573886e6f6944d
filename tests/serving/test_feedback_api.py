"""Feedback over HTTP: redacted, idempotent, erasable, audited."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event
from typing import Any
from unicodedata import normalize

import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from data.records import Feedback
from serving import keeper as keeping
from serving.database.connection import Database
from serving.database.feedback import Kept, store
from serving.engine import Engine
from serving.feedback_api import CLIENT_LEFT
from serving.keeper import Keeper
from serving.messages import ErrorAnswer
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.serving.job_world import mined_folder
from tests.serving.served import BODY_LIMIT, served
from tests.serving.small_world import small_feedback

ONE = {"id": "f-900", "text": "Quá ít ví dụ, gọi tôi 0912 345 678", "author": "Anna@Example.org", "rating": 2}


@pytest.fixture
def client(database: Database) -> Iterator[TestClient]:
    with served(database) as client:
        yield client


def error(response: Any) -> tuple[int, str]:
    return response.status_code, ErrorAnswer.model_validate(response.json()).error.code


def test_feedback_is_redacted_stored_once_and_read_back(client: TestClient) -> None:
    first = client.post("/v1/feedback", json=ONE)
    counted = {"stored": 1, "unchanged": 0, "suppressed": 0, "redacted": {"phone": 1}}
    assert (first.status_code, first.json()) == (201, counted)
    again = client.post("/v1/feedback", json=ONE)
    assert (again.status_code, again.json()["unchanged"]) == (200, 1)
    found = client.get("/v1/feedback/f-900").json()
    assert found["text"] == "Quá ít ví dụ, gọi tôi [phone]"
    assert found["author"].startswith("person-")
    assert found["redacted"] == {"phone": 1}
    assert found["rating"] == 2


def test_what_looks_the_same_is_the_same_feedback_but_for_its_text(client: TestClient) -> None:
    names = {"author": "Đỗ Lữ", "source": "Quầy", "channel": "Tại chỗ", "segments": {"gói": "năm"}}
    spelled = json.loads(normalize("NFD", json.dumps(names, ensure_ascii=False)))
    assert spelled != names
    assert client.post("/v1/feedback", json={**ONE, **names}).json()["stored"] == 1
    assert client.post("/v1/feedback", json={**ONE, **spelled}).json()["unchanged"] == 1
    other = client.post("/v1/feedback", json={**ONE, "text": normalize("NFD", str(ONE["text"])), **names})
    assert error(other) == (409, "conflict")
    assert client.get("/v1/feedback/f-900").json()["segments"] == {"gói": "năm"}
    erased = client.post("/v1/erasures", json={"author": spelled["author"]})
    assert erased.json() == {"erased": 1}


def test_a_former_code_of_a_language_is_kept_as_that_of_today(client: TestClient) -> None:
    client.post("/v1/feedback", json={**ONE, "language": "iw"})
    assert client.get("/v1/feedback/f-900").json()["language"] == "he"


def test_a_list_is_stored_whole_or_not_at_all(client: TestClient) -> None:
    many = [{"id": f"m-{number}", "text": "案例太多"} for number in range(1000)]
    assert client.post("/v1/feedback", json=many).json()["stored"] == 1000
    response = client.post("/v1/feedback", json=[{"id": "new", "text": "a"}, {"id": "m-7", "text": "b"}])
    assert error(response) == (409, "conflict")
    assert "'m-7'" in response.json()["error"]["message"]
    assert "is there with another content" in response.json()["error"]["message"]
    twice = client.post("/v1/feedback", json=[{"id": "new", "text": "a"}, {"id": "new", "text": "b"}])
    assert error(twice) == (409, "conflict")
    assert "the request has feedback 'new' twice" in twice.json()["error"]["message"]
    assert error(client.get("/v1/feedback/new")) == (404, "not_found")


def test_without_redaction_texts_stay_and_authors_do_not(database: Database) -> None:
    with served(database, redact=False) as client:
        client.post("/v1/feedback", json=ONE)
        found = client.get("/v1/feedback/f-900").json()
        assert found["text"] == ONE["text"]
        assert found["author"].startswith("person-")


def test_one_message_and_one_person_can_be_erased(client: TestClient) -> None:
    messages = [
        {**ONE, "id": f"f-{number}", "author": name} for number, name in enumerate(["Bo Li", "bo  li", "Di"])
    ]
    client.post("/v1/feedback", json=messages)
    assert client.delete("/v1/feedback/f-2").json() == {"erased": 1}
    assert error(client.delete("/v1/feedback/f-2")) == (404, "not_found")
    assert client.post("/v1/erasures", json={"author": "BO LI"}).json() == {"erased": 2}
    assert client.post("/v1/erasures", json={"author": "Bo Li"}).json() == {"erased": 0}
    assert error(client.get("/v1/feedback/f-0")) == (404, "not_found")


@pytest.mark.parametrize("whole_author", [False, True])
def test_no_file_of_the_database_holds_what_was_erased(
    embedded: Database, tmp_path: Path, whole_author: bool
) -> None:
    def words() -> list[str]:
        return [path.name for path in tmp_path.glob("feedback.db*") if b"zebras" in path.read_bytes()]

    with served(embedded) as client:
        client.post("/v1/feedback", json={"id": "z", "text": "Too few zebras", "author": "Bo"})
        assert words() == ["feedback.db-wal"]
        if whole_author:
            assert client.post("/v1/erasures", json={"author": "Bo"}).json() == {"erased": 1}
        else:
            assert client.delete("/v1/feedback/z").json() == {"erased": 1}
        assert (tmp_path / "feedback.db-wal").exists()  # it goes with the last connection
        assert not words()


def test_changes_are_audited_without_a_word_of_text(client: TestClient) -> None:
    client.post("/v1/feedback", json=ONE)
    client.delete("/v1/feedback/f-900")
    client.post("/v1/erasures", json={"author": ONE["author"]})
    response = client.get("/v1/audit")
    rows = response.json()["audit"]
    assert [row["action"] for row in rows] == ["author.erase", "feedback.erase", "feedback.store"]
    assert {row["who"] for row in rows} == {"testclient"}
    assert "Anna" not in response.text
    assert "ví dụ" not in response.text
    older = client.get(f"/v1/audit?limit=1&before={rows[0]['id']}").json()["audit"]
    assert older == rows[1:2]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "limit=9999", "before=-1", "before=%D9%A1", "limit=" + "9" * 30]
)
def test_a_query_that_is_no_number_is_refused(client: TestClient, query: str) -> None:
    assert error(client.get(f"/v1/audit?{query}")) == (422, "invalid_request")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"id": ""}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": "../x"}, "id"),
        ({"id": "a@b.co"}, "id"),
        ({"id": "a" * 201}, "id"),
        ({"id": "a\n"}, "id"),
        ({"id": 7}, "id"),
        ({"text": " "}, "text"),
        ({"text": "\u200b\ufeff"}, "text"),
        ({"text": "a" * 20_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"author": "a\x00b"}, "author"),
        ({"author": " "}, "author"),
        ({"author": "\t"}, "author"),
        ({"author": "\u00a0"}, "author"),
        ({"author": "\u200b"}, "author"),
        ({"source": "\u2003"}, "source"),
        ({"channel": "\n"}, "channel"),
        ({"rating": "five"}, "rating"),
        ({"rating": "2"}, "rating"),
        ({"rating": True}, "rating"),
        ({"rating": 1_000_000}, "rating"),
        ({"rating": -1e19}, "rating"),
        ({"solicited": "yes"}, "solicited"),
        ({"solicited": 1}, "solicited"),
        ({"created_at": 20260504}, "created_at"),
        ({"created_at": "20260504"}, "created_at"),
        ({"created_at": True}, "created_at"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "created_at"),
        ({"created_at": "2199-12-31T23:00:00-02:00"}, "created_at"),
        ({"created_at": "1900-01-01T01:00:00+02:00"}, "created_at"),
        ({"created_at": "soon"}, "created_at"),
        ({"language": "english"}, "language"),
        ({"language": "vn"}, "language"),  # a country
        ({"segments": {"a": "b" * 201}}, "segments.a"),
        ({"segments": {"a": " "}}, "segments.a"),
        ({"segments": {" ": "b"}}, "segments. .[key]"),
        ({"segments": {str(n): "b" for n in range(21)}}, "segments"),
        ({"stars": 5}, "stars"),
    ],
)
def test_a_bad_field_is_named(client: TestClient, change: dict[str, Any], place: str) -> None:
    response = client.post("/v1/feedback", json={**ONE, **change})
    assert error(response) == (422, "invalid_request")
    assert response.json()["error"]["message"].startswith(f"{place}: ")
    assert error(client.post("/v1/feedback", json=[ONE, {**ONE, **change}])) == (422, "invalid_request")
    assert client.get("/v1/audit").json() == {"audit": []}


@pytest.mark.parametrize("control", ["%00", "%0A", "a%0Ab", "%0D%0A", "%7F", "%C2%85"])
def test_a_path_with_a_control_character_names_nothing_in_either_database(
    client: TestClient, control: str
) -> None:
    for method, path in (
        ("GET", f"feedback/{control}"),
        ("DELETE", f"feedback/{control}"),
        ("GET", f"jobs/{control}"),
        ("DELETE", f"jobs/{control}"),
        ("GET", f"jobs/{control}/result"),
        ("POST", control),
    ):
        assert error(client.request(method, f"/v1/{path}")) == (404, "not_found")


def test_days_at_both_ends_of_the_years_are_kept_in_utc(client: TestClient) -> None:
    for number, (sent, kept) in enumerate(
        [
            ("2199-12-31T21:00:00-02:00", "2199-12-31T23:00:00Z"),
            ("1900-01-01T02:00:00+02:00", "1900-01-01T00:00:00Z"),
        ]
    ):
        client.post("/v1/feedback", json={**ONE, "id": f"d-{number}", "created_at": sent})
        assert client.get(f"/v1/feedback/d-{number}").json()["created_at"] == kept


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 422),
        (b"7", 422),
        (b'"text"', 422),
        (b"[" * 50_000, 400),
        (b'{"id": "a", "text": "b", "rating": NaN}', 422),
        (b'{"id": "a", "text": "b", "rating": 1e999}', 422),
        (json.dumps([{"id": str(n), "text": "a"} for n in range(1001)]).encode(), 422),
    ],
)
def test_a_body_that_is_no_feedback_is_refused(client: TestClient, body: bytes, status: int) -> None:
    response = client.post("/v1/feedback", content=body, headers={"content-type": "application/json"})
    assert response.status_code == status
    assert error(client.post("/v1/feedback", content=b"a=b")) == (415, "unsupported_media_type")


def test_more_feedback_than_there_is_room_for_is_told_to_come_again(
    embedded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = Event()
    prepare = Keeper.prepared

    def slow(keeper: Keeper, message: Feedback) -> Kept:
        let_go.wait(30)
        return prepare(keeper, message)

    monkeypatch.setattr(Keeper, "prepared", slow)
    large = [{"id": f"l-{number}", "text": "x" * 20_000} for number in range(BODY_LIMIT // 20_100)]
    with served(embedded) as client, ThreadPoolExecutor(3) as pool:
        sent = [pool.submit(client.post, "/v1/feedback", json=large) for _ in range(3)]
        try:
            (refused,), others = wait(sent, return_when=FIRST_COMPLETED)
        finally:
            let_go.set()
        assert error(refused.result()) == (503, "busy")
        assert int(refused.result().headers["retry-after"]) >= 1
        assert "of your other requests" in refused.result().json()["error"]["message"]
        assert 'countervoice_refused_total{reason="bodies"} 1.0' in client.get("/metrics").text
        assert {each.result().status_code for each in others} == {200, 201}


@pytest.mark.parametrize(("step", "kept_before"), [("prepared", 0), ("same", 100)])
def test_feedback_whose_sender_has_left_is_not_prepared_to_its_end(
    embedded: Database, monkeypatch: pytest.MonkeyPatch, step: str, kept_before: int
) -> None:
    """Nor compared to its end with what is kept, where that came under another redaction."""
    left, begun = asyncio.Event(), 0
    work = getattr(Keeper, step)

    def noted(keeper: Keeper, *messages: Feedback | Kept) -> Kept | bool:
        nonlocal begun
        begun += 1
        left.set()
        done: Kept | bool = work(keeper, *messages)
        return done

    messages = [{"id": f"m-{number}", "text": "Too few: anna@example.com"} for number in range(100)]
    with served(embedded, redact=False) as client:
        client.post("/v1/feedback", json=messages[:kept_before])
    many = json.dumps(messages)
    given: list[Message] = [{"type": "http.request", "body": many.encode(), "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        if given:
            return given.pop()
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    monkeypatch.setattr(Keeper, step, noted)
    headers = [(b"host", b"127.0.0.1:3000"), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/feedback",
        "query_string": b"",
        "headers": headers,
    }
    with served(embedded) as client:
        asyncio.run(client.app({**scope, "client": ("127.0.0.1", 5000)}, receive, send))  # type: ignore[arg-type]
        assert (begun, sent[0]["status"]) == (1, CLIENT_LEFT)
        assert client.get("/v1/info").json()["kept"] == kept_before


def test_what_is_erased_is_not_quoted_any_more_now_and_after_a_restart(
    database: Database, tmp_path: Path
) -> None:
    folder = mined_folder(tmp_path / "out")
    engine = Engine(read_state(folder), KeywordPredictor(), folder)
    few = next(message for message in small_feedback() if message.id == "f-1")
    with served(database, engine=engine) as client:
        client.post(
            "/v1/feedback", json=[{"id": "f-1", "text": few.text}, {"id": "x-1", "text": "never quoted"}]
        )
        assert few.text in client.get("/v1/causes/c-0001").text
        client.delete("/v1/feedback/x-1")
        assert few.text in client.get("/v1/causes/c-0001").text
        client.delete("/v1/feedback/f-1")
        assert few.text not in client.get("/v1/causes/c-0001").text
        answer = client.post("/v1/classify", json={"texts": ["案例太多，看不下去"]}).json()
        assert answer[0]["statements"][0]["counter"]["example"]["id"] != "f-1"
    assert few.text not in json.dumps(dict(read_state(folder).stored.messages), ensure_ascii=False)
    assert few.text.encode() not in (folder / "state" / "countervoice.db").read_bytes()
    with sqlite3.connect(folder / "state" / "countervoice.db") as connection:
        assert connection.execute("SELECT count(*) FROM feedback WHERE id = 'f-1'").fetchone() == (0,)


HIDDEN = [
    ("<p>4111&nbsp;1111&nbsp;1111&nbsp;1111</p>", "[card]", {"card": 1}),
    ("<tr><td>4111</td><td>1111</td><td>1111</td><td>1111</td></tr>", "[card]", {"card": 1}),
    ("anna&#64;example.com", "[email]", {"email": 1}),
    ("+371&nbsp;29&nbsp;123&nbsp;456", "[phone]", {"phone": 1}),
    ("+371&amp;nbsp;29&amp;nbsp;123&amp;nbsp;456", "[phone]", {"phone": 1}),
    ("/?token=a1&email=anna%40example.com", "/?token=a1&email=[email]", {"email": 1}),
    ("Late.\n-----Original Message-----\nDear anna@example.com", "Late.", {}),
    ("<p>&nbsp;</p>", "<p>&nbsp;</p>", {}),
]


@pytest.mark.parametrize(("sent", "kept", "redacted"), HIDDEN)
def test_markup_hides_no_personal_data(
    client: TestClient, sent: str, kept: str, redacted: dict[str, int]
) -> None:
    answer = client.post("/v1/feedback", json={"id": "h", "text": sent}).json()
    assert (answer["stored"], answer["redacted"]) == (1, redacted)
    assert client.get("/v1/feedback/h").json()["text"] == kept
    assert client.post("/v1/feedback", json={"id": "h", "text": sent}).json()["unchanged"] == 1


@pytest.mark.parametrize("redact", [False, True])
def test_what_came_under_another_redaction_is_the_same_message_again(
    database: Database, redact: bool
) -> None:
    """Also where a nightly sync sends all of its messages in one list."""
    one = {**ONE, "source": "kiosk +371 29123456", "segments": {"call": "+371 29123456"}}
    with served(database, redact=redact) as client:
        client.post("/v1/feedback", json=one)
        before = client.get("/v1/feedback/f-900").json()
    with served(database, redact=not redact) as client:
        again = client.post("/v1/feedback", json=[one, {"id": "f-901", "text": "New today"}])
        assert (again.status_code, again.json()["stored"], again.json()["unchanged"]) == (201, 1, 1)
        assert client.get("/v1/feedback/f-900").json() == before
        other = client.post("/v1/feedback", json={**one, "rating": 3})
        assert error(other) == (409, "conflict")
        assert error(client.post("/v1/feedback", json={**one, "text": "Quá ít ví dụ"})) == (409, "conflict")


def test_without_redaction_another_number_is_another_message(database: Database) -> None:
    other = {**ONE, "text": "Quá ít ví dụ, gọi tôi 0912 345 679"}
    with served(database, redact=False) as client:
        client.post("/v1/feedback", json=ONE)
        assert error(client.post("/v1/feedback", json=other)) == (409, "conflict")


def test_a_list_has_an_id_twice_also_where_what_is_kept_is_redacted(database: Database) -> None:
    other = {**ONE, "text": "Quá ít ví dụ, gọi tôi 0912 345 679"}
    with served(database) as client:
        client.post("/v1/feedback", json=ONE)
    with served(database, redact=False) as client:
        twice = client.post("/v1/feedback", json=[ONE, other])
        assert error(twice) == (409, "conflict")
        assert "twice" in twice.json()["error"]["message"]


def test_what_is_sent_again_is_compared_while_others_write(
    embedded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(embedded, redact=False) as client:
        client.post("/v1/feedback", json=ONE)
    compare, stored, other = keeping._today, [], Kept(Feedback(id="other", text="Beside it"), {})

    def beside(message: Feedback, is_redacted: bool) -> Feedback:
        if not stored:
            stored.append(pool.submit(store, embedded, [other], "others").result(timeout=60).stored)
        return compare(message, is_redacted)

    monkeypatch.setattr(keeping, "_today", beside)
    with served(embedded) as client, ThreadPoolExecutor(1) as pool:
        assert client.post("/v1/feedback", json=ONE).json()["unchanged"] == 1
    assert stored == [1]
