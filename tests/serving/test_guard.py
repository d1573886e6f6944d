"""Who comes in, and with what they leave."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
from anyio import to_thread
from sqlalchemy import make_url, text
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, State
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from serving import gate
from serving.access import ScopedRoute
from serving.api import create_app
from serving.body_limit import BodyLimit
from serving.database.audit import COMMAND_LINE
from serving.database.connection import Database, database_url
from serving.database.keys import SCOPES, Key, create_key, find_key, revoke_key
from serving.database.migration import open_database
from serving.gate import Gate
from serving.guard import SAFE_HEADERS, Guard
from serving.messages import ErrorAnswer
from serving.rate_limit import RateLimit
from tests.serving.conftest import new_postgres
from tests.serving.served import served
from tests.serving.test_rate_limit import Clock

ROUTES = [route for route in create_app().routes if isinstance(route, ScopedRoute)]
CALLS = [(method, route) for route in ROUTES for method in sorted(route.methods or ())]


async def plain(request: Request) -> Response:
    return PlainTextResponse("from the server around us")


BESIDE = tuple(Route(path, plain) for path in ("/livez", "/readyz", "/metrics", "/docs.json"))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(database_url(None, tmp_path_factory.mktemp("guard")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def secrets(database: Database) -> dict[str, str]:
    return {scope: create_key(database, scope, [scope], COMMAND_LINE)[1] for scope in SCOPES}


@pytest.fixture(scope="module")
def client(database: Database) -> Iterator[TestClient]:
    with served(database, policy="required", beside=BESIDE) as client:
        yield client


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def code(response: Any) -> tuple[int, str]:
    return response.status_code, ErrorAnswer.model_validate(response.json()).error.code


def rename(database: Database, before: str, after: str) -> None:
    with database.writing() as session:
        session.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))


def test_every_route_but_the_last_resort_says_what_it_needs() -> None:
    others = [route for route in create_app().routes if not isinstance(route, ScopedRoute)]
    assert [getattr(route, "path", None) for route in others] == ["/{path:path}"]
    assert {route.needs for route in ROUTES} <= set(SCOPES)


@pytest.mark.parametrize(("method", "route"), CALLS, ids=lambda part: getattr(part, "path", part))
def test_each_route_opens_to_its_scope_and_to_admin_only(
    client: TestClient, secrets: dict[str, str], method: str, route: ScopedRoute
) -> None:
    path = "/v1" + route.path.replace("{", "x").replace("}", "x")
    without = client.request(method, path)
    assert without.status_code == 401
    assert without.headers["www-authenticate"] == 'Bearer realm="countervoice"'
    if method != "HEAD":
        assert code(without) == (401, "unauthorized")
    for scope in SCOPES:
        response = client.request(method, path, headers=bearer(secrets[scope]))
        if scope in (route.needs, "admin"):
            assert response.status_code not in (401, 403)
        else:
            assert response.status_code == 403
            assert f'scope="{route.needs}"' in response.headers["www-authenticate"]


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/", "/v1/nothing", "/v1/../v1/causes", "/nothing", "/metrics/", "//livez"]
)
def test_nothing_else_opens_without_a_key(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 401


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/a%0Ab", "/v1/feedback/%00"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_what_has_no_route_is_answered_in_our_shape(
    client: TestClient, secrets: dict[str, str], method: str, path: str
) -> None:
    """The server around us would redirect the first, and answer a line feed in its own words."""
    assert client.request(method, path).status_code == 401
    response = client.request(method, path, headers=bearer(secrets["read"]), follow_redirects=False)
    assert code(response) == (404, "not_found")


def test_health_is_open_and_what_the_server_adds_is_for_readers(
    client: TestClient, secrets: dict[str, str]
) -> None:
    assert client.get("/livez").status_code == client.get("/readyz").status_code == 200
    for path in ("/metrics", "/docs.json"):
        assert code(client.get(path)) == (401, "unauthorized")
        assert code(client.get(path, headers=bearer(secrets["write"]))) == (403, "forbidden")
        assert client.get(path, headers=bearer(secrets["read"])).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", "bearer cv_wrong", "Bearer \xff", "x" * 9000]
)
def test_what_is_no_key_opens_nothing(client: TestClient, header: str) -> None:
    response = client.get("/v1/causes", headers={"Authorization": header.encode("latin-1")})
    assert code(response) == (401, "unauthorized")


def test_a_revoked_key_closes_within_seconds(database: Database) -> None:
    key, secret = create_key(database, "short", ["read"], COMMAND_LINE)
    clock = Clock()
    with served(database, policy="required", clock=clock) as client:
        assert client.get("/v1/causes", headers=bearer(secret)).status_code == 200
        revoke_key(database, key.id, COMMAND_LINE)
        clock.now += gate.TRUST_S + 0.1
        assert client.get("/v1/causes", headers=bearer(secret)).status_code == 401


def test_on_loopback_nobody_needs_a_key_but_a_wrong_one_is_refused(database: Database) -> None:
    with served(database, policy="loopback") as client:
        assert client.get("/v1/causes").status_code == 200
        assert client.get("/v1/causes", headers={"Host": "localhost:3000"}).status_code == 200
        assert client.get("/v1/causes", headers={"Host": "[::1]:3000"}).status_code == 200
        assert code(client.get("/v1/causes", headers=bearer("cv_wrong"))) == (401, "unauthorized")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:3000", "", "localhost.evil:80"])
def test_a_page_that_rebinds_its_name_to_us_is_refused(database: Database, host: str) -> None:
    with served(database, policy="loopback") as client:
        assert code(client.get("/v1/causes", headers={"Host": host})) == (403, "forbidden")


def test_a_page_of_another_site_is_refused_and_an_address_that_is_typed_is_not(database: Database) -> None:
    with served(database, policy="loopback") as client:
        foreign = client.get("/v1/causes", headers={"Sec-Fetch-Site": "cross-site"})
        assert code(foreign) == (403, "forbidden")
        for site in ("none", "same-origin"):
            assert client.get("/v1/causes", headers={"Sec-Fetch-Site": site}).status_code == 200


def test_without_keys_aloud_everybody_comes_in_by_any_name(database: Database) -> None:
    with served(database, policy="off") as client:
        assert client.get("/v1/causes", headers={"Host": "feedback.example"}).status_code == 200


def test_too_many_requests_are_told_when_to_come_back(database: Database, secrets: dict[str, str]) -> None:
    with served(database, policy="required", limit=RateLimit(60, burst=3), beside=BESIDE) as client:
        statuses = [client.get("/v1/causes", headers=bearer(secrets["read"])).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        refused = client.get("/v1/causes", headers=bearer(secrets["read"]))
        assert code(refused) == (429, "too_many_requests")
        assert int(refused.headers["retry-after"]) >= 1
        guesses = [client.get("/v1/causes", headers=bearer(f"cv_{n}")).status_code for n in range(3)]
        assert guesses == [401, 401, 429]  # the first call with the key was a look-up from this address, too
        assert client.get("/livez").status_code == 200


def test_every_answer_has_safe_headers_and_no_page_of_others_may_read_it(
    client: TestClient, secrets: dict[str, str]
) -> None:
    origin = {"Origin": "https://evil.example", **bearer(secrets["read"])}
    for path in ("/v1/causes", "/v1/nothing", "/livez", "/metrics"):
        headers = client.get(path, headers=origin).headers
        assert {name: headers[name] for name in SAFE_HEADERS} == SAFE_HEADERS
        assert "access-control-allow-origin" not in headers
    preflight = client.options("/v1/classify", headers={**origin, "Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 405
    assert "default-src 'none'" in client.get("/v1/causes").headers["content-security-policy"]


def test_the_page_of_the_server_around_us_calls_no_other_host(
    client: TestClient, secrets: dict[str, str]
) -> None:
    for path in ("/docs.json", "/nothing", "/livez"):
        policy = client.get(path, headers=bearer(secrets["read"])).headers["content-security-policy"]
        allowed = dict(part.split(" ", 1) for part in policy.split("; "))
        assert allowed["default-src"] == "'none'"
        assert allowed["script-src"] == allowed["connect-src"] == "'self'"
        assert "//" not in policy
        assert not {"frame-src", "child-src", "script-src-elem"} & set(allowed)


def test_a_database_that_is_gone_is_503_without_its_name(tmp_path: Path) -> None:
    database = open_database(database_url(None, tmp_path))
    with database.writing() as session:
        session.execute(text("DROP TABLE api_key"))
    with served(database, policy="required") as client:
        response = client.get("/v1/causes", headers=bearer("cv_any"))
    database.close()
    assert code(response) == (503, "unavailable")
    assert "feedback.db" not in response.text
    assert "retry-after" in response.headers


def test_a_service_that_is_starting_lets_nobody_in(database: Database) -> None:
    with served(database, policy=None, beside=BESIDE) as client:
        assert code(client.get("/v1/causes")) == (503, "unavailable")
        assert client.get("/livez").status_code == 200


def test_sockets_are_closed(database: Database) -> None:
    with served(database, policy="off") as client:
        socket = client.websocket_connect("/v1")
        with pytest.raises(WebSocketDisconnect):
            socket.__enter__()


def test_keys_that_are_believed_do_not_pile_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []

    def noted(database: Database, secret: str) -> Key | None:
        looked_up.append(secret)
        return find_key(database, secret)

    monkeypatch.setattr(gate, "_MAX_TRUSTED", 2)
    monkeypatch.setattr(gate, "find_key", noted)
    first, second, third = (
        create_key(database, f"k{number}", ["read"], COMMAND_LINE)[1] for number in range(3)
    )
    with served(database, policy="required", clock=lambda: 0.0) as client:
        for secret in (first, second, first, third, third, first):
            assert client.get("/v1/causes", headers=bearer(secret)).status_code == 200
    assert looked_up == [first, second, third, first], "the third took the place of the first"


def test_a_stranger_at_its_address_locks_no_key_out(database: Database, secrets: dict[str, str]) -> None:
    clock = Clock()
    limit = RateLimit(60, burst=3, clock=clock)
    with served(database, policy="required", limit=limit, clock=clock) as client:
        assert client.get("/v1/causes", headers=bearer(secrets["read"])).status_code == 200
        for _ in range(3):  # each time the trust in the key has lapsed, and the stranger was there first
            clock.now += gate.TRUST_S + 0.1
            strangers = [client.get("/v1/causes").status_code for _ in range(4)]
            assert strangers == [401, 401, 401, 429]
            assert client.get("/v1/causes", headers=bearer(secrets["read"])).status_code == 200


def test_a_revoked_key_that_is_sent_on_costs_as_a_guess_does(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []

    def noted(database: Database, secret: str) -> Key | None:
        looked_up.append(secret)
        return find_key(database, secret)

    monkeypatch.setattr(gate, "find_key", noted)
    key, secret = create_key(database, "leaked", ["read"], COMMAND_LINE)
    clock = Clock()
    limit = RateLimit(60, burst=3, clock=clock)
    with served(database, policy="required", limit=limit, clock=clock) as client:
        assert client.get("/v1/causes", headers=bearer(secret)).status_code == 200
        revoke_key(database, key.id, COMMAND_LINE)
        clock.now += gate.TRUST_S + 0.1
        statuses = [client.get("/v1/causes", headers=bearer(secret)).status_code for _ in range(9)]
    assert statuses == [401] * 4 + [429] * 5, "one for the key that it was, three for the address"
    assert len(looked_up) == 5


def test_a_known_key_asks_a_database_that_is_away_within_its_limit(tmp_path: Path) -> None:
    database = open_database(database_url(None, tmp_path))
    _, secret = create_key(database, "shop", ["read"], COMMAND_LINE)
    clock = Clock()
    limit = RateLimit(60, burst=3, clock=clock)
    with served(database, policy="required", limit=limit, clock=clock) as client:
        assert client.get("/v1/causes", headers=bearer(secret)).status_code == 200
        with database.writing() as session:
            session.execute(text("DROP TABLE api_key"))
        clock.now += gate.TRUST_S + 0.1
        statuses = [client.get("/v1/causes", headers=bearer(secret)).status_code for _ in range(5)]
    database.close()
    assert statuses == [200, 200, 200, 429, 429]


def test_while_the_database_is_away_a_known_key_reads_on_for_some_minutes(tmp_path: Path) -> None:
    database = open_database(database_url(None, tmp_path))
    known, unknown = (create_key(database, name, ["admin"], COMMAND_LINE)[1] for name in ("known", "unknown"))
    clock = Clock()
    with served(database, policy="required", beside=BESIDE, clock=clock) as client:
        assert client.get("/v1/causes", headers=bearer(known)).status_code == 200
        rename(database, "api_key", "away")
        clock.now += gate.TRUST_S + 0.1
        for path in ("/v1/causes", "/metrics"):
            assert client.get(path, headers=bearer(known)).status_code == 200
        assert client.post("/v1/classify", headers=bearer(known), json={"texts": ["x"]}).status_code == 200
        for method, path in (("POST", "/v1/feedback"), ("DELETE", "/v1/feedback/x"), ("GET", "/v1/audit")):
            refused = client.request(method, path, headers=bearer(known), json={"id": "x", "text": "x"})
            assert code(refused) == (503, "unavailable")
            assert "retry-after" in refused.headers
        assert code(client.get("/v1/causes", headers=bearer(unknown))) == (503, "unavailable")
        clock.now += gate.READ_ON_S
        assert code(client.get("/v1/causes", headers=bearer(known))) == (503, "unavailable")
        rename(database, "away", "api_key")
        assert client.get("/v1/audit", headers=bearer(known)).status_code == 200
    database.close()


def test_a_key_that_may_not_is_refused_while_the_database_is_away(tmp_path: Path) -> None:
    database = open_database(database_url(None, tmp_path))
    _, secret = create_key(database, "reader", ["read"], COMMAND_LINE)
    clock = Clock()
    with served(database, policy="required", clock=clock) as client:
        assert client.get("/v1/causes", headers=bearer(secret)).status_code == 200
        rename(database, "api_key", "away")
        clock.now += gate.TRUST_S + 0.1
        assert code(client.get("/v1/audit", headers=bearer(secret))) == (403, "forbidden")
    database.close()


def test_a_key_is_looked_up_while_every_thread_waits_for_the_database(
    database: Database, secrets: dict[str, str]
) -> None:
    let_go, waiting = Event(), Event()

    def wait() -> None:
        waiting.set()
        let_go.wait(30)

    async def stuck(request: Request) -> Response:
        to_thread.current_default_thread_limiter().total_tokens = 1
        await run_in_threadpool(wait)
        return PlainTextResponse("at last")

    with (
        served(database, policy="required", beside=(Route("/stuck", stuck),)) as client,
        ThreadPoolExecutor(2) as pool,
    ):
        pool.submit(client.get, "/stuck", headers=bearer(secrets["read"]))
        assert waiting.wait(30)
        try:
            answer = pool.submit(client.get, "/v1/causes", headers=bearer(secrets["write"])).result(10)
        finally:
            let_go.set()
    assert answer.status_code == 403


def test_a_database_that_says_nothing_is_waited_for_once(
    postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_postgres(postgres_server)
    database = open_database(make_url(url))
    known, unknown = (create_key(database, name, ["read"], COMMAND_LINE)[1] for name in ("known", "unknown"))
    monkeypatch.setattr(gate, "_ANSWER_S", 0.5)
    clock = Clock()
    with served(database, policy="required", clock=clock) as client:
        assert client.get("/v1/causes", headers=bearer(known)).status_code == 200
        with psycopg.connect(url.replace("+psycopg", "")) as other:
            other.execute("LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE")
            clock.now += gate.TRUST_S + 0.1
            started = time.monotonic()
            assert [client.get("/v1/causes", headers=bearer(known)).status_code for _ in range(9)] == [
                200
            ] * 9
            assert code(client.get("/v1/causes", headers=bearer(unknown))) == (503, "unavailable")
            assert time.monotonic() - started < 4
        clock.now += gate._SILENT_S
        assert client.get("/v1/causes", headers=bearer(unknown)).status_code == 200
    database.close()


def test_unknown_keys_that_wait_take_nothing_from_a_known_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, secret = create_key(database, "shop", ["write"], COMMAND_LINE)
    clock, let_go = Clock(), Event()

    def slow(database: Database, sent: str) -> Key | None:
        return find_key(database, sent) if sent == secret or let_go.wait(30) else None

    async def flooded() -> None:
        known = Gate(database, "required", RateLimit(0), clock)
        await known.admit(Headers(bearer(secret)), "shop")
        strangers = [
            asyncio.create_task(known.admit(Headers(bearer(f"cv_{number}")), "stranger"))
            for number in range(gate._LOOKS + gate._WAITING + 1)
        ]
        try:
            (refused,), _ = await asyncio.wait(strangers, return_when=asyncio.FIRST_COMPLETED)
            with pytest.raises(HTTPException) as told:
                refused.result()
            assert told.value.status_code == 503
            clock.now += gate.TRUST_S + 0.1
            caller = await asyncio.wait_for(known.admit(Headers(bearer(secret)), "shop"), 20)
            assert caller.may("write")
            revoke_key(database, key.id, COMMAND_LINE)
            clock.now += gate.TRUST_S + 0.1
            with pytest.raises(HTTPException) as told:
                await asyncio.wait_for(known.admit(Headers(bearer(secret)), "shop"), 20)
            assert told.value.status_code == 401
        finally:
            let_go.set()
            await asyncio.gather(*strangers, return_exceptions=True)

    monkeypatch.setattr(gate, "_ANSWER_S", 60)
    monkeypatch.setattr(gate, "find_key", slow)
    asyncio.run(flooded())


def test_to_wait_for_a_look_up_is_not_to_wait_for_the_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them together take longer than one of them may."""

    def slow(database: Database, sent: str) -> Key | None:
        time.sleep(0.1)
        return None

    async def flooded() -> list[Any]:
        known = Gate(database, "required", RateLimit(0))
        strangers = [known.admit(Headers(bearer(f"cv_{number}")), "stranger") for number in range(40)]
        return await asyncio.gather(*strangers, return_exceptions=True)

    monkeypatch.setattr(gate, "_ANSWER_S", 0.8)
    monkeypatch.setattr(gate, "find_key", slow)
    assert [answer.status_code for answer in asyncio.run(flooded())] == [401] * 40


def test_a_body_sent_to_health_is_not_read(database: Database) -> None:
    """Nobody needs a key there, so 32 MiB of anybody would lie in memory."""
    seen: list[bytes] = []
    read = 0

    async def health(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append((await receive())["body"])
        await PlainTextResponse("well")(scope, receive, send)

    async def receive() -> Message:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b"x", "more_body": read < 9}

    async def send(message: Message) -> None:
        pass

    guard = Guard(BodyLimit(health, 8, State()), State())
    for path in ("/livez", "/readyz", "/healthz"):
        asyncio.run(guard({"type": "http", "method": "POST", "path": path, "headers": []}, receive, send))
    assert (seen, read) == ([b""] * 3, 0)
