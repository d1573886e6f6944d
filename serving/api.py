"""The HTTP interface under /v1, as a Starlette application that any server can mount."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from anyio import CapacityLimiter
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route

from data.errors import EditError, StateError
from mining.sides import KINDS
from serving.access import ScopedRoute, caller_of
from serving.asked import Served
from serving.batcher import BusyError
from serving.database.keys import SCOPES
from serving.edits.api import edits_routes
from serving.edits.statements import with_statements
from serving.engine import NotMinedError
from serving.errors import (
    on_bug,
    on_busy,
    on_edit,
    on_http_error,
    on_invalid,
    on_not_mined,
    on_unavailable,
)
from serving.feedback_api import feedback_routes
from serving.fixes.api import fixes_routes
from serving.gap.api import gap_routes
from serving.info import info
from serving.jobs_api import jobs_routes
from serving.loyalty.api import loyalty_routes
from serving.messages import ClassifyRequest
from serving.openapi import openapi
from serving.ratio.api import ratio_routes
from serving.recovery.api import recovery_routes
from serving.requests import engine_of, json_body, keeper_of, word_in_query
from serving.watch.api import alarms_routes

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_READ_AT_ONCE: Final = 64 * 1024  # bytes; such a body takes less than a tenth of a millisecond


def create_app() -> Starlette:
    """The application; ``state.engine``, ``state.gate`` and ``state.keeper`` are set before the first request.

    ``state.routes`` are those of its routes that ask for a scope.
    """
    app = Starlette(
        routes=[
            ScopedRoute("/classify", classify, "read", "POST"),
            ScopedRoute("/causes", list_causes, "read"),
            ScopedRoute("/causes/{cause_id}", show_cause, "read"),
            ScopedRoute("/oppositions", list_oppositions, "read", query=["kind"]),
            ScopedRoute("/oppositions/{cause_id}", show_oppositions, "read"),
            *feedback_routes(),
            *jobs_routes(),
            *loyalty_routes(),
            *ratio_routes(),
            *gap_routes(),
            *edits_routes(),
            *fixes_routes(),
            *alarms_routes(),
            *recovery_routes(),
            ScopedRoute("/info", show_info, "read"),
            ScopedRoute("/openapi.json", show_openapi, "read"),
            Route("/{path:path}", refuse, methods=METHODS),
        ],
        exception_handlers={
            HTTPException: on_http_error,
            ValidationError: on_invalid,
            BusyError: on_busy,
            NotMinedError: on_not_mined,
            EditError: on_edit,
            StateError: on_unavailable,
            Exception: on_bug,
        },
    )
    app.state.preparing = CapacityLimiter(1)
    app.state.routes = [route for route in app.routes if isinstance(route, ScopedRoute)]
    return app


async def classify(request: Request) -> Response:
    """POST /v1/classify."""
    wanted = await _wanted(await json_body(request))
    return JSONResponse(await engine_of(request).classify(wanted.texts, wanted.contexts))


async def _wanted(body: bytes) -> ClassifyRequest:
    """What is asked for; a body that is read sooner than a thread is woken is read here."""
    if len(body) <= _READ_AT_ONCE:
        return ClassifyRequest.model_validate_json(body)
    return await run_in_threadpool(ClassifyRequest.model_validate_json, body)


async def list_causes(request: Request) -> Response:
    """GET /v1/causes: most people first, without members and examples."""
    causes = engine_of(request).mined.causes.values()
    return JSONResponse({"causes": [_without(cause, "members", "examples") for cause in causes]})


async def show_cause(request: Request) -> Response:
    """GET /v1/causes/{cause_id}: one cause, its oppositions, and the messages that examples quote.

    ``opposition`` is the first of ``oppositions``, or null; each example tells its statement.
    """
    served = engine_of(request).mined
    cause_id = request.path_params["cause_id"]
    if cause_id not in served.causes:
        raise HTTPException(404, f"no cause {cause_id!r} in the last mining: GET /v1/causes lists them")
    records = [served.causes[cause_id], *_oppositions_of(served, cause_id)]
    cause, *oppositions = await _with_statements(request, records)
    messages = _quoted(served, cause, oppositions)
    opposition = oppositions[0] if oppositions else None
    return JSONResponse({**cause, "opposition": opposition, "oppositions": oppositions, "messages": messages})


async def list_oppositions(request: Request) -> Response:
    """GET /v1/oppositions?kind=degree: the one that matters most first, without members; of both kinds without one."""
    kind = word_in_query(request, "kind", tuple(KINDS))
    oppositions = [each for each in engine_of(request).mined.oppositions if kind in (None, each["kind"])]
    return JSONResponse({"oppositions": [_without(opposition, "members") for opposition in oppositions]})


async def show_oppositions(request: Request) -> Response:
    """GET /v1/oppositions/{cause_id}: those of one cause with everything, and the messages that examples quote."""
    served = engine_of(request).mined
    cause_id = request.path_params["cause_id"]
    found = _oppositions_of(served, cause_id)
    if not found:
        raise HTTPException(404, f"no opposition in {cause_id!r}: GET /v1/oppositions lists them")
    oppositions = await _with_statements(request, found)
    return JSONResponse({"oppositions": oppositions, "messages": _quoted(served, None, found)})


async def show_info(request: Request) -> Response:
    """GET /v1/info."""
    caller = caller_of(request)
    scopes = [scope for scope in SCOPES if caller.may(scope)]
    answer = await run_in_threadpool(info, keeper_of(request), engine_of(request), scopes)
    return JSONResponse(answer.model_dump())


async def show_openapi(request: Request) -> Response:
    """GET /v1/openapi.json."""
    return JSONResponse(openapi())


async def refuse(request: Request) -> Response:
    """Anything else, so that it is answered in our shape and not in that of the server around us."""
    there = [
        route
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is Match.PARTIAL
    ]
    if there:
        allowed = ", ".join(sorted({method for route in there for method in route.methods or ()}))
        raise HTTPException(405, f"{request.method} is not for this path: use {allowed}", {"Allow": allowed})
    raise HTTPException(404, f"no {request.url.path} here: see /v1/openapi.json")


async def _with_statements(request: Request, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return await run_in_threadpool(with_statements, keeper_of(request).settings.state, records)


def _oppositions_of(served: Served, cause_id: str) -> list[dict[str, Any]]:
    return [each for each in served.oppositions if each["cause_id"] == cause_id]


def _quoted(
    served: Served, cause: Mapping[str, Any] | None, oppositions: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Feedback id to the whole text of each message that an example of these quotes."""
    records = [*([cause] if cause else []), *oppositions]
    sides = [side for record in records for side in record["sides"]]
    holders = [*([cause] if cause else []), *sides]
    ids = {example["feedback_id"] for holder in holders for example in holder["examples"]}
    return {feedback_id: served.messages[feedback_id] for feedback_id in sorted(ids)}


def _without(record: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """A cause or opposition of the report without ``keys``, in itself and in its sides."""
    sides = [{key: value for key, value in side.items() if key not in keys} for side in record["sides"]]
    return {**{key: value for key, value in record.items() if key not in keys}, "sides": sides}
