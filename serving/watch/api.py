"""The route of alarms."""

from pathlib import Path
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from serving.access import ScopedRoute
from serving.requests import keeper_of, number_in_query
from serving.watch.book import read_book
from serving.watch.messages import alarm_dict

ALARMS: Final = 100
MAX_ALARMS: Final = 1000


def alarms_routes() -> list[ScopedRoute]:
    """Routes of alarms, under /v1."""
    return [ScopedRoute("/alarms", list_alarms, "read", query=["limit"])]


async def list_alarms(request: Request) -> Response:
    """GET /v1/alarms?limit=100: the alarms that ``countervoice watch`` told, newest first."""
    limit = number_in_query(request, "limit", 1, MAX_ALARMS) or ALARMS
    found = await run_in_threadpool(_alarms, keeper_of(request).settings.state, limit)
    return JSONResponse({"alarms": found})


def _alarms(state: Path, limit: int) -> list[dict[str, Any]]:
    return [alarm_dict(kept) for kept in read_book(state)[:limit]]
