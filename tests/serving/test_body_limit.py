"""A body that is too large is refused from its declared length, before any of it is read."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from serving.body_limit import BodyLimit

LIMIT = 8


def asked(*lengths: bytes, body: bytes = b"") -> tuple[int, int]:
    """The status of the answer, and how often the body was asked for."""
    read, sent = 0, list[Message]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert await Request(scope, receive).body() == body
        await Response()(scope, receive, send)

    async def receive() -> Message:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-length", length) for length in lengths]
    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/v1/classify", "headers": headers}
    asyncio.run(BodyLimit(app, LIMIT)(scope, receive, send))
    return sent[0]["status"], read


@pytest.mark.parametrize("length", [b"9", b"40000000", b"9" * 18])
def test_a_declared_length_over_the_limit_is_refused_before_the_body_is_read(length: bytes) -> None:
    assert asked(length, body=b"x" * 9) == (413, 0)


@pytest.mark.parametrize("lengths", [(), (b"8",), (b"0",), (b"-1",), (b"\xb2",), (b"many",), (b"9" * 5000,)])
def test_without_such_a_length_the_body_is_counted_as_it_comes(lengths: tuple[bytes, ...]) -> None:
    assert asked(*lengths, body=b"x" * LIMIT) == (200, 1)
    assert asked(*lengths, body=b"x" * (LIMIT + 1)) == (413, 1)
