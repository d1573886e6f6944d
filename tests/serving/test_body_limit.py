"""What is held of bodies is bounded, each and all of them; what is declared too large is not read at all."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from serving import body_limit
from serving.access import CALLER, Caller
from serving.batcher import BusyError
from serving.body_limit import BodyLimit

LIMIT = 8
HALF_SENT = 7


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
    asyncio.run(BodyLimit(app, LIMIT, State())(posted(headers=headers), receive, send))
    return sent[0]["status"], read


def posted(who: str = "a", **more: Any) -> dict[str, Any]:
    """The scope of a request."""
    caller = {CALLER: Caller(who, frozenset({"read"}))}
    return {"type": "http", "method": "POST", "path": "/v1/classify", "headers": [], **caller, **more}


async def answered(
    limit: BodyLimit, scope: dict[str, Any], parts: list[bytes], goes_on: asyncio.Event
) -> int:
    """The status for a body whose last part is sent when it ``goes_on``."""
    sent = list[Message]()

    async def receive() -> Message:
        if len(parts) == 1:
            await goes_on.wait()
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Message) -> None:
        sent.append(message)

    await limit(scope, receive, send)
    status: int = sent[0]["status"]
    return status


async def well(scope: Scope, receive: Receive, send: Send) -> None:
    await Request(scope, receive).body()
    await Response()(scope, receive, send)


async def statuses_of(callers: list[str]) -> tuple[list[int], list[int], int]:
    """Those of bodies that stop half-way and of those that then go on, and how much is held when all is done."""
    limit, goes_on = BodyLimit(well, LIMIT, State()), asyncio.Event()
    bodies = [
        asyncio.create_task(answered(limit, posted(who), [b"x" * HALF_SENT, b"x"], goes_on))
        for who in callers
    ]
    for _ in range(20):
        await asyncio.sleep(0)
    refused = [body.result() for body in bodies if body.done()]
    waiting = [body for body in bodies if not body.done()]
    goes_on.set()
    return refused, list(await asyncio.gather(*waiting)), limit._held.total()


@pytest.mark.parametrize("length", [b"9", b"40000000", b"9" * 18])
def test_a_declared_length_over_the_limit_is_refused_before_the_body_is_read(length: bytes) -> None:
    assert asked(length, body=b"x" * 9) == (413, 0)


@pytest.mark.parametrize("lengths", [(), (b"8",), (b"0",), (b"-1",), (b"\xb2",), (b"many",), (b"9" * 5000,)])
def test_without_such_a_length_the_body_is_counted_as_it_comes(lengths: tuple[bytes, ...]) -> None:
    assert asked(*lengths, body=b"x" * LIMIT) == (200, 1)
    assert asked(*lengths, body=b"x" * (LIMIT + 1)) == (413, 1)


def test_bodies_that_are_half_sent_fill_no_more_than_their_room() -> None:
    refused, went_on, held = asyncio.run(statuses_of([f"caller {number}" for number in range(20)]))
    assert (refused, went_on, held) == ([503] * 16, [200] * 4, 0)


def test_one_caller_leaves_room_for_others() -> None:
    refused, went_on, held = asyncio.run(statuses_of([*"aaaaaaa", *"bb"]))
    assert (refused, went_on, held) == ([503] * 5, [200] * 4, 0)


@pytest.mark.parametrize(("who", "others"), [("a", "of your other requests"), ("c", "of other requests")])
def test_who_fills_the_room_is_told_that_they_do(who: str, others: str) -> None:
    held = Counter({"a": 2 * LIMIT, "b": 2 * LIMIT})
    with pytest.raises(BusyError, match=f"the bodies {others} fill") as refused:
        body_limit._Body(LIMIT, held, who)._hold(1)
    assert refused.value.reason == "bodies"


def test_a_body_that_stalls_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit, "_WITHIN_S", 0.05)
    limit = BodyLimit(well, LIMIT, State())
    assert asyncio.run(answered(limit, posted(), [b"x", b"x"], asyncio.Event())) == 408
    assert not limit._held


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
def test_a_body_that_nobody_asks_for_is_not_read(method: str) -> None:
    parts = [b"x" * HALF_SENT, b"x"]
    limit = BodyLimit(well, LIMIT, State())
    assert asyncio.run(answered(limit, posted(method=method), parts, asyncio.Event())) == 200
    assert len(parts) == 2
