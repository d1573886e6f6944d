"""The real thing: processes, a checkpoint from disk, and HTTP over a socket."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import pytest
from safetensors.numpy import load_file, save_file

from data.labels import VERDICTS
from models.checkpoint import DEFAULT, WEIGHTS, checkpoint_info
from serving.version import ROOT
from tests.serving.files import rows, write_csv
from tests.serving.real_server import call, free_port, ports_of, wait_until_ready
from tests.serving.tiny_checkpoint import tiny_checkpoint
from training.swap import Place

pytestmark = pytest.mark.slow

FEW = "Quá ít ví dụ so với số lượng các công ty trong nước"
MANY = "Quá nhiều nghiên cứu điển hình. Cuốn sách dựa vào chúng quá nhiều."
COMMAND = [sys.executable, str(ROOT / "countervoice.py")]


def started(state: Path, model: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A server that is ready, and its address."""
    port = free_port()
    arguments = ["serve", "--state", str(state), "--model", str(model), "--port", str(port)]
    process = subprocess.Popen([*COMMAND, *arguments])
    url = f"http://127.0.0.1:{port}"
    wait_until_ready(process, url)
    return process, url


@contextmanager
def serving(state: Path, model: Path) -> Iterator[str]:
    """The address of a server that is ready; it must end well when it is asked to."""
    process, url = started(state, model)
    try:
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    if os.name == "posix":
        with pytest.raises(urllib.error.URLError):
            call(f"{url}/livez")


def answers_after_idling(url: str, seconds: float) -> bool:
    """Whether one connection answers twice, with a pause that is longer than uvicorn's own patience of 5 seconds."""
    with closing(http.client.HTTPConnection(url.removeprefix("http://"))) as connection:
        connection.request("GET", "/livez")
        connection.getresponse().read()
        time.sleep(seconds)
        first = connection.sock
        try:
            connection.request("GET", "/livez")
            return connection.getresponse().status == 200 and connection.sock is first
        except (http.client.HTTPException, OSError):
            return False


def refusal(url: str, texts: list[str] | None = None) -> tuple[int, str]:
    """Status and code of an answer that refuses."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        call(url, texts)
    with closing(refused.value) as answer:
        return answer.code, json.loads(answer.read())["error"]["code"]


def refused_unsent(url: str) -> int:
    """The status for a body of which nothing but its length, a gigabyte, is sent."""
    with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)) as connection:
        connection.putrequest("POST", "/v1/classify")
        connection.putheader("content-type", "application/json")
        connection.putheader("content-length", str(2**30))
        connection.endheaders()
        return connection.getresponse().status


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("model"))


def test_a_served_mining_answers_on_every_route_and_ends_when_told(tiny_model: Path, tmp_path: Path) -> None:
    source, out = write_csv(tmp_path / "in.csv", rows()), tmp_path / "out"
    subprocess.run([*COMMAND, "mine", source, "--out", out, "--model", tiny_model], check=True)
    with serving(out, tiny_model) as url:
        for path in ("livez", "docs.json", "v1/openapi.json", "v1/oppositions"):
            assert call(f"{url}/{path}")
        causes = call(f"{url}/v1/causes")["causes"]
        report = json.loads((out / "report.json").read_text(encoding="utf-8"))
        assert [cause["id"] for cause in causes] == [cause["id"] for cause in report["causes"]]
        (answer,) = call(f"{url}/v1/classify", [FEW])
        assert answer["language"] == "vi"
        assert answer["statements"][0]["text"] == FEW
        assert call(f"{url}/classify", [FEW]) == [answer]
        assert "countervoice_batch_texts_count" in call(f"{url}/metrics")
        with urllib.request.urlopen(url) as page:
            assert page.headers.get_content_type() == "text/html"
            policy = page.headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self'; connect-src 'self'; " in policy
        assert answers_after_idling(url, seconds=6)
        assert refused_unsent(url) == 413
        for path in ("v1", "v1/feedback/a%0Ab"):
            assert refusal(f"{url}/{path}") == (404, "not_found")
        assert refusal(f"{url}/v1/classify", []) == (422, "invalid_request")


@pytest.mark.parametrize(
    "command",
    [[*COMMAND, "serve"], [sys.executable, "-m", "bentoml", "serve", "serving.service:CountervoiceService"]],
    ids=["countervoice", "bentoml"],
)
def test_nothing_listens_but_the_port_that_was_named(
    tiny_model: Path, tmp_path: Path, command: list[str]
) -> None:
    """What starts the workers would take a command from anybody on another."""
    port = free_port()
    told = {"COUNTERVOICE_STATE": str(tmp_path), "COUNTERVOICE_MODEL": str(tiny_model)}
    bento = {"BENTOML_DO_NOT_TRACK": "true", "COUNTERVOICE_KEYS": "loopback", "BENTOML_HOME": str(tmp_path)}
    serve = [*command, "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(serve, cwd=ROOT, env={**os.environ, **told, **bento})
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}")
        listening = ports_of(process)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert listening == {port}


def test_the_sample_shows_each_camp_of_the_book_the_other(tmp_path: Path) -> None:
    subprocess.run([*COMMAND, "demo", "--out", tmp_path], check=True)
    with serving(tmp_path, DEFAULT) as url:
        few, many = (answer["statements"][0] for answer in call(f"{url}/v1/classify", [FEW, MANY]))
    assert few["cause"]["id"] == many["cause"]["id"]
    assert (few["side"]["label"], few["counter"]["label"]) == ("too_little", "too_much")
    assert (many["side"]["label"], many["counter"]["label"]) == ("too_much", "too_little")
    assert few["counter"]["example"]["text"]
    assert few["verdict"] in VERDICTS


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """Kill a server and everything that it started, without a chance to tidy up."""
    found = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for each in found:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    process.wait(60)
    psutil.wait_procs(found, timeout=60)


def wait_for_process(server: subprocess.Popen[bytes], module: str) -> None:
    """Wait until a server has started the process that runs ``module``."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for child in psutil.Process(server.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if module in child.cmdline():
                    return
        time.sleep(0.02)
    raise AssertionError(f"no process of {module}")


def wait_for_job(url: str, job_id: str, states: set[str]) -> Any:
    deadline = time.monotonic() + 500
    while time.monotonic() < deadline:
        job = call(f"{url}/v1/jobs/{job_id}")
        if job["state"] in states:
            return job
        time.sleep(0.2)
    raise AssertionError(f"the job is {job}")


def test_a_server_that_is_killed_loses_no_feedback_and_no_job(tiny_model: Path, tmp_path: Path) -> None:
    source, out = write_csv(tmp_path / "in.csv", rows()[:80]), tmp_path / "out"
    subprocess.run([*COMMAND, "mine", source, "--out", out, "--model", tiny_model], check=True)
    process, url = started(out, tiny_model)
    try:
        kept = [{"id": row[0], "author": row[1], "text": row[2]} for row in rows()]
        assert call(f"{url}/v1/feedback", sent=kept)["stored"] == len(kept)
        job = call(f"{url}/v1/jobs/mine", sent={})
        # Killed between its claim and the start of its process, the job would outlive its server and end well.
        wait_for_process(process, "serving.job_process")
        assert call(f"{url}/v1/jobs/{job['id']}")["attempts"] == 1
    finally:
        kill_all(process)
    with serving(out, tiny_model) as url:
        assert call(f"{url}/v1/info")["kept"] == len(kept)
        ended = wait_for_job(url, job["id"], {"done", "failed", "cancelled"})
        assert (ended["state"], ended["attempts"], ended["error"]) == ("done", 2, None)
        deadline = time.monotonic() + 120
        while call(f"{url}/v1/info")["mined"]["messages"] != len(kept) and time.monotonic() < deadline:
            time.sleep(0.5)
        assert call(f"{url}/v1/info")["mined"]["messages"] == len(kept)
        assert call(f"{url}/v1/classify", [FEW])


def send_until_it_is_gone(url: str, client: int, accepted: list[str]) -> None:
    """Keep messages one after the other and in lists; ``accepted`` gets the ids of what was answered well."""
    for burst in count():
        ids = [f"{client}-{burst}-{number}" for number in range(1 + burst % 5)]
        try:
            call(f"{url}/v1/feedback", sent=[{"id": each, "text": FEW} for each in ids])
        except (OSError, HTTPException):  # refused, reset, or cut off in the middle of an answer
            return
        accepted += ids


def test_a_server_that_is_killed_amid_a_burst_has_all_that_it_accepted(
    tiny_model: Path, tmp_path: Path
) -> None:
    accepted: list[str] = []
    for round_ in range(2):
        process, url = started(tmp_path / "out", tiny_model)
        enough = len(accepted) + 100
        with ThreadPoolExecutor(4) as pool:
            for client in range(4):
                pool.submit(send_until_it_is_gone, url, 4 * round_ + client, accepted)
            while len(accepted) < enough and process.poll() is None:
                time.sleep(0.01)
            kill_all(process)
    with serving(tmp_path / "out", tiny_model) as url:
        for each in accepted:
            assert call(f"{url}/v1/feedback/{each}")["text"] == FEW
        kept = call(f"{url}/v1/info")["kept"]
        assert len(accepted) <= kept <= len(accepted) + 8 * 5  # at most one unanswered list a client
        audited = call(f"{url}/v1/audit?limit=1000")["audit"]
        assert len(audited) == min(kept, 1000)


def test_a_server_that_is_told_to_end_answers_what_it_has_begun(tiny_model: Path, tmp_path: Path) -> None:
    process, url = started(tmp_path / "out", tiny_model)
    try:
        with ThreadPoolExecutor(1) as pool:
            answers = pool.submit(call, f"{url}/v1/classify", [MANY * 100] * 256)
            while "countervoice_batch_seconds_count 0" in call(f"{url}/metrics"):
                time.sleep(0.01)
            assert not answers.done()
            process.send_signal(signal.SIGTERM)
            assert len(answers.result()) == 256
        assert process.wait(60) == 0
    finally:
        if process.poll() is None:
            kill_all(process)


def test_a_promoted_model_is_served_with_its_mining_without_a_restart(
    tiny_model: Path, tmp_path: Path
) -> None:
    model, newer = (shutil.copytree(tiny_model, tmp_path / name) for name in ("model", "newer"))
    weights = load_file(newer / WEIGHTS)
    weights["heads.sentiment.outer.weight"] *= 0.5
    save_file(weights, newer / WEIGHTS)
    with serving(tmp_path / "out", model) as url:
        kept = [{"id": row[0], "author": row[1], "text": row[2]} for row in rows()[:80]]
        call(f"{url}/v1/feedback", sent=kept)
        first = mined_and_served(url)
        Place.of(model).take(newer, checkpoint_info(newer).version)
        assert call(f"{url}/v1/info")["model"]["version"] == first
        assert mined_and_served(url) != first
        assert call(f"{url}/v1/classify", [FEW])


def label_of(url: str, cause: str) -> str | None:
    return next((each["label"] for each in call(f"{url}/v1/causes")["causes"] if each["id"] == cause), None)


def wait_until_called(url: str, cause: str, name: str | None) -> None:
    deadline = time.monotonic() + 60
    while label_of(url, cause) != name and time.monotonic() < deadline:
        time.sleep(0.1)
    assert label_of(url, cause) == name


def test_edits_are_made_while_servers_run_and_names_show_in_all_of_them(
    tiny_model: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with serving(out, tiny_model) as url, serving(out, tiny_model) as other:
        call(f"{url}/v1/feedback", sent=[{"id": row[0], "author": row[1], "text": row[2]} for row in rows()])
        mined_and_served(url)
        cause = call(f"{url}/v1/causes")["causes"][0]["id"]
        made = call(f"{url}/v1/edits", sent={"kind": "rename", "cause": cause, "name": "Ví dụ & more"})
        assert made["takes_effect"] == "now"
        assert label_of(url, cause) == "Ví dụ & more"
        wait_until_called(other, cause, "Ví dụ & more")
        subprocess.run([*COMMAND, "causes", "rename", cause, "Riders", "--state", out], check=True)
        for each in (url, other):
            wait_until_called(each, cause, "Riders")
        hidden = call(f"{other}/v1/edits", sent={"kind": "hide", "cause": cause})
        assert hidden["takes_effect"] == "next_mining"
        assert label_of(other, cause) == "Riders"
        mined_and_served(url)
        for each in (url, other):
            wait_until_called(each, cause, None)
        edits = call(f"{url}/v1/edits?cause={cause}")["edits"]
        assert [each["kind"] for each in edits if each["by"] == "people"] == ["hide", "rename", "rename"]
        assert {each["takes_effect"] for each in edits} == {"now"}


def mined_and_served(url: str) -> str:
    """Mine what is kept; the version of the model that is served with it."""
    before = call(f"{url}/v1/info")["mined"]
    ended = wait_for_job(url, call(f"{url}/v1/jobs/mine", sent={})["id"], {"done", "failed"})
    assert ended["error"] is None
    deadline = time.monotonic() + 120
    while call(f"{url}/v1/info")["mined"] == before and time.monotonic() < deadline:
        time.sleep(0.5)
    found = call(f"{url}/v1/info")
    assert found["mined"] != before
    return str(found["model"]["version"])
