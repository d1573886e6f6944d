"""The routes of jobs: ask for one, look at it, fetch its result, cancel it."""

import logging
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from data.errors import StateError
from serving.access import ScopedRoute, caller_of
from serving.database.feedback import any_kept
from serving.database.jobs import Job, Kind, QuotaError, cancel_job, create_job, find_job, list_jobs
from serving.job_messages import JobsAnswer, MineRequest, ScoreRequest, job_answer
from serving.job_work import job_folder
from serving.keeper import Keeper
from serving.requests import json_body, keeper_of, number_in_query
from serving.state import STORE_NAME, find_state, has_state
from serving.store import read_store

JOBS: Final = 20
MAX_JOBS: Final = 200
_COME_BACK_S: Final = "30"
MEDIA_TYPES: Final = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}

log = logging.getLogger(__name__)


def jobs_routes() -> list[ScopedRoute]:
    """Routes of jobs, under /v1."""
    return [
        ScopedRoute("/jobs/mine", ask_mine, "admin", "POST"),
        ScopedRoute("/jobs/score", ask_score, "write", "POST"),
        ScopedRoute("/jobs", show_jobs, "read", query=["limit"]),
        ScopedRoute("/jobs/{job_id}", show_job, "read"),
        ScopedRoute("/jobs/{job_id}", stop_job, "write", "DELETE"),
        ScopedRoute("/jobs/{job_id}/result", send_result, "read"),
    ]


async def ask_mine(request: Request) -> Response:
    """POST /v1/jobs/mine: the mining that comes out is served to everybody as soon as it is done."""
    wanted = MineRequest.model_validate_json(await json_body(request))
    if not wanted.replace and await run_in_threadpool(_would_lose_a_file, keeper_of(request)):
        raise HTTPException(
            409,
            "the mining that is served is of a file, of whose messages none is kept here, and would be lost: "
            'send {"replace": true}, or mine into another --state',
        )
    return await _create(request, "mine", wanted.settings)


async def ask_score(request: Request) -> Response:
    """POST /v1/jobs/score."""
    wanted = ScoreRequest.model_validate_json(await json_body(request))
    return await _create(request, "score", wanted.model_dump())


async def show_jobs(request: Request) -> Response:
    """GET /v1/jobs?limit=20: the last jobs, newest first."""
    limit = number_in_query(request, "limit", 1, MAX_JOBS) or JOBS
    found = await run_in_threadpool(list_jobs, keeper_of(request).database, limit)
    return JSONResponse(JobsAnswer(jobs=[job_answer(job) for job in found]).model_dump(mode="json"))


async def show_job(request: Request) -> Response:
    """GET /v1/jobs/{job_id}."""
    return _answer(await _found(request))


async def stop_job(request: Request) -> Response:
    """DELETE /v1/jobs/{job_id}: cancel it, if it is your own or you are an admin."""
    job = await _found(request)
    caller = caller_of(request)
    if not (caller.may("admin") or job.created_by == caller.name):
        raise HTTPException(
            403, "this job was asked for with another key: only that key or an admin cancels it"
        )
    cancelled = await run_in_threadpool(cancel_job, keeper_of(request).database, job.id, caller.name)
    return _answer(cancelled or job, 202 if cancelled and cancelled.state == "running" else 200)


async def send_result(request: Request) -> Response:
    """GET /v1/jobs/{job_id}/result: the file of a scoring that is done."""
    job = await _found(request)
    if job.kind != "score":
        raise HTTPException(404, "the result of a mining is what /v1/causes and /v1/oppositions answer")
    if job.state != "done":
        raise HTTPException(409, f"job {job.id} is {job.state}: it has a result when it is done")
    form = job.options["format"]
    path = job_folder(keeper_of(request).settings.state, job.id) / f"scored.{form}"
    if not path.is_file():
        raise HTTPException(
            404, f"the result of job {job.id} is gone, {job.result.get('removed', 'it was too old')}"
        )
    return FileResponse(path, media_type=MEDIA_TYPES[form], filename=f"{job.id}.{form}")


def _would_lose_a_file(keeper: Keeper) -> bool:
    """Whether there is a mining that quotes nothing of what is kept; 503 where it cannot be read, so nobody knows."""
    if not has_state(keeper.settings.state):
        return False
    try:
        mined = read_store(find_state(keeper.settings.state) / STORE_NAME)
    except StateError as error:
        log.error("%s", error)
        raise HTTPException(
            503,
            "the mining in the state folder cannot be read, so that nobody knows whether it is of a file and would be "
            'lost: try again in a moment, or send {"replace": true}',
        ) from error
    if not mined.own_ids:  # what is kept has ids
        return bool(mined.messages)
    return bool(mined.messages) and not any_kept(keeper.database, mined.messages)


async def _create(request: Request, kind: Kind, options: dict[str, Any]) -> Response:
    database, who = keeper_of(request).database, caller_of(request).name
    try:
        job = await run_in_threadpool(create_job, database, kind, options, who)
    except QuotaError as error:
        message = f"{error}: wait for one, or cancel one"
        raise HTTPException(429, message, {"Retry-After": _COME_BACK_S}) from error
    return _answer(job, 202, {"Location": f"/v1/jobs/{job.id}"})


async def _found(request: Request) -> Job:
    job_id = request.path_params["job_id"]
    job = await run_in_threadpool(find_job, keeper_of(request).database, job_id)
    if job is None:
        raise HTTPException(404, f"no job {job_id!r}: GET /v1/jobs lists them, finished ones for a week")
    return job


def _answer(job: Job, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(job_answer(job).model_dump(mode="json"), status_code=status, headers=headers)
