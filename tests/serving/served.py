"""The whole interface in process: guard, body limit and routes, over a small mining and a database."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from serving.api import create_app
from serving.body_limit import BodyLimit
from serving.configuration import Configuration, KeyPolicy
from serving.dashboard.api import DashboardPages
from serving.database.connection import Database
from serving.engine import Engine
from serving.gate import Gate
from serving.guard import Guard
from serving.keeper import Keeper
from serving.observer import MetricsPage, Observer
from serving.rate_limit import RateLimit
from tests.fakes import KeywordPredictor
from tests.serving.small_world import small_state

BODY_LIMIT = 8_000_000
HOST = "http://127.0.0.1:3000"


@contextmanager
def no_audit(database: Database) -> Iterator[None]:
    """A database that is away when the audit log is written, and only then."""
    with database.writing() as session:
        session.execute(text("ALTER TABLE audit RENAME TO away"))
    yield
    with database.writing() as session:
        session.execute(text("ALTER TABLE away RENAME TO audit"))


@contextmanager
def served(
    database: Database,
    *,
    engine: Engine | None = None,
    policy: KeyPolicy | None = "loopback",
    limit: RateLimit | None = None,
    beside: tuple[Route, ...] = (),
    redact: bool = True,
    folder: Path | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[TestClient]:
    """A client of the interface.

    ``beside`` are routes outside of /v1, as BentoML has them; without a policy there is no gate yet.
    """
    state = folder or Path(tempfile.gettempdir()) / "countervoice-nowhere"
    settings = Configuration(state=state, database=database.engine.url, redact=redact)
    api = create_app()
    api.state.engine = engine or Engine(small_state(), KeywordPredictor())
    api.state.keeper = Keeper(database, api.state.engine, settings)
    if policy is not None:
        api.state.gate = Gate(database, policy, limit or RateLimit(0), clock)
    app = Starlette(
        routes=[Mount("/v1", app=api), *beside],
        middleware=[
            Middleware(Observer, state=api.state),
            Middleware(Guard, state=api.state),
            Middleware(BodyLimit, limit=BODY_LIMIT, state=api.state),
            Middleware(MetricsPage, state=api.state),
            Middleware(DashboardPages),
        ],
    )
    with TestClient(app, HOST, raise_server_exceptions=False) as client:
        yield client
