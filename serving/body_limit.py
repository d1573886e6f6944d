"""Refuse a request body that is too large, whether its length is declared or it comes in chunks."""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.errors import error_response

_LONGEST_LENGTH: Final = 18  # digits


class BodyLimit:
    """ASGI middleware: answers 413 to a declared length over ``limit`` bytes without reading any of the body.

    Any other body is read whole first, and refused as soon as it is over them.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body replayed, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = None if _declared(scope) > self.limit else await self._read(receive)
        if body is None:
            message = f"the body is over {self.limit:,} bytes: send fewer texts at a time"
            await error_response(413, "body_too_large", message)(scope, receive, send)
            return
        await self.app(scope, replay(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """The body, or None when it is too large; a client that leaves early has sent what it has sent."""
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > self.limit:
                return None
            if not message.get("more_body", False):
                return b"".join(chunks)


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
