"""The page of the dashboard: open to everybody, empty, and tied to its own files."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from data.labels import GRADES
from mining.report_words import SIDE_VERBS
from mining.settings import SHARE_PEOPLE
from serving import launch
from serving.dashboard.api import FILES, FOLDER, PAGE, PATHS, POLICY
from serving.database.connection import Database, database_url
from serving.database.migration import open_database
from serving.fixes.tables import VERDICTS
from serving.guard import SAFE_HEADERS
from serving.rate_limit import RateLimit
from tests.serving.served import served

SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in FILES.values() if path.suffix == ".js"}
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
each_path = pytest.mark.parametrize("path", sorted(FILES))


class Outline(HTMLParser):
    """Every tag with its attributes, and the texts of those that would run or style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(database_url(None, tmp_path_factory.mktemp("dashboard")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def locked(database: Database) -> Iterator[TestClient]:
    with served(database, policy="required") as client:
        yield client


@each_path
def test_it_needs_no_key_and_leaves_with_safe_headers(locked: TestClient, path: str) -> None:
    response = locked.get(path)
    assert response.status_code == 200
    assert response.content == FILES[path].read_bytes()
    assert response.headers["content-type"].startswith(TYPES[FILES[path].suffix])
    assert {name: response.headers[name] for name in SAFE_HEADERS} == SAFE_HEADERS
    assert response.headers["content-security-policy"] == POLICY
    assert locked.head(path).status_code == 200


def test_its_policy_lets_nothing_run_but_its_own_files() -> None:
    allowed = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert allowed["default-src"] == allowed["frame-ancestors"] == allowed["base-uri"] == "'none'"
    assert allowed["script-src"] == allowed["style-src"] == allowed["connect-src"] == "'self'"
    assert allowed["require-trusted-types-for"] == "'script'"
    assert allowed["trusted-types"] == allowed["form-action"] == "'none'"
    assert not re.search(r"unsafe|//|\*", POLICY)


def test_the_page_has_no_script_or_style_in_its_text_and_names_files_that_are_there() -> None:
    page = FILES[PAGE].read_text(encoding="utf-8")
    outline = Outline(page).tags
    named = {given.get("src") or given.get("href") for tag, given in outline if tag in ("script", "link")}
    assert {f"/{name}" for name in named if name != "data:,"} <= set(FILES)
    assert not re.search(r"<script[^>]*>[^<]|<style|\sstyle=|\son\w+=", page)


def test_every_file_of_the_folder_is_served_and_every_import_is_there() -> None:
    lie = {path.name for path in FOLDER.iterdir() if path.suffix in TYPES}
    assert lie == {path.name for path in FILES.values() if path.parent == FOLDER}
    for script in SCRIPTS.values():
        assert set(re.findall(r'from "\./(.+?)"', script)) <= set(SCRIPTS)


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_no_text_ever_becomes_markup_or_code(name: str) -> None:
    never = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|https?://(?!www\.w3)"
    assert not re.search(never, SCRIPTS[name])
    # Addresses are made in one place, of parts.
    assert ("href" in SCRIPTS[name]) == (name == "dom.js")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_is_only_read(locked: TestClient, method: str) -> None:
    refused = locked.request(method, PAGE, content=b"x")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


def test_a_stroke_at_the_end_leads_to_the_page(locked: TestClient) -> None:
    response = locked.get(f"{PAGE}/")
    assert (response.url.path, response.status_code) == (PAGE, 200)


@pytest.mark.parametrize(
    "path",
    [
        "/dashboard/nothing.js",
        "/dashboard/api.py",
        "/dashboard/../service.py",
        "/dashboards",
        "/v1/dashboard",
    ],
)
def test_it_opens_nothing_else(locked: TestClient, path: str) -> None:
    assert locked.get(path).status_code == 401


@pytest.mark.parametrize("path", sorted(PATHS))
@pytest.mark.parametrize("given", [{"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_without_keys_it_is_for_this_machine_alone(
    database: Database, path: str, given: dict[str, str]
) -> None:
    with served(database, policy="loopback") as client:
        assert client.get(path).status_code == 200
        assert client.get(path, headers=given).status_code == 403


def test_serve_says_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "_is_ready", lambda url: True)
    said: list[str] = []
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.5)"]) as process:
        launch._watch(process, "http://127.0.0.1:3000", said.append)
    assert said[-1] == f"dashboard: http://127.0.0.1:3000{PAGE}"


def test_it_counts_for_the_limit_of_its_address(database: Database) -> None:
    with served(database, policy="required", limit=RateLimit(60, burst=2)) as client:
        assert [client.get(PAGE).status_code for _ in range(3)] == [200, 200, 429]


def test_it_is_counted_as_one_route(locked: TestClient, database: Database) -> None:
    with served(database) as client:
        for path in FILES:
            client.get(path)
        told = client.get("/metrics").text
    counted = re.search(r'request_seconds_count\{route="GET /dashboard",status="200"\} (\d+)', told)
    assert counted is not None
    assert int(counted.group(1)) == len(FILES)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("SIDE_VERBS", dict(SIDE_VERBS)),
        ("GRADES", list(GRADES)),
        ("FIX_VERDICTS", dict(VERDICTS)),
        ("SHARE_GATE", SHARE_PEOPLE),
    ],
)
def test_its_words_are_those_of_the_report(name: str, wanted: object) -> None:
    found = re.search(rf"export const {name} = (.+?);$", SCRIPTS["words.js"], re.MULTILINE | re.DOTALL)
    assert found is not None
    plain = re.sub(r"(\w+):", r'"\1":', found.group(1))
    assert json.loads(re.sub(r",(\s*[}\]])", r"\1", plain)) == wanted
