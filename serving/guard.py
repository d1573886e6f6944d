"""The guard at the door: every request but health is let in by the gate, and every answer leaves with safe headers.

The page of the dashboard and its files hold no data: they need no key, but the gate sees to hosts and limits.
"""

import re
from typing import Final

from starlette.datastructures import Headers, MutableHeaders, State
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.errors import DatabaseError
from serving.access import CALLER, Caller, forbidden
from serving.body_limit import replay
from serving.dashboard.api import PATHS, POLICY
from serving.errors import http_error_response, unavailable_response
from serving.gate import Gate

OPEN: Final = frozenset({"/livez", "/readyz", "/healthz"})
API: Final = "/v1"
SAFE_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
# Starlette routes no line feed, and PostgreSQL takes no NUL, not even to say that it is not there.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NOTHING_RUNS: Final = "default-src 'none'; frame-ancestors 'none'"
# The page of BentoML has scripts in files of its own, and one in its text, which would load a tag manager of Google.
_OWN_FILES_RUN: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Guard:
    """ASGI middleware around everything; ``state.gate`` is set when the service starts.

    Under /v1 each route says what scope it needs. Whatever the server around us adds (metrics, its own page and
    API) is for those who may read.
    """

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in or answer it here."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._answer(scope, receive, _safe(send, scope["path"]))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in OPEN:
            await self.app(scope, replay(b"", receive), send)  # whoever needs no key fills no memory
            return
        try:
            scope[CALLER] = await self._admit(scope)
            _check_name(scope["path"])
        except HTTPException as error:
            await http_error_response(error)(scope, receive, send)
        except DatabaseError as error:
            await unavailable_response(error)(scope, receive, send)
        else:
            if scope["path"] in PATHS:
                receive = replay(b"", receive)
            await self.app(scope, receive, send)

    async def _admit(self, scope: Scope) -> Caller:
        gate: Gate | None = getattr(self.state, "gate", None)
        if gate is None:
            raise HTTPException(503, "the service is starting: try again in a moment", {"Retry-After": "1"})
        address = scope["client"][0] if scope.get("client") else "unknown"
        if scope["path"] in PATHS:
            return gate.admit_to_page(Headers(scope=scope), address)
        caller = await gate.admit(Headers(scope=scope), address)
        if not (_is_ours(scope["path"]) or caller.may("read")):
            raise forbidden("read")
        return caller


def _is_ours(path: str) -> bool:
    return path == API or path.startswith(f"{API}/")


def _check_name(path: str) -> None:
    """Refuse what the server around us would answer in its own shape, though it is ours.

    Raises:
        HTTPException: 404; nothing under /v1 has such a name.
    """
    if path == API or (_is_ours(path) and _CONTROL.search(path)):
        raise HTTPException(404, f"no {path!r} here: see /v1/openapi.json")


def _safe(send: Send, path: str) -> Send:
    policy = POLICY if path in PATHS else _NOTHING_RUNS if _is_ours(path) else _OWN_FILES_RUN

    async def safe(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SAFE_HEADERS.items():
                headers[name] = value
            headers["Content-Security-Policy"] = policy
        await send(message)

    return safe
