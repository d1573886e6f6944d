"""``countervoice watch`` and ``GET /v1/alarms``: told once, to a file, a webhook and over HTTP."""

import base64
import hashlib
import hmac
import json
import shutil
import socket
import sqlite3
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from data.errors import SettingsError, StateError, WriteError
from mining.register import MINING, PEOPLE, open_register
from mining.watch.results import WatchSettings
from serving.database.connection import Database
from serving.watch.book import BOOK_NAME, KeptAlarm, open_book, read_book
from serving.watch.run import tell, watch
from serving.watch.sinks import FileSink, Screen, SinkError
from serving.watch.tables import rarity
from serving.watch.webhook import Webhook
from tests.serving.served import served
from tests.serving.small_disk import KIB, leave
from tests.serving.subjectless import without_subject
from tests.serving.watched import watched_folder

Run = Callable[..., tuple[int, str, str]]
SINCE = ("--since", "2026-06-01")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return watched_folder(tmp_path / "out")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, command_line: Run) -> Run:
    monkeypatch.setenv("COLUMNS", "140")
    return command_line


@pytest.fixture
def alarm(out: Path) -> KeptAlarm:
    with open_book(out) as book:
        return book.keep(watch(out, WatchSettings()).alarms, {"c-0002": "couriers <!channel>"})[0]


@contextmanager
def receiver(status: int = 204, wait: float = 0.0) -> Iterator[tuple[str, list[tuple[Any, bytes]]]]:
    """A server that answers ``status`` to everything; its address, and what it got."""
    got = list[tuple[Any, bytes]]()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((self.headers, body))
            time.sleep(wait)
            self.send_response(status)
            self.send_header("location", "/elsewhere")
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - after a redirect

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", got
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_alarm_is_told_once(run: Run, out: Path) -> None:
    lines = out / "alarms.jsonl"
    code, shown, _ = run("watch", "--state", out, *SINCE, "--file", lines)
    assert code == 3
    assert "c-0002 couriers" in shown
    assert "1 new alarm" in shown
    (told,) = map(json.loads, lines.read_text().splitlines())
    assert (told["cause_id"], told["label"], told["since"]) == ("c-0002", "couriers", "2026-06-30")
    assert told["people"] >= 6
    assert told["interval"][0] < told["share"] < told["interval"][1]
    code, shown, _ = run("watch", "--state", out, *SINCE, "--file", lines)
    assert (code, shown) == (0, "no new alarm from 2026-06-01 to 2026-07-19\n")
    assert len(lines.read_text().splitlines()) == 1


def test_a_sink_that_is_new_gets_what_is_known(run: Run, out: Path) -> None:
    assert run("watch", "--state", out, *SINCE)[0] == 3
    assert run("watch", "--state", out, *SINCE, "--file", out / "a.jsonl")[0] == 3
    assert len((out / "a.jsonl").read_text().splitlines()) == 1


def test_only_the_last_weeks_are_told(run: Run, tmp_path: Path) -> None:
    out = watched_folder(tmp_path / "long", days=240)
    assert run("watch", "--state", out)[:2] == (0, "no new alarm from 2026-07-31 to 2026-08-28\n")
    assert run("watch", "--state", out, "--since", "2026-07-02")[0] in (0, 3)


def test_an_alarm_stays_the_same_when_its_days_move(out: Path, tmp_path: Path) -> None:
    early = watched_folder(tmp_path / "early", days=186)
    with open_book(out) as book:
        (first,) = book.keep(watch(early, WatchSettings()).alarms, {})
        assert first.alarm.until is None
        (second,) = book.keep(watch(out, WatchSettings()).alarms, {"c-0002": "couriers"})
    assert second.id == first.id
    assert second.alarm.day == first.alarm.day
    assert second.alarm.until is not None
    assert second.alarm.in_all > first.alarm.in_all
    assert read_book(out) == [second]


@pytest.mark.parametrize("kind", ["merge", "merged", "split by people", "split by a mining"])
def test_a_merge_or_a_split_does_not_tell_an_alarm_again(run: Run, out: Path, kind: str) -> None:
    (told,) = watch(out, WatchSettings()).alarms
    with open_book(out) as book:
        (first,) = book.keep([replace(told, cause_id="c-0009")], {"c-0009": "couriers"})
        with book.sending(first, Screen.name):
            pass
    with open_register(out / "causes.db", create=True) as register:
        match kind:
            case "merge" | "merged":
                register.append(PEOPLE, kind, "c-0009", {"into": "c-0002"})
            case "split by people":
                register.append(PEOPLE, "split", "c-0009", {"new": "c-0002", "name": ""})
            case _:
                register.append(MINING, "split", "c-0002", {"from": "c-0009"})
    assert run("watch", "--state", out, *SINCE)[:2] == (0, "no new alarm from 2026-06-01 to 2026-07-19\n")
    assert read_book(out) == [first]


def test_another_rise_of_a_cause_with_a_past_is_told(out: Path) -> None:
    (told,) = watch(out, WatchSettings()).alarms
    days = timedelta(days=60)
    past = replace(told, cause_id="c-0009", since=told.since - days, day=told.day - days, until=told.until)
    with open_book(out) as book:
        book.keep([past], {})
        (kept,) = book.keep([told], {}, {"c-0002": frozenset({"c-0009"})})
        own = replace(told, until=None)
        assert book.keep([own], {}, {"c-0002": frozenset({"c-0009"})})[0].alarm.until is None
    assert kept.id == "c-0002-20260630"


def test_a_webhook_gets_a_signed_message(run: Run, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = base64.b64encode(b"0123456789abcdef").decode()
    monkeypatch.setenv("COUNTERVOICE_WEBHOOK_SECRET", f"whsec_{secret}")
    with receiver() as (url, got):
        assert run("watch", "--state", out, *SINCE, "--webhook", url)[0] == 3
        assert run("watch", "--state", out, *SINCE, "--webhook", url)[0] == 0
    ((headers, body),) = got
    message = json.loads(body)
    assert message["type"] == "alarm"
    assert message["data"]["id"] == headers["Webhook-id"] == "c-0002-20260630"
    signed = f"{headers['Webhook-id']}.{headers['Webhook-timestamp']}.".encode() + body
    digest = hmac.new(b"0123456789abcdef", signed, hashlib.sha256).digest()
    assert headers["Webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert url.encode() not in (out / BOOK_NAME).read_bytes()


@pytest.mark.parametrize(("status", "told"), [(302, "answered 302"), (500, "answered 500")])
def test_what_did_not_arrive_is_due_again(run: Run, out: Path, status: int, told: str) -> None:
    lines = out / "alarms.jsonl"
    with receiver(status) as (url, got):
        code, shown, said = run("watch", "--state", out, *SINCE, "--webhook", url, "--file", lines)
        assert (code, len(got)) == (1, 1)
    assert told in said
    assert "due again" in said
    assert "c-0002 couriers" in shown
    assert len(lines.read_text().splitlines()) == 1, "the other sink got it"
    with receiver() as (other, got):
        assert run("watch", "--state", out, *SINCE, "--webhook", other, "--file", lines)[0] == 3
        assert len(got) == 1
    assert len(lines.read_text().splitlines()) == 1


def test_an_alarm_that_is_due_at_one_sink_is_not_said_to_be_none(run: Run, out: Path) -> None:
    assert run("watch", "--state", out, *SINCE)[0] == 3
    with receiver(500) as (url, _):
        code, shown, said = run("watch", "--state", out, *SINCE, "--webhook", url)
    assert (code, shown) == (1, "")
    assert "due again" in said


@pytest.mark.parametrize(("status", "sent"), [(400, 3), (408, 1), (429, 1), (500, 1)])
def test_a_refusal_is_of_one_alarm_and_a_failure_of_the_receiver(
    out: Path, alarm: KeptAlarm, status: int, sent: int
) -> None:
    alarms = [replace(alarm.alarm, cause_id=f"c-100{number}") for number in range(3)]
    with receiver(status) as (url, got):
        new, failures = tell(out, alarms, {}, [Webhook(url)])
    assert (len(got), len(failures)) == (sent, sent)
    assert f"answered {status} to c-1000-20260630" in str(failures[0])
    assert len(new) == 3  # on the screen


def test_a_file_that_a_full_disk_cut_is_as_it_was(
    alarm: KeptAlarm, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = small_disk / "alarms.jsonl"
    lines.write_text(
        "{}\n" + json.dumps("x" * (4 * KIB - 100)) + "\n"
    )  # the rest of its page takes a part of a line
    before = lines.read_bytes()
    leave(small_disk, 0)
    with pytest.raises(WriteError, match="No space left"):
        FileSink(lines).send(alarm)
    assert lines.read_bytes() == before
    (small_disk / "filling").unlink()
    FileSink(lines).send(alarm)
    assert [json.loads(line) for line in lines.read_text().splitlines()][-1]["id"] == alarm.id


def test_what_a_kill_left_in_a_file_spoils_no_other_line(alarm: KeptAlarm, tmp_path: Path) -> None:
    lines = tmp_path / "alarms.jsonl"
    lines.write_text('{"sent_at": "2026')
    for _ in range(2):
        FileSink(lines).send(alarm)
    cut, *whole = lines.read_text().splitlines()
    assert cut == '{"sent_at": "2026'
    assert [json.loads(line)["id"] for line in whole] == [alarm.id] * 2


@contextmanager
def dripping(first: bytes, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that sends ``first`` and then, for ever, one header after another; its port."""
    stopped = threading.Event()

    def drip(listening: socket.socket) -> None:
        with suppress(OSError):
            plain, _ = listening.accept()
            with context.wrap_socket(plain, server_side=True) if context else plain as sock:
                sock.sendall(first)
                while not stopped.wait(0.1):
                    sock.sendall(b"X-More: yes\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=[listening])
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            stopped.set()
            thread.join()


@pytest.mark.parametrize("first", [b"HTTP/1.1 204 No Content\r\n", b"HTTP/1.1 100 Continue\r\n"])
def test_a_webhook_that_answers_drop_by_drop_is_left_in_time(alarm: KeptAlarm, first: bytes) -> None:
    started = time.monotonic()
    with dripping(first) as port, pytest.raises(SinkError):
        Webhook(f"http://127.0.0.1:{port}/", timeout=0.5).send(alarm)
    assert time.monotonic() - started < 5


def test_the_time_holds_through_a_proxy_and_over_tls(
    alarm: KeptAlarm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    with dripping(b"HTTP/1.1 200 Connected\r\n") as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        with pytest.raises(SinkError, match="no answer in time"):
            Webhook("https://example.invalid/", timeout=0.5).send(alarm)
    monkeypatch.delenv("https_proxy")
    context = certified(tmp_path, monkeypatch)
    with (
        dripping(b"HTTP/1.1 204 None\r\n", context) as port,
        pytest.raises(SinkError, match="no answer in time"),
    ):
        Webhook(f"https://127.0.0.1:{port}/", timeout=0.5).send(alarm)
    with dripping(b"HTTP/1.1 204 None\r\n\r\n", context) as port:
        Webhook(f"https://127.0.0.1:{port}/").send(alarm)


def certified(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's context with a certificate for this machine, which is trusted from now on."""
    if shutil.which("openssl") is None:
        pytest.skip("a certificate is made with openssl")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout {key} -out {certificate}"
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def test_a_name_with_many_addresses_gets_no_more_time(
    alarm: KeptAlarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = list[float]()

    def black_hole(address: tuple[str, int], timeout: float, *_: object) -> socket.socket:
        given.append(timeout)
        time.sleep(timeout)
        raise TimeoutError

    there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{last}", 80)) for last in range(1, 6)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: there)
    monkeypatch.setattr(socket, "create_connection", black_hole)
    with pytest.raises(SinkError, match="no answer in time"):
        Webhook("http://example.invalid/", timeout=0.2).send(alarm)
    assert len(given) == 1


def test_a_webhook_that_hangs_or_is_not_there_is_told(alarm: KeptAlarm) -> None:
    with receiver(wait=0.5) as (url, _), pytest.raises(SinkError, match="no answer in time"):
        Webhook(url, timeout=0.1).send(alarm)
    with pytest.raises(SinkError, match=r"webhook 127\.0\.0\.1"):
        Webhook(url, timeout=0.5).send(alarm)


def test_a_chat_reads_no_commands_out_of_a_name(alarm: KeptAlarm) -> None:
    with receiver() as (url, got):
        Webhook(url).send(alarm)
    ((headers, body),) = got
    assert "couriers &lt;!channel&gt;" in json.loads(body)["text"]
    assert "Webhook-signature" not in headers


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/",
        "https://",
        "example.com/hook",
        "https://anna:secret@example.com/",
        "http://[::1",
        "http://example.com:99999/",
        "http://example.com/\n",
    ],
)
def test_only_web_addresses_are_taken(url: str) -> None:
    with pytest.raises(SettingsError, match="--webhook is not an address"):
        Webhook(url)


def test_a_secret_has_to_be_one() -> None:
    with pytest.raises(SettingsError, match="no base64"):
        Webhook("https://example.com/", "whsec_~~~")


def test_two_watches_send_an_alarm_once(out: Path) -> None:
    sent = list[str]()
    with open_book(out) as book:
        (kept,) = book.keep(watch(out, WatchSettings()).alarms, {})

    def send(_: int) -> None:
        with open_book(out) as book, book.sending(kept, "test") as due:
            if due:
                sent.append(kept.id)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(send, range(8)))
    assert sent == [kept.id]


def test_a_dry_run_is_judged_and_keeps_nothing(run: Run, out: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.csv"
    known.write_text("cause,from,to\ncouriers,2026-06-30,2026-07-09\nc-0001,2026-05-01,\n")
    code, shown, _ = run("watch", "--state", out, "--dry-run", "--known", known)
    assert code == 0
    assert "you would have had 1 alarm: 1 in an event of known.csv, 0 in none." in shown
    assert "Missed: c-0001 examples, 2026-05-01/" in shown
    assert not (out / BOOK_NAME).exists()
    code, shown, _ = run("watch", "--state", out, "--dry-run", "--json")
    assert code == 0
    assert [len(json.loads(shown)[key]) for key in ("real", "other", "missed")] == [0, 1, 0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cause,from\nc-0001,2026-05-01\n", "row 1: no to; the columns are cause, from, to"),
        ("cause,from,to\nc-0009,2026-05-01,\n", "row 1: no cause 'c-0009'"),
        ("cause,from,to\nc-0001,May,\n", "row 1: 'May' is no day such as 2026-03-10"),
        ("cause,from,to\nc-0001,2026-05-02,2026-05-01\n", "before it begins"),
    ],
)
def test_a_list_that_cannot_be_read_is_told(
    run: Run, out: Path, tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "known.csv").write_text(text)
    code, _, said = run("watch", "--state", out, "--dry-run", "--known", tmp_path / "known.csv")
    assert code == 1
    assert told in said


def test_a_rate_that_is_no_number_is_told(run: Run, out: Path) -> None:
    code, _, said = run("watch", "--state", out, "--dry-run", "--false-alarms-per-year", "nan")
    assert code == 2
    assert "nan is not a finite number" in said


def test_alarms_on_no_one_subject_say_so_to_people_alone(run: Run, out: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.csv"
    known.write_text("cause,from,to\nc-0001,2026-05-01,\n")
    for cause in ("c-0001", "c-0002"):
        without_subject(out, cause)
    _, shown, _ = run("watch", "--state", out, "--dry-run", "--known", known)
    assert "c-0002 couriers (no one subject)" in shown
    assert "Missed: c-0001 examples (no one subject), 2026-05-01/" in shown
    _, shown, _ = run("watch", "--state", out, *SINCE, "--file", out / "alarms.jsonl")
    assert "c-0002 couriers (no one subject)" in shown
    assert json.loads((out / "alarms.jsonl").read_text())["label"] == "couriers"


def test_a_narrow_terminal_keeps_causes_and_days(
    run: Run, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, shown, _ = run("watch", "--state", out, "--dry-run")
    assert "c-0002" in shown
    assert "2026-06-30" in shown
    assert "…" not in shown
    monkeypatch.setenv("COLUMNS", "60")
    _, shown, _ = run("watch", "--state", out, "--dry-run")
    (header,) = (line for line in shown.splitlines() if line.startswith(" Told"))
    assert header.split() == ["Told", "Cause", "People", "By", "chance", "Known", "event"]
    assert "couriers" in shown


@pytest.mark.parametrize(
    ("years", "words"),
    [
        (130, "rarer than once in 100 years"),
        (3, "once in 3 years"),
        (1.5, "once in 18 months"),
        (0.1, "once in 37 days"),
        (1 / 365, "once in 1 day"),
    ],
)
def test_how_rare_an_alarm_is_is_never_once_in_no_months(years: float, words: str) -> None:
    assert rarity(years) == words


def test_a_day_after_the_last_message_is_said_to_be_one(run: Run, out: Path) -> None:
    code, shown, _ = run("watch", "--state", out, "--since", "2030-01-01")
    assert code == 0
    assert "no new alarm: the last message is of" in shown


def test_known_events_are_for_a_dry_run(run: Run, out: Path) -> None:
    code, _, said = run("watch", "--state", out, "--known", __file__)
    assert code == 2
    assert "--known is for --dry-run" in said


def test_a_book_that_is_none_is_told(run: Run, out: Path) -> None:
    (out / BOOK_NAME).write_text("no database, but long enough to be told from an empty file" * 20)
    code, _, said = run("watch", "--state", out, *SINCE)
    assert code == 1
    assert "is not a book of alarms" in said
    with pytest.raises(StateError):
        read_book(out)


def test_a_book_of_an_earlier_version_is_read_and_numbered_and_one_of_a_later_is_refused(out: Path) -> None:
    with open_book(out) as book:
        kept = book.keep(watch(out, WatchSettings()).alarms, {})
    assert number_of(out / BOOK_NAME) == 1
    number_of(out / BOOK_NAME, 0)
    assert read_book(out) == kept
    with open_book(out) as book:
        assert book.keep([], {}) == []
    assert number_of(out / BOOK_NAME) == 1
    assert read_book(out) == kept
    number_of(out / BOOK_NAME, 2)
    with pytest.raises(StateError, match="holds format 2, this version reads format 1"):
        read_book(out)


def number_of(path: Path, given: int | None = None) -> int:
    """The number of the format of a file, set to ``given`` before."""
    with closing(sqlite3.connect(path)) as connection:
        if given is not None:
            connection.execute(f"PRAGMA user_version = {given}")
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        return int(found)


def test_alarms_are_read_over_http(database: Database, run: Run, out: Path) -> None:
    with served(database, folder=out) as client:
        assert client.get("/v1/alarms").json() == {"alarms": []}
        assert run("watch", "--state", out, *SINCE)[0] == 3
        (alarm,) = client.get("/v1/alarms?limit=5").json()["alarms"]
        assert (alarm["id"], alarm["people_in_all"] > alarm["people"]) == ("c-0002-20260630", True)
        assert client.get("/v1/alarms?limit=0").status_code == 422
        with sqlite3.connect(out / BOOK_NAME) as connection:
            connection.execute("DROP TABLE alarm")
        assert client.get("/v1/alarms").status_code == 503
