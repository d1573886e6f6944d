"""Refuse a body that is too large, comes too slowly, or is one too many for the memory."""

from collections import Counter
from typing import Final

from anyio import fail_after
from starlette.datastructures import Headers, State
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.access import CALLER, Caller
from serving.batcher import BusyError
from serving.engine import Engine
from serving.errors import busy_response, http_error_response

_WITHOUT: Final = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})  # methods of which nobody reads the body
_LARGEST: Final = 4  # bodies of the largest size that are held at once, and half as many of one caller
_WITHIN_S: Final = 60.0
_LONGEST_LENGTH: Final = 18  # digits


class BodyLimit:
    """ASGI middleware: answers 413 to a declared length over ``limit`` bytes without reading any of the body.

    Any other body is read whole first, and refused as soon as it is over them, after a minute, or where it would be
    more than is held of all requests, or of one caller's, until they are answered. ``state.engine`` counts these, once
    it is there.
    """

    def __init__(self, app: ASGIApp, limit: int, state: State) -> None:
        self.app = app
        self.limit = limit
        self.state = state
        self._held: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body replayed, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] in _WITHOUT:
            await self.app(scope, replay(b"", receive), send)
            return
        caller: Caller | None = scope.get(CALLER)
        body = _Body(self.limit, self._held, "" if caller is None else caller.name)
        try:
            whole = await body.read(scope, receive)
        except HTTPException as error:
            await http_error_response(error)(scope, receive, send)
        except BusyError as error:
            engine: Engine | None = getattr(self.state, "engine", None)
            if engine is not None:
                engine.metrics.refused(error)
            await busy_response(error)(scope, receive, send)
        else:
            await self.app(scope, replay(whole, receive), send)
        finally:
            body.let_go()


class _Body:
    """A body, counted among all that are ``held``, by the names of their callers."""

    def __init__(self, limit: int, held: Counter[str], who: str) -> None:
        self._limit = limit
        self._held = held
        self._who = who
        self._size = 0

    async def read(self, scope: Scope, receive: Receive) -> bytes:
        """All of it; a client that leaves early has sent what it has sent.

        Raises:
            HTTPException: 413, it is too large; 408, it comes too slowly.
            BusyError: Too much is held already.
        """
        self._check(_declared(scope))
        chunks: list[bytes] = []
        try:
            with fail_after(_WITHIN_S):
                while True:
                    message = await receive()
                    chunks.append(message.get("body", b""))
                    self._hold(len(chunks[-1]))
                    if not message.get("more_body", False):
                        return b"".join(chunks)
        except TimeoutError as error:
            told = f"the body was not there within {_WITHIN_S:g} s: send fewer texts at a time"
            raise HTTPException(408, told, {"Connection": "close"}) from error

    def let_go(self) -> None:
        """Count it no more."""
        self._held[self._who] -= self._size
        if not self._held[self._who]:
            del self._held[self._who]

    def _check(self, size: int) -> None:
        if size > self._limit:
            raise HTTPException(413, f"the body is over {self._limit:,} bytes: send fewer texts at a time")

    def _hold(self, more: int) -> None:
        self._size += more
        self._held[self._who] += more
        self._check(self._size)
        most = _LARGEST * self._limit
        own = self._held[self._who] > most // 2
        if own or self._held.total() > most:
            others = "of your other requests" if own else "of other requests"
            raise BusyError(f"the bodies {others} fill the room that is there for them", reason="bodies")


def _declared(scope: Scope) -> int:
    """The length that a request says it has; 0 where it says none that can be read, and is counted as it comes."""
    given = Headers(scope=scope).get("content-length", "")
    return int(given) if given.isdecimal() and len(given) <= _LONGEST_LENGTH else 0


def replay(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives ``body`` as the whole one, and then what ``receive`` gives."""
    sent = False

    async def replayed() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
