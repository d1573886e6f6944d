"""Sees every request and its answer: gives it a name, and tells logs and metrics how it went."""

import logging
import time
from typing import Final

from starlette.datastructures import Headers, MutableHeaders, State
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.engine import Engine
from serving.errors import error_response
from serving.exchange import CURRENT, OTHER, REQUEST_ID, Exchange, request_id
from serving.logs import log_exchange
from serving.metrics import MEDIA_TYPE
from serving.tracing import describe, request_span

METRICS: Final = "/metrics"
OF_BENTO: Final = frozenset({"/classify", "/livez", "/readyz", "/healthz", METRICS})

log = logging.getLogger(__name__)


class Observer:
    """ASGI middleware around everything else; ``state.engine`` counts, once it is there.

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
        exchange = _exchange(scope)
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


def _exchange(scope: Scope) -> Exchange:
    known = scope["path"] in OF_BENTO and scope["method"] in ("GET", "POST")
    route = f"{scope['method']} {scope['path']}" if known else OTHER
    return Exchange(request_id(Headers(scope=scope).get(REQUEST_ID)), route)
