"""The routes of the recovery queue: read it, and enter what was done."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from data.errors import CountervoiceError, DatabaseError, NobodyError, RecoveryError
from mining.recovery.queue import Entry
from mining.recovery.standing import STATES
from serving.access import ScopedRoute, caller_of
from serving.database.audit import recording
from serving.recovery.desk import Desk, Entering
from serving.recovery.messages import RecoveryAnswer, RecoveryEntry, RecoveryRequest
from serving.recovery.records import entry_record, queue_record
from serving.requests import json_body, keeper_of, mined_folder, number_in_query

PEOPLE = 100
MAX_PEOPLE = 1_000
ANY_STATE = "all"

log = logging.getLogger(__name__)


def recovery_routes() -> list[ScopedRoute]:
    """Routes of the recovery queue, under /v1."""
    return [
        ScopedRoute("/recovery", show_recovery, "read", query=["state", "limit"]),
        ScopedRoute("/recovery/{person}", enter_recovery, "write", "POST"),
    ]


async def show_recovery(request: Request) -> Response:
    """GET /v1/recovery?state=open&limit=100: the most urgent people first."""
    limit = number_in_query(request, "limit", 1, MAX_PEOPLE) or PEOPLE
    state = request.query_params.get("state", "open")
    if state not in (*STATES, ANY_STATE):
        raise HTTPException(422, f"state: one of {', '.join(STATES)}, {ANY_STATE} is needed")
    answer = await run_in_threadpool(_queue, request, state, limit)
    return JSONResponse(answer.model_dump(mode="json"))


async def enter_recovery(request: Request) -> Response:
    """POST /v1/recovery/{person}: a contact, or the end."""
    wanted = RecoveryRequest.model_validate_json(await json_body(request))
    person, who = request.path_params["person"], caller_of(request).name
    answer = await run_in_threadpool(_enter, request, person, wanted, who)
    return JSONResponse(answer.model_dump(mode="json"))


def _queue(request: Request, state: str, limit: int) -> RecoveryAnswer:
    with _told():
        queue = _desk(request).queue(datetime.now(UTC).date())
    shown = [entry for entry in queue.entries if state in (ANY_STATE, entry.state)][:limit]
    return RecoveryAnswer.model_validate(queue_record(queue, shown))


def _enter(request: Request, person: str, wanted: RecoveryRequest, who: str) -> RecoveryEntry:
    entering = partial(recording, keeper_of(request).database, who, f"recovery.{wanted.state}")
    with _told():
        entry = _entered(_desk(request), person, wanted, who, entering)
    return RecoveryEntry.model_validate(entry_record(entry))


def _desk(request: Request) -> Desk:
    return Desk(mined_folder(request), pseudonym=keeper_of(request).pseudonym)


def _entered(desk: Desk, person: str, wanted: RecoveryRequest, who: str, entering: Entering) -> Entry:
    now = datetime.now(UTC)
    if wanted.state != "contacted":
        return desk.close(person, wanted.state, who=who, at=now, entering=entering)
    gestures = desk.rules().gestures
    if wanted.gesture is not None and wanted.gesture not in gestures:
        raise HTTPException(422, f"gesture: one of {', '.join(gestures)} is needed")
    entry, _, _ = desk.contact(
        person, wanted.gesture, wanted.cost, who=who, at=now, again=wanted.again, entering=entering
    )
    return entry


@contextmanager
def _told() -> Iterator[None]:
    """Errors of the queue as statuses; what is wrong with the folder is for the log, not for the client."""
    try:
        yield
    except NobodyError as error:
        raise HTTPException(404, "no such person in the queue: GET /v1/recovery lists them") from error
    except RecoveryError as error:
        raise HTTPException(409, str(error)) from error
    except DatabaseError:
        raise  # the audit log is away, which is told as everywhere
    except CountervoiceError as error:
        log.error("the recovery queue cannot be read: %s", error)
        message = "the recovery queue cannot be read: mine again, or see the log of the service"
        raise HTTPException(503, message, {"Retry-After": "60"}) from error
