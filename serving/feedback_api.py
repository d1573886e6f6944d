"""The routes of what is kept: feedback in, out and erased, what is known of an author, and the audit log."""

from dataclasses import asdict

from anyio import to_thread
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from serving.access import ScopedRoute, caller_of
from serving.database.audit import entries
from serving.database.feedback import ConflictError, Kept
from serving.export_messages import ExportRequest, export_answer
from serving.feedback_messages import (
    ErasureAnswer,
    ErasureRequest,
    LiftAnswer,
    LiftRequest,
    StoreAnswer,
    feedback_answer,
    read_feedback,
)
from serving.requests import json_body, keeper_of, number_in_query, word_in_query

CLIENT_LEFT = 499  # for the log and the metrics: nobody reads it
AUDIT_ROWS = 100
MAX_AUDIT_ROWS = 1_000


def feedback_routes() -> list[ScopedRoute]:
    """Routes of feedback, under /v1."""
    return [
        ScopedRoute("/feedback", store_feedback, "write", "POST"),
        ScopedRoute("/feedback/{feedback_id}", show_feedback, "read"),
        ScopedRoute("/feedback/{feedback_id}", erase_feedback, "write", "DELETE", query=["again"]),
        ScopedRoute("/erasures", erase_many, "admin", "POST"),
        ScopedRoute("/erasures/lift", lift_erasures, "admin", "POST"),
        ScopedRoute("/exports", export_author, "admin", "POST"),
        ScopedRoute("/audit", show_audit, "admin", query=["limit", "before"]),
    ]


async def store_feedback(request: Request) -> Response:
    """POST /v1/feedback: 201 where something is new, 200 where all was there."""
    kept = await _prepared(request)
    same = None if kept is None else await _same(request, kept)
    if kept is None or same is None:
        return Response(status_code=CLIENT_LEFT)
    keeper, who = keeper_of(request), caller_of(request).name
    try:
        outcome, redacted = await run_in_threadpool(keeper.store, kept, who, same)
    except ConflictError as error:
        raise HTTPException(409, str(error)) from error
    answer = StoreAnswer(**asdict(outcome), redacted=dict(redacted))
    return JSONResponse(answer.model_dump(mode="json"), status_code=201 if outcome.stored else 200)


async def _prepared(request: Request) -> list[Kept] | None:
    """What was sent, as it would be kept; None where the client has left.

    That is work for the processor alone: all requests do it in one thread, a message in turn, so that much of it stops
    nobody.
    """
    prepare, turn = keeper_of(request).prepared, request.app.state.preparing
    wanted = await run_in_threadpool(read_feedback, await json_body(request))
    kept: list[Kept] = []
    for message in wanted:
        if await request.is_disconnected():
            return None
        kept.append(await to_thread.run_sync(prepare, message.record(), limiter=turn))
    return kept


async def _same(request: Request, sent: list[Kept]) -> dict[str, Kept] | None:
    """What is kept, by id, that is one message with what was ``sent`` under it; None where the client has left.

    Redacting both anew is the same work as preparing, and done before the database is held.
    """
    keeper, turn = keeper_of(request), request.app.state.preparing
    same: dict[str, Kept] = {}
    for there, message in await run_in_threadpool(keeper.differing, sent):
        if await request.is_disconnected():
            return None
        if await to_thread.run_sync(keeper.same, there, message, limiter=turn):
            same[there.feedback.id] = there
    return same


async def show_feedback(request: Request) -> Response:
    """GET /v1/feedback/{feedback_id}."""
    feedback_id = request.path_params["feedback_id"]
    found = await run_in_threadpool(keeper_of(request).find, feedback_id)
    if found is None:
        raise _not_kept(feedback_id)
    return JSONResponse(feedback_answer(*found).model_dump(mode="json"))


async def erase_feedback(request: Request) -> Response:
    """DELETE /v1/feedback/{feedback_id}?again=true: with it, another may come under the id."""
    feedback_id, who = request.path_params["feedback_id"], caller_of(request).name
    again = word_in_query(request, "again", ("true", "false")) == "true"
    if not await run_in_threadpool(keeper_of(request).erase, feedback_id, who, again=again):
        raise _not_kept(feedback_id)
    return JSONResponse(ErasureAnswer(erased=1).model_dump())


async def erase_many(request: Request) -> Response:
    """POST /v1/erasures: the name comes in the body, because addresses stand in logs."""
    wanted = ErasureRequest.model_validate_json(await json_body(request))
    keeper, who = keeper_of(request), caller_of(request).name
    if wanted.author is not None:
        erased = await run_in_threadpool(keeper.erase_author, wanted.author, who)
    elif wanted.before is not None:
        erased = await run_in_threadpool(keeper.erase_before, wanted.before, who)
    else:
        erased = await run_in_threadpool(keeper.erase_all, set(wanted.ids or ()), who)
    return JSONResponse(ErasureAnswer(erased=erased).model_dump())


async def lift_erasures(request: Request) -> Response:
    """POST /v1/erasures/lift: erased messages may come again."""
    wanted = LiftRequest.model_validate_json(await json_body(request))
    lifted = await run_in_threadpool(keeper_of(request).lift, set(wanted.ids), caller_of(request).name)
    return JSONResponse(LiftAnswer(lifted=lifted).model_dump())


async def export_author(request: Request) -> Response:
    """POST /v1/exports: the name comes in the body, as it does to erasures."""
    wanted = ExportRequest.model_validate_json(await json_body(request))
    found = await run_in_threadpool(keeper_of(request).export, wanted.author, caller_of(request).name)
    return JSONResponse(export_answer(*found).model_dump(mode="json"))


async def show_audit(request: Request) -> Response:
    """GET /v1/audit?limit=100&before=ID: changes, newest first."""
    limit = number_in_query(request, "limit", 1, MAX_AUDIT_ROWS) or AUDIT_ROWS
    before = number_in_query(request, "before", 1, 2**31 - 1)
    found = await run_in_threadpool(entries, keeper_of(request).database, limit, before)
    rows = [{**asdict(entry), "at": entry.at.isoformat()} for entry in found]
    return JSONResponse({"audit": rows})


def _not_kept(feedback_id: str) -> HTTPException:
    return HTTPException(404, f"no feedback {feedback_id!r} is kept")
