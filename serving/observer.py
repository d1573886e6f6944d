"""Sees every request and its answer: gives it a name, and tells logs and metrics how it went."""

import logging
import time
from collections.abc import Sequence
from typing import Final

from starlette.datastructures import Headers, MutableHeaders, State
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.access import ScopedRoute
from serving.dashboard.api import PATHS, ROUTE
from serving.engine import Engine
from serving.errors import error_response
from serving.exchange import CURRENT, OTHER, REQUEST_ID, Exchange, request_id
from serving.guard import API
from serving.logs import log_exchange
from serving.metrics import MEDIA_TYPE
from serving.tracing import describe, request_span

METRICS: Final = "/metrics"
OF_BENTO: Final = frozenset({"/classify", "/livez", "/readyz", "/healthz", METRICS})

log = logging.getLogger(__name__)


class Observer:
    """ASGI middleware around everything else; ``state.engine`` counts, once it is there.

    Which route is asked for is told by ``state.routes`` before anybody refuses it: at the door none is reached.
    What fails further in, in whatever way, is answered here at the latest.
    """

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and watch it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        exchange = Exchange(
            request_id(Headers(scope=scope).get(REQUEST_ID)), _route(scope, self.state.routes)
        )
        before = CURRENT.set(exchange)
        status = 0

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = exchange.id
            await send(message)

        with request_span(Headers(scope=scope)) as span:
            try:
                await self.app(scope, receive, named)
            except Exception:
                log.exception("request %s failed", exchange.id)
                if not status:
                    answer = error_response(500, "internal", "the service failed: see its log")
                    await answer(scope, receive, named)
            finally:
                self._tell(exchange, status, time.perf_counter() - started)
                describe(span, exchange, status)
                CURRENT.reset(before)

    def _tell(self, exchange: Exchange, status: int, seconds: float) -> None:
        log_exchange(exchange, status, seconds)
        engine: Engine | None = getattr(self.state, "engine", None)
        if engine is not None:
            engine.metrics.request(exchange.route, status, seconds)


class MetricsPage:
    """ASGI middleware: answers GET /metrics, behind whatever decides who may read it."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] != "http" or scope["path"] != METRICS or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        engine: Engine = self.state.engine
        page = engine.metrics_page(database_up=await self.state.gate.database_up())
        await Response(page, media_type=MEDIA_TYPE)(scope, receive, send)


def _route(scope: Scope, ours: Sequence[ScopedRoute]) -> str:
    """The route that is asked for, by the name that it has; ``OTHER`` for whatever is none, so that names are few."""
    method, path = scope["method"], scope["path"]
    if path in PATHS:
        return ROUTE
    if path in OF_BENTO and method in ("GET", "POST"):
        return f"{method} {path}"
    if not path.startswith(f"{API}/"):
        return OTHER
    inside = {"type": "http", "method": method, "path": path.removeprefix(API), "root_path": ""}
    found = (route.told for route in ours if route.matches(inside)[0] is Match.FULL)
    return next(found, OTHER)
