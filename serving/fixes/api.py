"""The routes of fixes: all of them, those of one cause, a new one, and one that is withdrawn."""

from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mining.fixes.entries import Entries, Fix
from mining.fixes.ledger import read_ledger
from mining.fixes.review import Withdrawn
from serving.access import ScopedRoute, caller_of
from serving.database.audit import recording
from serving.fixes.folder import FixedFolder, register_fix, review_folder, withdraw_fix
from serving.fixes.messages import (
    FixesAnswer,
    FixRequest,
    RegistrationAnswer,
    WithdrawalRequest,
    WithdrawnFixAnswer,
    fixes_answer,
    withdrawn_answer,
)
from serving.requests import json_body, keeper_of, mined_folder


def fixes_routes() -> list[ScopedRoute]:
    """Routes of fixes, under /v1."""
    return [
        ScopedRoute("/fixes", list_fixes, "read"),
        ScopedRoute("/fixes", add_fix, "write", "POST"),
        ScopedRoute("/fixes/{cause_id}", show_fixes, "read"),
        ScopedRoute("/fixes/{number}/withdrawal", add_withdrawal, "admin", "POST"),
    ]


async def list_fixes(request: Request) -> Response:
    """GET /v1/fixes: all, in the order of their days, as the last mining has them."""
    return _json(await _answer(request))


async def show_fixes(request: Request) -> Response:
    """GET /v1/fixes/{cause_id}: those of one cause."""
    cause = request.path_params["cause_id"]
    answer = await _answer(request, cause)
    if not (answer.fixes or answer.withdrawn):
        raise HTTPException(404, f"no fix of {cause!r} is registered: GET /v1/fixes lists those that are")
    return _json(answer)


async def add_fix(request: Request) -> Response:
    """POST /v1/fixes: a registration cannot be changed, only withdrawn. What was mined of it is for those who read."""
    wanted = FixRequest.model_validate_json(await json_body(request))
    made = await run_in_threadpool(_registered, request, wanted)
    (found,) = (each for each in (await _answer(request)).fixes if each.number == made.number)
    told = found if caller_of(request).may("read") else RegistrationAnswer(**found.model_dump())
    return _json(told, 201)


async def add_withdrawal(request: Request) -> Response:
    """POST /v1/fixes/{number}/withdrawal: for good, and in sight."""
    wanted = WithdrawalRequest.model_validate_json(await json_body(request))
    return _json(await run_in_threadpool(_withdrawn, request, wanted), 201)


def _registered(request: Request, wanted: FixRequest) -> Fix:
    database = keeper_of(request).database
    return register_fix(
        FixedFolder(mined_folder(request)),
        wanted.cause_id,
        wanted.owner,
        wanted.action,
        wanted.date,
        side=wanted.side,
        entering=partial(recording, database, caller_of(request).name, "fix.register", wanted.cause_id),
    )


def _withdrawn(request: Request, wanted: WithdrawalRequest) -> WithdrawnFixAnswer:
    place = FixedFolder(mined_folder(request))
    made = _withdraw(request, place, wanted)
    return withdrawn_answer(made, read_ledger(place.ledger).looks, place.labels())


def _withdraw(request: Request, place: FixedFolder, wanted: WithdrawalRequest) -> Withdrawn:
    """Withdraw the fix whose number is in the path.

    Raises:
        HTTPException: There is no such fix.
        EditError: It was withdrawn before, or a word is not one line.
    """
    number = _number(read_ledger(place.ledger), request.path_params["number"])
    database, caller = keeper_of(request).database, caller_of(request).name
    return withdraw_fix(
        place,
        number,
        wanted.reason,
        wanted.by,
        entering=partial(recording, database, caller, "fix.withdraw", str(number)),
    )


def _number(entries: Entries, given: str) -> int:
    for fix in (*entries.fixes, *(fix for fix, _ in entries.withdrawn)):
        if str(fix.number) == given:
            return fix.number
    raise HTTPException(404, f"no fix {given!r}: GET /v1/fixes lists the number of each")


async def _answer(request: Request, cause: str | None = None) -> FixesAnswer:
    """All fixes, or those of ``cause``."""

    def look() -> FixesAnswer:
        place = FixedFolder(keeper_of(request).settings.state)
        review = review_folder(place)
        return fixes_answer(review if cause is None else review.of_cause(cause), place.labels())

    return await run_in_threadpool(look)


def _json(answer: Any, status: int = 200) -> Response:
    return JSONResponse(answer.model_dump(mode="json"), status_code=status)
